"""Remembered layouts: what a village's clerks decided about the columns of a sheet they know."""

from typing import Final

import msgspec
from sqlalchemy import Connection, delete, insert, select

from noticeboard.core.problems import UNREADABLE
from noticeboard.core.shapes import Shape
from noticeboard.core.sheet.choices import SheetChoice
from noticeboard.store.desk_tables import layout

# The newest are known again; a village that gets more kinds of sheets than these is no village.
MOST: Final = 300
_CHOICE: Final = Shape(SheetChoice)


def of_village(tx: Connection, village: str) -> dict[str, SheetChoice]:
    """Give what was decided by the fingerprint of a layout, the newest decisions only.

    What cannot be read any more, as after going back to an older version, is as if undecided.
    """
    rows = tx.execute(
        select(layout.c.layout, layout.c.choice)
        .where(layout.c.village == village)
        .order_by(layout.c.at.desc(), layout.c.layout)
        .limit(MOST)
    )
    found = {}
    for row in rows:
        try:
            found[row.layout] = _CHOICE.of_json(bytes(row.choice))
        except UNREADABLE:
            continue
    return found


def remember(
    tx: Connection, village: str, fingerprint: str, choice: SheetChoice, at: int, by: int
) -> None:
    """Keep what holds for the next sheet of a layout, in place of what was decided before."""
    tx.execute(delete(layout).where(layout.c.village == village, layout.c.layout == fingerprint))
    kept = msgspec.json.encode(choice.lasting)
    row = {"village": village, "layout": fingerprint, "choice": kept, "at": at, "by": by}
    tx.execute(insert(layout), row)
