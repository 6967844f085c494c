"""A list of payments by itself and against the one before: standards, and who came and went."""

from collections.abc import Iterator

from noticeboard.core import periods
from noticeboard.core.hinting.look import Task
from noticeboard.core.hints import Hint
from noticeboard.core.money import times
from noticeboard.core.particulars import Content, Subsidy
from noticeboard.core.periods import PERIOD

_WHOLE = 1000


def products(task: Task) -> Iterator[Hint]:
    """F14: an amount that is not standard × quantity, a standard that is not the list's own."""
    held = task.look.content.particulars
    if not isinstance(held, Subsidy):
        return
    rows = [row for row in held.rows if not row.households and row.standard is not None]
    off = [
        row.id
        for row in rows
        if row.quantity is not None and times(row.quantity, row.standard or 0) != row.amount
    ]
    if off:
        yield task.hint("amount", off)
    other = [row.id for row in rows if held.standard is not None and row.standard != held.standard]
    if other:
        yield task.hint("standard", other)


def turnover(task: Task) -> Iterator[Hint]:
    """F17: many people new on a list, or gone from it, since the one before of its programme."""
    own = task.look.content
    now, before = _names(own), _before(task, own)
    if before is None or not now:
        return
    code, former = before
    most, least = task.limit("turnover"), task.limit("least")
    was = _names(former)
    come, gone = len(now - was), len(was - now)
    if was and come + gone >= least.n and (come + gone) * _WHOLE > len(was) * most.n:
        elsewhere = [(code, 0)]
        yield task.hint("turnover", (), most, least, elsewhere=elsewhere, come=come, gone=gone)


def _names(content: Content) -> set[tuple[str, str]]:
    held = content.particulars
    rows = held.rows if isinstance(held, Subsidy) else ()
    return {(row.group, row.name) for row in rows if row.name and "*" not in row.name}


def _before(task: Task, own: Content) -> tuple[str, Content] | None:
    """Give the last list of the programme whose period ended before this one's begins."""
    if not isinstance(own.particulars, Subsidy) or PERIOD.fullmatch(own.covers or "") is None:
        return None
    begins = periods.start(own.covers or "")
    earlier = [
        (periods.end(one.content.covers or ""), one.code, one.content)
        for one in task.look.others
        if isinstance(one.content.particulars, Subsidy)
        and one.content.particulars.programme == own.particulars.programme
        and (one.content.publisher, one.content.group) == (own.publisher, own.group)
        and PERIOD.fullmatch(one.content.covers or "")
    ]
    last = max((one for one in earlier if one[0] < begins), key=lambda it: it[:2], default=None)
    return last[1:] if last else None
