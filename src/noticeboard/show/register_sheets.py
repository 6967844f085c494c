"""What registers say on a hall screen: when, what, who and how much of every row."""

from collections.abc import Callable
from typing import Any, Final

from noticeboard.core.columns import held
from noticeboard.core.forms import Field
from noticeboard.core.money import yuan
from noticeboard.core.particulars import (
    AssetRow,
    Assets,
    ContractRow,
    Contracts,
    Labour,
    LabourRow,
    TableRow,
    Titled,
)
from noticeboard.core.parts import Stated
from noticeboard.show.on_screen import Line, Sheet, gone, iso_day, thousandths
from noticeboard.show.register_lines import DUE, WORTH
from noticeboard.show.registers import (
    column_sum,
    fields_of,
    leading,
    money_columns,
    owing,
    past,
    plain_label,
    summed,
    worth,
)


def _yuan(amount: int | None) -> str:
    return "" if amount is None else yuan(amount)


def _figures(*all_: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, value) for label, value in all_ if value)


def _assets(register: Assets, stated: Stated, _at: int) -> Sheet:
    cost, net = worth(register)
    large = leading(register.rows, "net", "original")
    other = ("原值", _yuan(cost)) if large == "net" else ("净值", _yuan(net))
    return Sheet(
        figures=_figures(("资产", f"{len(register.rows)} 项"), other),
        heads=("类别", "资产", "数量，保管人", f"{WORTH[large].msgid}（元）"),
        sums=("本页合计", ""),
        lines=tuple(_asset(row, large, gone(stated, row.id)) for row in register.rows),
        nothing="现在没有资产。",
        text=register.explanation,
    )


def _asset(row: AssetRow, large: str, nameless: str) -> Line:
    amount = getattr(row, large)
    keeper = f"{row.keeper}保管" if row.keeper else nameless
    many = "" if row.quantity is None else f"{thousandths(row.quantity)} {row.unit}".strip()
    return Line(
        when=row.category,
        what=f"{row.name}（{row.spec}）" if row.spec else row.name,
        who="，".join(part for part in (many, keeper) if part),
        amount=_yuan(amount),
        plus=amount or 0,
        named=bool(row.keeper),
    )


# Short enough for a column of amounts.
HEADS: Final = {"rent": "年租（元）", "total": "总额（元）", "paid": "已收（元）"}


def _contracts(register: Contracts, stated: Stated, at: int) -> Sheet:
    rows = register.rows
    large = leading(rows, *DUE)
    return Sheet(
        figures=_figures(
            ("已收", _yuan(summed(row.paid for row in rows))),
            ("欠收", _yuan(sum(map(owing, rows)) or None)),
        ),
        heads=("到期", "包的、租的是什么", "承包人", HEADS[large]),
        sums=("本页合计", ""),
        lines=tuple(_contract(row, large, gone(stated, row.id), at) for row in rows),
        nothing="现在没有合同。",
        text=register.explanation,
    )


def _contract(row: ContractRow, large: str, nameless: str, at: int) -> Line:
    # What is over by the day it went up is over for as long as it hangs.
    flags = ["已到期"] if past(row, at) else []
    flags += [f"欠收 {yuan(owing(row))} 元"] if owing(row) else []
    amount = getattr(row, large)
    return Line(
        when=_month(row.ends),
        what=f"{row.subject}（{'，'.join(flags)}）" if flags else row.subject,
        who=row.party or row.party_as or nameless,
        amount=_yuan(amount),
        plus=amount or 0,
        named=bool(row.party),
    )


def _month(iso: str | None) -> str:
    if not iso:
        return ""
    year, month, _day = iso.split("-")
    return f"{year}.{int(month)}"


def _labour(register: Labour, stated: Stated, _at: int) -> Sheet:
    days = summed(row.days for row in register.rows)
    return Sheet(
        figures=_figures(
            ("用工", f"{len(register.rows)} 笔"),
            ("工日", "" if days is None else thousandths(days)),
        ),
        heads=("日期", "做什么", "姓名", "金额（元）"),
        sums=("本页合计", ""),
        lines=tuple(_worked(row, gone(stated, row.id)) for row in register.rows),
        nothing="这一期没有用工。",
        text=register.explanation,
    )


def _worked(row: LabourRow, nameless: str) -> Line:
    days = "" if row.days is None else f"（{thousandths(row.days)} 工日）"
    return Line(
        when=iso_day(row.date),
        what=f"{row.work}{days}",
        who=row.name or nameless or row.group,
        amount=yuan(row.amount),
        plus=row.amount,
        named=bool(row.name),
    )


def _titled(table: Titled, stated: Stated, _at: int) -> Sheet:
    fields, sums = fields_of(table), money_columns(table)
    large = sums[0] if len(sums) == 1 else None
    first, *others = [field for field in fields if field != large] or [fields[0]]
    return Sheet(
        figures=_figures(
            *((plain_label(field.label), yuan(column_sum(table.rows, field))) for field in sums[:2])
        ),
        heads=(
            "",
            plain_label(first.label),
            "、".join(plain_label(field.label) for field in others),
            f"{plain_label(large.label)}（元）" if large else "",
        ),
        sums=("本页合计" if large else "", ""),
        lines=tuple(_row(row, first, others, large, gone(stated, row.id)) for row in table.rows),
        nothing="现在没有登记。",
        text=table.explanation,
    )


def _row(
    row: TableRow, first: Field, others: list[Field], large: Field | None, nameless: str
) -> Line:
    amount = held(large, row) if large else None
    return Line(
        what=_cell(first, row) or nameless or "没有写",
        who="，".join(part for part in (_told(field, row) for field in others) if part),
        amount=_yuan(amount),
        plus=amount or 0,
        named=row.people is not None,
    )


def _told(field: Field, row: TableRow) -> str:
    """Say a cell; a bare number with its column's name."""
    cell = _cell(field, row)
    named = field.read in ("quantity", "money") and cell
    return f"{plain_label(field.label)} {cell}" if named else cell


def _cell(field: Field, row: TableRow) -> str:
    value = held(field, row)
    match field.read, value:
        case _, None:
            return ""
        case "money", int():
            return f"{yuan(value)} 元"
        case "quantity", int():
            return thousandths(value)
        case "when", str():
            # A line of a screen has little room: 2026.1.8.
            return ".".join(str(int(part)) for part in value.split("-"))
    return str(value)


REGISTERS: Final[dict[type, Callable[[Any, Stated, int], Sheet]]] = {
    Assets: _assets,
    Contracts: _contracts,
    Labour: _labour,
    Titled: _titled,
}
