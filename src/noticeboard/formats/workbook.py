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
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat

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
from noticeboard.core.shapes import Shape
from noticeboard.core.sheet.cells import Book, Cell, Merge, Sheet
from noticeboard.core.sheet.headers import Headers
from noticeboard.formats.sheetxml import (
    MOST_COLUMNS,
    MOST_PART,
    MOST_ROWS,
    Look,
    TooLarge,
    sheet_parts,
)

MOST_BYTES = 20_000_000
MOST_PARTS = 2_000
MOST_SHEETS = 50
MOST_MERGED = 200_000

# What a name ends in that `read` opens; what is offered where a file is chosen.
ENDINGS = (".xlsx", ".xlsm", ".csv", ".tsv")
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The name of the stream in which Office keeps an encrypted workbook, as OLE writes names.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TEXT = {".csv", ".tsv", ".txt"}
_HEADERS = Shape(Headers)
_SAVE_AGAIN = "请用 Excel 或 WPS 打开，另存为 .xlsx 再上传。"


def headers() -> Headers:
    """Read `data/headers.yaml`; raises msgspec.ValidationError when a list is missing."""
    text = (shipped("data") / "headers.yaml").read_text(encoding="utf-8")
    return _HEADERS.of_plain(yaml.safe_load(text))


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
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_PART:
                raise NotValid("文件解开后太大。", where=name, fix=_SAVE_AGAIN)
            if any(part.flag_bits & 1 for part in parts):
                raise _locked(name)
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                raise NotValid("这不是表格文件。", where=name, fix="请上传 .xlsx 或 .csv 文件。")
            places = sheet_parts(archive)
            if len(places) > MOST_SHEETS:
                raise _too_large(name)
            looks = {sheet: Look().over(archive, part) for sheet, part in places.items()}
        return Book(_sheets(data, looks, name), _left_behind(names))
    except TooLarge as problem:
        raise _too_large(name) from problem
    except (zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, EOFError, ValueError) as problem:
        raise _damaged(name) from problem
    except (expat.ExpatError, zlib.error, NotImplementedError, OSError) as problem:
        # zipfile says NotImplementedError of a packing method that it does not know.
        raise _damaged(name) from problem


def _sheets(data: bytes, looks: dict[str, Look], name: str) -> tuple[Sheet, ...]:
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


def _sheet(sheet: CalamineSheet, look: Look, name: str, *, hidden: bool) -> Sheet:
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
