"""Drafts: private paper outside the log, saved as one types, safe against two people at once."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, delete, insert, select, update

from noticeboard.core.particulars import Attachment
from noticeboard.core.problems import NotFound, NotNow
from noticeboard.store.tables import draft


class Draft(Struct, frozen=True, kw_only=True):
    """What somebody is writing. `typed` is the form exactly as typed, complete or not.

    `prev` is the publish leaf it would replace. `version` counts saves: who saves over a version
    they have not seen is refused.
    """

    village: str
    code: str
    ed: int
    kind: str
    typed: dict[str, Any]
    writers: tuple[int, ...]
    files: tuple[Attachment, ...] = ()
    prev: int | None = None
    last_row: int = 0
    source: str = ""
    version: int = 0
    at: int = 0


def joined(writers: tuple[int, ...], number: int) -> tuple[int, ...]:
    """Count somebody among the writers: who saves a draft has written it."""
    return writers if number in writers else (*writers, number)


_decoder = msgspec.json.Decoder(Draft)


def put_new(tx: Connection, new: Draft) -> None:
    """Store a draft that is not there yet."""
    row = {"village": new.village, "code": new.code, "version": new.version, "at": new.at}
    tx.execute(insert(draft), {**row, "doc": msgspec.json.encode(new)})


def get(tx: Connection, village: str, code: str) -> Draft:
    """Give a draft; raises NotFound."""
    found = find(tx, village, code)
    if found is None:
        raise NotFound("没有这份草稿，可能已经送审或删掉了。", value=code)
    return found


def find(tx: Connection, village: str, code: str) -> Draft | None:
    """Give a draft, or None."""
    doc = tx.execute(
        select(draft.c.doc).where(draft.c.village == village, draft.c.code == code)
    ).scalar()
    return _decoder.decode(doc) if doc else None


def of_village(tx: Connection, village: str) -> Sequence[Draft]:
    """Give a village's drafts, the last touched first."""
    docs = tx.execute(
        select(draft.c.doc).where(draft.c.village == village).order_by(draft.c.at.desc())
    ).scalars()
    return [_decoder.decode(doc) for doc in docs]


def save(tx: Connection, changed: Draft, seen: int) -> Draft:
    """Store a changed draft if nobody saved over version `seen`; gives it with its new version."""
    saved = replace(changed, version=seen + 1)
    done = tx.execute(
        update(draft)
        .where(
            draft.c.village == changed.village,
            draft.c.code == changed.code,
            draft.c.version == seen,
        )
        .values(doc=msgspec.json.encode(saved), version=saved.version, at=saved.at)
    )
    if done.rowcount != 1:
        raise NotNow(
            "别人刚刚存过这份草稿，您的改动还没有存。",
            fix="您填的内容还在页面上；请在另一个窗口打开看看改了什么。",
        )
    return saved


def drop(tx: Connection, village: str, code: str) -> None:
    """Delete a draft."""
    tx.execute(delete(draft).where(draft.c.village == village, draft.c.code == code))
