"""Reads .xlsx and .xlsm: values by python-calamine, the rest from the same XML.

What calamine does not tell (what is hidden, red, or shows an error; formulas that were never
calculated; where pictures stand) is read before it in one bounded pass, which also keeps endless
sheets, bombs and words that unfold without end away from it. Macros are never looked at.
"""

import io
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from noticeboard.core.sheet.cells import Book, Cell, Sheet
from noticeboard.formats.archive import Archive
from noticeboard.formats.bounds import (
    MOST_AREA,
    MOST_MERGED,
    MOST_SHARED,
    MOST_SHEETS,
    MOST_TEXT,
    Bomb,
    Counted,
    Damaged,
    Locked,
    NoWorkbook,
    Tell,
    TooLarge,
)
from noticeboard.formats.numbers import EXACT, from_float
from noticeboard.formats.objects import left_behind, pictures
from noticeboard.formats.pictured import without_pictures
from noticeboard.formats.sheetxml import PICTURED, Look, elements
from noticeboard.formats.styles import Styles


class _Place(Struct, frozen=True):
    """A sheet as the workbook's own list has it, and the part it stands in."""

    name: str
    part: str
    hidden: bool


def read(data: bytes, tell: Tell) -> Book:
    """Read a workbook; raises what `bounds` names, and what zipfile, zlib and expat raise."""
    archive = Archive(data)
    if "xl/workbook.xml" not in archive:
        raise NoWorkbook
    places, since_1904 = _places(archive)
    if len(places) > MOST_SHEETS:
        raise TooLarge
    part = "xl/styles.xml"
    styles = Styles().read(archive.blocks(part)) if part in archive else frozenset()
    longest, pictured = _longest_text(archive)
    looks = {
        place.name: _looked(archive, place.part, styles, longest)
        for place in places
        if not place.hidden
    }
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            counted = Counted(tell)
            sheets = tuple(
                Sheet(name=place.name, rows=(), hidden=True)
                if place.hidden
                else _sheet(
                    book.get_sheet_by_name(place.name),
                    looks[place.name],
                    pictures(archive, place.part),
                    counted,
                    since_1904=since_1904,
                )
                for place in places
            )
    except PasswordError as problem:
        raise Locked from problem
    except CalamineError as problem:
        raise Damaged from problem
    opened = Book(sheets, left_behind(archive.names()))
    pictured |= any(look.pictured for look in looks.values())
    return without_pictures(opened) if pictured else opened


def _places(archive: Archive) -> tuple[list[_Place], bool]:
    """List the worksheets in order, and say whether days count from 1904."""
    targets = archive.related("xl/workbook.xml", "worksheet")
    places: list[_Place] = []
    since_1904 = False

    def begin(tag: str, given: dict[str, str]) -> None:
        nonlocal since_1904
        if tag == "workbookPr":
            since_1904 = given.get("date1904") in {"1", "true", "on"}
        elif tag == "sheet":
            identifier = next((v for k, v in given.items() if k.rpartition(":")[2] == "id"), "")
            if identifier in targets:
                hidden = given.get("state", "visible") != "visible"
                places.append(_Place(given["name"], targets[identifier], hidden))

    elements(archive.blocks("xl/workbook.xml"), begin)
    if len({place.name for place in places}) < len(places):
        raise Damaged
    return places, since_1904


def _longest_text(archive: Archive) -> tuple[int, bool]:
    """Give how many bytes the longest text that cells share takes at most.

    And whether any of them says that a cell holds a picture.
    """
    part = "xl/sharedstrings.xml"
    if part not in archive:
        return 0, False
    longest = length = total = 0
    pictured, end = False, b""
    for block in archive.blocks(part):
        pictured |= PICTURED in block or PICTURED in end + block[: len(PICTURED)]
        end = block[-len(PICTURED) :]
        if b"<!DOCTYPE" in block:
            raise Damaged
        total += len(block)
        if total > MOST_SHARED:
            raise Bomb
        first, *more = block.split(b"</si>")
        length += len(first)
        for text in more:
            longest, length = max(longest, length), len(text)
    return max(longest, length), pictured


def _looked(archive: Archive, part: str, styles: frozenset[str], longest: int) -> Look:
    look = Look(styles).over(archive.blocks(part))
    if look.rows * look.columns > MOST_AREA:
        raise TooLarge
    # A short list of long texts, each shown by thousands of cells, unfolds without end.
    if longest * look.shared > MOST_TEXT and _shown(archive, part) > MOST_TEXT:
        raise Bomb
    return look


_SHARED = re.compile(rb't="s"[^>]*>\s*<v>\s*([0-9]{1,9})')


def _shown(archive: Archive, part: str) -> int:
    """Count the bytes of the shared texts as often as a sheet's cells show them, at least."""
    texts = b"".join(archive.blocks("xl/sharedstrings.xml")).split(b"</si>")
    lengths = [len(text) for text in texts]
    total, left = 0, b""
    for block in archive.blocks(part):
        whole, _, left = (left + block).rpartition(b"<c ")
        for found in _SHARED.findall(whole):
            total += lengths[int(found)] if int(found) < len(lengths) else 0
    return total


def _sheet(
    sheet: CalamineSheet,
    look: Look,
    corners: frozenset[tuple[int, int]],
    counted: Counted,
    *,
    since_1904: bool,
) -> Sheet:
    # Of the cells before the first value calamine gives the rows, and not the columns.
    left = sheet.start[1] if sheet.start else 0
    before = (None,) * left
    rows: list[tuple[Cell, ...]] = []
    for values in sheet.iter_rows():
        # Spelled out, for this runs once for every cell of a large sheet.
        row = [
            value or None
            if type(value) is str
            else int(value)
            if type(value) is float and value.is_integer() and -EXACT < value < EXACT
            else from_float(value)
            if type(value) is float
            else value
            if type(value) is date
            else _plain(value)
            for value in values
        ]
        counted.row(len(row) - row.count(None))
        rows.append((*before, *row))
    width = max(map(len, rows), default=0)
    merged = tuple(look.merged)
    # Only the part within the values is ever looked at.
    area = sum(
        max(0, min(merge.bottom + 1, len(rows)) - merge.top)
        * max(0, min(merge.right + 1, width) - merge.left)
        for merge in merged
    )
    if area > MOST_MERGED:
        raise TooLarge
    return Sheet(
        name=sheet.name,
        rows=tuple(rows),
        merged=merged,
        hidden_rows=frozenset(look.hidden_rows),
        hidden_columns=frozenset(c for c in look.hidden_columns if c < width),
        broken=look.broken,
        red=frozenset(at for at in look.reddened if _above_zero(rows, at)),
        pictures=corners,
        since_1904=since_1904,
    )


def _plain(value: Any) -> Cell:
    """Give what calamine read as one of our values."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, int | date) else str(value)


def _above_zero(rows: list[tuple[Cell, ...]], at: tuple[int, int]) -> bool:
    row = rows[at[0]] if at[0] < len(rows) else ()
    value = row[at[1]] if at[1] < len(row) else None
    return isinstance(value, int | Decimal) and value > 0
