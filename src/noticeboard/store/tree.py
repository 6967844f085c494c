"""Neighbouring entries and subtrees of a log, read in ranges: what tiles and proofs are made of."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, bindparam, select, text

from noticeboard.core.merkle import EMPTY, ReadNode, root_from
from noticeboard.store.prepared import Prepared
from noticeboard.store.tables import entry, node

T = TypeVar("T")

_LEAVES = Prepared(
    select(entry.c.idx, entry.c.leaf)
    .where(
        entry.c.village == bindparam("village"),
        entry.c.idx >= bindparam("start"),
        entry.c.idx < bindparam("end"),
    )
    .order_by(entry.c.idx)
)
_HASHES = Prepared(
    select(node.c.idx, node.c.hash)
    .where(
        node.c.village == bindparam("village"),
        node.c.level == bindparam("level"),
        node.c.idx >= bindparam("start"),
        node.c.idx < bindparam("end"),
    )
    .order_by(node.c.idx)
)
# The places go in as one JSON list of pairs, so that each is found by the primary key.
_PLACES = Prepared(
    {
        "sqlite": text(
            "select n.level, n.idx, n.hash from json_each(:places) p cross join node n"
            " on n.village = :village and n.level = json_extract(p.value, '$[0]')"
            " and n.idx = json_extract(p.value, '$[1]')"
        ),
        "postgresql": text(
            "select n.level, n.idx, n.hash from json_array_elements(cast(:places as json)) p"
            " join node n on n.village = :village and n.level = cast(p ->> 0 as integer)"
            " and n.idx = cast(p ->> 1 as bigint)"
        ),
    }
)


def leaves(tx: Connection, village: str, start: int, end: int) -> Sequence[bytes]:
    """Give the bytes of entries [start, end); raises KeyError when one is not there."""
    asked = {"village": village, "start": start, "end": end}
    return _whole(_LEAVES.run(tx, asked).fetchall(), start, end)


def hashes(tx: Connection, village: str, level: int, start: int, end: int) -> Sequence[bytes]:
    """Give the hashes of subtrees [start, end) of a level; raises KeyError when one is missing."""
    asked = {"village": village, "level": level, "start": start, "end": end}
    return _whole(_HASHES.run(tx, asked).fetchall(), start, end)


def _whole(rows: Sequence[tuple[int, bytes]], start: int, end: int) -> Sequence[bytes]:
    if [index for index, _data in rows] != list(range(start, end)):
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


def nodes_at(
    tx: Connection, village: str, places: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], bytes]:
    """Give the hashes of those subtrees, by (level, index), that are stored."""
    wanted = msgspec.json.encode(places).decode()
    rows = _PLACES.run(tx, {"village": village, "places": wanted}).fetchall()
    return {(level, index): bytes(hash_) for level, index, hash_ in rows}


def root(tx: Connection, village: str, size: int) -> bytes:
    """Give the root of the first `size` entries from the stored subtrees, in one query."""
    return reading(tx, village, lambda read: root_from(read, size))
