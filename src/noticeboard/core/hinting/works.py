"""Works: what was paid before it was decided or contracted, more than that, or ahead of accepting.

A project names its decision by a row's notice code, a payment its project and its decision; only
what is linked so is compared.
"""

from collections.abc import Iterable, Iterator, Mapping

from noticeboard.core import quorum
from noticeboard.core.hinting.look import Task
from noticeboard.core.hinting.payments import ledgers
from noticeboard.core.hints import Hint
from noticeboard.core.money import yuan
from noticeboard.core.particulars import Content, Decision, Project, ProjectRow, Spending
from noticeboard.core.quorum import DECIDED, Counted

_WHOLE = 1000
_CONTRACTED = ("contract", "change")


def order(task: Task) -> Iterator[Hint]:
    """F05: a payment dated before its decision or contract; payments above the contract."""
    more = task.limit("over")
    match task.look.content.particulars:
        case Project() as project:
            paid = [row for row in project.rows if row.step == "payment"]
            agreed = _agreed(task, project)
            early = [row.id for row in paid if row.date and agreed and row.date < agreed]
            if early:
                yield task.hint("early", early, agreed=agreed)
            contract, sum_ = contracted(project), _sum(paid)
            if contract and sum_ * _WHOLE > contract * (_WHOLE + more.n):
                ids = [row.id for row in paid]
                yield task.hint("over", ids, more, paid=yuan(sum_), contract=yuan(contract))
        case Spending() as ledger:
            yield from _booked(task, ledger)


def _agreed(task: Task, project: Project) -> str:
    """Give the day from which a project's payments may be: the later of decision and contract."""
    decided = [row.date for row in project.rows if row.step == "decision" and row.date]
    decided += [day for row in project.rows if (day := _decided_on(task, row.notice or ""))]
    contract = [row.date for row in project.rows if row.step == "contract" and row.date]
    return max(min(decided, default=""), min(contract, default=""))


def _decided_on(task: Task, code: str) -> str:
    held = _decisions(task).get(code)
    rows = held.rows if held else ()
    return next((row.date or "" for row in rows if row.step == DECIDED and row.recorded), "")


def _booked(task: Task, ledger: Spending) -> Iterator[Hint]:
    projects, more = _projects(task), task.limit("over")
    early = []
    agreed = ""
    for row in ledger.rows:
        project = projects.get(row.project or "")
        contracted_on = _agreed(task, project) if project else ""
        since = max(_decided_on(task, row.decision or ""), contracted_on)
        if row.expense and row.date < since:
            early.append(row.id)
            agreed = max(agreed, since)
    if early:
        yield task.hint("early", early, agreed=agreed)
    for code, project in projects.items():
        ids = [row.id for row in ledger.rows if row.project == code and row.expense]
        rows = [row for _code, _content, all_ in ledgers(task) for row in all_]
        paid = sum(row.expense for row in rows if row.project == code)
        contract = contracted(project)
        if ids and contract and paid * _WHOLE > contract * (_WHOLE + more.n):
            said = {"paid": yuan(paid), "contract": yuan(contract)}
            yield task.hint("over", ids, more, elsewhere=[(code, 0)], **said)


def decided(task: Task) -> Iterator[Hint]:
    """F06: a large payment or a contract without a decision, and votes that do not add up."""
    match task.look.content.particulars:
        case Spending() as ledger:
            yield from _undecided(task, ledger)
        case Project(rows=rows):
            contracts = [row.id for row in rows if row.step == "contract"]
            if contracts and not any(row.step == "decision" for row in rows):
                yield task.hint("contract", contracts)
        case Decision() as decision:
            short = _short_of(task, decision)
            if short:
                yield task.hint("votes", short)


def _undecided(task: Task, ledger: Spending) -> Iterator[Hint]:
    for limit in list(task.places())[-1:]:
        ids = [
            row.id
            for row in ledger.rows
            if row.expense >= limit.n and not (row.decision or row.project)
        ]
        if ids:
            yield task.hint("payment", ids, limit, limit=yuan(limit.n))
    for code, held in _decisions(task).items():
        ids = [row.id for row in ledger.rows if row.decision == code]
        recorded = any(row.step == DECIDED and row.recorded for row in held.rows)
        if ids and (not recorded or _short_of(task, held)):
            yield task.hint("resting", ids, elsewhere=[(code, 0)])


