"""F22: days of work that no month has, one person at two works, a wage above the place's."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from noticeboard.core.hinting.look import Task
from noticeboard.core.hints import Hint
from noticeboard.core.money import yuan
from noticeboard.core.particulars import Content, Labour, LabourRow

_THOUSAND = 1000
_MONTH = 7


def labour(task: Task) -> Iterator[Hint]:
    """Look at the days of each person, here and in the other lists of the same month."""
    held = task.look.content.particulars
    if not isinstance(held, Labour):
        return
    every = list(_days(task))
    yield from _months(task, every)
    yield from _places(task, every)
    for limit in task.places():
        ids = [row.id for row in held.rows if (row.rate or 0) > limit.n]
        if ids:
            yield task.hint("wage", ids, limit, limit=yuan(limit.n))
        break
    yield from _alike(task, held)


def _days(task: Task) -> Iterator[tuple[str, LabourRow]]:
    """Give the rows with a name and a day, the notice's own (code "") first."""
    held = [("", task.look.content), *((one.code, one.content) for one in task.look.others)]
    for code, content in held:
        for row in _rows(content):
            if row.name and row.date:
                yield code, row


def _rows(content: Content) -> tuple[LabourRow, ...]:
    held = content.particulars
    return held.rows if isinstance(held, Labour) else ()


def _months(task: Task, every: list[tuple[str, LabourRow]]) -> Iterator[Hint]:
    worked: defaultdict[tuple[str, str, str], list[tuple[str, LabourRow]]] = defaultdict(list)
    for code, row in every:
        worked[row.name or "", row.group, (row.date or "")[:_MONTH]].append((code, row))
    for (name, _group, month), held in worked.items():
        days = sum(row.days or 0 for _code, row in held)
        ids = [row.id for code, row in held if not code]
        if ids and days > _length(month) * _THOUSAND:
            others = [(code, row.id) for code, row in held if code]
            said = {"name": name, "month": month, "days": _plain(days)}
            yield task.hint("month", ids, elsewhere=others, **said)


def _length(month: str) -> int:
    first = date.fromisoformat(f"{month}-01")
    return ((first + timedelta(days=31)).replace(day=1) - first).days


def _plain(days: int) -> str:
    return f"{days // _THOUSAND}.{days % _THOUSAND:03d}".rstrip("0").rstrip(".")


def _places(task: Task, every: list[tuple[str, LabourRow]]) -> Iterator[Hint]:
    """Two works on one day are nothing while together they are no more than a day."""
    on: defaultdict[tuple[str, str, str], list[tuple[str, LabourRow]]] = defaultdict(list)
    for code, row in every:
        on[row.name or "", row.group, row.date or ""].append((code, row))
    for (name, _group, day), held in on.items():
        ids = [row.id for code, row in held if not code]
        whole = sum(row.days or 0 for _code, row in held)
        if ids and len({row.work for _code, row in held}) > 1 and whole > _THOUSAND:
            others = [(code, row.id) for code, row in held if code]
            yield task.hint("places", ids, elsewhere=others, name=name, day=day)


def _alike(task: Task, held: Labour) -> Iterator[Hint]:
    """A list whose people and days are exactly those of another one."""
    least = task.limit("least")
    own = _people(held.rows)
    for other in task.look.others:
        theirs = _people(_rows(other.content))
        if len(own) >= least.n and own == theirs:
            yield task.hint("alike", (), least, elsewhere=[(other.code, 0)], people=len(own))


def _people(rows: tuple[LabourRow, ...]) -> list[tuple[str, int]]:
    return sorted((row.name, row.days or 0) for row in rows if row.name)
