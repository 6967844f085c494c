"""People of lists and payees of ledgers, held against other lists and the desk's own registers.

Two rows are one person by the mark of an identity number where both have one, and then surely or
surely not; without it by name and group, which may be two people: a hint says which it was. Names
that the board itself has shortened (张*) tell nobody apart and are never compared.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct

from noticeboard.core.hinting.look import Kin, Task
from noticeboard.core.hints import Hint
from noticeboard.core.masking import programme_of
from noticeboard.core.particulars import Content, Contracts, Project, Spending, Subsidy, SubsidyRow

_YEAR = 4


class Someone(Struct, frozen=True):
    """A row's person as far as it can be compared."""

    code: str
    row: int
    name: str
    group: str
    identity: str
    card: str

    def is_one_with(self, other: "Someone") -> bool:
        """Say whether two rows are of one person as far as they tell."""
        if self.identity and other.identity:
            return self.identity == other.identity
        return (self.name, self.group) == (other.name, other.group)


def exclusive(task: Task) -> Iterator[Hint]:
    """F09: one person in two programmes of which nobody has both, in one year."""
    own = task.look.content
    programme = _programme(task, own)
    against = {
        code for both in task.rule.exclusive.values() if programme in both for code in both
    } - {programme}
    mine = list(people(task, own, task.look.code))
    for other in task.look.others:
        said = _programme(task, other.content)
        if said not in against or not _same_year(own, other.content):
            continue
        theirs = list(people(task, other.content, other.code))
        for one, found in _pairs(mine, theirs):
            yield task.hint(
                _surely(one, found),
                [one.row],
                elsewhere=[(other.code, found.row)],
                name=one.name,
                other=other.content.title,
            )


def related(task: Task) -> Iterator[Hint]:
    """F11: somebody of the recusal register on a list of a programme that chooses its people."""
    if _programme(task, task.look.content) not in task.rule.programmes:
        return
    for one in people(task, task.look.content, task.look.code):
        for kin in task.look.kin:
            if _is(one, kin):
                sure = "certain" if one.identity and kin.identity else "likely"
                yield task.hint(sure, [one.row], name=one.name, tie=kin.tie)


def _is(one: Someone, kin: Kin) -> bool:
    if one.identity and kin.identity:
        return one.identity == kin.identity
    return one.name == kin.name and (not kin.group or one.group == kin.group)


def suppliers(task: Task) -> Iterator[Hint]:
    """F12: who is paid or has a contract stands on the recusal register, or someone behind them.

    A surname alone is never looked at.
    """
    ties = {kin.name: kin.tie for kin in task.look.kin}
    owners = {one.name: one.owner for one in task.look.suppliers}
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row, payee in _paid(task.look.content):
        if payee in ties or owners.get(payee) in ties:
            found[payee].append(row)
    for payee, rows in found.items():
        if payee in ties:
            yield task.hint("payee", rows, payee=payee, tie=ties[payee])
        else:
            owner = owners[payee]
            yield task.hint("owner", rows, payee=payee, owner=owner, tie=ties[owner])


def _paid(content: Content) -> Iterator[tuple[int, str]]:
    match content.particulars:
        case Spending(rows=paid):
            yield from ((row.id, row.payee) for row in paid if row.expense and row.payee)
        case Project(rows=steps):
            yield from ((row.id, row.party) for row in steps if row.party)
        case Contracts(rows=listed):
            yield from ((row.id, row.party) for row in listed if row.party)


def cards(task: Task) -> Iterator[Hint]:
    """F13: one bank card for several people of a list."""
    found: defaultdict[str, list[Someone]] = defaultdict(list)
    for one in people(task, task.look.content, task.look.code):
        if one.card:
            found[one.card].append(one)
    for holders in found.values():
        if any(not one.is_one_with(holders[0]) for one in holders):
            yield task.hint("shared", [one.row for one in holders])


def repeated(task: Task) -> Iterator[Hint]:
    """F16: one name twice in a group with nothing to tell which, one number under two names."""
    names: defaultdict[tuple[str, str], list[Someone]] = defaultdict(list)
    numbers: defaultdict[str, list[Someone]] = defaultdict(list)
    tailed = {row.id for row in _listed(task.look.content) if row.tail}
    for one in people(task, task.look.content, task.look.code):
        if one.identity:
            numbers[one.identity].append(one)
        if one.row not in tailed:
            names[one.group, one.name].append(one)
    for (group, name), rows in names.items():
        told = {one.identity for one in rows if one.identity}
        if len(rows) > 1 and len(told) < len(rows):
            yield task.hint("name", [one.row for one in rows], group=group, name=name)
    for rows in numbers.values():
        if len({(one.name, one.group) for one in rows}) > 1:
            yield task.hint("number", [one.row for one in rows])


def people(task: Task, content: Content, code: str) -> Iterator[Someone]:
    """Give the people a list names, with the marks of their rows."""
    for row in _listed(content):
        if row.name and "*" not in row.name:
            marks = task.look.marks_of(code, row.id)
            yield Someone(code, row.id, row.name, row.group, marks.identity, marks.card)


def _listed(content: Content) -> Sequence[SubsidyRow]:
    held = content.particulars
    return held.rows if isinstance(held, Subsidy) else ()


def _programme(task: Task, content: Content) -> str:
    masking = task.look.rules.masking
    found = programme_of(content, masking) if masking else None
    return found[0] if found else ""


def _same_year(own: Content, other: Content) -> bool:
    mine, theirs = (own.covers or "")[:_YEAR], (other.covers or "")[:_YEAR]
    return not mine or not theirs or mine == theirs


def _pairs(mine: Sequence[Someone], theirs: Sequence[Someone]) -> Iterator[tuple[Someone, Someone]]:
    """Give each of ours with the first of theirs that is the same person."""
    by_name = {(one.name, one.group): one for one in reversed(theirs)}
    by_number = {one.identity: one for one in reversed(theirs) if one.identity}
    for one in mine:
        found = by_number.get(one.identity) if one.identity else None
        found = found or by_name.get((one.name, one.group))
        if found is not None and one.is_one_with(found):
            yield one, found


def _surely(one: Someone, other: Someone) -> str:
    return "certain" if one.identity and other.identity else "likely"