def _short_of(task: Task, decision: Decision) -> list[int]:
    """Give the rows of a decision whose counts do not reach the share that the place asks for."""
    checks = quorum.checks(task.look.rules, task.look.pack, decision)
    steps = {one.step for one in checks if isinstance(one, Counted) and not one.holds}
    return [row.id for row in decision.rows if row.step in steps]


def winners(task: Task) -> Iterator[Hint]:
    """F19: one contractor with many of the year's contracts, or most of their money."""
    most, part, least = task.limit("contracts"), task.limit("part"), task.limit("least")
    own = [row for row in _contracts(task.look.content) if row.party and row.date]
    for row in own:
        year = (row.date or "")[:4]
        held = [("", it) for it in own]
        held += [(o.code, it) for o in task.look.others for it in _contracts(o.content)]
        all_ = [(code, it) for code, it in held if it.party and (it.date or "").startswith(year)]
        theirs = [(code, it) for code, it in all_ if it.party == row.party]
        total, sum_ = _sum(it for _code, it in all_), _sum(it for _code, it in theirs)
        many = len(theirs) > most.n
        large = len(all_) >= least.n and len(theirs) > 1 and sum_ * _WHOLE > total * part.n
        if many or large:
            yield task.hint(
                "often",
                [it.id for code, it in theirs if not code],
                most,
                part,
                least,
                elsewhere=[(code, it.id) for code, it in theirs if code],
                party=row.party,
                year=year,
                count=len(theirs),
                of=len(all_),
                sum=yuan(sum_),
            )
            return


def changes(task: Task) -> Iterator[Hint]:
    """F20: changes of works that add much to the contract; a final account above the budget."""
    held = task.look.content.particulars
    if not isinstance(held, Project):
        return
    more = task.limit("changes")
    changed = [row for row in held.rows if row.step == "change" and (row.amount or 0) > 0]
    contract, sum_ = _sum(row for row in held.rows if row.step == "contract"), _sum(changed)
    if contract and sum_ * _WHOLE > contract * more.n:
        ids = [row.id for row in changed]
        yield task.hint("changes", ids, more, sum=yuan(sum_), contract=yuan(contract))
    budget = _sum(row for row in held.rows if row.step == "budget")
    final = [row for row in held.rows if row.step == "final" and row.amount]
    if budget and final and _sum(final) > budget:
        ids = [row.id for row in final]
        yield task.hint("final", ids, final=yuan(_sum(final)), budget=yuan(budget))


def ahead(task: Task) -> Iterator[Hint]:
    """F21: nearly all of a contract paid before the works were accepted."""
    held = task.look.content.particulars
    if not isinstance(held, Project):
        return
    kept, contract = task.limit("kept"), contracted(held)
    accepted = min((r.date for r in held.rows if r.step == "acceptance" and r.date), default="")
    if not accepted and any(row.step == "acceptance" for row in held.rows):
        return
    paid = [
        row
        for row in held.rows
        if row.step == "payment" and not (accepted and row.date and row.date >= accepted)
    ]
    if contract and _sum(paid) * _WHOLE > contract * (_WHOLE - kept.n):
        ids = [row.id for row in paid]
        yield task.hint("kept", ids, kept, paid=yuan(_sum(paid)), contract=yuan(contract))


def contracted(project: Project) -> int:
    """Give what a project's contracts come to, changes included, in fen."""
    return _sum(row for row in project.rows if row.step in _CONTRACTED)


def _contracts(content: Content) -> list[ProjectRow]:
    held = content.particulars
    rows = held.rows if isinstance(held, Project) else ()
    return [row for row in rows if row.step == "contract"]


def _projects(task: Task) -> Mapping[str, Project]:
    held = ((one.code, one.content.particulars) for one in task.look.others)
    return {code: it for code, it in held if isinstance(it, Project)}


def _decisions(task: Task) -> Mapping[str, Decision]:
    held = ((one.code, one.content.particulars) for one in task.look.others)
    return {code: it for code, it in held if isinstance(it, Decision)}


def _sum(rows: Iterable[ProjectRow]) -> int:
    return sum(row.amount or 0 for row in rows)
