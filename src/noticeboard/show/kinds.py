"""Each kind's own page: its figures, rows, pictures and lines of time, from what it states."""

from collections.abc import Iterable
from typing import Literal, overload

from noticeboard.core.forms import SIX, STEPS
from noticeboard.core.households import are_sums, households
from noticeboard.core.particulars import (
    Announcement,
    Decision,
    DecisionRow,
    Fact,
    Project,
    ProjectRow,
    Spending,
    Subsidy,
)
from noticeboard.core.parts import Stated
from noticeboard.core.quorum import DECIDED, numbers_of
from noticeboard.core.sound import balance_gap, total_gap
from noticeboard.show import addresses
from noticeboard.show.charts import bars, drawn, seats
from noticeboard.show.deciding import Weighed, money_words, over_words
from noticeboard.show.foot import Foot
from noticeboard.show.head import Head
from noticeboard.show.lines import printed, signed, spending_lines, subsidy_lines
from noticeboard.show.numbers import quantity
from noticeboard.show.plain import Accounts, terms
from noticeboard.show.register_pages import register_view
from noticeboard.show.render import Page
from noticeboard.show.sentences import deciding, first_sentence, short_yuan, spent
from noticeboard.show.splitting import fitting
from noticeboard.show.texts import Text, Words, day, text
from noticeboard.show.units import counted, each
from noticeboard.show.views import (
    AnnouncementView,
    DecisionView,
    Figure,
    NoticeView,
    Paper,
    ProjectView,
    SpendingView,
    Step,
    SubsidyView,
    Vote,
)

SixStep = Literal[1, 2, 3, 4, 5, 6]
SIX_STEPS: tuple[SixStep, ...] = (1, 2, 3, 4, 5, 6)
# The step that one person who leads both party branch and committee may take with the first.
MERGED = 2


def by_kind(
    stated: Stated,
    page: Page,
    top: Head,
    below: Foot,
    *,
    code: str,
    at: int,
    names: bool,
    month: str | None,
    accounts: Accounts,
    weighed: Weighed | None = None,
) -> NoticeView:
    """Give the view of a content's kind. Without a code it is a preview and never split.

    `weighed` is what a decision is held against.
    """
    match stated.content.particulars:
        case Spending() as spending:
            view = _spending(stated, spending, page, top, below, code, accounts)
            return fitting(view, code, month)
        case Subsidy() as subsidy:
            return fitting(_subsidy(stated, subsidy, page, top, below, code, names), code, month)
        case Project() as project:
            return _project(project, page, top, below, at)
        case Decision() as decision:
            return _decision(decision, page, top, below, at, weighed or Weighed())
        case Announcement() as announcement:
            return AnnouncementView(
                page=page,
                head=top,
                foot=below,
                paragraphs=_paragraphs(
                    announcement.text.removeprefix(first_sentence(announcement.text))
                ),
            )
        case register:
            return fitting(
                register_view(stated, register, page, top, below, code, at, names=names),
                code,
                month,
            )


def _spending(
    stated: Stated,
    spending: Spending,
    page: Page,
    top: Head,
    below: Foot,
    code: str,
    accounts: Accounts,
) -> SpendingView:
    rows = spending.rows
    income, expense = sum(row.income for row in rows), sum(row.expense for row in rows)
    gap = balance_gap(spending)
    remarks: list[Words] = []
    if gap and not stated.lost:
        remarks.append(text("上期结余加收入减支出，和本期结余差 {gap} 元。", gap=printed(gap)))
    if spending.explanation:
        remarks.append(spending.explanation)
    return SpendingView(
        page=page,
        head=top,
        foot=below,
        figures=(
            Figure(text("上期结余"), printed(spending.opening)),
            Figure(text("收入合计"), signed(income, 0)),
            Figure(text("支出合计"), signed(0, expense)),
            Figure(text("本期结余"), printed(spending.closing)),
        ),
        lines=spending_lines(code, rows, stated),
        count=len(rows),
        tabs=(),
        bars=bars((row.account or row.summary, row.expense) for row in rows),
        terms=terms(accounts, [row.account for row in rows]),
        remarks=tuple(remarks),
    )


def _subsidy(
    stated: Stated, subsidy: Subsidy, page: Page, top: Head, below: Foot, code: str, names: bool
) -> SubsidyView:
    gap = total_gap(subsidy)
    figures = [Figure(text("户数"), text("{n} 户", n=households(subsidy.rows)))]
    if all(row.quantity is not None for row in subsidy.rows):
        whole = sum(row.quantity or 0 for row in subsidy.rows)
        figures.append(Figure(text("数量合计"), counted(quantity(whole), subsidy.unit)))
    if subsidy.standard is not None:
        figures.append(Figure(text("标准"), each(subsidy.unit, short_yuan(subsidy.standard))))
    remarks: list[Words] = [text("补贴项目：{name}", name=subsidy.programme)]
    if subsidy.basis:
        remarks.append(text("依据：{basis}", basis=subsidy.basis))
    if gap:
        remarks.append(text("各户加起来和合计差 {gap} 元。", gap=printed(gap)))
    if subsidy.explanation:
        remarks.append(subsidy.explanation)
    return SubsidyView(
        page=page,
        head=top,
        foot=below,
        figures=tuple(figures),
        lines=subsidy_lines(
            code, subsidy, names=names and not are_sums(subsidy.rows), lost=stated.vanished
        ),
        count=households(subsidy.rows),
        tabs=(),
        bars=bars((row.group, row.amount) for row in subsidy.rows),
        remarks=tuple(remarks),
        named=names,
        summed=are_sums(subsidy.rows),
    )


