"""Explaining: what somebody says in writing of a sum that does not add up, brought to its cell."""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from noticeboard.core.problems import Finding, NotValid
from noticeboard.core.sheet import Choices, SheetChoice
from noticeboard.importing.checking import Checked

_CELL: Final = r"\$?(?P<column>[A-Za-z]{1,3})\$?(?P<row>[1-9]\d{0,6})\s*[=＝](?P<text>.*)"
# E17=… is about a cell whatever its text says; else all up to the sign is the sheet's name.
_FORMS: Final = (
    re.compile(_CELL, re.DOTALL),
    re.compile(rf"(?P<sheet>.+?)[!！]{_CELL}", re.DOTALL),
)
MOST: Final = 300
_HOW: Final = "请写成 E17=原因，有几张表的写成 收入!E17=原因。"


class Explanation(Struct, frozen=True):
    """What is said of a cell; `sheet` is "" for whichever sheet has it to explain."""

    sheet: str
    cell: str
    text: str


def explanation(said: str) -> Explanation:
    """Read `E17=…` or `收入!E17=…`; raises NotValid with the way it is written."""
    match = next((match for form in _FORMS if (match := form.fullmatch(said.strip()))), None)
    text = match["text"].strip() if match else ""
    if match is None or not text:
        raise NotValid("看不出是哪一格、什么原因。", value=said, fix=_HOW)
    if len(text) > MOST:
        raise NotValid("原因太长，最多 {most} 个字。", fix="请写短一些。", most=MOST)
    sheet = match.groupdict().get("sheet") or ""
    if len(sheet) > 1 and sheet[0] == sheet[-1] == "'":
        sheet = sheet[1:-1].replace("''", "'")
    return Explanation(sheet, f"{match['column'].upper()}{match['row']}", text)


def explained(checked: Checked, said: Sequence[Explanation]) -> Choices:
    """Give the choices by which a workbook is read again, with what was said at each cell.

    Raises NotValid, all at once, for what names no cell with a difference that can be explained,
    or one that several sheets have.
    """
    open_ = [
        (sheet.name, sheet.table, problem.cell)
        for sheet in checked.sheets
        for problem in sheet.problems
        if problem.explainable
    ]
    found: dict[tuple[str, int], dict[str, str]] = {}
    wrong: list[Finding] = []
    for one in said:
        places = {
            (sheet, table)
            for sheet, table, cell in open_
            if cell == one.cell and one.sheet in ("", sheet)
        }
        if len({sheet for sheet, _table in places}) == 1:
            # Two tables of one sheet share no cell.
            found.setdefault(places.pop(), {})[one.cell] = one.text
            continue
        named = f"{one.sheet}!{one.cell}" if one.sheet else one.cell
        if places:
            which = "、".join(sorted(f"{sheet}!{one.cell}" for sheet, _table in places))
            fix = "请写明是哪一张：{which}。"
            wrong.append(
                Finding("几张表的这一格都要说明", value=named, fix=fix, args={"which": which})
            )
        else:
            which = "、".join(f"{sheet}!{cell}" for sheet, _table, cell in open_)
            fix = (
                "能说明的是：{which}。" if which else "这份表格没有要说明的差额，请去掉 --explain。"
            )
            wrong.append(
                Finding("这一格没有能说明的差额", value=named, fix=fix, args={"which": which})
            )
    if wrong:
        raise NotValid.of(wrong)
    sheets = {(choice.sheet, choice.table): choice for choice in checked.choices.sheets}
    for (sheet, table), texts in found.items():
        before = sheets.get((sheet, table), SheetChoice(sheet=sheet, table=table))
        sheets[sheet, table] = replace(before, explained=before.explained | texts)
    return replace(checked.choices, sheets=tuple(sheets.values()))
