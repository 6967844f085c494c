"""A ledger becomes a Spending that rolls, or everything wrong with it is told at its cell."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from noticeboard.core.particulars import Content, Spending
from noticeboard.core.sheet import (
    About,
    Book,
    Choices,
    Headers,
    Sheet,
    SheetChoice,
    Understood,
    understand,
)
from noticeboard.core.sheet.cells import Merge
from noticeboard.formats import workbook

TITLE = "示例镇示例村2026年第一季度财务收支明细公开表"
UNDER = "填报单位(盖章):示例村村民委员会  公开时间:2026年4月10日  单位:元"


@pytest.fixture(scope="module")
def headers() -> Headers:
    return workbook.headers()


def fixture_a() -> list[list[Any]]:
    """Give the reference's fixture A with its sums put right."""
    who = ("李某", "王某")
    return [
        [TITLE],
        [UNDER],
        ["日期", "凭证号", "摘要", "金额", None, None, "经手人", "审批人", "收款人"],
        [None, None, None, "收入", "支出", "余额", None, None, None],
        [None, None, "上期结转", None, None, Decimal("45210.36"), None, None, None],
        ["2026.1.8", "记-3", "拨入2026年一季度村级运转经费", 30000, None, "75,210.36", *who],
        ["1月15日", "记-5", "付村部2025年12月电费", None, "1,286.50", 73923.86, *who, "供电所"],
        ["20260216", "记-9", "付三组机耕路运砂4车(劳务)", None, "1200元", None, *who, "石某"],
        [date(2026, 3, 6), "转-2", "付清淤误工", None, 1200, None, "〃", "同上", "王某等6人"],
        ["本页小计", None, None, 30000, 3686.5],
        ["合  计", None, None, 30000, 3686.5, 71523.86],
        ["累计", None, None, 30000, 3686.5],
        ["村主任(签字):   报账员:   村务监督委员会主任:   制表人:   监督电话:"],
    ]  # fmt: skip


MERGED = (
    Merge(0, 0, 0, 8), Merge(1, 0, 1, 8), Merge(2, 3, 2, 5), Merge(2, 0, 3, 0), Merge(2, 1, 3, 1),
    Merge(2, 2, 3, 2), Merge(2, 6, 3, 6), Merge(2, 7, 3, 7), Merge(2, 8, 3, 8),
)  # fmt: skip


def cell(value: Any) -> Any:
    return Decimal(repr(value)) if isinstance(value, float) else value


def read(
    headers: Headers, rows: list[list[Any]], village: str = "示例村", **more: Any
) -> Understood:
    more = {"name": "收支", "merged": MERGED} | more
    decided = {name: more.pop(name) for name in ("dates", "explained", "flows") if name in more}
    plain = tuple(tuple(map(cell, row)) for row in rows)
    book = Book((Sheet(rows=plain, **more),))
    choices = Choices(sheets=(SheetChoice(sheet=more["name"], **decided),))
    return understand(book, headers, About(village=village), choices)


def errors(understood: Understood) -> list[tuple[str, str]]:
    return [(p.cell, p.problem) for p in understood.problems if p.level == "error"]


def warnings(understood: Understood) -> list[str]:
    return [p.problem for p in understood.problems if p.level == "warning"]


def spending(understood: Understood) -> tuple[Content, Spending]:
    content = understood.contents[0]
    assert isinstance(content.particulars, Spending)
    return content, content.particulars


def test_the_reference_s_sheet_becomes_a_spending(headers: Headers) -> None:
    """Fixture A with right sums: no question, every field where it belongs, the balance rolls."""
    understood = read(headers, fixture_a())
    assert () == understood.problems
    assert understood.ok
    content, stated = spending(understood)
    assert "示例村2026年第一季度财务收支明细" == content.title
    assert ("2026-Q1", "D17", "committee", 4) == (
        content.covers, content.item, content.publisher, content.last_row,
    )  # fmt: skip
    assert (4_521_036, 7_152_386) == (stated.opening, stated.closing)
    assert [1, 2, 3, 4] == [row.id for row in stated.rows]
    assert ["2026-01-08", "2026-01-15", "2026-02-16", "2026-03-06"] == [r.date for r in stated.rows]
    assert [3_000_000, 0, 0, 0] == [row.income for row in stated.rows]
    assert [0, 128_650, 120_000, 120_000] == [row.expense for row in stated.rows]
    last = stated.rows[-1]
    assert ("李某", "王某", "王某等6人", "村民6人") == (
        last.handler, last.approver, last.payee, last.payee_as,
    )  # fmt: skip
    assert "供电所" == stated.rows[1].payee_as
    assert "表尾签字栏" in understood.sheets[0].dropped


