"""Empty workbooks that a clerk fills in: one for each kind of sheet, read without a question."""

import io
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final, Literal

import xlsxwriter
import yaml
from msgspec import Struct
from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell

from noticeboard import shipped
from noticeboard.core.days import local
from noticeboard.core.shapes import Shape
from noticeboard.core.sheet import About
from noticeboard.core.sheet.headers import SheetKind
from noticeboard.formats.workbook import headers

Check = Literal["text", "date", "when", "money", "quantity", "name", "group"]

INSTRUCTIONS: Final = "填表说明"
_HEADER: Final = 2  # the row of the header, from 0: title, unit, header
_FIRST: Final = _HEADER + 1
_NUMERALS: Final = "一二三四"
_MONTHS_BACK: Final = 6
# What may be done to a protected sheet: anything but write over what is printed.
_MAY: Final = dict.fromkeys(
    "format_cells format_columns format_rows insert_rows delete_rows sort autofilter".split(), True
)
# Excel shows a hint of no more characters.
_LONGEST_HINT: Final = 255
_NAME: Final = 40


class Column(Struct, frozen=True, forbid_unknown_fields=True):
    """A column of a template: what it is, what it is called, how it is checked, what to say."""

    field: str
    label: str
    check: Check = "text"
    width: int = 11
    choices: tuple[str, ...] = ()
    instead: str = ""
    say: str = ""


