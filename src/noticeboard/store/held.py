"""What was taken down while a log is frozen, as the leaves it would be; logged when it thaws."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from noticeboard.store.tables import held


def keep(tx: Connection, village: str, n: int, leaf: bytes) -> None:
    """Store would-be leaf `n` (counted from 0) of a village. The caller holds the head row."""
    tx.execute(insert(held), {"village": village, "n": n, "leaf": leaf})


def leaves(tx: Connection, village: str) -> Sequence[bytes]:
    """Give a village's would-be leaves in order."""
    rows = tx.execute(select(held.c.leaf).where(held.c.village == village).order_by(held.c.n))
    return [bytes(leaf) for leaf in rows.scalars()]


def drop(tx: Connection, village: str) -> None:
    """Forget a village's would-be leaves: they are in the log now, or are made anew."""
    tx.execute(delete(held).where(held.c.village == village))
