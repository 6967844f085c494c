"""The days of a ledger's lines: read, or asked about, or answered by the clerk at the desk."""

from collections.abc import Collection, Sequence
from datetime import date

from noticeboard.core.problems import NotValid
from noticeboard.core.sheet import dates
from noticeboard.core.sheet.amounts import shown
from noticeboard.core.sheet.cells import Cell, address
from noticeboard.core.sheet.dates import Unsure
from noticeboard.core.sheet.headers import Column
from noticeboard.core.sheet.report import Report
from noticeboard.core.sheet.values import Lines

# So many dates on each side help to see which day is meant.
_BESIDE = 2


class Days:
    """Reads one column of days; `read` does all of it."""

    def __init__(self, lines: Lines, report: Report, year: int | None) -> None:
        """Prepare; `year` is what a day without one belongs to."""
        self._lines = lines
        self._report = report
        self._year = year
        self._since_1904 = lines.table.sheet.since_1904

    def read(
        self, column: Column, cells: Sequence[Cell], aside: Collection[int]
    ) -> list[date | None]:
        """Give the day of each line, None where it has none; what is wrong or unsure is noted.

        The lines `aside` need none.
        """
        found: list[date | Unsure | None]
        found, refused = self._lines.read(cells, self._day, None)
        for place in aside:
            found[place] = None
            refused.pop(place, None)
        answers = self._answers(column)
        self._settle(found, answers)
        for place, answer in answers.items():
            found[place] = answer
            refused.pop(place, None)
        for place, problem in refused.items():
            self._lines.refuse(self._lines.at(place, column), problem)
        for place, day in enumerate(found):
            if day is None and place not in refused and place not in aside:
                self._lines.error(
                    self._lines.at(place, column), "没有写日期", "请对照凭证补上日期。"
                )
        self._ask(column, found, cells)
        return [None if isinstance(day, Unsure) else day for day in found]

    def _day(self, cell: Cell) -> date | Unsure | None:
        return dates.read(cell, self._year, since_1904=self._since_1904)

    def _answers(self, column: Column) -> dict[int, date]:
        """Give the days that the clerk has named, by place."""
        given = self._report.choice.dates
        if not given:
            return {}
        answers: dict[int, date] = {}
        for place in range(len(self._lines)):
            at = self._lines.at(place, column)
            if said := given.get(address(*at)):
                try:
                    answers[place] = date.fromisoformat(said)
                except ValueError:
                    self._lines.refuse(at, NotValid("没有这一天", value=said, fix="请重新选择。"))
        return answers

    def _settle(self, found: list[date | Unsure | None], answers: dict[int, date]) -> None:
        """Read the column on as the clerk has begun to: 1.5 is 5 January, so 1.6 is the 6th.

        What could still be two days (1.1 or 1.10) is settled by its own answer alone.
        """
        meant: dict[bool, int] = {}
        for place, answer in answers.items():
            unsure = found[place]
            if isinstance(unsure, Unsure) and answer in unsure.days:
                # Of whole months the clerk takes the last day, or the first.
                meant[unsure.dotted] = 0 if unsure.dotted else unsure.days.index(answer)
        if not meant:
            return
        for place, unsure in enumerate(found):
            if isinstance(unsure, Unsure) and unsure.dotted in meant and not _two_ways(unsure):
                found[place] = unsure.days[meant[unsure.dotted]]

    def _ask(
        self, column: Column, found: Sequence[date | Unsure | None], cells: Sequence[Cell]
    ) -> None:
        """Ask once for the column, and again at each cell that may be two days."""
        begun: set[bool] = set()
        for place, unsure in enumerate(found):
            if not isinstance(unsure, Unsure):
                continue
            if unsure.dotted in begun and not _two_ways(unsure):
                continue
            begun.add(unsure.dotted)
            self._report.ask(
                self._lines.at(place, column),
                "date",
                "日期写的是“{value}”，是几月几日？",
                [(day.isoformat(), f"{day.month}月{day.day}日") for day in unsure.days],
                self._beside(place, column, cells),
                value=shown(cells[place]),
            )

    def _beside(self, place: int, column: Column, cells: Sequence[Cell]) -> tuple[str, ...]:
        near = range(max(0, place - _BESIDE), min(len(cells), place + _BESIDE + 1))
        return tuple(
            f"{address(*self._lines.at(other, column))} {shown(cells[other])}"
            for other in near
            if other != place and cells[other] is not None
        )


def _two_ways(unsure: Unsure) -> bool:
    return unsure.dotted and len(unsure.days) > 1
