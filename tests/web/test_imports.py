"""A workbook at the desk: drafts at once, or every problem at its cell and nothing saved."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from noticeboard import shipped
from noticeboard.formats.workbook import ENDINGS
from tests.web.browsing import drawer, state
from tests.web.conftest import DESK, Browser, Office

HEAD = ("日期", "凭证号", "摘要", "收入", "支出", "余额", "收款人", "经手人")
LEDGER = (
    ("", "", "上期结转", "", "", 1000, "", ""),
    ("2026-01-10", "记-1", "林地租金", 2000, "", 3000, "", "李秀英"),
    ("2026-02-03", "记-2", "付修机耕路", "", 500, 2500, "王建军", "李秀英"),
    ("", "", "合计", 2000, 500, 2500, "", ""),
)


def book(*rows: tuple[Any, ...], title: str = "示例村2026年第一季度财务收支明细表") -> bytes:
    """Make a workbook of one ledger, as a township hands it over."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("收支")
        for row, line in enumerate(((title,), ("单位：元",), HEAD, *rows)):
            sheet.write_row(row, 0, line)
    return out.getvalue()


def bring(browser: Browser, data: bytes, name: str = "收支.xlsx") -> Any:
    return browser.post(f"{DESK}/import", files={"file": (name, data)})


def test_a_sound_workbook_becomes_drafts_at_once(office: Office) -> None:
    """The page says what was understood and leads to the draft; nothing is public."""
    answer = bring(office.browser("anna"), book(*LEDGER))
    assert 200 == answer.status_code, answer.text
    draft = drawer(office)[0]
    assert "已存成草稿 1 份" in answer.text
    assert f'href="{DESK}/drafts/{draft.code}"' in answer.text
    assert "2 行，收入 2,000.00 元，支出 500.00 元" in answer.text
    assert ("2026-Q1", "1,000.00", "2,500.00") == tuple(
        draft.typed[name] for name in ("covers", "opening", "closing")
    )
    assert (office.cast.anna,) == draft.writers


@pytest.mark.parametrize("name", ["ledger-2026q1.xlsx", "roster-2026.xlsx"])
def test_the_demos_own_workbooks_come_in(office: Office, name: str) -> None:
    """What a newcomer tries first works, and no identity number comes along."""
    data = (shipped("data") / "demo" / name).read_bytes()
    answer = bring(office.browser("anna"), data, name)
    assert 200 == answer.status_code, answer.text
    draft = drawer(office)[0]
    assert len(draft.typed["rows"]) > 100
    page = office.browser("anna").get(f"{DESK}/drafts/{draft.code}")
    assert 200 == page.status_code
    assert "439999" not in page.text


def test_every_problem_is_shown_at_its_cell(office: Office) -> None:
    """All at once, as Excel names the cells, with what to do; nothing is saved."""
    rows = list(LEDGER)
    rows[1] = ("2026-02-30", "记-1", "林地租金", "2000左右", "", "", "", "李秀英")
    before = state(office)
    answer = bring(office.browser("anna"), book(*rows))
    assert 422 == answer.status_code
    for cell in ("收支!A5", "收支!D5"):
        assert cell in answer.text
    assert "什么都没有存" in answer.text
    assert before == state(office)


def test_sums_that_do_not_add_up_are_refused_at_the_sum(office: Office) -> None:
    """The sheet's own total is held against its lines."""
    rows = [*LEDGER[:-1], ("", "", "合计", 2000, 600, 2500, "", "")]
    answer = bring(office.browser("anna"), book(*rows))
    assert 422 == answer.status_code
    assert "收支!E7" in answer.text
    assert [] == drawer(office)


def test_a_number_of_a_person_is_named_at_its_cell(office: Office) -> None:
    """A phone in a summary keeps the whole workbook out; the page prints it masked."""
    rows = list(LEDGER)
    rows[2] = ("2026-02-03", "记-2", "付修路，问13912345678", "", 500, 2500, "王建军", "李秀英")
    answer = bring(office.browser("anna"), book(*rows))
    assert 422 == answer.status_code
    assert "收支!C6" in answer.text
    assert "有一个手机号" in answer.text
    assert "13912345678" not in answer.text
    assert [] == drawer(office)


