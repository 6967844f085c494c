"""Sheets in parts: receipts above payments, halves of one account, other lists further down."""

from datetime import date
from typing import Any

import pytest

from noticeboard.core.sheet import SheetChoice
from tests.core.sheet.sheets import errors, ledger, roster, sheet, understood, warnings

TITLE = "示例村2026年第一季度财务收支公开表"
HEADER = ["日期", "凭证号", "摘要", "金额"]
RECEIPT = [date(2026, 1, 5), "记-1", "林地租金", 2000]
PAYMENT = [date(2026, 1, 20), "记-2", "修机耕路", 500]


def part(name: str, line: list[Any]) -> list[list[Any]]:
    return [[name], HEADER, line, ["合计", None, None, line[3]]]


@pytest.mark.parametrize("sheet_name", ["收支", "Sheet1", "支出"])
def test_the_words_above_a_part_say_which_way_its_money_went(sheet_name: str) -> None:
    """一、收入 and 二、支出 of one sheet, each with one column of amounts."""
    rows = [[TITLE], ["单位：元"], *part("一、收入部分", RECEIPT), *part("二、支出部分", PAYMENT)]
    found = understood(sheet(sheet_name, rows))
    assert [] == errors(found)
    assert [(200_000, 0), (0, 50_000)] == [
        (reading.income_fen, reading.expense_fen) for reading in found.sheets
    ]


# Halves of one account.


def halves(receipts: str = TITLE, payments: str = TITLE) -> list[Any]:
    return [
        sheet("收入", [[receipts], ["单位：元"], *part("收入明细", RECEIPT)]),
        sheet("支出", [[payments], ["单位：元"], *part("支出明细", PAYMENT)]),
    ]


def test_receipts_and_payments_of_one_time_need_no_opening_balance() -> None:
    """Each is half of an account; only together they could have one."""
    found = understood(*halves())
    assert ([], []) == (errors(found), warnings(found))
    assert 2 == len(found.contents)


@pytest.mark.parametrize("sheets", [halves()[:1], halves()[1:]])
def test_half_an_account_alone_is_told(sheets: list[Any]) -> None:
    """Where the other half is missing, so may be the balance."""
    assert ["没有“上期结转”这一行，上期结余按 0 元计"] == warnings(understood(*sheets))


def test_halves_of_different_times_are_no_whole() -> None:
    """The receipts of a quarter and the payments of another are two accounts."""
    other = TITLE.replace("一季度", "二季度")
    later = [*PAYMENT]
    later[0] = date(2026, 4, 20)
    found = understood(
        halves()[0], sheet("支出", [[other], ["单位：元"], *part("支出明细", later)])
    )
    assert 2 == len([said for said in warnings(found) if "上期结转" in said])


# Lists of another kind further down.

POSTS = [["姓名", "职务", "分工"], ["石立秋", "主任", "全面工作"], ["田谷雨", "委员", "妇女工作"]]
SEATS = [["会议名称", "应到", "实到"], ["村民代表会议", 32, 30]]
WHO = [["值班安排"], ["星期", "带班人员", "值班室"], ["一", "石立秋", "1号"]]


@pytest.mark.parametrize("other", [POSTS, SEATS, WHO])
@pytest.mark.parametrize("between", [[], [[]], [["村主任：", None, "报账员："]]])
def test_a_list_below_a_ledger_is_no_part_of_it(
    other: list[list[Any]], between: list[list[Any]]
) -> None:
    """It is told at its header, can be taken for what it is, and the ledger stays as it was."""
    rows = [*ledger()[:7], *between, *other]
    found = understood(sheet("收支", rows))
    assert [] == errors(found)
    header = 7 + len(between) + (other is WHO)
    assert [f"A{header + 1}"] == [problem.cell for problem in found.problems]
    assert ["没有认出这张表，没有带入"] == warnings(found)
    assert [("ledger", 2), (None, 0)] == [(one.kind, one.rows) for one in found.sheets]
    assert ("table",) == found.sheets[1].offers
    taken = understood(
        sheet("收支", rows), sheets=(SheetChoice(sheet="收支", table=2, kind="table"),)
    )
    assert ["ledger", "table"] == [one.kind for one in taken.sheets]
    assert [] == errors(taken)
    left = understood(
        sheet("收支", rows), sheets=(SheetChoice(sheet="收支", table=2, kind="skip"),)
    )
    assert ([], []) == (errors(left), warnings(left))


@pytest.mark.parametrize("other", [SEATS, WHO])
def test_a_list_above_a_ledger_is_no_title_of_it(other: list[list[Any]]) -> None:
    """The ledger below is found by its own title."""
    found = understood(sheet("收支", [*other, [], *ledger()]))
    assert [] == errors(found)
    assert [None, "ledger"] == [one.kind for one in found.sheets]
    assert "示例村2026年第一季度财务收支明细" == found.contents[0].title


