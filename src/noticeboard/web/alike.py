"""A new form like a former one: what goes on from period to period is filled in already."""

import re
from collections.abc import Sequence
from typing import Any, Final

from noticeboard.core.drafting import typed_of
from noticeboard.core.money import yuan
from noticeboard.core.notice import Edition
from noticeboard.core.particulars import (
    Assets,
    Content,
    Contracts,
    Particulars,
    Project,
    Spending,
    Subsidy,
    kind_of,
)
from noticeboard.core.periods import following, rhythm
from noticeboard.web.forms import TABLES, new

# Kinds whose next one has much of the last: the next quarter, the next year, the next payment.
COMES_AGAIN: Final = frozenset(
    {"spending", "subsidy", "project", "asset", "contract", "labour", "table"}
)
# What stands in the head of a form and belongs to one period alone.
_OF_ITS_TIME = frozenset("reason covers explanation closing total original net as_of".split())

# Of a roster, and of a ledger, what a line says again in the next period.
_OF_PEOPLE: Final = ("group", "name", "tail", "quantity", "standard")
_OF_LINES: Final = tuple("summary account method payee payee_as handler witness approver".split())
_DATES: Final = re.compile(r"[\d一二三四五六七八九十至到、-]+(?:年|月份|月|季度|日)|上半年|下半年")


def sort_of(edition: Edition) -> tuple[str, str | None, str]:
    """Give what tells apart whose next one it is: the collective's ledger is not the village's."""
    return edition.kind, edition.item, edition.publisher


def next_after(
    former: Content, earlier: Content | None = None, *, period: str = ""
) -> dict[str, Any]:
    """Give a new form like a former one: its head for the next period, and its fixed lines.

    `period` is the one it is for, where that is another than the next.

    The rows of a project and of a register that goes on come along, and a table's columns; of a
    roster who is on it, of a ledger what stands in the one before it (`earlier`) too. What a ledger
    closed with is what the next one opens with; other amounts, dates and the reason of a correction
    belong to the former one alone.
    """
    kind = kind_of(former)
    typed = {
        name: value
        for name, value in typed_of(former).items()
        if name not in (*TABLES, *_OF_ITS_TIME)
    }
    if after := period or (following(former.covers) if former.covers else ""):
        typed["covers"] = after
        typed["title"] = _moved(former.title, former.covers, after)
    if isinstance(former.particulars, Spending):
        typed["opening"] = yuan(former.particulars.closing)
    before = typed_of(former)
    if isinstance(former.particulars, Project | Assets | Contracts):
        typed["rows"] = [{k: v for k, v in row.items() if k != "id"} for row in before["rows"]]
    if isinstance(former.particulars, Spending | Subsidy):
        typed["rows"] = _fixed(former.particulars, earlier.particulars if earlier else None)
    typed |= {name: before[name] for name in ("facts", "columns") if name in before}
    return typed | ({"rows": new(kind)["rows"]} if kind == "decision" else {})


def _moved(title: str, before: str | None, after: str) -> str:
    """Give a title with the period it names moved on, in the spelling it is named in."""
    if before is None or rhythm(before) != rhythm(after):
        return title
    for old, new_ in zip(_spelled(before), _spelled(after), strict=True):
        if old in title:
            return title.replace(old, new_)
    return title


def _spelled(period: str) -> list[str]:
    """Give how titles write a period: 2026年一季度, 2026年第一季度, 2026年第1季度, 2026年1-3月."""
    year, _, part = period.partition("-")
    if part.startswith("Q"):
        number = int(part[1:])
        named = "一二三四"[number - 1]
        first, last = 3 * number - 2, 3 * number
        forms = [f"第{named}季度", f"{named}季度", f"第{number}季度", f"{number}季度"]
        forms += [f"{first}{dash}{last}月" for dash in "-—–~至到"]
        return [f"{year}年{grade}{form}" for form in forms for grade in ("", "度")]
    if part:
        return [f"{year}年{int(part)}月", f"{year}年{part}月"]
    return [f"{year}年"]


def _fixed(former: Spending | Subsidy, earlier: Particulars | None) -> list[dict[str, str]]:
    """Give the lines that come again each period, without what belongs to one alone."""
    rows = typed_of(Content(title="", particulars=former))["rows"]
    if isinstance(former, Subsidy):
        return [_only(row, _OF_PEOPLE) for row in rows if row["name"]]
    if not isinstance(earlier, Spending):
        return []
    again = {_undated(row.summary) for row in earlier.rows}
    lines = {
        said: _only(row, _OF_LINES) for row in rows if (said := _undated(row["summary"])) in again
    }
    return list(lines.values())


def _only(row: dict[str, str], names: Sequence[str]) -> dict[str, str]:
    return {name: row[name] for name in names if row.get(name)}


def _undated(summary: str) -> str:
    """Give what a line is for without the month it is for: 3月电费 is 4月电费."""
    return _DATES.sub("", summary)
