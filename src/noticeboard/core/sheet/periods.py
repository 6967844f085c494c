"""The period a heading names, however it is put: 一季度, 1-3月, 1月1日至3月31日, 元月."""

import re
from calendar import monthrange
from datetime import date, timedelta

from noticeboard.core.sheet.cells import key
from noticeboard.core.sheet.numerals import integer, year

_YEARS = r"(?:19|20)\d\d"
_TO = r"[-—–~至到]+"
_DAY = r"(\d{1,2})[月./-](\d{1,2})[日号]?"
_DAYS = re.compile(rf"({_YEARS})[年./-]{_DAY}{_TO}(?:({_YEARS})[年./-])?{_DAY}")
_ONE_DAY = re.compile(
    rf"(?:{_YEARS}年?)?\d{{1,2}}月\d{{1,2}}[日号]|{_YEARS}([./-])\d{{1,2}}\1\d{{1,2}}日?"
)
_QUARTER = re.compile(r"第?([一二三四1-4])季度?")
_MONTHS = re.compile(rf"(?<!\d)(\d{{1,2}})月?{_TO}(\d{{1,2}})月")
_DOTTED_MONTHS = re.compile(rf"{_YEARS}[./](\d{{1,2}}){_TO}{_YEARS}[./](\d{{1,2}})(?![\d.])")
_LISTED = re.compile(r"(?<!\d)(\d{1,2}(?:月?[、,]\d{1,2})+)月")
_MONTH = re.compile(r"(?<!\d)(\d{1,2})月(?!\d{1,2}[日号])")
_DOTTED = re.compile(rf"{_YEARS}[./-](\d{{1,2}})(?![\d.])")
_YEAR = re.compile(rf"({_YEARS})(?:年|(?=[./-]\d|第?[一二三四1-4]季|[上下]半年))")
_BARE_YEAR = re.compile(rf"^({_YEARS})$|({_YEARS})(?=\d{{1,2}}月)")
# 二〇二六年; 元月; 十二月; 26年一季度.
_YEAR_IN_WORDS = re.compile(r"([一二][〇零○o一二三四五六七八九]{3})(?=年)")
_MONTH_IN_WORDS = re.compile(
    r"(十[一二]?|[一二三四五六七八九])(?=月|至[一二三四五六七八九十]{1,2}月)"
)
_SHORT_YEAR = re.compile(r"(?<!\d)(2\d)年(?=度?第?[一二三四1-4]季|\d{1,2}[-—–~至到月])")
_QUARTERS = {(1, 3): 1, (4, 6): 2, (7, 9): 3, (10, 12): 4}


def covers_in(text: str) -> str | None:
    """Find the period a heading names: `2026-Q1`, `2026-03`, `2026`; None when it names none.

    None too for what has no code, as half a year or parts of two months: calling it the whole year
    would be untrue.
    """
    text = _in_digits(key(text))
    if match := _DAYS.search(text):
        return _of_days(match)
    # 截至2026年3月31日 is how a register names its year.
    bare = _ONE_DAY.sub(lambda match: f"{match[0][:4]}年" if match[0][2:4].isdigit() else "", text)
    years = {found for pair in _BARE_YEAR.findall(bare) for found in pair if found}
    years |= set(_YEAR.findall(bare))
    if len(years) != 1:
        return None
    (named,) = years
    if "半年" in bare:
        return None
    if match := _QUARTER.search(bare):
        return f"{named}-Q{integer(match[1])}"
    without_year = re.sub(rf"{named}[年./-]?度?", " ", bare)
    if match := _LISTED.search(without_year):
        months = [int(number) for number in re.findall(r"\d+", match[1])]
        return _of_months(named, months[0], months[-1]) if _in_a_row(months) else None
    if match := _DOTTED_MONTHS.search(bare) or _MONTHS.search(without_year):
        return _of_months(named, int(match[1]), int(match[2]))
    if match := _MONTH.search(without_year) or _DOTTED.search(bare):
        return _of_months(named, int(match[1]), int(match[1]))
    return None if "月" in without_year or "季" in without_year else named


def _in_digits(text: str) -> str:
    text = text.replace("元月", "1月")
    text = _YEAR_IN_WORDS.sub(lambda match: f"{year(match[1])}", text)
    text = _MONTH_IN_WORDS.sub(lambda match: f"{integer(match[1])}", text)
    return _SHORT_YEAR.sub(r"20\1年", text)


def _of_days(match: re.Match[str]) -> str | None:
    """Give the period of two days: whole months, or days of one month."""
    named, first, last = match[1], int(match[2]), int(match[5])
    if (match[4] or named) != named or not 1 <= first <= last <= 12:  # noqa: PLR2004 - months
        return None
    whole = int(match[3]) == 1 and int(match[6]) == monthrange(int(named), last)[1]
    return _of_months(named, first, last) if whole or first == last else None


def _of_months(named: str, first: int, last: int) -> str | None:
    if first == last and 1 <= first <= 12:  # noqa: PLR2004 - months
        return f"{named}-{first:02d}"
    if (first, last) == (1, 12):
        return named
    return f"{named}-Q{_QUARTERS[first, last]}" if (first, last) in _QUARTERS else None


def _in_a_row(months: list[int]) -> bool:
    return months == list(range(months[0], months[0] + len(months)))


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
