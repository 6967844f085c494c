"""Vouchers and signatures of a ledger: what stands twice, and who signed for whom."""

from collections import defaultdict
from collections.abc import Iterator

from noticeboard.core.hinting.look import Task
from noticeboard.core.hinting.payments import ledgers
from noticeboard.core.hints import Hint
from noticeboard.core.money import yuan
from noticeboard.core.particulars import Spending, SpendingRow

_MONTH = 7


def twice(task: Task) -> Iterator[Hint]:
    """F03: a voucher number of one month on two days, one payment twice, one in two ledgers.

    Numbers of vouchers begin anew each month, and one voucher may have several lines: the same
    number in another month, or on the same day with another amount, is nothing.
    """
    yield from _vouchers(task)
    yield from _payments(task)
    yield from _published(task)


def _vouchers(task: Task) -> Iterator[Hint]:
    found: defaultdict[tuple[str, str], list[SpendingRow]] = defaultdict(list)
    for row in _own(task):
        if row.voucher:
            found[row.date[:_MONTH], row.voucher].append(row)
    for (_month, voucher), rows in found.items():
        if len({row.date for row in rows}) > 1:
            yield task.hint("voucher", [row.id for row in rows], voucher=voucher)


def _payments(task: Task) -> Iterator[Hint]:
    found: defaultdict[tuple[str, str, int], list[SpendingRow]] = defaultdict(list)
    for row in _own(task):
        if row.payee and row.expense:
            found[row.date, row.payee, row.expense].append(row)
    for (_day, payee, amount), rows in found.items():
        if len(rows) > 1:
            ids = [row.id for row in rows]
            yield task.hint("twice", ids, payee=payee, amount=yuan(amount))


def _published(task: Task) -> Iterator[Hint]:
    own = {_same(row): row.id for row in _own(task) if row.voucher}
    for code, _content, rows in ledgers(task):
        both = [(own[_same(row)], row.id) for row in rows if code and _same(row) in own]
        if both:
            ids, others = zip(*both, strict=True)
            yield task.hint("published", ids, elsewhere=[(code, row) for row in others])


def _same(row: SpendingRow) -> tuple[str, str, int, int]:
    return row.date, row.voucher, row.income, row.expense


def signatures(task: Task) -> Iterator[Hint]:
    """F04: payments that nobody approved, and those whose approver handled or got them."""
    paid = [row for row in _own(task) if row.expense > 0]
    missing = [row.id for row in paid if not row.approver]
    if missing:
        yield task.hint("missing", missing)
    alone = [row.id for row in paid if row.approver and row.approver in (row.handler, row.payee)]
    if alone:
        yield task.hint("alone", alone)


def _own(task: Task) -> tuple[SpendingRow, ...]:
    held = task.look.content.particulars
    return held.rows if isinstance(held, Spending) else ()
