"""Neighbouring entries and subtrees of a log, read in ranges: what tiles and proofs are made of."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection, bindparam, select

from noticeboard.core.merkle import EMPTY, ReadNode
from noticeboard.store.notices import nodes_at
from noticeboard.store.tables import entry, node

T = TypeVar("T")

_LEAVES = (
    select(entry.c.idx, entry.c.leaf)
    .where(
        entry.c.village == bindparam("of"),
        entry.c.idx >= bindparam("start"),
        entry.c.idx < bindparam("end"),
    )
    .order_by(entry.c.idx)
)
_HASHES = (
    select(node.c.idx, node.c.hash)
    .where(
        node.c.village == bindparam("of"),
        node.c.level == bindparam("at_level"),
        node.c.idx >= bindparam("start"),
        node.c.idx < bindparam("end"),
    )
    .order_by(node.c.idx)
)


def leaves(tx: Connection, village: str, start: int, end: int) -> Sequence[bytes]:
    """Give the bytes of entries [start, end); raises KeyError when one is not there."""
    rows = tx.execute(_LEAVES, {"of": village, "start": start, "end": end}).all()
    return _whole([(row.idx, row.leaf) for row in rows], start, end)


def hashes(tx: Connection, village: str, level: int, start: int, end: int) -> Sequence[bytes]:
    """Give the hashes of subtrees [start, end) of a level; raises KeyError when one is missing."""
    asked = {"of": village, "at_level": level, "start": start, "end": end}
    rows = tx.execute(_HASHES, asked).all()
    return _whole([(row.idx, row.hash) for row in rows], start, end)


def _whole(rows: Sequence[tuple[int, bytes]], start: int, end: int) -> Sequence[bytes]:
    if len(rows) != end - start or [index for index, _ in rows] != list(range(start, end)):
        raise KeyError((start, end))
    return [bytes(data) for _index, data in rows]


def reading(tx: Connection, village: str, make: Callable[[ReadNode], T]) -> T:
    """Make something of stored subtrees, a proof or a root, with one query.

    `make` is run twice: which subtrees it asks for follows from sizes alone, so the first time it
    is only listened to. Raises KeyError when one is not stored.
    """
    asked: list[tuple[int, int]] = []

    def listen(level: int, index: int) -> bytes:
        asked.append((level, index))
        return EMPTY

    make(listen)
    stored = nodes_at(tx, village, asked)
    return make(lambda level, index: stored[level, index])
