"""A board to measure on, with the tests' people, and a database that times its writes."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from noticeboard.board.board import Done
from noticeboard.core import drafting
from noticeboard.core.actions import Submit
from noticeboard.core.codes import code_from
from noticeboard.core.particulars import Kind
from noticeboard.core.parts import Committed, commit, split
from noticeboard.store.database import Database
from tests.cast import FORMS, VILLAGE, Cast, cast_on

LEDGER_ROWS = 140


class Timed(Database):
    """A database that remembers how long each write held the lock, and tells of each commit."""

    def __init__(self, url: str, committed: Callable[[float], object] = lambda _at: None) -> None:
        """Open like any other; `committed` is told the monotonic instant of each commit."""
        super().__init__(url)
        self.held: list[float] = []
        self.committed = committed

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Write; the lock's time counts from having it to the end of the commit."""
        with super().write() as tx:
            taken = time.monotonic()
            yield tx
        over = time.monotonic()
        self.held.append(over - taken)
        self.committed(over)


def cast_timed(url: str) -> tuple[Cast, Timed]:
    """Give a founded board with its people, and the database that times its writes."""
    cast = cast_on(url)
    cast.board.database.close()
    database = Timed(url)
    cast.board.database = database
    return cast, database


def prepared(
    writer: int, kind: Kind, form: Mapping[str, Any] | None = None
) -> tuple[Submit, Committed]:
    """Give a submission of a new notice with everything done that is done before the lock."""
    content = drafting.read(kind, form or FORMS[kind])
    committed = commit(split(content), lambda: os.urandom(32))
    action = Submit(
        code=code_from(os.urandom(5)),
        ed=1,
        kind=kind,
        item=content.item,
        publisher=content.publisher,
        covers=content.covers,
        group=content.group,
        writers=(writer,),
        parts=committed.parts,
        files=(),
        prev=None,
        change=None,
    )
    return action, committed


def submit(cast: Cast, ready: tuple[Submit, Committed]) -> Done:
    """Submit what was prepared."""
    action, committed = ready
    return cast.board.act(VILLAGE, action, cast.anna, committed=committed)


def ledger(rows: int = LEDGER_ROWS) -> dict[str, Any]:
    """Give the form of a quarter's ledger whose balance rolls."""
    spent = [
        {
            "date": f"2026-{1 + n % 3:02}-{1 + n % 28:02}",
            "voucher": f"记-{n + 1}",
            "summary": f"修机耕路第 {n + 1} 段的石料和人工",
            "expense": "50.00",
            "payee": "张大山",
            "payee_as": "建材店",
            "handler": "李秀英",
        }
        for n in range(rows)
    ]
    opening = 50 * rows
    return {
        **FORMS["spending"],
        "opening": f"{opening}.00",
        "closing": "0.00",
        "rows": spent,
    }
