"""One row in full: every field it states, with its neighbours, for its own address."""

from collections.abc import Sequence

from noticeboard.core.households import are_sums
from noticeboard.core.particulars import (
    Decision,
    Project,
    ProjectRow,
    Spending,
    SpendingRow,
    Subsidy,
    SubsidyRow,
)
from noticeboard.core.parts import Stated
from noticeboard.show.deciding import Weighed
from noticeboard.show.kinds import step_of, vote_of
from noticeboard.show.lines import (
    HIDDEN,
    LOST,
    Line,
    spending_lines,
    subsidy_lines,
)
from noticeboard.show.numbers import quantity
from noticeboard.show.plain import Accounts, beside
from noticeboard.show.register_rows import near, register_row
from noticeboard.show.sentences import Number, money, short_yuan
from noticeboard.show.texts import Text, Words, day, text
from noticeboard.show.units import counted, each, known
from noticeboard.show.views import Figure, OneRow


def row_of(
    stated: Stated,
    code: str,
    row_id: int,
    *,
    names: bool,
    at: int,
    accounts: Accounts,
    weighed: Weighed | None = None,
) -> OneRow | None:
    """Give a row by its id, or None where the notice has no such row (any more).

    `weighed` is what the steps of a decision are held against.
    """
    found = next((row for row in stated.content.particulars.rows if row.id == row_id), None)
    match stated.content.particulars, found:
        case Spending() as spending, SpendingRow() as row:
            lines = spending_lines(code, spending.rows, stated).sections
            around = near([line for section in lines for line in section.lines], row_id)
            gone = _why_gone(stated, row_id)
            return _spending(row, around, at, gone=gone, accounts=accounts)
        case Subsidy() as subsidy, SubsidyRow() as row:
            names = names and not are_sums(subsidy.rows)
            sections = subsidy_lines(code, subsidy, names=names, lost=stated.vanished).sections
            around = near([line for section in sections for line in section.lines], row_id)
            return _subsidy(
                row, subsidy, around, gone=_why_gone(stated, row_id) or HIDDEN if names else ""
            )
        case Project() as project, ProjectRow():
            step = next(step_of(row, at) for row in project.rows if row.id == row_id)
            said = [(text("日期"), step.day), (text("单位"), "，".join(map(str, step.pieces)))]
            return OneRow(
                id=row_id,
                name=step.word,
                what=step.what,
                number=_amount(text("金额"), found.amount),
                figures=_figures(said),
                near=(),
            )
        case Decision() as decision, _ if found is not None:
            step_row = next(row for row in decision.rows if row.id == row_id)
            vote = vote_of(step_row.step, step_row, at, weighed)
            said = [(text("日期"), vote.day)]
            said += [(text("人数"), share) for share in (*vote.shares, *vote.pieces)]
            said += [(text("算一算"), one.words) for one in vote.says]
            said += [(text("依据"), one.rests_on) for one in vote.says]
            return OneRow(
                id=row_id,
                name=vote.word,
                what=vote.what if vote.recorded else text("未见记录"),
                number=None,
                figures=_figures(said),
                near=(),
            )
    return register_row(stated, code, row_id, names=names, at=at)


def _why_gone(stated: Stated, row_id: int) -> Words:
    if row_id in stated.vanished:
        return LOST
    return HIDDEN if row_id in stated.nameless else ""


def _amount(label: Text, amount: int | None) -> Number | None:
    return None if amount is None else money(label, amount)


def _figures(said: Sequence[tuple[Text, Words]]) -> tuple[Figure, ...]:
    return tuple(Figure(label, value) for label, value in said if value)


def _spending(
    row: SpendingRow, near: tuple[Line, ...], at: int, *, gone: Words, accounts: Accounts
) -> OneRow:
    whom = row.payee or row.payee_as or gone
    said: list[tuple[Text, Words]] = [
        (text("日期"), day(row.date, at)),
        (text("收自") if row.income else text("付给"), whom),
        (text("收款方式") if row.income else text("付款方式"), known(row.method)),
        (text("科目"), beside(accounts, row.account)),
        (text("凭证号"), row.voucher),
        (text("经手人"), row.handler or ""),
        (text("证明人"), row.witness or ""),
        (text("审批人"), row.approver or ""),
    ]
    return OneRow(
        id=row.id,
        name=text("第{n}笔", n=row.id),
        what=row.summary,
        number=money(text("收入"), row.income) if row.income else money(text("支出"), row.expense),
        figures=_figures(said),
        near=near,
    )


def _subsidy(row: SubsidyRow, subsidy: Subsidy, near: tuple[Line, ...], *, gone: Words) -> OneRow:
    rate = row.standard if row.standard is not None else subsidy.standard
    name: Words = row.name or gone or text("{group}的一户", group=row.group)
    if row.households:
        name = row.group
    said: list[tuple[Text, Words]] = [(text("组别"), row.group)]
    if row.tail:
        said.append((text("证号尾数"), row.tail))
    if row.households:
        said.append((text("户数"), text("{n} 户", n=row.households)))
    if row.quantity is not None:
        said.append((text("数量"), counted(quantity(row.quantity), subsidy.unit)))
    if rate is not None:
        said.append((text("标准"), each(subsidy.unit, short_yuan(rate))))
    said.append((text("备注"), row.remark or ""))
    return OneRow(
        id=row.id,
        name=text("{n} 户", n=row.households) if row.households else text("第{n}户", n=row.id),
        what=name,
        number=money(text("金额"), row.amount),
        figures=_figures(said),
        near=near,
    )
