"""The page of a register: what it adds up to, its rows, its categories as bars, what to remark."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from noticeboard.core.particulars import Assets, Contracts, Labour, Titled
from noticeboard.core.parts import Stated
from noticeboard.core.sound import total_gap, worth_gaps
from noticeboard.show.charts import Bar, bars
from noticeboard.show.foot import Foot
from noticeboard.show.head import Head
from noticeboard.show.lines import Lines, printed
from noticeboard.show.numbers import quantity
from noticeboard.show.register_lines import (
    asset_lines,
    contract_lines,
    labour_lines,
    table_lines,
)
from noticeboard.show.registers import (
    column_sum,
    leading,
    money_columns,
    owing,
    past,
    plain_label,
    summed,
    worth,
)
from noticeboard.show.render import Page
from noticeboard.show.texts import Words, text
from noticeboard.show.views import Figure, RegisterView

Register = Assets | Contracts | Labour | Titled


class _Said(Struct, frozen=True):
    """What the kinds differ in: figures, the head above the rows, the rows, the bars under theirs.

    `gaps` are differences of stated totals.
    """

    figures: tuple[Figure | None, ...]
    listed: Words
    lines: Lines
    drawn: Words = ""
    bars: tuple[Bar, ...] = ()
    gaps: tuple[Words, ...] = ()


def register_view(
    stated: Stated,
    register: Register,
    page: Page,
    top: Head,
    below: Foot,
    code: str,
    at: int,
    *,
    names: bool,
) -> RegisterView:
    """Give the view of a register; `at` decides which contracts are over."""
    match register:
        case Assets():
            said = _assets(stated, register, code)
        case Contracts():
            said = _contracts(stated, register, code, at)
        case Labour():
            said = _labour(stated, register, code)
        case Titled():
            said = _titled(stated, register, code, names=names)
    remarks = (*_hidden(register, names=names), *(() if stated.lost else said.gaps))
    return RegisterView(
        page=page,
        head=top,
        foot=below,
        figures=tuple(one for one in said.figures if one is not None),
        listed=said.listed,
        lines=said.lines,
        count=len(register.rows),
        tabs=(),
        drawn=said.drawn,
        bars=said.bars,
        remarks=(*remarks, register.explanation) if register.explanation else remarks,
    )


def _hidden(register: Register, *, names: bool) -> tuple[Words, ...]:
    persons = not isinstance(register, Titled) or any(
        column.read == "person" for column in register.columns
    )
    return () if names or not persons else (text("公示期满，姓名不再显示。"),)


def _money(label: Words, amount: int | None) -> Figure | None:
    return None if amount is None else Figure(label, printed(amount))


def _gap(label: Words, gap: int) -> tuple[Words, ...]:
    said = text("各行加起来和{label}差 {gap} 元。", label=label, gap=printed(gap))
    return (said,) if gap else ()


def _assets(stated: Stated, register: Assets, code: str) -> _Said:
    cost, net = worth(register)
    cost_gap, net_gap = worth_gaps(register)
    large = leading(register.rows, "net", "original")
    return _Said(
        figures=(
            Figure(text("资产"), text("{n} 项", n=len(register.rows))),
            _money(text("原值合计"), cost) if net is not None else None,
        ),
        listed=text("每一项，一共 {n} 项", n=len(register.rows)),
        lines=asset_lines(code, register, stated),
        drawn=text("各类净值多少") if large == "net" else text("各类原值多少"),
        bars=bars((row.category, getattr(row, large) or 0) for row in register.rows),
        gaps=(*_gap(text("原值合计"), cost_gap), *_gap(text("净值合计"), net_gap)),
    )


def _contracts(stated: Stated, register: Contracts, code: str, at: int) -> _Said:
    rows = register.rows
    over, owed = sum(past(row, at) for row in rows), sum(map(owing, rows))
    return _Said(
        figures=(
            Figure(text("合同"), text("{n} 份", n=len(rows))),
            Figure(text("已到期"), text("{n} 份", n=over)) if over else None,
            _money(text("已收"), summed(row.paid for row in rows)),
            _money(text("欠收"), owed or None),
        ),
        listed=text("每一份，一共 {n} 份", n=len(rows)),
        lines=contract_lines(code, register, stated, at),
    )


def _labour(stated: Stated, register: Labour, code: str) -> _Said:
    rows = register.rows
    days = summed(row.days for row in rows)
    drawn, of = text("各样活花了多少"), "work"
    if len({row.work for row in rows}) == 1:
        drawn, of = text("各组一共多少"), "group"
    return _Said(
        figures=(
            Figure(text("用工"), text("{n} 笔", n=len(rows))),
            None
            if days is None
            else Figure(
                text("工日合计"), text("{days} 个工日", days=quantity(days), n=quantity(days))
            ),
        ),
        listed=text("每一笔，一共 {n} 笔", n=len(rows)),
        lines=labour_lines(code, register, stated),
        drawn=drawn,
        bars=bars((getattr(row, of), row.amount) for row in rows),
        gaps=_gap(text("工钱合计"), total_gap(register)),
    )


def _titled(stated: Stated, table: Titled, code: str, *, names: bool) -> _Said:
    return _Said(
        figures=tuple(_money_figures(table)),
        listed=text("每一条，一共 {n} 条", n=len(table.rows)),
        lines=table_lines(code, table, stated, names=names),
    )


_MOST_FIGURES: Final = 4


def _money_figures(table: Titled) -> Iterable[Figure]:
    for field in money_columns(table)[:_MOST_FIGURES]:
        label = text("{label}合计", label=plain_label(field.label))
        yield Figure(label, printed(column_sum(table.rows, field)))
