"""Where the tables of a sheet stand, what their columns are, and which of seven kinds they are."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeboard.core.sheet import Choices, SheetChoice
from noticeboard.core.sheet.headers import KINDS, SheetKind
from noticeboard.core.sheet.layout import Layout
from noticeboard.core.sheet.lines import mark_of
from tests.core.sheet.sheets import (
    ABOUT,
    errors,
    headers,
    ledger,
    lexicon,
    roster,
    sheet,
    tables,
    understood,
    warnings,
)

PROJECTS = [
    ["示例村2026年项目建设情况公开表"],
    [
        "项目名称",
        "建设地点",
        "资金来源",
        None,
        None,
        "合同金额（元）",
        "施工单位",
        "开工日期",
        "进度",
    ],
    [None, None, "上级（万元）", "自筹（万元）", "村集体（万元）", None, None, None],
    ["三组机耕路硬化", "三组", 20, 1.5, 3, 236000, "示例建筑公司", "2026.3.1"],
]
ASSETS = [
    ["示例村集体固定资产台账", None, None, None, None, "单位：元"],
    [
        "资产名称",
        "类别",
        "规格型号",
        "数量",
        "单位",
        "原值",
        "净值",
        "购建时间",
        "存放地点",
        "保管人",
    ],
    ["水泵", "设备", "QY-25", 2, "台", 3600, 1800, "2019年", "泵房", "石立秋"],
]
CONTRACTS = [
    ["示例村经济合同台账"],
    ["合同编号", "标的", "承包（租）方", "面积/数量", "起止时间", "年租金（元）", "已收", "欠收"],
    ["2021-3", "村部门面2间", "田谷雨", 60, "2021.1.1至2025.12.31", 12000, 12000, 0],
]
LABOUR = [
    ["示例村2026年3月零工用工明细表"],
    ["日期", "姓名", "用工事由", "天数", "单价（元）", "金额（元）"],
    ["3月5日", "石立秋", "清淤", 2, 120, 240],
]
SHEETS: list[tuple[SheetKind, list[list[Any]]]] = [
    ("ledger", ledger()),
    ("roster", roster()),
    ("project", PROJECTS),
    ("asset", ASSETS),
    ("contract", CONTRACTS),
    ("labour", LABOUR),
]


@pytest.mark.parametrize(("kind", "rows"), SHEETS)
def test_a_kind_is_known_by_its_words(kind: SheetKind, rows: list[list[Any]]) -> None:
    """Each kind is found with its title and, by the columns alone, without."""
    assert [kind] == [table.kind for table in tables(sheet("Sheet1", rows))]
    assert [kind] == [table.kind for table in tables(sheet("Sheet1", [["明细"], *rows[1:]]))]


def test_the_title_decides_between_kinds() -> None:
    """姓名, 天数, 标准, 金额 could be a subsidy of days or labour: the heading says which."""
    rows: list[list[Any]] = [[""], ["姓名", "数量", "标准", "金额"], ["石磊", 2, 100, 200]]
    for title, kind in [("2026年误工补贴发放表", "labour"), ("2026年农机购置补贴名单", "roster")]:
        rows[0] = [title]
        assert [kind] == [table.kind for table in tables(sheet("Sheet1", rows))]


def test_every_word_is_found_under_its_field() -> None:
    """Each synonym of each kind is read as its own field, full-width brackets and spaces or not."""
    from noticeboard.core.sheet.lexicon import sense

    for kind in KINDS:
        if kind == "table":
            continue
        for field, listed in headers().words_of(kind).items():
            for word in listed:
                found = sense([" ".join(word)], lexicon().kinds[kind])
                assert ("taken", field) == (found.fate, found.field), (kind, word)


def test_fields_have_names_to_choose_from() -> None:
    """What a column can be is offered in Chinese, by kind, each field once."""
    fields = headers().fields("ledger")
    assert ("日期", "摘要", "收入") == (fields["date"], fields["summary"], fields["income"])
    for kind in KINDS:
        named = headers().fields(kind)
        assert len(named) == len(set(named.values())), kind


def test_a_header_of_two_levels() -> None:
    """资金来源{上级|自筹|村集体}, each with a unit of its own; merged or not."""
    for merged in [(), ((1, 2, 1, 4), (1, 0, 2, 0), (1, 5, 2, 5))]:
        (table,) = tables(sheet("项目", PROJECTS, merged=merged))
        fields = {column.letter: (column.field, column.unit) for column in table.columns}
        assert ("upper", 1_000_000) == fields["C"]
        assert ("own", 1_000_000) == fields["D"]
        assert ("collective", 1_000_000) == fields["E"]
        assert ("contract", 100) == fields["F"]
        assert [3] == [line.row for line in table.lines]


def test_merged_levels_need_no_known_words() -> None:
    """A merged header's second level is no line of data, though nobody knows its words."""
    rows = [
        ["示例村2026年耕地地力保护补贴"],
        ["组别", "姓名", "补贴情况", None, "金额"],
        [None, None, "地块一号", "地块二号", None],
        ["一组", "石磊", 1, 2, 315],
    ]
    (table,) = tables(sheet("名单", rows, merged=((1, 2, 1, 3), (1, 0, 2, 0), (1, 1, 2, 1))))
    assert [3] == [line.row for line in table.lines]
    assert ["补贴情况 地块一号", "补贴情况 地块二号"] == [
        column.header for column in table.columns if column.fate == "unknown"
    ]


