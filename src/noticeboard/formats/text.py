"""Reads tables kept as text: CSV and TSV as Excel, WPS and hand-made exports write them."""

import codecs
import csv
import io
import re
from collections import Counter
from typing import Final

from noticeboard.core.sheet.cells import Book, Sheet
from noticeboard.formats.bounds import MOST_COLUMNS, MOST_ROWS, Counted, NoWorkbook, Tell, TooLarge

# The full-width comma is typed where the input method was left on.
_SEPARATORS: Final = ",\t;，"
_SAID = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_LOOKED_AT: Final = 50


class Unpaired(Exception):  # noqa: N818 - said by whoever knows the file's name
    """A quotation mark has no partner, so nobody knows where its cell ends; its line from 1."""

    def __init__(self, line: int) -> None:
        self.line = line


class Endless(Exception):  # noqa: N818 - said by whoever knows the file's name
    """A cell has more characters than any is read with; its line from 1."""

    def __init__(self, line: int) -> None:
        self.line = line


def read(data: bytes, name: str, tell: Tell) -> Book:
    """Read text as one sheet called `name`; every cell stays text, exactly as it stands.

    Whether a comma ends the yuan or counts thousands is never guessed here. Raises NoWorkbook for
    what is no text in UTF-8, UTF-16 with its mark, or GB18030 (of which GBK is a part), TooLarge,
    Unpaired, Endless.
    """
    text = _decoded(data)
    separator = _separator(text)
    if match := _SAID.match(text):
        text, separator = text[match.end() :], match[1]
    counted = Counted(tell)
    rows: list[tuple[str | None, ...]] = []
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    kept: dict[str, str] = {}
    done = 0
    try:
        for line in lines:
            rows.append(tuple(kept.setdefault(cell, cell) or None for cell in line))
            done = lines.line_num
            counted.row(len(line))
            if len(rows) > MOST_ROWS or len(line) > MOST_COLUMNS:
                raise TooLarge
    except csv.Error as problem:
        # The module's only word for it.
        if "field limit" in str(problem):
            raise Endless(done + 1) from problem
        raise Unpaired(done + 1) from problem
    return Book((Sheet(name=name, rows=tuple(rows), cut=True),))


def _decoded(data: bytes) -> str:
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    # Programmes that put the mark of UTF-8 before anything put it before GBK too.
    data = data.removeprefix(codecs.BOM_UTF8)
    for encoding in ("utf-16",) if marked else ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise NoWorkbook


def _separator(text: str) -> str:
    """Choose the mark that cuts the first lines most evenly.

    Counting marks would be fooled by `1,234.50` between tabs and by commas in sentences.
    """

    def evenness(mark: str) -> tuple[int, int]:
        try:
            head = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
            widths = Counter(len(line) for line, _ in zip(head, range(_LOOKED_AT), strict=False))
        except csv.Error:
            return (0, 0)
        del widths[0], widths[1]
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(_SEPARATORS, key=evenness)
