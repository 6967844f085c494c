"""Hints: what in a notice one would ask about, by rule data alone; each can say why.

`hints` looks at one content; `conduct` at what the log tells. A rule that the bundle does not have
is not asked, and one whose limit the place has not set finds nothing.
"""

from collections.abc import Callable, Iterator, Mapping

from noticeboard.core.hinting import (
    balances,
    cash,
    labour,
    leases,
    payments,
    people,
    rosters,
    statistics,
    vouchers,
    works,
)
from noticeboard.core.hinting.look import Kin, Look, Other, Supplier, Task
from noticeboard.core.hints import Hint
from noticeboard.core.matching import Marks
from noticeboard.core.sourced import ItemId

__all__ = ["CHECKS", "Kin", "Look", "Marks", "Other", "Supplier", "Task", "hints", "unset"]

Check = Callable[[Task], Iterator[Hint]]

CHECKS: Mapping[ItemId, Check] = {
    "F01": payments.split,
    "F02": payments.below,
    "F03": vouchers.twice,
    "F04": vouchers.signatures,
    "F05": works.order,
    "F06": works.decided,
    "F07": cash.cash,
    "F08": cash.entertainment,
    "F09": people.exclusive,
    "F11": people.related,
    "F12": people.suppliers,
    "F13": people.cards,
    "F14": rosters.products,
    "F16": people.repeated,
    "F17": rosters.turnover,
    "F18": leases.leases,
    "F19": works.winners,
    "F20": works.changes,
    "F21": works.ahead,
    "F22": labour.labour,
    "F23": statistics.mass,
    "F24": balances.rolling,
    "F25": cash.with_persons,
}


def hints(look: Look) -> tuple[Hint, ...]:
    """Give what one would ask of a content, in the order of the rules; each key once."""
    found: dict[str, Hint] = {}
    for task in _tasks(look):
        for hint in CHECKS[task.id](task):
            if hint.case in task.rule.asks:
                found.setdefault(hint.key, hint)
    return tuple(found.values())


def unset(look: Look) -> tuple[ItemId, ...]:
    """Give the rules that go by limits of the place of which it has set none."""
    return tuple(task.id for task in _tasks(look) if task.rule.packs and not any(task.places()))


def _tasks(look: Look) -> Iterator[Task]:
    for id_ in sorted(look.rules.hints.keys() & CHECKS.keys()):
        yield Task(id_, look.rules.hints[id_], look)
