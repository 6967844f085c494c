"""Payments of ledgers, this one and others: split below a limit, or again just below it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from noticeboard.core.hinting.look import Task
from noticeboard.core.hints import Applied, Hint
from noticeboard.core.money import yuan
from noticeboard.core.particulars import Content, Project, Spending, SpendingRow

_WHOLE = 1000


class Paid(Struct, frozen=True, kw_only=True):
    """One payment or contract: `code` is "" for this notice's own, `who` is who got it."""

    code: str
    row: int
    day: str
    amount: int
    who: str
    project: str


def split(task: Task) -> Iterator[Hint]:
    """F01: several payments to one payee, or for one project, each below a limit, together not."""
    yield from _split(task, "payee", _paid(task), lambda one: one.who)
    yield from _split(task, "project", _paid(task), lambda one: one.project)
    yield from _split(task, "contract", _contracted(task), lambda one: one.who)


def below(task: Task) -> Iterator[Hint]:
    """F02: payments that again and again stay a little below a limit."""
    near, times, days = task.limit("near"), task.limit("times"), task.limit("days")
    for limit in task.places():
        least = limit.n - limit.n * near.n // _WHOLE
        close = [one for one in _paid(task) if least <= one.amount < limit.n]
        own = [one for one in close if not one.code]
        first = min((one.day for one in own), default="")
        within = [one for one in close if not one.code or 0 <= _days(one.day, first) <= days.n]
        if own and len(within) >= times.n:
            yield task.hint(
                "near",
                _rows(own),
                limit,
                near,
                times,
                elsewhere=_elsewhere(within),
                count=len(within),
                limit=yuan(limit.n),
            )


def _split(
    task: Task, case: str, paid: Iterable[Paid], by: Callable[[Paid], str]
) -> Iterator[Hint]:
    groups: defaultdict[str, list[Paid]] = defaultdict(list)
    for one in paid:
        if by(one):
            groups[by(one)].append(one)
    days = task.limit("days")
    limits = tuple(task.places())
    for who, all_ in groups.items():
        for limit in limits:
            window = _window([one for one in all_ if one.amount < limit.n], limit, days.n)
            if window:
                yield task.hint(
                    case,
                    _rows(window),
                    limit,
                    days,
                    elsewhere=_elsewhere(window),
                    who=who,
                    count=len(window),
                    days=days.n,
                    limit=yuan(limit.n),
                    sum=yuan(sum(one.amount for one in window)),
                )
                break


def _window(paid: list[Paid], limit: Applied, days: int) -> list[Paid]:
    """Give the largest sum within so many days that reaches a limit and has a row of our own."""
    paid.sort(key=lambda one: (one.day, one.row))
    best: list[Paid] = []
    for nth, first in enumerate(paid):
        found = [one for one in paid[nth:] if _days(first.day, one.day) <= days]
        enough = len(found) > 1 and sum(one.amount for one in found) >= limit.n
        if enough and any(not one.code for one in found) and _sum(found) > _sum(best):
            best = found
    return best


def _sum(paid: Iterable[Paid]) -> int:
    return sum(one.amount for one in paid)


def _days(before: str, after: str) -> int:
    return (date.fromisoformat(after) - date.fromisoformat(before)).days


def _rows(paid: Iterable[Paid]) -> list[int]:
    return [one.row for one in paid if not one.code]


def _elsewhere(paid: Iterable[Paid]) -> list[tuple[str, int]]:
    return [(one.code, one.row) for one in paid if one.code]


def ledgers(task: Task) -> Iterator[tuple[str, Content, Sequence[SpendingRow]]]:
    """Give this ledger (code "") and the others of its publisher, with their rows."""
    own = task.look.content
    mine = own.particulars.rows if isinstance(own.particulars, Spending) else ()
    if mine:
        yield "", own, mine
    for other in task.look.others:
        held = other.content.particulars
        if isinstance(held, Spending) and other.content.publisher == own.publisher:
            yield other.code, other.content, held.rows


def _paid(task: Task) -> Iterator[Paid]:
    """Give the payments of ledgers; of two ledgers that say the same one, it counts once."""
    seen: set[tuple[object, ...]] = set()
    for code, _content, rows in ledgers(task):
        here = set()
        for row in rows:
            same = (row.date, row.voucher, row.expense, row.payee, row.summary)
            here.add(same)
            if row.expense > 0 and same not in seen:
                yield Paid(
                    code=code,
                    row=row.id,
                    day=row.date,
                    amount=row.expense,
                    who=row.payee or "",
                    project=row.project or "",
                )
        seen |= here


def _contracted(task: Task) -> Iterator[Paid]:
    own = task.look.content
    held = [("", own), *((one.code, one.content) for one in task.look.others)]
    for code, content in held:
        if isinstance(content.particulars, Project) and content.publisher == own.publisher:
            for row in content.particulars.rows:
                if row.step == "contract" and row.date and row.amount and row.party:
                    yield Paid(
                        code=code,
                        row=row.id,
                        day=row.date,
                        amount=row.amount,
                        who=row.party,
                        project="",
                    )
