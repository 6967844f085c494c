"""The promises of the empty workbooks: filled in, each imports without a question or a warning."""

import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries

from noticeboard.core.days import instant
from noticeboard.core.particulars import Content
from noticeboard.core.sheet import About, Understood, understand
from noticeboard.core.sheet.headers import KINDS, SheetKind
from noticeboard.formats import workbook
from noticeboard.formats.templates import INSTRUCTIONS, template, templates

ABOUT = About(village="示例村", groups=("一组", "三组"), at=instant("2026-04-08", "09:00"))
OPENING: dict[str, Any] = {"余额": 1000}
# What a clerk types under the header, by its words.
LINES: dict[SheetKind, list[dict[str, Any]]] = {
    "ledger": [
        {"日期": date(2026, 1, 10), "凭证号": "记-1", "摘要": "林地租金", "收入": 2000},
        {
            "日期": date(2026, 2, 3),
            "凭证号": "记-2",
            "摘要": "付修机耕路",
            "科目": "公益支出",
            "支出": 500.5,
            "支付方式": "转账",
            "收款人": "王建军",
            "经手人": "李秀英",
        },
    ],
    "roster": [
        {"组别": "一组", "姓名": "陈桂花", "补贴数量": 3.25, "补贴标准": 105, "补贴金额": 341.25},
        {"组别": "三组", "姓名": "刘满仓", "补贴数量": 1.5, "补贴标准": 105, "补贴金额": 157.5},
    ],
    "project": [
        {
            "项目名称": "三组蓄水池",
            "建设地点": "三组后山",
            "建设内容": "新建蓄水池一口",
            "决议时间": date(2026, 1, 5),
            "上级资金": 80000,
            "自筹资金": 6000,
            "招标方式": "询价",
            "施工单位": "示例建筑有限公司",
            "合同金额": 76000,
            "合同签订日期": date(2026, 1, 20),
            "开工日期": date(2026, 2, 1),
            "进度": "在建",
            "已拨付": 30000,
            "项目负责人": "李秀英",
        },
        {"项目名称": "村部屋顶维修", "村集体资金": 5000, "进度": "未开工"},
    ],
    "asset": [
        {
            "资产名称": "村部办公楼",
            "资产类别": "房屋",
            "数量": 1,
            "计量单位": "栋",
            "原值": 350000,
            "净值": 210000,
            "购建时间": "2012-06",
            "坐落位置": "一组",
            "使用状况": "自用",
            "保管人": "李秀英",
        },
        {"资产名称": "电脑", "数量": 2, "计量单位": "台", "原值": 7600.4, "净值": 1000},
    ],
    "contract": [
        {
            "合同编号": "2021-01",
            "合同标的": "水库养鱼",
            "承包人": "王建军",
            "面积": 12.5,
            "计量单位": "亩",
            "起始日期": date(2021, 1, 1),
            "终止日期": date(2030, 12, 31),
            "年租金": 3000,
            "合同总价": 30000,
            "已收": 3000,
            "欠收": 0,
            "付款方式": "一年一付",
            "签订日期": date(2020, 12, 20),
            "是否公开招标": "是",
        },
        {"合同标的": "门面一间", "承包人": "示例超市", "年租金": 6000, "已收": 4000, "欠收": 2000},
    ],
    "labour": [
        {
            "组别": "一组",
            "用工日期": date(2026, 3, 5),
            "姓名": "陈桂花",
            "用工事由": "清理水渠",
            "用工天数": 1.5,
            "日工资": 120,
            "金额": 180,
        },
        {"姓名": "刘满仓", "用工事由": "清理水渠", "用工天数": 1, "日工资": 120, "金额": 120},
    ],
    "table": [
        {"事项": "开具证明", "日期": date(2026, 3, 1), "经办人": "李秀英", "数量": 2},
        {"事项": "盖合同章", "日期": date(2026, 3, 2), "经办人": "龙小满", "数量": 1, "金额": 3.5},
    ],
}


def filled(kind: SheetKind) -> Workbook:
    """Fill a kind's template in as a clerk does, and work out its sums as Excel does."""
    book = load_workbook(BytesIO(template(kind, ABOUT)))
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[3]}
    lines = [*([OPENING] if kind == "ledger" else []), *LINES[kind]]
    for row, line in enumerate(lines, start=4):
        for label, value in line.items():
            sheet.cell(row, heads[label] or 0, value)
    worked_out(sheet)
    return book


def worked_out(sheet: Any) -> None:
    sums = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    for cell in sums:
        if match := re.fullmatch(r"=SUM\((.+)\)", cell.value):
            left, top, right, bottom = range_boundaries(match[1])
            inside = sheet.iter_rows(top, bottom, left, right, values_only=True)
            cell.value = round(sum(value or 0 for (value,) in inside), 2)
    for cell in sums:
        if match := re.fullmatch(r"=(\w+)\+(\w+)-(\w+)", str(cell.value)):
            opening, income, expense = (sheet[name].value or 0 for name in match.groups())
            cell.value = round(opening + income - expense, 2)


def understood(book: Workbook) -> Understood:
    out = BytesIO()
    book.save(out)
    read = workbook.read(out.getvalue(), "表.xlsx")
    return understand(read, workbook.headers(), ABOUT)


def stated(kind: SheetKind) -> tuple[Content, ...]:
    found = understood(filled(kind))
    assert ((), ()) == (found.problems, found.questions)
    assert [kind] == [sheet.kind for sheet in found.sheets]
    assert found.ok
    return found.contents


