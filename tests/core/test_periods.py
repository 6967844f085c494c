"""Periods of the log: they follow one another without a gap, and each knows where it ends."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeboard.core import periods

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
RHYTHMS = st.sampled_from(periods.RHYTHMS)


@given(RHYTHMS, DAYS)
def test_a_day_lies_in_its_period_and_no_other(every: periods.Rhythm, day: date) -> None:
    """Its first day is not after it, its last not before it, and the next begins the day after."""
    period = periods.of(every, day)
    assert periods.start(period) <= day <= periods.end(period)
    assert periods.end(period) + timedelta(days=1) == periods.start(periods.following(period))
    assert periods.holds(period, day.isoformat())
    assert not periods.holds(periods.following(period), day.isoformat())
    assert every == periods.rhythm(period)


@pytest.mark.parametrize(
    ("period", "first", "last", "after"),
    [
        ("2026-02", "2026-02-01", "2026-02-28", "2026-03"),
        ("2028-02", "2028-02-01", "2028-02-29", "2028-03"),
        ("2026-12", "2026-12-01", "2026-12-31", "2027-01"),
        ("2026-Q1", "2026-01-01", "2026-03-31", "2026-Q2"),
        ("2026-Q4", "2026-10-01", "2026-12-31", "2027-Q1"),
        ("2026-H1", "2026-01-01", "2026-06-30", "2026-H2"),
        ("2026-H2", "2026-07-01", "2026-12-31", "2027-H1"),
        ("2026", "2026-01-01", "2026-12-31", "2027"),
    ],
)
def test_where_periods_begin_and_end(period: str, first: str, last: str, after: str) -> None:
    """Every sort of period, over the ends of years and in February."""
    assert first == periods.start(period).isoformat()
    assert last == periods.end(period).isoformat()
    assert after == periods.following(period)


@pytest.mark.parametrize("text", ["", "26", "2026-13", "2026-Q5", "2026-H3", "2026-1", "2026-Q1 "])
def test_what_is_no_period_is_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="no period"):
        periods.start(text)
    assert not periods.holds(text, "2026-01-01")


def test_periods_between_two_days_begin_between_them() -> None:
    """One that had begun before is not among them, one that begins on the last day is."""
    found = periods.between("quarter", date(2026, 1, 2), date(2026, 10, 1))
    assert ("2026-Q2", "2026-Q3", "2026-Q4") == tuple(found)
    assert ("2026",) == tuple(periods.between("year", date(2026, 1, 1), date(2026, 1, 1)))


@given(RHYTHMS, DAYS)
def test_pieces_cover_a_period(every: periods.Rhythm, day: date) -> None:
    """However it is cut, the pieces follow one another from its first day to its last."""
    period = periods.of(every, day)
    for cut in periods.pieces(period):
        assert periods.start(period) == periods.start(cut[0])
        assert periods.end(period) == periods.end(cut[-1])
        assert list(cut[1:]) == [periods.following(one) for one in cut[:-1]]


def test_a_period_is_said_as_people_write_it() -> None:
    """Nobody but the log says 2026-Q1."""
    said = [periods.in_words(one) for one in ("2026-Q1", "2026-H2", "2026-03", "2026")]
    assert ["2026年一季度", "2026年下半年", "2026年3月", "2026年"] == said
    with pytest.raises(ValueError, match="no period"):
        periods.in_words("一季度")
