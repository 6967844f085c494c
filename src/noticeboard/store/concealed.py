"""Rows of a notice that were hidden in the workbook it came of: whoever reviews it is told."""

from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.core.problems import UNREADABLE
from noticeboard.core.shapes import Shape
from noticeboard.store import screens


class Concealed(Struct, frozen=True, omit_defaults=True):
    """Hidden rows by the ids they have in the notice, and how many more its sums hold.

    Nothing of what they say is here, so that nothing is left of a row that is erased.
    """

    rows: tuple[int, ...] = ()
    in_sums: int = 0


_CONCEALED: Final = Shape(Concealed)


def note(tx: Connection, village: str, code: str, concealed: Concealed) -> None:
    """Keep what was hidden of a notice, in place of what was noted before."""
    before = screens.told(tx, _key(village, code))
    if concealed != Concealed():
        screens.tell(tx, _key(village, code), msgspec.json.encode(concealed).decode())
    elif before is not None:
        screens.forget(tx, _key(village, code), before)


def of_notice(tx: Connection, village: str, code: str) -> Concealed:
    """Give what was hidden of a notice; what cannot be read any more is as if nothing was."""
    said = screens.told(tx, _key(village, code))
    try:
        return _CONCEALED.of_json(said.encode()) if said else Concealed()
    except UNREADABLE:
        return Concealed()


def _key(village: str, code: str) -> str:
    return f"concealed {village} {code}"
