"""Reads .ods, the open format of LibreOffice (and of WPS on request), in one pass over its XML.

Values, merged ranges, what is hidden, comments and pictures stand side by side there, so no second
reader is needed; sheets and lines repeated a million times over are counted, not laid out.
"""

import re
from datetime import date
from typing import Final

from msgspec import Struct

from noticeboard.core.sheet.cells import Book, Cell, Merge, Sheet
from noticeboard.formats.archive import Archive
from noticeboard.formats.bounds import (
    MOST_COLUMNS,
    MOST_MERGED,
    MOST_SHEETS,
    Counted,
    Damaged,
    Locked,
    NoWorkbook,
    Tell,
    TooLarge,
    fitting,
)
from noticeboard.formats.numbers import from_float
from noticeboard.formats.odsstyles import OdsStyles
from noticeboard.formats.sheetxml import elements

MIMETYPE: Final = b"application/vnd.oasis.opendocument.spreadsheet"

# Elements whose words are none of a cell's: what floats above, and what is no sheet at all.
_FLOATING = {"frame", "custom-shape", "rect", "line", "ellipse", "circle", "polygon", "polyline",
             "path", "connector", "caption", "measure", "control", "g"}  # fmt: skip
_ASIDE = _FLOATING | {"annotation", "shapes", "tracked-changes", "forms", "content-validations",
                      "database-ranges", "named-expressions", "ruby-text"}  # fmt: skip
_PROPERTIES = "文件属性（作者、单位、时间）"
_ERROR = re.compile(r"#[A-Z/0!?]+|Err:\d+", re.IGNORECASE)


class _Cell(Struct):
    """The cell at hand: its attributes and the words inside."""

    given: dict[str, str]
    repeated: int
    words: list[str]


def read(data: bytes, tell: Tell) -> Book:
    """Read a workbook; raises what `bounds` names, and what zipfile, zlib and expat raise."""
    archive = Archive(data)
    if MIMETYPE not in b"".join(archive.blocks("mimetype")):
        raise NoWorkbook
    _refuse_locked(archive)
    styles = OdsStyles()
    if "styles.xml" in archive:
        elements(archive.blocks("styles.xml"), styles.begin)
    content = _Content(styles, Counted(tell))
    elements(archive.blocks("content.xml"), content.begin, content.end, content.text)
    return Book(tuple(content.sheets), tuple(_left_behind(archive, content)))


def _refuse_locked(archive: Archive) -> None:
    def begin(tag: str, _: dict[str, str]) -> None:
        if tag == "encryption-data":
            raise Locked

    part = "META-INF/manifest.xml"
    if part in archive:
        elements(archive.blocks(part), begin)


def _left_behind(archive: Archive, content: "_Content") -> list[str]:
    names = archive.names()
    dropped = ["批注"] if content.commented else []
    if any(sheet.pictures for sheet in content.sheets) or content.floating:
        dropped.append("图片或图形")
    if any(name.startswith(("basic/", "scripts/")) for name in names):
        dropped.append("宏")
    if "meta.xml" in names:
        dropped.append(_PROPERTIES)
    return dropped


