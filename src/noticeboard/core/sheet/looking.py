"""What concerns every kind of sheet: whose it is, which period and unit, what stays behind."""

import re
from collections.abc import Sequence

from noticeboard.core.sheet.cells import Cell, key, letters, words
from noticeboard.core.sheet.headers import Column, Headers, SheetKind
from noticeboard.core.sheet.heading import Heading
from noticeboard.core.sheet.reading import Given
from noticeboard.core.sheet.report import Report
from noticeboard.core.sheet.tables import Table
from noticeboard.core.sheet.unlabelled import SUMMED, look_for_sum

# One column twice is a slip.
_FEW_CLASHES = 2
# What these sheets state is of a period; the others state how things are.
_OF_A_PERIOD: frozenset[SheetKind] = frozenset({"ledger", "roster", "labour"})
# 1,200.50 that a comma cut in two.
_LEFT, _RIGHT = re.compile(r"[-¥]?\d{1,3}"), re.compile(r"\d{3}\.\d{1,2}元?")
# Fields that hold money: of these a clerk may say the unit.
MONEY = frozenset(
    "income expense debit credit amount balance standard rate original net rent total paid owed "
    "budget contract final upper own collective money".split()
)


def look_over(given: Given) -> None:
    """Note what is wrong or odd about a table as a whole, and about any cell that is taken."""
    _whose(given.heading, given.about.village, given.report)
    _columns(given)
    _measure(given.table, given.heading, given.report)
    _hidden_rows(given.table, given.report)
    look_for_sum(given)
    _broken(given.table, given.report)
    if given.table.sheet.cut:
        _cut_apart(given.table, given.report)


def _whose(heading: Heading, village: str, report: Report) -> None:
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
    if heading.file_says:
        report.warn(None, "文件名写的是“{like}”", "请核对是不是本村。", like=heading.file_says)


def _measure(table: Table, heading: Heading, report: Report) -> None:
    if heading.covers is None and table.kind in _OF_A_PERIOD:
        report.warn(None, "标题里没有认出是哪一期", "请在标题里写明，例如 2026年第一季度。")
    money = [c for c in table.columns if c.fate == "taken" and c.field in MONEY]
    first = table.choice.table == 1
    if heading.unit is None and first and money and all(c.unit is None for c in money):
        report.warn(None, "没有写金额单位，按元计", "请写明“单位：元”。")
    # A table further down may well have its own.
    if len(heading.units) > 1 and first:
        bare = next((column for column in money if column.unit is None), None)
        if bare:
            report.error(
                (table.header, bare.index),
                "这张表写了两种金额单位",
                "请只留一种，或在这一列的表头里写明单位。",
            )


def _columns(given: Given) -> None:
    table, report = given.table, given.report
    for group in table.missing:
        hidden = [c for c in table.columns if c.fate == "hidden" and c.field in group]
        if hidden:
            at = (table.header, hidden[0].index)
            report.error(at, "这一列隐藏着，没有带入，可是少不了", "请取消隐藏后再上传。")
            continue
        named = given.headers.fields(table.kind)
        report.error(
            None,
            "没有找到“{field}”这一列",
            "请在表头里写明，或者在预览页上指定是哪一列。",
            field="”或“".join(named[field] for field in group if field in named),
        )
    beside = _side_by_side(table)
    if beside is not None:
        report.error(
            (table.header, beside),
            "这张表左右分成了几栏",
            "请把右边的移到左边下面，排成一栏再上传。",
        )
    for first, second in () if beside is not None else table.clashes:
        report.error(
            (table.header, second.index),
            "{first}列和{second}列的表头意思一样",
            "请把两列的表头写得不同，或者删去一列。",
            first=first.letter,
            second=second.letter,
        )
    unknown = [(table.header, column.index) for column in table.columns if column.fate == "unknown"]
    report.warn_of(unknown, "没有认出这些列，没有带入：{cells}", "如果要公开，请改用常见的表头。")
    kept = [
        (table.header, column.index)
        for column in table.columns
        if column.fate in {"private", "hidden"} and _is_wanted(column, table)
    ]
    report.warn_of(
        kept, "这些列不能公开，没有按您选的带入：{cells}", "隐藏的列请先在表格里取消隐藏。"
    )


def _side_by_side(table: Table) -> int | None:
    """Give where a list goes on to its right under the same heads, as paper is saved."""
    if len(table.clashes) < _FEW_CLASHES:
        return None
    shifts = {second.index - first.index for first, second in table.clashes}
    return table.clashes[0][1].index if len(shifts) == 1 else None


