"""Each line of a project list becomes a Project with its steps, or what is wrong is told."""

from typing import Any

import pytest

from noticeboard.core.particulars import Fact, Project
from noticeboard.core.sheet import SheetChoice, Understood
from tests.core.sheet.sheets import errors, sheet, understood, warnings

HEAD = ["序号", "项目名称", "建设地点", "建设内容", "资金来源", None, None, "总投资（万元）",
        "四议两公开", "招标方式", "合同金额（元）", "施工单位", "签订日期", "开工日期", "进度",
        "已拨付（元）", "未拨付（元）", "验收时间", "决算金额（元）", "管护责任人",
        "项目负责人", "备注"]  # fmt: skip
MERGED = [(1, 4, 1, 6), *((1, c, 2, c) for c in range(22) if c not in {4, 5, 6})]


def projects() -> list[list[Any]]:
    """Give the reference's fixture C: a header of two levels, 万元 in one column, 元 in another."""
    return [
        ["示例村2026年项目建设情况公开表"],
        [*HEAD],
        [None, None, None, None, "上级（万元）", "自筹（万元）", "村集体（万元）"],
        [1, "三组机耕路硬化", "三组", "硬化1.2公里", 20, 1.5, 3, 24.5, "2026年2月1日", "询价",
         236000, "示例建筑公司", "2026.2.20", "2026.3.1", 1, 200000, 36000, "2026.5.20", 235000,
         "石立秋", "田谷雨", None],
        [2, "清淤", "大塘", None, None, 0.8, None, 0.8, "已表决", None, 8000, "石磊", None,
         "2026年6月", "正在施工", 0, None, "未验收", None, None, None, "雨后开工"],
        ["合计", None, None, None, 20, 2.3, 3, 25.3, None, None, 244000, None, None, None, None,
         200000, 36000],
    ]  # fmt: skip


def read(rows: list[list[Any]], **more: Any) -> Understood:
    merged = more.pop("merged", MERGED)
    return understood(sheet("项目", rows, merged=merged), **more)


def stated(found: Understood, number: int = 0) -> Project:
    particulars = found.contents[number].particulars
    assert isinstance(particulars, Project)
    return particulars


def test_every_line_becomes_a_project() -> None:
    """Fixture C: one notice per line, with the year of the list, and none of the total."""
    found = read(projects())
    assert [] == [p.problem for p in found.problems]
    assert ["三组机耕路硬化", "清淤"] == [content.title for content in found.contents]
    assert [("2026", "D41")] * 2 == [(c.covers, c.item) for c in found.contents]
    assert (2, 25_300_000) == (found.sheets[0].rows, found.sheets[0].amount_fen)


def test_the_columns_are_steps() -> None:
    """Sources, decision, tender, contract, payment, acceptance, account and care, in fen."""
    project = stated(read(projects()))
    assert [
        ("budget", "上级", 20_000_000, None),
        ("budget", "自筹", 1_500_000, None),
        ("budget", "村集体", 3_000_000, None),
        ("decision", "四议两公开", None, "2026-02-01"),
        ("tender", "询价", None, None),
        ("contract", "合同金额", 23_600_000, "2026-02-20"),
        ("payment", "已拨付（未拨付 36,000.00 元）", 20_000_000, None),
        ("acceptance", "验收时间", None, "2026-05-20"),
        ("final", "决算金额", 23_500_000, None),
        ("care", "管护责任人", None, None),
    ] == [(row.step, row.text, row.amount, row.date) for row in project.rows]
    assert list(range(1, 11)) == [row.id for row in project.rows]
    assert ("三组", "硬化1.2公里", "") == (project.place, project.scope, project.lead)
    assert (Fact("进度", "100%"), Fact("开工日期", "2026年3月1日")) == project.facts


def test_persons_stand_where_they_can_be_erased() -> None:
    """A firm is a party; a person is one, and what remains is 村民; who answers is named first."""
    first, second = (stated(read(projects()), number) for number in (0, 1))
    assert [("", "田谷雨")] == [(r.party, r.person) for r in first.rows[:1]]
    assert [("示例建筑公司", None)] == [(r.party, r.person) for r in first.rows[5:6]]
    assert [("村民", "石立秋")] == [(r.party, r.person) for r in first.rows[9:]]
    (contract,) = (row for row in second.rows if row.step == "contract")
    assert ("村民", "石磊") == (contract.party, contract.person)


def test_what_has_not_been_accepted_is_no_acceptance() -> None:
    """未验收 is a fact, not a step; a month is no day; remarks are its story."""
    project = stated(read(projects()), 1)
    assert "acceptance" not in {row.step for row in project.rows}
    assert (
        Fact("进度", "正在施工"), Fact("开工日期", "2026年6月"), Fact("验收时间", "未验收")
    ) == project.facts  # fmt: skip
    assert "雨后开工" == project.story


