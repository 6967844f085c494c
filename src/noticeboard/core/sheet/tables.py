"""A table taken apart: heading, columns, lines and signatures, as its reader is given them."""

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from operator import itemgetter

from msgspec import Struct

from noticeboard.core.sheet.cells import Cell, Sheet, key, words
from noticeboard.core.sheet.choices import SheetChoice
from noticeboard.core.sheet.columns import Header
from noticeboard.core.sheet.headers import Column, SheetKind
from noticeboard.core.sheet.lexicon import Lexicon
from noticeboard.core.sheet.lines import Line, Survey, keys, mark_of, repeats, unpaged
from noticeboard.core.sheet.payees import group_number

# What is added up at the foot of a table; two lines and their sum are the least there is to add.
_SUMMED = frozenset("income expense debit credit amount quantity days original net".split())
_LEAST_SUMMED = 3


class Table(Struct, frozen=True, kw_only=True):
    """A table taken apart. `titles` are the texts above its header, its own before the sheet's.

    `top` is the first row of the header and `header` its last. `footer` are the texts of signatures
    and remarks under it. `choice` is what the clerk decided; `left_out` are the hidden rows that
    go no further by it, `remembered` says that part of it was decided for an earlier sheet. What is
    not `known` has a header, and nobody knows of what kind.
    """

    sheet: Sheet
    kind: SheetKind
    top: int
    header: int
    titles: tuple[str, ...]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    clashes: tuple[tuple[Column, Column], ...] = ()
    missing: tuple[tuple[str, ...], ...] = ()
    footer: tuple[str, ...] = ()
    left_out: tuple[int, ...] = ()
    layout: str = ""
    choice: SheetChoice
    remembered: bool = False
    forced: bool = False
    known: bool = True
    merged: dict[tuple[int, int], tuple[int, int]] = {}

    def value(self, row: int, column: Column | None) -> Cell:
        """Give a cell's own value; None for a column that is not there."""
        return self.sheet.at(row, column.index) if column else None

    def said(self, columns: Collection[int]) -> dict[int, set[Cell]]:
        """Give what stands in the lines of columns, counted from 0, each thing once."""
        lines = [self.sheet.rows[line.row] for line in self.lines]
        narrowest = min(map(len, lines), default=0)
        return {
            at: set(map(itemgetter(at), lines))
            if at < narrowest
            else {line[at] for line in lines if at < len(line)}
            for at in columns
        }

    def text(self, row: int, column: Column | None) -> str:
        """Give a cell's words; a cell merged with those above it says what the first one says."""
        if column is None:
            return ""
        if not self.merged:
            return words(self.sheet.at(row, column.index))
        top, left = self.merged.get((row, column.index), (row, column.index))
        return words(self.sheet.at(top, left)) if left == column.index else ""

    def column(self, field: str) -> Column | None:
        """Give the column that was taken for a field."""
        return next((c for c in self.columns if c.fate == "taken" and c.field == field), None)

    def hidden(self, *fields: str) -> Column | None:
        """Give the first hidden column of these fields that says anything in the table."""
        return next(
            (
                c
                for c in self.columns
                if c.fate == "hidden"
                and c.field in fields
                and any(key(self.sheet.at(line.row, c.index)) for line in self.lines)
            ),
            None,
        )

    def private(self, field: str) -> Column | None:
        """Give a column that is read for checks alone and never leaves."""
        return next((c for c in self.columns if c.fate == "private" and c.field == field), None)


class Found(Struct, frozen=True):
    """A header with the choice it was read by."""

    header: Header
    choice: SheetChoice
    remembered: bool = False
    forced: bool = False
    known: bool = True


class Apart:
    """Tells the lines of one table from what is printed between and under them."""

    def __init__(
        self, survey: Survey, lexicon: Lexicon, found: Found, printed: AbstractSet[tuple[str, ...]]
    ) -> None:
        """Prepare; `printed` are the lines of heading and header that every page begins with."""
        self.sheet = survey.sheet
        self.survey = survey
        self.lexicon = lexicon
        self.found = found
        self.printed = {frozenset[str](), *map(unpaged, printed)}

    def table(
        self,
        titles: tuple[str, ...],
        start: int,
        ends: int,
        merged: dict[tuple[int, int], tuple[int, int]],
    ) -> Table:
        """Take the table apart, from the first row of its titles down to a row."""
        header, choice = self.found.header, self.found.choice
        lines, footer = self._lines(header.top + header.depth, ends)
        lines = (*self._group(start), *lines)
        left_out = {line.row for line in lines if self._is_left_out(line)}
        return Table(
            sheet=self.sheet,
            kind=header.kind,
            top=header.top,
            header=header.top + header.depth - 1,
            titles=titles,
            columns=header.columns,
            lines=tuple(line for line in lines if line.row not in left_out) if left_out else lines,
            clashes=header.clashes,
            missing=header.missing,
            footer=footer,
            left_out=tuple(sorted(left_out)),
            layout=header.layout,
            choice=choice,
            remembered=self.found.remembered,
            forced=self.found.forced,
            known=self.found.known,
            merged=merged,
        )

    def _group(self, start: int) -> tuple[Line, ...]:
        """Give the line above the header that names a group: it heads the lines below."""
        header = self.found.header
        if header.kind not in {"roster", "labour"} or header.top == start:
            return ()
        written = keys(self.sheet.rows[header.top - 1])
        if len(written) == 1 and written[0].endswith("组") and group_number(written[0]):
            return (Line(header.top - 1, "data"),)
        return ()

    def _lines(self, below: int, ends: int) -> tuple[tuple[Line, ...], tuple[str, ...]]:
        lines: list[Line] = []
        footer: list[str] = []
        for row in range(below, ends):
            if self.survey.is_plain(row):
                lines.append(Line(row, "data"))
                continue
            cells = self.sheet.rows[row]
            written = keys(cells)
            if self._is_printing(written):
                continue
            ended = bool(lines) and self.survey.closes(row, ends)
            if ended or self.survey.is_footer(row) or self.survey.is_unit(row):
                footer += [words(cell) for cell in cells if key(cell)]
                continue
            mark, label = mark_of(cells, self.lexicon)
            if mark not in {"blank", "carried"}:
                lines.append(Line(row, mark, label))
        if self._is_bare_total(lines):
            lines[-1] = Line(lines[-1].row, "total", "合计")
        return tuple(lines), tuple(footer)

    def _is_bare_total(self, lines: Sequence[Line]) -> bool:
        """Say whether the last line is a total that nobody has labelled: numbers, and no word."""
        if len(lines) < _LEAST_SUMMED or any(
            line.mark != "data" for line in lines[-_LEAST_SUMMED:]
        ):
            return False
        row = lines[-1].row
        numbers = {c.index for c in self.found.header.columns if c.field in _SUMMED}
        filled = {at for at, cell in enumerate(self.sheet.rows[row]) if key(cell)}
        merged = any(merge.top < row <= merge.bottom for merge in self.sheet.merged)
        return bool(filled) and filled <= numbers and not merged

    def _is_printing(self, written: tuple[str, ...]) -> bool:
        """Say whether a line is empty, or what paper repeats on every page."""
        if not written or unpaged(written) in self.printed:
            return True
        return repeats(written, self.lexicon.kinds[self.found.header.kind])

    def _is_left_out(self, line: Line) -> bool:
        reason = self.found.choice.hidden_rows.get(str(line.row + 1), "")
        return line.mark == "data" and line.row in self.sheet.hidden_rows and bool(reason.strip())
