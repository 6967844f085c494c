"""F18: contracts of the collective that ran out, run long, are owed, cheap, or not tendered."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from statistics import median_low

from noticeboard.core.hinting.look import Task
from noticeboard.core.hints import Hint
from noticeboard.core.money import yuan
from noticeboard.core.particulars import ContractRow, Contracts

_WHOLE = 1000


def leases(task: Task) -> Iterator[Hint]:
    """Look at each contract of a ledger, one hint for each thing that is so of some of them."""
    held = task.look.content.particulars
    if not isinstance(held, Contracts):
        return
    day = held.as_of or task.look.day
    expired = [row.id for row in held.rows if row.ends and row.ends < day]
    if expired:
        yield task.hint("expired", expired, day=day)
    owing = [row for row in held.rows if (row.owed or 0) > 0]
    if owing:
        owed = yuan(sum(row.owed or 0 for row in owing))
        yield task.hint("owed", [row.id for row in owing], owed=owed)
    yield from _long(task, held)
    without = [row.id for row in held.rows if task.said_in(row.tender, "untendered")]
    if without:
        yield task.hint("untendered", without)
    yield from _cheap(task, held)


def _long(task: Task, held: Contracts) -> Iterator[Hint]:
    for case, land in (("long", False), ("long-land", True)):
        most = task.limit(case)
        ids = [
            row.id
            for row in held.rows
            if bool(task.said_in(row.subject, "land")) == land and _longer(row, most.n)
        ]
        if ids:
            yield task.hint(case, ids, most, years=most.n)


def _longer(row: ContractRow, years: int) -> bool:
    if not (row.starts and row.ends):
        return False
    starts, ends = date.fromisoformat(row.starts), date.fromisoformat(row.ends)
    # The last day of exactly so many years may be written as the day before or the same day.
    return (ends.year - years, ends.month, ends.day) > (starts.year, starts.month, starts.day)


def _cheap(task: Task, held: Contracts) -> Iterator[Hint]:
    """Compare rents of one unit; a few contracts say nothing of what is usual."""
    below, least = task.limit("below"), task.limit("least")
    rents: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in held.rows:
        if row.rent and row.quantity and row.unit:
            rents[row.unit].append((row.rent * _WHOLE // row.quantity, row.id))
    for unit, each in rents.items():
        usual = median_low(rent for rent, _id in each)
        ids = [id_ for rent, id_ in each if rent * _WHOLE < usual * below.n]
        if len(each) >= least.n and ids:
            yield task.hint("cheap", ids, below, least, unit=unit, usual=yuan(usual))
