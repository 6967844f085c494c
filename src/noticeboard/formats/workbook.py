"""A workbook's bytes in, plain values out: opened safely, and without what nobody meant to show.

python-calamine reads the values; what it does not tell (hidden rows and columns, cells that show an
error, formulas that were never calculated) is read from the same XML in one bounded pass. Nothing
is ever calculated or run, and of the file only values come through.
"""

import csv
import io
import math
import re
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat

import msgspec
import yaml
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from noticeboard import shipped
from noticeboard.core.problems import NotValid
from noticeboard.core.sheet.cells import Book, Cell, Merge, Sheet
from noticeboard.core.sheet.headers import Headers

# A year's roster of a large village is under 1 MB; these are bounds, not expectations.
MOST_BYTES = 20_000_000
MOST_UNPACKED = 150_000_000
MOST_PARTS = 2_000
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_SHEETS = 50
MOST_MERGED = 200_000

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The name of the stream in which Office keeps an encrypted workbook, as OLE writes names.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TEXT = {".csv", ".tsv", ".txt"}
_SAVE_AGAIN = "请用 Excel 或 WPS 打开，另存为 .xlsx 再上传。"


def headers() -> Headers:
    """Read `data/headers.yaml`; raises msgspec.ValidationError when a list is missing."""
    text = (shipped("data") / "headers.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text), Headers)


def read(data: bytes, name: str) -> Book:
    """Open a workbook (.xlsx, .xlsm, .csv, .tsv) and give its values at Excel's addresses.

    Raises NotValid with what, where and the next step: empty, over 20 MB, not a workbook, locked by
    a password, damaged, an old format that hides what it hides, or larger than any village's sheet.
    """
    if not data:
        raise NotValid("这个文件是空的。", where=name, fix="请重新选择文件。")
    if len(data) > MOST_BYTES:
        raise NotValid("文件超过 20 MB。", where=name, fix="请去掉里面的图片再上传。")
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise _locked(name)
        raise NotValid("这是旧格式的表格，看不出哪些行列是隐藏的。", where=name, fix=_SAVE_AGAIN)
    if data.startswith(_ZIP):
        return _zipped(data, name)
    if PurePosixPath(name.lower()).suffix in _TEXT:
        return _text(data, name)
    raise NotValid("这不是表格文件。", where=name, fix="请上传 .xlsx 或 .csv 文件。")


def _locked(name: str) -> NotValid:
    return NotValid("这个表格有密码，打不开。", where=name, fix="请去掉打开密码再上传。")


def _damaged(name: str) -> NotValid:
    return NotValid("这个表格坏了，读不出来。", where=name, fix=_SAVE_AGAIN)


def _too_large(name: str) -> NotValid:
    return NotValid(
        "表格太大：最多 {rows} 行、{columns} 列、{sheets} 张表。",
        where=name,
        fix="请删去多余的空行空列，或分成几个文件。",
        rows=MOST_ROWS,
        columns=MOST_COLUMNS,
        sheets=MOST_SHEETS,
    )


# Excel's own format.


def _zipped(data: bytes, name: str) -> Book:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            # The directory may lie about sizes, so every part that is read is read with a bound.
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise NotValid("文件解开后太大。", where=name, fix=_SAVE_AGAIN)
            if any(part.flag_bits & 1 for part in parts):
                raise _locked(name)
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                raise NotValid("这不是表格文件。", where=name, fix="请上传 .xlsx 或 .csv 文件。")
            places = _sheet_parts(archive)
            if len(places) > MOST_SHEETS:
                raise _too_large(name)
            looks = {sheet: _Look(name).over(archive, part) for sheet, part in places.items()}
        return Book(_sheets(data, looks, name), _left_behind(names))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, EOFError, ValueError) as problem:
        raise _damaged(name) from problem
    except (expat.ExpatError, zlib.error, NotImplementedError, OSError) as problem:
        raise _damaged(name) from problem


def _sheets(data: bytes, looks: "dict[str, _Look]", name: str) -> tuple[Sheet, ...]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return tuple(
                _sheet(
                    book.get_sheet_by_name(each.name),
                    looks[each.name],
                    name,
                    hidden=each.visible is not SheetVisibleEnum.Visible,
                )
                for each in book.sheets_metadata
                if each.typ is SheetTypeEnum.WorkSheet and each.name in looks
            )
    except PasswordError as problem:
        raise _locked(name) from problem
    except CalamineError as problem:
        raise _damaged(name) from problem


