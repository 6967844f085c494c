"""Cash, words of entertainment, and money of the collective that lies with somebody."""

from collections import defaultdict
from collections.abc import Iterator

from noticeboard.core import periods
from noticeboard.core.hinting.look import Task
from noticeboard.core.hinting.payments import ledgers
from noticeboard.core.hints import Hint
from noticeboard.core.money import yuan
from noticeboard.core.particulars import Content, Spending, SpendingRow
from noticeboard.core.periods import PERIOD

_WHOLE = 1000


def cash(task: Task) -> Iterator[Hint]:
    """F07: cash above a limit, slips instead of invoices, income spent in cash the same day."""
    rows = _own(task)
    in_cash = [row for row in rows if task.said_in(row.method, "cash")]
    for limit in task.places():
        over = [row.id for row in in_cash if row.expense > limit.n]
        if over:
            yield task.hint("above", over, limit, limit=yuan(limit.n))
        break
    slips = [row.id for row in rows if task.said_in(f"{row.voucher} {row.summary}", "slip")]
    if slips:
        yield task.hint("slip", slips)
    days: defaultdict[str, list[SpendingRow]] = defaultdict(list)
    for row in in_cash:
        days[row.date].append(row)
    for day, both in days.items():
        if any(row.income for row in both) and any(row.expense for row in both):
            yield task.hint("same-day", [row.id for row in both], day=day)


def entertainment(task: Task) -> Iterator[Hint]:
    """F08: words of meals and gifts, and costs of meetings that grow fast."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row in _own(task):
        word = task.said_in(row.summary, "words", "unless") if row.expense > 0 else ""
        if not word and row.expense > 0 and row.payee:
            word = task.said_in(row.summary, "personal")
        if word:
            found[word].append(row.id)
    for word, ids in found.items():
        yield task.hint("words", ids, word=word)
    yield from _meetings(task)


def _meetings(task: Task) -> Iterator[Hint]:
    own, before = _meeting_costs(task, task.look.content), 0
    ids = [row.id for row in _own(task) if _is_meeting(task, row)]
    growth, least = task.limit("growth"), task.limit("least")
    for code, content, _rows in ledgers(task):
        if code and _comes_before(content, task.look.content):
            before = _meeting_costs(task, content)
    if own >= least.n and before and (own - before) * _WHOLE > before * growth.n:
        yield task.hint("meetings", ids, growth, least, before=yuan(before), now=yuan(own))


def _meeting_costs(task: Task, content: Content) -> int:
    held = content.particulars
    rows = held.rows if isinstance(held, Spending) else ()
    return sum(row.expense for row in rows if _is_meeting(task, row))


def _is_meeting(task: Task, row: SpendingRow) -> bool:
    return bool(row.expense and task.said_in(f"{row.account} {row.summary}", "meetings"))


def _comes_before(content: Content, own: Content) -> bool:
    """Say whether a ledger is of the period right before one of the same length."""
    said = content.covers or "", own.covers or ""
    return all(map(PERIOD.fullmatch, said)) and periods.following(said[0]) == said[1]


def with_persons(task: Task) -> Iterator[Hint]:
    """F25: money of the collective in somebody's account, loans, guarantees."""
    for case in ("account", "loan"):
        rows = [
            row.id
            for row in _own(task)
            if task.said_in(f"{row.method} {row.account} {row.summary}", case, "unless")
        ]
        if rows:
            yield task.hint(case, rows)


def _own(task: Task) -> tuple[SpendingRow, ...]:
    held = task.look.content.particulars
    return held.rows if isinstance(held, Spending) else ()
