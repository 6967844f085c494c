"""One project's money held against itself: what was decided, contracted and paid, by their links.

Planned and paid are never added together, and no payment is counted twice: what a project's own
line of time says was paid, and what the ledgers say, stand side by side.
"""

from collections.abc import Iterable

from msgspec import Struct

from noticeboard.core.particulars import Content, Decision, Project, Spending

# What of the money of a project stands in a contract.
CONTRACTED = ("contract", "change")


class Flow(Struct, frozen=True, kw_only=True):
    """Sums in fen: decided, contracted (changes included), paid by projects and by ledgers.

    None where nobody states one. `projects` are the codes of the notices it was read from.
    """

    decided: int | None
    contracted: int | None = None
    paid: int | None = None
    booked: int | None = None
    projects: tuple[str, ...] = ()

    @property
    def spent(self) -> int | None:
        """Give the larger of what projects and ledgers say was paid."""
        return max((sum_ for sum_ in (self.paid, self.booked) if sum_ is not None), default=None)

    @property
    def over_contract(self) -> int:
        """Give by how many fen contracts are above what was decided; 0 where they are not."""
        return _over(self.contracted, self.decided)

    @property
    def over_payment(self) -> int:
        """Give by how many fen payments are above the contracts, or without any the decision."""
        limit = self.contracted if self.contracted is not None else self.decided
        return _over(self.spent, limit)


def flow(code: str, decision: Decision, linked: Iterable[tuple[str, Content]]) -> Flow:
    """Follow a decision's money: `linked` are notices with their codes, some of which name it.

    A project names its decision, a payment its decision or its project.
    """
    linked = tuple(linked)
    projects = {
        own: content.particulars
        for own, content in linked
        if isinstance(content.particulars, Project) and names(content, code)
    }
    rows = [row for project in projects.values() for row in project.rows]
    ledgers = [one.particulars for _own, one in linked if isinstance(one.particulars, Spending)]
    booked = [
        row.expense
        for ledger in ledgers
        for row in ledger.rows
        if row.expense and (row.decision == code or row.project in projects)
    ]
    return Flow(
        decided=decision.amount,
        contracted=_sum(row.amount for row in rows if row.step in CONTRACTED),
        paid=_sum(row.amount for row in rows if row.step == "payment"),
        booked=_sum(booked),
        projects=tuple(sorted(projects)),
    )


def names(content: Content, code: str) -> bool:
    """Say whether a project or a ledger names a decision, or a ledger a project, by its code."""
    match content.particulars:
        case Project(rows=rows):
            return any(row.notice == code for row in rows)
        case Spending(rows=lines):
            return any(code in (row.decision, row.project) for row in lines)
    return False


def _sum(amounts: Iterable[int | None]) -> int | None:
    stated = [amount for amount in amounts if amount is not None]
    return sum(stated) if stated else None


def _over(sum_: int | None, limit: int | None) -> int:
    return 0 if sum_ is None or limit is None else max(0, sum_ - limit)
