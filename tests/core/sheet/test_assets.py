"""A register of what the collective owns becomes Assets, or everything wrong with it is told."""

from datetime import date
from typing import Any

import pytest

from noticeboard.core.particulars import AssetRow, Assets
from noticeboard.core.sheet import SheetChoice, Understood
from tests.core.sheet.sheets import errors, sheet, understood, warnings


def register() -> list[list[Any]]:
    return [
        ["示例村集体固定资产台账（截至2025年12月31日）"],
        [None, None, None, None, None, None, "单位：元"],
        ["序号", "资产编号", "资产名称", "资产类别", "数量", "单位", "原值", "净值", "购建时间",
         "坐落位置", "使用状况", "保管人", "备注"],
        [1, "G-1", "村部办公楼", "房屋", 320, "平方米", 480000, "312,000.00", "2012年5月", "一组",
         "自用", "石立秋", None],
        [2, "G-2", "水泵", "设备", 2, "台", "3,600", 1800, date(2019, 5, 20), "泵房", "出租",
         "田 谷雨", "已修"],
        [3, "G-3", "篮球架", "设备", 1, "副", 2400, 0, "九十年代", "操场", "闲置", None, None],
        ["合计", None, None, None, None, None, 486000, 313800],
        ["村主任：", None, "制表人："],
    ]  # fmt: skip


def read(rows: list[list[Any]], **more: Any) -> Understood:
    return understood(sheet("资产", rows), **more)


def assets(found: Understood) -> Assets:
    (content,) = found.contents
    assert isinstance(content.particulars, Assets)
    return content.particulars


def test_a_register_becomes_assets() -> None:
    """Every column in its place, money in fen, counts in thousandths, times as exact as said."""
    found = read(register())
    assert [] == [p.problem for p in found.problems]
    stated = assets(found)
    assert ("2025-12-31", 48_600_000, 31_380_000) == (stated.as_of, stated.original, stated.net)
    assert (
        AssetRow(
            id=2, name="水泵", category="设备", quantity=2000, unit="台", original=360_000,
            net=180_000, acquired="2019-05-20", place="泵房", use="出租", note="已修",
            keeper="田谷雨",
        )
        == stated.rows[1]
    )  # fmt: skip
    assert ["2012-05", "2019-05-20", ""] == [row.acquired for row in stated.rows]
    assert "购建时间：九十年代" == stated.rows[2].note
    assert ("D30", 48_600_000) == (found.contents[0].item, found.sheets[0].amount_fen)
    assert "B列“资产编号”" in found.sheets[0].dropped


def test_land_has_its_own_place_in_the_catalogue() -> None:
    """资源台账 lists land and ponds."""
    rows = [
        ["示例村集体资源台账"],
        ["资源名称", "资源类别", "面积（亩）", "坐落", "使用情况"],
        ["大塘", "山塘", "3.25", "二组", "出租"],
        ["后山", "林地", "120亩", "三组", "自营"],
    ]
    found = read(rows)
    assert [] == [p.problem for p in found.problems]
    assert "D31" == found.contents[0].item
    stated = assets(found)
    assert [(3250, "亩"), (120_000, "亩")] == [(row.quantity, row.unit) for row in stated.rows]
    assert (None, None) == (stated.original, stated.net)


@pytest.mark.parametrize(
    ("row", "column", "value", "expected"),
    [
        (6, 6, 486001,
         ("G7", "“合计”对不上：各行相加是 486,000.00 元，表上是 486,001.00 元，差 1.00 元")),
        (6, 7, 313799.5,
         ("H7", "“合计”对不上：各行相加是 313,800.00 元，表上是 313,799.50 元，差 -0.50 元")),
        (4, 6, "约3600", ("G5", "这个金额读不出来：“约3600”")),
        (4, 4, "两台半", ("E5", "这个数量读不出来：“两台半”")),
        (4, 4, -2, ("E5", "数量不能是负数：“-2”")),
        (4, 8, "2019-02-30", ("I5", "没有这一天：“2019-02-30”")),
        (4, 2, None, ("C5", "这一行没有写“资产名称”")),
        (4, 11, "田谷雨13900000000", ("L5", "姓名里有号码，不能公开")),
        (4, 3, "设" * 121, ("D5", "这一格的字太多（最多 120 个）")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_cell(
    row: int, column: int, value: Any, expected: tuple[str, str]
) -> None:
    """One wrong cell is one error, and nothing is imported."""
    rows = register()
    rows[row][column] = value
    found = read(rows)
    assert [expected] == [(cell, problem) for _, cell, problem in errors(found)]
    assert not found.contents


def test_a_wrong_total_can_be_explained() -> None:
    """The total is published as it stands, with the words and the difference."""
    rows = register()
    rows[6][6] = 486001
    choice = SheetChoice(sheet="资产", explained={"G7": "含零星物品"})
    found = read(rows, sheets=(choice,))
    stated = assets(found)
    assert 48_600_100 == stated.original
    assert (
        "“合计”一行的“原值”写的是 486,001.00 元，"
        "算出来是 486,000.00 元，多 1.00 元。原因：含零星物品。"
    ) == stated.explanation
    assert [100] == [p.gap for p in found.problems]


def test_groups_with_subtotals() -> None:
    """Headings are passed over, subtotals sum what stands above them."""
    rows = register()
    rows.insert(3, ["一、房屋"])
    rows.insert(5, ["小计", None, None, None, None, None, 480000, 312000])
    rows.insert(6, ["二、设备"])
    assert [] == [p.problem for p in read(rows).problems]
    rows[5][6] = 480010
    assert ["G6"] == [cell for _, cell, _ in errors(read(rows))]


def test_what_only_looks_odd_is_a_warning() -> None:
    """Worth more than it cost; nothing to hold the lines against; two keepers in one cell."""
    rows = register()
    rows[4][7], rows[6][7] = 4800, 316800
    rows[4][11] = "田谷雨、石磊"
    assert ["一格里好像写了几个人：L5", "净值比原值还大：H5"] == warnings(read(rows))
    del rows[6]
    assert "没有合计行，无法核对总数" in warnings(read(rows))


@pytest.mark.parametrize(
    ("answer", "expected"), [("2019-01-01", "2019-01"), ("2019-10-01", "2019-10")]
)
def test_a_month_that_lost_its_nought_is_asked_about(answer: str, expected: str) -> None:
    """2019.1 as a number may have been 2019.10; only the clerk knows."""
    rows = register()
    rows[4][8] = 2019.1
    asked = read(rows)
    (question,) = asked.questions
    assert ("I5", "date") == (question.cell, question.about)
    assert (("2019-01-01", "2019年1月"), ("2019-10-01", "2019年10月")) == question.answers
    assert not asked.contents
    found = read(rows, sheets=(SheetChoice(sheet="资产", dates={"I5": answer}),))
    assert expected == assets(found).rows[1].acquired
