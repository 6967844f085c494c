"""The sums that a register states of itself, held against the lines that each stands for."""

from collections.abc import Callable, Collection, Mapping, Sequence

from noticeboard.core.problems import NotValid
from noticeboard.core.sheet.cells import Cell
from noticeboard.core.sheet.checks import Sum, Sums, in_yuan, roots
from noticeboard.core.sheet.headers import Column
from noticeboard.core.sheet.labels import is_label
from noticeboard.core.sheet.lines import Line
from noticeboard.core.sheet.report import Report
from noticeboard.core.sheet.values import Lines


class Tallies:
    """Takes the sums of one column after the other; `compare` tells those that do not add up.

    `totals` are what the last total of all lines says, by field; `summed` says that the sheet sums
    up anything at all.
    """

    def __init__(
        self,
        lines: Lines,
        report: Report,
        columns: Mapping[str, Column],
        unread: Mapping[str, Collection[int]],
    ) -> None:
        """Begin with no sums; `unread` are by field the lines that no sum can be judged by."""
        self.totals: dict[str, int] = {}
        self.summed = any(line.mark != "data" for line in lines.table.lines)
        self._lines = lines
        self._report = report
        self._columns = columns
        self._unread = unread
        self._sums: list[Sum] = []

    def take(
        self,
        field: str,
        values: Sequence[int | None],
        how: Callable[[Cell], int | None],
        *,
        money: bool,
    ) -> None:
        """Take the sums of a column whose lines say `values`; `how` reads a cell of it."""
        column = self._columns[field]
        self._lines.leave_out(column, field, how, money=money)
        made = {field: [value or 0 for value in values]}
        unread, lines = self._unread.get(field, ()), self._lines.table.lines
        adding = Sums(made, self._report.left_out, unread, lines)
        end = 0
        for line in self._lines.table.lines:
            if line.mark == "data":
                end += 1
                continue
            parts = adding.parts(line, end)
            said = self._said(line, column, how)
            if said is None or not adding.is_known(parts[0]):
                continue
            found = adding.sum(field, said, line, column.index, parts)
            if line.mark == "total" and (found.start, found.end) == (0, len(self._lines)):
                self.totals[field] = said
            self._sums.append(found)

    def _said(self, line: Line, column: Column, how: Callable[[Cell], int | None]) -> int | None:
        cell = self._lines.table.value(line.row, column)
        if cell is None or is_label(cell, line.label):
            return None
        try:
            return how(cell)
        except NotValid as problem:
            self._lines.refuse((line.row, column.index), problem)
            return None

    def compare(self, quantities: Collection[str] = ()) -> None:
        """Tell the sums that are not what their lines make, in fen or in thousandths."""
        for wrong in roots(self._sums):
            money = wrong.field not in quantities
            show = in_yuan if money else plain
            self._report.differs(
                wrong.at,
                wrong.gap if money else plain(wrong.gap),
                "“{label}”对不上：各行相加是 {expected}，表上是 {said}，差 {gap}",
                "请核对各行和这一格。",
                label=wrong.label,
                line=f"“{wrong.label}”一行",
                column=self._columns[wrong.field].word,
                expected=show(wrong.due),
                said=show(wrong.said),
            )


def plain(thousandths: int) -> str:
    """Print thousandths without needless noughts."""
    sign = "-" if thousandths < 0 else ""
    whole, part = divmod(abs(thousandths), 1000)
    return f"{sign}{whole}.{part:03d}".rstrip("0").rstrip(".")
