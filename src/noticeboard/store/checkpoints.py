"""Signed checkpoints of each village's log, the witnesses' lines under them, and what waits."""

from collections.abc import Sequence
from types import ModuleType

from msgspec import Struct
from sqlalchemy import (
    Connection,
    Insert,
    Table,
    and_,
    bindparam,
    delete,
    false,
    func,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from noticeboard.store.prepared import Prepared
from noticeboard.store.tables import checkpoint, cosignature, head


class Signed(Struct, frozen=True):
    """A checkpoint under the log's own signature; `note` is the signed note, `at` when signed."""

    size: int
    root: bytes
    note: bytes
    at: int


class Cosigned(Struct, frozen=True):
    """A witness's line under a checkpoint, with its newline, and the Unix seconds it says."""

    size: int
    name: str
    line: str
    at: int


# Bare `unsigned`, as the index has it: of "unsigned = 1" SQLite would not see that it is the same.
_WAITING = select(head.c.village).where(text("head.unsigned"), head.c.village != "")
_LAST_AT = (
    select(checkpoint.c.at)
    .where(checkpoint.c.village == head.c.village)
    .order_by(checkpoint.c.size.desc())
    .limit(1)
    .scalar_subquery()
)
# A checkpoint from after now was signed before the clock was set back: it holds nobody up.
_DUE = _WAITING.where(
    head.c.frozen == "",
    ~func.coalesce(_LAST_AT, -1).between(bindparam("after"), bindparam("now")),
).order_by(head.c.village)
_KEPT = select(checkpoint.c.size, checkpoint.c.root, checkpoint.c.note, checkpoint.c.at).where(
    checkpoint.c.village == bindparam("village")
)
_GOING = (
    select(checkpoint.c.village, head.c.origin, func.max(checkpoint.c.size).label("size"))
    .join_from(checkpoint, head, checkpoint.c.village == head.c.village)
    .where(head.c.frozen == "")
    .group_by(checkpoint.c.village, head.c.origin)
)
_NEWEST = Prepared(_KEPT.order_by(checkpoint.c.size.desc()).suffix_with(text("limit :most")))
_AT_SIZE = Prepared(_KEPT.where(checkpoint.c.size == bindparam("size")))
_COSIGNED = Prepared(
    select(cosignature.c.size, cosignature.c.name, cosignature.c.line, cosignature.c.at)
    .where(cosignature.c.village == bindparam("village"), cosignature.c.size == bindparam("size"))
    .order_by(cosignature.c.name)
)


def _upsert(dialect: ModuleType, table: Table) -> Insert:
    statement = dialect.insert(table)
    changed = {c.name: statement.excluded[c.name] for c in table.c if not c.primary_key}
    upsert: Insert = statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns), set_=changed
    )
    return upsert


_DIALECTS = {"sqlite": sqlite, "postgresql": postgresql}
_PUT = {name: _upsert(dialect, checkpoint) for name, dialect in _DIALECTS.items()}
_COSIGN = {name: _upsert(dialect, cosignature) for name, dialect in _DIALECTS.items()}


def due(tx: Connection, at: int, every: int) -> Sequence[str]:
    """Name the villages whose entries wait for a checkpoint and had none for `every` seconds.

    Frozen ones are left out, and the instance, whose log is not signed.
    """
    return list(tx.execute(_DUE, {"after": at - every + 1, "now": at}).scalars())


def latest(tx: Connection, village: str) -> Signed | None:
    """Give a village's largest signed checkpoint, or None before the first."""
    return next(iter(newest(tx, village, 1)), None)


def going(tx: Connection) -> Sequence[tuple[str, str, int]]:
    """Give (village, origin, size) of the largest checkpoint of every log that is not frozen."""
    return [(row.village, row.origin, row.size) for row in tx.execute(_GOING)]


def at_size(tx: Connection, village: str, size: int) -> Signed | None:
    """Give the signed checkpoint of a size, or None where it is not kept."""
    row = _AT_SIZE.run(tx, {"village": village, "size": size}).fetchone()
    return None if row is None else _signed(row)


def newest(tx: Connection, village: str, limit: int) -> Sequence[Signed]:
    """Give a village's signed checkpoints that are kept, the largest first."""
    rows = _NEWEST.run(tx, {"village": village, "most": limit}).fetchall()
    return [_signed(row) for row in rows]


