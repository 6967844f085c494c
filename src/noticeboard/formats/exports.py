"""A notice as files for other programs: JSON, and tables that run nothing in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
import xlsxwriter
from msgspec import Struct

CSV: Final = "text/csv; charset=utf-8"
JSON: Final = "application/json"
PDF: Final = "application/pdf"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# A spreadsheet takes a cell that begins so for a formula and runs it.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")

# Excel asks so much of a column, and shows no wider one well.
_NARROW: Final = 8
_WIDE: Final = 48
_NO_FORMULA: Final = {"quote_prefix": True}


class Yuan(Struct, frozen=True):
    """An amount of money in fen, written in yuan with two places."""

    fen: int

    def __str__(self) -> str:
        """Write it without commas."""
        return plain_yuan(self.fen)


class Quantity(Struct, frozen=True):
    """A quantity in thousandths, written with as many places as it has."""

    thousandths: int

    def __str__(self) -> str:
        """Write it without commas."""
        return plain_thousandths(self.thousandths)


Cell = str | int | Yuan | Quantity | None


def csv_file(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write a table as CSV: UTF-8 with a byte order mark, so that Excel reads the Chinese.

    Numbers stay numbers, also negative ones; text that a spreadsheet would run as a formula gets an
    apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(head) for head in heads])
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def safe(cell: Cell) -> str:
    """Give a cell as it is written: what is not a number never begins like a formula."""
    if cell is None:
        return ""
    text = str(cell)
    if text.startswith(_FORMULA) and _NUMBER.fullmatch(text) is None:
        return f"'{text}"
    return text


def xlsx_file(
    heads: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    about: Sequence[tuple[str, str]],
    made: datetime,
) -> bytes:
    """Write a table as a workbook: numbers as numbers, every text as text, never a formula.

    A second sheet says `about` what it is. The same table gives the same bytes: `made` is the time
    the file tells, and it tells nobody's name.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": made})
        sheet, told = book.add_worksheet("公示"), book.add_worksheet("说明")
        bold, quoted = book.add_format({"bold": True}), book.add_format(_NO_FORMULA)
        yuan = book.add_format({"num_format": "#,##0.00"})
        widths = [_width(head) for head in heads]
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
        for nth, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                widths[column] = max(widths[column], _width(cell))
                match cell:
                    case Yuan():
                        sheet.write_number(nth, column, Decimal(str(cell)), yuan)
                    case int() | Quantity():
                        sheet.write_number(nth, column, Decimal(str(cell)))
                    case str(text) if text:
                        how = quoted if safe(text) != text else None
                        sheet.write_string(nth, column, text, how)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        for nth, (label, text) in enumerate(about):
            told.write_string(nth, 0, label, bold)
            told.write_string(nth, 1, text, quoted if safe(text) != text else None)
        told.set_column(0, 0, _NARROW * 2)
        told.set_column(1, 1, _WIDE)
    return out.getvalue()


def _width(cell: Cell) -> int:
    """Say how broad a cell is, in digits; a Chinese character takes two."""
    text = "" if cell is None else str(cell)
    return min(_WIDE, max(_NARROW, 2 + len(text) + sum(char > "\u2e80" for char in text)))


def plain_yuan(amount: int) -> str:
    """Write fen as yuan for a spreadsheet: -123450 is `-1234.50`, without commas."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def plain_thousandths(amount: int) -> str:
    """Write thousandths for a spreadsheet: 8500 is `8.5`."""
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), 1000)
    return f"{sign}{whole}.{part:03d}".rstrip("0").rstrip(".") if part else f"{sign}{whole}"


def json_file(document: Any) -> bytes:
    """Write a document as JSON for people's eyes too: two spaces, one line end at the end."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
