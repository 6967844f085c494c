"""Reads the old binary workbooks: .xls, and WPS's .et, which is the same inside.

xlrd alone reads them: it is the one reader that tells values, merged ranges, fonts, formats and
what is hidden from the same pass, so the two can never disagree. What it keeps to itself (where
pictures stand) is read from the same records. Of a formula the file has only the last value, and
never says whether it was calculated.
"""

import io
import struct
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import xlrd
from xlrd.compdoc import CompDoc

from noticeboard.core.sheet.cells import Book, Cell, Merge, Sheet
from noticeboard.formats.bounds import (
    MOST_MERGED,
    MOST_SHEETS,
    Counted,
    Damaged,
    Locked,
    NoWorkbook,
    Tell,
    TooLarge,
)
from noticeboard.formats.numbers import from_float
from noticeboard.formats.styles import red_above_zero, reddish

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The names of streams, as OLE writes them: an encrypted .xlsx; and what is left behind.
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_KINDS: Final = (
    ("_VBA_PROJECT".encode("utf-16-le"), "宏"),
    ("MBD0".encode("utf-16-le"), "嵌入的文件"),
    ("\x05SummaryInformation".encode("utf-16-le"), "文件属性（作者、单位、时间）"),
)

# Records (MS-XLS 2.3), and what an object's record calls a picture's neighbours that are no object:
# the arrow of a filter and the frame of a comment.
_BOF, _EOF, _FILEPASS, _BOUNDSHEET = 0x809, 0x0A, 0x2F, 0x85
_DRAWING, _OBJECT = 0xEC, 0x5D
_ARROW, _COMMENT = 0x14, 0x19
# The head of a client anchor in a drawing: 18 bytes, of which the second and the fourth number are
# the column and the row of its corner.
_ANCHOR: Final = b"\x00\x00\x10\xf0\x12\x00\x00\x00"
_NEW_OBJECT: Final = b"\x15\x00\x12\x00"
Corners = frozenset[tuple[int, int]]


def read(data: bytes, tell: Tell) -> Book:
    """Read a workbook; raises what `bounds` names."""
    if _ENCRYPTED in data:
        raise Locked
    try:
        return _book(data, tell)
    except (TooLarge, Locked, NoWorkbook):
        raise
    except Exception as problem:
        # xlrd trusts what it reads, and says of a damaged file whatever it stumbles over.
        raise Damaged from problem


def _book(data: bytes, tell: Tell) -> Book:
    stream = _stream(data)
    pictures = _pictures(stream)
    book = xlrd.open_workbook(
        file_contents=data,
        formatting_info=True,
        ragged_rows=True,
        logfile=io.StringIO(),
        ignore_workbook_corruption=True,
    )
    if book.nsheets > MOST_SHEETS:
        raise TooLarge
    counted = Counted(tell)
    red = _red_styles(book)
    sheets = tuple(
        _sheet(book, sheet, red, corners, counted)
        for sheet, corners in zip(book.sheets(), pictures, strict=True)
    )
    dropped = []
    if any(sheet.cell_note_map for sheet in book.sheets()):
        dropped.append("批注")
    if any(pictures):
        dropped.append("图片或图形")
    dropped += [said for name, said in _KINDS if name in data]
    return Book(sheets, tuple(dropped))


def _stream(data: bytes) -> bytes:
    """Give the stream that is the workbook; a document of another program has none."""
    document = CompDoc(data, logfile=io.StringIO(), ignore_workbook_corruption=True)
    for name in ("Workbook", "Book"):
        stream = document.get_named_stream(name)
        if stream:
            return bytes(stream)
    raise NoWorkbook


