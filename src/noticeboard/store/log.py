"""The log's rows: leaves as bytes, the perfect subtrees above them; written only by the board."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from sqlalchemy import Connection, bindparam, func, insert, select

from noticeboard.core.merkle import leaf_hash, node_hash
from noticeboard.store.prepared import Prepared
from noticeboard.store.tables import entry, node

_ADD_ENTRY, _ADD_NODE = Prepared(insert(entry)), Prepared(insert(node))
_NODE = Prepared(
    select(node.c.hash).where(
        node.c.village == bindparam("village"),
        node.c.level == bindparam("level"),
        node.c.idx == bindparam("idx"),
    )
)
# Of the statement, never of the connection: on PostgreSQL it would read all that follows by a
# cursor, and what writes cannot be read so.
_PIECEMEAL = {"yield_per": 1000}


def append(
    tx: Connection, village: str, index: int, leaf: bytes, act: str, code: str | None, at: int
) -> None:
    """Add leaf `index` and every perfect subtree it completes. The caller holds the head row."""
    row = {"village": village, "idx": index, "leaf": leaf, "act": act, "code": code, "at": at}
    _ADD_ENTRY.run(tx, row)
    level, position, top = 0, index, leaf_hash(leaf)
    _add_node(tx, village, level, position, top)
    # On average one left neighbour is read: most leaves complete little.
    while position % 2:
        top = node_hash(node_at(tx, village, level, position - 1), top)
        level, position = level + 1, position // 2
        _add_node(tx, village, level, position, top)


def _add_node(tx: Connection, village: str, level: int, index: int, hash_: bytes) -> None:
    _ADD_NODE.run(tx, {"village": village, "level": level, "idx": index, "hash": hash_})


def leaf_at(tx: Connection, village: str, index: int) -> bytes | None:
    """Give one leaf's bytes, or None beyond the end."""
    return tx.execute(
        select(entry.c.leaf).where(entry.c.village == village, entry.c.idx == index)
    ).scalar()


def time_of(tx: Connection, village: str, index: int) -> int | None:
    """Give when an entry was made, or None beyond the end."""
    return tx.execute(
        select(entry.c.at).where(entry.c.village == village, entry.c.idx == index)
    ).scalar()


def code_at(tx: Connection, village: str, index: int) -> str | None:
    """Give the code of the notice that an entry is about, None for none and beyond the end."""
    return tx.execute(
        select(entry.c.code).where(entry.c.village == village, entry.c.idx == index)
    ).scalar()


def leaves(tx: Connection, village: str, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """Give (index, leaf bytes) from `start` on, in order, without loading all of them."""
    rows = tx.execute(
        select(entry.c.idx, entry.c.leaf)
        .where(entry.c.village == village, entry.c.idx >= start)
        .order_by(entry.c.idx),
        execution_options=_PIECEMEAL,
    )
    for row in rows:
        yield row.idx, row.leaf


class Row(Struct, frozen=True):
    """A stored entry: its leaf, and the columns it is found by."""

    index: int
    leaf: bytes
    act: str
    code: str | None
    at: int


def rows(tx: Connection, village: str) -> Iterator[Row]:
    """Give every stored entry in order, without loading all of them."""
    found = tx.execute(
        select(entry).where(entry.c.village == village).order_by(entry.c.idx),
        execution_options=_PIECEMEAL,
    )
    for row in found:
        yield Row(row.idx, bytes(row.leaf), row.act, row.code, row.at)


def of_notice(tx: Connection, village: str, code: str) -> Sequence[tuple[int, bytes]]:
    """Give (index, leaf bytes) of every entry about one notice."""
    rows = tx.execute(
        select(entry.c.idx, entry.c.leaf)
        .where(entry.c.village == village, entry.c.code == code)
        .order_by(entry.c.idx)
    )
    return [(row.idx, row.leaf) for row in rows]


def of_acts(tx: Connection, village: str, acts: Sequence[str]) -> Sequence[tuple[int, bytes]]:
    """Give (index, leaf bytes) of every entry of some acts, in order; it looks through them all."""
    rows = tx.execute(
        select(entry.c.idx, entry.c.leaf)
        .where(entry.c.village == village, entry.c.act.in_(acts))
        .order_by(entry.c.idx)
    )
    return [(row.idx, row.leaf) for row in rows]


def codes_of(tx: Connection, village: str, acts: Sequence[str]) -> Sequence[str]:
    """Give the codes of the notices that some acts were done on, each once."""
    return list(
        tx.execute(
            select(entry.c.code)
            .where(entry.c.village == village, entry.c.act.in_(acts))
            .distinct()
            .order_by(entry.c.code)
        ).scalars()
    )


def latest(tx: Connection, village: str, count: int) -> Sequence[tuple[int, bytes]]:
    """Give the last `count` entries, the newest first."""
    rows = tx.execute(
        select(entry.c.idx, entry.c.leaf)
        .where(entry.c.village == village)
        .order_by(entry.c.idx.desc())
        .limit(count)
    )
    return [(row.idx, row.leaf) for row in rows]


def node_at(tx: Connection, village: str, level: int, index: int) -> bytes:
    """Give a stored perfect subtree's hash; raises KeyError if it is not stored."""
    row = _NODE.run(tx, {"village": village, "level": level, "idx": index}).fetchone()
    if row is None:
        raise KeyError((village, level, index))
    return bytes(row[0])


def nodes(tx: Connection, village: str) -> Iterator[tuple[int, int, bytes]]:
    """Give every stored subtree as (level, index, hash), for an audit."""
    rows = tx.execute(
        select(node.c.level, node.c.idx, node.c.hash).where(node.c.village == village),
        execution_options=_PIECEMEAL,
    )
    for row in rows:
        yield row.level, row.idx, bytes(row.hash)


def count(tx: Connection, village: str) -> int:
    """Count the stored leaves of a village."""
    return int(
        tx.execute(
            select(func.count()).select_from(entry).where(entry.c.village == village)
        ).scalar_one()
    )
