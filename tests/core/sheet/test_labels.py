"""However a line calls itself a sum, it is one: no money is counted twice because of its words."""

from typing import Any

import pytest

from noticeboard.core.sheet import Understood
from noticeboard.core.sheet.headers import SheetKind
from noticeboard.core.sheet.lines import mark_of
from tests.core.sheet.sheets import errors, ledger, lexicon, roster, sheet, understood, warnings

TOTALS = [
    "合计2户", "合计：2户", "合计（2户）", "共2户", "共计2户", "合计（元）", "合计金额", "合计数",
    "合计（大写）：伍佰元整", "合计人民币（大写）伍佰元整", "总计（2户）", "合计2人", "全村共 2 户",
    "金额合计", "总额", "总户数2户", "总共2户", "合 计（2 户）", "【合计】", "合计贰户", "一、合计",
    "合计：人民币伍佰元整", "∑", "本季度发生额", "一季度累计", "户数：2户",
]  # fmt: skip
SUMS: list[tuple[str, str]] = [
    *((label, "total") for label in TOTALS),
    *((label, "cumulative") for label in ("累计金额", "1-3月累计", "一至三月累计", "本年累计数")),
    *((label, "subtotal") for label in (
        "小计（2户）", "小计2户", "一组合计", "本组共计", "一组小计",
    )),
    *((label, "month") for label in ("3月合计", "一月份合计", "本月合计（元）")),
    *((label, "page") for label in ("本页共计", "本页合计（元）")),
    *((label, "opening") for label in (
        "上季度结余", "上季度结转", "上年度结转", "上期结存", "年初结转", "上期结余数",
        "上季末余额", "上期节余", "一、上期结转", "上年结转（2025年底）", "上季度末账面余额",
        "1、上期结余", "1.上期结余", "2025年末结余", "上年滚存结余", "上期结转余额", "期初",
        "期初库存现金", "承上期",
    )),
]  # fmt: skip
ROWS = [
    [1, "一组", "石立秋", 210, "共3人"],
    ["1", "一组", "石立秋", "210", "合计3人"],
    [1, "机耕路共计3处", "一组", 5000],
    [1, "累计报销口罩款", "一组", 5000],
    ["2026-01-05", "合计12个工的误工费", 1200],
    ["共青团支部", "一组", 100],
    ["计秋分", 100],
    [1, "上年结余款付运砂", 100],
    ["2026年第一季度", "上级拨入", 100],
]


@pytest.mark.parametrize(("label", "mark"), SUMS)
def test_a_line_is_what_it_calls_itself(label: str, mark: str) -> None:
    """With what it counts, in which unit, in brackets or in capitals; alone or behind a group."""
    rows: list[list[Any]] = [[None, label, 5], [label, 5], [3, label, 5]]
    found = [mark_of(row, lexicon())[0] for row in rows]
    assert [mark, mark, mark] == found


@pytest.mark.parametrize("row", ROWS)
def test_a_line_is_not_what_it_only_mentions(row: list[Any]) -> None:
    """A remark of 共3人, work of 合计12个工: whoever is behind it was paid."""
    assert "data" == mark_of(row, lexicon())[0]


def people(label: Any, amount: int = 500, **more: Any) -> Understood:
    rows = [*roster()[:3], [1, "一组", "石立秋", 2, 105, 300], [2, "一组", "田谷雨", 3, 105, 200]]
    rows[2] = ["序号", "组别", "户主姓名", "面积（亩）", "折算", "金额（元）"]
    return understood(sheet("名单", [*rows, [None, None, label, None, None, amount]], **more))


@pytest.mark.parametrize("label", TOTALS)
def test_no_total_is_a_person(label: str) -> None:
    """Two households stay two, with their money once; a wrong total is told."""
    found = people(label)
    assert ([], (2, 50_000)) == (errors(found), (found.sheets[0].rows, found.sheets[0].amount_fen))
    assert ["F6"] == [cell for _, cell, _ in errors(people(label, 501))]