def test_without_merged_ranges_the_header_is_found_all_the_same(headers: Headers) -> None:
    """A CSV knows no merged cells; 支出 still lies under 金额."""
    understood = read(headers, fixture_a(), merged=())
    assert understood.ok
    assert 7_152_386 == spending(understood)[1].closing


def test_a_header_of_one_level_reads_the_same(headers: Headers) -> None:
    """The plain form of the same sheet states the same."""
    rows = fixture_a()
    rows[2][3:6] = ["收入(元)", "支出(元)", "余额(元)"]
    del rows[3]
    understood = read(headers, rows, merged=())
    assert () == understood.problems
    assert spending(read(headers, fixture_a()))[1] == spending(understood)[1]


def test_a_wrong_total_is_told_at_its_cell_in_yuan(headers: Headers) -> None:
    """One wrong figure, one error, with what it should be and the difference."""
    rows = fixture_a()
    rows[10][4] = 3786.5
    understood = read(headers, rows)
    assert not understood.ok
    assert () == understood.contents
    assert [
        ("E11", "“合计”对不上：各行相加是 3,686.50 元，表上是 3,786.50 元，差 100.00 元")
    ] == errors(understood)
    assert "收支!E11" == understood.problems[0].finding.where


@pytest.mark.parametrize(("row", "column"), [(9, 3), (9, 4), (10, 3), (10, 4), (11, 3), (11, 4)])
def test_every_sum_on_the_sheet_is_checked(headers: Headers, row: int, column: int) -> None:
    """Page sums, totals and cumulative sums, of receipts and payments alike."""
    rows = fixture_a()
    rows[row][column] += 1
    assert [f"{'ABCDE'[column]}{row + 1}"] == [where for where, _ in errors(read(headers, rows))]


def test_a_wrong_running_balance_is_told_once(headers: Headers) -> None:
    """The lines after it are not blamed, whether they go on rightly or from the wrong figure."""
    rows = fixture_a()
    rows[5][5] = 75210.46
    assert [("F6", "余额对不上：应为 75,210.36 元，表上是 75,210.46 元，差 0.10 元")] == errors(
        read(headers, rows)
    )
    rows[6][5] = 73923.96
    assert ["F6"] == [where for where, _ in errors(read(headers, rows))][:1]
    assert "F7" not in [where for where, _ in errors(read(headers, rows))]


def test_a_closing_balance_that_does_not_follow_is_an_error(headers: Headers) -> None:
    """Opening + income − expense = closing."""
    rows = fixture_a()
    rows.insert(12, ["期末余额", None, None, None, None, 71000])
    assert [("F13", "余额对不上：应为 71,523.86 元，表上是 71,000.00 元，差 -523.86 元")] == errors(
        read(headers, rows)
    )


def test_an_unreadable_amount_is_named_and_blames_no_sum(headers: Headers) -> None:
    """1200左右 is refused at its cell with its value; sums it is part of are not judged."""
    rows = fixture_a()
    rows[7][4] = "1200左右"
    understood = read(headers, rows)
    assert [("E8", "这个金额读不出来：“1200左右”")] == errors(understood)
    assert "1,234.50" in understood.problems[0].fix


def test_all_problems_come_at_once(headers: Headers) -> None:
    """A clerk mends everything in one go."""
    rows = fixture_a()
    rows[5][0] = "2026年2月30日"
    rows[6][2] = None
    rows[7][4] = "1200左右"
    rows[8][3] = 5
    rows[9][3] = "三万"
    assert [
        ("A6", "没有这一天：“2026年2月30日”"),
        ("C7", "没有写摘要"),
        ("E8", "这个金额读不出来：“1200左右”"),
        ("D9", "同一行既有收入又有支出"),
    ] == errors(read(headers, rows))[:4]