class Template(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind's template: sheet, titles to pick from, empty lines, columns, what adds up."""

    sheet: str
    titles: tuple[str, ...]
    lines: int
    columns: tuple[Column, ...]
    totals: tuple[str, ...]
    opening: str = ""
    closing: str = ""
    as_of: bool = False
    free_header: bool = False

    def at(self, field: str) -> int:
        """Give the number of a field's column, from 0."""
        return next(nth for nth, column in enumerate(self.columns) if column.field == field)


class Templates(Struct, frozen=True, forbid_unknown_fields=True):
    """`data/templates.yaml`, all of it."""

    steps: tuple[str, ...]
    kinds: dict[SheetKind, Template]


_TEMPLATES = Shape(Templates)


@cache
def templates() -> Templates:
    """Read what the templates ask for."""
    text = (shipped("data") / "templates.yaml").read_text("utf-8")
    return _TEMPLATES.of_plain(yaml.safe_load(text))


def template(kind: SheetKind, about: About) -> bytes:
    """Make the empty workbook of a kind for a village, with its groups, at `about.at`.

    Its first sheet is filled in, its second says how. It names nobody, and the same village gets
    the same bytes on the same day.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        made = local(about.at or 0)
        day = made.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        book.set_properties({"created": day})
        _Writer(book, templates().kinds[kind], about).write()
    return out.getvalue()


class _Writer:
    """Writes one template; `write` does all of it."""

    def __init__(self, book: Any, asked: Template, about: About) -> None:
        self.asked, self.about = asked, about
        self.year, self.month = local(about.at or 0).year, local(about.at or 0).month
        self.sheet, self.told = book.add_worksheet(asked.sheet), book.add_worksheet(INSTRUCTIONS)
        self.last = _FIRST + asked.lines + bool(asked.opening) - 1
        box = {"border": 1, "font_size": 11, "valign": "vcenter"}
        fixed = {**box, "bg_color": "#E7E6E6", "bold": True, "text_wrap": True}
        number = {"num_format": "#,##0.00"}
        formats: dict[str, dict[str, Any]] = {
            "title": {"bold": True, "font_size": 16, "align": "center", "locked": False},
            "line": {"locked": False},
            "unit": {"align": "right"},
            "fixed": {**fixed, "align": "center"},
            "header": {**fixed, "align": "center", "locked": not asked.free_header},
            "sum": {**fixed, **number},
            "sum quantity": fixed,
            "text": {**box, "locked": False, "num_format": "@", "text_wrap": True},
            "date": {**box, "locked": False, "num_format": "yyyy-mm-dd"},
            "money": {**box, "locked": False, **number},
            "quantity": {**box, "locked": False},
            "wrapped": {"text_wrap": True, "valign": "top"},
            "bold": {"bold": True, "font_size": 14},
        }
        self.formats = {name: book.add_format(how) for name, how in formats.items()}

    def write(self) -> None:
        """Write both sheets."""
        lists = self._instructions()
        self._head(lists)
        for nth, column in enumerate(self.asked.columns):
            self._column(nth, column, lists)
        self._sums()
        self._page()

    # The sheet that is filled in.

    def _head(self, lists: dict[str, str]) -> None:
        right = len(self.asked.columns) - 1
        titles = self._titles()
        self.sheet.merge_range(0, 0, 0, right, titles[0], self.formats["title"])
        self._pick(0, 0, 0, lists["title"], "标题", "点右边的箭头选，也可以自己改。")
        self._say(1, 0, f"填报单位：{self.about.village}", "line")
        if self.asked.as_of:
            self._say(1, right // 2, f"截至{self._quarter_end()}", "line")
        self._say(1, right, "单位：元", "unit")

    def _titles(self) -> list[str]:
        """Give the titles to pick from, the likeliest first."""
        programmes = [programme.name for programme in headers().programmes]
        periods = list(self._periods())
        found = (
            title.format(village=self.about.village, period=period, year=year, programme=programme)
            for title in self.asked.titles
            for period in (periods if "{period}" in title else [""])
            for year in ((self.year, self.year - 1) if "{year}" in title else [0])
            for programme in (programmes if "{programme}" in title else [""])
        )
        return list(found)

    def _periods(self) -> Iterator[str]:
        """Give quarters and months, the last one that is over first."""
        over = self.year * 4 + (self.month - 1) // 3 - 1
        for quarter in (over, over + 1, over - 1, over - 2, over - 3):
            yield f"{quarter // 4}年第{_NUMERALS[quarter % 4]}季度"
        months = self.year * 12 + self.month - 1
        for month in range(months, months - _MONTHS_BACK, -1):
            yield f"{month // 12}年{month % 12 + 1}月"

    def _quarter_end(self) -> str:
        over = self.year * 4 + (self.month - 1) // 3 - 1
        quarter = over % 4
        return f"{over // 4}年{3 * quarter + 3}月{(31, 30, 30, 31)[quarter]}日"

    def _column(self, nth: int, column: Column, lists: dict[str, str]) -> None:
        self.sheet.write_string(_HEADER, nth, column.label, self.formats["header"])
        how = column.check if column.check in ("date", "money", "quantity") else "text"
        self.sheet.set_column(nth, nth, column.width)
        for row in range(_FIRST, self.last + 1):
            self.sheet.write_blank(row, nth, None, self.formats[how])
        if column.label in lists:
            self._pick(_FIRST, self.last, nth, lists[column.label], column.label, column.say)
        elif check := self._check(nth, column):
            self._validate(_FIRST, self.last, nth, {**check, **_hint(column.label, column.say)})

    def _check(self, nth: int, column: Column) -> dict[str, Any]:
        """Give what Excel checks of each cell; what is in question is said by the importer too."""
        cell = xl_rowcol_to_cell(_FIRST, nth)
        match column.check:
            case "money":
                formula = f"ISNUMBER({cell}),ROUND({cell},2)={cell}"
                said = "金额写数字，最多两位小数。"
                if column.instead:
                    other = xl_rowcol_to_cell(_FIRST, self.asked.at(column.instead))
                    formula, said = f'{formula},{other}=""', f"{said}一行只填收入或支出。"
                formula = f"=AND({formula})"
                return {"validate": "custom", "value": formula, "error_message": said}
            case "quantity":
                formula = f"=AND(ISNUMBER({cell}),{cell}>=0,ROUND({cell},3)={cell})"
                said = "数量写数字，最多三位小数。"
                return {"validate": "custom", "value": formula, "error_message": said}
            case "date":
                formula = f"=AND(ISNUMBER({cell}),{cell}>=DATE(1950,1,1),{cell}<DATE(2150,1,1))"
                said = "日期写成 2026-01-15。"
                return {"validate": "custom", "value": formula, "error_message": said}
            case "name":
                said = "只写姓名或单位名，不写身份证号、电话、账号。"
                # A run of digits that long is no name.
                formula = f"=AND(LEN({cell})<={_NAME},NOT(ISNUMBER(--{cell})))"
                return {"validate": "custom", "value": formula, "error_message": said}
        return {"validate": "any"} if column.say else {}

    def _pick(self, first: int, last: int, nth: int, source: str, label: str, say: str) -> None:
        how = {"validate": "list", "source": source, "show_error": False, **_hint(label, say)}
        self._validate(first, last, nth, how)

    def _validate(self, first: int, last: int, nth: int, how: dict[str, Any]) -> None:
        self.sheet.data_validation(first, nth, last, nth, {"error_title": "请改一下", **how})

    def _sums(self) -> None:
        """Write the line that the account begins with, the line of sums, the signatures."""
        asked, below = self.asked, self.last + 1
        if asked.opening:
            self.sheet.write_string(
                _FIRST, asked.at(asked.opening), "上期结转", self.formats["text"]
            )
        if asked.totals:
            for nth in range(len(asked.columns)):
                self.sheet.write_blank(below, nth, None, self.formats["fixed"])
            self.sheet.write_string(below, 0, "合计", self.formats["fixed"])
        for field in asked.totals:
            nth = asked.at(field)
            how = "sum quantity" if asked.columns[nth].check == "quantity" else "sum"
            formula = f"=SUM({xl_range(_FIRST, nth, self.last, nth)})"
            self.sheet.write_formula(below, nth, formula, self.formats[how], 0)
        if asked.closing:
            nth = asked.at(asked.closing)
            income, expense = (xl_rowcol_to_cell(below, asked.at(f)) for f in asked.totals)
            formula = f"={xl_rowcol_to_cell(_FIRST, nth)}+{income}-{expense}"
            self.sheet.write_formula(below, nth, formula, self.formats["sum"], 0)
        signs = ("村委会主任：", "监委会主任：", "报账员：")
        apart = max(1, len(asked.columns) // len(signs))
        for nth, sign in enumerate(signs):
            self._say(below + 1, nth * apart, sign, "line")

    def _say(self, row: int, nth: int, text: str, how: str) -> None:
        self.sheet.write_string(row, nth, text, self.formats[how])

    def _page(self) -> None:
        self.sheet.protect("", _MAY)
        self.sheet.freeze_panes(_FIRST, 0)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(0, _HEADER)
        self.sheet.set_row(0, 28)
        self.sheet.set_row(_HEADER, 30)

    # The sheet that says how.

    def _instructions(self) -> dict[str, str]:
        """Write how it is filled in; give where each list that can be picked from stands."""
        told = self.told
        told.write_string(0, 0, f"怎么填：{self.asked.sheet}", self.formats["bold"])
        row = 1
        for nth, step in enumerate(templates().steps, start=1):
            told.write_string(row, 0, str(nth))
            told.write_string(row, 1, step, self.formats["wrapped"])
            row += 1
        for column in self.asked.columns:
            row += 1
            told.write_string(row, 0, column.label)
            told.write_string(row, 1, column.say or "没有可以不填。", self.formats["wrapped"])
        told.set_column(0, 0, 14)
        told.set_column(1, 1, 70)
        lists = {"title": self._titles()}
        for column in self.asked.columns:
            words = self.about.groups if column.check == "group" else column.choices
            if words:
                lists[column.label] = list(words)
        return {
            label: self._list(3 + nth, label, words)
            for nth, (label, words) in enumerate(lists.items())
        }

    def _list(self, nth: int, label: str, words: Sequence[str]) -> str:
        named = "可选的标题" if label == "title" else f"可选的{label}"
        self.told.write_string(0, nth, named)
        self.told.write_column(1, nth, words)
        self.told.set_column(nth, nth, 40 if label == "title" else 14)
        return f"='{INSTRUCTIONS}'!{xl_range_abs(1, nth, len(words), nth)}"


def _hint(label: str, say: str) -> dict[str, str]:
    """Give what Excel shows beside a cell that is about to be filled in."""
    return {"input_title": label, "input_message": say[:_LONGEST_HINT]} if say else {}
