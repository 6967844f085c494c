"""Days, months and years as registers write them, and terms in one cell."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeboard.core.problems import NotValid
from noticeboard.core.sheet.cells import Cell
from noticeboard.core.sheet.terms import Months, Term, after, first_day, last_day, point, term

DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))
WRITTEN = ("{0.year}-{0.month:02d}-{0.day:02d}", "{0.year}.{0.month}.{0.day}",
           "{0.year}/{0.month}/{0.day}", "{0.year}年{0.month}月{0.day}日",
           "{0:%Y%m%d}")  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, None), ("—", None), ("无", None),
        (date(2019, 5, 20), "2019-05-20"), (43605, "2019-05-20"), ("20190520", "2019-05-20"),
        (2019, "2019"), ("2019年", "2019"), ("２０１９年度", "2019"),
        ("2019年5月", "2019-05"), ("2019-05", "2019-05"), (201905, "2019-05"),
        (Decimal("2019.5"), "2019-05"), (Decimal("2019.11"), "2019-11"), ("2019年1月", "2019-01"),
        (Decimal("2019.1"), Months(("2019-01", "2019-10"))),
        ("2019.1", Months(("2019-01", "2019-10"))),
    ],
)  # fmt: skip
def test_a_point_in_time(cell: Cell, expected: object) -> None:
    """A day, a month or a year, as exactly as it is said; 2019.1 may have been 2019.10."""
    assert expected == point(cell)


@pytest.mark.parametrize("cell", ["2019-02-30", "九十年代", "1.5", "约2019年", "2019.13", 5])
def test_what_is_no_point_in_time(cell: Cell) -> None:
    """Nothing is guessed."""
    with pytest.raises(NotValid):
        point(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2021.1.1-2030.12.31", Term("2021-01-01", "2030-12-31")),
        ("2021-01-01-2030-12-31", Term("2021-01-01", "2030-12-31")),
        ("自2021年1月1日起至2030年12月31日止", Term("2021-01-01", "2030-12-31")),
        ("2021年1月至2030年12月", Term("2021-01", "2030-12")),
        ("2021.1-2030.12", Term("2021-01", "2030-12")),
        ("2021.3-12月", Term("2021-03", "2021-12")),
        ("2021.3.1-6.30", Term("2021-03-01", "2021-06-30")),
        ("2021年—2030年", Term("2021", "2030")),
        ("2021-2030", Term("2021", "2030")),
        ("10年", Term(years=10)),
        ("十年", Term(years=10)),
        (10, Term(years=10)),
        ("10年（2021.1.1～2030.12.31）", Term("2021-01-01", "2030-12-31", 10)),
        ("2021.1.1-2030.12.31，共10年", Term("2021-01-01", "2030-12-31", 10)),
        ("2021年1月1日起10年", Term("2021-01-01", None, 10)),
        ("长期", None),
        ("", None),
    ],
)
def test_a_term_in_one_cell(cell: Cell, expected: Term | None) -> None:
    """From when to when in one cell, or so many years; words without a number are no term."""
    assert expected == term(cell)


@pytest.mark.parametrize("cell", ["2021.2.30-2030.12.31", "2021年", "约10至20年", "2021.1.1", 3000])
def test_a_term_that_cannot_be_read(cell: Cell) -> None:
    """It is said, and never half read."""
    with pytest.raises(NotValid):
        term(cell)


@given(DAYS, DAYS, st.sampled_from(WRITTEN), st.sampled_from(["-", "至", "~", "—", "到"]))
def test_every_term_reads_back(first: date, last: date, form: str, between: str) -> None:
    """However two days are written in one cell, both come back."""
    said = f"{form.format(first)}{between}{form.format(last)}"
    assert Term(first.isoformat(), last.isoformat()) == term(said)


@given(DAYS, st.integers(1, 50))
def test_so_many_years_end_the_day_before(first: date, years: int) -> None:
    """Ten years from 1 January end on 31 December; a year is never shorter than 365 days."""
    days = (date.fromisoformat(after(first.isoformat(), years)) - first).days + 1
    assert 365 * years <= days <= 366 * years
    assert ("2030-12-31", "2024-02-29") == (after("2021-01-01", 10), after("2023-03-01", 1))


def test_the_first_and_last_day() -> None:
    """Of a month, of a year, and a day is both."""
    assert ("2024-02-01", "2024-02-29") == (first_day("2024-02"), last_day("2024-02"))
    assert ("2024-01-01", "2024-12-31") == (first_day("2024"), last_day("2024"))
    assert ("2024-02-03", "2024-02-03") == (first_day("2024-02-03"), last_day("2024-02-03"))


@given(
    st.text("0123456789.-年月日至~起共长期（）() ", max_size=24)
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
)
def test_no_text_makes_it_stumble(cell: Cell) -> None:
    """Whatever stands there, it is read or refused."""
    for read in (term, point):
        with suppress(NotValid):
            assert read(cell) != ""  # type: ignore[operator]  # both read a cell
