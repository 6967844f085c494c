"""Counting by the rules of a place: over Spring Festivals, make-up days, and into unknown years."""

from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeboard.core import working
from noticeboard.core.days import instant
from noticeboard.core.packs import Counting
from noticeboard.core.rules import Rules, decode, working_day
from noticeboard.core.working import Counted, Unit
from noticeboard.formats.rules import load

MOVES = Counting(
    first_day_counts=False,
    ends_at="24:00",
    days="whole",
    zone="Asia/Shanghai",
    moves_on=True,
    source=("general-knowledge",),
    verified="no",
)
STAYS = Counting(
    first_day_counts=False,
    ends_at="24:00",
    days="whole",
    zone="Asia/Shanghai",
    source=("general-knowledge",),
    verified="no",
)
FIRST = Counting(
    first_day_counts=True,
    ends_at="24:00",
    days="whole",
    zone="Asia/Shanghai",
    source=("general-knowledge",),
    verified="no",
)
DAYS = st.dates(date(2015, 1, 1), date(2045, 12, 31))
COUNTINGS = st.sampled_from((MOVES, STAYS, FIRST))
UNITS = st.sampled_from(("day", "working-day"))

# By hand from the notices of the State Council: free were 10–17 February 2024, 28 January to 4
# February 2025, 15–23 February 2026; worked instead 4 and 18 February 2024, 26 January and 8
# February 2025, 14 and 28 February 2026.
BY_HAND = [
    ("2024-01-25", 10, "day", "2024-02-04", "a Sunday that is worked is a last day"),
    ("2024-01-31", 10, "day", "2024-02-18", "over the whole festival to the Sunday worked for it"),
    ("2024-02-09", 1, "day", "2024-02-18", "the eve is followed by nine days without work"),
    ("2024-02-01", 5, "working-day", "2024-02-07", "the Sunday before counts"),
    ("2024-02-07", 3, "working-day", "2024-02-18", "two before the festival, one after it"),
    ("2024-02-09", 6, "working-day", "2024-02-23", "a week of six days"),
    ("2024-12-31", 15, "day", "2025-01-15", "plainly a fortnight and a day"),
    ("2025-01-16", 10, "day", "2025-01-26", "the Sunday worked before the festival"),
    ("2025-01-18", 10, "day", "2025-02-05", "the eve itself is free"),
    ("2025-01-24", 5, "working-day", "2025-02-07", "Sunday and Monday before, three after"),
    ("2025-01-24", 6, "working-day", "2025-02-08", "the Saturday after is worked"),
    ("2025-01-24", 7, "working-day", "2025-02-10", "its Sunday is not"),
    ("2025-12-31", 45, "day", "2026-02-14", "the Saturday before the festival is worked"),
    ("2026-01-31", 15, "day", "2026-02-24", "nine days on"),
    ("2026-02-12", 5, "working-day", "2026-02-26", "Friday and Saturday before, three after"),
    ("2026-02-12", 7, "working-day", "2026-02-28", "the Saturday after is worked"),
    ("2026-02-12", 8, "working-day", "2026-03-02", "its Sunday is not"),
    ("2026-02-17", 0, "day", "2026-02-24", "no day at all: the day itself, moved on"),
]


@cache
def rules() -> Rules:
    return decode(load())


@pytest.mark.parametrize(("first", "n", "unit", "last", "why"), BY_HAND)
def test_counts_across_the_festivals(first: str, n: int, unit: Unit, last: str, why: str) -> None:
    """What somebody counted with a finger on the calendar, the board counts."""
    found = working.counted(rules(), MOVES, date.fromisoformat(first), n, unit)
    assert (last, True, why) == (found.day.isoformat(), found.known, why)


def test_a_count_ends_at_24_00() -> None:
    """Its last minute is the last of its last day."""
    assert instant("2026-02-25") == Counted(date(2026, 2, 24)).until


def test_where_the_first_day_counts_it_ends_a_day_earlier() -> None:
    """Also of working days; and a free first day is none of them."""
    assert date(2026, 3, 5) == working.counted(rules(), FIRST, date(2026, 3, 2), 4, "day").day
    wednesday = working.counted(rules(), FIRST, date(2026, 3, 2), 3, "working-day")
    assert date(2026, 3, 4) == wednesday.day
    from_sunday = working.counted(rules(), FIRST, date(2026, 3, 1), 3, "working-day")
    assert date(2026, 3, 4) == from_sunday.day


def test_a_year_nobody_knows_goes_by_weekdays_and_says_so() -> None:
    """A festival that is not in the table yet is counted as worked, and the count says it."""
    found = working.counted(rules(), MOVES, date(2035, 2, 2), 5, "working-day")
    assert Counted(date(2035, 2, 9), known=False) == found
    # Whole days that end where they end ask no table.
    assert working.counted(rules(), STAYS, date(2035, 2, 2), 5, "day").known


@given(DAYS, st.integers(0, 60), UNITS, COUNTINGS)
def test_counts_go_forward(first: date, n: int, unit: Unit, counting: Counting) -> None:
    """Never before the day itself; a day later or one more never ends earlier."""
    last = working.counted(rules(), counting, first, n, unit).day
    assert first <= last
    next_day = working.counted(rules(), counting, first + timedelta(days=1), n, unit).day
    one_more = working.counted(rules(), counting, first, n + 1, unit).day
    assert last <= next_day
    assert last <= one_more
    if counting is MOVES:
        assert working_day(rules(), last.isoformat())


@given(DAYS, st.integers(1, 40), UNITS)
def test_counting_back_is_counting_forth(day: date, n: int, unit: Unit) -> None:
    """From the last day in time it takes so many days to the day, or to the next worked one."""
    last = working.before(rules(), day, n, unit).day
    assert last < day
    reached = working.counted(rules(), STAYS, last, n, unit).day
    worked = unit == "day" or working_day(rules(), day.isoformat())
    assert reached == day if worked else reached > day


@given(DAYS, st.dates(date(2024, 1, 1), date(2024, 12, 31)), COUNTINGS)
def test_a_day_of_the_year_is_the_next_one(first: date, when: date, counting: Counting) -> None:
    """At or after the day, within a year, also for the 29th of February."""
    found = working.on(rules(), counting, first, f"{when:%m-%d}").day
    assert first <= found <= first + timedelta(days=400)
