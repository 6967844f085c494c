"""Hidden rows that the clerk leaves out: no sum has to be explained by hand because of them."""

from typing import Any

import pytest

from noticeboard.core.particulars import Labour, Spending, Subsidy
from noticeboard.core.sheet import SheetChoice, Understood
from noticeboard.core.sound import balance_gap, total_gap, unsound
from tests.core.sheet.sheets import errors, ledger, roster, sheet, understood

HIDDEN = "表中第 6 行（支出 700.00 元）没有列入：作废重开。"


def spent(*, total: float, after: tuple[float, float] | None) -> list[list[Any]]:
    """Make a ledger whose row 6 is hidden: 700 yuan that were paid, or were not."""
    rows = ledger()
    rows.insert(5, ["2026-01-08", "记-9", "重复的一笔", None, 700, after and after[0]])
    rows[6][5] = after and after[1]
    rows[7][4:6] = [total, after and after[1]]
    if after is None:
        rows[4][5] = None
    return rows


def left(
    rows: list[list[Any]], row: int, reason: str = "作废重开。", name: str = "表"
) -> Understood:
    choice = SheetChoice(sheet=name, hidden_rows={str(row): reason})
    return understood(sheet(name, rows, hidden_rows=frozenset({row - 1})), sheets=(choice,))


@pytest.mark.parametrize(
    ("total", "after", "closing", "says"),
    [
        (500, (None, 2500), 250_000, HIDDEN),
        (1200, (None, 2500), 250_000, f"{HIDDEN}表上的“合计”包括这一行。"),
        (1200, (2300, 1800), 180_000, f"{HIDDEN}表上的“合计”、余额包括这一行。"),
        (500, (2300, 1800), 180_000, f"{HIDDEN}表上的余额包括这一行。"),
        (1200, None, 250_000, f"{HIDDEN}表上的“合计”包括这一行。"),
    ],
)
def test_a_total_that_holds_what_was_left_out_explains_itself(
    total: float, after: tuple[float, float] | None, closing: int, says: str
) -> None:
    """And one that does not is right as well; where the balance holds it, the money has moved."""
    found = left(spent(total=total, after=after), 6)
    assert [] == errors(found)
    stated = found.contents[0].particulars
    assert isinstance(stated, Spending)
    assert (says, closing) == (stated.explanation, stated.closing)
    assert closing - 250_000 == balance_gap(stated)
    assert () == unsound(found.contents[0])


def test_a_total_that_is_wrong_otherwise_is_still_wrong() -> None:
    """It is told by how much it is nearest to right."""
    found = left(spent(total=1205, after=(2300, 1800)), 6)
    assert [("表", "E8")] == [(name, cell) for name, cell, _ in errors(found)]
    assert [500] == [problem.gap for problem in found.problems if problem.level == "error"]
    found = left(spent(total=500, after=(2300, 1805)), 6)
    assert [500] == [problem.gap for problem in found.problems if problem.level == "error"]


def paid() -> list[list[Any]]:
    rows = roster()
    rows[5:5] = [["一组小计", None, None, 5, None, 525]]
    return rows


@pytest.mark.parametrize(
    ("subtotal", "total", "within"),
    [
        ((5, 525), (9, 945), "表上的“一组小计”、“合计”包括这一行。"),
        ((2, 210), (9, 945), "表上的“合计”包括这一行。"),
        ((2, 210), (6, 630), ""),
    ],
)
def test_subtotals_of_a_roster(
    subtotal: tuple[int, int], total: tuple[int, int], within: str
) -> None:
    """Of area and money alike; what is published adds up without the household."""
    rows = paid()
    rows[5][3], rows[5][5] = subtotal
    rows[7][3], rows[7][5] = total
    found = left(rows, 5, "已迁出")
    assert [] == errors(found)
    stated = found.contents[0].particulars
    assert isinstance(stated, Subsidy)
    assert f"表中第 5 行（金额 315.00 元）没有列入：已迁出。{within}" == stated.explanation
    assert (63_000, 0) == (stated.total, total_gap(stated))


def test_rows_of_one_reason_are_named_together() -> None:
    """Their money is added up; another reason stands by itself."""
    rows = [
        ["示例村2026年第一季度清淤用工公示表"],
        ["单位：元"],
        ["姓名", "用工事由", "天数", "日工资", "金额"],
        *([f"石{name}", "清淤", 2, 100, 200] for name in "立春秋冬"),
        ["合计", None, 8, None, 800],
    ]
    reasons = {"4": "重复登记", "5": "未验收", "6": "重复登记"}
    found = understood(
        sheet("用工", rows, hidden_rows=frozenset({3, 4, 5})),
        sheets=(SheetChoice(sheet="用工", hidden_rows=reasons),),
    )
    assert [] == errors(found)
    stated = found.contents[0].particulars
    assert isinstance(stated, Labour)
    assert (
        "表中第 5 行（金额 200.00 元）没有列入：未验收。"
        "表中第 4、6 行（共 金额 400.00 元）没有列入：重复登记。"
        "表上的“合计”包括这些行。"
    ) == stated.explanation


def test_a_summary_that_holds_what_was_left_out_explains_itself() -> None:
    """By its total, and by its line for the sheet, with the name of the sheet that sums up."""
    summary: list[list[Any]] = [
        ["示例村2026年第一季度财务收支汇总表"],
        ["单位：元"],
        ["月份", "收入", "支出"],
        ["1月", 2000, 1200],
        ["2月", 2000, 500],
        ["合计", 4000, 1700],
    ]
    second = ledger("示例村2026年2月财务收支明细表", 2)
    first = spent(total=1200, after=None)
    first[0][0] = "示例村2026年1月财务收支明细表"
    found = understood(
        sheet("1月", first, hidden_rows=frozenset({5})),
        sheet("2月", second),
        sheet("汇总", summary),
        sheets=(SheetChoice(sheet="1月", hidden_rows={"6": "作废重开"}),),
    )
    assert [] == errors(found)
    one, two = (content.particulars for content in found.contents)
    assert isinstance(one, Spending)
    assert isinstance(two, Spending)
    assert f"{HIDDEN}表上的“合计”、“汇总”里的“1月”、“汇总”里的“合计”包括这一行。" == one.explanation
    assert not two.explanation