def _records(stream: bytes, at: int = 0) -> Iterator[tuple[int, bytes]]:
    """Give the records of one part of the stream, from its beginning to its own end."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            return


def _pictures(stream: bytes) -> list[Corners]:
    """Find for each worksheet where its pictures and objects begin; raises Locked."""
    begins = []
    for kind, body in _records(stream):
        if kind == _FILEPASS:
            raise Locked
        if kind == _BOUNDSHEET:
            begin, _, sort = struct.unpack_from("<IBB", body)
            if sort == 0:
                begins.append(begin)
    return [_corners(stream, begin) for begin in begins]


def _corners(stream: bytes, begin: int) -> Corners:
    found = set()
    corner = None
    for kind, body in _records(stream, begin):
        if kind == _DRAWING:
            head = body.find(_ANCHOR)
            if head >= 0:
                _, column, _, row = struct.unpack_from("<4H", body, head + len(_ANCHOR))
                corner = (row, column)
        elif kind == _OBJECT:
            if not body.startswith(_NEW_OBJECT):
                # Before there were drawings, an object told its corner itself.
                column, _, row = struct.unpack_from("<3H", body, 10)
                corner = (row, column)
            sort = struct.unpack_from("<H", body, 4)[0]
            if sort not in {_ARROW, _COMMENT} and corner is not None:
                found.add(corner)
    return frozenset(found)


def _red_styles(book: Any) -> frozenset[int]:
    """Give the numbers of the styles that show a number above zero in red."""
    fonts = [
        reddish(*(book.colour_map.get(font.colour_index) or (0, 0, 0))) for font in book.font_list
    ]
    formats = {
        key for key, each in book.format_map.items() if red_above_zero(each.format_str or "")
    }
    return frozenset(
        number
        for number, style in enumerate(book.xf_list)
        if style.format_key in formats
        or (style.font_index < len(fonts) and fonts[style.font_index])
    )


def _sheet(
    book: Any, sheet: Any, red: frozenset[int], pictures: Corners, counted: Counted
) -> Sheet:
    if sheet.visibility:
        return Sheet(name=sheet.name, rows=(), hidden=True)
    rows: list[tuple[Cell, ...]] = []
    broken: dict[tuple[int, int], str] = {}
    reddened = set()
    for number in range(sheet.nrows):
        kinds, values = sheet.row_types(number), sheet.row_values(number)
        row = []
        for column, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            cell = _cell(kind, value, book.datemode)
            row.append(cell)
            if kind == xlrd.XL_CELL_ERROR:
                broken[number, column] = xlrd.error_text_from_code.get(value, "#N/A")
            elif (
                kind == xlrd.XL_CELL_NUMBER
                and value > 0
                and sheet.cell_xf_index(number, column) in red
            ):
                reddened.add((number, column))
        counted.row(len(row) - row.count(None))
        rows.append(tuple(row))
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    return Sheet(
        name=sheet.name,
        rows=tuple(rows),
        merged=_merged(sheet, len(rows)),
        hidden_rows=frozenset(n for n, row in sheet.rowinfo_map.items() if _unseen(row)),
        hidden_columns=frozenset(
            number
            for number, column in sheet.colinfo_map.items()
            if number < sheet.ncols and (column.hidden or column.width == 0)
        ),
        broken=broken,
        red=frozenset(reddened),
        pictures=pictures,
        since_1904=bool(book.datemode),
    )


def _unseen(row: Any) -> bool:
    return bool(row.hidden or (row.height == 0 and row.height_mismatch))


def _merged(sheet: Any, height: int) -> tuple[Merge, ...]:
    merged = tuple(
        Merge(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells
    )
    area = sum(
        max(0, min(each.bottom + 1, height) - each.top) * (each.right + 1 - each.left)
        for each in merged
    )
    if area > MOST_MERGED:
        raise TooLarge
    return merged


def _cell(kind: int, value: Any, datemode: int) -> Cell:
    match kind:
        case xlrd.XL_CELL_TEXT:
            return str(value) or None
        case xlrd.XL_CELL_NUMBER:
            return from_float(value)
        case xlrd.XL_CELL_DATE:
            return _day(value, datemode)
        case xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if value else "FALSE"
        case _:
            return None


def _day(value: float, datemode: int) -> date | int | Decimal | str | None:
    try:
        moment: datetime = xlrd.xldate_as_datetime(value, datemode)
    except (ValueError, OverflowError):
        # Formatted as a date, and no date that ever was.
        return from_float(value)
    return moment.date()
