"""A register of contracts becomes Contracts, or everything wrong with it is told."""

from typing import Any

import pytest

from noticeboard.core.particulars import ContractRow, Contracts
from noticeboard.core.sheet import SheetChoice, Understood
from tests.core.sheet.sheets import errors, sheet, understood, warnings

HEAD = ["合同编号", "标的", "承包（租）方", "面积/数量", "坐落（四至）", "起止时间", "年租金（元）",
        "合同总价（元）", "付款方式", "已收（元）", "欠收（元）", "签订日期", "是否公开招标",
        "备注"]  # fmt: skip


def register() -> list[list[Any]]:
    """Give the reference's fixture D: one contract that has expired, one overdue, one in words."""
    return [
        ["示例村经济合同台账"],
        [*HEAD],
        ["2015-1", "大塘", "石立秋", "12亩", "二组", "2015.1.1-2024.12.31", 1200, 12000, "按年",
         12000, 0, "2014.12.20", "是", None],
        ["2021-3", "村部门面2间", "示例商贸公司", 60, "村部", "2021年1月至2030年12月", "12,000",
         120000, "一年一交", 12000, 48000, "2020年12月1日", "是", "已催缴"],
        ["2022-1", "后山林地", "田谷雨等3户", "120亩", "三组", "长期", 3000, None, None, 3000, None,
         None, "否", None],
        ["合计", None, None, None, None, None, 16200, 132000, None, 27000, 48000],
    ]  # fmt: skip


def read(rows: list[list[Any]], **more: Any) -> Understood:
    return understood(sheet("合同", rows), **more)


def contracts(found: Understood) -> Contracts:
    (content,) = found.contents
    assert isinstance(content.particulars, Contracts)
    return content.particulars


def test_a_register_becomes_contracts() -> None:
    """Fixture D: terms in one cell, money in fen, who lets what."""
    found = read(register())
    assert [] == [p.problem for p in found.problems]
    stated = contracts(found)
    assert (
        ContractRow(
            id=2, number="2021-3", subject="村部门面2间", place="村部", quantity=60_000,
            starts="2021-01-01", ends="2030-12-31", rent=1_200_000, total=12_000_000,
            paid=1_200_000, owed=4_800_000, pays="一年一交", signed="2020-12-01", tender="是",
            note="已催缴", party_as="示例商贸公司", party="示例商贸公司",
        )
        == stated.rows[1]
    )  # fmt: skip
    assert ("2015-01-01", "2024-12-31") == (stated.rows[0].starts, stated.rows[0].ends)
    assert (12_000, "亩") == (stated.rows[0].quantity, stated.rows[0].unit)
    assert ("D33", 1_620_000) == (found.contents[0].item, found.sheets[0].amount_fen)


def test_persons_leave_villagers_behind_and_firms_their_name() -> None:
    """What remains when names go."""
    rows = contracts(read(register())).rows
    assert ["村民", "示例商贸公司", "村民3户"] == [row.party_as for row in rows]


def test_what_is_no_term_is_said_in_the_note() -> None:
    """长期 is no span of time, and neither are so many years without a beginning."""
    rows = register()
    rows[2][5] = "10年"
    stated = contracts(read(rows))
    assert ["期限10年", "已催缴", "期限长期"] == [row.note for row in stated.rows]
    assert (None, None) == (stated.rows[0].starts, stated.rows[0].ends)


def test_beginning_and_end_in_two_columns() -> None:
    """A header of two levels, days in any writing; an end may follow from the number of years."""
    rows = register()
    for line in rows[2:5]:
        line[5:6] = [None, None, None]
    rows[5][5:6] = [None, None, None]
    rows[2][5:8] = ["2015.1.1", "2024-12-31", "10年"]
    rows[3][5:8] = [20210101, None, 10]
    rows[4][5:8] = ["2022年3月", "2031年2月", None]
    rows[1][5:6] = ["起止时间", None, "年限"]
    rows.insert(2, [None] * 5 + ["起", "止"])
    found = understood(
        sheet("合同", rows, merged=[(1, 5, 1, 6), *((1, c, 2, c) for c in (0, 1, 2, 3, 4, 7))])
    )
    assert [] == [p.problem for p in found.problems]
    assert [
        ("2015-01-01", "2024-12-31"),
        ("2021-01-01", "2030-12-31"),
        ("2022-03-01", "2031-02-28"),
    ] == [(row.starts, row.ends) for row in contracts(found).rows]


@pytest.mark.parametrize(
    ("row", "column", "value", "expected"),
    [
        (3, 10, 47000, ("K4", "已收加欠收是 59,000.00 元，应收是 60,000.00 元，差 -1,000.00 元")),
        (2, 5, "2015.1.1-2014.12.31", ("F3", "到期在开始之前：“2015-01-01、2014-12-31”")),
        (2, 5, "2015.2.30-2024.12.31",
         ("F3", "从什么时候到什么时候，读不出来：“2015.2.30-2024.12.31”")),
        (2, 6, "一千二左右", ("G3", "这个金额读不出来：“一千二左右”")),
        (2, 1, None, ("B3", "这一行没有写“标的”")),
        (2, 2, "石立秋 439999196805120015", ("C3", "姓名里有号码，不能公开")),
        (2, 11, "2014-13-01", ("L3", "没有这一天：“2014-13-01”")),
        (5, 6, 16300,
         ("G6", "“合计”对不上：各行相加是 16,200.00 元，表上是 16,300.00 元，差 100.00 元")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_cell(
    row: int, column: int, value: Any, expected: tuple[str, str]
) -> None:
    """One wrong cell is one error there, and nothing is imported."""
    rows = register()
    rows[row][column] = value
    if column == 10:
        rows[5][10] = value
    found = read(rows)
    assert expected in [(cell, problem) for _, cell, problem in errors(found)]
    assert [expected[0]] == [cell for _, cell, _ in errors(found)]
    assert not found.contents


def test_what_is_owed_can_be_explained() -> None:
    """The difference is published with the words."""
    rows = register()
    rows[3][10] = rows[5][10] = 47000
    choice = SheetChoice(sheet="合同", explained={"K4": "减免一千元，见会议记录"})
    found = read(rows, sheets=(choice,))
    assert (
        "“村部门面2间”这一行的“已收”加“欠收”写的是 59,000.00 元，"
        "算出来是 60,000.00 元，少 1,000.00 元。原因：减免一千元，见会议记录。"
    ) == contracts(found).explanation
    assert [-100_000] == [p.gap for p in found.problems]


def test_one_year_or_the_whole_price_may_be_due() -> None:
    """What came in and what is owed are a year's rent, some years', or all of it."""
    rows = register()[:4]
    for paid, owed in [(0, 12000), (12000, 0), (24000, 12000), (12000, 108000)]:
        rows[3][9:11] = [paid, owed]
        assert [] == errors(read(rows))


def test_what_only_looks_odd_is_a_warning() -> None:
    """Years without days, terms that are not their years, prices not their rent, a number twice."""
    rows = register()
    rows[2][5] = "2015-2024"
    rows[3][0] = "2015-1"
    rows[3][5] = "2021.1.1-2030.12.31，共15年"
    rows[3][7] = 130000
    del rows[5]
    assert [
        "只写到年，按那年的第一天和最后一天算：F3",
        "起止时间和年限不一样：F4",
        "合同总价不等于年租金乘年数：H4",
        "合同编号和前面一行相同：A4",
    ] == warnings(read(rows))
    rows[3][13] = "每五年递增5%"
    assert "合同总价不等于年租金乘年数：H4" not in warnings(read(rows))
