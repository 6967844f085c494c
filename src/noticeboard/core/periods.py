"""Periods as texts of the log: 2026-03, 2026-Q1, 2026-H1, 2026; where they begin, end, go on."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, Literal, get_args

Rhythm = Literal["month", "quarter", "half-year", "year"]
RHYTHMS: Final[tuple[Rhythm, ...]] = get_args(Rhythm)
PERIOD: Final = re.compile(r"[0-9]{4}(-Q[1-4]|-H[12]|-(0[1-9]|1[0-2]))?")
_MONTHS: Final[dict[Rhythm, int]] = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


def rhythm(period: str) -> Rhythm:
    """Say how long a period is; raises ValueError for a text that is none."""
    if PERIOD.fullmatch(period) is None:
        raise ValueError(f"no period: {period}")
    match period[5:6]:
        case "":
            return "year"
        case "Q":
            return "quarter"
        case "H":
            return "half-year"
    return "month"


def of(every: Rhythm, day: date) -> str:
    """Give the period of a rhythm in which a day lies."""
    year, nth = f"{day.year:04d}", (day.month - 1) // _MONTHS[every] + 1
    match every:
        case "year":
            return year
        case "month":
            return f"{year}-{nth:02d}"
    return f"{year}-{'Q' if every == 'quarter' else 'H'}{nth}"


def start(period: str) -> date:
    """Give a period's first day; raises ValueError for a text that is none."""
    every = rhythm(period)
    nth = 1 if every == "year" else int(period[5:].lstrip("QH"))
    return date(int(period[:4]), (nth - 1) * _MONTHS[every] + 1, 1)


def end(period: str) -> date:
    """Give a period's last day; raises ValueError for a text that is none."""
    return start(following(period)) - timedelta(days=1)


def following(period: str) -> str:
    """Give the period after one: 2026-Q4 is followed by 2027-Q1; raises ValueError as `start`."""
    first, every = start(period), rhythm(period)
    month = first.month - 1 + _MONTHS[every]
    return of(every, date(first.year + month // 12, month % 12 + 1, 1))


def in_words(period: str) -> str:
    """Say a period as people write it: 2026年一季度, 2026年3月; raises ValueError as `start`."""
    year, nth = f"{period[:4]}年", period[5:].lstrip("QH")
    match rhythm(period):
        case "quarter":
            return f"{year}{'一二三四'[int(nth) - 1]}季度"
        case "half-year":
            return f"{year}{'上下'[int(nth) - 1]}半年"
        case "month":
            return f"{year}{int(nth)}月"
    return year


def between(every: Rhythm, first: date, last: date) -> Iterator[str]:
    """Give the periods of a rhythm that begin from a day to another, both included, in order."""
    period = of(every, first)
    if start(period) < first:
        period = following(period)
    while start(period) <= last:
        yield period
        period = following(period)


def pieces(period: str) -> tuple[tuple[str, ...], ...]:
    """Give the ways to cut a period into shorter ones, the longest pieces first; a month has none.

    Who publishes three months one by one has published their quarter.
    """
    first, last, every = start(period), end(period), rhythm(period)
    shorter = RHYTHMS[: RHYTHMS.index(every)]
    return tuple(tuple(between(part, first, last)) for part in reversed(shorter))


def holds(period: str, day: str) -> bool:
    """Say whether an ISO day lies in a period; False for a text that is none."""
    if PERIOD.fullmatch(period) is None:
        return False
    return start(period).isoformat() <= day <= end(period).isoformat()
