"""A roster becomes a Subsidy without anyone's numbers, or everything wrong with it is told."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeboard.core.particulars import Content, Subsidy
from noticeboard.core.sheet import About, Book, Headers, Sheet, Understood, understand
from noticeboard.core.sheet.cells import Merge
from noticeboard.formats import workbook

GROUPS = ("第一村民小组", "第二村民小组")
CARD = "6200000000000000001"
# Area code 439999 is nobody's; the check characters are right.
FIRST, SECOND, THIRD = "439999196805120015", "439999197104082037", "43999919850612010X"


HEAD = (
    *("序号", "组别", "户主姓名", "身份证号", "一卡通账号"),
    *("面积(亩)", "标准(元/亩)", "金额(元)", "备注", "联系电话"),
)
MARKS = ["合计", "小计", "姓名", "金额", "上期结转", "摘要", "单位:万元"]
NUMBERS = st.integers() | st.decimals(allow_nan=False, allow_infinity=False)
CELLS = st.none() | NUMBERS | st.dates() | st.text(max_size=12) | st.sampled_from(MARKS)


@pytest.fixture(scope="module")
def headers() -> Headers:
    return workbook.headers()


def good(first: str) -> str:
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(first[:17]))
    return first[:17] + "10X98765432"[total % 11]


def fixture_b() -> list[list[Any]]:
    """Give the reference's fixture B, put right."""
    return [
        ["示例镇示例村2026年耕地地力保护补贴发放花名册"],
        ["填报单位(盖章):示例村村民委员会   单位:元、亩   政策依据:示例字〔2026〕1号"],
        [*HEAD],
        [1, "一组", "石  磊", good(FIRST), CARD, "3.25", 105, 341.25, None, "10000000001"],
        [2, "一组", "田谷雨(户主)", good(SECOND), CARD, 2, 105, 210, "已死亡", "10000000002"],
        [3, "一组", "田谷雨", good(THIRD).lower(), CARD, 1.5, 105, "157.50", None, "10000000003"],
        ["一组小计", None, None, None, None, 6.75, None, 708.75],
        [4, "2组", "石立秋", "439999520315123", CARD, 4, 105, 420, None, "10000000004"],
        [5, None, "田谷雨", None, CARD, 0.01, 105, 1.05, "尿毒症", "10000000005"],
        ["二组小计", None, None, None, None, 4.01, None, 421.05],
        ["合计", None, None, None, None, 10.76, None, 1129.8],
        ["村主任(签字):      制表人:"],
    ]  # fmt: skip


def read(headers: Headers, rows: list[list[Any]], **more: Any) -> Understood:
    more = {"name": "名单", "groups": GROUPS, "hidden_columns": frozenset({9})} | more
    groups = more.pop("groups")
    plain = tuple(
        tuple(Decimal(repr(value)) if isinstance(value, float) else value for value in row)
        for row in rows
    )
    return understand(
        Book((Sheet(rows=plain, **more),)), headers, About(village="示例村", groups=groups)
    )


def errors(understood: Understood) -> list[tuple[str, str]]:
    return [(p.cell, p.problem) for p in understood.problems if p.level == "error"]


def warnings(understood: Understood) -> list[str]:
    return [p.problem for p in understood.problems if p.level == "warning"]


def subsidy(understood: Understood) -> tuple[Content, Subsidy]:
    content = understood.contents[0]
    assert isinstance(content.particulars, Subsidy)
    return content, content.particulars


def test_the_reference_s_roster_becomes_a_subsidy(headers: Headers) -> None:
    """Fixture B: programme, standard, groups as the village names them, exact amounts."""
    understood = read(headers, fixture_b())
    assert () == understood.problems
    content, stated = subsidy(understood)
    assert "示例村2026年耕地地力保护补贴" == content.title
    assert ("2026", "D56", 5) == (content.covers, content.item, content.last_row)
    assert ("耕地地力保护补贴", 10_500, "亩", 112_980) == (
        stated.programme, stated.standard, stated.unit, stated.total,
    )  # fmt: skip
    assert "示例字〔2026〕1号" == stated.basis
    assert ["第一村民小组"] * 3 + ["第二村民小组"] * 2 == [row.group for row in stated.rows]
    assert ["石磊", "田谷雨", "田谷雨", "石立秋", "田谷雨"] == [row.name for row in stated.rows]
    assert [3_250, 2_000, 1_500, 4_000, 10] == [row.quantity for row in stated.rows]
    assert [34_125, 21_000, 15_750, 42_000, 105] == [row.amount for row in stated.rows]
    assert [None, "已故", None, None, None] == [row.remark for row in stated.rows]


