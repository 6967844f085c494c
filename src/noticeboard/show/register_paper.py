"""What registers say on paper: their columns within A4, their rows as printed, their totals."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

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
from noticeboard.show.fitting import ems
from noticeboard.show.numbers import quantity
from noticeboard.show.on_paper import Column, Paper, Written, gone
from noticeboard.show.register_lines import DUE, when
from noticeboard.show.register_sheets import HEADS
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
from noticeboard.show.texts import Text, Words, said, text

_NUMBER: Final = 10  # millimetres of the column with the row's number
_UNIT: Final = 4
_UNITS: Final = (174 - _NUMBER) // _UNIT
_LEAST, _PADDING, _LETTER = 3, 2.5, 4.233
_MOST: Final = 16  # ems: what a cell needs beyond that goes on another line

Totals = tuple[tuple[Words, str], ...]


def register_paper(
    register: Assets | Contracts | Labour | Titled, stated: Stated, at: int
) -> Paper:
    """Give what a register says on paper; `at` decides which contracts are over."""
    match register:
        case Assets():
            return _assets(register, stated)
        case Contracts():
            return _contracts(register, stated, at)
        case Labour():
            return _labour(register, stated)
        case Titled():
            return _titled(register, stated)


def _yuan(amount: int | None) -> str:
    return "" if amount is None else yuan(amount)


def _joined(*parts: str | None) -> str:
    return "，".join(part for part in parts if part)


def _totals(*sums: tuple[Words, int | None], also: str) -> Totals:
    stated = tuple((label, yuan(amount)) for label, amount in sums if amount is not None)
    return (*stated, (also, "")) if also else stated


def _day(iso: str | None) -> str:
    return ".".join(str(int(part)) for part in iso.split("-")) if iso else ""


def _assets(register: Assets, stated: Stated) -> Paper:
    cost, net = worth(register)
    by_category: defaultdict[str, list[AssetRow]] = defaultdict(list)
    for row in register.rows:
        by_category[row.category].append(row)
    kinds: list[tuple[Words, int | None]] = []
    if len(by_category) > 1:
        name = leading(register.rows, "net", "original")
        kinds = [
            (_of_category(category, name), summed(getattr(row, name) for row in part))
            for category, part in by_category.items()
        ]
    return Paper(
        columns=(
            Column(text("行"), _NUMBER),
            Column(text("资产"), 44),
            Column(text("类别"), 20),
            Column(text("数量"), 20),
            Column(text("在哪、谁管"), 28),
            Column(text("原值（元）"), 26, right=True, summed=True),
            Column(text("净值（元）"), 26, right=True, summed=True),
        ),
        rows=tuple(_asset(row, gone(stated, row.id)) for row in register.rows),
        totals=_totals(
            *kinds,
            (text("原值合计"), cost),
            (text("净值合计"), net),
            also=register.explanation,
        ),
    )


def _of_category(category: str, name: str) -> Text:
    label: Words = category or text("没有分类")
    return text("{label}净值", label=label) if name == "net" else text("{label}原值", label=label)


def _asset(row: AssetRow, nameless: str) -> Written:
    many = "" if row.quantity is None else f"{quantity(row.quantity)} {row.unit}".strip()
    cells = (
        str(row.id),
        f"{row.name}（{row.spec}）" if row.spec else row.name,
        row.category,
        many,
        _joined(row.place, row.use, row.keeper or nameless),
        _yuan(row.original),
        _yuan(row.net),
    )
    return Written(cells, (0, 0, 0, 0, 0, row.original or 0, row.net or 0))


def _contracts(register: Contracts, stated: Stated, at: int) -> Paper:
    rows = register.rows
    large = leading(rows, "rent", "total")
    return Paper(
        columns=(
            Column(text("行"), _NUMBER),
            Column(text("包租什么"), 34),
            Column(text("承包人"), 26),
            Column(text("起止"), 26),
            Column(HEADS[large], 26, right=True, summed=True),
            Column(text("已收（元）"), 26, right=True, summed=True),
            Column(text("欠收（元）"), 26, right=True, summed=True),
        ),
        rows=tuple(_contract(row, large, gone(stated, row.id), at) for row in rows),
        totals=_totals(
            (DUE[large], summed(getattr(row, large) for row in rows)),
            (text("已收"), summed(row.paid for row in rows)),
            (text("欠收"), sum(map(owing, rows)) or None),
            also=register.explanation,
        ),
    )


def _contract(row: ContractRow, large: str, nameless: str, at: int) -> Written:
    many = "" if row.quantity is None else f"{quantity(row.quantity)} {row.unit}".strip()
    about = _joined(row.place, many)
    amounts = (getattr(row, large), row.paid, owing(row) or None)
    cells = (
        str(row.id),
        f"{row.subject}（{about}）" if about else row.subject,
        row.party or row.party_as or nameless,
        _term(row, at),
        *map(_yuan, amounts),
    )
    return Written(cells, (0, 0, 0, 0, *(amount or 0 for amount in amounts)))


def _term(row: ContractRow, at: int) -> str:
    until = f"至 {_day(row.ends)}" if row.ends else ""
    over = "（已到期）" if past(row, at) else ""
    return f"{_day(row.starts)} {until}{over}".strip()


def _labour(register: Labour, stated: Stated) -> Paper:
    days = summed(row.days for row in register.rows)
    totals: Totals = () if days is None else ((text("工日合计"), quantity(days)),)
    return Paper(
        columns=(
            Column(text("行"), _NUMBER),
            Column(text("日期"), 26, whole=True),
            Column(text("做什么"), 40),
            Column(text("姓名"), 34),
            Column(text("工日"), 14, right=True),
            Column(text("每天（元）"), 24, right=True),
            Column(text("金额（元）"), 26, right=True, summed=True),
        ),
        rows=tuple(_worked(row, gone(stated, row.id)) for row in register.rows),
        totals=(
            *totals,
            *_totals((text("工钱合计"), register.total), also=register.explanation),
        ),
    )


def _worked(row: LabourRow, nameless: str) -> Written:
    name = row.name or nameless
    return Written(
        (
            str(row.id),
            _day(row.date),
            row.work,
            f"{name}（{row.group}）" if name and row.group else name or row.group,
            "" if row.days is None else quantity(row.days),
            _yuan(row.rate),
            yuan(row.amount),
        ),
        (0, 0, 0, 0, 0, 0, row.amount),
    )


def _titled(table: Titled, stated: Stated) -> Paper:
    fields = fields_of(table)
    rows = [
        (row, [_cell(field, row, gone(stated, row.id)) for field in fields]) for row in table.rows
    ]
    totals = _totals(
        *(
            (text("{label}合计", label=plain_label(field.label)), column_sum(table.rows, field))
            for field in money_columns(table)
        ),
        also=table.explanation,
    )
    widths = _widths(fields, [cells for _row, cells in rows])
    if widths is None:
        # Too many figures for columns that must not break them: every row as a line of words.
        told = tuple(_told(row, fields, cells) for row, cells in rows)
        return Paper(texts=told, totals=totals)
    return Paper(
        columns=(
            Column(text("行"), _NUMBER),
            *(
                Column(
                    field.label,
                    width,
                    right=field.read in ("money", "quantity"),
                    summed=field.read == "money",
                    whole=field.read == "when",
                )
                for field, width in zip(fields, widths, strict=True)
            ),
        ),
        rows=tuple(
            Written((str(row.id), *cells), (0, *(_amount(field, row) for field in fields)))
            for row, cells in rows
        ),
        totals=totals,
    )


def _told(row: TableRow, fields: Sequence[Field], cells: Sequence[str]) -> str:
    pairs = zip(fields, cells, strict=True)
    words = "，".join(f"{plain_label(field.label)} {cell}" for field, cell in pairs if cell)
    return f"{row.id}. {words}"


def _amount(field: Field, row: TableRow) -> int:
    return (held(field, row) or 0) if field.read == "money" else 0


def _cell(field: Field, row: TableRow, nameless: str) -> str:
    value = held(field, row)
    match field.read, value:
        case _, None:
            return nameless if field.person and row.people is None else ""
        case "money", int():
            return yuan(value)
        case "quantity", int():
            return quantity(value)
        case "when", str():
            return said(when(value)) if value.count("-") < 2 else _day(value)  # noqa: PLR2004 - a whole day
    return str(value)


def _widths(fields: Sequence[Field], rows: Sequence[Sequence[str]]) -> list[int] | None:
    """Share the paper's width among columns; None where figures would have to be broken."""
    wanted, widths = [], []
    for place, field in enumerate(fields):
        needed = max((ems(cells[place]) for cells in rows), default=0.0)
        whole = field.read in ("money", "quantity", "when")
        units = _units(needed if whole else min(max(needed, ems(field.label)), _MOST))
        wanted.append(units)
        widths.append(units if whole else _LEAST)
    if sum(widths) > _UNITS:
        return None
    for _unit in range(_UNITS - sum(widths)):
        # The column that lacks most has the next; when none lacks any, the widest of words.
        place = max(range(len(fields)), key=lambda at: (wanted[at] - widths[at], wanted[at], -at))
        widths[place] += 1
    return [units * _UNIT for units in widths]


def _units(letters: float) -> int:
    return max(_LEAST, -int(-(letters * _LETTER + _PADDING) // _UNIT))
