"""From a workbook's sheets to what notices state, or everything that is wrong with them at once.

`understand` is the whole of it: `layout` takes a sheet apart by the words of `headers`, `heading`
reads what stands above, `ledger` and `roster` put the lines together with `amounts`, `dates` and
`identity`, `checks` holds the sheet's own sums against them, and `report` collects what is wrong.
"""

from collections.abc import Sequence

from msgspec import Struct

from noticeboard.core.particulars import Content, Spending, Subsidy
from noticeboard.core.sheet.cells import Book, Sheet, key, letters, words
from noticeboard.core.sheet.headers import Column, Headers, SheetKind
from noticeboard.core.sheet.heading import Heading, read, title_of
from noticeboard.core.sheet.layout import Table, find
from noticeboard.core.sheet.ledger import Ledger
from noticeboard.core.sheet.report import Report, SheetProblem
from noticeboard.core.sheet.roster import Roster

__all__ = ["Book", "Headers", "Reading", "Sheet", "SheetProblem", "Understood", "understand"]


# No summary or name that a village reads on its wall is longer.
_LONG = 300


class Reading(Struct, frozen=True, kw_only=True):
    """What one sheet was understood to be.

    `content` is there only when the sheet has no error at all; the sums in fen and the number of
    rows are of the lines that could be read. `dropped` says in words what stayed behind.
    """

    name: str
    kind: SheetKind | None = None
    content: Content | None = None
    rows: int = 0
    income_fen: int = 0
    expense_fen: int = 0
    amount_fen: int = 0
    columns: tuple[Column, ...] = ()
    dropped: tuple[str, ...] = ()
    problems: tuple[SheetProblem, ...] = ()


class Understood(Struct, frozen=True):
    """A whole workbook: its sheets, what stayed behind, and every problem in sheet order."""

    sheets: tuple[Reading, ...]
    dropped: tuple[str, ...]
    problems: tuple[SheetProblem, ...]

    @property
    def ok(self) -> bool:
        """Say whether it can be imported: something to import, and no error anywhere."""
        return bool(self.contents) and all(p.level != "error" for p in self.problems)

    @property
    def contents(self) -> tuple[Content, ...]:
        """Give what would become drafts, one for each sheet that states something."""
        return tuple(sheet.content for sheet in self.sheets if sheet.content)


def understand(
    book: Book, headers: Headers, village: str, groups: Sequence[str] = ()
) -> Understood:
    """Read every sheet of a workbook for a village.

    `groups` are the names the village gives its 村民小组. Hidden and empty sheets are left out.
    """
    dropped = list(book.dropped)
    readings: list[Reading] = []
    for sheet in book.sheets:
        if sheet.hidden:
            dropped.append(f"隐藏的工作表“{words(sheet.name)}”")
        elif any(key(cell) for row in sheet.rows for cell in row):
            readings.append(_read(sheet, headers, village, groups))
    problems = [problem for reading in readings for problem in reading.problems]
    if not any(reading.kind for reading in readings):
        report = Report("")
        report.error(
            None,
            "没有找到财务收支表或补贴名单",
            "请检查表头：收支表要有“日期、摘要、收入、支出”，名单要有“姓名、金额”。",
        )
        problems += report.problems
    return Understood(tuple(readings), tuple(dropped), tuple(problems))


def _read(sheet: Sheet, headers: Headers, village: str, groups: Sequence[str]) -> Reading:
    report = Report(words(sheet.name))
    table = find(sheet, headers)
    if table is None:
        report.warn(None, "没有认出这张表，没有带入", "如果要公开，请核对表头。")
        return Reading(name=report.sheet, problems=tuple(report.problems))
    heading = read(table.titles, sheet.name, village, headers)
    title = title_of(heading, sheet.name, village, headers)
    if table.kind == "subsidy" and not _is_subsidy(table, heading, headers):
        report.warn(None, "这张名单看不出是什么补贴，没有带入", "请在标题里写明补贴名称。")
        return Reading(name=report.sheet, columns=table.columns, problems=tuple(report.problems))
    _look_over(table, heading, village, report)
    item: str | None
    particulars: Spending | Subsidy | None
    dropped = _dropped(table)
    if table.kind == "spending":
        particulars = Ledger(table, heading, headers, report).read()
        item = headers.ledger_item
    else:
        roster = Roster(table, heading, headers, report, title, village, groups)
        particulars = roster.read()
        item = roster.known.item if roster.known else None
        if roster.kept_back:
            dropped.append(f"备注里的 {roster.kept_back} 处个人情况")
    content = None
    if particulars and not report.failed:
        content = Content(
            title=title,
            particulars=particulars,
            publisher=heading.publisher,
            item=item,
            covers=heading.covers,
            last_row=len(particulars.rows),
        )
    return _reading(table, particulars, content, dropped, report)