def test_only_namesakes_of_one_group_get_the_shortest_tail(headers: Headers) -> None:
    """One character tells these two apart, so no more is shown; a namesake elsewhere needs none."""
    tails = [row.tail for row in subsidy(read(headers, fixture_b()))[1].rows]
    assert [None, good(SECOND)[-1], good(THIRD)[-1], None, None] == tails


def test_no_number_illness_or_phone_comes_along(headers: Headers) -> None:
    """Not in the content, not in any problem, not in the list of what stayed behind."""
    rows = fixture_b()
    rows[4][3] = rows[3][3]
    rows[5][3] = "439999196805120010"
    written = msgspec.json.encode(read(headers, rows)).decode()
    for secret in (good(FIRST), good(SECOND), "439999196805120010", "439999520315123", CARD,
                   "尿毒症", "10000000001"):  # fmt: skip
        assert secret not in written
    dropped = read(headers, rows).sheets[0].dropped
    assert "E列“一卡通账号”：账号不公开" in dropped
    assert "隐藏的J列" in dropped
    assert "备注里的 1 处个人情况" in dropped
    assert "D列“身份证号”：身份证号不公开，只用来分清同组同名的人" in dropped


def test_lost_digits_are_told_and_never_invented(headers: Headers) -> None:
    """An identity number kept as a number has lost its end; the namesakes cannot be told apart."""
    rows = fixture_b()
    rows[4][3] = 439_999_197_104_082_000
    understood = read(headers, rows)
    assert understood.ok
    assert [
        "身份证号按数字存，最后几位已经丢了，没有带入：D5",
        "同组同名，分不清谁是谁：C5、C6",
    ] == warnings(understood)
    assert {None} == {row.tail for row in subsidy(understood)[1].rows}


def test_one_person_twice_and_a_wrong_number_are_warnings(headers: Headers) -> None:
    """The same number twice may be a payment made twice."""
    rows = fixture_b()
    rows[7][3] = rows[3][3]
    rows[8][3] = "123"
    assert [
        "身份证号位数、日期或校验码不对：D9",
        "同一个身份证号出现了两次：D8",
    ] == warnings(read(headers, rows))


def test_quantity_times_standard_must_be_the_amount(headers: Headers) -> None:
    """Half up to the fen, told at the amount, in yuan, by the sheet's own names of the columns.

    Where the sums hold what was paid it is a warning; where they do not, it is an error.
    """
    rows = fixture_b()
    rows[4][7] = 211
    said = "“面积”乘“标准”应为 210.00 元，表上是 211.00 元，差 1.00 元"
    assert [("H5", said)] == errors(read(headers, rows))
    rows[6][7], rows[10][7] = 709.75, 1130.8
    found = read(headers, rows)
    assert [] == errors(found)
    assert [("H5", said, 100, True)] == [
        (p.cell, p.problem, p.gap, p.explainable) for p in found.problems
    ]


def test_wrong_products_are_few_enough_to_be_read(headers: Headers) -> None:
    """A wrong standard makes every line wrong: five are told with their difference, then cells."""
    rows = fixture_b()
    lines = [[n, "一组", f"石{n}", None, None, 2, 105, 200 + n] for n in range(20)]
    total = ["合计", None, None, None, None, 40, None, sum(line[7] for line in lines)]
    told = warnings(read(headers, [*rows[:3], *lines, total]))
    assert 5 == len([said for said in told if "应为" in said])
    (rest,) = [said for said in told if "也不是" in said]
    assert rest.startswith("这些行的“金额”也不是“面积”乘“标准”：H9、")
    assert rest.endswith("等 14 处")


def test_whole_yuan_rounding_is_one_warning(headers: Headers) -> None:
    """Where every difference is rounding to the yuan, it is how it was paid."""
    rows = fixture_b()
    rows[3][7], rows[5][7], rows[8][7] = 341, 158, 1
    rows[6][7], rows[9][7], rows[10][7] = 709, 421, 1130
    understood = read(headers, rows)
    assert understood.ok
    assert ["金额都四舍五入到了元：H4、H6、H9"] == warnings(understood)


