"""A ledger's lines put together as a Spending whose balance rolls, or everything wrong with it."""

from datetime import date

from noticeboard.core.particulars import Spending, SpendingRow
from noticeboard.core.problems import NotValid
from noticeboard.core.sheet import dates
from noticeboard.core.sheet.cells import Cell, key
from noticeboard.core.sheet.checks import Roll, Sums, in_yuan
from noticeboard.core.sheet.flows import FLOWS, Flows
from noticeboard.core.sheet.headers import Column, Headers
from noticeboard.core.sheet.heading import Heading
from noticeboard.core.sheet.layout import Line, Table
from noticeboard.core.sheet.payees import reduced
from noticeboard.core.sheet.report import Report

_DITTO = {"〃", '"', "″", "''", "同上"}
_PEOPLE = ("payee", "handler", "witness", "approver")


class Ledger:
    """Reads the lines of one ledger from top to bottom; `read` does all of it."""

    def __init__(self, table: Table, heading: Heading, headers: Headers, report: Report) -> None:
        """Prepare to read; nothing is read yet."""
        self.table = table
        self.heading = heading
        self.headers = headers
        self.report = report
        self.rows: list[SpendingRow] = []
        self.flows = Flows(table, heading, headers, report)
        self.columns = self.flows.columns
        self.sums = Sums(FLOWS)
        self.roll = Roll(report)
        self.span = dates.span(heading.covers) if heading.covers else None
        self.opening_in_income = False
        self.summed = False
        self.before: dict[str, str] = {}
        self.outside: list[tuple[int, int]] = []
        self.lumps: list[tuple[int, int]] = []

    def read(self) -> Spending | None:
        """Read all lines; None when there is nothing that could be stated."""
        if "date" not in self.columns and not {"month", "day"} <= self.columns.keys():
            self.report.error(None, "没有找到“日期”这一列", "请在表头写明“日期”。")
        if not self.flows.usable():
            return None
        for line in self.table.lines:
            if line.mark == "data":
                self._data(line.row)
            elif line.mark == "opening":
                self._opening(line)
            else:
                self._sum(line)
        self._afterwards()
        if not self.rows:
            return None
        return Spending(
            opening=self.roll.opening or 0,
            closing=self.roll.balance,
            account=self.heading.account,
            rows=tuple(self.rows),
        )

    def _text(self, row: int, field: str) -> str:
        text = self.table.text(row, self.columns.get(field))
        if key(text) in _DITTO:
            return self.before.get(field, "")
        self.before[field] = text
        return text

    def _day(self, row: int) -> date | None:
        """Give the day of a line; None after noting why it has none."""
        column = self.columns.get("date") or self.columns.get("day")
        if column is None:
            return None
        at = (row, column.index)
        try:
            found = dates.day(
                self._date_cell(row, column), self.span[0].year if self.span else None
            )
        except NotValid as problem:
            self.report.refused(at, problem)
            return None
        if found is None:
            self.report.error(at, "没有写日期", "请对照凭证补上日期。")
        elif self.span and not self.span[0] <= found <= self.span[1]:
            self.outside.append(at)
        return found

    def _date_cell(self, row: int, column: Column) -> Cell:
        if column.field == "day":
            month = self.table.text(row, self.columns["month"]) or self.before.get("month", "")
            self.before["month"] = month
            in_header = dates.covers_in(self.columns["month"].header + "年")
            a_year = in_header or (str(self.span[0].year) if self.span else "")
            said = f"{a_year}-{month.rstrip('月')}-{self.table.text(row, column).rstrip('日')}"
            return said.lstrip("-")
        top, left = self.table.merged.get((row, column.index), (row, column.index))
        cell = self.table.sheet.at(top, left) if left == column.index else None
        return self.before.get("date") if key(cell) in _DITTO else cell

    # Lines.

    def _data(self, row: int) -> None:
        if self._is_remark(row):
            return
        flows = self.flows.of(row)
        day = self._day(row)
        summary = self._text(row, "summary")
        at = (row, self.columns["summary"].index)
        if not summary:
            self.report.error(at, "没有写摘要", "请写明这笔钱做什么用。")
        elif key(summary) in self.headers.lumps:
            self.lumps.append(at)
        if flows is None:
            self.sums.spoil()
            self.roll.lose()
            return
        income, expense = flows
        self.sums.add({"income": income, "expense": expense})
        self.roll.move(income - expense)
        self._balance(row)
        if day is None:
            return
        self.before["date"] = day.isoformat()
        people = {field: person for field in _PEOPLE if (person := self._text(row, field))}
        self.rows.append(
            SpendingRow(
                id=len(self.rows) + 1,
                date=day.isoformat(),
                summary=summary,
                voucher=self._text(row, "voucher"),
                account=self._text(row, "account"),
                income=income,
                expense=expense,
                method=self._text(row, "method"),
                payee_as=reduced(people.get("payee", ""), self.headers),
                **people,
            )
        )

    def _is_remark(self, row: int) -> bool:
        """Say whether a line is words alone, such as 一、收入, and note that it was left out."""
        written = [cell for cell in self.table.sheet.rows[row] if key(cell)]
        if len(written) > 1 or not isinstance(written[0], str):
            return False
        self.report.warn(
            (row, self.table.sheet.rows[row].index(written[0])),
            "这一行只有文字，没有计入",
            "如果是一笔收支，请补上日期和金额。",
        )
        return True

    def _balance(self, row: int) -> None:
        column = self.columns.get("balance")
        if column is None:
            return
        try:
            said = self.flows.amount(row, "balance")
        except NotValid as problem:
            self.report.refused((row, column.index), problem)
            return
        if said is not None:
            self.roll.check((row, column.index), said)

    def _opening(self, line: Line) -> None:
        for field in ("balance", "income", "amount"):
            try:
                amount = self.flows.amount(line.row, field)
            except NotValid as problem:
                self.report.refused((line.row, self.columns[field].index), problem)
                return
            if amount is None:
                continue
            if self.roll.opening is None and not self.rows:
                self.roll.opening = amount
                self.opening_in_income = field == "income"
            else:
                self.roll.check((line.row, self.columns[field].index), amount)
            return

    def _sum(self, line: Line) -> None:
        self.summed = True
        if line.mark == "closing":
            self._closing(line)
            return
        expected = self.sums.of(line.mark)
        # What was spent before the period began is not on this sheet.
        from_january = self.span is not None and self.span[0].month == 1
        if expected is not None and (line.mark != "cumulative" or from_january):
            self._compare(line, expected)
        self._balance(line.row)

    def _compare(self, line: Line, expected: dict[str, int]) -> None:
        """Compare the amounts of a sum line with the sums of the lines it stands for."""
        if self.flows.single:
            both = expected["income"] + expected["expense"]
            flow = "income" if "收" in line.label else "expense" if "支" in line.label else ""
            expected = {**expected, "amount": expected[flow] if flow else both}
        for field, amount in expected.items():
            try:
                said = self.flows.amount(line.row, field)
            except NotValid as problem:
                self.report.refused((line.row, self.columns[field].index), problem)
                continue
            with_opening = amount + (self.roll.opening or 0)
            # Where the opening balance stands among the receipts, totals often contain it.
            meant = field == "income" and self.opening_in_income and said == with_opening
            if said is not None and said != amount and not meant:
                self.report.error(
                    (line.row, self.columns[field].index),
                    "“{label}”对不上：各行相加是 {expected}，表上是 {said}，差 {gap}",
                    "请核对各行金额和这一格。",
                    label=line.label,
                    expected=in_yuan(amount),
                    said=in_yuan(said),
                    gap=in_yuan(said - amount),
                )

    def _closing(self, line: Line) -> None:
        for field in ("balance", "amount", "income", "expense"):
            try:
                said = self.flows.amount(line.row, field)
            except NotValid as problem:
                self.report.refused((line.row, self.columns[field].index), problem)
                return
            if said is not None and self.sums.of("total") is not None:
                self.roll.check((line.row, self.columns[field].index), said)
                return

    def _afterwards(self) -> None:
        """Note what only the whole sheet shows."""
        report = self.report
        if not self.rows and not report.failed:
            report.error(
                None, "没有读到一笔收支", "请核对表头下面有没有明细；本期无收支请另作说明。"
            )
        if self.roll.opening is None and self.rows:
            report.warn(None, "没有“上期结转”这一行，上期结余按 0 元计", "如果上期有结余，请补上。")
        if not self.summed and self.rows:
            report.warn(None, "没有合计行，无法核对总数", "请核对收入、支出总数后再送审。")
        report.warn_of(
            self.outside,
            "日期不在 {covers} 之内：{cells}",
            "请核对是不是别的月份的。",
            covers=self.heading.covers or "",
        )
        report.warn_of(self.lumps, "只写了“其他”，村民看不懂：{cells}", "请写明具体做什么用。")
        self._duplicates()

    def _duplicates(self) -> None:
        """Note lines that are alike in everything that tells receipts apart."""
        seen: set[tuple[str | int | None, ...]] = set()
        twice: list[str] = []
        for row in self.rows:
            like = (row.date, row.voucher, row.summary, row.payee, row.income, row.expense)
            if row.voucher and like in seen:
                twice.append(f"{row.voucher} {row.summary}")
            seen.add(like)
        if twice:
            self.report.warn(
                None,
                "有完全相同的行：{lines}",
                "请核对是不是重复登记。",
                lines="；".join(dict.fromkeys(twice)),
            )
