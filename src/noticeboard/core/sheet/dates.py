"""Dates and periods as village sheets write them; what could mean two days is asked about."""

import re
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

from msgspec import Struct

from noticeboard.core.problems import NotValid
from noticeboard.core.sheet.amounts import shown
from noticeboard.core.sheet.cells import Cell, folded
from noticeboard.core.sheet.numerals import integer, year
from noticeboard.core.sheet.periods import span

_FULL = re.compile(r"(\d{4})[-./、,年](\d{1,2})[-./、,月](\d{1,2})[日号]?")
_SHORT_YEAR = re.compile(r"(\d{2})[-./年](\d{1,2})[-./月](\d{1,2})[日号]?")
_NO_YEAR = re.compile(r"(\d{1,2})(?:[月/-](\d{1,2})[日号]?|\.(\d{1,2})[日号])")
# 1月5日-7日, 2026.1.8-1.10: several days of work or one bill for them.
_SPAN = re.compile(
    r"(?:(?P<year>\d{4})[-./年])?(?P<month>\d{1,2})(?(year)[-./月]|[./月])"
    r"(?P<day>\d{1,2})[日号]?[-—–~至到、,]+"
    r"(?:(?:(?P<year_too>\d{4})[-./年])?(?P<month_too>\d{1,2})[-./月])?(?P<last>\d{1,2})[日号]?"
)
_IN_WORDS = re.compile(
    r"(?:(?P<year>\d{4}|[一二][〇零○o一二三四五六七八九]{3})年)?"
    r"(?P<month>\d{1,2}|十[一二]?|[一二三四五六七八九])月"
    r"(?P<day>\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]"
)
_WHOLE_MONTH = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)[-./年])?(?:(?P<first>\d{1,2})月?[-—–~至到])?(?P<last>\d{1,2})月份?"
    r"|(?P<year_too>(?:19|20)\d\d)[-./]?(?P<month>\d{1,2})"
)
_TIME = re.compile(r"[ t]?\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?$")
_EIGHT = re.compile(r"(?:19|20)\d{6}")
_FIVE = re.compile(r"\d{5}")
_TWO_NUMBERS = re.compile(r"(\d{1,2})\.(\d{1,2})")
# Excel counts days from here, so that its 60 is the 29 February 1900 that never was.
_EXCEL = date(1899, 12, 30)
# Workbooks begun on an old Macintosh count from another day.
_SINCE_1904 = date(1904, 1, 1)
_PLAUSIBLE = range(date(1990, 1, 1).toordinal(), date(2100, 1, 1).toordinal())


class Unsure(Struct, frozen=True):
    """What a cell says that may be one of several days: only its writer knows which.

    `dotted`: 1.5 or 1.1, of which Excel made a number; a number has lost whether it was 1.1 or
    1.10. Otherwise the cell names whole months or a span of days, and these are the last and the
    first of them.
    """

    days: tuple[date, ...]
    dotted: bool


def read(
    cell: Cell, year_of_period: int | None = None, *, since_1904: bool = False
) -> date | Unsure | None:
    """Read a day, or the days it may be; None when the cell is empty.

    `since_1904` is how the workbook counts days. Raises NotValid for a day that does not exist, one
    without a year where the period gives none, and whatever is no date.
    """
    if cell is None or isinstance(cell, date):
        return cell
    if isinstance(cell, int | Decimal):
        return _from_number(cell, year_of_period, _SINCE_1904 if since_1904 else _EXCEL)
    # A bank's line says the minute too.
    text = _TIME.sub("", folded(cell)).replace(" ", "").strip("'’‘`")
    text = text.replace("。", ".").rstrip(".,;").replace("元月", "1月")
    if not text.strip("-—/"):
        return None
    for spelling in (_FULL, _SHORT_YEAR):
        if match := spelling.fullmatch(text):
            return _real(cell, int(f"20{match[1]}"[-4:]), int(match[2]), int(match[3]))
    if _EIGHT.fullmatch(text) or _FIVE.fullmatch(text):
        return _from_number(int(text), None, _SINCE_1904 if since_1904 else _EXCEL)
    if match := _NO_YEAR.fullmatch(text):
        return _real(cell, _known(cell, year_of_period), int(match[1]), int(match[2] or match[3]))
    if match := _IN_WORDS.fullmatch(text):
        a_year = year(match["year"]) if match["year"] else None
        month, a_day = integer(match["month"]), integer(match["day"])
        return _real(cell, a_year or _known(cell, year_of_period), month or 0, a_day or 0)
    if match := _TWO_NUMBERS.fullmatch(text):
        return _dotted(cell, _known(cell, year_of_period), match[1], match[2])
    if match := _WHOLE_MONTH.fullmatch(text):
        return _months(cell, match, year_of_period)
    if match := _SPAN.fullmatch(text):
        return _span(cell, match, year_of_period)
    raise _unclear(cell)


