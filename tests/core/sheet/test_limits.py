"""What a notice has no room for is told at its cell before anybody confirms; nothing is cut."""

from typing import Any

import pytest

from noticeboard.core import drafting
from noticeboard.core.forms import COMMON
from noticeboard.core.particulars import kind_of
from tests.core.sheet.sheets import errors, ledger, roster, sheet, understood

TITLE = "示例村2026年第一季度财务收支明细" + "情" * 60


@pytest.mark.parametrize("column", [1, 2])
def test_words_beyond_the_form_s_limit_are_told_at_their_cell(column: int) -> None:
    """A voucher, a summary: what is kept is whole, one character more is an error there."""
    rows = ledger()
    rows[4][column] = "租" * 120
    found = understood(sheet("收支", rows))
    assert [] == errors(found)
    content = found.contents[0]
    assert content == drafting.read(kind_of(content), drafting.typed_of(content))
    rows[4][column] += "租"
    cell = f"{'ABC'[column]}5"
    assert [("收支", cell, "这一格的字太多（最多 120 个）")] == errors(
        understood(sheet("收支", rows))
    )


def test_a_name_beyond_the_limit_is_told_at_its_cell() -> None:
    """Of a household too."""
    rows = roster()
    rows[3][2] = "石" * 121
    assert ("名单", "C4", "这一格的字太多（最多 120 个）") in errors(
        understood(sheet("名单", rows))
    )


def test_what_cannot_be_read_is_not_too_long_besides() -> None:
    """A thousand digits under 支出 are one thing to mend, and so are those under 日期."""
    rows = ledger()
    rows[5][4], rows[4][0] = "9" * 1000, "1" * 1000
    assert ["A5", "E6"] == sorted(cell for _sheet, cell, _said in errors(understood(
        sheet("收支", rows))))  # fmt: skip


def test_a_title_beyond_the_limit_is_told_where_it_stands() -> None:
    """Before it is imported, not when it is sent for review; without a cell where it has none."""
    most = next(field.longest for field in COMMON if field.name == "title")
    said = f"标题太长，最多 {most} 个字"
    assert [("收支", "A1", said)] == errors(understood(sheet("收支", ledger(TITLE))))
    nameless = "收支明细" * 16
    assert [(nameless, "", said)] == errors(understood(sheet(nameless, ledger()[1:])))


def test_words_of_several_lines_that_grow_too_long_together_are_told() -> None:
    """Lines that share one amount say together what it was for, as far as there is room."""
    rows: list[list[Any]] = ledger()
    rows[5][2] = "修" * 100
    rows.insert(6, [None, None, "补" * 100, None, None, None])
    found = understood(sheet("收支", rows, merged=((5, 4, 6, 4),)))
    ((_sheet, cell, said),) = errors(found)
    assert ("C6", "“做什么用”一共 201 个字，太长（最多 120 个）") == (cell, said)


def test_thousands_of_long_cells_are_told_within_reason() -> None:
    """The first are named one by one, the others counted."""
    rows = ledger()
    long = [["2026-01-21", f"记-{n}", "租" * 121, 1, None, None] for n in range(200)]
    found = errors(understood(sheet("收支", [*rows[:6], *long])))
    assert 51 == len([said for _sheet, _cell, said in found if "字太多" in said])
    assert "从这一格往下，还有 150 处的字太多" in [said for _sheet, _cell, said in found]
