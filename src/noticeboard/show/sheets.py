"""What each kind of notice says on a hall screen: its number, its figures, its lines, its text."""

from collections.abc import Callable
from typing import Any, Final

from msgspec.structs import replace

from noticeboard.core.days import local
from noticeboard.core.households import households
from noticeboard.core.money import yuan
from noticeboard.core.particulars import (
    Announcement,
    Decision,
    DecisionRow,
    Fact,
    Project,
    ProjectRow,
    Spending,
    SpendingRow,
    Subsidy,
    SubsidyRow,
)
from noticeboard.core.parts import Stated
from noticeboard.show import sentences
from noticeboard.show.on_screen import HIDDEN, Line, Sheet, gone, iso_day, thousandths
from noticeboard.show.register_sheets import REGISTERS
from noticeboard.show.sentences import deciding, short_yuan, spent
from noticeboard.show.texts import said

STEPS: Final = {
    "budget": "预算",
    "decision": "决策",
    "tender": "招标比价",
    "contract": "合同",
    "change": "变更",
    "payment": "付款",
    "acceptance": "验收",
    "final": "决算",
    "care": "管护",
}
SIX: Final = (
    "党组织提议",
    "两委商议",
    "党员大会审议",
    "村民会议决议",
    "决议公开",
    "实施结果公开",
)


def sheet(stated: Stated, households: int, at: int) -> Sheet:
    """Give what a screen says of a content as far as it can still be read.

    `at` is the instant it went up, never that of looking: the words of a slide must not move while
    it hangs. `households` of the village makes its money comparable.
    """
    particulars = stated.content.particulars
    if isinstance(particulars, Announcement):
        return _announcement(particulars)
    if type(particulars) in REGISTERS:
        made = REGISTERS[type(particulars)](particulars, stated, at)
    else:
        made = _SAYS[type(particulars)](particulars, stated)
    told = sentences.told(stated.content, households, at)
    number = None if made.facts else told.number
    return replace(made, number=number, summary=said(told.sentence))


def _spending(ledger: Spending, stated: Stated) -> Sheet:
    income = sum(row.income for row in ledger.rows)
    return Sheet(
        figures=(("收入", yuan(income)), ("结余", yuan(ledger.closing))),
        heads=("日期", "用途", "付给谁", "金额（元）"),
        sums=("本页收入", "本页支出"),
        lines=tuple(_receipt(row, gone(stated, row.id)) for row in ledger.rows),
        nothing="这一期没有收支。",
        text=ledger.explanation,
    )


def _receipt(row: SpendingRow, nameless: str) -> Line:
    # A colour never says what comes in and what goes out: a sign does.
    return Line(
        when=iso_day(row.date),
        what=row.summary,
        who=row.payee or row.payee_as or nameless,
        amount=f"＋{yuan(row.income)}" if row.income else f"−{yuan(row.expense)}",
        plus=row.income,
        minus=row.expense,
        named=bool(row.payee),
    )


def _subsidy(roster: Subsidy, stated: Stated) -> Sheet:
    figures = [("户数", f"{households(roster.rows)} 户")]
    if roster.standard is not None:
        figures.append((f"每{roster.unit}", f"{short_yuan(roster.standard)} 元"))
    return Sheet(
        figures=tuple(figures),
        heads=("组", "户主", "数量", "金额（元）"),
        sums=("本页合计", ""),
        lines=tuple(_household(row, roster.unit, gone(stated, row.id)) for row in roster.rows),
        nothing="这一期没有发放。",
        text=roster.explanation,
    )


def _household(row: SubsidyRow, unit: str, nameless: str) -> Line:
    return Line(
        when=row.group,
        what=_whose(row, nameless) + (f"（{row.tail}）" if row.tail else ""),
        who="" if row.quantity is None else f"{thousandths(row.quantity)} {unit}",
        amount=yuan(row.amount),
        plus=row.amount,
        named=row.name is not None,
    )


def _whose(row: SubsidyRow, nameless: str) -> str:
    return f"{row.households} 户" if row.households else row.name or nameless or HIDDEN


def _project(project: Project, _stated: Stated) -> Sheet:
    contract = spent(project).contract
    accepted = any(row.step == "acceptance" for row in project.rows)
    figures = (
        ("合同", yuan(contract) if contract is not None else "未见记录"),
        ("验收", "已经验收" if accepted else "还没验收"),
    )
    return Sheet(
        figures=figures if project.rows else (),
        heads=("日期", "事项", "单位", "金额（元）"),
        sums=("", "本页付款"),
        lines=tuple(_project_line(row) for row in project.rows),
        facts=project.facts,
        text="\n".join(part for part in (project.lead, project.scope, project.story) if part),
    )


def _project_line(row: ProjectRow) -> Line:
    # Planned and paid are never added together: only payments enter a sum.
    return Line(
        when=iso_day(row.date),
        what=f"{STEPS[row.step]}：{row.text}" if row.text else STEPS[row.step],
        who=row.party,
        amount="" if row.amount is None else yuan(row.amount),
        minus=(row.amount or 0) if row.step == "payment" else 0,
    )


def _decision(decision: Decision, _stated: Stated) -> Sheet:
    vote = deciding(decision)
    figures = [("应到", f"{vote.due} 人")] if vote and vote.due is not None else []
    if decision.amount is not None:
        figures.append(("金额", f"{yuan(decision.amount)}"))
    return Sheet(
        figures=tuple(figures),
        heads=("日期", "六步", "人数", ""),
        lines=tuple(_six(row) for row in sorted(decision.rows, key=lambda row: row.step)),
        text=decision.resolution or decision.matter,
    )


def _six(row: DecisionRow) -> Line:
    return Line(
        when=iso_day(row.date),
        what=f"{row.step} {SIX[row.step - 1]}{'：' + row.text if row.text else ''}",
        who=_heads(row) if row.recorded else "未见记录",
    )


def _heads(row: DecisionRow) -> str:
    counts = (
        ("应到", row.due),
        ("到", row.present),
        ("赞成", row.in_favour),
        ("反对", row.against),
    )
    return " ".join(f"{word}{count}" for word, count in counts if count)


def _announcement(announcement: Announcement) -> Sheet:
    when = _span(announcement.starts, announcement.ends)
    facts = (("时间", when), ("地点", announcement.place))
    return Sheet(
        facts=tuple(Fact(label, value) for label, value in facts if value),
        text=announcement.text,
        summary="，".join(part for part in (when, announcement.place) if part),
    )


def _span(start: int | None, end: int | None) -> str:
    if start is None:
        return "" if end is None else f"到 {_at(end)}"
    if end is None:
        return _at(start)
    same = local(start).date() == local(end).date()
    return f"{_at(start)} 到 {f'{local(end):%H:%M}' if same else _at(end)}"


def _at(instant: int) -> str:
    then = local(instant)
    return f"{then.month}月{then.day}日 {then:%H:%M}"


_SAYS: Final[dict[type, Callable[[Any, Stated], Sheet]]] = {
    Spending: _spending,
    Subsidy: _subsidy,
    Project: _project,
    Decision: _decision,
}

__all__ = ["Line", "Sheet", "iso_day", "sheet", "thousandths"]
