"""From when to when: days, months and years as registers write them, and terms in one cell."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

from msgspec import Struct

from noticeboard.core.problems import NotValid
from noticeboard.core.sheet import dates, periods
from noticeboard.core.sheet.amounts import shown
from noticeboard.core.sheet.cells import Cell, folded
from noticeboard.core.sheet.numerals import integer

_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d)年?度?")
_MONTH = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?:[-./年]?(?P<two>0[1-9]|1[0-2])|[-./年](?P<one>[1-9]))(?P<said>月份?)?"
)
_BLANK = re.compile(r"[-—–―/\\无]*")
_NUMBER = r"(?<![\d.])(?P<years>\d{1,2}|[一二三四五六七八九十]{1,3})(?:周年|年)(?!\d|度)"
_YEARS = re.compile(_NUMBER)
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_BESIDE = re.compile(r"自|从|由|起(?=至|到|$)|起|止|期限|为期|共计?|[,，、;:]")
_BETWEEN = re.compile(r"至|到|~+|[-—–―]+")
_NO_YEAR = re.compile(r"\d{1,2}(?:[-./月]\d{1,2}日?|月)")
_LONGEST = 99


class Term(Struct, frozen=True):
    """From when to when, each a day, a month or a year as written; or so many years."""

    starts: str | None = None
    ends: str | None = None
    years: int | None = None


class Months(Struct, frozen=True):
    """What a number says that was a month once: 2019.1 is January or, as 2019.10, October."""

    months: tuple[str, str]


def point(cell: Cell, *, since_1904: bool = False, typed: bool = False) -> str | Months | None:
    """Read a day, a month or a year: 2019-05-20, 2019-05, 2019; None for an empty cell.

    `typed` says that no number can have lost a nought. Raises NotValid for a day that does not
    exist and whatever is no date.
    """
    if cell is None:
        return None
    if isinstance(cell, date):
        return cell.isoformat()
    text = re.sub(r"\s", "", folded(cell)).strip("'’‘`")
    if _BLANK.fullmatch(text):
        return None
    if match := _YEAR.fullmatch(text):
        return match["year"]
    if match := _MONTH.fullmatch(text):
        month = match["two"] or match["one"]
        if month == "1" and not (match["said"] or typed) and "." in text:
            return Months((f"{match['year']}-01", f"{match['year']}-10"))
        return f"{match['year']}-{int(month):02d}"
    found = dates.read(cell, since_1904=since_1904)
    if isinstance(found, dates.Unsure):
        first, last = min(found.days), max(found.days)
        if found.dotted or (first.year, first.month) != (last.year, last.month):
            raise _unclear(cell)
        return first.isoformat()[:7]
    return found.isoformat() if found else None


def term(cell: Cell) -> Term | None:
    """Read a term: 2021.1.1-2030.12.31, 2021年1月至2030年12月, 2021-01-01起10年, 10年.

    None where nothing with a number is said (长期). Raises NotValid for what has numbers and cannot
    be read in exactly one way, and for days that do not exist.
    """
    if isinstance(cell, int | Decimal) and 0 < cell <= _LONGEST and cell == int(cell):
        return Term(years=int(cell))
    text = re.sub(r"\s", "", folded(cell))
    if not re.search(r"\d|[一二三四五六七八九十]+年", text):
        return None
    said = _YEARS.search(text)
    years = integer(said["years"]) if said else None
    bare = _BESIDE.sub("", _YEARS.sub("", _IN_BRACKETS.sub("", text)))
    # 10年(2021.1.1-2030.12.31) says it in the brackets.
    bare = bare or _BESIDE.sub("", "".join(_IN_BRACKETS.findall(_YEARS.sub("", text))).strip("()"))
    if not bare:
        return Term(years=years)
    found: list[tuple[str, str | None]] = list(dict.fromkeys(_split(bare)))
    if not found:
        with suppress(NotValid):
            single = point(bare, typed=True)
            found = [(single, None)] if isinstance(single, str) and years else []
    if len(found) != 1:
        raise NotValid(
            "从什么时候到什么时候，读不出来",
            value=shown(cell),
            fix="请写成 2021-01-01至2030-12-31。",
        )
    return Term(*found[0], years)


def _split(text: str) -> Iterator[tuple[str, str]]:
    """Give every way to read a text as two points in time."""
    for sign in _BETWEEN.finditer(text):
        left, right = text[: sign.start()], text[sign.end() :]
        with suppress(NotValid):
            first = point(left, typed=True)
            if isinstance(first, str) and _NO_YEAR.fullmatch(right):
                right = f"{first[:4]}-{right}".replace("月", "-", 1).rstrip("-日")
            last = point(right, typed=True)
            if isinstance(first, str) and isinstance(last, str):
                yield first, last


def first_day(when: str) -> str:
    """Give the first day of a day, a month or a year."""
    return when if len(when) > len("2026-01") else periods.span(when)[0].isoformat()


def last_day(when: str) -> str:
    """Give the last day of a day, a month or a year."""
    return when if len(when) > len("2026-01") else periods.span(when)[1].isoformat()


def after(starts: str, years: int) -> str:
    """Give the last day of so many years that begin at a day."""
    first = date.fromisoformat(starts)
    try:
        again = first.replace(year=first.year + years)
    except ValueError:  # the 29 February
        again = date(first.year + years, 3, 1)
    return (again - timedelta(days=1)).isoformat()


def in_words(when: str) -> str:
    """Say a day, a month or a year in Chinese: 2026年3月1日."""
    return "".join(
        f"{int(part)}{word}" for part, word in zip(when.split("-"), "年月日", strict=False)
    )


def _unclear(cell: Cell) -> NotValid:
    return NotValid("这个日期读不出来", value=shown(cell), fix="请写到日，例如 2026-01-15。")
