"""A workbook as plain values at the addresses Excel shows, and the two ways to read a cell's words.

Whoever opens the file (`formats.workbook`) has already refused what is no workbook and bounded its
size; nothing here knows of files.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

Cell = str | int | Decimal | date | None


class Merge(Struct, frozen=True):
    """A merged range, rows and columns from 0, both ends included; its value is at top left."""

    top: int
    left: int
    bottom: int
    right: int


class Sheet(Struct, frozen=True, kw_only=True):
    """One sheet: `rows[0][0]` is A1; rows may differ in length.

    `hidden_rows` and `hidden_columns` count from 0. `broken` gives the cells that show an error
    (`#REF!`), and formulas that were never calculated (`=`): neither has a value to read. `red` are
    cells whose number above zero is shown in red, by font or format: a bookkeeper's minus.
    `pictures` are the cells at whose corner a picture or another object begins. A cell formatted
    as a date is a date already; a bare count of days counts from 1904 where `since_1904`. What was
    `cut` is text whose cells a comma or a tab ends, so that a comma may have cut a number in two.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    hidden: bool = False
    merged: tuple[Merge, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    broken: dict[tuple[int, int], str] = {}
    red: frozenset[tuple[int, int]] = frozenset()
    pictures: frozenset[tuple[int, int]] = frozenset()
    since_1904: bool = False
    cut: bool = False

    def at(self, row: int, column: int) -> Cell:
        """Give the value of a cell, None beyond the edge."""
        line = self.rows[row] if row < len(self.rows) else ()
        return line[column] if column < len(line) else None

    @property
    def width(self) -> int:
        """Give the number of columns of the longest row."""
        return max(map(len, self.rows), default=0)


class Book(Struct, frozen=True):
    """A workbook: its sheets in order, and what was left behind when it was opened, in words.

    `name` is the file's, without its ending, where it is known.
    """

    sheets: tuple[Sheet, ...]
    dropped: tuple[str, ...] = ()
    name: str = ""


# Control characters, zero-width and direction marks: never printed, and able to turn a line round.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e"
                     "\u2060-\u206f\ufeff\ufff9-\uffff]")  # fmt: skip


# Signs that NFC leaves alone, and those that folding leaves alone too; nearly all cells hold
# nothing else, and need no closer look.
_EVERYDAY = "·—、。〃〇《》【】\u4e00-\u9fff"
_PRINTED = re.compile(f"[!-~！-～{_EVERYDAY}]+(?: [!-~！-～{_EVERYDAY}]+)*")
_KEYED = re.compile(f"[!-@\\[-~{_EVERYDAY}]*")


def words(cell: Cell) -> str:
    """Give a cell's text as it may be printed: NFC, one line, no characters that are not seen."""
    if isinstance(cell, str):
        return cell if _PRINTED.fullmatch(cell) else _words(cell)
    if cell is None:
        return ""
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


# A village's sheet says the same few things many times.
@lru_cache(maxsize=20_000)
def _words(text: str) -> str:
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", text)).split())


def folded(cell: Cell) -> str:
    """Give a cell's text half-width and in lower case, with single spaces."""
    text = words(cell)
    return text if _KEYED.fullmatch(text) else _folded(text)


@lru_cache(maxsize=20_000)
def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def key(cell: Cell) -> str:
    """Give a cell's text for comparing: half-width, lower case, no spaces at all."""
    return folded(cell).replace(" ", "")


def letters(column: int) -> str:
    """Name a column as Excel does: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def address(row: int, column: int) -> str:
    """Name a cell as Excel does: (16, 4) is E17."""
    return f"{letters(column)}{row + 1}"


def origins(sheet: Sheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Give for each cell inside a merged range, but its first one, where its value stands."""
    width, height = sheet.width, len(sheet.rows)
    return {
        (row, column): (merge.top, merge.left)
        for merge in sheet.merged
        for row in range(merge.top, min(merge.bottom + 1, height))
        for column in range(merge.left, min(merge.right + 1, width))
        if (row, column) != (merge.top, merge.left)
    }
