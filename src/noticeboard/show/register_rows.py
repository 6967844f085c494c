"""One row of a register in full: every field it states, for its own address."""

from collections.abc import Iterable, Sequence
from typing import Final

from noticeboard.core.columns import row_fields
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
from noticeboard.show.lines import HIDDEN, LOST, Line, Lines, printed
from noticeboard.show.numbers import Number, money, quantity
from noticeboard.show.register_lines import (
    asset_lines,
    cell_words,
    contract_lines,
    labour_lines,
    table_lines,
    term,
    when,
)
from noticeboard.show.registers import owing, past, plain_label
from noticeboard.show.texts import Text, Words, day, text
from noticeboard.show.units import counted
from noticeboard.show.views import Figure, OneRow

BESIDE: Final = 2  # rows shown before and after
Said = Iterable[tuple[Words, Words]]


def register_row(stated: Stated, code: str, row_id: int, *, names: bool, at: int) -> OneRow | None:
    """Give a register's row by its id, or None where it has no such row (any more)."""
    register = stated.content.particulars
    row = next((row for row in register.rows if row.id == row_id), None)
    gone = _gone(stated, row_id)
    match register, row:
        case Assets(), AssetRow():
            return _row(
                row,
                text("第{n}项", n=row.id),
                row.name,
                _number((text("净值"), row.net), (text("原值"), row.original)),
                _asset(row, gone),
                asset_lines(code, register, stated),
            )
        case Contracts(), ContractRow():
            return _row(
                row,
                text("第{n}份", n=row.id),
                row.subject,
                _number((text("每年租金"), row.rent), (text("合同总额"), row.total)),
                _contract(row, gone, at),
                contract_lines(code, register, stated, at),
            )
        case Labour(), LabourRow():
            return _row(
                row,
                text("第{n}笔", n=row.id),
                row.work,
                money(text("金额"), row.amount),
                _labour(row, gone),
                labour_lines(code, register, stated),
            )
        case Titled() as table, TableRow():
            lines = table_lines(code, table, stated, names=names)
            what = next(line.what for line in lines.sections[0].lines if line.id == row_id)
            nameless = gone or ("" if names else HIDDEN)
            said = [
                (plain_label(field.label), cell_words(field, row, nameless))
                for field in row_fields(stated.content)
            ]
            return _row(row, text("第{n}行", n=row.id), what, None, said, lines)
    return None


def near(lines: Sequence[Line], row_id: int) -> tuple[Line, ...]:
    """Give a row's line with those beside it."""
    places = [place for place, line in enumerate(lines) if line.id == row_id]
    if not places:
        return ()
    return tuple(lines[max(0, places[0] - BESIDE) : places[0] + BESIDE + 1])


def _row(
    row: Row, name: Text, what: Words, number: Number | None, said: Said, lines: Lines
) -> OneRow:
    beside = [line for section in lines.sections for line in section.lines]
    return OneRow(
        id=row.id,
        name=name,
        what=what,
        number=number,
        figures=tuple(Figure(label, value) for label, value in said if value),
        near=near(beside, row.id),
    )


def _gone(stated: Stated, row_id: int) -> Words:
    if row_id in stated.vanished:
        return LOST
    return HIDDEN if row_id in stated.nameless else ""


def _number(*amounts: tuple[Text, int | None]) -> Number | None:
    stated = [(label, amount) for label, amount in amounts if amount is not None]
    if not stated:
        return None
    (label, amount), *others = stated
    return money(
        label,
        amount,
        *(text("{label} {amount} 元", label=word, amount=printed(other)) for word, other in others),
    )


def _yuan(amount: int | None) -> Words:
    return "" if amount is None else text("{amount} 元", amount=printed(amount))


def _many(thousandths: int | None, unit: str) -> Words:
    return "" if thousandths is None else counted(quantity(thousandths), unit)


def _asset(row: AssetRow, gone: Words) -> Said:
    return (
        (text("类别"), row.category),
        (text("规格"), row.spec),
        (text("数量"), _many(row.quantity, row.unit)),
        (text("什么时候有的"), when(row.acquired) if row.acquired else ""),
        (text("在哪里"), row.place),
        (text("现在怎么用"), row.use),
        (text("保管人"), row.keeper or gone),
        (text("备注"), row.note),
    )


def _contract(row: ContractRow, gone: Words, at: int) -> Said:
    return (
        (text("承包人"), row.party or row.party_as or gone),
        (text("起止"), term(row)),
        (text("现在"), text("已到期") if past(row, at) else ""),
        (text("欠收"), _yuan(owing(row) or None)),
        (text("已收"), _yuan(row.paid)),
        (text("怎么交"), row.pays),
        (text("面积或数量"), _many(row.quantity, row.unit)),
        (text("地点"), row.place),
        (text("合同编号"), row.number),
        (text("签订日期"), day(row.signed) if row.signed else ""),
        (text("公开招标"), row.tender),
        (text("备注"), row.note),
    )


def _labour(row: LabourRow, gone: Words) -> Said:
    return (
        (text("日期"), day(row.date) if row.date else ""),
        (text("姓名"), row.name or gone),
        (text("组别"), row.group),
        (text("工日"), "" if row.days is None else quantity(row.days)),
        (text("每天"), _yuan(row.rate)),
    )
