"""What a workbook's XML tells that its reader does not, in one bounded pass over each part."""

import re
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat

# A year's roster of a large village is under 1 MB; these are bounds, not expectations.
MOST_PART = 150_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 200


class TooLarge(Exception):  # noqa: N818 - said by whoever knows the file's name
    """A value stands beyond what any village's sheet needs."""


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
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
    left = MOST_PART
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


class Look:
    """What calamine does not tell of a sheet, and whether the sheet is small enough to be read.

    A single value in the last cell of an endless sheet would make any reader lay out all the
    cells before it, so this pass comes first.
    """

    def __init__(self) -> None:
        self._row = self._column = -1
        # Of the cell at hand: it shows an error, has a formula, had its value, is inside of it.
        self._error = self._formula = self._value = self._reading = False
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.broken: dict[tuple[int, int], str] = {}

    def over(self, archive: zipfile.ZipFile, part: str) -> "Look":
        """Look over a sheet's part; raises TooLarge."""
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
            raise TooLarge
        if self._error:
            self.broken[self._row, self._column] = text

    def _end(self, tag: str) -> None:
        if tag in {"v", "is"}:
            self._reading = False
        elif tag == "c" and self._formula and not self._value:
            self.broken[self._row, self._column] = "="


def _true(value: str | None) -> bool:
    return value in {"1", "true", "on"}