def test_signatures_and_remarks_are_no_list() -> None:
    """Names without colons, a line of words, what is printed again: none begins a table."""
    for tail in (
        [["村主任", "石立秋", "报账员", "龙小满"], ["制表人", "田谷雨"]],
        [["以上收支", "已经民主理财小组审核", "同意公开"]],
        [[], ["日期", "凭证号", "摘要", "收入", "支出", "余额"]],
    ):
        found = understood(sheet("收支", [*ledger()[:7], *tail]))
        assert 1 == len(found.sheets), tail


# Habits of offices.


def test_a_total_above_its_lines_is_held_against_all_of_them() -> None:
    """It stands under the header; one that is wrong is told there."""
    rows = ledger()
    rows.insert(3, rows.pop(6))
    assert [] == errors(understood(sheet("收支", rows)))
    rows[3][4] = 600
    assert [("收支", "E4")] == [(name, cell) for name, cell, _ in errors(understood(
        sheet("收支", rows)))]  # fmt: skip
    listed = roster()
    listed.insert(3, listed.pop(6))
    assert [] == errors(understood(sheet("名单", listed)))
    listed[3][5] = 946
    assert [("名单", "F4")] == [(name, cell) for name, cell, _ in errors(understood(
        sheet("名单", listed)))]  # fmt: skip


def test_a_list_in_two_halves_side_by_side_is_one_thing_to_mend() -> None:
    """Four columns that stand twice are not four slips; one column that does is a slip."""
    rows = [[*row, *row] if n > 1 else row for n, row in enumerate(roster())]
    assert [("名单", "G3", "这张表左右分成了几栏")] == errors(understood(sheet("名单", rows)))
    rows = [[*row, *row[5:]] for row in roster()]
    assert [("名单", "G3", "F列和G列的表头意思一样")] == errors(understood(sheet("名单", rows)))


def test_a_voucher_in_two_columns_is_one() -> None:
    """字 and 号 under 凭证; alone, 号 is the voucher."""
    rows = ledger()
    rows[2][1:2] = ["字", "号"]
    rows[3].insert(2, None)
    rows[4][1:2], rows[5][1:2] = ["现付", 1], ["现收", 12]
    rows[6].insert(2, None)
    found = understood(sheet("收支", rows))
    assert ["现付-1", "现收-12"] == [row.voucher for row in found.contents[0].particulars.rows]
    alone = [[cell for at, cell in enumerate(row) if at != 1] for row in rows]
    alone[0], alone[1] = rows[0], rows[1]
    found = understood(sheet("收支", alone))
    assert ["1", "12"] == [row.voucher for row in found.contents[0].particulars.rows]


@pytest.mark.parametrize(
    "label",
    ["合计（大写）：贰仟元整", "合计大写", "合计：人民币贰仟元整", "金额合计（人民币大写）"],
)
def test_a_total_in_capitals_is_a_total(label: str) -> None:
    """What stands in figures beside it is held against the lines."""
    rows = ledger()
    rows[6][0] = label
    assert ([], []) == (errors(understood(sheet("收支", rows))), [])
    rows[6][4] = 501
    assert ["E7"] == [cell for _, cell, _ in errors(understood(sheet("收支", rows)))]


def test_columns_of_months_do_not_hide_a_header() -> None:
    """1月, 2月 and 3月 stand in headers as years do."""
    rows = roster()
    rows[2][3:3] = ["1月", "2月"]
    for row in rows[3:6]:
        row[3:3] = [100, 110]
    rows[6][3:3] = [300, 330]
    found = understood(sheet("名单", rows))
    assert ["roster"] == [reading.kind for reading in found.sheets]


def test_numbers_alone_at_the_foot_are_the_total() -> None:
    """Nobody wrote 合计: still it is held against the lines, and is nobody's line."""
    rows = roster()
    rows[6][0] = None
    assert ([], []) == (errors(understood(sheet("名单", rows))), [])
    assert 3 == understood(sheet("名单", rows)).sheets[0].rows
    rows[6][5] = 946
    ((_name, cell, said),) = errors(understood(sheet("名单", rows)))
    assert ("F7", True) == (cell, said.startswith("“合计”对不上"))
    rows[6][0] = 4
    assert ("名单", "C7", "没有写姓名") in errors(understood(sheet("名单", rows)))


def test_a_unit_that_is_missing_is_told_once_for_a_sheet() -> None:
    """Its parts are of one hand."""
    rows = [[TITLE], *part("一、收入部分", RECEIPT), *part("二、支出部分", PAYMENT)]
    assert ["没有写金额单位，按元计"] == warnings(understood(sheet("收支", rows)))


@pytest.mark.parametrize("label", ["收支结余", "本月结余", "滚存结余"])
def test_what_is_left_is_no_line(label: str) -> None:
    """However the last line calls it."""
    rows = ledger()
    rows.insert(7, [label, None, None, None, None, 2500])
    assert [] == errors(understood(sheet("收支", rows)))


def test_what_the_committee_says_below_is_no_line() -> None:
    """An opinion with its day."""
    rows = [*ledger(), ["民主理财小组意见：同意", None, None, None, "2026年4月9日"]]
    assert [] == errors(understood(sheet("收支", rows)))
