"""Everything that is wrong with a sheet, collected at once, each at its cell."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from noticeboard.core.problems import Finding, NotValid
from noticeboard.core.sheet.cells import address

# So many cells are named in one warning; the rest are counted.
_NAMED = 8

Level = Literal["error", "warning"]


class SheetProblem(Struct, frozen=True):
    """One thing to mend (`error`: nothing is imported) or to look at (`warning`).

    `cell` is as Excel shows it (`E17`), empty when the whole sheet is meant. The finding holds the
    message ids and their arguments for a page that translates; `problem` and `fix` are filled in.
    """

    level: Level
    sheet: str
    cell: str
    finding: Finding

    @property
    def problem(self) -> str:
        """Say in Chinese what is wrong, with the value that is meant."""
        value = f"：“{self.finding.value}”" if self.finding.value else ""
        return self.finding.text.format(**self.finding.args) + value

    @property
    def fix(self) -> str:
        """Say in Chinese what to do next."""
        return self.finding.fix.format(**self.finding.args)


class Report:
    """Collects the problems of one sheet while it is read."""

    def __init__(self, sheet: str) -> None:
        """Begin with nothing wrong."""
        self.sheet = sheet
        self.problems: list[SheetProblem] = []

    def error(
        self, at: tuple[int, int] | None, text: str, fix: str, value: str = "", **args: str | int
    ) -> None:
        """Note what keeps the sheet from being imported; `at` is (row, column) from 0."""
        self._add("error", at, Finding(text, value=value, fix=fix, args=args))

    def warn(
        self, at: tuple[int, int] | None, text: str, fix: str, value: str = "", **args: str | int
    ) -> None:
        """Note what somebody should look at; the sheet can be imported all the same."""
        self._add("warning", at, Finding(text, value=value, fix=fix, args=args))

    def warn_of(
        self, cells: Sequence[tuple[int, int]], text: str, fix: str, **args: str | int
    ) -> None:
        """Note one thing that is so at several cells, once; `{cells}` in the text names them."""
        if not cells:
            return
        named = "、".join(address(*at) for at in cells[:_NAMED])
        if len(cells) > _NAMED:
            named += f" 等 {len(cells)} 处"
        self._add("warning", cells[0], Finding(text, fix=fix, args={"cells": named, **args}))

    def refused(self, at: tuple[int, int], problem: NotValid) -> None:
        """Note that a cell could not be read."""
        for finding in problem.findings:
            self._add("error", at, finding)

    @property
    def failed(self) -> bool:
        """Say whether anything found so far is an error."""
        return any(problem.level == "error" for problem in self.problems)

    def _add(self, level: Level, at: tuple[int, int] | None, finding: Finding) -> None:
        cell = address(*at) if at else ""
        where = f"{self.sheet}!{cell}" if cell else self.sheet
        placed = Finding(finding.text, where, finding.value, finding.fix, finding.args)
        self.problems.append(SheetProblem(level, self.sheet, cell, placed))
