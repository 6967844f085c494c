"""A last line that is a sum and does not say so: taken for a line, all would count twice."""

from decimal import Decimal

from noticeboard.core.problems import NotValid
from noticeboard.core.sheet import amounts
from noticeboard.core.sheet.cells import Cell, key
from noticeboard.core.sheet.headers import Column
from noticeboard.core.sheet.reading import Given
from noticeboard.core.sheet.tables import Table

# What is added up at the foot of a table.
SUMMED = frozenset(
    "income expense debit credit amount quantity days original net budget contract final paid owed "
    "rent total upper own collective money".split()
)
# Two lines and their sum are the least there is to add.
LEAST = 3


def look_for_sum(given: Given) -> None:
    """Refuse a last line that is the sum of all others and lacks what each line above it has.

    Where it lacks nothing it may be what it says it is, and is only pointed at. In a ledger every
    line has its day.
    """
    table = given.table
    rows = [line.row for line in table.lines if line.mark == "data"]
    summed = any(line.mark in {"total", "closing"} for line in table.lines)
    if table.kind == "ledger" or summed or len(rows) < LEAST:
        return
    *above, last = rows
    cells = [(c, table.value(last, c)) for c in table.columns if _adds(c)]
    filled = [(column, _number(cell)) for column, cell in cells if key(cell)]
    if not any(said for _, said in filled):
        return
    if all(said == _sum(table, column, above) for column, said in filled):
        at = (last, filled[0][0].index)
        if _lacks(table, last, rows[-LEAST:-1]):
            given.report.error(
                at,
                "这一行正好是上面各行的和，又不像一行明细",
                "是合计的，请在这一行写“合计”；不是的，请补上空着的格。",
            )
        else:
            given.report.warn(
                at, "这一行正好是上面各行的和", "请核对：如果是合计，请在这一行写“合计”。"
            )


def _adds(column: Column) -> bool:
    return column.fate == "taken" and column.field in SUMMED


def _lacks(table: Table, last: int, above: list[int]) -> bool:
    columns = [c.index for c in table.columns]
    return any(
        not key(table.sheet.at(last, index)) and all(key(table.sheet.at(r, index)) for r in above)
        for index in columns
    )


def _sum(table: Table, column: Column, rows: list[int]) -> Decimal | None:
    numbers = [_number(table.value(row, column)) for row in rows]
    known = [number for number in numbers if number is not None]
    return sum(known, Decimal(0)) if len(known) == len(numbers) else None


def _number(cell: Cell) -> Decimal | None:
    """Read a cell's number, nought where there is none, None where it cannot be read."""
    if isinstance(cell, int | Decimal):
        return Decimal(cell)
    try:
        return Decimal(amounts.thousandths(cell) or 0) / 1000
    except NotValid:
        try:
            return Decimal(amounts.fen(cell) or 0) / amounts.YUAN
        except NotValid:
            return None
