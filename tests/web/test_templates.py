"""Empty workbooks at the desk: for writers only, and what is filled in becomes drafts at once."""

import re
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from noticeboard.core.sheet.headers import KINDS, SheetKind
from noticeboard.formats.exports import XLSX
from tests.cast import VILLAGE
from tests.formats.test_templates import LINES, OPENING, worked_out
from tests.web.browsing import drawer
from tests.web.conftest import DESK, Office
from tests.web.test_imports import confirm, dropped


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_filled_in_becomes_drafts(office: Office, kind: SheetKind) -> None:
    """Downloaded, filled in, dropped, one button: no question, no warning, the village's name."""
    anna = office.browser("anna")
    got = anna.get(f"{DESK}/template/{kind}.xlsx")
    assert (200, XLSX) == (got.status_code, got.headers["content-type"])
    name = re.search(r"filename\*=UTF-8''(\S+)", got.headers["content-disposition"])
    assert name
    assert unquote(name[1]).startswith("示例村")
    book = load_workbook(BytesIO(got.content))
    sheet = book.worksheets[0]
    heads: dict[Any, Any] = {cell.value: cell.column for cell in sheet[3]}
    lines = [*([OPENING] if kind == "ledger" else []), *LINES[kind]]
    for row, line in enumerate(lines, start=4):
        for label, value in line.items():
            sheet.cell(row, heads[label], value)
    if said := {"ledger": "财务收支明细", "labour": "用工明细"}.get(kind):
        sheet.cell(1, 1, f"示例村2026年第一季度{said}")
    worked_out(sheet)
    out = BytesIO()
    book.save(out)
    at = dropped(anna, out.getvalue(), "填好.xlsx")
    page = anna.get(at).text
    assert "每一行、每个合计都对得上，没有要改的。" in page
    assert 200 == confirm(anna, at).status_code
    assert len(drawer(office)) >= 1


def test_the_desk_leads_to_every_template(office: Office) -> None:
    """Each link on the desk gives a workbook."""
    anna = office.browser("anna")
    links = re.findall(rf'href="({DESK}/template/[^"]+)"', anna.get(DESK).text)
    assert len(KINDS) == len(set(links))
    for link in links:
        assert 200 == anna.get(link).status_code


def test_a_template_is_for_who_may_write_here(office: Office) -> None:
    """A reviewer has no use for one, and another name is no template."""
    assert 403 == office.browser("ben").get(f"{DESK}/template/ledger.xlsx").status_code
    assert f"{DESK}/template/" not in office.browser("ben").get(DESK).text
    for name in ("nothing.xlsx", "ledger", "ledger.xls", "..%2Fledger.xlsx"):
        assert 404 == office.browser("anna").get(f"{DESK}/template/{name}").status_code
    assert (
        405
        == office.browser("anna").ask("POST", f"/desk/{VILLAGE}/template/ledger.xlsx").status_code
    )
