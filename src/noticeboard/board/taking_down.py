"""Taking down: one person, a listed ground, at once; a second person confirms afterwards."""

from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.board import history
from noticeboard.board.board import ERASED, Board, Done, Sent, in_force
from noticeboard.board.covering import about, covered, erased_by, stated
from noticeboard.board.finding import index_text
from noticeboard.core.actions import (
    Confirm,
    Erase,
    Extend,
    Redact,
    Withdraw,
)
from noticeboard.core.drafting import fields_of
from noticeboard.core.notice import Notice
from noticeboard.core.particulars import Kind
from noticeboard.core.problems import NotFound, NotValid
from noticeboard.store import blobs, drafts, explanations, marks, screens, search


def _read(board: Board, village: str, code: str) -> Notice:
    with board.database.read() as tx:
        return history.named(tx, village, code)


def _shown(board: Board, village: str, code: str) -> int:
    current = _read(board, village, code).current
    if current is None:
        raise NotFound("这份公示还没有公开。", value=code)
    return current.ed


def _any(board: Board, village: str, code: str) -> int:
    notice = _read(board, village, code)
    return (notice.current or notice.latest).ed


def withdraw(
    board: Board, village: str, code: str, number: int, *, ground: str, sent: Sent | None = None
) -> Done:
    """Take a notice off every surface at once; a tombstone with the ground stays."""
    action = Withdraw(code=code, ed=_shown(board, village, code), ground=ground)
    return board.act(village, action, number, sent=sent)


def confirm(
    board: Board, village: str, code: str, number: int, *, of: int, sent: Sent | None = None
) -> Done:
    """Confirm, as a second person, the taking down at leaf `of`."""
    action = Confirm(code=code, ed=_any(board, village, code), of=of)
    return board.act(village, action, number, sent=sent)


def extend(
    board: Board,
    village: str,
    code: str,
    number: int,
    *,
    ground: str,
    until: int,
    sent: Sent | None = None,
) -> Done:
    """Give a running period a later end on a listed ground."""
    ed = _shown(board, village, code)
    action = Extend(code=code, ed=ed, ground=ground, until=until)
    return board.act(village, action, number, sent=sent)


def redact(
    board: Board,
    village: str,
    code: str,
    number: int,
    *,
    ground: str,
    parts: tuple[str, ...] = (),
    rows: tuple[int, ...] = (),
    files: tuple[str, ...] = (),
    sent: Sent | None = None,
) -> Done:
    """Erase parts (of tables only `rows`, or all) and files in everything said under a notice.

    That is every edition, what was sent back and why (a `reason`), and photographs of walls. Gone
    are bodies, salts, the search index, an open draft's copies and the write-ahead log; the leaves
    and every old proof stay valid. Raises NotValid for what is not there or is gone already.
    """
    ed = _any(board, village, code)
    action = Redact(code=code, ed=ed, ground=ground, parts=parts, rows=rows, files=files)
    return _erasing(board, village, action, number, sent)


def erase(
    board: Board,
    village: str,
    code: str,
    number: int,
    *,
    ground: str,
    parts: tuple[str, ...] = (),
    rows: tuple[int, ...] = (),
    files: tuple[str, ...] = (),
    sent: Sent | None = None,
) -> Done:
    """Erase what need not be kept after the end; otherwise as `redact`."""
    ed = _any(board, village, code)
    action = Erase(code=code, ed=ed, ground=ground, parts=parts, rows=rows, files=files)
    return _erasing(board, village, action, number, sent)


def _erasing(
    board: Board, village: str, action: Redact | Erase, number: int, sent: Sent | None
) -> Done:
    def also(tx: Connection, done: Done) -> None:
        _is_there(tx, village, action)
        follow(tx, village, action, done)

    done = board.act(village, action, number, sent=sent, also=also)
    board.scrub()
    return done


def follow(tx: Connection, village: str, action: Redact | Erase, done: Done) -> None:
    """Let go whatever is still there of what an erasing act covers, and everything made of it."""
    assert done.notice is not None
    said = stated(tx, village, action.code)
    blobs.erase(tx, village, [body.c for body in covered(tx, village, action, said)])
    blobs.erase_files(tx, village, action.files)
    in_draft(tx, village, action)
    _hinted(tx, village, action)
    index_text(tx, village, done.notice, done.at, in_force(tx)[1])
    search.compact(tx)
    screens.tell(tx, ERASED, f"{village} {done.index}")


def _hinted(tx: Connection, village: str, action: Redact | Erase) -> None:
    """Let go what hints knew of people: marks of their rows, and whatever was said of them."""
    if {"names", "figures", "text"} & set(action.parts):
        marks.erase(tx, village, action.code, action.rows)
        explanations.erase(tx, village, action.code)


def _is_there(tx: Connection, village: str, action: Redact | Erase) -> None:
    """Refuse to erase what is not there or was erased before: somebody meant something else.

    What was lost counts as there: nobody has decided yet that it must not come back.
    """
    found = list(covered(tx, village, action, stated(tx, village, action.code)))
    *before, _this = about(tx, village, action.code)
    erased = set(erased_by(tx, village, before))
    there = {one.c for one in found} - erased
    rows = {one.row for one in found if one.c in there}
    for row in action.rows:
        if row not in rows:
            raise NotValid("没有这一行，或者已经隐去了。", value=str(row), field="rows")
    if action.parts and not there:
        raise NotValid("要隐去的这一部分已经没有了。", field="parts")
    if not erased.isdisjoint(action.files):
        raise NotValid("这个附件已经没有了。", field="files")


def in_draft(tx: Connection, village: str, action: Redact | Erase) -> None:
    """Erase it on private paper too: an open correction holds the same words, and brings them."""
    draft = drafts.find(tx, village, action.code)
    if draft is None:
        return
    kind: Kind = draft.kind  # type: ignore[assignment]  # drafts are made with a Kind only
    people = {field.name for field in fields_of(kind, draft.typed) if field.person}
    rows = []
    for row in draft.typed.get("rows", ()):
        hit = not action.rows or str(row.get("id")) in {str(id_) for id_ in action.rows}
        if hit and "figures" in action.parts:
            continue
        rows.append(_nameless(row, people) if hit and "names" in action.parts else row)
    typed: dict[str, Any] = {} if "text" in action.parts else {**draft.typed, "rows": rows}
    if "reason" in action.parts:
        typed["reason"] = ""
    if "names" in action.parts:
        typed.pop("explained", None)
    source = "" if "source" in action.parts else draft.source
    files = tuple(file for file in draft.files if file.c not in action.files)
    drafts.save(tx, replace(draft, typed=typed, files=files, source=source), draft.version)


def _nameless(row: dict[str, Any], people: set[str]) -> dict[str, Any]:
    return {name: "" if name in people else value for name, value in row.items()}