def test_a_second_level_without_merged_cells() -> None:
    """The official inventory as a CSV: names under open places are the header's second level."""
    rows = [
        ["示例村资产清查登记表"],
        ["名称", "清理情况", None, None, None, None, "使用情况", None],
        [None, "单位", "数量", "金额（元）", "存放地点", "保管人", "村自用", "他人使用"],
        ["水泵", "台", 2, 3600, "泵房", "石磊", "√", None],
    ]
    (table,) = tables(sheet("清查", rows))
    assert ("asset", [3]) == (table.kind, [line.row for line in table.lines])
    fields = {column.letter: column.field for column in table.columns if column.fate == "taken"}
    assert ["name", "unit", "quantity", "original", "place", "keeper"] == [*fields.values()]


def test_two_columns_are_enough_where_the_title_says_so() -> None:
    """姓名 and 金额 alone are a roster under 临时救助名单, and nothing without it."""
    rows = [["2026年临时救助名单"], ["姓名", "救助金"], ["石磊", 500]]
    assert ["roster"] == [table.kind for table in tables(sheet("Sheet1", rows))]
    assert [] == tables(sheet("Sheet1", [["2026年3月"], *rows[1:]]))


MEMBERS = [
    ["示例村党员名单"],
    ["序号", "姓名", "性别", "入党时间", "所在支部", "党费金额", "联系电话"],
    [1, "石磊", "男", "2010.7", "第一支部", 12, "10000000001"],
]


def test_a_plain_list_is_offered_and_never_taken_unasked() -> None:
    """A clear header and a title, but no known kind: how each column would be read is there."""
    layout = Layout(sheet("党员", MEMBERS), lexicon(), KINDS, ABOUT, Choices())
    assert [] == list(layout.tables())
    offered = layout.offered()
    assert offered is not None
    assert "table" == offered.kind
    assert {
        "A": ("quiet", ""),
        "B": ("taken", "person"),
        "C": ("private", "home"),
        "D": ("taken", "date"),
        "E": ("taken", "text"),
        "F": ("taken", "money"),
        "G": ("private", "phone"),
    } == {column.letter: (column.fate, column.field) for column in offered.columns}


