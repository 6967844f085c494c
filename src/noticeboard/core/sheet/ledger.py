"""A ledger's lines put together as a Spending whose balance rolls, or everything wrong with it."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from noticeboard.core.particulars import Spending, SpendingRow
from noticeboard.core.periods import in_words
from noticeboard.core.sheet import periods
from noticeboard.core.sheet.accounts import Account
from noticeboard.core.sheet.cells import Cell, key
from noticeboard.core.sheet.days import Days
from noticeboard.core.sheet.flows import Flows, Moved
from noticeboard.core.sheet.headers import Column, Headers
from noticeboard.core.sheet.heading import Heading
from noticeboard.core.sheet.lines import heads_lines
from noticeboard.core.sheet.numerals import integer
from noticeboard.core.sheet.payees import reduced
from noticeboard.core.sheet.report import Report
from noticeboard.core.sheet.tables import Table
from noticeboard.core.sheet.values import Lines

# 其他 and its kin are short words.
_LONGEST_LUMP = 12
_TEXTS = ("voucher", "account", "method", "payee", "handler", "witness", "approver")
# Where the payee stands behind day, summary, income and expense.
_PAYEE = 4 + _TEXTS.index("payee")


class Ledger:
    """Reads one ledger a column at a time; `read` does all of it."""

    def __init__(self, table: Table, heading: Heading, headers: Headers, report: Report) -> None:
        """Prepare to read; nothing is read yet."""
        self.heading = heading
        self.headers = headers
        self.report = report
        self.flows = Flows(table, heading, headers, report)
        self.columns = self.flows.columns
        self.lines = Lines(table, report)
        self.span = periods.span(heading.covers) if heading.covers else None
        # Whether the sheet says, or its balances tell, what there was before its first line.
        self.opened = False

    def read(self) -> Spending | None:
        """Read all lines; None when there is nothing that could be stated."""
        if "date" not in self.columns and not {"month", "day"} <= self.columns.keys():
            self.report.error(None, "没有找到“日期”这一列", "请在表头写明“日期”。")
        if not self.flows.usable():
            return None
        moved = self.flows.read(self.lines)
        aside = self._aside(moved)
        days = self._days(aside)
        summaries = self._summaries(aside, moved)
        from_january = self.span is not None and self.span[0].month == 1
        account = Account(self.flows, self.lines, moved, self.report, from_january=from_january)
        account.check()
        self.opened = account.opening is not None or self._is_hidden("balance")
        places = [
            place
            for place, day in enumerate(days)
            if day is not None and place not in aside and place not in moved.unread
        ]
        self.report.behind = [self.lines.rows[p] for p in places]
        rows = self._rows(places, days, summaries, moved)
        self._afterwards(account, rows, places)
        if not rows:
            return None
        return Spending(
            opening=account.opening or 0,
            closing=account.closing,
            account=self.heading.account,
            rows=rows,
        )

    def _aside(self, moved: Moved) -> set[int]:
        """Give the lines that are no receipt or payment of their own; what is missing is noted."""
        aside = set(moved.under)
        aside |= {place for place in moved.empty - aside if self._is_remark(place)}
        missing = moved.empty - aside
        moved.unread.update(missing)
        if missing and self._is_hidden("income", "expense", "debit", "credit", "amount"):
            return aside
        for place in missing:
            at = self.lines.at(place, self.columns[self.flows.fields[0]])
            self.lines.error(at, "这一行没有金额", "请补上金额，或者删去这一行。")
        return aside

    def _is_hidden(self, *fields: str) -> bool:
        """Say whether what is missing stands in a hidden column, and note it there, once."""
        column = self.lines.table.hidden(*fields)
        if column is not None:
            at = (self.lines.table.header, column.index)
            self.report.error(at, "这一列隐藏着，没有带入，可是少不了", "请取消隐藏后再上传。")
        return column is not None

    def _is_remark(self, place: int) -> bool:
        """Say whether a line is words alone, and note that it is left out unless it is 一、收入."""
        cells = self.lines.line(place)
        written = [index for index, cell in enumerate(cells) if key(cell)]
        if len(written) != 1 or not isinstance(cells[written[0]], str):
            return False
        if not heads_lines(str(cells[written[0]])):
            self.report.warn(
                (self.lines.rows[place], written[0]),
                "这一行只有文字，没有计入",
                "如果是一笔收支，请补上日期和金额。",
            )
        return True

    # Days.

    def _days(self, aside: Collection[int]) -> list[date | None]:
        column = self.columns.get("date") or self.columns.get("day")
        if column is None:
            return [None] * len(self.lines)
        year = self._year_in(column) or (self.span[0].year if self.span else None)
        if column.field == "date":
            cells = self.lines.cells(column)
        else:
            year = self._year_in(self.columns["month"]) or year
            cells = self._month_and_day(column, year)
        found = Days(self.lines, self.report, year).read(column, cells, aside)
        if self.span:
            first, last = self.span
            strange = {day for day in set(found) if day and not first <= day <= last}
            self.report.warn_of(
                [self.lines.at(p, column) for p, day in enumerate(found) if day in strange]
                if strange
                else (),
                "日期不在 {period} 之内：{cells}",
                "请核对是不是别的月份的。",
                period=in_words(self.heading.covers or ""),
            )
        return found

    @staticmethod
    def _year_in(column: Column) -> int | None:
        """Give the year that a header names for the days under it: 2026年 above 月 and 日."""
        covers = periods.covers_in(f"{column.header}年")
        return int(covers[:4]) if covers else None

    def _month_and_day(self, column: Column, year: int | None) -> list[Cell]:
        """Put month and day together; a month written once holds until the next."""
        month = ""
        cells: list[Cell] = []
        months, days = self.lines.texts(self.columns["month"]), self.lines.texts(column)
        for said, day in zip(months, days, strict=True):
            month = said.rstrip("月份") or month
            number = integer(month) if len(month) <= len("十二") else None
            parts = [str(year or ""), str(number or month), day.rstrip("日号")]
            cells.append("-".join(filter(None, parts)))
        return cells

    # Words.

    def _summaries(self, aside: Collection[int], moved: Moved) -> list[str]:
        column = self.columns["summary"]
        texts = self.lines.texts(column)
        for place, top in sorted(moved.under.items()):
            # Several lines share one amount: together they say what it was for.
            if texts[place] and texts[place] not in texts[top]:
                texts[top] = f"{texts[top]}；{texts[place]}"
        if "" in texts:
            for place, text in enumerate(texts):
                if not text and place not in aside:
                    at = self.lines.at(place, column)
                    self.lines.error(at, "没有写摘要", "请写明这笔钱做什么用。")
        short = {text for text in texts if len(text) <= _LONGEST_LUMP}
        lumps = {text for text in short if key(text).strip("-:(),.") in self.headers.lumps}
        if lumps:
            self.report.warn_of(
                [self.lines.at(p, column) for p, text in enumerate(texts) if text in lumps],
                "只写了“其他”，村民看不懂：{cells}",
                "请写明具体做什么用。",
            )
        return texts

    def _texts(self, field: str) -> list[str]:
        """Give the words of a column; a voucher's 字 and 号 may stand in two."""
        said, number = self.lines.texts(self.columns.get(field)), self.columns.get("number")
        if field != "voucher" or number is None:
            return said
        pairs = zip(said, self.lines.texts(number), strict=True)
        return ["-".join(filter(None, pair)) for pair in pairs]

    def _rows(
        self,
        places: Sequence[int],
        days: Sequence[date | None],
        summaries: Sequence[str],
        moved: Moved,
    ) -> tuple[SpendingRow, ...]:
        written = {day: day.isoformat() for day in set(days) if day}
        columns: list[Sequence[Any]] = [days, summaries, moved.income, moved.expense]
        columns += [self._texts(field) for field in _TEXTS]
        if len(places) < len(days):
            columns = [[column[place] for place in places] for column in columns]
        reduce = {payee: reduced(payee, self.headers) for payee in set(columns[_PAYEE])}
        return tuple(
            SpendingRow(
                id=number,
                date=written[day],
                summary=summary,
                voucher=voucher,
                account=account,
                income=income,
                expense=expense,
                method=method,
                payee_as=reduce[payee],
                payee=payee or None,
                handler=handler or None,
                witness=witness or None,
                approver=approver or None,
            )
            for number, (day, summary, income, expense, voucher, account, method, payee, handler,
                         witness, approver) in enumerate(zip(*columns, strict=True), 1)
        )  # fmt: skip

    # Afterwards.

    def _afterwards(
        self, account: Account, rows: Sequence[SpendingRow], places: Sequence[int]
    ) -> None:
        """Note what only the whole sheet shows."""
        report = self.report
        if not rows and not report.failed and not report.questions:
            report.error(
                None, "没有读到一笔收支", "请核对表头下面有没有明细；本期无收支请另作说明。"
            )
        if not account.summed and rows:
            report.warn(None, "没有合计行，无法核对总数", "请核对收入、支出总数后再送审。")
        column = self.columns.get("voucher") or self.columns.get("number")
        self._duplicates(rows, places, column or self.columns["summary"])

    def _duplicates(
        self, rows: Sequence[SpendingRow], places: Sequence[int], column: Column
    ) -> None:
        """Note lines alike in all that tells the lines of a voucher, or else of a day, apart."""
        lines_of = Counter(row.voucher for row in rows)
        seen: set[tuple[str | int | None, ...]] = set()
        twice: list[tuple[int, int]] = []
        for row, place in zip(rows, places, strict=True):
            if row.voucher and lines_of[row.voucher] == 1:
                continue
            when = row.date[:7] if row.voucher else row.date
            like = (row.account, when, row.voucher, row.summary, row.payee, row.income,
                    row.expense)  # fmt: skip
            if like in seen:
                twice.append(self.lines.at(place, column))
            seen.add(like)
        self.report.warn_of(twice, "和前面一行完全相同：{cells}", "请核对是不是重复登记。")