def _sheet(sheet: CalamineSheet, look: "_Look", name: str, *, hidden: bool) -> Sheet:
    rows = tuple(tuple(map(_plain, row)) for row in sheet.to_python(skip_empty_area=False))
    width = max(map(len, rows), default=0)
    merged = tuple(
        Merge(top, left, bottom, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    # Only the part within the values is ever looked at.
    area = sum(
        max(0, min(merge.bottom + 1, len(rows)) - merge.top)
        * max(0, min(merge.right + 1, width) - merge.left)
        for merge in merged
    )
    if area > MOST_MERGED:
        raise _too_large(name)
    return Sheet(
        name=sheet.name,
        rows=rows,
        hidden=hidden,
        merged=merged,
        hidden_rows=frozenset(look.hidden_rows),
        hidden_columns=frozenset(c for c in look.hidden_columns if c < width),
        broken=look.broken,
    )


def _plain(value: Any) -> Cell:
    """Give calamine's value as one of ours; a number keeps the shortest digits that mean it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and math.isfinite(value):
        whole = value.is_integer() and abs(value) < 2**53
        return int(value) if whole else Decimal(repr(value))
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str | int | date):
        return value or None if isinstance(value, str) else value
    return str(value)


_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Give the part of each worksheet by its name, as the workbook's own list says."""
    targets: dict[str, str] = {}
    found: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = attributes["Target"]
            targets[attributes["Id"]] = (
                target[1:] if target.startswith("/") else str(PurePosixPath("xl", target))
            )

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            identifier = next(v for k, v in attributes.items() if k.rpartition(":")[2] == "id")
            if identifier in targets:
                found[attributes["name"]] = targets[identifier]

    _elements(archive, "xl/_rels/workbook.xml.rels", relation)
    _elements(archive, "xl/workbook.xml", sheet)
    return found


def _elements(
    archive: zipfile.ZipFile,
    part: str,
    begin: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Read a part's elements in order, names without prefix; a document type is refused."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, given: begin(tag.rpartition(":")[2], given)
    if end:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    if text:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    left = MOST_UNPACKED
    with archive.open(part) as stream:
        while block := stream.read(1 << 16):
            left -= len(block)
            if left < 0:
                raise ValueError(part)
            parser.Parse(block, False)
    parser.Parse(b"", True)


def _refuse_doctype(*_: Any) -> None:
    # Entities that unfold, or reach for files outside, are declared in a document type; no
    # program that writes workbooks writes one.
    raise ValueError("document type")


_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class _Look:
    """What calamine does not tell of a sheet, and whether the sheet is small enough to be read.

    A single value in the last cell of an endless sheet would make any reader lay out all the
    cells before it, so this pass comes first.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._row = self._column = -1
        # Of the cell at hand: it shows an error, has a formula, had its value, is inside of it.
        self._error = self._formula = self._value = self._reading = False
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.broken: dict[tuple[int, int], str] = {}

    def over(self, archive: zipfile.ZipFile, part: str) -> "_Look":
        """Look over a sheet's part; raises NotValid when it is too large."""
        _elements(archive, part, self._begin, self._end, self._text)
        return self

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        match tag:
            case "c":
                self._begin_cell(given)
            case "row":
                self._row = int(given["r"]) - 1 if "r" in given else self._row + 1
                self._column = -1
                if _true(given.get("hidden")) or given.get("ht") == "0":
                    self.hidden_rows.add(self._row)
            case "f":
                self._formula = True
            case "v" | "is":
                self._reading = True
            case "col":
                if _true(given.get("hidden")) or given.get("width") == "0":
                    last = min(int(given["max"]), MOST_COLUMNS)
                    self.hidden_columns |= set(range(int(given["min"]) - 1, last))

    def _begin_cell(self, given: dict[str, str]) -> None:
        match = _CELL.fullmatch(given.get("r", ""))
        if match:
            self._column = -1
            for letter in match[1]:
                self._column = (self._column + 1) * 26 + ord(letter) - ord("A")
            self._row = int(match[2]) - 1
        else:
            self._column += 1
        self._error = given.get("t") == "e"
        self._formula = self._value = False

    def _text(self, text: str) -> None:
        if not self._reading or self._value:
            return
        self._value = True
        if self._row >= MOST_ROWS or self._column >= MOST_COLUMNS:
            raise _too_large(self._name)
        if self._error:
            self.broken[self._row, self._column] = text

    def _end(self, tag: str) -> None:
        if tag in {"v", "is"}:
            self._reading = False
        elif tag == "c" and self._formula and not self._value:
            self.broken[self._row, self._column] = "="


def _true(value: str | None) -> bool:
    return value in {"1", "true", "on"}


_KINDS = (
    (re.compile(r"xl/(?:comments|threadedComments/).*\.xml"), "批注"),
    (re.compile(r"xl/media/.+"), "图片"),
    (re.compile(r"xl/embeddings/.+"), "嵌入的文件"),
    (re.compile(r"xl/vbaProject\.bin"), "宏"),
    (re.compile(r"xl/externalLinks/.+\.xml"), "到别的文件的链接"),
    (re.compile(r"docProps/.+\.xml"), "文件属性（作者、单位、时间）"),
)


def _left_behind(names: set[str]) -> tuple[str, ...]:
    """Say what besides values the file carries; none of it comes along."""
    return tuple(said for kind, said in _KINDS if any(kind.fullmatch(name) for name in names))


# Text.


def _text(data: bytes, name: str) -> Book:
    text = _decoded(data, name)
    lines = text.splitlines()[:50]
    # The full-width comma is typed where the input method was left on.
    separator = max(",\t;，", key=lambda mark: sum(mark in line for line in lines))
    try:
        rows = tuple(
            tuple(cell or None for cell in row)
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        )
    except csv.Error as problem:
        raise _damaged(name) from problem
    if len(rows) > MOST_ROWS or max(map(len, rows), default=0) > MOST_COLUMNS:
        raise _too_large(name)
    return Book((Sheet(name=PurePosixPath(name).stem, rows=rows),))


def _decoded(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise NotValid("这不是表格文件。", where=name, fix="请上传 .xlsx 或 .csv 文件。")