@pytest.mark.parametrize(
    ("row", "column", "value", "cell", "problem", "gap"),
    [
        (3, 7, 24.6, "H4",
         "各项资金来源相加是 245,000.00 元，这里是 246,000.00 元，差 1,000.00 元", 100_000),
        (3, 16, 30000, "Q4",
         "应付减已付是 35,000.00 元，这里是 30,000.00 元，差 -5,000.00 元", -500_000),
        (5, 10, 244001, "K6",
         "“合计”对不上：各行相加是 244,000.00 元，表上是 244,001.00 元，差 1.00 元", 100),
        (3, 10, "23万多", "K4", "这个金额读不出来：“23万多”", None),
        (3, 17, "2026.2.30", "R4", "没有这一天：“2026.2.30”", None),
        (3, 12, "2026-02-30", "M4", "没有这一天：“2026-02-30”", None),
        (4, 1, None, "B5", "这一行没有写“项目名称”", None),
        (4, 11, "石磊13900000000", "L5", "姓名里有号码，不能公开", None),
        (4, 1, "清" * 61, "B5", "这一格的字太多（最多 60 个）", None),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_cell(
    row: int, column: int, value: Any, cell: str, problem: str, gap: int | None
) -> None:
    """A list compares its totals with its lines, and each line's money with itself."""
    rows = projects()
    rows[row][column] = value
    for total in {7, 16} & {column}:
        rows[5][total] = sum(line[total] or 0 for line in rows[3:5])
    found = read(rows)
    assert [(cell, problem)] == [(at, said) for _, at, said in errors(found)]
    assert [gap] == [p.gap for p in found.problems if p.level == "error"]
    assert not found.contents


def test_what_is_explained_is_published_with_its_own_project() -> None:
    """A line's difference belongs to that project; a total's to all of the list."""
    rows = projects()
    rows[3][7], rows[5][7] = 24.6, 25.4
    rows[5][10] = 244001
    explained = {"H4": "另有捐赠一千元", "K6": "含零头"}
    found = read(rows, sheets=(SheetChoice(sheet="项目", explained=explained),))
    total = (
        "“合计”一行的“合同金额”写的是 244,001.00 元，算出来是 244,000.00 元，"
        "多 1.00 元。原因：含零头。"
    )
    assert (
        "表上的“总投资”写的是 246,000.00 元，算出来是 245,000.00 元，"
        f"多 1,000.00 元。原因：另有捐赠一千元。\n{total}" == stated(found).story
    )
    assert f"雨后开工\n{total}" == stated(found, 1).story


def test_rounded_to_ten_thousands() -> None:
    """A budget in 万元 beside sources in 元 is right as far as its last digit goes."""
    rows = [
        ["示例村2026年项目表"],
        ["项目名称", "上级资金（元）", "自筹（元）", "总投资（万元）", "施工单位"],
        ["修渠", 200000, 36012, 23.6, "示例建筑公司"],
    ]
    assert [] == errors(read(rows, merged=()))
    rows[2][2] = 37012
    assert ["D3"] == [cell for _, cell, _ in errors(read(rows, merged=()))]


def test_one_project_on_several_lines() -> None:
    """A merged name holds its lines together: each names a source and what it brings."""
    rows = [
        ["示例村2026年项目表"],
        ["项目名称", "资金来源", "预算（元）", "施工单位", "进度"],
        ["修渠", "衔接资金", 200000, "示例建筑公司", "已完工"],
        [None, "村集体", 36000, None, None],
        ["清淤", "村集体", 8000, "示例建筑公司", "已完工"],
    ]
    found = read(rows, merged=[(2, 0, 3, 0), (2, 3, 3, 3), (2, 4, 3, 4)])
    assert ["修渠", "清淤"] == [content.title for content in found.contents]
    assert [("衔接资金", 20_000_000), ("村集体", 3_600_000)] == [
        (row.text, row.amount) for row in stated(found).rows if row.step == "budget"
    ]


def test_without_a_contract_a_sentence_says_it() -> None:
    """The page of a project without a contract begins with words."""
    rows = [
        ["示例村2026年项目表"],
        ["项目名称", "建设地点", "预算（元）", "进度"],
        ["修渠", "二组", 8000, "正在准备"],
    ]
    found = read(rows, merged=())
    assert "修渠，预算 8,000.00 元，进度正在准备。" == stated(found).lead
    assert "D39" == found.contents[0].item


def test_what_only_looks_odd_is_a_warning() -> None:
    """Two projects of one name; more paid than was agreed."""
    rows = projects()
    rows[4][1] = "三组机耕路硬化"
    rows[4][15] = 80000
    rows[5][15] = 280000
    assert ["和前面一个项目同名：B5", "已付的比合同、决算和预算都多：P5"] == warnings(read(rows))


@pytest.mark.parametrize(
    ("head", "cell", "said"),
    [("进度", 0.8, "80%"), ("进度（%）", 80, "80%"), ("进度", 1, "100%"), ("进度", "八成", "八成")],
)
def test_progress(head: str, cell: Any, said: str) -> None:
    """A share as Excel keeps it, a number under a percent sign, or words."""
    rows = [
        ["示例村2026年项目表"],
        ["项目名称", "建设地点", "预算（元）", head],
        ["修渠", "二组", 8000, cell],
    ]
    assert said == stated(read(rows, merged=())).facts[0].value
