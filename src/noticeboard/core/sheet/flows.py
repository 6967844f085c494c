"""Which column of a ledger holds receipts and which payments, and what a line says of both."""

from noticeboard.core.problems import NotValid
from noticeboard.core.sheet import amounts
from noticeboard.core.sheet.cells import key
from noticeboard.core.sheet.headers import Column, Headers
from noticeboard.core.sheet.heading import Heading
from noticeboard.core.sheet.layout import Table
from noticeboard.core.sheet.report import Report

FLOWS = ("income", "expense")


class Flows:
    """Reads the money of a ledger's lines: two columns, or one with a column or title that says."""

    def __init__(self, table: Table, heading: Heading, headers: Headers, report: Report) -> None:
        """Take the columns as they are named; 借方 is income only where money itself is booked."""
        self._table = table
        self._report = report
        self._unit = heading.unit or amounts.YUAN
        self._said = heading.text + table.sheet.name
        self.columns = {column.field: column for column in table.columns if column.fate == "taken"}
        if any(word in self._said for word in headers.journals):
            for flow, word in zip(FLOWS, ("debit", "credit"), strict=True):
                if word in self.columns:
                    self.columns.setdefault(flow, self.columns[word])
        two = bool(set(FLOWS) & self.columns.keys())
        told = "direction" in self.columns or bool(self._only())
        # One amount column counts only where receipts and payments can be told apart.
        self.single = "amount" in self.columns and told and not two
        self._fields = ("amount",) if self.single else FLOWS

    def usable(self) -> bool:
        """Say whether receipts and payments can be told apart at all; if not, it is noted."""
        if self.single or set(FLOWS) & self.columns.keys():
            return True
        place = (self._table.header, self._first("debit", "credit", "amount", "summary").index)
        if "debit" in self.columns or "credit" in self.columns:
            for field in ("debit", "credit"):
                if field in self.columns:
                    self._ask(self.columns[field])
        else:
            self._report.error(
                place,
                "看不出这些金额是收入还是支出",
                "请加一列“收/支”，或把表头改成“收入”“支出”。",
            )
        return False

    def _ask(self, column: Column) -> None:
        self._report.ask(
            (self._table.header, column.index),
            "flow",
            "“{header}”这一列是收入还是支出？",
            [("income", "收入"), ("expense", "支出")],
            header=column.header,
        )

    def amount(self, row: int, field: str) -> int | None:
        """Read a cell of money as fen; None when empty or not there; raises NotValid."""
        column = self.columns.get(field)
        if column is None:
            return None
        return amounts.fen(self._table.value(row, column), column.unit or self._unit)

    def of(self, row: int) -> tuple[int, int] | None:
        """Give income and expense of a line, exactly one of them not nought; None once noted."""
        found: dict[str, int] = {}
        for field in self._fields:
            try:
                amount = self.amount(row, field)
            except NotValid as problem:
                self._report.refused((row, self.columns[field].index), problem)
                return None
            if amount:
                flow = self._direction(row) if self.single else field
                if flow is None:
                    return None
                found[flow] = amount
        at = (row, self._first(*FLOWS, "amount").index)
        if not found:
            # A formula without a value is noted where it stands; it is no missing amount.
            if not any((row, column.index) in self._table.sheet.broken for column in self._money()):
                self._report.error(at, "这一行没有金额", "请补上金额，或者删去这一行。")
            return None
        if len(found) > 1:
            self._report.error(at, "同一行既有收入又有支出", "请分成两行，一行一笔。")
            return None
        return found.get("income", 0), found.get("expense", 0)

    def _money(self) -> list[Column]:
        return [self.columns[field] for field in self._fields if field in self.columns]

    def _first(self, *fields: str) -> Column:
        return next(self.columns[field] for field in fields if field in self.columns)

    def _direction(self, row: int) -> str | None:
        column = self.columns.get("direction")
        if column is None:
            return self._only()
        said = key(self._table.text(row, column))
        if said[:1] in {"收", "借", "入"}:
            return "income"
        if said[:1] in {"支", "付", "贷", "出"}:
            return "expense"
        self._report.error(
            (row, column.index), "看不出这一笔是收入还是支出", "请写“收”或者“支”。", value=said
        )
        return None

    def _only(self) -> str:
        """Give the flow that a sheet without such a column is all about, by its heading or name."""
        header = self.columns["summary"].header if "summary" in self.columns else ""
        spends = "支出" in self._said or "开支" in self._said + header
        receives = "收入" in self._said
        if "收支" in self._said or spends == receives:
            return ""
        return "expense" if spends else "income"
