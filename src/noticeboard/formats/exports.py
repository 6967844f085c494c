"""A notice as files that other programs read: JSON, and CSV that runs nothing in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

CSV: Final = "text/csv; charset=utf-8"
JSON: Final = "application/json"
PDF: Final = "application/pdf"

# A spreadsheet takes a cell that begins so for a formula and runs it.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def csv_file(heads: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> bytes:
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


def safe(cell: str | int | None) -> str:
    """Give a cell as it is written: what is not a number never begins like a formula."""
    if cell is None:
        return ""
    text = str(cell)
    if text.startswith(_FORMULA) and _NUMBER.fullmatch(text) is None:
        return f"'{text}"
    return text


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
