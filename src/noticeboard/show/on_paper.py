"""What paper says, before it is cut into sheets: columns, rows as printed, texts, totals."""

from typing import Final

from msgspec import Struct

from noticeboard.core.parts import Stated
from noticeboard.show.texts import Words

HIDDEN: Final = "已隐去"
LOST: Final = "内容丢了"


class Column(Struct, frozen=True):
    """A column: its head, its width in millimetres, whether it holds amounts and is added up.

    A cell of a `whole` column is never broken: a date on two lines is misread.
    """

    head: Words
    width: int
    right: bool = False
    summed: bool = False
    whole: bool = False


class Written(Struct, frozen=True):
    """A row as printed, and what it adds to each column, in fen."""

    cells: tuple[str, ...]
    amounts: tuple[int, ...] = ()


class Paper(Struct, frozen=True, kw_only=True):
    """A content on paper. `sentence`: the one sentence stands above; `large`: set large."""

    columns: tuple[Column, ...] = ()
    rows: tuple[Written, ...] = ()
    texts: tuple[str, ...] = ()
    totals: tuple[tuple[Words, str], ...] = ()
    sentence: bool = True
    large: bool = False


def gone(stated: Stated, row_id: int) -> str:
    """Say why a row names nobody any more; nothing where nobody is missing in it."""
    if row_id in stated.vanished:
        return LOST
    return HIDDEN if row_id in stated.nameless else ""
