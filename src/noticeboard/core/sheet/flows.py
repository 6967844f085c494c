"""Which column of a ledger holds receipts and which payments, and what the lines say of both."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from noticeboard.core.problems import NotValid
from noticeboard.core.sheet import amounts
from noticeboard.core.sheet.cells import Cell, key
from noticeboard.core.sheet.headers import Column, Headers
from noticeboard.core.sheet.heading import Heading
from noticeboard.core.sheet.report import Report
from noticeboard.core.sheet.tables import Table
from noticeboard.core.sheet.values import Lines

FLOWS = ("income", "expense")
# What a column of nothing but directions says.
_SAYS = frozenset({"收入", "支出", "收", "支", "进", "出", "收款", "付款"})
# 支出明细 is the name of a table; what is longer above it is a remark.
_LONGEST_NAME = 12


class Moved(Struct, frozen=True):
    """Receipts and payments of all lines in fen, by place; nought where there is none.

    `unread` are lines whose money could not be read, `empty` those without any, `under` those whose
    money is merged with a line above, with that line.
    """

    income: Sequence[int]
    expense: Sequence[int]
    unread: set[int]
    empty: set[int]
    under: dict[int, int]


class Flows:
    """Reads the money of a ledger's lines: two columns, or one with a column or title that says."""

    def __init__(self, table: Table, heading: Heading, headers: Headers, report: Report) -> None:
        """Take the columns as they are named; 借方 is income only where money itself is booked."""
        self._table = table
        self._report = report
        self._unit = heading.unit or amounts.YUAN
        self._said = heading.text + table.sheet.name
        # What stands closest to the table counts most.
        names = (title for title in table.titles if len(title) <= _LONGEST_NAME)
        self._sayings = (self._said, table.sheet.name, *names)
        self._section = heading.section
        self.columns = {column.field: column for column in table.columns if column.fate == "taken"}
        self._take_sides(headers)
        two = bool(set(FLOWS) & self.columns.keys())
        if "amount" in self.columns and not two:
            self._take_direction()
        told = "direction" in self.columns or bool(self._only())
        # One amount column counts only where receipts and payments can be told apart.
        self.single = "amount" in self.columns and told and not two
        self.fields = tuple(f for f in (("amount",) if self.single else FLOWS) if f in self.columns)

    def _take_sides(self, headers: Headers) -> None:
        """Take 借方 and 贷方 as receipts and payments in a journal, or as the clerk said."""
        sides = {"income": "debit", "expense": "credit"}
        if any(word in self._said for word in headers.journals):
            taken = sides
        else:
            # Where the clerk has said of one column what it is, the other one is the other.
            open_flows = [flow for flow in FLOWS if flow not in self.columns]
            open_sides = [side for side in sides.values() if side in self.columns]
            alone = len(open_flows) == len(open_sides) == 1
            taken = dict(zip(open_flows, open_sides, strict=True)) if alone else {}
        for flow, side in taken.items():
            if side in self.columns:
                self.columns.setdefault(flow, self.columns[side])

    def _take_direction(self) -> None:
        """Take a column, whatever it is called, in which every line says 收入 or 支出."""
        if "direction" in self.columns:
            return
        rows = [line.row for line in self._table.lines if line.mark == "data"]
        for column in self._table.columns:
            beside = column.fate == "taken" and column.field in {"account", "method"}
            if column.index in self._table.sheet.hidden_columns or not (
                beside or column.fate == "quiet"
            ):
                continue
            if rows and all(key(self._table.text(row, column)) in _SAYS for row in rows):
                self.columns.pop(column.field, None)
                self.columns["direction"] = column
                return

    def usable(self) -> bool:
        """Say whether receipts and payments can be told apart; if not, it is asked or noted."""
        if self.single or set(FLOWS) & self.columns.keys():
            return True
        unclear = [f for f in ("debit", "credit", "amount") if f in self.columns]
        for field in unclear:
            self._report.ask(
                (self._table.header, self.columns[field].index),
                "flow",
                "“{header}”这一列是收入还是支出？",
                [("income", "收入"), ("expense", "支出")],
                header=self.columns[field].header,
            )
        if not unclear:
            self._report.error(
                (self._table.header, self.first("summary").index),
                "看不出这些金额是收入还是支出",
                "请加一列“收/支”，或把表头改成“收入”“支出”。",
            )
        return False

    def amount(self, row: int, field: str) -> int | None:
        """Read a cell of money as fen; None when empty or not there; raises NotValid."""
        column = self.columns.get(field)
        return self.reader(column)(self._table.value(row, column)) if column else None

    def reader(self, column: Column) -> Callable[[Cell], int | None]:
        """Give what reads the cells of a column of money, in its unit; it raises NotValid."""
        unit = column.unit or self._unit
        return lambda cell: amounts.fen(cell, unit)

    def first(self, *fields: str) -> Column:
        """Give the first of these columns that the table has."""
        return next(self.columns[field] for field in fields if field in self.columns)

    def read(self, lines: Lines) -> Moved:
        """Read the money of all lines; what is wrong with it is noted."""
        found: dict[str, list[int | None]] = {}
        unread: set[int] = set()
        under: dict[int, int] = {}
        for field in self.fields:
            column = self.columns[field]
            found[field], wrong = lines.money(column, self.reader(column))
            unread |= wrong
            under |= lines.under(column)
            self._leave_out(lines, field)
        if self.single:
            found = self._told_apart(lines, found["amount"], unread)
        none: list[int | None] = [None] * len(lines)
        income, expense = (found.get(flow, none) for flow in FLOWS)
        return self._weighed(lines, income, expense, unread, under)

    def _leave_out(self, lines: Lines, field: str) -> None:
        """Take the money of the rows that were left out, as what it is."""
        column, table = self.columns[field], self._table
        flow_of = dict.fromkeys(table.left_out, self._only() if self.single else field)
        if self.single and "direction" in self.columns:
            for row in table.left_out:
                try:
                    flow_of[row] = _direction(table.value(row, self.columns["direction"]))
                except NotValid:
                    flow_of[row] = ""
        for flow in FLOWS if self.single else (field,):
            rows = [row for row in table.left_out if flow_of[row] == flow]
            lines.leave_out(column, flow, self.reader(column), money=True, rows=rows)

    def _weighed(
        self,
        lines: Lines,
        income: Sequence[int | None],
        expense: Sequence[int | None],
        unread: set[int],
        under: dict[int, int],
    ) -> Moved:
        """Hold every line to one receipt or one payment."""
        empty: set[int] = set()
        columns = [self.columns[field] for field in self.fields]
        for place, (received, paid) in enumerate(zip(income, expense, strict=True)):
            if not received and not paid:
                empty.add(place)
            elif received and paid:
                unread.add(place)
                lines.error(
                    lines.at(place, columns[0]),
                    "同一行既有收入又有支出",
                    "请分成两行，一行一笔。",
                )
        empty -= unread
        for place in [p for p in empty if any(lines.is_broken(p, column) for column in columns)]:
            empty.discard(place)
            unread.add(place)
        return Moved(
            [amount or 0 for amount in income],
            [amount or 0 for amount in expense],
            unread,
            empty,
            {place: top for place, top in under.items() if place in empty},
        )

    def _told_apart(
        self, lines: Lines, found: Sequence[int | None], unread: set[int]
    ) -> dict[str, list[int | None]]:
        """Give the amounts of one column to receipts and payments, as each line says."""
        column = self.columns.get("direction")
        if column is None:
            return {self._only(): list(found)}
        said, refused = lines.read(lines.cells(column), _direction, "")
        split: dict[str, list[int | None]] = {flow: [None] * len(lines) for flow in FLOWS}
        for place, amount in enumerate(found):
            flow = said[place]
            if amount and flow:
                split[flow][place] = amount
            elif amount:
                unread.add(place)
                lines.refuse(lines.at(place, column), refused[place])
        return split

    def _only(self) -> str:
        """Give the flow that a table without such a column is all about.

        一、收入 right above it says so before heading and name do; where the heading says
        收支, the name and other short lines above the table may still.
        """
        header = self.columns["summary"].header if "summary" in self.columns else ""
        said = (_flow_in(self._section), *(_flow_in(one, header) for one in self._sayings))
        return next(filter(None, said), "")


def _flow_in(said: str, header: str = "") -> str:
    spends = "支出" in said or "开支" in said + header
    receives = "收入" in said
    if "收支" in said or spends == receives:
        return ""
    return "expense" if spends else "income"


def _direction(cell: Cell) -> str:
    """Read what a line says of its money; raises NotValid."""
    said = key(cell)
    if said[:1] in {"收", "借", "入", "进"}:
        return "income"
    if said[:1] in {"支", "付", "贷", "出"}:
        return "expense"
    raise NotValid("看不出这一笔是收入还是支出", value=said[:10], fix="请写“收”或者“支”。")
