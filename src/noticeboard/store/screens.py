"""Hall screens: their place and the size of their slides; settings of the instance."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from noticeboard.core.problems import NotFound
from noticeboard.store.desk_tables import screen, setting
from noticeboard.store.prepared import Prepared

_TOLD = Prepared(select(setting.c.value).where(setting.c.key == bindparam("key")))


class Screen(Struct, frozen=True):
    """A screen in a hall: `width` × `height` in pixels, as it hangs."""

    village: str
    id: str
    name: str
    width: int
    height: int
    at: int
    retired: bool


def add(tx: Connection, new: Screen) -> None:
    """Add a screen."""
    tx.execute(insert(screen), {field: getattr(new, field) for field in new.__struct_fields__})


def get(tx: Connection, id_: str) -> Screen:
    """Give a screen in use; raises NotFound."""
    row = tx.execute(select(screen).where(screen.c.id == id_)).first()
    if row is None or row.retired:
        raise NotFound("没有这块屏。", value=id_)
    return Screen(**row._mapping)


def exists(tx: Connection, id_: str) -> bool:
    """Say whether a screen ever had this id; ids are on stickers and never given again."""
    return tx.execute(select(screen.c.id).where(screen.c.id == id_)).first() is not None


def of_village(tx: Connection, village: str) -> Sequence[Screen]:
    """Give a village's screens in use."""
    rows = tx.execute(
        select(screen)
        .where(screen.c.village == village, screen.c.retired.is_(False))
        .order_by(screen.c.id)
    )
    return [Screen(**row._mapping) for row in rows]


def retire(tx: Connection, id_: str) -> None:
    """Take a screen out of use."""
    tx.execute(update(screen).where(screen.c.id == id_).values(retired=True))


def told(tx: Connection, key: str) -> str | None:
    """Give a setting of the instance, or None."""
    row = _TOLD.run(tx, {"key": key}).fetchone()
    return row[0] if row else None


def tell(tx: Connection, key: str, value: str) -> None:
    """Store a setting of the instance."""
    tx.execute(delete(setting).where(setting.c.key == key))
    tx.execute(insert(setting), {"key": key, "value": value})


def forget(tx: Connection, key: str, value: str) -> None:
    """Drop a setting if it still is what it was."""
    tx.execute(delete(setting).where(setting.c.key == key, setting.c.value == value))