OTHERS: dict[SheetKind, tuple[str, list[str], list[list[Any]], list[Any]]] = {
    "asset": (
        "示例村集体资产台账", ["序号", "资产名称", "数量", "原值", "购置时间"],
        [[1, "水泵", 1, 3000, "2020"], [2, "塘", 1, 2000, "2021"]], [None, "", 2, 5000, None],
    ),
    "contract": (
        "示例村合同台账", ["合同编号", "标的", "承包方", "年租金", "到期日期"],
        [["一", "山塘", "田谷雨", 3000, "2027-01-01"], ["二", "林地", "石磊", 2000, "2027-01-01"]],
        [None, "", None, 5000, None],
    ),
    "project": (
        "示例村2026年项目公示表", ["序号", "项目名称", "建设地点", "预算", "施工单位"],
        [[1, "机耕路", "一组", 3000, "建筑队"], [2, "水池", "二组", 2000, "建筑队"]],
        [None, "", None, 5000, None],
    ),
    "labour": (
        "示例村2026年第一季度用工表", ["序号", "姓名", "用工事由", "天数", "金额"],
        [[1, "石立秋", "清淤", 2, 200], [2, "田谷雨", "清淤", 3, 300]], [None, "", None, 5, 500],
    ),
    "table": (
        "示例村慰问登记", ["序号", "事项", "地点", "数量", "金额"],
        [[1, "春节", "一组", 2, 200], [2, "重阳", "二组", 3, 300]], [None, "", None, 5, 500],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("label", TOTALS)
def test_no_total_is_a_thing_a_contract_or_a_project(kind: SheetKind, label: str) -> None:
    """In lists of any kind two lines and their sum are two lines."""
    title, header, lines, total = OTHERS[kind]
    total = [label if cell == "" else cell for cell in total]
    found = understood(sheet("表", [[title], ["单位：元"], header, *lines, total]), kind=kind)
    assert ([], 2) == (errors(found), found.sheets[0].rows)


@pytest.mark.parametrize("kind", [kind for kind in OTHERS if kind != "table"])
def test_a_sum_by_any_other_name_is_refused(kind: SheetKind) -> None:
    """It lacks what each line has, and its figures are theirs together."""
    title, header, lines, total = OTHERS[kind]
    total = ["两样一起" if cell == "" else cell for cell in total]
    found = understood(sheet("表", [[title], ["单位：元"], header, *lines, total]), kind=kind)
    assert any("正好是上面各行的和" in said for _, _, said in errors(found))


def test_a_household_that_is_paid_as_much_as_all_others_is_only_pointed_at() -> None:
    """It has its number, its group and all that the others have."""
    rows = [*roster()[:5], [3, "二组", "石磊", 5, 105, 525]]
    found = understood(sheet("名单", rows))
    assert ([], 3) == (errors(found), found.sheets[0].rows)
    assert "这一行正好是上面各行的和" in warnings(found)


@pytest.mark.parametrize("label", [label for label, mark in SUMS if mark == "opening"])
def test_a_balance_brought_forward_opens_the_account(label: str) -> None:
    """However it is called, and whatever year it says it is of."""
    rows = ledger()
    rows[3][2] = label
    found = understood(sheet("收支", rows))
    assert ([], []) == (errors(found), warnings(found))
    rows[3] = [label, None, None, None, None, 1000]
    assert 100_000 == understood(sheet("收支", rows)).contents[0].particulars.opening  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "label", ["合计（元）", "合计金额", "合计（大写）：贰仟伍佰元整", "一季度累计", "1-3月累计"]
)
def test_a_ledgers_total_needs_no_day(label: str) -> None:
    """It is held against the lines."""
    rows = ledger()
    rows[6][0] = label
    assert [] == errors(understood(sheet("收支", rows)))
    rows[6][3] = 2001
    assert ["D7"] == [cell for _, cell, _ in errors(understood(sheet("收支", rows)))]


# Sums above what they sum up.


def test_a_total_may_stand_above_its_lines() -> None:
    """As forms of the government have it."""
    rows = roster()
    found = understood(sheet("名单", [*rows[:3], rows[6], *rows[3:6]]))
    assert ([], 3) == (errors(found), found.sheets[0].rows)
    wrong = [*rows[:3], ["合计", None, None, 9, None, 946], *rows[3:6]]
    assert ["F4"] == [cell for _, cell, _ in errors(understood(sheet("名单", wrong)))]


@pytest.mark.parametrize("total", ["above", "below", ""])
def test_a_groups_sum_may_stand_above_its_group(total: str) -> None:
    """Each stands for the lines down to the next one."""
    rows = roster()
    first, second = ["一组小计", None, None, 5, None, 525], ["二组小计", None, None, 4, None, 420]
    inside = [first, *rows[3:5], second, rows[5]]
    whole = {"above": [rows[6], *inside], "below": [*inside, rows[6]]}.get(total, inside)
    assert [] == errors(understood(sheet("名单", [*rows[:3], *whole])))
    inside[3][5] = 421
    whole = {"above": [rows[6], *inside], "below": [*inside, rows[6]]}.get(total, inside)
    ((_, cell, _),) = errors(understood(sheet("名单", [*rows[:3], *whole])))
    assert f"F{7 + (total == 'above')}" == cell
