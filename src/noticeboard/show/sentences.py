"""What a notice says in one sentence and one number, by its kind, the same on every surface."""

from typing import Final

from msgspec import Struct

from noticeboard.core.days import day_of
from noticeboard.core.households import households
from noticeboard.core.money import share, yuan
from noticeboard.core.particulars import (
    Announcement,
    Assets,
    Content,
    Contracts,
    Decision,
    DecisionRow,
    Fact,
    Kind,
    Labour,
    Project,
    Spending,
    Subsidy,
    Titled,
)
from noticeboard.show.numbers import (
    Number,
    Told,
    covers,
    ended,
    kept,
    listed,
    money,
    month,
    short_yuan,
)
from noticeboard.show.registers import assets, contracts, labour, titled
from noticeboard.show.texts import Args, Text, Words, clock, day, text
from noticeboard.show.units import explained

KIND_WORDS: Final[dict[Kind, Text]] = {
    "spending": text("财务收支"),
    "subsidy": text("惠民补贴"),
    "project": text("项目"),
    "decision": text("村民议事"),
    "announcement": text("通知"),
    "asset": text("资产台账"),
    "contract": text("经济合同"),
    "labour": text("零工用工"),
    "table": text("登记表"),
}
LEAST_SHARE = 1_000  # fen


def told(content: Content, households: int, at: int) -> Told:
    """Say what a content comes to. `households` of the village makes money comparable; 0 leaves it.

    `at` only decides whether a day is called today or tomorrow.
    """
    match content.particulars:
        case Spending() as spending:
            return _spending(spending, content.covers, households)
        case Subsidy() as subsidy:
            return _subsidy(subsidy)
        case Project() as project:
            return _project(content.title, project, at)
        case Decision() as decision:
            return _decision(decision, at)
        case Announcement() as announcement:
            return _announcement(announcement, at)
        case Assets() as register:
            return assets(register)
        case Contracts() as register:
            return contracts(register, at)
        case Labour() as register:
            return labour(register)
        case Titled() as table:
            return titled(table)


def _spending(spending: Spending, period: str | None, households: int) -> Told:
    income = sum(row.income for row in spending.rows)
    expense = sum(row.expense for row in spending.rows)
    amounts: Args = {"period": covers(period), "income": yuan(income), "expense": yuan(expense)}
    if not expense:
        sentence = text("{period}没有支出，收入 {income} 元。", **amounts)
        if not income:
            sentence = text("{period}没有收入，也没有支出。", **amounts)
        return Told(sentence, money(text("支出合计"), 0))
    most = max(spending.rows, key=lambda row: row.expense).summary
    sentence = text(
        "{period}收入 {income} 元，支出 {expense} 元，花得最多的一笔是{most}。",
        most=most,
        **amounts,
    )
    return Told(sentence, money(text("支出合计"), expense, *_each(expense, households)))


def _each(amount: int, households: int) -> tuple[Text, ...]:
    # Under ten yuan it says nothing about anybody's household.
    if not households or share(amount, households) < LEAST_SHARE:
        return ()
    return (text("平均每户约 {yuan} 元", yuan=short_yuan(share(amount, households))),)


def _subsidy(subsidy: Subsidy) -> Told:
    args: Args = {"count": households(subsidy.rows), "total": yuan(subsidy.total)}
    if subsidy.standard is None:
        sentence = text("{count} 户，一共补 {total} 元。", **args)
    else:
        sentence = text(
            "{count} 户，按每{unit} {standard} 元，一共补 {total} 元。",
            unit=explained(subsidy.unit),
            standard=short_yuan(subsidy.standard),
            **args,
        )
    return Told(
        sentence,
        money(text("补贴合计"), subsidy.total, *_each(subsidy.total, households(subsidy.rows))),
    )


class Spent(Struct, frozen=True):
    """A project's money in fen: planned, agreed with its changes, paid. Never added together."""

    budget: int
    contract: int | None
    paid: int


def spent(project: Project) -> Spent:
    """Sum a project's steps; `contract` is None where none is recorded."""

    def of(*steps: str) -> list[int]:
        return [row.amount or 0 for row in project.rows if row.step in steps]

    contract = of("contract")
    return Spent(
        sum(of("budget")),
        sum(contract) + sum(of("change")) if contract else None,
        sum(of("payment")),
    )


