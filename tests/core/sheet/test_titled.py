"""Any other list becomes a table whose columns are what their cells are, and nobody's numbers."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from noticeboard.core.particulars import TableRow, Titled
from noticeboard.core.rules import decode
from noticeboard.core.sheet import SheetChoice, Understood
from noticeboard.formats.rules import load
from tests.core.sheet.sheets import ABOUT, errors, ledger, sheet, understood, warnings

CELLS = st.none() | st.text(max_size=12) | st.integers() | st.dates()
TABLE = SheetChoice(sheet="登记", kind="table")


def seals() -> list[list[Any]]:
    return [
        ["示例村2026年第一季度公章使用登记"],
        ["序号", "用章日期", "事由", "用印人", "份数", "费用（元）", "联系电话", "去向"],
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
        ("费用", "money"), ("去向", "text"),
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
        *"救助原因 家庭情况 诊断 诊断结果 困难原因 病因 病种名称 致残原因 残疾类型".split(),
        *"残疾类别等级 精神状况 健康情况 慢性病 银行卡 银行卡（一卡通） 存折 存折号 惠农卡".split(),
        *"账户 打卡账户 收款账户 电话号 座机 联系方法 微信号 QQ 户口号 现居住地".split(),
        *"户籍所在地 残疾人证号 残疾证 救助事由 配偶姓名 子女姓名".split(),
    ],
)
def test_private_heads_stay_behind(head: str) -> None:
    """Identity, phone, card, home, health, birth and age, also at the end of a longer head."""
    found = one_column(head, "甲乙", "丙丁")
    assert how(found) is None
    assert any(f"“{head}”：" in said for said in found.sheets[0].dropped)


@pytest.mark.parametrize(
    ("head", "cells", "expected"),
    [
        ("残疾人数", (3, 4), "quantity"),
        ("电话费", ("30", "28.5"), "quantity"),
        ("残疾补助", ("一级", "二级"), None),
        ("合同编号", ("20260115000001", "20260115000002"), "text"),
        ("证号", ("43999919680512001542", "43999919710408203731"), None),
        ("备案", ("81010550000123456", "8101 0550 0001 2345"), None),
    ],
)
def test_counts_are_nobody_s_and_long_numbers_somebody_s(
    head: str, cells: tuple[Any, ...], expected: str | None
) -> None:
    """A private word over numbers of people or money tells nothing; fourteen digits tell enough."""
    assert expected == how(one_column(head, *cells))


def helped(title: str, *heads: str) -> Understood:
    """Read people and money under some heads as a list of another kind."""
    rows = [[title], ["序号", *heads], [1, "石立秋", 500], [2, "田谷雨", 400], ["合计", None, 900]]
    return understood(sheet("名单", rows), sheets=(SheetChoice(sheet="名单", kind="table"),))


REFUSED = ("名单", "B2", "这是发给个人的钱，只能当作补贴名单带入")


@pytest.mark.parametrize(
    ("title", "heads"),
    [
        ("示例村2026年第一季度农村低保金发放名单", ("姓名", "金额")),
        ("示例村2026年第一季度名单", ("申请人", "救助金额")),
        ("示例村2026年第一季度名单", ("户主", "金额")),
        ("示例村2026年第一季度交通补贴名单", ("姓名", "金额")),
        ("示例村2026年第一季度残疾人护理用工表", ("姓名", "金额")),
    ],
)
def test_no_list_of_help_gets_around_its_programme(title: str, heads: tuple[str, str]) -> None:
    """Chosen to be a list of any other kind, it is refused with the way that is open."""
    found = helped(title, *heads)
    assert [REFUSED] == errors(found)
    assert not found.contents


def test_help_is_no_work_done() -> None:
    """Neither as a list of labour."""
    rows = [
        ["示例村2026年低保金发放名单"],
        ["序号", "姓名", "事由", "金额"],
        [1, "石立秋", "低保", 500],
    ]
    chosen = SheetChoice(sheet="名单", kind="labour")
    assert REFUSED in errors(understood(sheet("名单", rows), sheets=(chosen,)))


@pytest.mark.parametrize("title", ["示例村2026年村干部报酬公示", "示例村2026年修路捐款名单"])
def test_pay_and_gifts_may_name_people(title: str) -> None:
    """Who is paid for an office, and who gave something, is no household that was helped."""
    assert helped(title, "姓名", "金额").ok


def test_words_beside_persons_wait_for_the_clerk() -> None:
    """What nobody can tell from its head stays behind, is told, and is taken at one touch."""
    rows = seals()
    rows[1][7] = "附注"
    found = read(rows)
    assert ["旁边有姓名，这些列可能写了个人情况，没有带入：H2"] == warnings(found)
    assert "附注" not in {column.label for column in table(found).columns}
    assert ["unknown"] == [c.fate for c in found.sheets[0].columns if c.letter == "H"]
    assert "H列“附注”：旁边有姓名，不知道写的是什么" in found.sheets[0].dropped
    again = read(rows, choice=SheetChoice(sheet="登记", kind="table", columns={"H": "text"}))
    assert not warnings(again)
    assert "附注" in {column.label for column in table(again).columns}


POLICY = replace(ABOUT, masking=decode(load()).masking)


def test_an_illness_beside_persons_is_an_error_and_elsewhere_a_warning() -> None:
    """At its cell, with the fix, in a list of persons and in what an account says a sum was for."""
    rows = seals()
    rows[2][2] = "证明患尿毒症"
    found = understood(sheet("登记", rows), sheets=(TABLE,), about=POLICY)
    assert [("登记", "C3", "这里写了病情等个人情况，不能公开")] == errors(found)
    account = ledger()
    account[5][2] = "慰问五保户石立秋（精神残疾）"
    said = understood(sheet("账", account), about=POLICY)
    assert said.ok
    assert ["这里写了病情等个人情况：C6"] == warnings(said)


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
        (1, 7, "去" * 19 + "事由", ("H2", "这一列的名字太长，最多 20 个字")),
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


def test_words_that_may_tell_of_somebody_are_warned_of() -> None:
    """A certificate of a disability beside its bearer, a title that says it of all the named."""
    rows = seals()
    rows[2][2] = "开残疾证明"
    said = understood(sheet("登记", rows), sheets=(TABLE,), about=POLICY)
    assert said.ok
    assert ["旁边有姓名，这里好像写了个人情况：C3"] == warnings(said)
    rows = [["示例村2026年困难党员登记表"], ["序号", "姓名", "职务"], [1, "石立秋", "组长"]]
    (told,) = warnings(understood(sheet("登记", rows), sheets=(TABLE,), about=POLICY))
    assert told.startswith("这张表有姓名，题目里有“困难”")
