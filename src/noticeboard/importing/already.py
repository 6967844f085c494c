"""What to look at before it is imported a second time: the same file, time or payments."""

from collections.abc import Iterator, Sequence
from typing import Final

from noticeboard.core.particulars import Content, Spending, Subsidy, kind_of
from noticeboard.core.problems import Finding
from noticeboard.core.sheet import SheetProblem
from noticeboard.importing.known import ONE_A_PERIOD, Plan, There, programme

_NAMED: Final = 5


def warnings(there: Sequence[There], made: Sequence[Plan]) -> list[SheetProblem]:
    """Say what the board has of this already: the same file, the same time, the same payments.

    Each is said once, of however many parts of a long sheet it is true.
    """
    said = list[SheetProblem]()
    for problem in _found(there, made):
        if problem not in said:
            said.append(problem)
    return said


def _found(there: Sequence[There], made: Sequence[Plan]) -> Iterator[SheetProblem]:
    fix = "请核对是不是重复。"
    codes = {plan.code for plan in made}
    others = [one for one in there if one.code not in codes and one.content is not None]
    for one in others:
        if one.source and one.source == made[0].content.source:
            text = "这个文件已经导入过，成了“{title}”"
            yield _problem(Finding(text, fix=fix, args={"title": one.title}))
    for plan in made:
        if plan.into == "review" and plan.differences:
            text = "“{title}”正在审，不能改，这张表会另存成一份新的草稿"
            again = "不想有两份的，请先请审的人退回那一份，再导入一次。"
            yield _problem(Finding(text, fix=again, args={"title": plan.title}))
        for one in others:
            yield from _overlapping(plan, one)


def _problem(finding: Finding) -> SheetProblem:
    return SheetProblem("warning", "", "", finding)


def _overlapping(plan: Plan, one: There) -> Iterator[SheetProblem]:
    content = plan.content
    if one.content is None or _other_book(one.content, content):
        return
    fix, args = "请核对是不是重复。", dict[str, str | int](title=one.title)
    again = _again(content, one.content)
    if again:
        args |= {"n": len(again), "rows": "、".join(again[:_NAMED])}
        text = "“{title}”里已经有这些，共 {n} 行：{rows}"
        yield _problem(Finding(text, fix=fix, args=args))
    elif plan.into == "new" and _overlap(one.covers, content.covers or ""):
        text = "“{title}”也是这个时期的"
        yield _problem(Finding(text, fix=fix, args=args))


def _other_book(one: Content, other: Content) -> bool:
    """Say whether two have nothing to do with each other: other bodies, accounts, programmes."""
    if (kind_of(one), one.publisher) != (kind_of(other), other.publisher):
        return True
    names = {programme(one), programme(other)}
    return kind_of(one) not in ONE_A_PERIOD or (len(names) > 1 and "" not in names)


def _overlap(one: str, other: str) -> bool:
    if not one or not other:
        return False
    return bool(_months(one) & _months(other))


def _months(covers: str) -> frozenset[str]:
    year, _, part = covers.partition("-")
    if part.startswith("Q"):
        first = 3 * int(part[1:]) - 2
        return frozenset(f"{year}-{month:02d}" for month in range(first, first + 3))
    return frozenset({covers} if part else (f"{year}-{month:02d}" for month in range(1, 13)))


def _again(content: Content, before: Content) -> list[str]:
    """Name the payments that another notice states too, to the last detail."""
    match content.particulars, before.particulars:
        case Spending(rows=rows), Spending(rows=earlier):
            old = {(r.date, r.voucher, r.summary, r.payee, r.income, r.expense) for r in earlier}
            return [
                f"{r.date} {r.summary}"
                for r in rows
                if (r.date, r.voucher, r.summary, r.payee, r.income, r.expense) in old
            ]
        case Subsidy(rows=paid), Subsidy(rows=earlier) if content.covers == before.covers:
            had = {(r.group, r.name, r.tail, r.amount) for r in earlier if r.name}
            return [
                f"{r.group}{r.name}" for r in paid if (r.group, r.name, r.tail, r.amount) in had
            ]
    return []
