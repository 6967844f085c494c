"""A roster's lines put together as a Subsidy, or everything wrong with them."""

import re
from collections.abc import Callable, Sequence

from noticeboard.core.money import times
from noticeboard.core.particulars import Subsidy, SubsidyRow
from noticeboard.core.problems import NotValid
from noticeboard.core.sheet import amounts
from noticeboard.core.sheet.cells import Cell, folded, key, words
from noticeboard.core.sheet.checks import Sums, in_yuan
from noticeboard.core.sheet.headers import Headers
from noticeboard.core.sheet.heading import Heading, programme_of
from noticeboard.core.sheet.layout import Line, Table
from noticeboard.core.sheet.namesakes import Namesakes
from noticeboard.core.sheet.payees import group_number
from noticeboard.core.sheet.report import Report

_SEVERAL = re.compile(r"[、,;/]")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_UNITS = re.compile(r"\((?:单位:)?(亩|人|户|株|头|台|平方米|只|个)\)")


class Roster:
    """Reads the lines of one roster from top to bottom; `read` does all of it."""

    def __init__(
        self,
        table: Table,
        heading: Heading,
        headers: Headers,
        report: Report,
        title: str,
        village: str,
        groups: Sequence[str],
    ) -> None:
        """Prepare to read; `groups` are the names the village gives its groups."""
        self.table = table
        self.heading = heading
        self.report = report
        self.remarks = {
            key(form): word for word, forms in headers.remarks.items() for form in forms
        }
        self.groups = {number: name for name in groups if (number := group_number(name))}
        self.rows: list[SubsidyRow] = []
        self.people = Namesakes(table, report)
        self.columns = {column.field: column for column in table.columns if column.fate == "taken"}
        self.sums = Sums(tuple(f for f in ("quantity", "amount") if f in self.columns))
        self.group = ""
        self.summed = False
        # Remarks that may tell of an illness or worse; only their number is known outside.
        self.kept_back = 0
        self.strange_groups: list[tuple[int, int]] = []
        self.several: list[tuple[int, int]] = []
        self.products: list[tuple[int, int, int]] = []
        said = heading.programme or self._said_by_all("programme")
        self.programme, self.known = programme_of(said or title, village, headers)

    def read(self) -> Subsidy | None:
        """Read all lines; None when there is nothing that could be stated."""
        if "amount" not in self.columns or "name" not in self.columns:
            self.report.error(None, "姓名或金额一列被隐藏，没有带入", "请取消隐藏后再上传。")
            return None
        for line in self.table.lines:
            if line.mark == "data":
                self._data(line.row)
            else:
                self._sum(line)
        self._afterwards()
        if not self.rows:
            return None
        rows = self.people.told_apart(self.rows)
        standards = {row.standard for row in self.rows}
        return Subsidy(
            programme=self.programme,
            basis=self.heading.basis,
            standard=next(iter(standards)) if len(standards) == 1 else None,
            unit=self._unit(),
            total=sum(row.amount for row in self.rows),
            rows=rows,
        )

    def _said_by_all(self, field: str) -> str:
        """Give what every line says in a column, if they agree."""
        column = self.columns.get(field)
        data = [line.row for line in self.table.lines if line.mark == "data"]
        said = {text for row in data if (text := self.table.text(row, column))}
        return said.pop() if len(said) == 1 else ""

    def _unit(self) -> str:
        column = self.columns.get("quantity")
        match = _UNITS.search(folded(column.header)) if column else None
        return match[1] if match else self.known.unit if self.known else "亩"

    # Lines.

    def _data(self, row: int) -> None:
        name_cell = self.table.text(row, self.columns["name"])
        name, remark = self._name(name_cell)
        written = [cell for cell in self.table.sheet.rows[row] if key(cell)]
        if len(written) == 1:
            self._one_word(row, written[0])
            return
        amount = self._number(row, "amount", self._fen)
        quantity = self._number(row, "quantity", lambda _, cell: amounts.thousandths(cell))
        standard = self._number(row, "standard", self._fen)
        at = (row, self.columns["name"].index)
        if not name:
            self.report.error(at, "没有写姓名", "请补上姓名。")
        if _SEVERAL.search(key(name)):
            self.several.append(at)
        if amount is None:
            self.sums.spoil()
            return
        self.sums.add({"amount": amount})
        if quantity is not None:
            self.sums.add({"quantity": quantity})
        if quantity is not None and standard is not None and times(quantity, standard) != amount:
            self.products.append((row, times(quantity, standard), amount))
        self.people.meet(row)
        self.rows.append(
            SubsidyRow(
                id=len(self.rows) + 1,
                group=self._group(row),
                amount=amount,
                quantity=quantity,
                standard=standard,
                name=name or None,
                remark=remark or self._remark(row) or None,
            )
        )

    def _one_word(self, row: int, cell: Cell) -> None:
        """Take a line of one word for the heading of a group, or note that it was left out."""
        if group_number(words(cell)) and key(cell).endswith("组"):
            self.group = self._group_named(words(cell))
            return
        self.report.warn(
            (row, self.table.sheet.rows[row].index(cell)),
            "这一行只有一格有字，没有计入",
            "如果是一户，请补上姓名和金额。",
        )

    def _fen(self, field: str, cell: Cell) -> int | None:
        return amounts.fen(cell, self.columns[field].unit or self.heading.unit or amounts.YUAN)

    def _number(self, row: int, field: str, read: Callable[[str, Cell], int | None]) -> int | None:
        """Read a number of a line; None, and noted, when it cannot be read or must not lack."""
        column = self.columns.get(field)
        if column is None:
            return None
        at = (row, column.index)
        try:
            number = read(field, self.table.value(row, column))
        except NotValid as problem:
            self.report.refused(at, problem)
            return None
        if number is None and field == "amount" and at not in self.table.sheet.broken:
            self.report.error(at, "这一行没有金额", "请补上金额；没有发放的填 0。")
        return number

    def _name(self, text: str) -> tuple[str, str]:
        """Give a name without spaces and (户主), and a remark that stood behind it."""
        remark = ""
        for inside in _IN_BRACKETS.findall(folded(text)):
            word = self.remarks.get(key(inside))
            remark = word or remark
            self.kept_back += not word and key(inside) != "户主"
        bare = _IN_BRACKETS.sub("", text.replace("（", "(").replace("）", ")"))
        return "".join(bare.split()), remark

    def _remark(self, row: int) -> str:
        text = key(self.table.text(row, self.columns.get("remark")))
        if text and text not in self.remarks:
            self.kept_back += 1
        return self.remarks.get(text, "")

    def _group(self, row: int) -> str:
        """Give the group of a line; written once for several lines, it holds for all of them."""
        column = self.columns.get("group")
        said = self.table.text(row, column)
        if said:
            self.group = self._group_named(said)
            if column and self.groups and self.group not in self.groups.values():
                self.strange_groups.append((row, column.index))
        return self.group

    def _group_named(self, said: str) -> str:
        number = group_number(said)
        return self.groups.get(number, "".join(said.split())) if number else "".join(said.split())

    def _sum(self, line: Line) -> None:
        self.summed = True
        expected = self.sums.of(line.mark)
        for field, amount in (expected or {}).items():
            column = self.columns[field]
            cell = self.table.value(line.row, column)
            if key(cell).strip(":()") == line.label:
                continue
            try:
                said = self._fen(field, cell) if field == "amount" else amounts.thousandths(cell)
            except NotValid as problem:
                self.report.refused((line.row, column.index), problem)
                continue
            if said is None or said == amount:
                continue
            show = in_yuan if field == "amount" else _plain
            self.report.error(
                (line.row, column.index),
                "“{label}”对不上：各行相加是 {expected}，表上是 {said}，差 {gap}",
                "请核对各行和这一格。",
                label=line.label,
                expected=show(amount),
                said=show(said),
                gap=show(said - amount),
            )

    # Afterwards.

    def _afterwards(self) -> None:
        report = self.report
        if not self.rows and not report.failed:
            report.error(None, "没有读到一户", "请核对表头下面有没有名单。")
        if self.rows and not self.summed:
            report.warn(None, "没有合计行，无法核对总数", "请核对总户数和总金额后再送审。")
        if self.known is None:
            report.warn(
                None,
                "“{programme}”还没有登记公开口径",
                "请先确认哪些内容可以公开，再送审。",
                programme=self.programme,
            )
        report.warn_of(self.strange_groups, "村里没有登记这些组：{cells}", "请核对组名。")
        report.warn_of(self.several, "一格里好像写了几个人：{cells}", "请一人一行。")
        self._check_products()
        self.people.check()

    def _check_products(self) -> None:
        """Compare quantity × standard with the amount, half up to the fen; or to the yuan."""
        column = self.columns["amount"].index
        if self.products and all(said == _whole_yuan(due) for _, due, said in self.products):
            self.report.warn_of(
                [(row, column) for row, _, _ in self.products],
                "金额都四舍五入到了元：{cells}",
                "如果就是这样发放的，不用改。",
            )
            return
        for row, due, said in self.products:
            self.report.error(
                (row, column),
                "数量乘标准应为 {due}，表上是 {said}，差 {gap}",
                "请核对数量、标准和金额。",
                due=in_yuan(due),
                said=in_yuan(said),
                gap=in_yuan(said - due),
            )


def _whole_yuan(amount: int) -> int:
    return (amount + 50) // 100 * 100


def _plain(quantity: int) -> str:
    """Print thousandths without needless noughts."""
    sign = "-" if quantity < 0 else ""
    return f"{sign}{abs(quantity) // 1000}.{abs(quantity) % 1000:03d}".rstrip("0").rstrip(".")
