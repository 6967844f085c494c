"""Bringing: what was understood of a file becomes drafts, or goes on in drafts that are there."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.board import history
from noticeboard.board.board import Board
from noticeboard.board.drafting import new_code, reopened
from noticeboard.core import drafting
from noticeboard.core.matching import Marks
from noticeboard.core.particulars import Content, kind_of
from noticeboard.core.problems import NotNow
from noticeboard.store import concealed, drafts, marks, notices
from noticeboard.store.concealed import Concealed
from noticeboard.store.drafts import Draft, joined


class Brought(Struct, frozen=True, kw_only=True):
    """A content on its way into a draft.

    `code` is of the draft or notice it goes on with, "" for a new one. `seen` is the version of the
    draft that it was compared with, None where it was compared with an edition. `first` says that
    no draft of its title and period was there. `concealed` are rows that were hidden in the file,
    `marks` those of its rows in their order.
    """

    content: Content
    code: str = ""
    seen: int | None = None
    first: bool = False
    concealed: Concealed = Concealed()
    marks: tuple[Marks, ...] = ()


def _nothing(_tx: Connection) -> None:
    """Do nothing besides."""


def bring(
    board: Board,
    village: str,
    brought: Sequence[Brought],
    number: int,
    also: Callable[[Connection], None] = _nothing,
) -> list[Draft]:
    """Make or change drafts in one transaction: all of them or none, `also` with them.

    `number` is a writer of them all. Of a file that was brought before, a draft that is still there
    is given instead of another one, so that a form sent twice does it once. Raises NotNow when a
    draft was made, changed or sent for review since it was compared.
    """
    at = board.now()
    fresh = [
        _from_content(village, one.code or new_code(board), one.content, number, at)
        for one in brought
    ]
    with board.database.write() as tx:
        notices.lock(tx, village)
        drawer = drafts.of_village(tx, village)
        held = {_origin(draft): draft for draft in drawer if draft.source}
        named = {_origin(draft)[1:] for draft in drawer}
        made = []
        for one, draft in zip(brought, fresh, strict=True):
            if one.code:
                made.append(_gone_on(tx, one, draft, number))
                continue
            if _origin(draft) not in held:
                if one.first and _origin(draft)[1:] in named:
                    raise NotNow("别人刚刚存了一份同样的草稿。", fix="请再看一遍有什么不同，再存。")
                drafts.put_new(tx, draft)
            made.append(held.setdefault(_origin(draft), draft))
        for one, draft in zip(brought, made, strict=True):
            concealed.note(tx, village, draft.code, one.concealed)
            rows = one.content.particulars.rows
            marked = {row.id: mark for row, mark in zip(rows, one.marks, strict=False)}
            marks.put(tx, village, draft.code, marked)
        also(tx)
    return made


def _gone_on(tx: Connection, one: Brought, fresh: Draft, number: int) -> Draft:
    """Save what was brought into the draft of its code, or open one on the notice."""
    there = drafts.find(tx, fresh.village, fresh.code)
    if there is not None:
        filled = _filled(there, fresh, number)
        if (there.source, there.typed) == (filled.source, filled.typed):
            return there
        if there.version != one.seen:
            raise NotNow("别人刚刚改过这份草稿。", fix="请再看一遍有什么不同，再存。")
        return drafts.save(tx, filled, there.version)
    if one.seen is not None:
        raise NotNow("这份草稿刚刚送审或删掉了。", fix="请再看一遍有什么不同，再存。")
    notice = history.named(tx, fresh.village, fresh.code)
    opened = _filled(reopened(tx, fresh.village, notice, number, fresh.at), fresh, number)
    drafts.put_new(tx, opened)
    return opened


def _filled(there: Draft, fresh: Draft, number: int) -> Draft:
    return replace(
        there,
        typed={**fresh.typed, "reason": there.typed.get("reason", ""), **_explained(there)},
        writers=joined(there.writers, number),
        last_row=fresh.last_row,
        source=fresh.source,
        at=fresh.at,
    )


def _explained(draft: Draft) -> dict[str, Any]:
    """Give what was said to hints: a workbook does not say it, and it stays."""
    return {name: said for name, said in draft.typed.items() if name == "explained"}


def _origin(draft: Draft) -> tuple[str, str, str, str]:
    return draft.source, draft.kind, draft.typed.get("covers", ""), draft.typed.get("title", "")


def _from_content(village: str, code: str, content: Content, number: int, at: int) -> Draft:
    return Draft(
        village=village,
        code=code,
        ed=1,
        kind=kind_of(content),
        typed=drafting.typed_of(content),
        writers=(number,),
        files=content.files,
        last_row=content.last_row,
        source=content.source,
        at=at,
    )
