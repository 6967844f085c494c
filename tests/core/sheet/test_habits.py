"""Ledgers as bookkeepers keep them: other columns, other signatures, commas that cut numbers."""

from collections.abc import Sequence
from typing import Any

import pytest

from noticeboard.core.particulars import Spending
from tests.core.sheet.sheets import errors, ledger, sheet, understood, warnings

TITLE = "示例村2026年第一季度财务收支明细表"
LINES = [["2026-01-08", "租金", 500], ["2026-01-10", "电费", 100], ["2026-01-11", "水费", 50]]


@pytest.mark.parametrize("head", ["收支类别", "类别", "收支性质", "等级"])
def test_a_column_of_nothing_but_directions_tells_them(head: str) -> None:
    """Whatever it is called: who is asked whether all were payments would answer wrong."""
    says = ["收入", "支出", "支出"]
    lines = [[said, *line] for said, line in zip(says, LINES, strict=True)]
    found = understood(
        sheet("收支", [[TITLE], ["单位：元"], [head, "日期", "摘要", "金额"], *lines])
    )
    assert ([], (50_000, 15_000)) == (
        errors(found), (found.sheets[0].income_fen, found.sheets[0].expense_fen)
    )  # fmt: skip
    assert not found.questions
    particulars = found.contents[0].particulars
    assert isinstance(particulars, Spending)
    assert {""} == {row.account for row in particulars.rows}


def test_a_column_that_says_more_is_no_direction() -> None:
    """One word that is neither, and it is asked which of both the amounts are."""
    lines = [[said, *line] for said, line in zip(["收入", "支出", "电费"], LINES, strict=True)]
    rows = [[TITLE], ["单位：元"], ["类别", "日期", "摘要", "金额"], *lines]
    assert ["D3"] == [question.cell for question in understood(sheet("收支", rows)).questions]


def test_a_line_of_a_list_of_posts_is_no_signature() -> None:
    """会计 and a name may be what the table is about; several such words in a line sign it."""
    rows = [["职务", "姓名", "地点", "分工"], ["会计", "龙小满", "村部", "记账"]]
    rows.append(["出纳", "石立秋", "村部", "管钱"])
    found = understood(sheet("其他登记表", rows))
    assert 2 == found.sheets[0].rows
    signed = understood(sheet("其他登记表", [*rows, ["制表", "龙小满", "审核", "彭白露"]]))
    assert 2 == signed.sheets[0].rows


def test_lines_of_one_day_that_are_alike_are_told_without_numbers() -> None:
    """Another day or another payee is another payment."""
    more = [LINES[1], ["2026-01-12", "电费", 100]]
    rows = [[TITLE], ["单位：元"], ["日期", "摘要", "支出"], *LINES, *more]
    assert "和前面一行完全相同：B7" in warnings(understood(sheet("收支", rows)))


def separated(rows: Sequence[Sequence[Any]]) -> list[tuple[str, str, str]]:
    """Read what a text file's commas have cut; give the errors."""
    head = [[TITLE], ["单位：元"], ["日期", "摘要", "支出", "收款人"]]
    return errors(understood(sheet("收支", [*head, *rows], cut=True)))


@pytest.mark.parametrize(
    "row",
    [
        ["2026.1.8", "付运砂", "1", "200.00", "王五"],
        ["2026.1.8", "付运砂", "1", "200.00"],
        ["2026.1.8", "付运砂", "1", "", "", "200"],
    ],
)
def test_a_comma_that_cuts_a_number_in_two_is_told(row: list[Any]) -> None:
    """1,200.00 without quotation marks would be paid as one yuan, to somebody called 200.00."""
    ((_sheet, cell, said),) = separated([row])
    assert cell in {"C4", "F4"}
    assert "格和表头对不齐" in said


def test_a_text_file_may_end_its_lines_with_commas() -> None:
    """Excel writes as many as its broadest line has."""
    assert [] == separated([["2026.1.8", "付运砂", "1,200.00", "王五", "", ""]])
    assert [] == separated([["2026.1.8", "付电费", "200", "供电所"]])


def test_a_hidden_column_that_is_needed_is_told_once() -> None:
    """To fill in amounts that stand there already would be bad advice."""
    said = "这一列隐藏着，没有带入，可是少不了"
    for column, cell in ((3, "D3"), (5, "F3")):
        found = understood(sheet("收支", ledger(), hidden_columns=frozenset({column})))
        assert [("收支", cell, said)] == errors(found)
        assert [] == [text for text in warnings(found) if "上期" in text]


def test_a_hidden_balance_that_is_told_elsewhere_is_not_needed() -> None:
    """The opening may stand among the receipts."""
    rows = ledger()
    rows[3] = [None, None, "上期结转", 1000]
    found = understood(sheet("收支", rows, hidden_columns=frozenset({5})))
    assert [] == errors(found)


def test_what_has_no_header_is_listed() -> None:
    """Nobody misses a column that silently stayed behind."""
    rows = ledger()
    rows[4] = [*rows[4], "顺便备注"]
    assert "G列（没有表头）" in understood(sheet("收支", rows)).sheets[0].dropped


def test_a_warning_of_several_cells_keeps_them_all() -> None:
    """The words name eight; the workbook that is given back has each of them coloured."""
    head = [[TITLE], ["单位：元"], ["日期", "摘要", "支出"]]
    lines = [["2026-01-08", "其他", n] for n in range(1, 13)]
    found = understood(sheet("收支", [*head, *lines]))
    (problem,) = (p for p in found.problems if "只写了“其他”" in p.problem)
    assert problem.problem.endswith("等 12 处")
    assert [f"B{row}" for row in range(4, 16)] == [problem.cell, *problem.others]


# Sheets of one workbook, one period after the other.


def test_a_period_goes_on_with_what_the_one_before_left() -> None:
    """What is missing between January and February is told at February's opening."""
    first = ledger("示例村2026年1月财务收支明细表")
    second = ledger("示例村2026年2月财务收支明细表", 2)
    found = understood(sheet("1月", first), sheet("2月", second))
    said = "上期结余是 1,000.00 元，“1月”的期末结余是 2,500.00 元，差 -1,500.00 元"
    assert [said] == warnings(found)
    assert ("2月", "F4") == (found.problems[0].sheet, found.problems[0].cell)
    assert [] == errors(found)


def test_cash_and_bank_go_on_each_for_itself() -> None:
    """Two books of a month: each of the next two has one that it goes on from."""
    cash, bank = ledger("示例村2026年1月财务收支"), ledger("示例村2026年1月财务收支明细")
    bank[3][5], bank[4][5], bank[5][5], bank[6][5] = 0, 2000, 1500, 1500
    bank[4][2] = "山塘租金"
    more_cash, more_bank = (ledger("示例村2026年2月财务收支", 2) for _ in range(2))
    for rows, opening in ((more_cash, 2500), (more_bank, 1500)):
        rows[3][5], rows[4][5] = opening, opening + 2000
        rows[5][5] = rows[6][5] = opening + 1500
    sheets = [("现金1", cash), ("银行1", bank), ("现金2", more_cash), ("银行2", more_bank)]
    found = understood(*(sheet(name, rows) for name, rows in sheets))
    assert [] == [said for said in warnings(found) if "期末结余" in said]
