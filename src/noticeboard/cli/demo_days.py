"""The demo's calendar: moments told from its start, and the quarter that was due by then."""

from datetime import timedelta
from functools import cache

from noticeboard.core import packs, periods, working
from noticeboard.core.days import day_of, starts
from noticeboard.core.rules import Rules, decode
from noticeboard.formats.rules import load

# So many days before the start the villages take up the board: more than lie between the day by
# which one quarter has to be public and that of the next, so that one such day is among them.
FOUNDED = 100


class Told:
    """A clock that says what it is told."""

    def __init__(self, at: int) -> None:
        """Begin at an instant."""
        self.at = at

    def __call__(self) -> int:
        """Give the instant."""
        return self.at


def moment(start: int, text: str) -> int:
    """Read `-8 09:10` (days from the start, time of day) or `+2m` (minutes from the start)."""
    if text.endswith("m"):
        return start + int(text[:-1]) * 60
    days, clock = text.split()
    hours, minutes = clock.split(":")
    day = day_of(start) + timedelta(days=int(days))
    return starts(day) + int(hours) * 3600 + int(minutes) * 60


def last_quarter(start: int, pack: str) -> str:
    """Give the last quarter whose day to be public, by a pack, is over at the start."""
    first = periods.start(periods.of("quarter", day_of(start)))
    while True:
        end = first - timedelta(days=1)
        quarter = periods.of("quarter", end)
        rule = packs.deadline(_rules(), pack, "D17", "quarter")
        assert rule is not None
        counting = packs.counting(_rules(), pack)
        if working.counted(_rules(), counting, end, rule.days, rule.unit).until <= start:
            return quarter
        first = periods.start(quarter)


@cache
def _rules() -> Rules:
    return decode(load())
