"""A table too long for one notice becomes several: a ledger by month, a roster by group, in order.

Each part adds up by itself. A difference that the clerk explained stays in the last part.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from msgspec.structs import replace

from noticeboard.core.drafting import MOST_ROWS
from noticeboard.core.forms import COMMON
from noticeboard.core.particulars import (
    Assets,
    Content,
    Labour,
    Particulars,
    Spending,
    Subsidy,
)
from noticeboard.core.sound import balance_gap, total_gap, worth_gaps

_LONGEST: Final = COMMON[0].longest
# Each part of a longer list: what it is called, and its rows.
_Part = tuple[str, Sequence[Any]]


def parts(content: Content, most: int = MOST_ROWS) -> tuple[Content, ...]:
    """Give a content as it is, or as several of at most so many rows, each with its own sums."""
    rows = content.particulars.rows
    if len(rows) <= most:
        return (content,)
    match content.particulars:
        case Spending():
            named = list(_months(rows, most))
        case Subsidy():
            named = list(_groups(rows, most))
        case _:
            named = list(_chunks("", rows, most))
    made = [_part(content, name, part) for name, part in named]
    rolled = _rolled(content, [one.particulars for one in made])
    return tuple(replace(one, particulars=p) for one, p in zip(made, rolled, strict=True))


def _months(rows: Sequence[Any], most: int) -> Iterator[_Part]:
    by_month: dict[str, list[Any]] = {}
    for row in rows:
        by_month.setdefault(row.date[:7], []).append(row)
    for month in sorted(by_month):
        year, _, number = month.partition("-")
        yield from _chunks(f"{year}年{int(number)}月", by_month[month], most)


def _groups(rows: Sequence[Any], most: int) -> Iterator[_Part]:
    """Give groups in the sheet's order, as many together as fit; none is torn that need not be."""
    names: list[str] = []
    held: list[Any] = []
    for name, listed in groupby(rows, key=lambda row: row.group):
        group = list(listed)
        if held and len(held) + len(group) > most:
            yield from _chunks(_from_to(names), held, most)
            names, held = [], []
        names.append(name)
        held += group
    yield from _chunks(_from_to(names), held, most)


def _from_to(names: Sequence[str]) -> str:
    named = [name for name in dict.fromkeys(names) if name]
    return f"{named[0]}至{named[-1]}" if len(named) > 1 else "".join(named)


def _chunks(name: str, rows: Sequence[Any], most: int) -> Iterator[_Part]:
    pieces = [rows[start : start + most] for start in range(0, len(rows), most)]
    for number, piece in enumerate(pieces, 1):
        nth = f"第{number}份，共{len(pieces)}份" if len(pieces) > 1 else ""
        yield "，".join(filter(None, (name, nth))), piece


def _part(content: Content, name: str, rows: Iterable[Any]) -> Content:
    numbered = tuple(replace(row, id=number) for number, row in enumerate(rows, 1))
    marked = f"（{name}）"
    return replace(
        content,
        title=content.title[: _LONGEST - len(marked)] + marked,
        particulars=replace(content.particulars, rows=numbered),
        last_row=len(numbered),
    )


def _rolled(content: Content, made: Sequence[Any]) -> list[Particulars]:
    """Give the parts their own sums; what the whole one is out by, the last is."""
    match content.particulars:
        case Spending() as whole:
            return _balanced(whole, made)
        case Subsidy() | Labour() as whole:
            totals = [sum(row.amount for row in part.rows) for part in made]
            totals[-1] += total_gap(whole)
            return [replace(p, total=t) for p, t in zip(made, totals, strict=True)]
        case Assets() as whole:
            return _worth(whole, made)
    return list(made)


def _balanced(whole: Spending, made: Sequence[Spending]) -> list[Particulars]:
    opening, parts_ = whole.opening, list[Particulars]()
    for part in made:
        closing = opening + sum(row.income - row.expense for row in part.rows)
        if part is made[-1]:
            closing += balance_gap(whole)
        parts_.append(replace(part, opening=opening, closing=closing))
        opening = closing
    return parts_


def _worth(whole: Assets, made: Sequence[Assets]) -> list[Particulars]:
    gaps = worth_gaps(whole)

    def total(part: Assets, name: str, gap: int) -> int | None:
        if getattr(whole, name) is None:
            return None
        of_rows = sum(getattr(row, name) or 0 for row in part.rows)
        return int(of_rows + (gap if part is made[-1] else 0))

    return [
        replace(
            part,
            original=total(part, "original", gaps[0]),
            net=total(part, "net", gaps[1]),
        )
        for part in made
    ]
