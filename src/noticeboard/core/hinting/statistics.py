"""F23: what figures look like in the mass. It shows where one might look, and proves nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from math import log10

from noticeboard.core.hinting.look import Task
from noticeboard.core.hints import Hint
from noticeboard.core.particulars import Spending, SpendingRow
from noticeboard.core.rules import knows, working_day

_WHOLE = 1000
_YEAR = 4
# How often 1, 2, … 9 is the first digit of figures that grew by themselves (Newcomb, Benford).
_EXPECTED = tuple(log10(1 + 1 / digit) for digit in range(1, 10))


def mass(task: Task) -> Iterator[Hint]:
    """Count round sums, days off and first digits; of a short ledger nothing is said."""
    held = task.look.content.particulars
    if not isinstance(held, Spending):
        return
    paid = [row for row in held.rows if row.expense]
    least = task.limit("least")
    if len(paid) >= least.n:
        unit, round_ = task.limit("unit"), task.limit("round")
        even = [row.id for row in paid if row.expense % unit.n == 0]
        if len(even) * _WHOLE > len(paid) * round_.n:
            share = _share(len(even), len(paid))
            yield task.hint("round", (), round_, unit, least, share=share)
        yield from _days_off(task, paid)
    many, off = task.limit("many"), task.limit("digits")
    if len(paid) >= many.n and _apart(paid) * _WHOLE > off.n:
        yield task.hint("digits", (), off, many, count=len(paid))


def _days_off(task: Task, paid: Sequence[SpendingRow]) -> Iterator[Hint]:
    rules, most, least = task.look.rules, task.limit("days-off"), task.limit("least")
    known = [row for row in paid if knows(rules, int(row.date[:_YEAR]))]
    off = [row.id for row in known if not working_day(rules, row.date)]
    if len(known) >= least.n and len(off) * _WHOLE > len(known) * most.n:
        yield task.hint("days-off", off, most, least, share=_share(len(off), len(known)))


def _share(part: int, whole: int) -> str:
    return f"{part * 100 // whole}%"


def _apart(paid: Sequence[SpendingRow]) -> float:
    """Give the mean distance of the shares of first digits from the expected ones."""
    first = Counter(int(str(row.expense)[0]) for row in paid)
    shares = (first[digit] / len(paid) for digit in range(1, 10))
    return sum(abs(s - e) for s, e in zip(shares, _EXPECTED, strict=True)) / len(_EXPECTED)
