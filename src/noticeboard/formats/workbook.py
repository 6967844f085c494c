"""A workbook's bytes in, plain values out: opened safely, and without what nobody meant to show.

What a file is, its first bytes say and not its name; each format has a room of its own beside this
one (`xlsx`, `legacy`, `ods`, `text`). Nothing is ever calculated or run, nothing is written, and of
the file only values come through.
"""

import re
import zipfile
import zlib
from pathlib import PurePosixPath
from xml.parsers import expat

import yaml

from noticeboard import shipped
from noticeboard.core.problems import NotValid
from noticeboard.core.shapes import Shape
from noticeboard.core.sheet.cells import Book
from noticeboard.core.sheet.headers import Headers
from noticeboard.formats import legacy, ods, text, xlsx
from noticeboard.formats.bounds import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    Bomb,
    Damaged,
    Locked,
    NoWorkbook,
    Tell,
    TooLarge,
)
from noticeboard.formats.pictured import without_pictures

__all__ = ["ENDINGS", "MOST_BYTES", "headers", "read"]

# What a name ends in that `read` opens; what is offered where a file is chosen.
ENDINGS = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".tsv")
_ZIP = b"PK\x03\x04"
# Exports of old programs are often text or a web page that is called .xls.
_TEXT = {".csv", ".tsv", ".txt", ".xls"}
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!|\?|html|head|meta|style|table|div)", re.IGNORECASE)
_HEADERS = Shape(Headers)
_SAVE_AGAIN = "请用 Excel 或 WPS 打开，另存为 .xlsx 再上传。"
_OTHER_FILE = "请上传 .xlsx、.xls、.et、.ods 或 .csv 文件。"


def headers() -> Headers:
    """Read `data/headers.yaml`; raises msgspec.ValidationError when a list is missing."""
    listed = (shipped("data") / "headers.yaml").read_text(encoding="utf-8")
    return _HEADERS.of_plain(yaml.safe_load(listed))


def read(data: bytes, name: str, tell: Tell = lambda _: None) -> Book:
    """Open a workbook and give its values at Excel's addresses.

    `tell` is told now and then how many rows are read. Raises NotValid with what, where and the
    next step: empty, over 20 MB, not a workbook, locked by a password, damaged, or larger than any
    village's sheet (`bounds` has the limits).
    """
    if not data:
        raise NotValid("这个文件是空的。", where=name, fix="请重新选择文件。")
    if len(data) > MOST_BYTES:
        raise NotValid("文件超过 20 MB。", where=name, fix="请去掉里面的图片再上传。")
    try:
        return _read(data, name, tell)
    except Locked as problem:
        raise NotValid(
            "这个表格有密码，打不开。", where=name, fix="请去掉打开密码再上传。"
        ) from problem
    except NoWorkbook as problem:
        raise NotValid("这不是表格文件。", where=name, fix=_OTHER_FILE) from problem
    except TooLarge as problem:
        raise _too_large(name) from problem
    except Bomb as problem:
        raise NotValid("文件解开后太大。", where=name, fix=_SAVE_AGAIN) from problem
    except text.Endless as problem:
        raise NotValid(
            "第 {line} 行有一格的字多得读不下，可能是前面的引号没有配成对。",
            where=name,
            fix="请用 Excel 或 WPS 打开，改短或改好引号再上传。",
            line=problem.line,
        ) from problem
    except text.Unpaired as problem:
        raise NotValid(
            "第 {line} 行的引号没有配成对，分不清一格到哪里为止。",
            where=name,
            fix="请用 Excel 或 WPS 打开，改好引号或另存为 .xlsx 再上传。",
            line=problem.line,
        ) from problem
    except _UNREADABLE as problem:
        raise NotValid("这个表格坏了，读不出来。", where=name, fix=_SAVE_AGAIN) from problem


# What zipfile, zlib and expat say of bytes that are not what they should be: zipfile says
# NotImplementedError, a RuntimeError, of a packing method that it does not know, and expat says
# LookupError of an encoding.
_UNREADABLE = (
    Damaged,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    LookupError,
    ValueError,
    OverflowError,
    OSError,
    RuntimeError,
)


def _read(data: bytes, name: str, tell: Tell) -> Book:
    ending = PurePosixPath(name.lower()).suffix
    if data.startswith(legacy.OLE):
        return without_pictures(legacy.read(data, tell))
    if data.startswith(_ZIP):
        # The open formats name themselves in the first part; its name begins after 30 bytes.
        if data[30:38] == b"mimetype":
            return without_pictures(ods.read(data, tell))
        return xlsx.read(data, tell)
    if data.startswith(_PICTURES):
        raise NotValid("这是一张图片，不是表格。", where=name, fix=_OTHER_FILE)
    if _PAGE.match(data):
        raise NotValid("这个文件里面是网页，不是表格。", where=name, fix=_SAVE_AGAIN)
    if ending in _TEXT:
        return without_pictures(text.read(data, PurePosixPath(name).stem, tell))
    raise NoWorkbook


def _too_large(name: str) -> NotValid:
    return NotValid(
        "表格太大：最多 {rows} 行、{columns} 列、{sheets} 张表。",
        where=name,
        fix="请删去多余的空行空列，或分成几个文件。",
        rows=MOST_ROWS,
        columns=MOST_COLUMNS,
        sheets=MOST_SHEETS,
    )