def _facts(facts: Iterable[Fact]) -> tuple[Figure, ...]:
    return tuple(
        Figure(
            fact.label,
            text("{n} {unit}", n=fact.value, unit=fact.unit) if fact.unit else fact.value,
            fact.note,
        )
        for fact in facts
    )


def _project(project: Project, page: Page, top: Head, below: Foot, at: int) -> ProjectView:
    sums = spent(project)
    pairs = ((text("预算"), sums.budget), (text("合同"), sums.contract), (text("已付"), sums.paid))
    money = [(word, amount) for word, amount in pairs if amount]
    facts = project.facts
    if sums.contract is None and facts and top.number is not None:
        facts = facts[1:]  # the first one is the number already
    about = ((text("地点"), project.place), (text("内容"), project.scope))
    return ProjectView(
        page=page,
        head=top,
        foot=below,
        figures=_facts(facts),
        bars=drawn([*money]),
        steps=tuple(step_of(row, at) for row in project.rows),
        about=tuple(Figure(label, value) for label, value in about if value),
        story=_paragraphs(project.story),
    )


def step_of(row: ProjectRow, at: int) -> Step:
    """Give one step of a project on its line of time."""
    return Step(
        id=row.id,
        word=Text(dict(STEPS)[row.step]),
        day=day(row.date, at) if row.date else "",
        what=row.text,
        amount="" if row.amount is None else printed(row.amount),
        pieces=tuple(piece for piece in (row.party, row.person) if piece),
        href=addresses.notice(row.notice) if row.notice else "",
    )


def _decision(
    decision: Decision, page: Page, top: Head, below: Foot, at: int, weighed: Weighed
) -> DecisionView:
    vote = deciding(decision)
    rows = {row.step: row for row in decision.rows}
    files = tuple(file.href for file in below.files)
    return DecisionView(
        page=page,
        head=top,
        foot=below,
        matter=decision.matter,
        resolution=decision.resolution,
        amount="" if decision.amount is None else printed(decision.amount),
        seats=seats(vote) if vote else None,
        favour=(vote.in_favour or 0) if vote else 0,
        households=vote is not None and vote.counted == "households",
        steps=tuple(vote_of(step, rows.get(step), at, weighed, files) for step in SIX_STEPS),
        money=money_words(weighed.flow) if weighed.flow else (),
        over=over_words(weighed.flow) if weighed.flow else (),
    )


def vote_of(
    step: SixStep,
    row: DecisionRow | None,
    at: int,
    weighed: Weighed | None = None,
    files: tuple[str, ...] = (),
) -> Vote:
    """Give one of the six steps; one that no row tells of has no record.

    `files` are the addresses of what is attached, in order.
    """
    row, weighed = row or DecisionRow(id=0, step=step, recorded=False), weighed or Weighed()
    shares = []
    if row.present is not None and row.due is not None:
        shares.append(text("到会 {n} / 应到 {of}", n=row.present, of=row.due))
    if row.in_favour is not None and row.present is not None:
        shares.append(text("赞成 {n} / 到会 {of}", n=row.in_favour, of=row.present))
    elif row.in_favour is not None:
        shares.append(heads(text("赞成"), row.in_favour, row))
    others = (
        heads(text("反对"), row.against, row),
        heads(text("弃权"), row.abstained, row),
        heads(text("回避"), row.recused or None, row),
        text("{day}通知", day=day(row.called, at)) if row.called else None,
    )
    meeting = (weighed.meeting,) if step == DECIDED and weighed.meeting else ()
    numbers = (number for number in numbers_of(row.papers) if 0 < number <= len(files))
    return Vote(
        id=row.id,
        number=step,
        word=Text(dict(SIX)[str(step)]),
        recorded=row.recorded,
        day=day(row.date, at) if row.date else "",
        what=row.text,
        shares=tuple(shares),
        pieces=(*meeting, *(said for said in others if said is not None)),
        says=weighed.of(step),
        papers=tuple(Paper(number, files[number - 1]) for number in numbers),
        merged=step == MERGED and not row.recorded and weighed.merged,
    )


@overload
def heads(word: Text, n: int, row: DecisionRow) -> Text: ...
@overload
def heads(word: Text, n: int | None, row: DecisionRow) -> Text | None: ...
def heads(word: Text, n: int | None, row: DecisionRow) -> Text | None:
    """Say how many did something, as heads or as households; None where nobody counted."""
    if n is None:
        return None
    if row.counted == "households":
        return text("{word} {n} 户", word=word, n=n)
    return text("{word} {n} 人", word=word, n=n)


def _paragraphs(story: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in story.splitlines() if part.strip())