REFUSED = {
    "no workbook": ("a.xlsx", b"hello", "这不是表格文件"),
    "a damaged one": ("a.xlsx", book(*LEDGER)[:900], "这个表格坏了"),
    "an empty file": ("a.xlsx", b"", "这个文件是空的"),
    "an old format": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧格式"),
    "another table": ("a.csv", "甲,乙\n1,2\n".encode(), "没有找到财务收支表或补贴名单"),
    "too large": ("a.xlsx", b"PK\x03\x04" + bytes(20_000_000), "文件超过 20 MB"),
    "another village": (
        "a.xlsx",
        book(*LEDGER, title="邻水村2026年第一季度财务收支明细表"),
        "不是示例村",
    ),
}


@pytest.mark.parametrize(("name", "data", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_is_refused_in_words(
    office: Office, name: str, data: bytes, said: str
) -> None:
    """What, and the next step; nothing half saved."""
    before = state(office)
    answer = bring(office.browser("anna"), data, name)
    assert 422 == answer.status_code
    assert said in answer.text
    assert before == state(office)


def test_a_form_without_a_file_is_refused(office: Office) -> None:
    """A press of the button alone says what to do."""
    answer = office.browser("anna").post(f"{DESK}/import", data={"x": "y"})
    assert 422 == answer.status_code
    empty = office.browser("anna").post(f"{DESK}/import", files={"other": ("", b"")})
    assert 422 == empty.status_code


def test_importing_is_for_those_who_write_and_is_done_once(office: Office) -> None:
    """It does it; not on GET; not for others; for whoever may write; a second time is harmless."""
    before = state(office)
    assert DESK == office.browser("anna").get(f"{DESK}/import").headers["location"]
    for who in ("ben", "dan", "mei"):
        assert 403 == bring(office.browser(who), book(*LEDGER)).status_code
    assert bring(office.browser(), book(*LEDGER)).status_code in (303, 401)
    assert before == state(office)
    cleo = office.browser("cleo")
    first = bring(cleo, book(*LEDGER))
    once = state(office)
    assert before != once
    data = book(*LEDGER)
    assert first.status_code == bring(cleo, data).status_code
    same = state(office)
    again = bring(cleo, data)
    assert 200 == again.status_code
    assert same == state(office)


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_offered_to_choose_can_be_read(office: Office, ending: str) -> None:
    """The inbox and the page of a refused file offer just the endings that are understood."""
    anna = office.browser("anna")
    data = book() if ending.startswith(".x") else "日期\t摘要\n".encode()
    refused = bring(anna, data, f"收支{ending}")
    assert "这不是表格文件" not in refused.text
    for page in (anna.get(DESK), bring(anna, b"%PDF-", "收支.pdf")):
        assert [".xlsx,.xlsm,.csv,.tsv"] == re.findall(r'accept="([^"]*)"', page.text)


def test_the_file_is_never_kept(office: Office, tmp_path: Path) -> None:
    """What stood in columns that stay behind is in no file of the home."""
    private = "439999199001011239"
    rows = [(*line, private if line[0] else "") for line in LEDGER]
    data = _with_column(rows)
    answer = bring(office.browser("anna"), data)
    assert 200 == answer.status_code, answer.text
    assert "身份证号不公开" in answer.text
    assert answer.text.index("身份证号不公开") < answer.text.index("<details>")
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert private.encode() not in kept


def _with_column(rows: list[tuple[Any, ...]]) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("收支")
        lines = (("示例村2026年第一季度财务收支明细表",), ("单位：元",), (*HEAD, "身份证号"), *rows)
        for row, line in enumerate(lines):
            sheet.write_row(row, 0, line)
    return out.getvalue()
