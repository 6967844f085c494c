"""Any other list becomes a table whose columns are what their cells are, and nobody's numbers."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeboard.core.particulars import TableRow, Titled
from noticeboard.core.sheet import SheetChoice, Understood
from tests.core.sheet.sheets import errors, sheet, understood, warnings

CELLS = st.none() | st.text(max_size=12) | st.integers() | st.dates()
TABLE = SheetChoice(sheet="登记", kind="table")


def seals() -> list[list[Any]]:
    return [
        ["示例村2026年第一季度公章使用登记"],
        ["序号", "用章日期", "事由", "用印人", "份数", "费用（元）", "联系电话", "附注"],
        [1, "2026.3.5", "开证明", "石立秋", 2, "5元", "13900000000", None],
        [2, date(2026, 3, 6), "合同盖章", "田谷雨", 1, 10.5, "13900000001", "补办"],
        ["合计", None, None, None, 3, 15.5],
    ]


def read(rows: list[list[Any]], **more: Any) -> Understood:
    choice = more.pop("choice", TABLE)
    return understood(sheet("登记", rows, **more), sheets=(choice,))


def table(found: Understood) -> Titled:
    (content,) = found.contents
    assert isinstance(content.particulars, Titled)
    return content.particulars


def one_column(head: str, *cells: Any) -> Understood:
    """Read a list with one telling column among plain ones."""
    return read([["登记"], ["甲", head, "乙"], *(["一", cell, "二"] for cell in cells)])


def how(found: Understood) -> str | None:
    """Say how the telling column was read, None where it stayed behind."""
    reads = {column.label: column.read for column in table(found).columns}
    return next((read for label, read in reads.items() if label not in {"甲", "乙"}), None)


def test_a_list_becomes_a_table() -> None:
    """Heads as declared columns, each cell in its own type, persons apart from the rest."""
    found = read(seals())
    assert [] == [p.problem for p in found.problems]
    stated = table(found)
    assert [
        ("用章日期", "date"), ("事由", "text"), ("用印人", "person"), ("份数", "quantity"),
        ("费用", "money"), ("附注", "text"),
    ] == [(column.label, column.read) for column in stated.columns]  # fmt: skip
    assert (
        TableRow(id=1, cells=("2026-03-05", "开证明", None, 2000, 500, None),
                 people=(None, None, "石立秋", None, None, None)),
        TableRow(id=2, cells=("2026-03-06", "合同盖章", None, 1000, 1050, "补办"),
                 people=(None, None, "田谷雨", None, None, None)),
    ) == stated.rows  # fmt: skip
    assert {"A列“序号”", "G列“联系电话”：电话不公开"} == set(found.sheets[0].dropped)


def test_a_lone_list_is_asked_about() -> None:
    """What is recognised as nothing else is asked about, and nothing is taken in unasked."""
    found = understood(sheet("登记", seals()))
    assert [("kind", "A2")] == [(q.about, q.cell) for q in found.questions]
    assert not found.contents
    assert understood(sheet("登记", seals()), kind="table").ok


@pytest.mark.parametrize(
    ("head", "cells", "expected"),
    [
        ("金额", ("1,200", 3.5), "money"),
        ("说法", ("5元", "6元"), "text"),
        ("花费（元）", (5, 6), "money"),
        ("补助收入", ("已交", "未交"), "text"),
        ("个数", (5, 6.25), "quantity"),
        ("个数", (5, "几个"), "text"),
        ("年份", (2025, 2026), "text"),
        ("证书编号", (101, 102), "text"),
        ("批次", ("001", "002"), "text"),
        ("办理时间", ("2026年3月", 2025), "date"),
        ("办结", ("2026-03-05", "2026.3.6"), "date"),
        ("何时", ("春天", "秋天"), "text"),
        ("经办人", ("石立秋", "村委会"), "person"),
        ("谁", ("石立秋", "田谷雨"), "person"),
        ("东西", ("锄头", "水泵"), "text"),
    ],
)
def test_a_column_is_what_its_cells_are(head: str, cells: tuple[Any, ...], expected: str) -> None:
    """The head proposes, the cells decide; without doubt about either it is text."""
    assert expected == how(one_column(head, *cells))


@pytest.mark.parametrize(
    "head",
    [
        "户主身份证号",
        "家庭联系电话",
        "本人银行卡号",
        "现住址",
        "残疾等级",
        "是否患病",
        "出生日期",
        "年龄",
    ],
)
def test_private_heads_stay_behind(head: str) -> None:
    """Identity, phone, card, home, health, birth and age, also at the end of a longer head."""
    found = one_column(head, "甲乙", "丙丁")
    assert how(found) is None
    assert any(f"“{head}”：" in said for said in found.sheets[0].dropped)


@pytest.mark.parametrize(
    "cells",
    [
        ("439999196805120015", "439999197104082037"),
        ("439999196805120011", "43999919850612010X"),
        (439999196805120000, "4.39999E+17"),
        ("439999680512001", None),
        (13900000000, 13900000001),
        ("139-0000-0000", "139 0000 0001"),
        ("0739-5550000", "(0739)5550001"),
        ("6200000000000000001", "6200 0000 0000 0000 001"),
        ("13900000000", "不详"),
    ],
)
@pytest.mark.parametrize("head", ["附注", "数量", "金额", "日期", "经办人"])
def test_numbers_of_people_stay_behind_under_any_head(head: str, cells: tuple[Any, ...]) -> None:
    """A column whose cells look like identity, phone or card numbers is dropped and listed."""
    found = one_column(head, *cells)
    assert how(found) is None
    assert f"B列“{head}”：像是身份证号、电话或卡号，不公开" in found.sheets[0].dropped
    written = repr((found.contents, found.problems))
    assert not any(str(cell) in written for cell in cells if cell and cell != "不详")


def test_a_number_among_counts_is_an_error() -> None:
    """One phone number under 数量 is a slip that must not be published."""
    found = one_column("数量", 3, 4, 13900000000)
    assert [("B5", "这一格像是身份证号、电话或卡号，不能公开")] == [
        (cell, said) for _, cell, said in errors(found)
    ]


@pytest.mark.parametrize(
    ("row", "column", "value", "expected"),
    [
        (4, 4, 4, ("E5", "“合计”对不上：各行相加是 3，表上是 4，差 1")),
        (4, 5, 15, ("F5", "“合计”对不上：各行相加是 15.50 元，表上是 15.00 元，差 -0.50 元")),
        (2, 5, "五块多", ("F3", "这个金额读不出来：“五块多”")),
        (2, 1, "2026-02-30", ("B3", "没有这一天：“2026-02-30”")),
        (2, 2, "事" * 121, ("C3", "这一格的字太多（最多 120 个）")),
        (1, 7, "附" * 21, ("H2", "这一列的名字太长，最多 20 个字")),
        (1, 7, "事由", ("H2", "两列叫一样的名字：“事由”")),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(
    row: int, column: int, value: Any, expected: tuple[str, str]
) -> None:
    """Totals of any column of numbers are compared; heads must fit a notice."""
    rows = seals()
    rows[row][column] = value
    found = read(rows)
    assert [expected] == [(cell, problem) for _, cell, problem in errors(found)]
    assert not found.contents


def test_a_difference_can_be_explained() -> None:
    """Published with the words."""
    rows = seals()
    rows[4][5] = 15
    choice = SheetChoice(sheet="登记", kind="table", explained={"F5": "抹去零头"})
    assert (
        "“合计”一行的“费用”写的是 15.00 元，算出来是 15.50 元，少 0.50 元。原因：抹去零头。"
    ) == table(read(rows, choice=choice)).explanation


def test_the_clerk_s_word_on_a_column() -> None:
    """A column is read as chosen, and what does not fit is told then; or it is dropped."""
    chosen = SheetChoice(
        sheet="登记", kind="table", columns={"C": "drop", "D": "text", "E": "text"}
    )
    assert ["date", "text", "text", "money", "text"] == [
        column.read for column in table(read(seals(), choice=chosen)).columns
    ]
    wrong = SheetChoice(sheet="登记", kind="table", columns={"C": "money"})
    assert ["C3", "C4"] == [cell for _, cell, _ in errors(read(seals(), choice=wrong))]


def test_more_columns_than_a_notice_has() -> None:
    """Twelve at most; the clerk says which."""
    rows = [["登记"], [f"第{n}项" for n in range(13)], ["有"] * 13, ["无"] * 13]
    assert [("M2", "列数太多，最多 12 列")] == [
        (cell, said) for _, cell, said in errors(read(rows))
    ]


def test_lines_of_words_alone() -> None:
    """A heading between the lines is passed over; a remark is told."""
    rows = seals()
    rows.insert(3, ["一、三月"])
    rows.insert(4, ["以上由村监委核对"])
    assert ["这些行只有一格有字，没有计入：A5"] == warnings(read(rows))
    assert 2 == len(table(read(seals())).rows)


@given(st.data())
def test_no_cell_makes_the_reader_stumble(data: st.DataObject) -> None:
    """Whatever stands anywhere, the answer is a table or problems, and no phone goes with it."""
    rows = seals()
    for _ in range(data.draw(st.integers(1, 6))):
        row = data.draw(st.integers(1, len(rows) - 1))
        column = data.draw(st.integers(0, len(rows[row]) - 1))
        rows[row][column] = data.draw(CELLS)
    rows[1][6], rows[2][6], rows[3][6] = "附件", 13900000000, "13900000001"
    found = read(rows)
    assert found.ok == (bool(found.contents) and not errors(found) and not found.questions)
    assert "1390000000" not in repr(found.contents)