def test_a_day_that_does_not_exist_still_counts_in_the_sums(headers: Headers) -> None:
    """A wrong date does not make the totals wrong."""
    rows = fixture_a()
    rows[7][0] = "2月30日"
    assert [("A8", "没有这一天：“2月30日”")] == errors(read(headers, rows))


def test_an_ambiguous_date_is_asked_about(headers: Headers) -> None:
    """1.5 became a number; the column is asked about once, with the dates beside it."""
    rows = fixture_a()
    rows[6][0] = 1.5
    understood = read(headers, rows)
    assert not understood.ok
    assert [] == errors(understood)
    question = understood.questions[0]
    assert ("A7", "date", "A", "日期写的是“1.5”，是几月几日？") == (
        question.cell, question.about, question.column, question.text,
    )  # fmt: skip
    assert (("2026-01-05", "1月5日"),) == question.answers
    assert ("A6 2026.1.8", "A8 20260216", "A9 2026-03-06") == question.beside


def test_one_answer_holds_for_the_column_but_not_for_what_may_be_two_days(
    headers: Headers,
) -> None:
    """1.5 and 1.6 are read alike; 1.1 may have been 1.10 and is asked about by itself."""
    rows = fixture_a()
    rows[5][0], rows[6][0], rows[7][0], rows[8][0] = 1.5, 1.6, 1.1, "1.10"
    assert ["A6", "A8"] == [q.cell for q in read(headers, rows).questions]
    understood = read(headers, rows, dates={"A6": "2026-01-05"})
    assert ["A8"] == [q.cell for q in understood.questions]
    assert ("2026-01-01", "2026-01-10") == tuple(v for v, _ in understood.questions[0].answers)
    understood = read(headers, rows, dates={"A6": "2026-01-05", "A8": "2026-01-10"})
    assert () == understood.questions
    assert ["2026-01-05", "2026-01-06", "2026-01-10", "2026-01-10"] == [
        row.date for row in spending(understood)[1].rows
    ]


def test_whole_months_are_asked_about_and_any_date_can_be_answered(headers: Headers) -> None:
    """2026年1-3月 is no day: the clerk takes its last or first, or names a day at the cell."""
    rows = fixture_a()
    rows[7][0], rows[8][0] = "2026年1-2月", "1月至3月"
    understood = read(headers, rows)
    assert [("A8", ("2026-02-28", "2026-01-01"))] == [
        (q.cell, tuple(value for value, _ in q.answers)) for q in understood.questions
    ]
    last = read(headers, rows, dates={"A8": "2026-02-28"})
    assert ["2026-02-28", "2026-03-31"] == [row.date for row in spending(last)[1].rows][2:]
    rows[7][0] = "春节前"
    assert ["A8"] == [where for where, _ in errors(read(headers, rows))]
    named = read(headers, rows, dates={"A8": "2026-02-12", "A9": "2026-03-06"})
    assert named.ok
    assert [("A8", "没有这一天：“2026-02-31”")] == errors(
        read(headers, rows, dates={"A8": "2026-02-31", "A9": "2026-03-06"})
    )[:1]


def test_a_day_outside_the_period_is_a_warning(headers: Headers) -> None:
    """It may be right; somebody looks."""
    rows = fixture_a()
    rows[8][0] = date(2026, 4, 6)
    understood = read(headers, rows)
    assert understood.ok
    assert ["日期不在 2026年一季度 之内：A9"] == warnings(understood)


def test_another_village_s_sheet_is_an_error(headers: Headers) -> None:
    """The title or the reporting body names whose sheet it is."""
    assert [("", "这张表写的是示例村，不是胡家坪村")] == errors(
        read(headers, fixture_a(), village="胡家坪村")
    )
    rows = fixture_a()
    rows[0][0] = "示例镇大坪村2026年第一季度财务收支明细公开表"
    rows[1][0] = "填报单位(盖章):大坪村村民委员会  单位:元"
    assert [("", "这张表写的是大坪村，不是坪村")] != errors(read(headers, rows, village="坪村"))
    assert ["表上写的是“大坪村”"] == warnings(read(headers, rows, village="坪村"))
    assert () == read(headers, rows, village="大坪村").problems


def test_hidden_rows_are_real_money_and_told(headers: Headers) -> None:
    """Taken in, or the totals would lie, and shown to whoever checks."""
    understood = read(headers, fixture_a(), hidden_rows=frozenset({6, 7}))
    assert understood.ok
    assert ["这些行是隐藏的，照样计入：A7、A8"] == warnings(understood)
    assert 4 == understood.sheets[0].rows


