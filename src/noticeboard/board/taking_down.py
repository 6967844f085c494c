"""Taking down: one person, a listed ground, at once; a second person confirms afterwards."""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.board.board import ERASED, Board, Done, Sent, in_force
from noticeboard.board.finding import index_text
from noticeboard.core.actions import (
    Confirm,
    Entry,
    Erase,
    Extend,
    Redact,
    Submit,
    Withdraw,
    read,
)
from noticeboard.core.forms import FORMS
from noticeboard.core.notice import Notice
from noticeboard.core.particulars import Kind
from noticeboard.core.problems import NotFound
from noticeboard.store import blobs, drafts, log, notices, screens, search


def _shown(board: Board, village: str, code: str) -> Notice:
    with board.database.read() as tx:
        notice = notices.get(tx, village, code)
    if notice is None or notice.current is None:
        raise NotFound("这份公示还没有公开。", value=code)
    return notice


def _ed(notice: Notice) -> int:
    assert notice.current is not None  # `_shown` has said so
    return notice.current.ed


def withdraw(
    board: Board, village: str, code: str, number: int, *, ground: str, sent: Sent | None = None
) -> Done:
    """Take a notice off every surface at once; a tombstone with the ground stays."""
    notice = _shown(board, village, code)
    return board.act(village, Withdraw(code=code, ed=_ed(notice), ground=ground), number, sent=sent)


def confirm(
    board: Board, village: str, code: str, number: int, *, of: int, sent: Sent | None = None
) -> Done:
    """Confirm, as a second person, the taking down at leaf `of`."""
    notice = _shown(board, village, code)
    return board.act(village, Confirm(code=code, ed=_ed(notice), of=of), number, sent=sent)


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
    notice = _shown(board, village, code)
    action = Extend(code=code, ed=_ed(notice), ground=ground, until=until)
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
    """Erase parts (of tables only `rows`, or all) and files in every edition of a notice.

    Gone are bodies, salts, the search index, an open draft's copies and the write-ahead log; the
    leaves and every old proof stay valid.
    """
    notice = _shown(board, village, code)
    action = Redact(code=code, ed=_ed(notice), ground=ground, parts=parts, rows=rows, files=files)
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
    notice = _shown(board, village, code)
    action = Erase(code=code, ed=_ed(notice), ground=ground, parts=parts, rows=rows, files=files)
    return _erasing(board, village, action, number, sent)


def _erasing(
    board: Board, village: str, action: Redact | Erase, number: int, sent: Sent | None
) -> Done:
    def also(tx: Connection, done: Done) -> None:
        assert done.notice is not None
        erased = list(commitments(tx, village, action, _submitted(tx, village, action.code)))
        blobs.erase(tx, village, erased)
        blobs.erase_files(tx, village, action.files)
        _in_draft(tx, village, action)
        index_text(tx, village, done.notice, done.at, in_force(tx)[1])
        search.compact(tx)
        screens.tell(tx, ERASED, f"{village} {done.index}")

    done = board.act(village, action, number, sent=sent, also=also)
    board.scrub()
    return done


def commitments(
    tx: Connection, village: str, action: Redact | Erase, submitted: Iterable[Submit]
) -> Iterator[str]:
    """Give the commitments (hex) of every body that an erasing act covers.

    `submitted` are the notice's submissions before it. Each counts, also one that was sent back and
    never shown: it holds the same person's words. What is submitted afterwards was written in
    knowledge of the act.
    """
    for submission in submitted:
        parts = [part for part in submission.parts if part.name in action.parts]
        tables = blobs.tables_of(tx, village, parts)
        for part in parts:
            if not part.rows:
                yield part.c
            elif part.c in tables:
                table = tables[part.c]
                for id_, c in zip(table.ids, table.rows, strict=False):
                    if not action.rows or id_ in action.rows:
                        yield c


def _submitted(tx: Connection, village: str, code: str) -> Iterator[Submit]:
    for _index, raw in log.of_notice(tx, village, code):
        entry = read(raw)
        if isinstance(entry, Entry) and isinstance(entry.action, Submit):
            yield entry.action


def _in_draft(tx: Connection, village: str, action: Redact | Erase) -> None:
    # An open correction holds the same words on private paper; they must not come back with it.
    draft = drafts.find(tx, village, action.code)
    if draft is None:
        return
    kind: Kind = draft.kind  # type: ignore[assignment]  # drafts are made with a Kind only
    people = {field.name for field in FORMS[kind].rows if field.person}
    rows = []
    for row in draft.typed.get("rows", ()):
        hit = not action.rows or str(row.get("id")) in {str(id_) for id_ in action.rows}
        if hit and "figures" in action.parts:
            continue
        rows.append(_nameless(row, people) if hit and "names" in action.parts else row)
    typed: dict[str, Any] = {} if "text" in action.parts else {**draft.typed, "rows": rows}
    if "reason" in action.parts:
        typed["reason"] = ""
    source = "" if "source" in action.parts else draft.source
    files = tuple(file for file in draft.files if file.c not in action.files)
    drafts.save(tx, replace(draft, typed=typed, files=files, source=source), draft.version)


def _nameless(row: dict[str, Any], people: set[str]) -> dict[str, Any]:
    return {name: "" if name in people else value for name, value in row.items()}