@pytest.mark.parametrize(
    "choices",
    [{"kind": "table"}, {"sheets": (SheetChoice(sheet="党员", kind="table"),)}],
    ids=["workbook", "sheet"],
)
def test_a_plain_list_is_taken_when_asked_for(choices: dict[str, Any]) -> None:
    """By the command's --kind or by the clerk's answer; a ledger beside it stays one."""
    (table,) = tables(sheet("党员", MEMBERS), **choices)
    assert ("table", [2]) == (table.kind, [line.row for line in table.lines])
    (other,) = tables(sheet("收支", ledger()), **choices)
    assert "ledger" == other.kind


def test_what_is_no_list_is_not_offered() -> None:
    """Prose, a header without lines, and lines broader than their header are nothing to offer."""
    for rows in (
        [["会议记录"], ["今天开会"]],
        [["名单"], ["姓名", "支部"]],
        [["名单"], ["姓名", "支部"], ["石磊", "一", 3, 4, 5]],
        [["通知"], ["时间：今天", "地点：村部"], ["石磊", "来"]],
    ):
        layout = Layout(sheet("Sheet1", rows), lexicon(), KINDS, ABOUT, Choices())
        assert (None, []) == (layout.offered(), list(layout.tables()))


def test_month_and_day_under_a_merged_year() -> None:
    """2026年 over 月 and 日 is a date in two columns."""
    rows = [
        ["示例村2026年3月收支"],
        ["2026年", None, "凭证号", "摘要", "收入", "支出"],
        ["月", "日", None, None, None, None],
        [3, 5, "记-1", "租金", 100, None],
        [3, 9, "记-2", "电费", None, 60],
        ["合计", None, None, None, 100, 60],
    ]
    found = understood(sheet("收支", rows, merged=((1, 0, 1, 1), (1, 2, 2, 2), (1, 3, 2, 3))))
    assert [] == errors(found)
    (content,) = found.contents
    assert ["2026-03-05", "2026-03-09"] == [row.date for row in content.particulars.rows]


def paged(pages: int) -> list[list[Any]]:
    rows = ledger()
    printed: list[list[Any]] = []
    for page in range(pages):
        start = [["  " + rows[0][0]], rows[1]] if page else [rows[0], rows[1]]
        printed += [*start, [f"第{page + 1}页"], rows[2]]
        if not page:
            printed.append(rows[3])
        for line in rows[4:6]:
            printed.append([*line[:5]])
    income, expense = 2000 * pages, 500 * pages
    return [*printed, ["合计", None, None, income, expense], rows[-1]]


@pytest.mark.parametrize("pages", [1, 2, 5])
def test_a_header_printed_on_every_page_is_one_table(pages: int) -> None:
    """Title, unit, page number and header come again on paper; the lines go on."""
    found = tables(sheet("收支", paged(pages)))
    assert [2 * pages] == [sum(line.mark == "data" for line in t.lines) for t in found]


def test_tables_one_below_the_other() -> None:
    """Three months under one another are three readings, each with its own period and cells."""
    months = [ledger(f"示例村2026年{month}月财务收支明细表", month) for month in (1, 2, 3)]
    months[1][5][5] = 2600
    rows = [*months[0], [], *months[1], [None], *months[2]]
    found = understood(sheet("一季度", rows))
    assert [("一季度", n, "ledger") for n in (1, 2, 3)] == [
        (reading.name, reading.table, reading.kind) for reading in found.sheets
    ]
    assert ["2026-01", "2026-02", "2026-03"] == [reading.covers for reading in found.sheets]
    assert [2, 2, 2] == [reading.rows for reading in found.sheets]
    assert ["F15"] == [cell for _, cell, _ in errors(found)]


def test_a_ledger_and_a_roster_share_a_sheet() -> None:
    """Two kinds under one another are told apart, titles and all."""
    found = understood(sheet("三月", [*ledger(), [], *roster()]))
    assert [] == errors(found)
    assert ["ledger", "roster"] == [reading.kind for reading in found.sheets]
    assert "示例村2026年耕地地力保护补贴" == found.sheets[1].title.replace("发放名单", "")