def test_hidden_columns_stay_behind(headers: Headers) -> None:
    """Whatever a hidden column is called, nothing of it comes along."""
    understood = read(headers, fixture_a(), hidden_columns=frozenset({8}))
    assert understood.ok
    assert {None} == {row.payee for row in spending(understood)[1].rows}
    assert "隐藏的I列" in understood.sheets[0].dropped


def test_a_hidden_sheet_stays_behind_and_is_listed(headers: Headers) -> None:
    """Only what one sees when opening the workbook can be published."""
    understood = read(headers, fixture_a(), hidden=True)
    assert ("隐藏的工作表“收支”",) == understood.dropped
    assert () == understood.sheets
    assert not understood.ok


def test_a_lump_needs_a_sub_description(headers: Headers) -> None:
    """其他支出 alone tells a villager nothing."""
    rows = fixture_a()
    rows[7][2] = "其他支出"
    understood = read(headers, rows)
    assert understood.ok
    assert ["只写了“其他”，村民看不懂：C8"] == warnings(understood)


def test_the_same_voucher_twice_is_a_warning(headers: Headers) -> None:
    """Alike in everything that tells receipts apart."""
    rows = fixture_a()
    rows.insert(8, list(rows[7]))
    assert "和前面一行完全相同：B9" in warnings(read(headers, rows))
    rows[8][2] = "付三组机耕路运砂2车(劳务)"
    assert [] == warnings(read(headers, rows))


def test_a_page_printed_anew_is_no_line(headers: Headers) -> None:
    """Title, unit line, header, and signatures on each printed page are skipped."""
    rows = fixture_a()
    again = [list(row) for row in rows[:4]]
    rows[7:7] = [["本页小计", None, None, 30000, 1286.5], list(rows[12]), *again,
                 ["承前页", None, None, 30000, 1286.5, 73923.86]]  # fmt: skip
    page = next(i for i, row in enumerate(rows) if i > 12 and row[0] == "本页小计")
    rows[page][3:5] = [0, 2400]
    understood = read(headers, rows)
    assert () == understood.problems
    assert spending(read(headers, fixture_a()))[1] == spending(understood)[1]


def test_a_sheet_in_wan_says_so_once(headers: Headers) -> None:
    """单位:万元 multiplies; a column's own (元) wins."""
    rows = [
        ["示例村2026年3月财务收支"], ["单位：万元"],
        ["日期", "摘要", "收入", "支出(元)"],
        ["3月2日", "上年结转", 1, None],
        ["3月2日", "拨入运转经费", "3.5", None],
        ["3月3日", "付电费", None, 1200.5],
        ["合计", None, 3.5, 1200.5],
    ]  # fmt: skip
    understood = read(headers, rows, merged=())
    assert () == understood.problems
    content, stated = spending(understood)
    assert "2026-03" == content.covers
    assert (1_000_000, 3_500_000, 120_050) == (
        stated.opening, stated.rows[0].income, stated.rows[1].expense,
    )  # fmt: skip


def test_one_amount_column_with_a_direction(headers: Headers) -> None:
    """收/支 beside 金额 says which way each line goes; without it the clerk is asked."""
    rows = [
        ["示例村2026年3月财务收支 单位:元"],
        ["日期", "摘要", "收/支", "金额", "余额"],
        [None, "期初余额", None, None, 100],
        ["3月2日", "拨入运转经费", "收", 500, 600],
        ["3月3日", "付电费", "支出", 200, 400],
        ["收入合计", None, None, 500, None],
        ["支出合计", None, None, 200, None],
    ]  # fmt: skip
    understood = read(headers, rows, merged=())
    assert [] == errors(understood)
    assert 40_000 == spending(understood)[1].closing
    del rows[6], rows[5]
    for row in rows[1:]:
        del row[2]
    asked = read(headers, rows, merged=())
    assert not asked.ok
    assert [("C2", "flow", "“金额”这一列是收入还是支出？")] == [
        (q.cell, q.about, q.text) for q in asked.questions
    ]


