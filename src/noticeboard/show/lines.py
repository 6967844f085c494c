"""Rows as they are read: what it was for, the amount, a second line of pieces; under heads."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence

from msgspec import Struct

from noticeboard.core.days import instant
from noticeboard.core.households import households
from noticeboard.core.money import yuan
from noticeboard.core.particulars import SpendingRow, Subsidy, SubsidyRow
from noticeboard.core.parts import Stated
from noticeboard.show import addresses
from noticeboard.show.numbers import month, quantity, short_yuan
from noticeboard.show.texts import Text, Words, day, text
from noticeboard.show.units import counted, each, known

HIDDEN = text("已隐去")
LOST = text("内容丢了")


class Line(Struct, frozen=True):
    """One row: its id, which one it is, its address, the first line, pieces of the second line.

    `flags` are pieces that must not be overlooked: what is over, what is owed.
    """

    id: int
    nth: Words
    href: str
    what: Words
    amount: str
    pieces: tuple[Words, ...] = ()
    flags: tuple[Words, ...] = ()


class Sum(Struct, frozen=True):
    """A sum under a rule: its word and the amount printed."""

    label: Words
    amount: str


class Section(Struct, frozen=True):
    """Rows under one head, a month or a group, with their subtotals; `key` is its address."""

    key: str
    head: Words
    lines: tuple[Line, ...]
    sums: tuple[Sum, ...]


class Lines(Struct, frozen=True, kw_only=True):
    """All rows of a notice: what is the same in each, said once; the sections; the total."""

    same: tuple[Words, ...]
    sections: tuple[Section, ...]
    total: tuple[Sum, ...]


def signed(income: int, expense: int) -> str:
    """Print money with its sign, since red is for negative figures only: + in, − out."""
    amount = income - expense
    return f"{'−' if amount < 0 else '+'}{yuan(abs(amount))}"


def printed(amount: int) -> str:
    """Print fen as yuan with a real minus."""
    return yuan(amount).replace("-", "−")


def spending_lines(code: str, rows: Sequence[SpendingRow], stated: Stated) -> Lines:
    """Give a ledger by month, in the order it states, with what came in and went out."""
    same, differing = _shared(rows)
    by_month: defaultdict[str, list[SpendingRow]] = defaultdict(list)
    for row in rows:
        by_month[row.date[:7]].append(row)
    years = {key[:4] for key in by_month}
    sections = tuple(
        Section(
            key,
            month(key) if len(years) == 1 else _year_month(key),
            tuple(_spending_line(code, row, differing, gone(stated, row.id)) for row in part),
            _flows(part) if len(by_month) > 1 else (),
        )
        for key, part in by_month.items()
    )
    return Lines(same=same, sections=sections, total=_flows(rows))


def _year_month(key: str) -> Text:
    return text("{year}年{month}", year=key[:4], month=month(key))


def _flows(rows: Iterable[SpendingRow]) -> tuple[Sum, ...]:
    rows = tuple(rows)
    income, expense = sum(row.income for row in rows), sum(row.expense for row in rows)
    sums = (Sum(text("收入"), signed(income, 0)), Sum(text("支出"), signed(0, expense)))
    return tuple(one for one, amount in zip(sums, (income, expense), strict=True) if amount)


_TEAM: dict[str, Callable[[str], Text]] = {
    "handler": lambda name: text("经手{name}", name=name),
    "witness": lambda name: text("证明{name}", name=name),
    "approver": lambda name: text("审批{name}", name=name),
}


def _shared(rows: Sequence[SpendingRow]) -> tuple[tuple[Words, ...], tuple[str, ...]]:
    """Find what is equal in all rows, to be said once above; give it and the fields that differ."""
    same: list[Words] = []
    differing: list[str] = []
    for field in ("method", *_TEAM):
        values = {getattr(row, field) for row in rows}
        only = values.pop() if len(values) == 1 and len(rows) > 1 else None
        if only is None:
            differing.append(field)
        elif only:
            same.append(_TEAM[field](only) if field in _TEAM else known(only))
    return tuple(same), tuple(differing)


def _spending_line(
    code: str, row: SpendingRow, differing: tuple[str, ...], nameless: Words
) -> Line:
    pieces: list[Words] = [day(row.date, instant(row.date))]
    pieces += paid_to(row, with_method="method" in differing)
    for field, said in _TEAM.items():
        if field in differing and (name := getattr(row, field)):
            pieces.append(said(name))
    if nameless:
        pieces.append(nameless)
    return Line(
        row.id,
        text("第{n}笔", n=row.id),
        addresses.row(code, row.id),
        row.summary,
        signed(row.income, row.expense),
        tuple(pieces),
    )


def gone(stated: Stated, row_id: int) -> Words:
    """Say why a row names nobody any more; nothing where nobody is missing in it."""
    if row_id in stated.vanished:
        return LOST
    return text("姓名已隐去") if row_id in stated.nameless else ""


def paid_to(row: SpendingRow, *, with_method: bool = True) -> list[Words]:
    """Say how and to whom, or from whom, in one piece; nothing when neither is stated."""
    whom = row.payee or row.payee_as
    how = known(row.method) if with_method else ""
    if whom and row.income:
        return [text("{how}收自{whom}", how=how, whom=whom)]
    if whom:
        return [text("{how}给{whom}", how=how, whom=whom)]
    return [how] if how else []


def subsidy_lines(code: str, subsidy: Subsidy, *, names: bool, lost: Collection[int] = ()) -> Lines:
    """Give a roster by group; without names each group is only its sum.

    `lost` are ids of rows whose names are gone without anybody having decided it.
    """
    by_group: defaultdict[str, list[SubsidyRow]] = defaultdict(list)
    for row in subsidy.rows:
        by_group[row.group].append(row)
    rates = {row.standard for row in subsidy.rows}
    rate = subsidy.standard if rates <= {subsidy.standard, None} else None
    same: tuple[Words, ...] = ()
    if rate is not None:
        same = (each(subsidy.unit, short_yuan(rate)),)
    sections = tuple(
        Section(
            str(number),
            group,
            tuple(_subsidy_line(code, row, subsidy.unit, rate, lost) for row in part)
            if names
            else (),
            (Sum(text("{n} 户", n=households(part)), printed(sum(row.amount for row in part))),),
        )
        for number, (group, part) in enumerate(by_group.items(), 1)
    )
    total = Sum(text("{n} 户", n=households(subsidy.rows)), printed(subsidy.total))
    return Lines(same=same, sections=sections, total=(total,))


def _subsidy_line(
    code: str, row: SubsidyRow, unit: str, rate: int | None, lost: Collection[int]
) -> Line:
    name: Words = row.name or (LOST if row.id in lost else HIDDEN)
    if row.name and row.tail:
        name = text("{name}（尾号{tail}）", name=row.name, tail=row.tail)
    return Line(
        row.id,
        text("第{n}户", n=row.id),
        addresses.row(code, row.id),
        name,
        printed(row.amount),
        tuple(subsidy_arithmetic(row, unit, rate)) + ((row.remark,) if row.remark else ()),
    )


def subsidy_arithmetic(row: SubsidyRow, unit: str, rate: int | None) -> list[Words]:
    """Say 8.5 亩, and × 105 元 where the rate is not the same for all."""
    if row.quantity is None:
        return []
    if rate is not None or row.standard is None:
        return [counted(quantity(row.quantity), unit)]
    return [
        text(
            "{n} {unit} × {yuan} 元",
            n=quantity(row.quantity),
            unit=known(unit, quantity(row.quantity)),
            yuan=short_yuan(row.standard),
        )
    ]