def _reading(
    table: Table,
    particulars: Spending | Subsidy | None,
    content: Content | None,
    dropped: Sequence[str],
    report: Report,
) -> Reading:
    entries = particulars.rows if isinstance(particulars, Spending) else ()
    return Reading(
        name=report.sheet,
        kind=table.kind,
        content=content,
        rows=len(particulars.rows) if particulars else 0,
        income_fen=sum(row.income for row in entries),
        expense_fen=sum(row.expense for row in entries),
        amount_fen=particulars.total if isinstance(particulars, Subsidy) else 0,
        columns=table.columns,
        dropped=tuple(dropped),
        problems=tuple(report.problems),
    )


def _is_subsidy(table: Table, heading: Heading, headers: Headers) -> bool:
    """Say whether a list of people and money calls itself a subsidy: wages and labour are not."""
    said = heading.text + heading.programme + words(table.sheet.name)
    known = any(word in said for programme in headers.programmes for word in programme.words)
    return known or table.column("programme") is not None or any(w in said for w in headers.subsidy)


def _look_over(table: Table, heading: Heading, village: str, report: Report) -> None:
    """Note what concerns every kind of sheet."""
    for other in heading.others:
        report.error(
            None,
            "这张表写的是{other}，不是{village}",
            "请核对文件，或者到那个村的名下上传。",
            other=other,
            village=village,
        )
    if heading.like:
        report.warn(None, "表上写的是“{like}”", "请核对是不是本村。", like=heading.like)
    if heading.covers is None:
        report.warn(None, "标题里没有认出是哪一期", "请在标题里写明，例如 2026年第一季度。")
    if heading.unit is None and all(column.unit is None for column in table.columns):
        report.warn(None, "没有写金额单位，按元计", "请写明“单位：元”。")
    for first, second in table.clashes:
        report.error(
            (table.header, second.index),
            "{first}列和{second}列的表头意思一样",
            "请把两列的表头写得不同，或者删去一列。",
            first=first.letter,
            second=second.letter,
        )
    unknown = [(table.header, column.index) for column in table.columns if column.fate == "unknown"]
    report.warn_of(unknown, "没有认出这些列，没有带入：{cells}", "如果要公开，请改用常见的表头。")
    _look_into_cells(table, report)


def _look_into_cells(table: Table, report: Report) -> None:
    sheet = table.sheet
    hidden = [(line.row, 0) for line in table.lines if line.row in sheet.hidden_rows]
    report.warn_of(hidden, "这些行是隐藏的，照样计入：{cells}", "请取消隐藏，核对后再送审。")
    taken = {column.index for column in table.columns if column.fate == "taken"}
    rows = {line.row for line in table.lines}
    long = [
        (r, c) for r in sorted(rows) for c in sorted(taken) if len(words(sheet.at(r, c))) > _LONG
    ]
    for at in long:
        report.error(at, "这一格的字太多（最多 {most} 个）", "请写短一些。", most=_LONG)
    for (row, column), shown in sorted(sheet.broken.items()):
        if row in rows and column in taken:
            if shown == "=":
                report.error(
                    (row, column), "公式没有算出结果", "请用 Excel 或 WPS 打开，保存一次再上传。"
                )
            else:
                report.error((row, column), "公式出错", "请改正公式，或直接填数字。", value=shown)


_WHY = {
    "identity": "身份证号不公开，只用来分清同组同名的人",
    "card": "账号不公开",
    "phone": "电话不公开",
    "health": "病情、残疾等情况不公开",
    "home": "住址、年龄等个人情况不公开",
    "signature": "签字不公开",
}


def _dropped(table: Table) -> list[str]:
    """Say which columns and lines stay behind, and why."""
    said = [
        f"{column.letter}列“{column.header}”：{_WHY[column.field]}"
        for column in table.columns
        if column.fate == "private"
    ]
    said += [
        f"{column.letter}列“{column.header}”"
        for column in table.columns
        if column.fate in {"quiet", "unknown"}
    ]
    rows = range(len(table.sheet.rows))
    said += [
        f"隐藏的{letters(index)}列"
        for index in sorted(table.sheet.hidden_columns)
        if any(key(table.sheet.at(row, index)) for row in rows)
    ]
    if table.signed:
        said.append("表尾签字栏")
    return said
