"""A ledger's own sums and balances held against its lines, from the opening to the closing."""

from collections.abc import Sequence
from itertools import accumulate

from msgspec.structs import replace

from noticeboard.core.problems import NotValid
from noticeboard.core.sheet.checks import (
    Balance,
    Break,
    Part,
    Sum,
    Sums,
    borne_out,
    in_yuan,
    rolled,
    roots,
)
from noticeboard.core.sheet.flows import FLOWS, Flows, Moved
from noticeboard.core.sheet.lines import Line
from noticeboard.core.sheet.report import Report
from noticeboard.core.sheet.values import Lines


class Account:
    """Takes what a ledger says of itself; `check` compares it with what its lines make."""

    def __init__(
        self, flows: Flows, lines: Lines, moved: Moved, report: Report, *, from_january: bool
    ) -> None:
        """Take the lines; a sum of the year so far is only checked `from_january`."""
        self._flows = flows
        self._lines = lines
        self._moved = moved
        self._report = report
        self._from_january = from_january
        both = [a + b for a, b in zip(moved.income, moved.expense, strict=True)]
        columns = {"income": moved.income, "expense": moved.expense, "both": both}
        self._left_out = report.left_out
        self._adding = Sums(columns, report.left_out, moved.unread, lines.table.lines)
        net = (a - b for a, b in zip(moved.income, moved.expense, strict=True))
        self._moved_up_to = [0, *accumulate(net)]
        self._balances: list[Balance] = []
        self._sums: list[Sum] = []
        self._opening_in_income = False
        self._left = 0
        self.opening: int | None = None
        self.summed = False

    @property
    def closing(self) -> int:
        """Give the balance after all lines, by addition.

        Where the sheet's balances hold rows that were left out, so does it: the money has moved.
        """
        return (self.opening or 0) + self._moved_up_to[-1] + self._left

    def check(self) -> None:
        """Read all that is no line of data, and note what does not add up."""
        self._read_balances()
        end = 0
        for line in self._lines.table.lines:
            if line.mark == "data":
                end += 1
            elif line.mark == "opening":
                self._take_balance(line, end, ("balance", "income", "amount"))
            elif line.mark == "closing":
                self.summed = True
                self._take_balance(line, end, ("balance", "amount", "income", "expense"))
            else:
                self.summed = True
                parts = self._adding.parts(line, end)
                self._take_sums(line, parts)
                # A total above its lines says what there is after them.
                self._take_balance(line, parts[0].end, ("balance",))
        self._balances.sort(key=lambda balance: (balance.end, balance.at))
        self._lines.tell()
        self._compare(self._rolled())

    # What the sheet says.

    def _read_balances(self) -> None:
        column = self._flows.columns.get("balance")
        if column is None:
            return
        said, _ = self._lines.numbers(column, self._flows.reader(column))
        rows, index = self._lines.rows, column.index
        self._balances = [
            Balance((rows[place], index), place + 1, amount, place)
            for place, amount in enumerate(said)
            if amount is not None
        ]

    def _said(self, line: Line, field: str) -> int | None:
        try:
            return self._flows.amount(line.row, field)
        except NotValid as problem:
            self._lines.refuse((line.row, self._flows.columns[field].index), problem)
            return None

    def _take_balance(self, line: Line, end: int, fields: Sequence[str]) -> None:
        """Take the balance that a line names in the first of these columns that says one."""
        for field in fields:
            amount = self._said(line, field)
            if amount is None:
                continue
            if line.mark == "opening" and self.opening is None and end == 0:
                self.opening = amount
                self._opening_in_income = field == "income"
            elif field == "balance" or self._adding.is_known(Part(0, end, -1, line.row)):
                at = (line.row, self._flows.columns[field].index)
                self._balances.append(Balance(at, end, amount))
            return

    def _take_sums(self, line: Line, parts: Sequence[Part]) -> None:
        """Take the sums of a line with the lines that each stands for."""
        if line.mark == "cumulative" and not self._from_january:
            # What was spent before the period began is not on this sheet.
            return
        for column, field in self._fields_of(line):
            said = self._said(line, column)
            if said is None or not self._adding.is_known(parts[0]):
                continue
            index = self._flows.columns[column].index
            found = self._adding.sum(field, said, line, index, parts)
            opened = self._opening_in_income and column == "income"
            if opened and found.gap == (self.opening or 0):
                # Where the opening balance stands among the receipts, totals often contain it.
                continue
            self._sums.append(found)

    def _fields_of(self, line: Line) -> list[tuple[str, str]]:
        """Give the columns that hold sums, and what the sum of a line in them is of."""
        if not self._flows.single:
            return [(flow, flow) for flow in FLOWS if flow in self._flows.columns]
        said = line.label
        return [("amount", "income" if "收" in said else "expense" if "支" in said else "both")]

    # What its lines make.

    def _rolled(self) -> list[Break]:
        """Roll the balances, with the rows that were left out where so they follow better."""
        breaks, opening = self._breaks(self._balances)
        if breaks and self._left_out.all_of("balance"):
            holding = [
                replace(balance, left=self._left_out.of("balance", -1, balance.at[0]))
                for balance in self._balances
            ]
            others, opened = self._breaks(holding)
            if _weight(others) < _weight(breaks):
                breaks, opening = others, opened
                self._left = self._left_out.all_of("balance")
                self._left_out.holds("余额")
        self.opening = opening
        return breaks

    def _breaks(self, balances: Sequence[Balance]) -> tuple[list[Break], int | None]:
        """Give where balances break, and the opening; the first balance tells it if none does."""
        opening = self.opening
        if opening is None and balances:
            first = balances[0]
            opening = first.said - self._moved_up_to[first.end] - first.left
        return rolled(opening or 0, self._moved_up_to, balances, self._moved.unread), opening

    def _compare(self, breaks: Sequence[Break]) -> None:
        guilty, sums = borne_out(self._sums, self._suspected(breaks))
        for broken in breaks:
            place = broken.balance.place
            if place is not None and place in guilty:
                self._tell_amount(place, broken.gap)
            else:
                self._tell_balance(broken)
        for wrong in roots(sums):
            self._report.differs(
                wrong.at,
                wrong.gap,
                "“{label}”对不上：各行相加是 {expected}，表上是 {said}，差 {gap}",
                "请核对各行金额和这一格。",
                label=wrong.label,
                line=f"“{wrong.label}”一行",
                column=next(c.word for c in self._flows.columns.values() if c.index == wrong.at[1]),
                expected=in_yuan(wrong.due),
                said=in_yuan(wrong.said),
            )

    def _suspected(self, breaks: Sequence[Break]) -> dict[int, tuple[str, int]]:
        """Give the amounts that are wrong if the balances beside and below them are right."""
        return {
            place: ("income", broken.gap) if self._moved.income[place] else ("expense", -broken.gap)
            for broken in breaks
            if broken.lasting and (place := broken.balance.place) is not None
        }

    def _tell_amount(self, place: int, gap: int) -> None:
        received, paid = self._moved.income[place], self._moved.expense[place]
        flow = "amount" if self._flows.single else "income" if received else "expense"
        said, more = (received, -gap) if received else (paid, gap)
        self._report.differs(
            self._lines.at(place, self._flows.columns[flow]),
            more,
            "这一笔和余额、合计都对不上：应为 {expected}，表上是 {said}，差 {gap}",
            "请对照凭证核对这一笔的金额。",
            label=self._flows.columns[flow].word,
            line=self._named(place, "这一笔"),
            expected=in_yuan(said - more),
            said=in_yuan(said),
        )

    def _named(self, place: int, what: str) -> str:
        """Name a line by its words, for those who read them on the wall."""
        words = self._lines.table.text(self._lines.rows[place], self._flows.columns["summary"])
        return f"“{words}”{what}" if words else ""

    def _tell_balance(self, broken: Break) -> None:
        place = broken.balance.place
        self._report.differs(
            broken.balance.at,
            broken.gap,
            "余额对不上：应为 {expected}，表上是 {said}，差 {gap}",
            "请核对这一行的金额和余额。",
            label="余额",
            line=self._named(place, "这一行") if place is not None else "",
            expected=in_yuan(broken.due),
            said=in_yuan(broken.balance.said),
        )


def _weight(breaks: Sequence[Break]) -> tuple[int, int]:
    """Weigh what does not follow: how often, and by how much."""
    return len(breaks), sum(abs(broken.gap) for broken in breaks)
