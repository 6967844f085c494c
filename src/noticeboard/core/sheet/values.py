"""A table's lines of data read a column at a time; cells that are written alike are read once."""

import re
from collections.abc import Callable, Collection, Sequence
from operator import itemgetter
from typing import TypeVar

from noticeboard.core.problems import Finding, NotValid
from noticeboard.core.sheet.cells import Cell, key, words
from noticeboard.core.sheet.headers import Column
from noticeboard.core.sheet.report import Report
from noticeboard.core.sheet.tables import Table

T = TypeVar("T")

# What a clerk writes into a cell to say that nothing belongs there.
_NOTHING = re.compile(r"[-—–－_/]+|无")
_STROKES = frozenset("-—–－_/无")
_DITTO = frozenset({"〃", '"', "″", "''", "同上", "“", "”"})
_LONGEST_DITTO = 6
# So many cells of a table are named one by one; whoever has more mends the column, not the cell.
_MOST_TOLD = 50


class Lines:
    """The lines of data of a table; a `place` counts them from 0, `rows` gives their rows.

    What cannot be read is kept until `tell` notes it in the order of the sheet.
    """

    def __init__(self, table: Table, report: Report) -> None:
        """Take the lines; nothing is read yet."""
        self.table = table
        self.rows = [line.row for line in table.lines if line.mark == "data"]
        self._report = report
        self._cells = [table.sheet.rows[row] for row in self.rows]
        self._narrowest = min(map(len, self._cells), default=0)
        self._wrong: list[tuple[tuple[int, int], NotValid]] = []

    def __len__(self) -> int:
        """Give the number of lines."""
        return len(self.rows)

    def line(self, place: int) -> Sequence[Cell]:
        """Give all cells of a line."""
        return self._cells[place]

    def at(self, place: int, column: Column) -> tuple[int, int]:
        """Give row and column of a cell."""
        return self.rows[place], column.index

    def own(self, column: Column | None) -> list[Cell]:
        """Give what stands in each line itself."""
        if column is None:
            return [None] * len(self.rows)
        index = column.index
        if index < self._narrowest:
            return list(map(itemgetter(index), self._cells))
        return [line[index] if index < len(line) else None for line in self._cells]

    def under(self, column: Column | None) -> dict[int, int]:
        """Give the lines whose cell is merged with one above, each with the line it is merged to.

        A cell that is merged with a sum or a heading above belongs to itself.
        """
        merged = self.table.merged
        if column is None or not merged:
            return {}
        place_of = {row: place for place, row in enumerate(self.rows)}
        return {
            place: place_of[top]
            for (row, index), (top, left) in merged.items()
            if index == left == column.index
            and (place := place_of.get(row)) is not None
            and top in place_of
        }

    def cells(self, column: Column | None) -> list[Cell]:
        """Give the cells of a column; merged ones and ditto marks say what they stand for."""
        cells = self.own(column)
        for place, top in self.under(column).items():
            cells[place] = cells[top]
        short = [c for c in set(cells) if type(c) is str and len(c) <= _LONGEST_DITTO]
        if not _DITTO.isdisjoint(map(key, short)):
            before: Cell = None
            for place, cell in enumerate(cells):
                if key(cell) in _DITTO:
                    cells[place] = before
                else:
                    before = cell
        return cells

    def texts(self, column: Column | None) -> list[str]:
        """Give the words of a column; a stroke or 无 says that there is nothing."""
        if column is None:
            return [""] * len(self.rows)
        cells = self.cells(column)
        said = {cell: words(cell) for cell in set(cells)}
        short = ((cell, text) for cell, text in said.items() if text[:1] in _STROKES)
        said |= {cell: "" for cell, text in short if _NOTHING.fullmatch(text)}
        return list(map(said.__getitem__, cells))

    def read(
        self, cells: Sequence[Cell], how: Callable[[Cell], T], blank: T
    ) -> tuple[list[T], dict[int, NotValid]]:
        """Read cells, each text or number once; give values, and by place why one is `blank`."""
        values: dict[Cell, T] = {}
        refused: dict[Cell, NotValid] = {}
        for cell in set(cells):
            try:
                values[cell] = how(cell)
            except NotValid as problem:
                values[cell] = blank
                refused[cell] = problem
        found = list(map(values.__getitem__, cells))
        if not refused:
            return found, {}
        return found, {p: refused[cell] for p, cell in enumerate(cells) if cell in refused}

    def numbers(
        self, column: Column | None, how: Callable[[Cell], int | None]
    ) -> tuple[list[int | None], set[int]]:
        """Read a column of numbers; give them, and the places of those that cannot be read."""
        if column is None:
            return [None] * len(self.rows), set()
        found, refused = self.read(self.own(column), how, None)
        for place, problem in refused.items():
            self.refuse(self.at(place, column), problem)
        return found, set(refused)

    def money(
        self, column: Column, how: Callable[[Cell], int | None]
    ) -> tuple[list[int | None], set[int]]:
        """Read a column of money; what a bookkeeper wrote in red is less than nought.

        A column that is red for the most part is only painted.
        """
        found, wrong = self.numbers(column, how)
        red = self.table.sheet.red
        painted = (
            [p for p, row in enumerate(self.rows) if (row, column.index) in red] if red else []
        )
        painted = [place for place in painted if (found[place] or 0) > 0]
        if 2 * len(painted) < sum(amount is not None for amount in found):
            for place in painted:
                found[place] = -(found[place] or 0)
            cells = [self.at(place, column) for place in painted]
            self._report.warn_of(
                cells, "红色的金额按负数计：{cells}", "如果不是红字冲销，请改成黑色。"
            )
        return found, wrong

    def leave_out(
        self,
        column: Column,
        field: str,
        how: Callable[[Cell], int | None],
        *,
        money: bool,
        rows: Collection[int] | None = None,
    ) -> None:
        """Take what a column says in the rows that were left out, or in some of them."""
        numbers: dict[int, int] = {}
        for row in self.table.left_out if rows is None else rows:
            try:
                number = how(self.table.value(row, column)) or 0
            except NotValid:
                continue
            red = (row, column.index) in self.table.sheet.red and number > 0
            numbers[row] = -number if red else number
        self._report.left_out.take(field, numbers, column.word if money else "")

    def is_broken(self, place: int, column: Column | None) -> bool:
        """Say whether a formula without a value stands there; that is noted where it is found."""
        return column is not None and self.at(place, column) in self.table.sheet.broken

    def refuse(self, at: tuple[int, int], problem: NotValid) -> None:
        """Keep what is wrong with a cell."""
        self._wrong.append((at, problem))

    def error(
        self, at: tuple[int, int], text: str, fix: str, value: str = "", **args: str | int
    ) -> None:
        """Keep what is wrong with a cell, in words."""
        self.refuse(at, NotValid.of([Finding(text, value=value, fix=fix, args=args)]))

    def tell(self) -> None:
        """Note what was kept, from the top of the sheet down."""
        self._wrong.sort(key=lambda kept: kept[0])
        for at, problem in self._wrong[:_MOST_TOLD]:
            self._report.refused(at, problem)
        more = self._wrong[_MOST_TOLD:]
        if more:
            self._report.error(
                more[0][0],
                "从这一格往下，还有 {count} 处读不出来",
                "请先改正上面列出的，再上传一次。",
                count=len(more),
            )
        self._wrong.clear()
