"""What a register comes to: assets, contracts, day labour, a table; its sums, sentence and number.

Sums add up what is stated; a row that states nothing adds nothing.
"""

from collections.abc import Iterable

from noticeboard.core.columns import declared, held
from noticeboard.core.days import day_of
from noticeboard.core.forms import Field
from noticeboard.core.money import yuan
from noticeboard.core.particulars import (
    Assets,
    ContractRow,
    Contracts,
    Labour,
    Row,
    TableRow,
    Titled,
)
from noticeboard.show.numbers import Number, Told, ended, listed, money, quantity
from noticeboard.show.texts import Text, Words, day, text


def summed(amounts: Iterable[int | None]) -> int | None:
    """Add up what is stated; None where nothing is."""
    stated = [amount for amount in amounts if amount is not None]
    return sum(stated) if stated else None


def worth(register: Assets) -> tuple[int | None, int | None]:
    """Give what assets cost and what they are worth, in fen: as stated, else as they add up."""
    cost, net = register.original, register.net
    return (
        summed(row.original for row in register.rows) if cost is None else cost,
        summed(row.net for row in register.rows) if net is None else net,
    )


def leading(rows: Iterable[Row], *names: str) -> str:
    """Choose the amount that stands large in each row: the first stated in all, else in any."""
    rows = tuple(rows)
    stated = {name: sum(getattr(row, name) is not None for row in rows) for name in names}
    whole = (name for name in names if stated[name] == len(rows))
    return next(whole, next((name for name in names if stated[name]), names[0]))


def past(row: ContractRow, at: int) -> bool:
    """Say whether a contract's last day is over at an instant."""
    return row.ends is not None and row.ends < day_of(at).isoformat()


def owing(row: ContractRow) -> int:
    """Give what a contract's party still owes, in fen; 0 where nothing is said to be owed."""
    return max(row.owed or 0, 0)


def as_of(iso: str | None) -> Words:
    """Say the day a register was drawn up for; nothing where it states none."""
    return text("截至{day}", day=day(iso)) if iso else ""


def fields_of(table: Titled) -> tuple[Field, ...]:
    """Give a table's columns as fields."""
    return declared((column.label, column.read) for column in table.columns)


def column_sum(rows: Iterable[TableRow], field: Field) -> int:
    """Add up a column of money, in fen."""
    return sum(held(field, row) or 0 for row in rows)


def money_columns(table: Titled) -> tuple[Field, ...]:
    """Give the columns of a table that hold money."""
    return tuple(field for field in fields_of(table) if field.read == "money")


def assets(register: Assets) -> Told:
    """Say what a register of assets comes to."""
    cost, net = worth(register)
    parts: list[Words] = [as_of(register.as_of)] if register.as_of else []
    parts.append(text("一共 {n} 项资产", n=len(register.rows)))
    if cost is not None:
        parts.append(text("原值 {amount} 元", amount=yuan(cost)))
    if net is not None:
        parts.append(text("净值 {amount} 元", amount=yuan(net)))
    number = None
    if net is not None:
        number = money(text("净值合计"), net)
    elif cost is not None:
        number = money(text("原值合计"), cost)
    return Told(ended(listed(parts)), number or _rows(text("资产"), len(register.rows), text("项")))


def contracts(register: Contracts, at: int) -> Told:
    """Say what contracts come to; `at` decides which of them are over."""
    rows = register.rows
    rent, owed = summed(row.rent for row in rows), sum(map(owing, rows))
    parts: list[Words] = [as_of(register.as_of)] if register.as_of else []
    parts.append(text("一共 {n} 份合同", n=len(rows)))
    if rent is not None:
        parts.append(text("每年租金 {amount} 元", amount=yuan(rent)))
    over = sum(past(row, at) for row in rows)
    if over:
        parts.append(text("{n} 份已到期", n=over))
    behind = sum(bool(owing(row)) for row in rows)
    if behind:
        parts.append(text("{n} 份欠收", n=behind))
        parts.append(text("一共欠 {amount} 元", amount=yuan(owed)))
    number = _rows(text("合同"), len(rows), text("份"))
    if rent is not None:
        second = (text("欠收 {amount} 元", amount=yuan(owed)),) if owed else ()
        number = money(text("每年租金"), rent, *second)
    return Told(ended(listed(parts)), number)


def labour(register: Labour) -> Told:
    """Say what day labour comes to; a row is one person's days at one work."""
    parts: list[Words] = [register.work] if register.work else []
    parts.append(text("用工 {n} 笔", n=len(register.rows)))
    days = summed(row.days for row in register.rows)
    if days is not None:
        parts.append(text("{days} 个工日", days=quantity(days), n=quantity(days)))
    parts.append(text("工钱一共 {amount} 元", amount=yuan(register.total)))
    return Told(ended(listed(parts)), money(text("工钱合计"), register.total))


def titled(table: Titled) -> Told:
    """Say what a table holds: how many rows, and what its money columns add up to."""
    parts: list[Words] = [text("一共 {n} 条", n=len(table.rows))]
    for field in money_columns(table)[:2]:
        amount = yuan(column_sum(table.rows, field))
        parts.append(text("{label} {amount} 元", label=plain_label(field.label), amount=amount))
    return Told(ended(listed(parts)), _rows(text("一共"), len(table.rows), text("条")))


def plain_label(label: str) -> str:
    """Give a column's head without its unit, where the unit is said beside the amount."""
    return label.removesuffix("（元）").removesuffix("(元)")


def _rows(label: Text, count: int, unit: Text) -> Number:
    return Number(label=label, value=str(count), unit=unit)
