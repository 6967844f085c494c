"""Village days: whole local days at UTC+8, ends at 24:00, lateness that takes nothing away."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from noticeboard.core.days import (
    DAY,
    day_of,
    days_left,
    ends,
    instant,
    local,
    midnight_after,
    period_end,
    shifted,
    starts,
    working_days_after,
)

# From 1992 on, when the last summer time of China was over.
INSTANTS = st.integers(694_224_000, 4_102_444_800)


@given(INSTANTS)
def test_the_fixed_offset_is_shanghai(at: int) -> None:
    """UTC+8 without the zone database says what the zone database says."""
    shanghai = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo("Asia/Shanghai"))
    assert shanghai.replace(tzinfo=None) == local(at).replace(tzinfo=None)


@given(INSTANTS)
def test_a_day_is_24_hours_from_midnight(at: int) -> None:
    """An instant lies in its day, and the next midnight is strictly after it."""
    day = day_of(at)
    assert starts(day) <= at < ends(day) == starts(day) + DAY == midnight_after(at)


def test_a_clock_time_is_an_instant() -> None:
    """08:00 in the village is midnight at Greenwich."""
    assert 1767225600 == instant("2026-01-01", "08:00")


def test_seven_days_end_at_24_00_of_the_seventh() -> None:
    """Put up on the 5th at nine: without the first day the 12th is the last, with it the 11th."""
    start = instant("2026-01-05", "09:00")
    assert instant("2026-01-13") == period_end(start, 7, first_day_counts=False)
    assert instant("2026-01-12") == period_end(start, 7, first_day_counts=True)


@given(INSTANTS, st.integers(1, 400), st.booleans())
def test_days_left_count_down_to_the_end(start: int, days: int, first: bool) -> None:
    """On the last day one day is left, after 24:00 none."""
    end = period_end(start, days, first_day_counts=first)
    assert 1 == days_left(end - 1, end)
    assert 0 == days_left(end, end)
    assert days + (not first) == days_left(start, end)


@given(INSTANTS, st.integers(1, 60), st.integers(0, 40 * DAY))
def test_a_late_start_shortens_no_period(start: int, days: int, late: int) -> None:
    """However late it went up, as many whole local days remain after the day of going up."""
    until = period_end(start, days, first_day_counts=False)
    moved = shifted(start, until, start + late)
    assert moved is not None
    assert moved >= period_end(start + late, days, first_day_counts=False)
    assert 0 == (moved - until) % DAY


def test_a_period_without_an_end_has_none_however_late() -> None:
    """Until replaced stays until replaced."""
    assert None is shifted(0, None, DAY * 9)


def test_working_days_pass_over_the_days_nobody_works() -> None:
    """Three working days after a Thursday end on Tuesday at 24:00."""
    thursday = instant("2026-01-08", "15:00")

    def weekday(day: str) -> bool:
        return date.fromisoformat(day).weekday() < 5

    assert ends(date(2026, 1, 13)) == working_days_after(thursday, 3, weekday)
    assert ends(day_of(thursday) + timedelta(1)) == working_days_after(thursday, 1, weekday)