@pytest.mark.parametrize(("row", "column"), [(6, 5), (6, 7), (9, 5), (9, 7), (10, 5), (10, 7)])
def test_every_sum_on_the_roster_is_checked(headers: Headers, row: int, column: int) -> None:
    """Group subtotals and totals, of quantities and of money."""
    rows = fixture_b()
    rows[row][column] = rows[row][column] + 1
    found = errors(read(headers, rows))
    assert [f"{'ABCDEFGH'[column]}{row + 1}"] == [where for where, _ in found]
    assert found[0][1].endswith("差 1" if column == 5 else "差 1.00 元")


def test_groups_from_headings_and_merged_cells(headers: Headers) -> None:
    """A group may be a line of its own, or one cell merged along its households."""
    rows = fixture_b()
    for row in rows[3:10]:
        row[1] = None
    rows.insert(3, ["一组"])
    rows.insert(8, ["第二村民小组"])
    assert ["第一村民小组"] * 3 + ["第二村民小组"] * 2 == [
        row.group for row in subsidy(read(headers, rows))[1].rows
    ]
    rows = fixture_b()
    rows[4][1] = rows[5][1] = None
    merged = (Merge(3, 1, 5, 1),)
    assert () == read(headers, rows, merged=merged).problems


@pytest.mark.parametrize(("name", "expected"), [("一组", "第一村民小组"), ("12", ""), ("名单", "")])
def test_a_sheet_called_as_a_group_is_one(headers: Headers, name: str, expected: str) -> None:
    """Where no column says it; two such sheets are then told apart by their titles."""
    rows = [[cell for at, cell in enumerate(row) if at != 1] for row in fixture_b()[:6]]
    content, stated = subsidy(read(headers, rows, name=name, hidden_columns=frozenset({8})))
    assert {expected} == {row.group for row in stated.rows}
    assert bool(expected) == content.title.endswith(f"（{expected}）")


def test_a_group_the_village_does_not_have_is_a_warning(headers: Headers) -> None:
    """It may be new, or a slip."""
    rows = fixture_b()
    rows[7][1] = "九组"
    assert "村里没有登记这些组：B8" in warnings(read(headers, rows))


def test_an_unreadable_amount_or_a_missing_name_is_an_error(headers: Headers) -> None:
    """Told at the cell; the sums are not blamed for it."""
    rows = fixture_b()
    rows[3][7] = "约340"
    rows[4][2] = None
    assert [("H4", "这个金额读不出来：“约340”"), ("C5", "没有写姓名")] == errors(
        read(headers, rows)
    )


def test_a_list_of_wages_is_no_subsidy(headers: Headers) -> None:
    """Its heading does not say so; it is left out aloud."""
    rows = fixture_b()
    rows[0][0] = "示例镇示例村2026年3月零工工资表"
    understood = read(headers, rows)
    assert not understood.ok
    assert ["这张名单看不出是什么补贴，没有带入"] == warnings(understood)


def test_an_unknown_programme_comes_in_as_sums_alone(headers: Headers) -> None:
    """What of it may be public has not been laid down yet: no name, no household, no remark."""
    rows = fixture_b()
    rows[0][0] = "示例镇示例村2026年第一季度水库移民补贴发放花名册"
    understood = read(headers, rows)
    assert ["“水库移民补贴”还没有登记公开口径，只带入各组合计，不带姓名"] == warnings(understood)
    content, stated = subsidy(understood)
    assert (None, "水库移民补贴", 112_980) == (content.item, stated.programme, stated.total)
    assert [
        ("第一村民小组", 70_875, 6_750, None, None, None),
        ("第二村民小组", 42_105, 4_010, None, None, None),
    ] == [(r.group, r.amount, r.quantity, r.name, r.tail, r.remark) for r in stated.rows]
    assert 5 == understood.sheets[0].rows


def test_several_people_in_one_cell_are_told(headers: Headers) -> None:
    """One line is one household."""
    rows = fixture_b()
    rows[3][2] = "石磊、石立春"
    assert ["一格里好像写了几个人：C4"] == warnings(read(headers, rows))


@given(st.data())
def test_no_cell_makes_the_reader_stumble(headers: Headers, data: st.DataObject) -> None:
    """Whatever stands anywhere, the answer is a reading or problems, never a fault."""
    rows = fixture_b()
    for _ in range(data.draw(st.integers(1, 6))):
        row = data.draw(st.integers(0, len(rows) - 1))
        column = data.draw(st.integers(0, len(rows[row]) - 1))
        rows[row][column] = data.draw(CELLS)
    understood = read(headers, rows)
    assert understood.ok == (bool(understood.contents) and not errors(understood))
