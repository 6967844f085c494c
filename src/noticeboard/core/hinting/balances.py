"""F24: what a ledger begins with, what it covers, and what it adds up to."""

from collections.abc import Iterator
from datetime import timedelta

from noticeboard.core import periods
from noticeboard.core.hinting.look import Task
from noticeboard.core.hinting.payments import ledgers
from noticeboard.core.hints import Hint
from noticeboard.core.money import yuan
from noticeboard.core.particulars import Content, Spending
from noticeboard.core.periods import PERIOD
from noticeboard.core.sound import balance_gap


def rolling(task: Task) -> Iterator[Hint]:
    """Find an explained difference, an opening that is no closing, a period missing or told twice.

    Differences without an explanation keep a notice from being submitted; they are no hints.
    """
    own = task.look.content
    held = own.particulars
    if not isinstance(held, Spending):
        return
    gap = balance_gap(held)
    if gap:
        yield task.hint("sum", gap=yuan(gap))
    if PERIOD.fullmatch(own.covers or "") is None:
        return
    earlier = [(code, it) for code, it, _rows in ledgers(task) if code and _same_account(it, own)]
    yield from _overlaps(task, own, earlier)
    begins = periods.start(own.covers or "")
    before = [(code, it) for code, it in earlier if periods.end(it.covers or "") < begins]
    if not before:
        return
    code, last = max(before, key=lambda one: periods.end(one[1].covers or ""))
    if periods.end(last.covers or "") + timedelta(days=1) != begins:
        yield task.hint("missing", elsewhere=[(code, 0)], last=last.covers or "")
        return
    assert isinstance(last.particulars, Spending)
    if held.opening != last.particulars.closing:
        was, now = yuan(last.particulars.closing), yuan(held.opening)
        yield task.hint("opening", elsewhere=[(code, 0)], closing=was, opening=now)


def _overlaps(task: Task, own: Content, others: list[tuple[str, Content]]) -> Iterator[Hint]:
    begins, ends = periods.start(own.covers or ""), periods.end(own.covers or "")
    for code, other in others:
        first, last = periods.start(other.covers or ""), periods.end(other.covers or "")
        # Months and their quarter are told both; what crosses without holding it is a slip.
        nested = (begins <= first and last <= ends) or (first <= begins and ends <= last)
        if (first <= ends and begins <= last) and (not nested or own.covers == other.covers):
            yield task.hint("twice", elsewhere=[(code, 0)], covers=other.covers or "")


def _same_account(other: Content, own: Content) -> bool:
    held, mine = other.particulars, own.particulars
    return (
        isinstance(held, Spending)
        and isinstance(mine, Spending)
        and held.account == mine.account
        and other.group == own.group
        and PERIOD.fullmatch(other.covers or "") is not None
    )
