"""Which rule pack a village goes by and which bundle is in force, now and at any day before."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Connection, bindparam, insert, select

from noticeboard.core.days import day_of
from noticeboard.core.problems import NotFound
from noticeboard.store.prepared import Prepared
from noticeboard.store.tables import adoption, assignment, entry

# What a village goes by that nobody has assigned yet. It binds nobody to a day.
UNASSIGNED = "national"

_OF = select(assignment).where(assignment.c.village == bindparam("village"))
_AT = Prepared(
    _OF.where(assignment.c.at <= bindparam("instant")).order_by(assignment.c.idx.desc()).limit(1)
)
_FIRST = Prepared(
    select(entry.c.at).where(entry.c.village == bindparam("village"), entry.c.idx == 0)
)
_BUNDLE = Prepared(
    select(adoption.c.bundle)
    .where(adoption.c.at <= bindparam("instant"))
    .order_by(adoption.c.idx.desc())
    .limit(1)
)


class Assignment(Struct, frozen=True, kw_only=True):
    """A village's rule pack since `at`; periods that began before `joined` (ISO) are never late.

    `idx` is the entry of the instance log that says so, None where nobody has said anything;
    `document` the number of the paper, or "".
    """

    village: str
    idx: int | None
    at: int
    pack: str
    joined: str
    document: str


class Adoption(Struct, frozen=True, kw_only=True):
    """A bundle in force since `at`, by the entry `idx` of the instance log."""

    idx: int
    at: int
    bundle: str
    document: str


def assign(tx: Connection, said: Assignment) -> None:
    """Keep what an entry of the instance log says of a village."""
    values = {field: getattr(said, field) for field in Assignment.__struct_fields__}
    tx.execute(insert(assignment).values(values))


def adopt(tx: Connection, said: Adoption) -> None:
    """Keep what an entry of the instance log says of the rules in force."""
    values = {field: getattr(said, field) for field in Adoption.__struct_fields__}
    tx.execute(insert(adoption).values(values))


def at(tx: Connection, village: str, instant: int) -> Assignment:
    """Give what a village went by at an instant.

    Before anybody assigned it: the national pack, since the day of its own first entry. Raises
    NotFound for a village that is not there.
    """
    row = _AT.run(tx, {"village": village, "instant": instant}).fetchone()
    if row is not None:
        return Assignment(**dict(zip(assignment.c.keys(), row, strict=True)))
    first = _FIRST.run(tx, {"village": village}).fetchone()
    if first is None:
        raise NotFound("没有这个村。", value=village)
    return Assignment(
        village=village,
        idx=None,
        at=first[0],
        pack=UNASSIGNED,
        joined=day_of(first[0]).isoformat(),
        document="",
    )


def history(tx: Connection, village: str) -> Sequence[Assignment]:
    """Give all that was ever said of a village's pack, the oldest first."""
    rows = tx.execute(_OF.order_by(assignment.c.idx), {"village": village})
    return [Assignment(**row._mapping) for row in rows]


def everywhere(tx: Connection) -> dict[str, list[Assignment]]:
    """Give the history of every village that has one, the oldest first, in one query."""
    found: dict[str, list[Assignment]] = {}
    for row in tx.execute(select(assignment).order_by(assignment.c.idx)):
        found.setdefault(row.village, []).append(Assignment(**row._mapping))
    return found


def bundle_at(tx: Connection, instant: int) -> str | None:
    """Give the hash of the bundle that was in force at an instant; None before the first."""
    row = _BUNDLE.run(tx, {"instant": instant}).fetchone()
    return row[0] if row else None


def adoptions(tx: Connection) -> Sequence[Adoption]:
    """Give every bundle that was ever in force, the oldest first."""
    rows = tx.execute(select(adoption).order_by(adoption.c.idx))
    return [Adoption(**row._mapping) for row in rows]
