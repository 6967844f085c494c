"""A list of labour put together as Labour, or everything wrong with it."""

import re
from collections.abc import Sequence
from datetime import date

from noticeboard.core.particulars import Labour, LabourRow
from noticeboard.core.periods import in_words
from noticeboard.core.problems import NotValid
from noticeboard.core.sheet import dates, periods
from noticeboard.core.sheet.cells import Cell, folded, key
from noticeboard.core.sheet.days import Days
from noticeboard.core.sheet.numerals import integer
from noticeboard.core.sheet.payees import group_number
from noticeboard.core.sheet.payments import Paid, Payments
from noticeboard.core.sheet.reading import Given, Stated
from noticeboard.core.sheet.register import Register
from noticeboard.core.sheet.telling import refuse_relief

# 3月5日至8日, 3.5-3.8, 3月5-8日 are several days; 2026-02-30 is one that does not exist.
_SEVERAL = re.compile(r"[至到~—–、,和]|月.*-|(?:\d+\D+){3}\d+")


class LabourList(Register):
    """Reads one list of who worked at what, for how many days; `read` does all of it."""

    def read(self) -> Labour | None:
        """Read all lines; None when there is nothing that could be stated."""
        named = [column for column in (self.columns.get("name"),) if column]
        refuse_relief(self.given, named, named and [self.columns["amount"]], work=True)
        same = {"quantity": "days", "standard": "rate", "amount": "amount"}
        money = {as_: self.columns[f] for as_, f in same.items() if f in self.columns}
        payments = Payments(self.lines, money, self.given.heading, self.report)
        paid = payments.read()
        groups, aside = self._groups(paid)
        names = self.people(self.columns.get("name"), aside)
        days, spans = self._days(aside)
        works = self._works(aside, spans)
        self._missing(aside, names, works)
        self._shared(paid, names)
        payments.check(paid)
        places = [p for p in range(len(self.lines)) if p not in aside and p not in paid.unread]
        self.report.behind = [self.lines.rows[p] for p in places]
        rows = tuple(
            LabourRow(
                id=number,
                group=groups[p],
                date=day.isoformat() if (day := days[p]) else None,
                work=works[p],
                days=paid.quantity[p],
                rate=paid.standard[p],
                amount=paid.amount[p],
                name=names[p] or None,
            )
            for number, p in enumerate(places, 1)
        )
        if not rows:
            if not self.report.failed:
                self.report.error(None, "没有读到一笔用工", "请核对表头下面有没有明细。")
            return None
        if not payments.summed:
            self.report.warn(None, "没有合计行，无法核对总数", "请核对总数后再送审。")
        if note := self.columns.get("note"):
            self.report.leave(f"{note.letter}列“{note.header}”")
        said = {row.work for row in rows}
        return Labour(
            work=said.pop() if len(said) == 1 else "",
            total=sum(row.amount for row in rows),
            rows=rows,
        )

    # Lines.

    def _groups(self, paid: Paid) -> tuple[list[str], set[int]]:
        """Give each line's group, written once for several or heading them, and what is no line."""
        names = {number: name for name in self.given.about.groups if (number := group_number(name))}
        said = self.lines.texts(self.columns.get("group"))
        aside = set(paid.under)
        for place in paid.empty - aside:
            written = [cell for cell in self.lines.line(place) if key(cell)]
            if len(written) == 1:
                aside.add(place)
                text = str(written[0])
                if group_number(text) and key(text).endswith("组"):
                    said[place] = text
            else:
                at = self.lines.at(place, self.columns["amount"])
                paid.unread.add(place)
                self.lines.error(at, "这一行没有金额", "请补上金额；没有发放的填 0。")
        groups: list[str] = []
        group = ""
        for text in said:
            number = group_number(text)
            group = (names.get(number, text) if number else text) or group
            groups.append(group)
        return groups, aside

    def _missing(self, aside: set[int], names: Sequence[str], works: Sequence[str]) -> None:
        """Note lines that do not say who worked, or at what."""
        for field, said in (("name", names), ("work", works)):
            column = self.columns.get(field)
            missing = [p for p, text in enumerate(said) if not text and p not in aside]
            for place in missing if column else ():
                at = self.lines.at(place, self.columns[field])
                if field == "name":
                    self.lines.error(at, "没有写姓名", "请补上姓名。")
                else:
                    self.lines.error(at, "没有写做什么工", "请写明做什么。")

    def _shared(self, paid: Paid, names: Sequence[str]) -> None:
        """Note an amount that stands for several people: what each was paid is not said."""
        for place, top in paid.under.items():
            if names[place] != names[top]:
                at = self.lines.at(place, self.columns["amount"])
                self.lines.error(at, "几个人合用一个金额", "请写明每个人多少。")

    # When and what.

    def _days(self, aside: set[int]) -> tuple[list[date | None], dict[int, str]]:
        """Give each line's day, and where it names several, how it does."""
        column = self.columns.get("date") or self.columns.get("day")
        if column is None:
            return [None] * len(self.lines), {}
        covers = self.given.heading.covers
        year = periods.span(covers)[0].year if covers else None
        cells = self.lines.cells(column)
        if column.field == "day":
            cells = self._with_month(cells, year, aside)
        spans = {p: folded(cell) for p, cell in enumerate(cells) if self._names_several(cell, year)}
        none = {p for p, cell in enumerate(cells) if not key(cell).strip("-/—")}
        found = Days(self.lines, self.report, year).read(column, cells, aside | spans.keys() | none)
        if covers:
            first, last = periods.span(covers)
            self.report.warn_of(
                [
                    self.lines.at(p, column)
                    for p, day in enumerate(found)
                    if day and not first <= day <= last
                ],
                "日期不在 {period} 之内：{cells}",
                "请核对是不是别的月份的。",
                period=in_words(covers),
            )
        return found, spans

    def _with_month(self, cells: Sequence[Cell], year: int | None, aside: set[int]) -> list[Cell]:
        """Put month and day together; a month written once holds until the next."""
        month = ""
        found: list[Cell] = []
        months = self.lines.texts(self.columns.get("month"))
        for place, (said, day) in enumerate(zip(months, cells, strict=True)):
            month = (said.rstrip("月份") if place not in aside else "") or month
            number = integer(month) or month
            found.append(f"{year or ''}-{number}-{key(day).rstrip('日号')}".strip("-"))
        return found

    @staticmethod
    def _names_several(cell: Cell, year: int | None) -> bool:
        """Say whether a cell names several days or a whole month, and not one day oddly written."""
        if not isinstance(cell, str) or not any(char.isdigit() for char in cell):
            return False
        try:
            read = dates.read(cell, year)
        except NotValid:
            return _SEVERAL.search(folded(cell)) is not None
        return isinstance(read, dates.Unsure) and not read.dotted

    def _works(self, aside: set[int], spans: dict[int, str]) -> list[str]:
        """Give what each line was for; what all did may stand in the heading alone."""
        column = self.columns.get("work")
        said = self.texts("work") if column else [self.given.title] * len(self.lines)
        return [
            f"{text}（{spans[p]}）" if p in spans and p not in aside else text
            for p, text in enumerate(said)
        ]


def labour(given: Given) -> Sequence[Stated]:
    """Read 零工用工明细: who worked at what, for how many days and how much."""
    stated = LabourList(given).read()
    if stated is None:
        return ()
    return (
        Stated(
            title=given.title,
            particulars=stated,
            item=given.headers.items["labour"],
            amount=stated.total,
        ),
    )
