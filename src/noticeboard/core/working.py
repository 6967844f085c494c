"""Counting days by the rules of a place: so many days or working days from a day on, to 24:00."""

from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from noticeboard.core.days import ends
from noticeboard.core.packs import Counting
from noticeboard.core.rules import Rules, knows, working_day

Unit = Literal["day", "working-day"]
_NEXT = timedelta(days=1)


class Counted(Struct, frozen=True):
    """The last day of a count. `known` is false where a holiday table was asked that is not there.

    Of a year the bundle does not know, Monday to Friday were taken as worked.
    """

    day: date
    known: bool = True

    @property
    def until(self) -> int:
        """Give the instant at which the count is over: 24:00 of its last day."""
        return ends(self.day)


def counted(rules: Rules, counting: Counting, first: date, n: int, unit: Unit) -> Counted:
    """Count `n` days of a unit from a day on, as the place counts them.

    Where the first day does not count, one day after the 31st ends on the 1st; none at all ends on
    the day itself. Where the place says so, a last day that is not worked moves on to one that is.
    """
    day, asked = first, set[int]()
    if unit == "day":
        day += timedelta(days=n - counting.first_day_counts if n else 0)
    else:
        left = n
        if left and counting.first_day_counts:
            left -= _worked(rules, day, asked)
        while left:
            day += _NEXT
            left -= _worked(rules, day, asked)
    if counting.moves_on:
        day = moved_on(rules, day, asked)
    return Counted(day, all(knows(rules, year) for year in asked))


def moved_on(rules: Rules, day: date, asked: set[int] | None = None) -> date:
    """Give the day itself if it is worked, else the next that is; `asked` collects the years."""
    asked = asked if asked is not None else set()
    while not _worked(rules, day, asked):
        day += _NEXT
    return day


def on(rules: Rules, counting: Counting, first: date, month_day: str) -> Counted:
    """Give a day of the year (`04-08`), the first at or after a day; moved on as `counted` says.

    The 29th of February of a year without one is the 1st of March.
    """
    year = first.year
    while (day := _day(year, month_day)) < first:
        year += 1
    asked = set[int]()
    if counting.moves_on:
        day = moved_on(rules, day, asked)
    return Counted(day, all(knows(rules, year) for year in asked))


def before(rules: Rules, day: date, n: int, unit: Unit) -> Counted:
    """Count `n` days of a unit back from a day: the last day on which it is in time.

    Ten days before the 20th is the 10th. It never moves on: that would take days away.
    """
    if unit == "day":
        return Counted(day - timedelta(days=n))
    asked, left = set[int](), n
    while left:
        day -= _NEXT
        left -= _worked(rules, day, asked)
    return Counted(day, all(knows(rules, year) for year in asked))


def _day(year: int, month_day: str) -> date:
    month, day = int(month_day[:2]), int(month_day[3:])
    return date(year, month, 1) + timedelta(days=day - 1)


def _worked(rules: Rules, day: date, asked: set[int]) -> bool:
    asked.add(day.year)
    return working_day(rules, day.isoformat())
