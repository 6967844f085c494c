"""Whether a ledger begins with what the village last published as left over."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection

from noticeboard.board import drafting
from noticeboard.core.money import yuan
from noticeboard.core.notice import Published
from noticeboard.core.particulars import Content, Spending
from noticeboard.core.periods import end, start
from noticeboard.core.problems import Finding, NotFound
from noticeboard.core.sheet import SheetProblem
from noticeboard.store import notices

# So many notices are looked through.
_LOOKED_BACK = 400


def warnings(tx: Connection, village: str, contents: Sequence[Content]) -> list[SheetProblem]:
    """Name what was published of the time right before a ledger and ended with another balance.

    Ledgers that come together are held against each other where they are read.
    """
    ledgers = [c for c in contents if c.covers and _has_balance(c)]
    ends = {end(one.covers or "") for one in ledgers}
    problems: list[SheetProblem] = []
    for content in ledgers:
        before = start(content.covers or "") - timedelta(days=1)
        if before not in ends:
            problems += _differing(content, list(_published(tx, village, content, before)))
    return problems


def _has_balance(content: Content) -> bool:
    """Say whether it is an account, and no list of payments alone, which has no balance."""
    told = content.particulars
    if not isinstance(told, Spending):
        return False
    flows = any(row.income for row in told.rows) and any(row.expense for row in told.rows)
    return told.opening != 0 or flows


def _published(
    tx: Connection, village: str, content: Content, ends: date
) -> Iterator[tuple[str, Spending]]:
    """Give title and account of the same book as it was published up to a day."""
    for notice in notices.shown(tx, village, _LOOKED_BACK):
        edition = notice.current
        if edition is None or not isinstance(edition.state, Published) or not edition.covers:
            continue
        if edition.publisher != content.publisher or end(edition.covers) != ends:
            continue
        try:
            earlier = drafting.content_of(tx, village, edition)
        except NotFound:
            continue
        if isinstance(earlier.particulars, Spending) and _has_balance(earlier):
            yield earlier.title, earlier.particulars


def _differing(content: Content, earlier: list[tuple[str, Spending]]) -> Iterator[SheetProblem]:
    told = content.particulars
    if not isinstance(told, Spending):
        return
    same = [(t, e) for t, e in earlier if len({e.account, told.account} - {""}) <= 1]
    # Cash and a bank account may both go on from here, each with its own.
    if not same or any(one.closing == told.opening for _title, one in same):
        return
    title, before = same[0]
    args: dict[str, str | int] = {
        "title": title,
        "expected": f"{yuan(before.closing)} 元",
        "said": f"{yuan(told.opening)} 元",
        "gap": f"{yuan(told.opening - before.closing)} 元",
    }
    text = "“{title}”公布的期末结余是 {expected}，这张表的上期结余是 {said}，差 {gap}"
    fix = "请核对两期之间有没有漏掉或改动的账。"
    yield SheetProblem("warning", "", "", Finding(text, fix=fix, args=args))
