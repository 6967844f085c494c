"""A workbook given back with what is wrong in it coloured and said beside each cell.

It goes back to whoever brought it and is kept nowhere, so everything they wrote is still in it. An
.xlsx stays the same workbook, opened and saved by openpyxl; of any other format, and of a very long
one, come the values as they were read.
"""

from collections import defaultdict
from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import msgspec
from msgspec import Struct

from noticeboard.core.sheet import Book
from noticeboard.core.sheet.cells import Sheet, letters, words
from noticeboard.formats.apart import Apart
from noticeboard.formats.bounds import Tell
from noticeboard.formats.understanding import File, opened

# Both tints carry dark text, on a screen and printed.
RED: Final = "F4B8AE"
AMBER: Final = "FBE3A0"
# Beyond these, some 20,000 rows, openpyxl takes minutes: it makes an object of every cell.
_MOST_BYTES: Final = 2_000_000
_MOST_UNPACKED: Final = 7_000_000
_WIDTH, _HEIGHT, _LINE = 320, 60, 24
_AUTHOR: Final = "公开栏"
_MARKED: Final = f"{__name__}:marked_apart"


class Mark(Struct, frozen=True):
    """What is to be said at a cell of a sheet: an error is red, anything else amber."""

    sheet: str
    cell: str
    said: str
    error: bool


class _Asked(Struct, frozen=True):
    file: File
    marks: tuple[Mark, ...]
    same: bool


_ASKED: Final = msgspec.msgpack.Decoder(_Asked)


def keeps_looks(file: File) -> bool:
    """Say whether the copy of a file is the same workbook; else it is its bare values."""
    if not file.name.lower().endswith((".xlsx", ".xlsm")) or len(file.data) > _MOST_BYTES:
        return False
    try:
        with ZipFile(BytesIO(file.data)) as archive:
            return sum(part.file_size for part in archive.infolist()) <= _MOST_UNPACKED
    except BadZipFile:
        return False


def marked(file: File, marks: Sequence[Mark]) -> bytes:
    """Give a workbook as .xlsx with its marks, made in a child; raises NotValid."""
    asked = _Asked(file, tuple(marks), keeps_looks(file))
    given = msgspec.msgpack.encode(asked)
    return Apart(_MARKED, ready=False).ask(given)


# In the child.


def marked_apart(given: bytes, tell: Tell) -> bytes:
    """Answer `marked`."""
    asked = _ASKED.decode(given)
    book = opened(asked.file, tell)
    marks: defaultdict[str, dict[str, list[Mark]]] = defaultdict(dict)
    for mark in asked.marks:
        marks[mark.sheet].setdefault(mark.cell, []).append(mark)
    if asked.same:
        return _same(asked.file.data, marks)
    return _anew(book, marks)


def _said(marks: Sequence[Mark]) -> str:
    return "\n".join(mark.said for mark in marks)


def _size(said: str) -> int:
    return _HEIGHT + _LINE * (said.count("\n") + len(said) // 22)


def _same(data: bytes, marks: dict[str, dict[str, list[Mark]]]) -> bytes:
    from openpyxl import load_workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill
    from openpyxl.utils.cell import coordinate_to_tuple

    book = load_workbook(BytesIO(data))
    for sheet in book.worksheets:
        for cell, found in marks.get(words(sheet.title), {}).items():
            tint = RED if any(mark.error for mark in found) else AMBER
            # Of a merged range only the first cell can be written to.
            begins = (r.top[0] for r in sheet.merged_cells.ranges if cell in r)
            row, column = next(begins, coordinate_to_tuple(cell))
            at, said = sheet.cell(row, column), _said(found)
            at.fill = PatternFill("solid", fgColor=tint)
            at.comment = Comment(said, _AUTHOR, height=_size(said), width=_WIDTH)
    return _saved(book)


def _saved(book: Any) -> bytes:
    """Write a workbook of openpyxl in memory: it would put each sheet into a file on a disk."""
    from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
    from openpyxl.worksheet._writer import WorksheetWriter
    from openpyxl.writer.excel import ExcelWriter

    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, allowZip64=True) as archive:

        class InMemory(ExcelWriter):
            # What the original does, but for the file.
            def write_worksheet(self, ws: Any) -> None:
                drawing, page = SpreadsheetDrawing(), BytesIO()
                drawing.charts, drawing.images = ws._charts, ws._images  # noqa: SLF001
                ws._drawing = drawing  # noqa: SLF001
                writer: Any = WorksheetWriter(ws, out=page)
                writer.write()
                ws._rels = writer._rels  # noqa: SLF001
                archive.writestr(ws.path[1:], page.getvalue())
                self.manifest.append(ws)

        InMemory(book, archive).save()
    return out.getvalue()


def _anew(book: Book, marks: dict[str, dict[str, list[Mark]]]) -> bytes:
    import xlsxwriter

    out = BytesIO()
    # Text stays text, whatever it begins with.
    kept = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, {**kept, "strings_to_numbers": False}) as made:
        tints = {
            True: made.add_format({"bg_color": f"#{RED}"}),
            False: made.add_format({"bg_color": f"#{AMBER}"}),
        }
        names: set[str] = set()
        for number, sheet in enumerate(book.sheets, 1):
            page = made.add_worksheet(_name(sheet, number, names))
            here = marks.get(words(sheet.name), {})
            tinted = {cell: tints[any(m.error for m in found)] for cell, found in here.items()}
            for row, line in enumerate(sheet.rows):
                for column, value in enumerate(line):
                    tint = tinted.get(f"{letters(column)}{row + 1}") if tinted else None
                    if isinstance(value, str | None):
                        page.write(row, column, value, tint)
                    elif hasattr(value, "isoformat"):
                        page.write_string(row, column, value.isoformat(), tint)
                    else:
                        page.write_number(row, column, value, tint)
            for cell, found in here.items():
                said = _said(found)
                sized = {"x_scale": 2.5, "height": _size(said), "author": _AUTHOR}
                page.write_comment(cell, said, sized)
    return out.getvalue()


def _name(sheet: Sheet, number: int, names: set[str]) -> str:
    """Give a sheet's name as a workbook takes it: no such signs, 31 of them, each once."""
    bare = "".join(ch for ch in words(sheet.name) if ch not in "[]:*?/\\").strip("'")[:28]
    named = bare if bare and bare.casefold() not in names else f"{bare}{number}"
    names.add(named.casefold())
    return named