def day(cell: Cell, year_of_period: int | None = None, *, since_1904: bool = False) -> date | None:
    """Read a day as `read` does; what may be several days is refused too."""
    found = read(cell, year_of_period, since_1904=since_1904)
    if isinstance(found, Unsure):
        raise _two_ways(cell) if found.dotted else _unclear(cell)
    return found


def _from_number(cell: int | Decimal, year_of_period: int | None, since: date) -> date | Unsure:
    """Read Excel's count of days, with or without a time of day, 20260115, 2026.03 or 1.5."""
    if 0 < cell < _PLAUSIBLE.stop and since.toordinal() + int(cell) in _PLAUSIBLE:
        return since + timedelta(days=int(cell))
    text = str(cell)
    if _EIGHT.fullmatch(text):
        return _real(cell, int(text[:4]), int(text[4:6]), int(text[6:]))
    if match := _TWO_NUMBERS.fullmatch(text):
        return _dotted(cell, _known(cell, year_of_period), match[1], match[2])
    raise _unclear(cell)


def _dotted(cell: Cell, a_year: int, month: str, after: str) -> Unsure:
    """Give the days that month.day may have been; as a number, 1.10 is 1.1 by now."""
    likely = [after] if after.endswith("0") or len(after) > 1 else [after, f"{after}0"]
    days: list[date] = []
    for text in likely:
        with suppress(ValueError):
            days.append(date(a_year, int(month), int(text)))
    if not days:
        raise _unclear(cell)
    return Unsure(tuple(days), dotted=True)


def _months(cell: Cell, match: re.Match[str], year_of_period: int | None) -> Unsure:
    a_year = int(match["year"] or _known(cell, year_of_period))
    last = int(match["last"] or match["month"])
    first = int(match["first"] or last)
    if not 1 <= first <= last <= 12:  # noqa: PLR2004 - the months of a year
        raise _unclear(cell)
    return Unsure((span(f"{a_year}-{last:02d}")[1], date(a_year, first, 1)), dotted=False)


def _span(cell: Cell, match: re.Match[str], year_of_period: int | None) -> Unsure:
    """Give the last and the first day of several: of which of them the money is, only a clerk says.

    What is not written of the last day is as of the first.
    """
    a_year = int(match["year"] or _known(cell, year_of_period))
    first = _real(cell, a_year, int(match["month"]), int(match["day"]))
    month = int(match["month_too"] or match["month"])
    last = _real(cell, int(match["year_too"] or a_year), month, int(match["last"]))
    if last <= first:
        raise _unclear(cell)
    return Unsure((last, first), dotted=False)


def _known(cell: Cell, year_of_period: int | None) -> int:
    if year_of_period is None:
        raise NotValid("日期没有写年份", value=shown(cell), fix="请写成 2026-01-15 这样。")
    return year_of_period


def _real(cell: Cell, a_year: int, month: int, a_day: int) -> date:
    try:
        return date(a_year, month, a_day)
    except ValueError:
        raise NotValid("没有这一天", value=shown(cell), fix="请对照凭证改正日期。") from None


def _two_ways(cell: Cell) -> NotValid:
    return NotValid(
        "这个日期可能是几月几日看不准（1.1 也可能是 1.10）",
        value=shown(cell),
        fix="请写成 1月15日 或 2026-01-15。",
    )


def _unclear(cell: Cell) -> NotValid:
    return NotValid("这个日期读不出来", value=shown(cell), fix="请写到日，例如 2026-01-15。")
