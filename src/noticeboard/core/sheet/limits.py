"""What a notice has no room for: told before anybody confirms, at its cell wherever it has one."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from noticeboard.core.columns import held, held_by_all, row_fields
from noticeboard.core.forms import COMMON, FORMS, MOST_LONG, MOST_TEXT, Field
from noticeboard.core.particulars import Content, Kind, kind_of
from noticeboard.core.sheet.cells import Cell, words
from noticeboard.core.sheet.headers import Column, SheetKind
from noticeboard.core.sheet.reading import Given

_FORMS: Final[dict[SheetKind, Kind]] = {
    "ledger": "spending",
    "roster": "subsidy",
    "asset": "asset",
    "contract": "contract",
    "labour": "labour",
}
_TITLE: Final = next(field.longest for field in COMMON if field.name == "title")
# Columns of a project list and of any other list go into fields of other names.
_PROJECT: Final[dict[str, int]] = {
    **dict.fromkeys(
        "place approved decision source tender contractor supervisor accepted progress term care "
        "lead".split(),
        MOST_TEXT,
    ),
    "name": _TITLE,
    "scope": MOST_LONG,
    "note": MOST_LONG,
}
_TABLE: Final[dict[str, int]] = {"text": MOST_TEXT, "person": MOST_TEXT}
# So many cells are named one by one.
_MOST_TOLD: Final = 50


def longest(kind: SheetKind, field: str) -> int | None:
    """Give how many characters a column's cells may have; None where they hold no free words."""
    if kind in _FORMS:
        rows = FORMS[_FORMS[kind]].rows
        return next((f.longest for f in rows if f.name == field and _is_words(f)), None)
    return (_PROJECT if kind == "project" else _TABLE).get(field)


def _is_words(field: Field) -> bool:
    # A remark is one of a few words, or stays behind whatever its length.
    return field.read in {"text", "long"} and field.name != "remark"


def look_at_cells(given: Given) -> None:
    """Note the cells whose words are too many; where another error stands already, that is it."""
    table, report = given.table, given.report
    limits = [
        (column.index, most)
        for column in table.columns
        if column.fate == "taken" and (most := longest(table.kind, column.field))
    ]
    # Of a hundred thousand lines hardly ever one holds a text that long.
    said = table.said([index for index, _most in limits])
    if not any(_is_longer(cell, most) for index, most in limits for cell in said[index]):
        return
    wrong = [
        ((line.row, index), most)
        for line in table.lines
        for index, most in limits
        if _is_longer(table.sheet.at(line.row, index), most)
    ]
    for at, most in wrong[:_MOST_TOLD]:
        if not report.is_wrong(at):
            report.error(at, "这一格的字太多（最多 {most} 个）", "请写短一些。", most=most)
    if more := wrong[_MOST_TOLD:]:
        report.error(
            more[0][0],
            "从这一格往下，还有 {count} 处的字太多",
            "请先改正上面列出的，再上传一次。",
            count=len(more),
        )


def _is_longer(cell: Cell, most: int) -> bool:
    return type(cell) is str and len(cell) > most and len(words(cell)) > most


def look_at(given: Given, content: Content) -> None:
    """Note what is too long of a content put together: title, head, and words of several lines."""
    form = FORMS[kind_of(content)]
    # A project's title is its name, and told at its cell.
    if len(content.title) > _TITLE and given.table.kind != "project":
        given.report.error(
            _place_of(given, given.heading.text),
            "标题太长，最多 {most} 个字",
            "请把表上面的标题写短一些；表上没有标题的，请改工作表的名字。",
            most=_TITLE,
        )
    heads: list[tuple[Field, Any]] = [(f, held(f, content.particulars)) for f in form.head]
    facts = getattr(content.particulars, "facts", ())
    heads += [(field, held(field, fact)) for field in form.facts for fact in facts]
    for field, value in heads:
        _tell(given, field, [value])
    for field in row_fields(content):
        if field.read in {"text", "long"}:
            _tell(given, field, dict.fromkeys(held_by_all(field, content.particulars.rows)))


def _tell(given: Given, field: Field, values: Iterable[Any]) -> None:
    for said in values:
        if type(said) is str and len(said) > field.longest:
            at = _beginning(given, said)
            if at is None or not given.report.is_wrong(at):
                given.report.error(
                    at,
                    "“{field}”一共 {count} 个字，太长（最多 {most} 个）",
                    "请写短一些；合并的几行，字会连在一起。",
                    field=field.label,
                    count=len(said),
                    most=field.longest,
                )


def _place_of(given: Given, text: str) -> tuple[int, int] | None:
    """Find the cell above the header that holds a text."""
    rows = given.table.sheet.rows[: given.table.top]
    found = ((r, c) for r, row in enumerate(rows) for c, cell in enumerate(row))
    return next((at for at in found if text and words(given.table.sheet.at(*at)) == text), None)


def _beginning(given: Given, said: str) -> tuple[int, int] | None:
    """Find the cell with which a text that was put together begins, or which it holds."""
    best = max(_within(given, said), key=lambda one: one[0], default=None)
    return best[1] if best else None


def _within(given: Given, said: str) -> Iterator[tuple[int, tuple[int, int]]]:
    columns: list[Column] = [column for column in given.table.columns if column.fate == "taken"]
    for line in given.table.lines:
        for column in columns:
            text = given.table.text(line.row, column)
            if len(text) > 1 and text in said:
                yield len(text), (line.row, column.index)