@pytest.mark.parametrize("kind", KINDS)
def test_a_filled_template_imports_without_a_question(kind: SheetKind) -> None:
    """No error, no warning, nothing to ask; the sheet that explains the form is left out."""
    contents = stated(kind)
    assert contents
    assert f"工作表“{INSTRUCTIONS}”" in understood(filled(kind)).dropped


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_of_a_template_is_taken(kind: SheetKind) -> None:
    """Each is understood as what it asks for: no column is filled in for nothing."""
    (sheet,) = understood(filled(kind)).sheets
    asked = [(column.field, "taken") for column in templates().kinds[kind].columns]
    assert asked == [(column.field, column.fate) for column in sheet.columns]


def test_what_is_filled_in_is_what_is_stated() -> None:
    """Fen and days to the letter; the account rolls from the line it begins with."""
    (ledger,) = stated("ledger")
    spending: Any = ledger.particulars
    assert ("示例村2026年第一季度财务收支明细", "2026-Q1") == (ledger.title, ledger.covers)
    assert (100000, 249950) == (spending.opening, spending.closing)
    assert [("2026-01-10", 200000, 0), ("2026-02-03", 0, 50050)] == [
        (row.date, row.income, row.expense) for row in spending.rows
    ]
    (assets,) = (content.particulars for content in stated("asset"))
    assert ("2026-03-31", 35760040) == (assets.as_of, assets.original)  # type: ignore[union-attr]
    assert ["三组蓄水池", "村部屋顶维修"] == [content.title for content in stated("project")]
    (roster,) = (content.particulars for content in stated("roster"))
    assert ("耕地地力保护补贴", 49875) == (roster.programme, roster.total)  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", KINDS)
def test_every_title_to_pick_is_understood(kind: SheetKind) -> None:
    """Whichever is picked, the notice is called so, and its period is the one that it names."""
    book = filled(kind)
    sheet, told = book.worksheets
    titles = [row[0] for row in told.iter_rows(2, 30, 4, 4, values_only=True) if row[0]]
    assert len(titles) == len(set(titles))
    for title in titles:
        sheet.cell(1, 1, title)
        found = understood(book)
        # Another period than that of the lines is what the importer is there to notice.
        assert {"日期不在 {period} 之内：{cells}"} >= {p.finding.text for p in found.problems}
        if kind in ("ledger", "roster", "labour"):
            assert found.sheets[0].covers, title


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_template_says_what_is_missing(kind: SheetKind) -> None:
    """Brought as it is, it becomes nothing, and the clerk is told."""
    found = understood(load_workbook(BytesIO(template(kind, ABOUT))))
    assert not found.ok
    assert any(problem.level == "error" for problem in found.problems)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_printed_is_locked_and_the_rest_is_free(kind: SheetKind) -> None:
    """Header and sums cannot be overwritten by mistake; every cell to fill in can, and no other."""
    book = load_workbook(BytesIO(template(kind, ABOUT)))
    sheet, told = book.worksheets
    asked = templates().kinds[kind]
    assert (asked.sheet, INSTRUCTIONS) == (sheet.title, told.title)
    assert ("visible", "visible") == (sheet.sheet_state, told.sheet_state)
    assert (True, None) == (sheet.protection.sheet, sheet.protection.password)
    locked = {cell.protection.locked for cell in sheet[3]}
    assert {kind != "table"} == locked
    last = 3 + asked.lines
    for row in (4, last):
        assert {False} == {cell.protection.locked for cell in sheet[row]}
    sums = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(asked.totals) + bool(asked.closing) == len(sums)
    assert {True} >= {cell.protection.locked for cell in sums}


def test_a_village_s_groups_can_be_picked_and_amounts_are_checked() -> None:
    """Drop-downs hold the village's words; an amount is a number with two places, on one side."""
    sheet, told = load_workbook(BytesIO(template("roster", ABOUT))).worksheets
    sources = {
        str(v.sqref).split(":")[0]: v.formula1 for v in sheet.data_validations.dataValidation
    }
    name, cells = sources["A4"].split("!")
    assert f"'{INSTRUCTIONS}'" == name
    (left, top, right, bottom) = range_boundaries(cells.replace("$", ""))
    assert ["一组", "三组"] == [
        row[0] for row in told.iter_rows(top, bottom, left, right, values_only=True)
    ]
    assert "AND(ISNUMBER(E4),ROUND(E4,2)=E4)" == sources["E4"]
    ledger = load_workbook(BytesIO(template("ledger", ABOUT))).worksheets[0]
    checks = {str(v.sqref).split(":")[0]: v for v in ledger.data_validations.dataValidation}
    assert 'AND(ISNUMBER(E4),ROUND(E4,2)=E4,F4="")' == checks["E4"].formula1
    assert "AND(ISNUMBER(A4),A4>=DATE(1950,1,1),A4<DATE(2150,1,1))" == checks["A4"].formula1
    nobody = About(village="示例村", at=ABOUT.at)
    bare = load_workbook(BytesIO(template("roster", nobody))).worksheets[0]
    (group,) = (v for v in bare.data_validations.dataValidation if "A4" in v.sqref)
    assert "list" != group.type


def test_a_template_names_nobody_and_stays_the_same() -> None:
    """No author in its properties, and the same bytes all day."""
    data = template("asset", ABOUT)
    properties = load_workbook(BytesIO(data)).properties
    assert (None, None) == (properties.creator, properties.lastModifiedBy)
    assert ABOUT.at is not None
    later = About(village="示例村", groups=ABOUT.groups, at=ABOUT.at + 3600)
    assert data == template("asset", later)
