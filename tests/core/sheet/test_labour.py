"""A list of labour becomes Labour, or everything wrong with it is told."""

from typing import Any

import pytest

from noticeboard.core.particulars import Labour, LabourRow
from noticeboard.core.sheet import SheetChoice, Understood
from tests.core.sheet.sheets import errors, sheet, understood, warnings


def labour_list() -> list[list[Any]]:
    return [
        ["示例村2026年3月零工用工明细表"],
        ["单位：元"],
        ["序号", "组别", "日期", "姓名", "身份证号", "用工事由", "天数", "单价", "金额", "备注"],
        [1, "一组", "3月5日", "石立秋", "439999196805120015", "清淤", 2, 120, 240, None],
        [2, None, "3月6日", "田 谷雨", None, "清淤", "1.5天", 120, 180, "腰伤"],
        [3, "二组", "3月7日至9日", "石磊", None, "运砂", 3, "150元", 450, None],
        ["合计", None, None, None, None, None, 6.5, None, 870],
    ]


def read(rows: list[list[Any]], **more: Any) -> Understood:
    return understood(sheet("用工", rows, **more.pop("how", {})), **more)


def labour(found: Understood) -> Labour:
    (content,) = found.contents
    assert isinstance(content.particulars, Labour)
    return content.particulars


def test_a_list_becomes_labour() -> None:
    """Days in thousandths, money in fen, groups as the village names them."""
    found = read(labour_list())
    assert [] == [p.problem for p in found.problems]
    stated = labour(found)
    assert (87_000, "") == (stated.total, stated.work)
    assert (
        LabourRow(id=1, group="第一村民小组", date="2026-03-05", work="清淤", days=2000,
                  rate=12_000, amount=24_000, name="石立秋")
        == stated.rows[0]
    )  # fmt: skip
    assert [
        ("第一村民小组", "田谷雨", "2026-03-06", "清淤", 1500),
        ("第二村民小组", "石磊", None, "运砂（3月7日至9日）", 3000),
    ] == [(r.group, r.name, r.date, r.work, r.days) for r in stated.rows[1:]]
    assert ("2026-03", "D24") == (found.contents[0].covers, found.contents[0].item)


def test_numbers_and_remarks_about_people_stay_behind() -> None:
    """No identity number, and no remark: it may tell of an illness."""
    found = read(labour_list())
    assert {"E列“身份证号”：身份证号不公开，只用来分清同组同名的人", "J列“备注”"} <= set(
        found.sheets[0].dropped
    )
    assert "腰伤" not in repr(found.contents)


@pytest.mark.parametrize(
    ("row", "column", "value", "expected"),
    [
        (3, 8, 250, ("I4", "“天数”乘“单价”应为 240.00 元，表上是 250.00 元，差 10.00 元")),
        (6, 8, 880, ("I7", "“合计”对不上：各行相加是 870.00 元，表上是 880.00 元，差 10.00 元")),
        (6, 6, 7, ("G7", "“合计”对不上：各行相加是 6.5，表上是 7，差 0.5")),
        (3, 8, "二百四左右", ("I4", "这个金额读不出来：“二百四左右”")),
        (3, 8, None, ("I4", "这一行没有金额")),
        (3, 2, "2026-02-30", ("C4", "没有这一天：“2026-02-30”")),
        (3, 3, None, ("D4", "没有写姓名")),
        (3, 5, None, ("F4", "没有写做什么工")),
        (3, 3, "石立秋13900000000", ("D4", "姓名里有号码，不能公开")),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(
    row: int, column: int, value: Any, expected: tuple[str, str]
) -> None:
    """Days times rate is what was paid, and all of it is the total."""
    rows = labour_list()
    rows[row][column] = value
    found = read(rows)
    assert [expected] == [(cell, problem) for _, cell, problem in errors(found)]
    assert not found.contents


def test_a_difference_can_be_explained() -> None:
    """Published with the words."""
    rows = labour_list()
    rows[3][8], rows[6][8] = 250, 880
    assert (
        "表中第 4 行的“金额”写的是 250.00 元，算出来是 240.00 元，多 10.00 元。原因：含夜工。"
        == labour(
            read(rows, sheets=(SheetChoice(sheet="用工", explained={"I4": "含夜工"}),))
        ).explanation
    )


def test_several_people_on_one_line_are_told() -> None:
    """In one cell it is a warning; sharing one merged amount, it is an error."""
    rows = labour_list()
    rows[3][3] = "石立秋、石立春"
    assert ["一格里好像写了几个人：D4"] == warnings(read(rows))
    rows = labour_list()
    rows[4][8] = None
    rows[3][6:9] = [2, 120, 240]
    rows[4][6:8] = [None, None]
    rows[6][6], rows[6][8] = 5, 690
    found = read(rows, how={"merged": [(3, 8, 4, 8)]})
    assert [("I5", "几个人合用一个金额")] == [(cell, said) for _, cell, said in errors(found)]


def test_groups_as_headings_and_days_as_month_and_day() -> None:
    """Groups on lines of their own; 月 and 日 in two columns, a month written once."""
    rows = [
        ["示例村2026年第一季度误工补贴明细"],
        ["月", "日", "姓名", "误工事由", "天数", "标准（元）", "金额（元）"],
        ["一组"],
        [3, 5, "石立秋", "开会", 1, 80, 80],
        [None, 6, "田谷雨", "开会", 1, 80, 80],
        ["2组"],
        [None, "7日", "石磊", "开会", 0.5, 80, 40],
        ["合计", None, None, None, None, None, 200],
    ]
    found = read(rows)
    assert [] == [p.problem for p in found.problems]
    stated = labour(found)
    assert "开会" == stated.work
    assert [
        ("第一村民小组", "2026-03-05"),
        ("第一村民小组", "2026-03-06"),
        ("第二村民小组", "2026-03-07"),
    ] == [(row.group, row.date) for row in stated.rows]


def test_work_that_only_the_heading_names() -> None:
    """A list of names and money says above it what they did."""
    rows = [
        ["示例村2026年3月清淤用工表"],
        ["姓名", "工日", "金额（元）"],
        ["石立秋", 2, 240],
        ["合计", 2, 240],
    ]
    found = read(rows)
    assert [] == errors(found)
    assert "示例村2026年3月清淤用工" == labour(found).rows[0].work


def test_what_only_looks_odd_is_a_warning() -> None:
    """A day of another month; no total to hold the lines against."""
    rows = labour_list()
    rows[3][2] = "4月5日"
    del rows[6]
    assert [
        "日期不在 2026年3月 之内：C4",
        "没有合计行，无法核对总数",
    ] == warnings(read(rows))


def test_a_dotted_day_is_asked_about() -> None:
    """3.1 may be 3.10; only the clerk knows."""
    rows = labour_list()
    rows[3][2] = 3.1
    (question,) = read(rows).questions
    assert ("C4", "date") == (question.cell, question.about)
    found = read(rows, sheets=(SheetChoice(sheet="用工", dates={"C4": "2026-03-10"}),))
    assert "2026-03-10" == labour(found).rows[0].date