def _is_wanted(column: Column, table: Table) -> bool:
    chosen = table.choice.columns.get(column.letter, "drop")
    return chosen != "drop" or column.letter in table.choice.flows


def _hidden_rows(table: Table, report: Report) -> None:
    hidden = [(line.row, 0) for line in table.lines if line.row in table.sheet.hidden_rows]
    report.warn_of(hidden, "这些行是隐藏的，照样计入：{cells}", "请取消隐藏，核对后再送审。")
    report.warn_of(
        [(row, 0) for row in table.left_out],
        "这些隐藏的行没有列入，原因会一起公开：{cells}",
        "请核对原因写得清不清楚。",
    )


def _broken(table: Table, report: Report) -> None:
    sheet = table.sheet
    if not sheet.broken:
        return
    taken = [column.index for column in table.columns if column.fate == "taken"]
    rows = {line.row for line in table.lines}
    for (row, column), shown in sorted(sheet.broken.items()):
        if row in rows and column in taken:
            if shown == "=":
                report.error(
                    (row, column), "公式没有算出结果", "请用 Excel 或 WPS 打开，保存一次再上传。"
                )
            else:
                report.error((row, column), "公式出错", "请改正公式，或直接填数字。", value=shown)


def _cut_apart(table: Table, report: Report) -> None:
    """Refuse lines of a text file in which a comma seems to have cut a number in two."""
    end = max((column.index for column in table.columns), default=0) + 1
    numbers = {c.index for c in table.columns if c.fate == "taken" and c.field in SUMMED | MONEY}
    wrong: list[tuple[int, int]] = []
    for line in table.lines:
        cells = table.sheet.rows[line.row]
        beyond = next((at for at in range(end, len(cells)) if key(cells[at])), None)
        halves = (at for at in numbers if at + 1 not in numbers and _halves(cells[at : at + 2]))
        at = next(halves, beyond)
        if at is not None:
            wrong.append((line.row, at))
    report.error_of(
        wrong,
        "这些行的格和表头对不齐，可能有数字被逗号分成了两格：{cells}",
        "请把 1,200.00 写成 1200.00，或者另存为 .xlsx 再上传。",
    )


def _halves(cells: Sequence[Cell]) -> bool:
    left, right = (*map(key, cells), "", "")[:2]
    return _LEFT.fullmatch(left) is not None and _RIGHT.fullmatch(right) is not None


# Why a private column stays behind, by its field.
WHY = {
    "identity": "身份证号不公开，只用来分清同组同名的人",
    "card": "账号不公开",
    "phone": "电话不公开",
    "health": "病情、残疾等情况不公开",
    "home": "住址、年龄等个人情况不公开",
    "signature": "签字不公开",
}


def left_behind(table: Table) -> list[str]:
    """Say which columns and lines stay behind, and why."""
    said = [
        f"{column.letter}列“{column.header}”：{WHY[column.field]}"
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
    said += [f"{letters(index)}列（没有表头）" for index in _headless(table)]
    if table.footer:
        said.append("表尾签字栏")
    return said


def _headless(table: Table) -> list[int]:
    """Give the columns that have something in them and nothing above."""
    headed = {column.index for column in table.columns} | table.sheet.hidden_columns
    others = [index for index in range(table.sheet.width) if index not in headed]
    return [i for i in others if any(key(table.sheet.at(line.row, i)) for line in table.lines)]


def hidden_rows(table: Table) -> tuple[tuple[int, str], ...]:
    """Give the hidden rows with money in them, left out or not, and what would be taken of each."""
    rows = {line.row for line in table.lines if line.mark == "data"} & table.sheet.hidden_rows
    taken = [column for column in table.columns if column.fate == "taken"]
    return tuple(
        (row + 1, " · ".join(said for c in taken if (said := words(table.sheet.at(row, c.index)))))
        for row in sorted(rows | set(table.left_out))
    )


def is_subsidy(table: Table, heading: Heading, headers: Headers) -> bool:
    """Say whether a list of people and money calls itself a subsidy: wages and labour are not."""
    said = heading.text + heading.programme + words(table.sheet.name)
    known = any(word in said for programme in headers.programmes for word in programme.words)
    return known or table.column("programme") is not None or any(w in said for w in headers.subsidy)
