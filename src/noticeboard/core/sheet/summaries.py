"""A sheet that sums up others of the same workbook, held against them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from noticeboard.core.households import households
from noticeboard.core.particulars import Spending, Subsidy
from noticeboard.core.problems import NotValid
from noticeboard.core.sheet import amounts
from noticeboard.core.sheet.cells import Cell, address, folded, key
from noticeboard.core.sheet.checks import in_yuan
from noticeboard.core.sheet.headers import Column
from noticeboard.core.sheet.lexicon import sense
from noticeboard.core.sheet.payees import group_number
from noticeboard.core.sheet.periods import covers_in
from noticeboard.core.sheet.reading import Given, Read

_FEW = 2
# 收入合计 beside a single column of amounts is about receipts.
_FLOWS = {"income": "收入", "expense": "支出"}

Sums = Mapping[str, int]


class Part(Struct, frozen=True):
    """What a line of a summary stands for: the sums it must show, and where they are found."""

    sums: Sums
    place: Callable[[str], str]
    reads: Sequence[Read]


def sums_up(given: Given) -> bool:
    """Say whether a table sums up others: it says so, and holds neither days nor people."""
    said = given.heading.text + given.table.sheet.name
    if not any(word in said for word in given.headers.summaries):
        return False
    if any(given.table.column(field) for field in ("date", "day", "person")):
        return False
    return len(_columns(given).keys() - {"label"}) > 0


def _columns(given: Given) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for column in given.table.columns:
        meaning = sense(column.header.split(), given.lexicon.summary)
        if column.fate not in {"hidden", "private"} and meaning.fate == "taken":
            found.setdefault(meaning.field, column)
    return found


class Summary:
    """Compares one summary with the tables of its workbook, line by line as far as it can."""

    def __init__(self, given: Given) -> None:
        """Prepare to compare."""
        self.given = given
        self.columns = _columns(given)

    def compare(self, reads: Sequence[Read]) -> None:
        """Hold every line against what it sums up; a difference is an error that may be explained.

        A line that names none of the tables, periods, groups or accounts is passed over.
        """
        # A table that could not be read whole is wrong already; its sums would only be wrong twice.
        details = [read for read in reads if read.stated and not read.given.report.failed]
        compared = 0
        for line in self.given.table.lines:
            label = self._label(line.row)
            if line.mark == "data":
                part = self._part(label, details)
            elif line.mark == "total" and len(details) == len(reads):
                part = self._flow_of(label, details) or _together(details)
            else:
                continue
            if part:
                before = len(self.given.report.explanations)
                compared += self._compare(line.row, label, part)
                self._publish(self.given.report.explanations[before:], part)
        if not compared and details:
            self.given.report.warn(
                None, "这张汇总没有能和明细核对的行", "请自己核对一遍，它不会带入。"
            )

    def _publish(self, explained: Sequence[str], part: Part) -> None:
        """Let what was explained here be published with what the line sums up."""
        for read in part.reads:
            said = (f"“{self.given.report.sheet}”{words}" for words in explained)
            read.given.report.explanations.extend(said)

    def _label(self, row: int) -> str:
        column = self.columns.get("label")
        if column:
            return self.given.table.text(row, column)
        cells = self.given.table.sheet.rows[row]
        return next((str(cell) for cell in cells if isinstance(cell, str) and key(cell)), "")

    def _part(self, label: str, details: Sequence[Read]) -> Part | None:
        """Find what a line stands for: tables by name or period, a group, an account, a flow."""
        said = key(label)
        if not said:
            return None
        named = [read for read in details if said == key(read.given.report.sheet)]
        named = named or [read for read in details if self._is_period(label, read)]
        named = named or [read for read in details if said in key(read.given.title)]
        if named and len(named) < max(len(details), _FEW):
            return _together(named)
        return self._flow_of(label, details) or _of_rows(label, details)

    def _flow_of(self, label: str, details: Sequence[Read]) -> Part | None:
        """Find what 收入合计 stands for beside a single column of amounts."""
        said = key(label)
        flow = next((flow for flow, word in _FLOWS.items() if word in said), None)
        if flow and "amount" in self.columns and len(said) <= len("本季收入合计"):
            return _flow(details, flow)
        return None

    def _is_period(self, label: str, read: Read) -> bool:
        covers = read.given.heading.covers
        if covers is None:
            return False
        # 一组 with the year before it would only name the year.
        with_year = covers_in(f"{covers[:4]}年{folded(label)}") or ""
        closer = with_year if len(with_year) > len("2026") else ""
        return covers in {covers_in(label), closer}

    def _compare(self, row: int, label: str, part: Part) -> int:
        """Compare the figures of one line; give how many could be compared."""
        compared = 0
        for field, expected in part.sums.items():
            column = self.columns.get(field)
            cell = self.given.table.value(row, column)
            if column is None or cell is None:
                continue
            at = (row, column.index)
            try:
                said, grain = self._figure(field, cell, column)
            except NotValid as problem:
                self.given.report.refused(at, problem)
                continue
            if said is None:
                continue
            compared += 1
            if 2 * abs(said - expected) > grain and not self._holds(
                part, field, said - expected, label
            ):
                self._differs(at, field, label, said, expected, part.place(field))
        return compared

    def _holds(self, part: Part, field: str, gap: int, label: str) -> bool:
        """Say whether a figure holds what was left out of the details, and note that it does."""
        outs = [read.given.report.left_out for read in part.reads]
        likely = [sum(out.all_of(field) for out in outs)]
        likely += [number for out in outs for number in out.each_of(field)]
        if not gap or gap not in likely:
            return False
        for out in outs:
            out.holds(f"“{self.given.report.sheet}”里的“{label}”")
        return True

    def _figure(self, field: str, cell: Cell, column: Column) -> tuple[int | None, int]:
        """Give a figure, and the step of its last written digit where it was rounded to 万元."""
        if field in {"quantity", "households"}:
            return amounts.thousandths(cell), 0
        unit = column.unit or self.given.heading.unit or amounts.YUAN
        places = 0
        if isinstance(cell, Decimal):
            places = -int(cell.as_tuple().exponent)
        elif isinstance(cell, str):
            places = len(key(cell).partition(".")[2])
        grain = unit // 10**places if unit == amounts.WAN else 0
        return amounts.fen(cell, unit), grain

    def _differs(
        self, at: tuple[int, int], field: str, label: str, said: int, expected: int, place: str
    ) -> None:
        money = field not in {"quantity", "households"}
        show = in_yuan if money else _plain
        self.given.report.differs(
            at,
            said - expected if money else _plain(said - expected),
            "“{label}”和明细对不上：{place} 是 {expected}，这里是 {said}，差 {gap}",
            "请核对汇总和明细。",
            label=label,
            line=f"“{label}”一行",
            column=self.columns[field].word,
            place=place,
            expected=show(expected),
            said=show(said),
        )


def _plain(thousandths: int) -> str:
    return f"{Decimal(thousandths) / 1000:f}".rstrip("0").rstrip(".") or "0"


# What the tables come to.


def _sums(read: Read) -> dict[str, int]:
    found: dict[str, int] = {}
    for stated in read.stated:
        rows = stated.particulars
        if isinstance(rows, Spending):
            found |= {"income": stated.income, "expense": stated.expense}
            found |= {"opening": rows.opening, "balance": rows.closing}
        elif isinstance(rows, Subsidy):
            found |= {"amount": rows.total, "households": 1000 * households(rows.rows)}
            if all(row.quantity is not None for row in rows.rows):
                found["quantity"] = sum(row.quantity or 0 for row in rows.rows)
    return found


def _together(reads: Sequence[Read]) -> Part | None:
    """Give the sums of tables of one kind; balances only of one alone, for they do not add up."""
    kinds = {read.given.table.kind for read in reads}
    if len(kinds) != 1:
        return None
    sums: dict[str, int] = {}
    every = [_sums(read) for read in reads]
    for field in every[0]:
        if all(field in each for each in every) and (
            len(every) == 1 or field not in {"opening", "balance"}
        ):
            sums[field] = sum(each[field] for each in every)
    return Part(sums, lambda field: "、".join(_total_cell(read, field) for read in reads), reads)


def _flow(reads: Sequence[Read], flow: str) -> Part | None:
    part = _together([read for read in reads if read.given.table.kind == "ledger"])
    if part is None or flow not in part.sums:
        return None
    return Part({"amount": part.sums[flow]}, lambda _: part.place(flow), part.reads)


def _total_cell(read: Read, field: str) -> str:
    """Name the cell in which a table totals a column; without one, the table."""
    table, name = read.given.table, read.given.report.sheet
    column = table.column(field)
    rows = [line.row for line in table.lines if line.mark in {"total", "closing"}]
    return f"{name}!{address(rows[-1], column.index)}" if column and rows else name


def _of_rows(label: str, reads: Sequence[Read]) -> Part | None:
    """Give the sums of the rows of one group, or of one account."""
    sums: dict[str, int] = {}
    found: list[Read] = []
    for read in reads:
        for stated in read.stated:
            own = dict(_rows_of(label, stated.particulars))
            if own:
                found.append(read)
                sums = {field: sums.get(field, 0) + own[field] for field in own}
    return Part(sums, lambda _: _names(found), found) if found else None


def _names(reads: Sequence[Read]) -> str:
    return "、".join(dict.fromkeys(read.given.report.sheet for read in reads))


def _rows_of(label: str, particulars: object) -> Iterator[tuple[str, int]]:
    said, number = key(label), group_number(label)
    if isinstance(particulars, Subsidy):
        group = [
            row
            for row in particulars.rows
            if key(row.group) == said or (number and group_number(row.group) == number)
        ]
        if group:
            yield "amount", sum(row.amount for row in group)
            yield "households", 1000 * households(group)
            if all(row.quantity is not None for row in group):
                yield "quantity", sum(row.quantity or 0 for row in group)
    elif isinstance(particulars, Spending):
        rows = [row for row in particulars.rows if row.account and key(row.account) == said]
        if rows:
            yield "income", sum(row.income for row in rows)
            yield "expense", sum(row.expense for row in rows)
            yield "amount", sum(row.income + row.expense for row in rows)
