"""What each kind of notice says on paper: columns, rows as printed, texts, totals."""

from msgspec.structs import replace

from noticeboard.core.forms import SIX, STEPS
from noticeboard.core.households import households
from noticeboard.core.money import yuan
from noticeboard.core.particulars import (
    Announcement,
    Decision,
    DecisionRow,
    Project,
    ProjectRow,
    Spending,
    SpendingRow,
    Subsidy,
    SubsidyRow,
)
from noticeboard.core.parts import Stated
from noticeboard.show.foot import explanations
from noticeboard.show.numbers import quantity
from noticeboard.show.on_paper import Column, Paper, Written, gone
from noticeboard.show.register_paper import register_paper
from noticeboard.show.sentences import when
from noticeboard.show.texts import day, said, text


def paper(stated: Stated, at: int) -> Paper:
    """Give what a content says on paper, as far as it can still be read, and what is said to it."""
    made = _of_kind(stated, at)
    told = tuple(
        (text("{rows}：{said}", rows=one.rows, said=one.said), "")
        for one in explanations(stated.content)
    )
    return replace(made, totals=(*made.totals, *told))


def _of_kind(stated: Stated, at: int) -> Paper:
    match stated.content.particulars:
        case Spending() as spending:
            return _spending(spending, stated)
        case Subsidy() as subsidy:
            return _subsidy(subsidy, stated)
        case Project() as project:
            return _project(project, at)
        case Decision() as decision:
            return _decision(decision, at)
        case Announcement() as announcement:
            return _announcement(announcement)
        case register:
            return register_paper(register, stated, at)


def _day(iso: str | None) -> str:
    if not iso:
        return ""
    _year, month, of_month = iso.split("-")
    return f"{int(month)}.{int(of_month)}"


def _long_day(iso: str | None, at: int) -> str:
    return said(day(iso, at)) if iso else ""


def _spending(spending: Spending, stated: Stated) -> Paper:
    rows = spending.rows
    income, expense = sum(row.income for row in rows), sum(row.expense for row in rows)
    return Paper(
        columns=(
            Column(text("笔"), 10),
            Column(text("日期"), 14, whole=True),
            Column(text("做什么用"), 44),
            Column(text("付给谁，收自谁"), 38),
            Column(text("经手"), 16),
            Column(text("收入（元）"), 26, right=True, summed=True),
            Column(text("支出（元）"), 26, right=True, summed=True),
        ),
        rows=tuple(_receipt(row, gone(stated, row.id)) for row in rows),
        texts=(),
        totals=(
            (text("上期结转"), yuan(spending.opening)),
            (text("收入合计"), yuan(income)),
            (text("支出合计"), yuan(expense)),
            (text("本期结余"), yuan(spending.closing)),
            *(((spending.explanation, ""),) if spending.explanation else ()),
        ),
    )


def _receipt(row: SpendingRow, nameless: str) -> Written:
    whom = row.payee or row.payee_as or nameless
    amounts = (0, 0, 0, 0, 0, row.income, row.expense)
    return Written(
        (
            str(row.id),
            _day(row.date),
            row.summary,
            whom,
            row.handler or "",
            yuan(row.income) if row.income else "",
            yuan(row.expense) if row.expense else "",
        ),
        amounts,
    )


def _subsidy(subsidy: Subsidy, stated: Stated) -> Paper:
    texts = [subsidy.basis] if subsidy.basis else []
    return Paper(
        columns=(
            Column(text("行"), 11),
            Column(text("组"), 24),
            Column(text("户主"), 34),
            Column(text("数量（{unit}）", unit=subsidy.unit), 26, right=True),
            Column(text("标准（元）"), 24, right=True),
            Column(text("金额（元）"), 30, right=True, summed=True),
            Column(text("备注"), 25),
        ),
        rows=tuple(_household(row, gone(stated, row.id)) for row in subsidy.rows),
        texts=tuple(texts),
        totals=(
            (text("户数"), str(households(subsidy.rows))),
            (text("补贴合计"), yuan(subsidy.total)),
            *(((subsidy.explanation, ""),) if subsidy.explanation else ()),
        ),
    )


def _household(row: SubsidyRow, nameless: str) -> Written:
    name = f"{row.households} 户" if row.households else row.name or nameless
    return Written(
        (
            str(row.id),
            row.group,
            f"{name}（{row.tail}）" if row.tail else name,
            "" if row.quantity is None else quantity(row.quantity),
            "" if row.standard is None else yuan(row.standard),
            yuan(row.amount),
            row.remark or "",
        ),
        (0, 0, 0, 0, 0, row.amount, 0),
    )


def _project(project: Project, at: int) -> Paper:
    told = [(text("地点"), project.place), (text("做什么"), project.scope)]
    texts = [said(text("{label}：{words}", label=label, words=w)) for label, w in told if w]
    for fact in project.facts:
        note = f"（{fact.note}）" if fact.note else ""
        texts.append(f"{fact.label}：{fact.value}{fact.unit}{note}")
    texts += project.story.splitlines()
    columns = (
        Column(text("哪一步"), 24),
        Column(text("日期"), 36, whole=True),
        Column(text("说明"), 50),
        Column(text("单位，责任人"), 34),
        Column(text("金额（元）"), 30, right=True),
    )
    # What is planned, agreed and paid stands in one column and is never added together.
    return Paper(
        columns=columns if project.rows else (),
        rows=tuple(_step(row, at) for row in project.rows),
        texts=tuple(texts),
    )


def _step(row: ProjectRow, at: int) -> Written:
    whom = "，".join(who for who in (row.party, row.person) if who)
    amount = "" if row.amount is None else yuan(row.amount)
    return Written(
        (dict(STEPS)[row.step], _long_day(row.date, at), row.text, whom, amount), (0,) * 5
    )


def _decision(decision: Decision, at: int) -> Paper:
    told = [(text("议的事"), decision.matter), (text("怎么定的"), decision.resolution)]
    texts = [said(text("{label}：{words}", label=label, words=w)) for label, w in told if w]
    rows = {row.step: row for row in decision.rows}
    heads = (text("应到"), text("到会"), text("赞成"), text("反对"), text("弃权"))
    return Paper(
        columns=(
            Column(text("哪一步"), 32),
            Column(text("日期"), 36, whole=True),
            *(Column(head, 14, right=True) for head in heads),
            Column(text("说明"), 36),
        ),
        rows=tuple(_vote(word, rows.get(int(step)), at) for step, word in SIX),  # type: ignore[call-overload]  # SIX numbers the six steps
        texts=tuple(texts),
        totals=(((text("涉及金额"), yuan(decision.amount)),) if decision.amount else ()),
    )


def _vote(word: str, row: DecisionRow | None, at: int) -> Written:
    if row is None or not row.recorded:
        return Written((word, "", "", "", "", "", "", "未见记录"), (0,) * 8)
    counts = (row.due, row.present, row.in_favour, row.against, row.abstained)
    note = f"{row.text} 回避{row.recused}人".strip() if row.recused else row.text
    cells = tuple("" if count is None else str(count) for count in counts)
    return Written((word, _long_day(row.date, at), *cells, note), (0,) * 8)


def _announcement(announcement: Announcement) -> Paper:
    texts = announcement.text.splitlines()
    if announcement.starts is not None:
        # Paper hangs for days: it says dates, never 今天 or 明天.
        then = said(when(announcement.starts, announcement.ends, 0))
        texts.append(f"时间：{then}")
    if announcement.place:
        texts.append(f"地点：{announcement.place}")
    return Paper(texts=tuple(texts), sentence=False, large=True)


__all__ = ["Column", "Paper", "Written", "paper"]