def _signed(row: tuple[int, bytes, bytes, int]) -> Signed:
    size, root, note, at = row
    return Signed(size, bytes(root), bytes(note), at)


def put(tx: Connection, village: str, new: Signed) -> None:
    """Store a signed checkpoint; one of the same size is replaced (another key signed it too)."""
    tx.execute(_PUT[tx.dialect.name], {"village": village, **_fields(new)})


def settle(tx: Connection, village: str) -> None:
    """Say that no entry of a village waits for a checkpoint. The caller holds the head row."""
    tx.execute(update(head).where(head.c.village == village).values(unsigned=false()))


def waits(tx: Connection, village: str) -> bool:
    """Say whether a village waits for a checkpoint."""
    return bool(tx.execute(select(head.c.unsigned).where(head.c.village == village)).scalar())


def unsettle(tx: Connection, village: str) -> None:
    """Say that a village waits for a checkpoint, also where no entry came."""
    tx.execute(update(head).where(head.c.village == village).values(unsigned=true()))


def reached(tx: Connection, village: str) -> int:
    """Give the size of the largest checkpoint that is stored or was cosigned, 0 for none."""
    sizes = (
        tx.execute(select(func.max(table.c.size)).where(table.c.village == village)).scalar()
        for table in (checkpoint, cosignature)
    )
    return max(size or 0 for size in sizes)


def cosign(tx: Connection, village: str, new: Cosigned) -> None:
    """Store a witness's line under a checkpoint, in the place of the one it gave before."""
    tx.execute(_COSIGN[tx.dialect.name], {"village": village, **_fields(new)})


def _fields(new: Struct) -> dict[str, object]:
    return {field: getattr(new, field) for field in new.__struct_fields__}


def cosigned(tx: Connection, village: str, size: int) -> Sequence[Cosigned]:
    """Give the witnesses' lines held for one checkpoint, by the witnesses' names."""
    rows = _COSIGNED.run(tx, {"village": village, "size": size}).fetchall()
    return [Cosigned(*row) for row in rows]


def lines(tx: Connection, village: str) -> dict[int, list[Cosigned]]:
    """Give every witness's line that is kept, by the size of what it is under, for an audit."""
    rows = select(cosignature.c.size, cosignature.c.name, cosignature.c.line, cosignature.c.at)
    found: dict[int, list[Cosigned]] = {}
    of_village = rows.where(cosignature.c.village == village)
    for row in tx.execute(of_village.order_by(cosignature.c.size, cosignature.c.name)):
        found.setdefault(row.size, []).append(Cosigned(*row))
    return found


def by_size(tx: Connection, village: str) -> Sequence[tuple[Signed, Sequence[Cosigned]]]:
    """Give the checkpoints that any witness has cosigned, each with its lines, largest first."""
    found = tx.execute(
        select(
            checkpoint.c.size,
            checkpoint.c.root,
            checkpoint.c.note,
            checkpoint.c.at,
            cosignature.c.name,
            cosignature.c.line,
            cosignature.c.at.label("cosigned_at"),
        )
        .join_from(
            checkpoint,
            cosignature,
            and_(
                cosignature.c.village == checkpoint.c.village,
                cosignature.c.size == checkpoint.c.size,
            ),
        )
        .where(checkpoint.c.village == village)
        .order_by(checkpoint.c.size.desc(), cosignature.c.name)
    )
    heads: dict[int, tuple[Signed, list[Cosigned]]] = {}
    for row in found:
        signed = Signed(row.size, bytes(row.root), bytes(row.note), row.at)
        _signed, lines = heads.setdefault(row.size, (signed, []))
        lines.append(Cosigned(row.size, row.name, row.line, row.cosigned_at))
    return list(heads.values())


def crowded(tx: Connection, most: int) -> Sequence[str]:
    """Name the villages that keep more than `most` checkpoints."""
    rows = select(checkpoint.c.village).group_by(checkpoint.c.village)
    return list(tx.execute(rows.having(func.count() > most)).scalars())


def prune(tx: Connection, village: str, below: int, besides: int) -> None:
    """Drop the checkpoints smaller than `below` with their cosignatures, all but one `besides`."""
    for table in (checkpoint, cosignature):
        tx.execute(
            delete(table).where(
                table.c.village == village, table.c.size < below, table.c.size != besides
            )
        )