def _project(title: str, project: Project, at: int) -> Told:
    sums = spent(project)
    if sums.contract is None and (project.facts or project.lead):
        first = project.facts[0] if project.facts else None
        lead = project.lead or first_sentence(project.story)
        return Told(lead, _fact(first) if first else None)
    done = next((row for row in project.rows if row.step == "acceptance" and row.date), None)
    args: Args = {
        "title": title,
        "paid": yuan(sums.paid),
        "accepted": text("{day}验收", day=day(done.date or "", at)) if done else text("还没验收"),
    }
    if sums.contract is not None:
        planned = text("合同 {amount} 元", amount=yuan(sums.contract))
        sentence = text("{title}：{planned}，已付 {paid} 元，{accepted}。", planned=planned, **args)
        return Told(sentence, money(text("已付"), sums.paid, planned))
    planned = text("预算 {amount} 元", amount=yuan(sums.budget))
    sentence = text("{title}：{planned}，已付 {paid} 元，{accepted}。", planned=planned, **args)
    return Told(sentence, money(text("已付"), sums.paid, planned))


def _fact(fact: Fact) -> Number:
    return Number(label=fact.label, value=fact.value, unit=fact.unit, second=kept(fact.note))


def deciding(decision: Decision) -> DecisionRow | None:
    """Give the step at which villagers voted: the fourth, else the last one with a count."""
    counted = [row for row in decision.rows if row.recorded and row.in_favour is not None]
    return next((row for row in counted if row.step == 4), counted[-1] if counted else None)  # noqa: PLR2004 - 村民（代表）会议


def _decision(decision: Decision, at: int) -> Told:
    vote = deciding(decision)
    if vote is None:
        return Told(decision.resolution or decision.matter, None)
    parts: list[Words] = []
    if vote.due is not None:
        parts.append(text("应到 {n} 人", n=vote.due))
    if vote.present is not None:
        parts.append(text("到会 {n} 人", n=vote.present))
    parts.append(text("赞成 {n} 人", n=vote.in_favour or 0))
    number = Number(
        label=text("赞成 / 到会") if vote.present is not None else text("赞成"),
        value=f"{vote.in_favour} / {vote.present}"
        if vote.present is not None
        else str(vote.in_favour),
        unit=text("人"),
        second=kept(day(vote.date, at) if vote.date else "", vote.text),
    )
    return Told(ended(listed(parts)), number)


def _announcement(announcement: Announcement, at: int) -> Told:
    sentence = first_sentence(announcement.text)
    if announcement.starts is None:
        return Told(sentence, None)
    return Told(
        sentence,
        Number(
            label=text("时间"),
            value=when(announcement.starts, announcement.ends, at),
            second=kept(announcement.place),
            wide=True,
        ),
    )


def when(starts: int, ends: int | None, at: int) -> Text:
    """Say from when to when, calling today and tomorrow by their names."""
    begin = text("{day} {clock}", day=near_day(starts, at), clock=clock(starts))
    if ends is None:
        return begin
    if day_of(starts) == day_of(ends):
        return text("{begin} 到 {end}", begin=begin, end=clock(ends))
    end = text("{day} {clock}", day=near_day(ends, at), clock=clock(ends))
    return text("{begin} 到 {end}", begin=begin, end=end)


def near_day(then: int, at: int) -> Text:
    """Say a day as seen from `at`: 今天, 明天, or its date."""
    match (day_of(then) - day_of(at)).days:
        case 0:
            return text("今天")
        case 1:
            return text("明天")
    return day(then, at)


def first_sentence(story: str) -> str:
    """Give a text up to its first full stop or line end."""
    ends = [story.find(mark) for mark in "。！？\n" if mark in story]
    return story[: min(ends) + 1].strip() if ends else story.strip()


__all__ = [
    "KIND_WORDS",
    "Number",
    "Spent",
    "Told",
    "covers",
    "deciding",
    "first_sentence",
    "money",
    "month",
    "near_day",
    "short_yuan",
    "spent",
    "told",
    "when",
]
