"""Sheets of one workbook held against each other: summaries, and lines that stand twice."""

from datetime import date
from typing import Any

import pytest

from noticeboard.core.sheet import SheetChoice
from tests.core.sheet.sheets import errors, ledger, roster, sheet, understood, warnings


def months() -> list[list[list[Any]]]:
    made = [ledger(f"示例村2026年{month}月财务收支明细表", month) for month in (1, 2, 3)]
    for before, rows in enumerate(made):
        for row in rows[3:7]:
            row[5] += 1500 * before
    return made


def quarter() -> list[list[Any]]:
    lines = [line for rows in months() for line in rows[4:6]]
    return [
        *ledger()[:4],
        *([*line[:5]] for line in lines),
        ["合计", None, None, 6000, 1500],
    ]


SUMMARY = [
    ["示例村2026年第一季度财务收支汇总表"],
    ["单位：元"],
    ["月份", "收入", "支出"],
    ["1月", 2000, 500],
    ["2月", 2000, 500],
    ["3月", 2000, 500],
    ["合计", 6000, 1500],
]


def test_a_summary_that_agrees_is_only_compared() -> None:
    """It becomes no notice and asks nothing; what it sums up does."""
    details = [sheet(f"{n}月", rows) for n, rows in enumerate(months(), 1)]
    found = understood(sheet("汇总", SUMMARY), *details)
    assert ([], []) == (errors(found), warnings(found))
    assert [None, "ledger", "ledger", "ledger"] == [reading.kind for reading in found.sheets]
    assert found.sheets[0].sums_up
    assert 3 == len(found.contents)


@pytest.mark.parametrize(
    ("row", "column", "said", "cell", "place"),
    [
        (4, 1, 2100, "B5", "2月!D7"),
        (3, 2, 499.99, "C4", "1月!E7"),
        (6, 1, 6001, "B7", "1月!D7、2月!D7、3月!D7"),
    ],
)
def test_a_summary_that_differs_names_both_cells(
    row: int, column: int, said: float, cell: str, place: str
) -> None:
    """The line of the summary and the total of the detail, with the difference in yuan."""
    rows = [[*line] for line in SUMMARY]
    rows[row][column] = said
    details = [sheet(f"{n}月", lines) for n, lines in enumerate(months(), 1)]
    found = understood(sheet("汇总", rows), *details)
    (problem,) = [p for p in found.problems if p.level == "error"]
    assert ("汇总", cell, True) == (problem.sheet, problem.cell, problem.explainable)
    assert f"和明细对不上：{place} 是" in problem.problem
    assert problem.gap
    assert not found.ok
    explained = understood(
        sheet("汇总", rows),
        *details,
        sheets=(SheetChoice(sheet="汇总", explained={cell: "已更正"}),),
    )
    assert [] == errors(explained)
    said_beside = [content.particulars.explanation for content in explained.contents]
    assert any("已更正" in text for text in said_beside)


def test_a_summary_of_groups() -> None:
    """Groups of a roster: households, area and money, however the group is written."""
    rows = [
        ["示例村2026年耕地地力保护补贴汇总表"],
        ["组别", "户数", "面积（亩）", "金额（元）"],
        ["1组", 2, 5, 525],
        ["二组", 1, 4, 420],
        ["合计", 3, 9, 945],
    ]
    found = understood(sheet("名单", roster()), sheet("汇总", rows))
    assert ([], []) == (errors(found), warnings(found))
    rows[2][1] = 3
    rows[3][2] = 4.5
    found = understood(sheet("名单", roster()), sheet("汇总", rows))
    assert [("汇总", "B3"), ("汇总", "C4")] == [(name, cell) for name, cell, _ in errors(found)]


def test_a_summary_of_accounts_in_ten_thousands() -> None:
    """Rounded to 万元, a figure is right as far as its last digit goes."""
    rows = ledger()
    rows[2].append("会计科目")
    rows[4].append("经营收入")
    rows[5].append("管理费用")
    summary: list[list[Any]] = [
        ["示例村2026年第一季度收支汇总"],
        ["单位：万元"],
        ["科目", "收入", "支出"],
        ["经营收入", 0.2, None],
        ["管理费用", None, 0.1],
    ]
    both = [sheet("明细", rows), sheet("汇总", summary)]
    assert [] == errors(understood(*both))
    summary[4][2] = 0.04
    assert [("汇总", "C5")] == [
        (name, cell)
        for name, cell, _ in errors(understood(sheet("明细", rows), sheet("汇总", summary)))
    ]


def test_receipts_and_payments_of_a_summary() -> None:
    """本季收入 and 本季支出 beside one column of amounts."""
    rows: list[list[Any]] = [["收支汇总"], ["项目", "金额"], ["本季收入", 2000], ["本季支出", 501]]
    found = understood(sheet("收支", ledger()), sheet("汇总", rows))
    assert [("汇总", "B4")] == [(name, cell) for name, cell, _ in errors(found)]


def test_a_summary_alone_is_no_summary() -> None:
    """Without details there is nothing to compare with: it is an unknown sheet like any other."""
    found = understood(sheet("汇总", SUMMARY))
    assert not found.sheets[0].sums_up
    assert not found.ok


# Lines that stand twice.


def test_months_beside_their_quarter_are_taken_once() -> None:
    """The quarter has every line of its months: it is taken, they are not, and it is said."""
    details = [sheet(f"{n}月", rows) for n, rows in enumerate(months(), 1)]
    found = understood(*details, sheet("一季度", quarter()))
    assert [] == errors(found)
    assert ["这张表的每一笔都已经在“一季度”里，没有重复带入"] * 3 == warnings(found)
    assert ["示例村2026年第一季度财务收支明细"] == [content.title for content in found.contents]


def test_the_same_sheet_twice_is_taken_once() -> None:
    """A copied sheet counts once, and the first one stays."""
    found = understood(sheet("收支", ledger()), sheet("收支 (2)", ledger()))
    assert [1, 0] == [len(reading.contents) for reading in found.sheets]


def test_the_clerk_may_take_both() -> None:
    """Who says what a sheet is wants it in."""
    found = understood(
        sheet("收支", ledger()),
        sheet("收支 (2)", ledger()),
        sheets=(SheetChoice(sheet="收支 (2)", kind="ledger"),),
    )
    assert [1, 1] == [len(reading.contents) for reading in found.sheets]


def test_some_vouchers_the_same_is_a_warning() -> None:
    """Both are taken, and what stands in both is named."""
    other = ledger()
    other[5] = [date(2026, 1, 21), "记-8", "电费", None, 500, 2500]
    found = understood(sheet("现金", ledger()), sheet("银行", other))
    assert [] == errors(found)
    assert ["有几笔和“现金”里的一样：记-11 林地租金"] == warnings(found)
    assert 2 == len(found.contents)
