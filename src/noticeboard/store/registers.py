"""Registers of the desk: who stays out of whose decisions, and who stands behind a supplier."""

from msgspec import Struct
from sqlalchemy import Connection, Table, delete, func, insert, select, update

from noticeboard.store.desk_tables import kin, supplier


class Kept(Struct, frozen=True, kw_only=True):
    """Somebody of the recusal register; `identity` is the mark of their number, or ""."""

    id: int = 0
    name: str
    tie: str
    grp: str = ""
    identity: str = ""


class Backed(Struct, frozen=True, kw_only=True):
    """A supplier and who stands behind it."""

    id: int = 0
    name: str
    owner: str


def kin_of(tx: Connection, village: str) -> list[Kept]:
    """Give a village's recusal register in the order it was written."""
    rows = tx.execute(select(kin).where(kin.c.village == village).order_by(kin.c.id))
    return [Kept(id=r.id, name=r.name, tie=r.tie, grp=r.grp, identity=r.identity) for r in rows]


def suppliers_of(tx: Connection, village: str) -> list[Backed]:
    """Give a village's register of suppliers in the order it was written."""
    rows = tx.execute(select(supplier).where(supplier.c.village == village).order_by(supplier.c.id))
    return [Backed(id=row.id, name=row.name, owner=row.owner) for row in rows]


def add_kin(tx: Connection, village: str, one: Kept, at: int, by: int) -> None:
    """Write somebody into the recusal register; who stands there with the same tie stays once."""
    same = [row.id for row in kin_of(tx, village) if (row.name, row.tie) == (one.name, one.tie)]
    drop_kin(tx, village, *same)
    values = {"name": one.name, "tie": one.tie, "grp": one.grp, "identity": one.identity}
    tx.execute(insert(kin), {**_new(tx, kin, village), **values, "at": at, "by": by})


def add_supplier(tx: Connection, village: str, one: Backed, at: int, by: int) -> None:
    """Write a supplier down, in place of what was written of it before."""
    tx.execute(delete(supplier).where(supplier.c.village == village, supplier.c.name == one.name))
    values = {"name": one.name, "owner": one.owner, "at": at, "by": by}
    tx.execute(insert(supplier), {**_new(tx, supplier, village), **values})


def drop_kin(tx: Connection, village: str, *ids: int) -> None:
    """Forget somebody of the recusal register; nothing where they are gone already."""
    tx.execute(delete(kin).where(kin.c.village == village, kin.c.id.in_(ids)))


def drop_supplier(tx: Connection, village: str, id_: int) -> None:
    """Forget a supplier; nothing where it is gone already."""
    tx.execute(delete(supplier).where(supplier.c.village == village, supplier.c.id == id_))


def forget_marks(tx: Connection) -> int:
    """Forget every mark of a number in the registers; gives how many there were."""
    return tx.execute(update(kin).where(kin.c.identity != "").values(identity="")).rowcount


def _new(tx: Connection, table: Table, village: str) -> dict[str, str | int]:
    last = tx.execute(select(func.max(table.c.id)).where(table.c.village == village)).scalar()
    return {"village": village, "id": (last or 0) + 1}