def test_debit_is_income_only_in_a_journal(headers: Headers) -> None:
    """In a journal of cash 借方 is what came in; elsewhere it may be the opposite."""
    rows = [
        ["示例村2026年3月现金日记账 单位:元"],
        ["日期", "摘要", "借方", "贷方", "余额"],
        [None, "上月结转", None, None, 100],
        ["3月2日", "提取备用金", 500, None, 600],
        ["合计", None, 500, None, 600],
    ]
    understood = read(headers, rows, merged=())
    assert () == understood.problems
    assert 50_000 == understood.sheets[0].income_fen
    rows[0][0] = "示例村2026年3月明细账 单位:元"
    asked = read(headers, rows, merged=())
    assert not asked.ok
    assert ["C2", "D2"] == [question.cell for question in asked.questions]
    assert "“借方”这一列是收入还是支出？" == asked.questions[0].text


def test_month_and_day_in_two_columns_under_the_year(headers: Headers) -> None:
    """2026年 above 月 and 日; a month written once holds until the next."""
    rows = [
        ["示例村2026年第一季度财务收支 单位:元"],
        ["2026年", None, "摘要", "收入", "支出", "余额"],
        ["月", "日", None, None, None, None],
        [None, None, "上年结转", None, None, 100],
        [1, 8, "拨入运转经费", 500, None, 600],
        [None, 9, "付电费", None, 100, 500],
        [2, 30, "付水费", None, 100, 400],
        ["合计", None, None, 500, 200, 400],
    ]
    merged = (Merge(1, 0, 1, 1), *(Merge(1, column, 2, column) for column in range(2, 6)))
    assert [("B7", "没有这一天：“2026-2-30”")] == errors(read(headers, rows, merged=merged))
    rows[6][1] = 28
    stated = spending(read(headers, rows, merged=merged))[1]
    assert ["2026-01-08", "2026-01-09", "2026-02-28"] == [row.date for row in stated.rows]


def test_the_collective_publishes_its_own(headers: Headers) -> None:
    """The heading says whose account it is."""
    rows = fixture_a()
    rows[0][0] = "示例村股份经济合作社2026年第一季度财务收支明细公开表"
    understood = read(headers, rows)
    assert () == understood.problems
    assert "collective" == spending(understood)[0].publisher


def test_formulas_without_a_value_and_errors_are_told(headers: Headers) -> None:
    """Neither is taken for an empty cell."""
    rows = fixture_a()
    rows[7][4] = rows[10][4] = None
    understood = read(headers, rows, broken={(7, 4): "=", (10, 4): "#REF!", (0, 9): "#N/A"})
    assert [("E8", "公式没有算出结果"), ("E11", "公式出错：“#REF!”")] == errors(understood)


def test_signs_that_are_not_seen_never_come_along(headers: Headers) -> None:
    """A direction mark can turn a line round on the screen; control characters are worse."""
    rows = fixture_a()
    rows[7][2] = "付运砂\u202e4车\u0007\n二次\u200b"
    assert "付运砂4车 二次" == spending(read(headers, rows))[1].rows[2].summary


def test_what_is_no_ledger_is_told(headers: Headers) -> None:
    """A sheet without a header that is known is left out aloud; alone, it is an error."""
    understood = read(headers, [["会议记录"], ["今天开会"]], merged=())
    assert ["没有认出这张表，没有带入"] == warnings(understood)
    assert [("", "没有找到可以公开的表")] == errors(understood)


def test_two_columns_of_one_meaning_clash(headers: Headers) -> None:
    """Which of two 支出 counts is not for us to say."""
    rows = fixture_a()
    rows[3][5] = "支出"
    assert ("F4", "E列和F列的表头意思一样") in errors(read(headers, rows))


def test_a_row_of_words_is_left_out_aloud(headers: Headers) -> None:
    """一、收入 is a heading and no news; a payment without its amount is an error."""
    rows = fixture_a()
    rows.insert(5, ["以下是第一组"])
    assert ["这一行只有文字，没有计入"] == warnings(read(headers, rows))
    rows[5] = ["一、收支明细"]
    assert [] == warnings(read(headers, rows))
    rows[5] = ["二、付茶叶款300元"]
    assert ["这一行只有文字，没有计入"] == warnings(read(headers, rows))
    rows[5] = ["1月3日", "记-1", "付茶叶"]
    assert [("D6", "这一行没有金额")] == errors(read(headers, rows))
