"""The mirrors of each village's log that an operator listed, and how far each has confirmed."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, update

from noticeboard.store.tables import mirror


class Mirror(Struct, frozen=True):
    """A mirror: its verifier key, and the size up to which it holds all and erased what it must.

    `at` is when it said so, None when it never has.
    """

    name: str
    key: str
    size: int
    at: int | None


def of_village(tx: Connection, village: str) -> Sequence[Mirror]:
    """Give a village's mirrors by name."""
    rows = tx.execute(select(mirror).where(mirror.c.village == village).order_by(mirror.c.name))
    return [Mirror(row.name, row.key, row.size, row.at) for row in rows]


def add(tx: Connection, village: str, name: str, key: str) -> None:
    """List a mirror, which has confirmed nothing yet; the caller has seen that it is new."""
    tx.execute(insert(mirror), {"village": village, "name": name, "key": key, "size": 0})


def remove(tx: Connection, village: str, name: str) -> bool:
    """Strike a mirror out; False when it was not listed."""
    gone = tx.execute(delete(mirror).where(mirror.c.village == village, mirror.c.name == name))
    return bool(gone.rowcount)


def confirm(tx: Connection, village: str, name: str, size: int, at: int) -> None:
    """Take a mirror's word; an older one than it gave before changes nothing."""
    tx.execute(
        update(mirror)
        .where(mirror.c.village == village, mirror.c.name == name, mirror.c.size <= size)
        .values(size=size, at=at)
    )
