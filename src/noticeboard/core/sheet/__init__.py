"""From a workbook's sheets to what notices state, or everything that is wrong with them at once.

`understand` is the whole of it: `layout` takes a sheet apart by the words of `headers` and the
clerk's `choices`, `heading` reads what stands above, the room that `readers` names for the kind
puts the lines together with `amounts`, `dates` and `identity`, `checks` holds the sheet's own sums
against them, and `report` collects what is wrong and what has to be asked.
"""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from noticeboard.core.particulars import Content
from noticeboard.core.sheet.cells import Book, Sheet, key, letters, words
from noticeboard.core.sheet.choices import About, Choices, SheetChoice
from noticeboard.core.sheet.headers import Headers
from noticeboard.core.sheet.heading import Heading, read, title_of
from noticeboard.core.sheet.layout import Table, find
from noticeboard.core.sheet.readers import READERS
from noticeboard.core.sheet.reading import Given, Reading, Stated, Understood
from noticeboard.core.sheet.report import Question, Report, SheetProblem

__all__ = [
    "About",
    "Book",
    "Choices",
    "Headers",
    "Question",
    "Reading",
    "Sheet",
    "SheetChoice",
    "SheetProblem",
    "Understood",
    "understand",
]

# No summary or name that a village reads on its wall is longer.
_LONG = 300
_NOTHING_CHOSEN: Final = Choices()


def understand(
    book: Book, headers: Headers, about: About, choices: Choices = _NOTHING_CHOSEN
) -> Understood:
    """Read every sheet of a workbook for a village, as far as the clerk has not decided otherwise.

    Hidden, empty and skipped sheets are left out.
    """
    dropped = list(book.dropped)
    readings: list[Reading] = []
    for sheet in book.sheets:
        name = words(sheet.name)
        if sheet.hidden:
            dropped.append(f"隐藏的工作表“{name}”")
        elif choices.of(name).kind == "skip":
            dropped.append(f"工作表“{name}”，按您的选择")
        elif any(key(cell) for row in sheet.rows for cell in row):
            readings.append(_read(sheet, headers, about, choices))
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


def _read(sheet: Sheet, headers: Headers, about: About, choices: Choices) -> Reading:
    choice = choices.of(words(sheet.name))
    report = Report(words(sheet.name), choice)
    table = find(sheet, headers, tuple(READERS), choice)
    if table is None:
        report.warn(None, "没有认出这张表，没有带入", "如果要公开，请核对表头。")
        return Reading(name=report.sheet, problems=tuple(report.problems))
    heading = read(table.titles, sheet.name, about.village, headers)
    title = title_of(heading, sheet.name, about.village, headers)
    if table.kind == "roster" and not _is_subsidy(table, heading, headers):
        report.warn(None, "这张名单看不出是什么补贴，没有带入", "请在标题里写明补贴名称。")
        return Reading(name=report.sheet, columns=table.columns, problems=tuple(report.problems))
    _look_over(table, heading, about.village, report)
    given = Given(
        table=table, heading=heading, title=title, headers=headers, about=about, report=report
    )
    return _reading(given, READERS[table.kind](given))


def _reading(given: Given, stated: Sequence[Stated]) -> Reading:
    table, heading, report = given.table, given.heading, given.report
    held_up = report.failed or report.questions
    return Reading(
        name=report.sheet,
        table=table.choice.table,
        kind=table.kind,
        title=given.title,
        covers=heading.covers,
        unit=heading.unit,
        header=table.header,
        contents=() if held_up else tuple(_content(given, each) for each in stated),
        rows=sum(len(s.particulars.rows) if s.lines is None else s.lines for s in stated),
        income_fen=sum(each.income for each in stated),
        expense_fen=sum(each.expense for each in stated),
        amount_fen=sum(each.amount for each in stated),
        columns=table.columns,
        dropped=(*_dropped(table), *report.dropped),
        problems=tuple(report.problems),
        questions=tuple(report.questions),
    )


def _content(given: Given, stated: Stated) -> Content:
    particulars = stated.particulars
    said = "；".join(given.report.explanations)
    if said and hasattr(particulars, "explanation"):
        particulars = replace(particulars, explanation=said)
    return Content(
        title=stated.title,
        particulars=particulars,
        publisher=given.heading.publisher,
        item=stated.item,
        covers=given.heading.covers,
        last_row=len(particulars.rows),
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
