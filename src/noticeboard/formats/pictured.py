"""Cells that hold a picture, as WPS keeps scanned signatures: emptied, for a name they are not."""

import re

from msgspec.structs import replace

from noticeboard.core.sheet.cells import Book, Sheet

_PICTURE = re.compile(r"=(?:_xlfn\.)?DISPIMG\(", re.IGNORECASE)
_SAID = "图片"


def without_pictures(book: Book) -> Book:
    """Empty such cells of all sheets, and say that pictures were left behind where there are any.

    It looks at every cell: of a very large book ask first whether there can be any.
    """
    sheets = tuple(map(_emptied, book.sheets))
    some = any(after is not before for after, before in zip(sheets, book.sheets, strict=True))
    more = (_SAID,) if some and _SAID not in book.dropped else ()
    return replace(book, sheets=sheets, dropped=(*book.dropped, *more))


def _emptied(sheet: Sheet) -> Sheet:
    rows = list(sheet.rows)
    found = set()
    for number, row in enumerate(rows):
        if any(type(cell) is str and cell[:1] == "=" for cell in row):
            here = {c for c, cell in enumerate(row) if _PICTURE.match(str(cell))}
            rows[number] = tuple(None if c in here else cell for c, cell in enumerate(row))
            found |= {(number, column) for column in here}
    if not found:
        return sheet
    return replace(sheet, rows=tuple(rows), pictures=sheet.pictures | found)
