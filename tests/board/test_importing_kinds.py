"""Every kind of sheet travels: read, kept as drafts, opened as a form, sent for review."""

from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from noticeboard import importing
from noticeboard.board import drafting
from noticeboard.core import drafting as forms
from noticeboard.core.sheet.headers import SheetKind
from tests.cast import VILLAGE, Cast
from tests.core.sheet.test_assets import register as assets
from tests.core.sheet.test_contracts import register as contracts
from tests.core.sheet.test_labour import labour_list
from tests.core.sheet.test_titled import seals

PROJECTS = [
    ["示例村2026年项目建设情况公开表"],
    ["项目名称", "建设地点", "上级（万元）", "自筹（万元）", "村集体（万元）", "总投资（万元）",
     "合同金额（元）", "施工单位", "开工日期", "进度", "已拨付（元）", "验收时间", "管护责任人"],
    ["三组机耕路硬化", "三组", 20, 1.5, 3, 24.5, 236000, "示例建筑公司", "2026.3.1", 1, 200000,
     "2026.5.20", "石立秋"],
    ["修渠", "二组", "", "", 0.8, 0.8, "", "", "2026年6月", "准备中", "", "", ""],
    ["合计", "", 20, 1.5, 3.8, 25.3, 236000, "", "", "", 200000],
]  # fmt: skip
SHEETS: list[tuple[SheetKind, list[list[Any]], int]] = [
    ("project", PROJECTS, 2),
    ("asset", assets(), 1),
    ("contract", contracts(), 1),
    ("labour", labour_list(), 1),
    ("table", seals(), 1),
]


def book(rows: list[list[Any]]) -> bytes:
    """Write a workbook whose days are days."""
    out = BytesIO()
    options = {"in_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(out, options) as workbook:
        sheet = workbook.add_worksheet("表")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "rows", "notices"), SHEETS)
def test_a_sheet_becomes_what_can_be_submitted(
    cast: Cast, kind: SheetKind, rows: list[list[Any]], notices: int
) -> None:
    """Its form says what the sheet said, and the reviewer gets it without another word typed."""
    made = importing.take(cast.board, VILLAGE, book(rows), "a.xlsx", cast.anna, kind)
    assert [kind] * notices == [draft.kind for draft in made]
    for draft in made:
        content = drafting.read_draft(draft)
        assert content == forms.read(
            draft.kind,
            forms.typed_of(content),
            last_row=draft.last_row,
            source=draft.source,
        )
        done = drafting.submit(cast.board, VILLAGE, draft.code, cast.anna, seen=draft.version)
        assert done.notice is not None


@pytest.mark.parametrize(("kind", "rows", "notices"), SHEETS[:-1])
def test_a_kind_is_recognised_without_being_named(
    cast: Cast, kind: SheetKind, rows: list[list[Any]], notices: int
) -> None:
    """Only a list of no known kind has to be called what it is."""
    checked = importing.check(cast.board, VILLAGE, book(rows), "a.xlsx")
    assert [(kind, notices)] == [(sheet.kind, len(sheet.contents)) for sheet in checked.sheets]
    assert [kind] == [each["kind"] for each in importing.as_json(checked)["sheets"]]
