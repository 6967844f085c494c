"""Covering: which bodies an erasing act is about, and which are gone that none is about."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from noticeboard.board import freezing
from noticeboard.core.actions import Entry, Erase, Redact, Return, Submit, Unknown, read
from noticeboard.core.notice import Edition, Notice, Part
from noticeboard.core.parts import Bodies
from noticeboard.core.problems import NotNow
from noticeboard.store import blobs, log


class Covered(NamedTuple):
    """A body that an erasing act covers: its commitment (hex), and its row's id or None."""

    c: str
    row: int | None


def covered(
    tx: Connection, village: str, action: Redact | Erase, stated: Iterable[Submit | Return]
) -> Iterator[Covered]:
    """Give every body that an erasing act covers.

    `stated` are the submissions and returns of the notice before it. Each counts, also what was
    sent back and never shown: it holds the same person's words. What is said afterwards was written
    in knowledge of the act.
    """
    for said in stated:
        parts = [part for part in said.parts if part.name in action.parts]
        tables = blobs.tables_of(tx, village, parts)
        for part in parts:
            if not part.rows:
                yield Covered(part.c, None)
            elif part.c in tables:
                table = tables[part.c]
                for id_, c in zip(table.ids, table.rows, strict=False):
                    if not action.rows or id_ in action.rows:
                        yield Covered(c, id_)


def about(tx: Connection, village: str, code: str) -> Iterator[Entry | Unknown]:
    """Give every entry about a notice, and behind them what is held about it."""
    yield from (read(raw) for _index, raw in log.of_notice(tx, village, code))
    yield from (entry for _index, entry in freezing.about(tx, village, code))


def stated(tx: Connection, village: str, code: str) -> Iterator[Submit | Return]:
    """Give every submission and return of a notice."""
    for entry in about(tx, village, code):
        if isinstance(entry, Entry) and isinstance(entry.action, Submit | Return):
            yield entry.action


def erased_by(tx: Connection, village: str, entries: Iterable[Entry | Unknown]) -> Iterator[str]:
    """Give the commitments (hex) of everything that the erasing acts among some entries cover."""
    before: dict[str, list[Submit | Return]] = {}
    for entry in entries:
        action = entry.action if isinstance(entry, Entry) else None
        if isinstance(action, Submit | Return):
            before.setdefault(action.code, []).append(action)
        if isinstance(action, Redact | Erase):
            said = before.get(action.code, ())
            yield from (body.c for body in covered(tx, village, action, said))
            yield from action.files


class Missing(NamedTuple):
    """What is not there: of each part (by its commitment) bodies or the table itself, and files."""

    parts: Mapping[str, set[str]]
    files: set[str]

    @property
    def bodies(self) -> set[str]:
        """Give the commitments of all that is missing of parts."""
        return set().union(*self.parts.values())

    def without(self, known: Collection[str]) -> "Missing":
        """Leave out what is known to be gone."""
        left = {c: gone.difference(known) for c, gone in self.parts.items()}
        return Missing({c: gone for c, gone in left.items() if gone}, self.files.difference(known))


def missing(tx: Connection, village: str, parts: Iterable[Part], files: Collection[str]) -> Missing:
    """Look what of some parts and files (by commitment) is not there."""
    parts = list(parts)
    tables = blobs.tables_of(tx, village, parts)
    stands_in = {
        part.c: set(tables[part.c].rows) if part.c in tables else {part.c} for part in parts
    }
    there = blobs.bodies_held(tx, village, set().union(*stands_in.values()))
    gone = {c: bodies - there for c, bodies in stands_in.items()}
    held = blobs.files_held(tx, village, files) if files else set()
    return Missing({c: bodies for c, bodies in gone.items() if bodies}, set(files) - held)


def vanished(tx: Connection, village: str, code: str, edition: Edition) -> Missing:
    """Give what of an edition is gone that no act erased."""
    gone = missing(tx, village, edition.parts, {ref.c for ref in edition.files})
    if gone.parts or gone.files:
        gone = gone.without(set(erased_by(tx, village, about(tx, village, code))))
    return gone


def lost(tx: Connection, village: str, code: str, edition: Edition) -> bool:
    """Say whether something of an edition is gone that no act erased."""
    gone = vanished(tx, village, code, edition)
    return bool(gone.parts or gone.files)


def whole(tx: Connection, village: str, notice: Notice) -> Bodies:
    """Give the bodies of the newest edition; refuse with NotNow to go on if any of it is lost."""
    edition = notice.latest
    bodies, _held = blobs.bodies_of(tx, village, edition.parts)
    all_there = not edition.files and bodies.all_there(len(edition.parts))
    if not all_there and lost(tx, village, notice.code, edition):
        raise NotNow("这一版的内容丢了，找不回来。", fix="请退回，请起草的人重写。")
    return bodies
