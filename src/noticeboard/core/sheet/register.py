"""What registers of every kind share: columns read, and their own sums held against the lines."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from noticeboard.core.problems import NotValid
from noticeboard.core.sheet import amounts, dates
from noticeboard.core.sheet.amounts import shown
from noticeboard.core.sheet.cells import Cell, address, folded, key, words
from noticeboard.core.sheet.headers import Column
from noticeboard.core.sheet.lines import heads_lines
from noticeboard.core.sheet.people import person
from noticeboard.core.sheet.reading import Given
from noticeboard.core.sheet.tallies import Tallies, plain
from noticeboard.core.sheet.terms import Months, first_day, in_words, point
from noticeboard.core.sheet.values import Lines

_AS_OF = re.compile(
    r"(?:(?:截至|截止|清理时间|清查时间|盘点时间|统计时间|基准日)(?:时间|日期|到)?:?"
    # A day alone in brackets behind a title says the same; from one day to another does not.
    r"|\((?=[^()至到~—]*\)))"
    r"(?P<day>\d{4}[-./年]\d{1,2}[-./月]\d{1,2})"
)
_IN_HEADER = re.compile(r"\((?:单位:)?(?P<unit>[^()]*)\)")
_AFTER_NUMBER = re.compile(r"[\d,.]+(?P<unit>[a-z\u4e00-\u9fff]+\d?)")
_WHOLE_DAY = re.compile(r"\d{2,4}\D\d{1,2}\D\d{1,2}")
_LONGEST_UNIT = 4
# What stands under 序号 and is longer than this numbers nothing.
_LONGEST_NUMBER = 3
# A line with no more than one cell filled is a heading or a remark where there are more columns.
_LEAST_COLUMNS = 3


class Register:
    """Reads one register a column at a time; each kind puts its rows together from that.

    What cannot be read is kept until `check`, which tells it in the order of the sheet; `unread`
    says where that is, by field, so that no sum is blamed for it.
    """

    def __init__(self, given: Given) -> None:
        """Prepare to read."""
        self.given = given
        self.table = given.table
        self.report = given.report
        self.lines = Lines(given.table, given.report)
        self.columns = {c.field: c for c in given.table.columns if c.fate == "taken"}
        self.unread: dict[str, set[int]] = {}
        self.summed = False
        self._unit = given.heading.unit or amounts.YUAN

    # Columns.

    def fen(self, column: Column) -> Callable[[Cell], int | None]:
        """Give what reads a column of money in its unit."""
        unit = column.unit or self._unit
        return lambda cell: amounts.fen(cell, unit)

    def money(self, field: str) -> list[int | None]:
        """Read a column of money as fen; None where nothing stands or nothing can be read."""
        column = self.columns.get(field)
        if column is None:
            return [None] * len(self.lines)
        found, unread = self.lines.money(column, self.fen(column))
        return self._known(field, column, found, unread)

    def quantities(self, field: str) -> list[int | None]:
        """Read a column of quantities as thousandths."""
        column = self.columns.get(field)
        found, unread = self.lines.numbers(column, amounts.thousandths)
        for place, quantity in enumerate(found):
            if column and quantity is not None and quantity < 0:
                at = self.lines.at(place, column)
                self.lines.error(at, "数量不能是负数", "请核对这一格。", plain(quantity))
        return self._known(field, column, found, unread) if column else found

    def _known(
        self, field: str, column: Column, found: list[int | None], unread: set[int]
    ) -> list[int | None]:
        broken = {p for p in range(len(self.lines)) if self.lines.is_broken(p, column)}
        self.unread[field] = unread | broken
        return found

    def units(self) -> list[str]:
        """Give the unit of each quantity: its own column's, its header's, or as the cell says."""
        column = self.columns.get("quantity")
        said = self.texts("unit")
        if column is None:
            return said
        match = _IN_HEADER.search(folded(column.header))
        header = match["unit"] if match and len(match["unit"]) <= _LONGEST_UNIT else ""
        written = [_AFTER_NUMBER.fullmatch(key(cell)) for cell in self.lines.own(column)]
        return [
            unit or (own["unit"] if own else header if key(cell) else "")
            for unit, own, cell in zip(said, written, self.lines.own(column), strict=True)
        ]

    def texts(self, field: str) -> list[str]:
        """Read a column of words."""
        return self.lines.texts(self.columns.get(field))

    def people(self, column: Column | None, aside: set[int]) -> list[str]:
        """Read a column of names without (户主) and the like; several in one cell are told."""
        if column is None:
            return [""] * len(self.lines)
        headers = self.given.headers
        found = [person(cell, {}, headers.surnames) for cell in self.lines.cells(column)]
        several = []
        for place, each in enumerate(found):
            if each.numbered and place not in aside:
                self.lines.error(
                    self.lines.at(place, column), "姓名里有号码，不能公开", "请只写姓名。"
                )
            elif each.several and place not in aside:
                several.append(self.lines.at(place, column))
        self.report.warn_of(several, "一格里好像写了几个人：{cells}", "请一人一行。")
        kept = sum(each.kept_back for each in found)
        if kept:
            self.report.leave(f"{column.letter}列姓名后面的 {kept} 处个人情况")
        return [each.name for each in found]

    def points(self, column: Column | None, aside: set[int]) -> list[str | None]:
        """Read a column of days, months or years; what may be two months is asked about."""
        if column is None:
            return [None] * len(self.lines)
        since = self.table.sheet.since_1904
        cells = self.lines.cells(column)
        found, refused = self.lines.read(cells, lambda cell: point(cell, since_1904=since), None)
        points: list[str | None] = []
        for place, read in enumerate(found):
            at = self.lines.at(place, column)
            answer = self._answered(at)
            if place in aside:
                points.append(None)
            elif answer:
                # Of a month that was asked about the answer names the first day.
                points.append(answer[:7] if isinstance(read, Months) else answer)
            elif place in refused:
                self.lines.refuse(at, refused[place])
                points.append(None)
            elif isinstance(read, Months):
                self._ask(at, read, cells[place])
                points.append(None)
            else:
                points.append(read)
        return points

    def vague(self, column: Column | None) -> dict[int, str]:
        """Give what is no time, 九十年代 or 合格; a day that cannot be is told elsewhere."""
        found: dict[int, str] = {}
        for place, cell in enumerate(self.lines.cells(column)):
            if isinstance(cell, str) and not _WHOLE_DAY.search(key(cell)):
                try:
                    point(cell)
                except NotValid:
                    found[place] = words(cell)
        return found

    def _answered(self, at: tuple[int, int]) -> str | None:
        said = self.report.choice.dates.get(address(*at), "")
        if not said:
            return None
        try:
            return date.fromisoformat(said).isoformat()
        except ValueError:
            self.lines.refuse(at, NotValid("没有这一天", value=said, fix="请重新选择。"))
            return None

    def _ask(self, at: tuple[int, int], unsure: Months, cell: Cell) -> None:
        self.report.ask(
            at,
            "date",
            "这里写的是“{value}”，是几月？",
            [(first_day(month), in_words(month)) for month in unsure.months],
            value=shown(cell),
        )

    # Lines.

    def aside(self, *needed: str) -> set[int]:
        """Give the lines that are no line of their own; a line of words alone is told.

        `needed` are the fields of which every other line must have one; without, it is an error.
        """
        aside: set[int] = set()
        numbering = {
            column.index
            for column in self.table.columns
            if column.field == "seq" or (self.table.kind == "table" and column.fate == "quiet")
        }
        columns = [self.columns[field] for field in needed if field in self.columns]
        said = [self.lines.texts(column) for column in columns]
        wide = len(self.table.columns) >= _LEAST_COLUMNS
        remarks: list[tuple[int, int]] = []
        for place in range(len(self.lines)):
            cells = self.lines.line(place)
            filled = [
                index
                for index, cell in enumerate(cells)
                if key(cell) and (index not in numbering or len(key(cell)) > _LONGEST_NUMBER)
            ]
            if len(filled) > 1 or (filled and not wide):
                if columns and not any(column[place] for column in said):
                    self._nameless(place, columns[0])
                continue
            aside.add(place)
            if filled and not heads_lines(str(cells[filled[0]])):
                remarks.append((self.lines.rows[place], filled[0]))
        self.report.warn_of(
            remarks, "这些行只有一格有字，没有计入：{cells}", "如果也要公开，请补全这一行。"
        )
        return aside

    def _nameless(self, place: int, column: Column) -> None:
        self.lines.error(
            self.lines.at(place, column),
            "这一行没有写“{field}”",
            "请补上；和上一行是同一项的，请合并单元格。",
            field=column.header,
        )

    # What the sheet says of itself.

    def check(
        self, read: Mapping[str, Sequence[int | None]], quantities: Sequence[str] = ()
    ) -> dict[str, int]:
        """Tell what could not be read, then hold each sum against the lines it stands for.

        Give what the last total of all lines says, by field.
        """
        tallies = Tallies(self.lines, self.report, self.columns, self.unread)
        for field, values in read.items():
            if column := self.columns.get(field):
                count = field in quantities
                how = amounts.thousandths if count else self.fen(column)
                tallies.take(field, values, how, money=not count)
        self.lines.tell()
        tallies.compare(quantities)
        self.summed = tallies.summed
        return tallies.totals

    @property
    def as_of(self) -> str | None:
        """Give the day that the heading or the signatures say it stands at, if they do."""
        for text in (*self.table.titles, *self.table.footer):
            for match in _AS_OF.finditer(key(text)):
                try:
                    day = dates.day(match["day"])
                except NotValid:
                    continue
                if day:
                    return day.isoformat()
        return None
