"""A day is read exactly, or asked about; periods come from headings."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeboard.core.problems import NotValid
from noticeboard.core.sheet.dates import Unsure, day, read
from noticeboard.core.sheet.periods import covers_in, span

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@given(DAYS)
def test_every_day_reads_back_from_every_spelling(expected: date) -> None:
    """All spellings with a year mean the same day, whatever the period."""
    y, m, d = expected.year, expected.month, expected.day
    serial = (expected - date(1899, 12, 30)).days
    for cell in (
        f"{y}.{m}.{d}",
        f"{y}．{m}．{d}",
        f"{y}-{m:02d}-{d:02d}",
        f"{y}/{m}/{d}",
        f"{y}年{m}月{d}日",
        f"{y} 年 {m} 月 {d} 日",
        f"{expected:%Y%m%d}",
        int(f"{expected:%Y%m%d}"),
        expected,
        f"{y}、{m}、{d}",
        f"{y % 100:02d}.{m}.{d}",
        f"{expected:%Y-%m-%d} 8:05:00",
        serial,
        str(serial),
        Decimal(f"{serial}.5"),
    ):
        assert expected == day(cell)
    assert expected == day((expected - date(1904, 1, 1)).days, since_1904=True)


@given(DAYS)
def test_every_day_reads_back_from_words(expected: date) -> None:
    """二〇二六年三月五日, and 三月五日 in the year of the heading."""
    ones = "〇一二三四五六七八九"
    numerals = {n: ("" if n < 20 else ones[n // 10]) + "十" + (ones[n % 10] if n % 10 else "")
                for n in range(10, 32)} | dict(enumerate(ones[1:], 1))  # fmt: skip
    years = "".join(ones[int(digit)] for digit in str(expected.year))
    said = f"{numerals[expected.month]}月{numerals[expected.day]}日"
    assert expected == day(f"{years}年{said}") == day(said, expected.year)


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        (Decimal("1.5"), ["2026-01-05"]),
        (Decimal("1.1"), ["2026-01-01", "2026-01-10"]),
        (Decimal("12.3"), ["2026-12-03", "2026-12-30"]),
        (Decimal("2.3"), ["2026-02-03"]),
        (Decimal("1.15"), ["2026-01-15"]),
        ("1.10", ["2026-01-10"]),
        ("1.2", ["2026-01-02", "2026-01-20"]),
    ],
)
def test_a_dotted_number_gives_the_days_it_may_have_been(
    cell: Decimal | str, days: list[str]
) -> None:
    """Every day that month.day may be, a lost nought at the end included; nothing is chosen."""
    found = read(cell, 2026)
    assert isinstance(found, Unsure)
    assert found.dotted
    assert days == [each.isoformat() for each in found.days]


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("2026年1-3月", ["2026-03-31", "2026-01-01"]),
        ("2026年2月", ["2026-02-28", "2026-02-01"]),
        ("3月份", ["2026-03-31", "2026-03-01"]),
        ("2026.03", ["2026-03-31", "2026-03-01"]),
        ("202603", ["2026-03-31", "2026-03-01"]),
        ("1月至12月", ["2026-12-31", "2026-01-01"]),
    ],
)
def test_whole_months_give_their_last_and_first_day(cell: str, days: list[str]) -> None:
    """A month is no day; which of its days is meant is for the clerk to say."""
    found = read(cell, 2026)
    assert isinstance(found, Unsure)
    assert not found.dotted
    assert days == [each.isoformat() for each in found.days]


@pytest.mark.parametrize(
    "cell",
    [
        "元月8日",
        "2026年元月8日",
        "2026。1。8",
        "2026，1，8",
        "1.8日",
        "2026.1.8.",
        "1月8日。",
        "1.8号",
    ],
)
def test_a_day_in_an_odd_dress_is_the_day(cell: str) -> None:
    """元月 is January; a full stop for a dot, one behind the day, 日 that makes 1.8 a day."""
    assert date(2026, 1, 8) == day(cell, 2026)


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("1月5日-7日", ["2026-01-07", "2026-01-05"]),
        ("1月5、6日", ["2026-01-06", "2026-01-05"]),
        ("2026.1.8-1.10", ["2026-01-10", "2026-01-08"]),
        ("2026年1月30日至2月3日", ["2026-02-03", "2026-01-30"]),
        ("2025.12.30-2026.1.2", ["2026-01-02", "2025-12-30"]),
        ("2026-01-08~10", ["2026-01-10", "2026-01-08"]),
    ],
)
def test_several_days_give_their_last_and_first(cell: str, days: list[str]) -> None:
    """Which of them the money is of is for the clerk to say."""
    found = read(cell, 2026)
    assert isinstance(found, Unsure)
    assert (days, False) == ([each.isoformat() for each in found.days], found.dotted)


@pytest.mark.parametrize("cell", ["1月7日-5日", "1月30日-31日-2日", "1月5日-40日", "20260108-10"])
def test_days_that_do_not_follow_are_refused(cell: str) -> None:
    """What ends before it begins, or on no day, was typed wrong."""
    with pytest.raises(NotValid):
        read(cell, 2026)


@given(DAYS)
def test_a_day_without_a_year_takes_the_period_s(expected: date) -> None:
    """1月15日 means the year of the heading; without one it is asked about."""
    for cell in (f"{expected.month}月{expected.day}日", f"{expected.month}/{expected.day}"):
        assert expected == day(cell, expected.year)
        with pytest.raises(NotValid, match="没有写年份"):
            day(cell)


@pytest.mark.parametrize("cell", [Decimal("1.5"), Decimal("1.1"), "1.5", "1.10", Decimal("12.2")])
def test_what_may_be_two_days_is_asked_about(cell: str | Decimal) -> None:
    """1.10 that became 1.1 in Excel is another day; it is never guessed."""
    with pytest.raises(NotValid, match="看不准"):
        day(cell, 2026)


@pytest.mark.parametrize(
    "cell", ["2026-02-30", "2月30日", "20260230", 20_261_301, "2026.13.1", "2025年2月29日"]
)
def test_a_day_that_does_not_exist_is_refused(cell: str | int) -> None:
    """The calendar has the last word."""
    with pytest.raises(NotValid, match="没有这一天"):
        day(cell, 2026)


@pytest.mark.parametrize(
    "cell", ["3月", "2026年1-3月", "2026.3", "春节", 5, 0, -1, "1月15", "9" * 9000]
)
def test_what_is_no_day_is_refused(cell: str | int) -> None:
    """A month is no day, and a word is none either, unless a day stands in it."""
    if cell == "1月15":
        assert date(2026, 1, 15) == day(cell, 2026)
        return
    with pytest.raises(NotValid):
        day(cell, 2026)


def test_an_empty_cell_is_no_day() -> None:
    """Nothing is nothing."""
    assert day(None) is None
    assert day("  ") is None


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("示例镇示例村2026年第一季度财务收支公开表", "2026-Q1"),
        ("示例村２０２６年第１季度", "2026-Q1"),
        ("2026年四季度", "2026-Q4"),
        ("二〇二六年第二季度", "2026-Q2"),
        ("二零二六年三月份收支", "2026-03"),
        ("二○二六年十二月", "2026-12"),
        ("2026年3月财务公开", "2026-03"),
        ("2026年1-3月收支明细", "2026-Q1"),
        ("2026年1月至3月", "2026-Q1"),
        ("2026年1-12月", "2026"),
        ("2026年度耕地地力保护补贴", "2026"),
        ("2026年耕地地力保护补贴", "2026"),
        ("2026年上半年收支", None),
        ("2026年2-4月", None),
        ("2026年1-6月", None),
        ("2026年1月30日-2月28日", None),
        ("2026年1月1日至3月31日", "2026-Q1"),
        ("2026.01.01-2026.03.31", "2026-Q1"),
        ("2026年1月1日—1月25日", "2026-01"),
        ("2026年一至三月", "2026-Q1"),
        ("2026年元月", "2026-01"),
        ("2026年1、2、3月", "2026-Q1"),
        ("2025.1-3月", "2025-Q1"),
        ("2026.1-2026.3", "2026-Q1"),
        ("26年一季度", "2026-Q1"),
        ("第一季度收支表2026年", "2026-Q1"),
        ("财务收支公开表", None),
    ],
)
def test_the_period_a_heading_names(heading: str, expected: str | None) -> None:
    """Quarter, month or year; half a year has no code and is not made a whole one."""
    assert expected == covers_in(heading)


@given(st.integers(2000, 2098), st.integers(1, 12))
def test_periods_join_without_a_gap(year: int, month: int) -> None:
    """A month is its days, a quarter its three months, a year its twelve."""
    first, last = span(f"{year}-{month:02d}")
    after = span(f"{year + month // 12}-{month % 12 + 1:02d}")[0]
    assert (date(year, month, 1), after) == (first, last + timedelta(days=1))
    quarter = (month + 2) // 3
    assert span(f"{year}-Q{quarter}") == (
        span(f"{year}-{quarter * 3 - 2:02d}")[0],
        span(f"{year}-{quarter * 3:02d}")[1],
    )
    assert (date(year, 1, 1), date(year, 12, 31)) == span(f"{year}")