def test_receipts_and_payments_in_two_parts() -> None:
    """一、收入 and 二、支出 with the same header are two tables under one title."""
    head = ["日期", "凭证号", "摘要", "金额"]
    rows = [
        ["示例村2026年第一季度财务收支公开表"],
        ["单位：元"],
        ["一、收入部分"],
        head,
        ["1月5日", "记-1", "林地租金", 2000],
        ["小计", None, None, 2000],
        ["二、支出部分"],
        head,
        ["2月3日", "记-2", "修机耕路", 500],
        ["小计", None, None, 500],
    ]
    first, second = tables(sheet("收支", rows))
    assert (3, 7) == (first.header, second.header)
    assert ([4, 5], [8, 9]) == ([x.row for x in first.lines], [x.row for x in second.lines])
    assert "二、支出部分" == second.titles[0]
    assert "示例村2026年第一季度财务收支公开表" in second.titles


def test_groups_with_their_own_header_stay_one_roster() -> None:
    """一组 above a header, and above one printed again, heads a part of one list."""
    rows = [[line[0], *line[2:]] for line in roster()]
    rows = [*rows[:2], ["一组"], *rows[2:5], ["二组"], rows[2], *rows[5:]]
    found = understood(sheet("名单", rows))
    assert ((), 1) == (found.problems, len(found.sheets))
    groups = [row.group for row in found.contents[0].particulars.rows]
    assert ["第一村民小组", "第一村民小组", "第二村民小组"] == groups


def test_what_stands_under_a_table_is_read() -> None:
    """Signatures are no lines; what they say that is not empty is kept for the preview."""
    rows = [*ledger(), ["村主任(签字):  报账员:  制表人: 田谷雨  公开时间：2026年4月10日"]]
    found = understood(sheet("收支", rows))
    assert (
        ("监督电话", "12388"),
        ("制表人", "田谷雨"),
        ("公开时间", "2026年4月10日"),
    ) == found.sheets[0].signed
    assert "表尾签字栏" in found.sheets[0].dropped


@pytest.mark.parametrize(
    "ending",
    [
        [["示例村村民委员会"], ["2026年4月10日"]],
        [["制表：田谷雨"], [None, None, "示例村村民委员会（盖章）", None, date(2026, 4, 10)]],
        [["二〇二六年四月十日"]],
    ],
)
def test_who_made_a_sheet_and_when_is_no_line(ending: list[list[Any]]) -> None:
    """The body and the day under a table, with no label before them, ask and warn of nothing."""
    found = understood(sheet("收支", [*ledger(), *ending]), sheet("补贴", [*roster(), *ending]))
    assert ((), ()) == (found.problems, found.questions)
    plain = understood(sheet("收支", ledger()), sheet("补贴", roster()))
    assert [c.particulars for c in plain.contents] == [c.particulars for c in found.contents]


def test_a_lone_day_between_lines_is_still_a_line() -> None:
    """A receipt of which only the day is written is not taken for the sheet's end."""
    rows = ledger()
    found = understood(sheet("收支", [*rows[:-2], [date(2026, 3, 20)], *rows[-2:]]))
    assert not found.ok


def test_a_clean_workbook_gives_no_problem() -> None:
    """Two clean sheets: nothing to ask, nothing to warn of."""
    found = understood(sheet("收支", ledger()), sheet("补贴", roster()))
    assert ((), ()) == (found.problems, found.questions)
    assert found.ok


def test_the_period_comes_from_wherever_it_stands() -> None:
    """Title first, then the sheet's name with the title's year, then the file's name."""
    rows = ledger("示例村财务收支明细表")
    assert "2026-Q1" == understood(sheet("收支", rows), name="2026年第一季度").sheets[0].covers
    assert "2026-03" == understood(sheet("2026年3月", rows)).sheets[0].covers
    rows = ledger("示例村2026年财务收支明细表")
    assert "2026-01" == understood(sheet("1月", rows)).sheets[0].covers
    assert "2026" == understood(sheet("收支", rows)).sheets[0].covers