class _Content:
    """Follows `content.xml` sheet by sheet; `sheets` is what came of it."""

    def __init__(self, styles: OdsStyles, counted: Counted) -> None:
        self._styles = styles
        self._counted = counted
        self._aside = self._depth = 0
        self._cell: _Cell | None = None
        self._since_1904 = False
        self.sheets: list[Sheet] = []
        self.commented = self.floating = False
        self._open("", hidden=False)

    def _open(self, name: str, *, hidden: bool) -> None:
        self._name, self._hidden = name, hidden
        self._row = self._column = self._rows_repeated = 0
        self._line: list[Cell] = []
        self._rows: list[tuple[Cell, ...]] = []
        self._merged: list[Merge] = []
        self._hidden_rows: list[range] = []
        self._hidden_columns: set[int] = set()
        self._broken: dict[tuple[int, int], str] = {}
        self._calculated = False
        self._red: set[tuple[int, int]] = set()
        self._pictures: set[tuple[int, int]] = set()

    def begin(self, tag: str, given: dict[str, str]) -> None:
        """Enter an element."""
        if self._aside or tag in _ASIDE:
            self._stand_aside(tag)
            return
        match tag:
            case "table":
                self._depth += 1
                if self._depth == 1:
                    style = given.get("table:style-name", "")
                    self._open(given.get("table:name", ""), hidden=self._styles.hides(style))
            case "null-date":
                self._since_1904 = given.get("table:date-value", "").startswith("1904")
            case _ if self._depth > 1:
                return
            case "table-column":
                self._columns(given)
            case "table-row":
                self._rows_repeated = _times(given, "table:number-rows-repeated")
                if given.get("table:visibility", "visible") != "visible":
                    self._hidden_rows.append(range(self._row, self._row + self._rows_repeated))
                self._column, self._line = 0, []
            case "table-cell" | "covered-table-cell":
                repeated = _times(given, "table:number-columns-repeated")
                self._cell = _Cell(given, repeated, [])
            case "p" if self._cell is not None and self._cell.words:
                self._cell.words.append("\n")
            case "s" if self._cell is not None:
                self._cell.words.append(" " * min(_times(given, "text:c"), 100))
            case "tab" | "line-break" if self._cell is not None:
                self._cell.words.append(" ")
            case _:
                self._styles.begin(tag, given)

    def _stand_aside(self, tag: str) -> None:
        self._aside += 1
        if self._hidden:
            return
        self.commented = self.commented or tag == "annotation"
        if tag in _FLOATING and self._aside == 1 and self._cell is not None:
            self._pictures.add((self._row, self._column))
        self.floating = self.floating or (tag in _FLOATING and self._depth > 0)

    def text(self, words: str) -> None:
        """Take the words of a cell."""
        if self._cell is not None and not self._aside and self._depth == 1:
            self._cell.words.append(words)

    def end(self, tag: str) -> None:
        """Leave an element."""
        if self._aside:
            self._aside -= 1
        elif tag == "table":
            self._depth -= 1
            if self._depth == 0:
                self._close()
        elif self._depth == 1 and tag == "table-row":
            self._end_row()
        elif self._depth == 1 and self._cell is not None and tag.endswith("table-cell"):
            self._end_cell(self._cell)
            self._cell = None

    def _columns(self, given: dict[str, str]) -> None:
        count = _times(given, "table:number-columns-repeated")
        if given.get("table:visibility", "visible") != "visible":
            last = min(self._column + count, MOST_COLUMNS)
            self._hidden_columns |= set(range(self._column, last))
        self._column += count

    def _end_cell(self, cell: _Cell) -> None:
        first = self._column
        self._column += cell.repeated
        value = None if self._hidden else _value(cell.given, "".join(cell.words))
        at = (self._row, first)
        if "table:formula" in cell.given and "office:value-type" in cell.given:
            self._calculated = True
        if not self._hidden and (said := _wrong(cell.given, value)):
            fitting(*at)
            self._broken[at] = said
            value = None
        self._span(cell.given, at)
        if value is None:
            return
        fitting(self._row + self._rows_repeated - 1, self._column - 1)
        self._line += [None] * (first - len(self._line)) + [value] * cell.repeated
        above_zero = not isinstance(value, str | date) and value > 0
        if above_zero and self._styles.reddens(cell.given.get("table:style-name", "")):
            rows = range(self._row, self._row + self._rows_repeated)
            self._red |= {(row, column) for row in rows for column in range(first, self._column)}

    def _span(self, given: dict[str, str], at: tuple[int, int]) -> None:
        rows = _times(given, "table:number-rows-spanned")
        columns = _times(given, "table:number-columns-spanned")
        if (rows, columns) != (1, 1):
            self._merged.append(Merge(*at, at[0] + rows - 1, at[1] + columns - 1))

    def _end_row(self) -> None:
        if self._line:
            row = tuple(self._line)
            values = len(row) - row.count(None)
            self._rows += [()] * (self._row - len(self._rows))
            for _ in range(self._rows_repeated):
                self._rows.append(row)
                self._counted.row(values)
        self._row += self._rows_repeated

    def _close(self) -> None:
        height = len(self._rows)
        width = max(map(len, self._rows), default=0)
        merged = [each for each in self._merged if each.top < height and each.left < width]
        area = sum(
            (min(each.bottom + 1, height) - each.top) * (min(each.right + 1, width) - each.left)
            for each in merged
        )
        if area > MOST_MERGED or len(self.sheets) == MOST_SHEETS:
            raise TooLarge
        self.sheets.append(
            Sheet(
                name=self._name,
                rows=tuple(self._rows),
                hidden=self._hidden,
                merged=tuple(merged),
                hidden_rows=frozenset(
                    row for rows in self._hidden_rows for row in rows[: max(0, height - rows.start)]
                ),
                hidden_columns=frozenset(c for c in self._hidden_columns if c < width),
                broken=self._still_broken(),
                red=frozenset(self._red),
                pictures=frozenset(self._pictures),
                since_1904=self._since_1904,
            )
        )
        self._open("", hidden=False)

    def _still_broken(self) -> dict[tuple[int, int], str]:
        """Take out the formulas that came to an empty text: nothing is written of that either.

        Whoever calculated one formula of a sheet calculated all of them.
        """
        if not self._calculated:
            return self._broken
        return {at: shown for at, shown in self._broken.items() if shown != "="}


def _times(given: dict[str, str], name: str) -> int:
    count = int(given.get(name, "1"))
    if count < 1:
        raise Damaged
    return count


def _value(given: dict[str, str], words: str) -> Cell:
    match given.get("office:value-type"):
        case "float" | "currency" | "percentage":
            return from_float(float(given["office:value"]))
        case "date":
            return date.fromisoformat(given["office:date-value"][:10])
        case "boolean":
            return "TRUE" if given.get("office:boolean-value") == "true" else "FALSE"
        case _:
            return words or given.get("office:string-value") or None


def _wrong(given: dict[str, str], value: Cell) -> str:
    """Say what a cell shows instead of a value: an error, or `=` where nothing was calculated."""
    if given.get("calcext:value-type") == "error":
        return str(value or "#N/A")
    if "table:formula" not in given:
        return ""
    if "office:value-type" not in given and value is None:
        return "="
    return value if isinstance(value, str) and _ERROR.fullmatch(value) else ""
