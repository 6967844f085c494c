"""The rows of registers as they are read: under heads, with every figure that a row states."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from noticeboard.core.columns import held
from noticeboard.core.forms import Field
from noticeboard.core.particulars import (
    AssetRow,
    Assets,
    ContractRow,
    Contracts,
    Labour,
    LabourRow,
    Row,
    TableRow,
    Titled,
)
from noticeboard.core.parts import Stated
from noticeboard.show import addresses
from noticeboard.show.lines import HIDDEN, Line, Lines, Section, Sum, gone, printed
from noticeboard.show.numbers import quantity, short_yuan
from noticeboard.show.registers import (
    column_sum,
    fields_of,
    leading,
    money_columns,
    owing,
    past,
    plain_label,
    summed,
)
from noticeboard.show.texts import Text, Words, day, text
from noticeboard.show.units import counted

R = TypeVar("R", bound=Row)

WORTH = {"original": text("原值"), "net": text("净值")}
DUE = {"rent": text("每年租金"), "total": text("合同总额"), "paid": text("已收")}


def money_piece(label: Words, amount: int) -> Text:
    """Say an amount with its name: 原值 1,200.00 元."""
    return text("{label} {amount} 元", label=label, amount=printed(amount))


def labelled(label: Words, value: Words) -> Text:
    """Say a value with its name: 用途：出租."""
    return text("{label}：{words}", label=label, words=value)


def when(iso: str) -> Words:
    """Say a day, a month or a year."""
    parts = iso.split("-")
    if len(parts) == 1:
        return text("{year}年", year=parts[0])
    if len(parts) == 2:  # noqa: PLR2004 - a year and a month
        args = day(f"{iso}-01").args
        return text("{year}年{month}", year=parts[0], month=text("{month}月", **args))
    return day(iso)


def _shown(pieces: Iterable[Words]) -> tuple[Words, ...]:
    return tuple(piece for piece in pieces if piece)


def _grouped(rows: Sequence[R], of: Callable[[R], str]) -> dict[str, list[R]]:
    found: defaultdict[str, list[R]] = defaultdict(list)
    for row in rows:
        found[of(row)].append(row)
    return found


def _sums(rows: Sequence[Row], words: dict[str, Text]) -> tuple[Sum, ...]:
    """Give the sums of those columns of money that state something."""
    sums = ((word, summed(getattr(row, name) for row in rows)) for name, word in words.items())
    return tuple(Sum(word, printed(amount)) for word, amount in sums if amount is not None)


def _others(row: Row, words: dict[str, Text], large: str) -> list[Words]:
    amounts = ((word, getattr(row, name)) for name, word in words.items() if name != large)
    return [money_piece(word, amount) for word, amount in amounts if amount is not None]


def asset_lines(code: str, register: Assets, stated: Stated) -> Lines:
    """Give what is owned by category, each with its totals."""
    large = leading(register.rows, "net", "original")
    by_category = _grouped(register.rows, lambda row: row.category)
    sections = tuple(
        Section(
            str(number),
            category or text("没有分类"),
            tuple(_asset(code, row, large, gone(stated, row.id)) for row in part),
            _sums(part, WORTH) if len(by_category) > 1 else (),
        )
        for number, (category, part) in enumerate(by_category.items(), 1)
    )
    same = (text("右边是{label}", label=WORTH[large]),)
    return Lines(same=same, sections=sections, total=_sums(register.rows, WORTH))


def _asset(code: str, row: AssetRow, large: str, nameless: Words) -> Line:
    amount = getattr(row, large)
    return Line(
        row.id,
        text("第{n}项", n=row.id),
        addresses.row(code, row.id),
        row.name,
        "" if amount is None else printed(amount),
        _shown(
            (
                *_others(row, WORTH, large),
                "" if row.quantity is None else counted(quantity(row.quantity), row.unit),
                row.spec,
                when(row.acquired) if row.acquired else "",
                row.place,
                row.use,
                text("保管{name}", name=row.keeper) if row.keeper else nameless,
                row.note,
            )
        ),
    )


def contract_lines(code: str, register: Contracts, stated: Stated, at: int) -> Lines:
    """Give contracts in their order; which are over is asked at an instant."""
    large = leading(register.rows, *DUE)
    lines = tuple(_contract(code, row, large, gone(stated, row.id), at) for row in register.rows)
    total = (*_sums(register.rows, DUE), *_owed(register.rows))
    same = (text("右边是{label}", label=DUE[large]),)
    return Lines(same=same, sections=(Section("1", text("全部"), lines, ()),), total=total)


def _owed(rows: Sequence[ContractRow]) -> tuple[Sum, ...]:
    owed = sum(map(owing, rows))
    return (Sum(text("欠收"), printed(owed)),) if owed else ()


def contract_flags(row: ContractRow, at: int) -> tuple[Words, ...]:
    """Say of a contract that it is over, and what is owed."""
    return _shown(
        (
            text("已到期") if past(row, at) else "",
            money_piece(text("欠收"), owing(row)) if owing(row) else "",
        )
    )


def term(row: ContractRow) -> Words:
    """Say from when to when a contract runs."""
    if row.starts and row.ends:
        return text("{begin} 到 {end}", begin=day(row.starts), end=day(row.ends))
    if row.ends:
        return text("到 {end}", end=day(row.ends))
    return text("{start} 起", start=day(row.starts)) if row.starts else ""


def _contract(code: str, row: ContractRow, large: str, nameless: Words, at: int) -> Line:
    amount = getattr(row, large)
    return Line(
        row.id,
        text("第{n}份", n=row.id),
        addresses.row(code, row.id),
        row.subject,
        "" if amount is None else printed(amount),
        _shown(
            (
                row.party or row.party_as or nameless,
                term(row),
                *_others(row, DUE, large),
                "" if row.quantity is None else counted(quantity(row.quantity), row.unit),
                row.place,
                row.pays,
                labelled(text("合同编号"), row.number) if row.number else "",
                labelled(text("公开招标"), row.tender) if row.tender else "",
                row.note,
            )
        ),
        contract_flags(row, at),
    )


def labour_lines(code: str, register: Labour, stated: Stated) -> Lines:
    """Give days of labour by group where groups are stated, else by work; the total paid."""
    rows = register.rows
    by_head = _grouped(rows, lambda row: row.group)
    if len(by_head) == 1 and len({row.work for row in rows}) < len(rows):
        by_head = _grouped(rows, lambda row: row.work)
    rates = {row.rate for row in rows}
    rate = next(iter(rates)) if len(rates) == 1 else None
    sections = tuple(
        Section(
            str(number),
            head or text("没有写组别"),
            tuple(_labour(code, row, gone(stated, row.id), rate) for row in part),
            (Sum(text("工钱"), printed(sum(row.amount for row in part))),)
            if len(by_head) > 1
            else (),
        )
        for number, (head, part) in enumerate(by_head.items(), 1)
    )
    same = (text("每天 {yuan} 元", yuan=short_yuan(rate)),) if rate is not None else ()
    total = (Sum(text("工钱"), printed(register.total)),)
    return Lines(same=same, sections=sections, total=total)


def _labour(code: str, row: LabourRow, nameless: Words, rate: int | None) -> Line:
    return Line(
        row.id,
        text("第{n}笔", n=row.id),
        addresses.row(code, row.id),
        row.work,
        printed(row.amount),
        _shown(
            (
                day(row.date) if row.date else "",
                row.name or nameless,
                row.group,
                *labour_arithmetic(row, rate),
            )
        ),
    )


def labour_arithmetic(row: LabourRow, rate: int | None) -> list[Words]:
    """Say 2.5 个工日, and × 120 元 where the rate is not the same for all."""
    if row.days is None:
        return [] if row.rate is None or rate is not None else [_rate(row.rate)]
    days = quantity(row.days)
    if rate is not None or row.rate is None:
        return [text("{days} 个工日", days=days, n=days)]
    return [text("{days} 个工日 × {yuan} 元", days=days, n=days, yuan=short_yuan(row.rate))]


def _rate(rate: int) -> Text:
    return text("每天 {yuan} 元", yuan=short_yuan(rate))


def table_lines(code: str, table: Titled, stated: Stated, *, names: bool) -> Lines:
    """Give a titled table line by line: the first column says what, the others follow by name.

    The only column of money stands to the right; of several each is said by name. Without `names`
    a cell that held one says so.
    """
    fields, sums = fields_of(table), money_columns(table)
    large = sums[0] if len(sums) == 1 else None
    lines = tuple(
        _titled(code, row, fields, large, gone(stated, row.id) or ("" if names else HIDDEN))
        for row in table.rows
    )
    total = tuple(
        Sum(plain_label(field.label), printed(column_sum(table.rows, field))) for field in sums
    )
    same = (text("右边是{label}", label=plain_label(large.label)),) if large else ()
    return Lines(same=same, sections=(Section("1", text("全部"), lines, ()),), total=total)


def cell_words(field: Field, row: TableRow, nameless: Words = "") -> Words:
    """Say what stands in a cell; `nameless` for a name that is gone."""
    value = held(field, row)
    if value is None:
        return nameless if field.person and row.people is None else ""
    match field.read, value:
        case "money", int():
            return text("{amount} 元", amount=printed(value))
        case "quantity", int():
            return quantity(value)
        case "when", str():
            return when(value)
    return str(value)


def _titled(
    code: str, row: TableRow, fields: Sequence[Field], large: Field | None, nameless: Words
) -> Line:
    said = [
        (field, words)
        for field in fields
        if field != large and (words := cell_words(field, row, nameless))
    ]
    first = said[0][1] if said and said[0][0] == fields[0] else ""
    amount = held(large, row) if large else None
    return Line(
        row.id,
        text("第{n}行", n=row.id),
        addresses.row(code, row.id),
        first or text("没有写"),
        "" if amount is None else printed(amount),
        tuple(
            labelled(plain_label(field.label), words)
            for field, words in (said[1:] if first else said)
        ),
    )