def test_a_sheet_of_another_village_is_refused() -> None:
    """By its title or its own name; a file's name alone is only asked to be looked at."""
    other = ledger("另外村2026年第一季度财务收支明细表")
    other[1] = ["单位：元"]
    assert [("收支", "", "这张表写的是另外村，不是示例村")] == errors(
        understood(sheet("收支", other))
    )
    bare = ledger("2026年第一季度财务收支明细表")
    bare[1] = ["单位：元"]
    assert ["这张表写的是另外村，不是示例村"] == [
        problem for _, _, problem in errors(understood(sheet("另外村", bare)))
    ]
    found = understood(sheet("收支", bare), name="另外村2026年一季度")
    assert ([], ["文件名写的是“另外村”"]) == (errors(found), warnings(found))
    assert [] == warnings(understood(sheet("收支", ledger()), name="另外村2026年一季度"))


def test_a_title_of_two_units_is_refused() -> None:
    """单位:元 and 单位:万元 above one table leave a factor of ten thousand open."""
    rows = ledger()
    rows[0].append("单位：万元")
    assert [("收支", "D3", "这张表写了两种金额单位")] == errors(understood(sheet("收支", rows)))


def test_a_nameless_sheet_is_called_by_its_file() -> None:
    """Sheet1 is no title for a village's wall."""
    rows = ledger()[1:]
    assert (
        "示例村一季度收支"
        == understood(sheet("Sheet1", rows), name="示例村一季度收支").sheets[0].title
    )


NAMES = st.sampled_from(
    "石立秋 会计 合计 小计 （合计） 3月 第2页 一组 合\u200b计 小计: ⼩计 — 【累计】".split()
)
PHRASES = st.lists(NAMES, max_size=3).flatmap(
    lambda names: st.sampled_from(["", " ", "\u3000"]).map(lambda between: between.join(names))
)
WORDS = "日期 摘要 收入 支出 姓名 金额 合计 单位：元 合　计 项目名称 第1页 2026年".split()
CELLS = st.none() | st.integers() | st.text(max_size=6) | st.sampled_from(WORDS)
LINES = st.lists(st.none() | PHRASES | st.integers(0, 99), max_size=6)


@given(st.lists(st.lists(CELLS, max_size=7), max_size=12))
def test_any_sheet_is_taken_apart(rows: list[list[Any]]) -> None:
    """Nothing that can stand in cells breaks the layout; tables never share a line."""
    seen: set[int] = set()
    for table in tables(sheet("收支", rows)):
        lines = {line.row for line in table.lines}
        assert not lines & seen
        assert not lines & set(range(table.top, table.header + 1))
        seen |= lines


@given(st.lists(LINES, max_size=30))
def test_the_quick_look_agrees_with_the_close_one(body: list[list[Any]]) -> None:
    """A line that is taken for data at a glance would be data at a closer look, too."""
    rows = [*roster()[:3], *body, ["石立秋"]]
    for table in tables(sheet("名单", rows), ("roster",)):
        for line in table.lines:
            assert (line.mark, line.label) == mark_of(table.sheet.rows[line.row], lexicon())


@pytest.mark.parametrize("word", ["结余", "期末结存", "本期结余"])
def test_a_closing_balance_by_any_name_must_be_right(word: str) -> None:
    """A last line called 结余 is what is left, held against what comes of the lines."""
    rows = ledger()
    right = understood(sheet("收支", [*rows[:-1], [word, None, None, None, None, 2500], rows[-1]]))
    assert ((), ()) == (right.problems, right.questions)
    wrong = understood(sheet("收支", [*rows[:-1], [word, None, None, None, None, 2499], rows[-1]]))
    assert [("F8", True)] == [(p.cell, p.level == "error") for p in wrong.problems]
