"""What a workbook's XML tells that its reader does not, in one bounded pass over each part.

Nearly all of a large sheet is lines of plain values, of which nothing need be known. So the lines
are looked at as bytes, a block at a time; only a block in which something is hidden, broken, red,
far away or written in an unusual way is parsed.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final
from xml.parsers import expat

from noticeboard.core.sheet.cells import Merge
from noticeboard.formats.bounds import (
    MOST_COLUMNS,
    MOST_MERGED,
    MOST_VALUES,
    Damaged,
    TooLarge,
    fitting,
)

Begin = Callable[[str, dict[str, str]], None]
_BLOCK = 1 << 16


def elements(
    blocks: Iterator[bytes],
    begin: Begin,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Read a part's elements in order, names without prefix; a document type is refused.

    Raises Damaged, and expat.ExpatError for what is no XML.
    """
    parser = opened(begin, end, text)
    for block in blocks:
        parser.Parse(block, False)
    parser.Parse(b"", True)


def opened(
    begin: Begin,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> expat.XMLParserType:
    """Open a parser that tells of elements and text as `elements` does, to be fed by hand."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, given: begin(tag.rpartition(":")[2], given)
    if end:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    if text:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: Any) -> None:
    # Entities that unfold, or reach for files outside, are declared in a document type; no
    # program that writes workbooks writes one.
    raise Damaged


_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RANGE = re.compile(rf"{_CELL.pattern}(?::{_CELL.pattern})?")


def _number(column: str) -> int:
    number = -1
    for letter in column:
        number = (number + 1) * 26 + ord(letter) - ord("A")
    return number


# WPS shows a picture that it keeps inside of a cell as a formula of this name.
PICTURED: Final = b"DISPIMG("


class Look:
    """What a sheet's part tells besides its values, and whether it is small enough to be read.

    A single value in the last cell of an endless sheet would make any reader lay out all the
    cells before it, so this pass comes first. `styles` are the numbers of those styles that show a
    number above zero in red; `reddened` are the cells that have one of them, whatever they hold.
    `rows` and `columns` reach at least to the last value; `shared` counts cells with a shared text.
    """

    def __init__(self, styles: frozenset[str] = frozenset()) -> None:
        self._styles = styles
        self._unusual = _unusual(styles)
        self._row = self._column = -1
        # Of the cell at hand: it shows an error, its words are a text, has a formula, had its
        # value, is inside of it.
        self._error = self._words = self._formula = self._value = self._reading = False
        self._values = 0
        self.rows = self.columns = self.shared = 0
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.broken: dict[tuple[int, int], str] = {}
        self.reddened: set[tuple[int, int]] = set()
        self.merged: list[Merge] = []
        # Whether a cell may hold a picture.
        self.pictured = False

    def over(self, blocks: Iterator[bytes]) -> "Look":
        """Look over a sheet's part; raises TooLarge, Damaged, expat.ExpatError."""
        parser = opened(self._begin, self._end, self._text)
        for block, rows in _in_rows(blocks):
            self.pictured |= PICTURED in block
            if not (rows and self._skipped(block)):
                parser.Parse(block, False)
        parser.Parse(b"", True)
        return self

    def _skipped(self, block: bytes) -> bool:
        """Say whether a block of whole rows has nothing but plain values, and count it."""
        usual = (
            not any(rare in block and any(s in block for s in signs) for rare, signs in _SIGNS)
            and block.count(b"<row") == block.count(b'<row r="')
            and block.count(b"<c") == block.count(b'<c r="')
            and (b"f" not in block or _calculated(block))
        )
        last = _LAST_ROW.match(block, block.rfind(b"<row ")) if usual else None
        if last is None:
            return False
        values = block.count(b"<v") + (block.count(b"<is") if b"i" in block else 0)
        if values and self._unusual.search(block):
            return False
        self._row = int(last[1]) - 1
        if values:
            # Where nothing is unusual, no value stands right of column Z or below MOST_ROWS.
            self.rows, self.columns = max(self.rows, self._row + 1), max(self.columns, 26)
            self.shared += block.count(b't="s"')
            self._count(values)
        return True

    def _count(self, values: int) -> None:
        self._values += values
        if self._values > MOST_VALUES:
            raise TooLarge

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        match tag:
            case "c":
                self._begin_cell(given)
            case "row":
                self._row = int(given["r"]) - 1 if "r" in given else self._row + 1
                self._column = -1
                if _true(given.get("hidden")) or _nothing(given.get("ht")):
                    self.hidden_rows.add(self._row)
            case "f":
                self._formula = True
            case "v" | "is":
                self._reading = True
                # The empty text is what a formula may well come to.
                self._value = self._value or (self._words and tag == "v")
            case "col":
                if _true(given.get("hidden")) or _nothing(given.get("width")):
                    last = min(int(given["max"]), MOST_COLUMNS)
                    self.hidden_columns |= set(range(int(given["min"]) - 1, last))
            case "mergeCell":
                self._merge(given.get("ref", ""))

    def _begin_cell(self, given: dict[str, str]) -> None:
        match = _CELL.fullmatch(given.get("r", ""))
        if match:
            self._column = _number(match[1])
            self._row = int(match[2]) - 1
        else:
            self._column += 1
        if given.get("s") in self._styles:
            self.reddened.add((self._row, self._column))
        self._error = given.get("t") == "e"
        self._words = given.get("t") == "str"
        self.shared += given.get("t") == "s"
        self._formula = self._value = False

    def _merge(self, ref: str) -> None:
        match = _RANGE.fullmatch(ref)
        if match is None:
            raise Damaged
        left, top = _number(match[1]), int(match[2]) - 1
        right, bottom = (_number(match[3]), int(match[4]) - 1) if match[3] else (left, top)
        self.merged.append(Merge(top, left, bottom, right))
        if len(self.merged) > MOST_MERGED:
            raise TooLarge

    def _text(self, text: str) -> None:
        if not self._reading or (self._value and not self._words):
            return
        if not self._value:
            self._count(1)
        self._value = True
        fitting(self._row, self._column)
        self.rows = max(self.rows, self._row + 1)
        self.columns = max(self.columns, self._column + 1)
        if self._error:
            self.broken[self._row, self._column] = text

    def _end(self, tag: str) -> None:
        if tag in {"v", "is"}:
            self._reading = False
        elif tag == "c" and self._formula and not self._value:
            self.broken[self._row, self._column] = "="


def _true(value: str | None) -> bool:
    return value in {"1", "true", "on"}


def _nothing(size: str | None) -> bool:
    return size is not None and size.strip("0.") == ""


# Looking at lines as bytes.

# What no block of plain values has: something hidden or of no height, an error, a comment or CDATA,
# quotes of the other kind. Each stands behind a byte that is rare among plain values, for a byte is
# found much faster than a word.
_SIGNS = (
    (b"h", (b"hidden", b' ht="0')),
    (b"e", (b't="e"',)),
    (b"!", (b"<!",)),
    (b"'", (b"='",)),
)
_LAST_ROW = re.compile(rb'<row r="([0-9]{1,7})"[ />]')
# Right of Z, or below row 199,999.
_FAR = rb'r="(?:[A-Z]{2}|[A-Z]?(?:[2-9][0-9]{5}|[0-9]{7}))'
_FORMULA = rb"<f(?:>[^<]*</f>| [^>]*/>| [^>]*[^/>]>[^<]*</f>)"
_WITH_VALUE = re.compile(_FORMULA + rb"<v>[^<]")
_EMPTY_TEXT = re.compile(rb'<c r="[A-Z]+[0-9]+"[^>]* t="str"[^>]*>' + _FORMULA + rb"<v></v>")


def _unusual(styles: frozenset[str]) -> re.Pattern[bytes]:
    """Find a cell that is far away or has one of these styles."""
    if not styles:
        return re.compile(_FAR)
    numbers = b"|".join(sorted(re.escape(style).encode() for style in styles))
    return re.compile(_FAR + rb'|<c [^>]*\bs="(?:' + numbers + rb')"')


def _calculated(block: bytes) -> bool:
    """Say whether every formula of a block has its value."""
    formulas = block.count(b"<f")
    found = sum(1 for _ in _WITH_VALUE.finditer(block))
    return formulas == found or formulas == found + sum(1 for _ in _EMPTY_TEXT.finditer(block))


def _in_rows(blocks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Cut a part into what stands before and after the rows, and blocks of whole rows (True).

    A part whose rows cannot be told from the rest as bytes comes uncut.
    """
    head = b""
    for block in blocks:
        head += block
        if (begin := head.find(b"<sheetData>")) >= 0:
            break
        if len(head) > 16 * _BLOCK:
            break
    else:
        begin = -1
    if begin < 0:
        yield head, False
        yield from ((block, False) for block in blocks)
        return
    begin += len(b"<sheetData>")
    yield head[:begin], False
    yield from _rows(head[begin:], blocks)


def _rows(left: bytes, blocks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    while (end := left.find(b"</sheetData>")) < 0:
        cut = left.rfind(b"</row>") + len(b"</row>")
        if cut >= len(b"</row>"):
            yield left[:cut], True
            left = left[cut:]
        block = next(blocks, b"")
        if not block or len(left) > 16 * _BLOCK:
            yield left + block, False
            yield from ((block, False) for block in blocks)
            return
        left += block
    if end:
        yield left[:end], True
    yield left[end:], False
    yield from ((block, False) for block in blocks)
