"""Dates and periods as village sheets write them; what could mean two days is asked about."""

import re
from datetime import date, timedelta
from decimal import Decimal

from noticeboard.core.problems import NotValid
from noticeboard.core.sheet.cells import Cell, key
from noticeboard.core.sheet.numerals import integer, year

_YEAR = r"(?P<year>(?:19|20)\d\d|[一二][〇零○o一二三四五六七八九]{3})年?度?"
_QUARTER = re.compile(_YEAR + r"第?(?P<quarter>[一二三四1-4])季度?")
_MONTHS = re.compile(_YEAR + r"(?P<first>\d{1,2})月?[-—–~至到](?P<last>\d{1,2})月")
_MONTH = re.compile(_YEAR + r"(?P<month>\d{1,2}|十[一二]?|[一二三四五六七八九])月(?!\d{1,2}日)")
_ONLY_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d|[一二][〇零○o一二三四五六七八九]{3})年")
_QUARTERS = {(1, 3): 1, (4, 6): 2, (7, 9): 3, (10, 12): 4}

_FULL = re.compile(r"(\d{4})(?:[-./年])(\d{1,2})(?:[-./月])(\d{1,2})日?(?:[t ]?0?0:00(?::00)?)?")
_SHORT_YEAR = re.compile(r"(\d{2})[-./](\d{1,2})[-./](\d{1,2})")
_NO_YEAR = re.compile(r"(\d{1,2})(?:月|/|-)(\d{1,2})日?")
_EIGHT = re.compile(r"(?:19|20)\d{6}")
_TWO_NUMBERS = re.compile(r"\d{1,2}\.\d{1,2}")
# Excel counts days from here, so that its 60 is the 29 February 1900 that never was.
_EXCEL = date(1899, 12, 30)
_SERIALS = range(32_874, 73_051)  # 1990 to 2099


def covers_in(text: str) -> str | None:
    """Find the period a heading names: `2026-Q1`, `2026-03`, `2026`; None when it names none."""
    text = key(text)
    if match := _QUARTER.search(text):
        return f"{year(match['year'])}-Q{integer(match['quarter'])}"
    if match := _MONTHS.search(text):
        months = (int(match["first"]), int(match["last"]))
        if months == (1, 12):
            return f"{year(match['year'])}"
        return f"{year(match['year'])}-Q{_QUARTERS[months]}" if months in _QUARTERS else None
    if match := _MONTH.search(text):
        month = integer(match["month"]) or 0
        return f"{year(match['year'])}-{month:02d}" if month in range(1, 13) else None
    # Half a year has no code of its own; taking the whole year for it would be untrue.
    if "上半年" in text or "下半年" in text:
        return None
    if match := _ONLY_YEAR.search(text):
        return f"{year(match['year'])}"
    return None


def span(covers: str) -> tuple[date, date]:
    """Give the first and the last day of a period."""
    first_year = int(covers[:4])
    if covers[5:6] == "Q":
        first = 3 * int(covers[6]) - 2
        last = first + 2
    elif len(covers) > len("2026"):
        first = last = int(covers[5:])
    else:
        first, last = 1, 12
    after = date(first_year + last // 12, last % 12 + 1, 1)
    return date(first_year, first, 1), after - timedelta(days=1)


def day(cell: Cell, year_of_period: int | None = None) -> date | None:
    """Read a day; None when the cell is empty.

    Raises NotValid for a day that does not exist, a month without a day, and `1.5` or `1.10`,
    which may have been 1 May, 5 January or 10 January before Excel made a number of it.
    """
    if cell is None or isinstance(cell, date):
        return cell
    text = key(cell)
    if not text or text in {"-", "—", "/"}:
        return None
    if isinstance(cell, int | Decimal):
        return _from_number(cell)
    if match := _FULL.fullmatch(text):
        return _real(cell, *map(int, match.groups()))
    if _EIGHT.fullmatch(text):
        return _real(cell, int(text[:4]), int(text[4:6]), int(text[6:]))
    if match := _SHORT_YEAR.fullmatch(text):
        return _real(cell, 2000 + int(match[1]), int(match[2]), int(match[3]))
    if match := _NO_YEAR.fullmatch(text):
        if year_of_period is None:
            raise NotValid("日期没有写年份", value=str(cell), fix="请写成 2026-01-15 这样。")
        return _real(cell, year_of_period, int(match[1]), int(match[2]))
    if _TWO_NUMBERS.fullmatch(text):
        raise _two_ways(cell)
    raise _unclear(cell)


def _from_number(cell: int | Decimal) -> date:
    """Read Excel's count of days, with or without a time of day, or 20260115."""
    number = int(cell)
    if number in _SERIALS:
        return _EXCEL + timedelta(days=number)
    if number != cell:
        raise _two_ways(cell)
    text = str(number)
    if not _EIGHT.fullmatch(text):
        raise _unclear(cell)
    return _real(cell, int(text[:4]), int(text[4:6]), int(text[6:]))


def _real(cell: Cell, a_year: int, month: int, a_day: int) -> date:
    try:
        return date(a_year, month, a_day)
    except ValueError:
        raise NotValid("没有这一天", value=str(cell), fix="请对照凭证改正日期。") from None


def _two_ways(cell: Cell) -> NotValid:
    return NotValid(
        "这个日期可能是几月几日看不准（1.1 也可能是 1.10）",
        value=str(cell),
        fix="请写成 1月15日 或 2026-01-15。",
    )


def _unclear(cell: Cell) -> NotValid:
    return NotValid("这个日期读不出来", value=str(cell), fix="请写到日，例如 2026-01-15。")
