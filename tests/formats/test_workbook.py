"""Workbooks are opened safely: values at Excel's addresses, refusals that help, nothing hidden."""

import codecs
import io
import re
import runpy
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from noticeboard import shipped
from noticeboard.core.particulars import Spending, Subsidy
from noticeboard.core.problems import NotValid
from noticeboard.core.sheet import About, Understood, understand
from noticeboard.core.sheet.cells import Book, Merge
from noticeboard.formats import bounds, workbook

GROUPS = ("一组", "二组", "三组", "四组", "五组", "六组", "七组", "八组")
LEDGER = shipped("data") / "demo" / "ledger-2026q1.xlsx"
ROSTER = shipped("data") / "demo" / "roster-2026.xlsx"


def made(write: Callable[[Any, Any], None]) -> bytes:
    """Write a workbook with one sheet, 收支."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    write(book, book.add_worksheet("收支"))
    book.close()
    return out.getvalue()


def changed(data: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """Rewrite one part of a workbook's zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(body.decode()).encode() if name == part else body)
    return out.getvalue()


def refusal(data: bytes, name: str = "一季度.xlsx") -> str:
    """Give what a refusal says; it names the file and the next step."""
    with pytest.raises(NotValid) as refused:
        workbook.read(data, name)
    finding = refused.value.findings[0]
    assert name == finding.where
    assert finding.fix
    return finding.text


def reading(data: bytes, name: str = "一季度.xlsx", village: str = "示例村") -> Understood:
    return understand(
        workbook.read(data, name), workbook.headers(), About(village=village, groups=GROUPS)
    )


def errors(understood: Understood) -> list[tuple[str, str]]:
    return [(p.cell, p.problem) for p in understood.problems if p.level == "error"]


# Values.


def test_values_stand_at_the_addresses_excel_shows() -> None:
    """Empty rows and columns before the first value are kept; numbers keep their digits."""

    def write(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": 'm"月"d"日"'})
        sheet.write(2, 1, 1200)
        sheet.write(2, 2, 0.1 + 0.2)
        sheet.write_datetime(3, 1, datetime(2026, 1, 15), day)  # noqa: DTZ001
        sheet.write_string(3, 2, "'1,234.50")
        sheet.write(4, 1, 439_999_196_805_120_015)
        sheet.write(4, 2, True)
        sheet.merge_range(5, 1, 6, 2, "合并")

    sheet = workbook.read(made(write), "a.xlsx").sheets[0]
    assert "收支" == sheet.name
    assert [1200, Decimal("0.3")] == [sheet.at(2, 1), sheet.at(2, 2)]
    assert [date(2026, 1, 15), "'1,234.50"] == [sheet.at(3, 1), sheet.at(3, 2)]
    assert [Decimal("4.39999196805120e17"), "TRUE"] == [sheet.at(4, 1), sheet.at(4, 2)]
    assert (Merge(5, 1, 6, 2),) == sheet.merged
    assert sheet.at(0, 0) is None
    assert sheet.at(99, 99) is None


def test_what_is_hidden_is_known() -> None:
    """Rows, columns and sheets, however they were hidden."""

    def write(book: Any, sheet: Any) -> None:
        for row in range(4):
            sheet.write_row(row, 0, [1, 2, 3, 4, 5])
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(2, 3, None, None, {"hidden": True})
        sheet.set_row(3, 0)
        for state in ("hide", "very_hidden"):
            other = book.add_worksheet(state)
            getattr(other, state)()
            other.write(0, 0, "秘密")

    shown, hidden, very = workbook.read(made(write), "a.xlsx").sheets
    assert frozenset({1, 3}) == shown.hidden_rows
    assert frozenset({2, 3}) == shown.hidden_columns
    assert [False, True, True] == [shown.hidden, hidden.hidden, very.hidden]


def test_formulas_without_a_value_and_errors_are_found() -> None:
    """A formula without a value, and an error, would otherwise pass for an empty cell."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B2"] = "=1+1"
    sheet["A1"] = 2.5
    out = io.BytesIO()
    book.save(out)
    assert {(1, 1): "="} == workbook.read(out.getvalue(), "a.xlsx").sheets[0].broken

    def write(_: Any, sheet: Any) -> None:
        sheet.write_formula(4, 2, "=1/0", None, "#DIV/0!")
        sheet.write_formula(4, 3, "=1+1", None, 2)

    found = workbook.read(made(write), "a.xlsx").sheets[0]
    assert {(4, 2): "#DIV/0!"} == found.broken
    assert 2 == found.at(4, 3)


def test_what_is_left_behind_is_listed() -> None:
    """Comments, pictures and the author are no values; they are named, and they do not come."""

    def write(book: Any, sheet: Any) -> None:
        book.set_properties({"author": "某某"})
        sheet.write(0, 0, "表")
        sheet.write_comment(0, 0, "身体不好")
        sheet.insert_image(2, 2, "a.png", {"image_data": io.BytesIO(PIXEL)})

    book = workbook.read(made(write), "a.xlsx")
    assert ("批注", "图片", "文件属性（作者、单位、时间）") == book.dropped
    assert "身体不好" not in repr(book)
    assert "某某" not in repr(book)


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-8's mark+gbk"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "，"])
def test_text_files_in_every_usual_dress(encoding: str, separator: str) -> None:
    """A CSV from Excel or WPS reads as the sheet it was, quotes and commas inside included."""
    lines = [
        ["示例村2026年3月财务收支 单位：元"],
        ["日期", "摘要", "收入", "支出", "余额"],
        ["", "上月结转", "", "", "100"],
        ["2026-3-2", "拨入运转经费", '"1,234.50"', "", '"1,334.50"'],
        ["2026-3-3", "付电费", "", "100", '"1,234.50"'],
        ["合计", "", '"1,234.50"', "100", ""],
    ]
    text = "\r\n".join(separator.join(line) for line in lines)
    before, _, encoding = encoding.rpartition("+")
    mark = codecs.BOM_UTF8 if before else b""
    understood = reading(mark + text.encode(encoding), "三月.csv")
    assert () == understood.problems
    assert (2, 123_450, 10_000) == (
        understood.sheets[0].rows,
        understood.sheets[0].income_fen,
        understood.sheets[0].expense_fen,
    )


# Refusals.


def test_what_is_no_workbook_is_refused() -> None:
    """Empty, a picture with another name, another kind of zip, text that is none."""
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert "这个文件是空的。" == refusal(b"")
    assert "这是一张图片，不是表格。" == refusal(PIXEL)
    assert "这个文件里面是网页，不是表格。" == refusal(b"<html><table>", "a.xls")
    assert "这不是表格文件。" == refusal(other.getvalue())
    assert "这不是表格文件。" == refusal(b"\x00\x01\x02", "a.csv")
    assert "文件超过 20 MB。" == refusal(b"PK\x03\x04" + bytes(workbook.MOST_BYTES))


def test_a_locked_workbook_is_refused_with_the_way_out() -> None:
    """A password must go."""
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert "这个表格有密码，打不开。" == refusal(ole + "EncryptedPackage".encode("utf-16-le"))
    assert "这个表格坏了，读不出来。" == refusal(ole, "一季度.xls")


def test_a_damaged_workbook_is_refused() -> None:
    """Cut off at any place, or with broken XML inside."""
    whole = LEDGER.read_bytes()
    for length in (10, 100, len(whole) // 2, len(whole) - 10):
        assert "这个表格坏了，读不出来。" == refusal(whole[:length])
    broken = changed(whole, "xl/worksheets/sheet1.xml", lambda text: text[: len(text) // 2])
    assert "这个表格坏了，读不出来。" == refusal(broken)


def test_a_bomb_is_not_unpacked() -> None:
    """Neither one that says how large it is, nor one that lies."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(bounds.MOST_UNPACKED + 1))
    assert "文件解开后太大。" == refusal(out.getvalue())
    size = (bounds.MOST_UNPACKED + 1).to_bytes(4, "little")
    lying = out.getvalue().replace(size, (1000).to_bytes(4, "little"))
    assert lying != out.getvalue()
    refusal(lying)


def test_a_document_type_is_refused() -> None:
    """Entities that unfold into gigabytes are declared there."""
    bomb = changed(
        made(lambda _, sheet: sheet.write(0, 0, 1)),
        "xl/worksheets/sheet1.xml",
        lambda text: re.sub(r"(<\?xml.*?\?>)", r'\1<!DOCTYPE a [<!ENTITY b "c">]>', text),
    )
    assert "这个表格坏了，读不出来。" == refusal(bomb)


@pytest.mark.parametrize("place", ["A200001", "A1048576", "XFD1", "XFD1048576"])
def test_an_endless_sheet_is_refused_before_it_is_laid_out(place: str) -> None:
    """One value in the farthest cell would otherwise fill the memory."""
    far = changed(
        made(lambda _, sheet: sheet.write(0, 0, 1)),
        "xl/worksheets/sheet1.xml",
        lambda text: text.replace(
            "</row>",
            f'</row><row r="{re.sub("[A-Z]", "", place)}"><c r="{place}"><v>1</v></c></row>',
        ),
    )
    assert "表格太大：最多 {rows} 行、{columns} 列、{sheets} 张表。" == refusal(far)


def test_a_million_empty_painted_rows_are_nothing() -> None:
    """Formatting down to the last row is usual and harmless."""
    painted = changed(
        LEDGER.read_bytes(),
        "xl/worksheets/sheet1.xml",
        lambda text: text.replace(
            "</sheetData>", '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
        ),
    )
    assert reading(painted).ok


@given(st.data())
def test_flipped_bytes_never_make_the_reader_stumble(data: st.DataObject) -> None:
    """A workbook damaged anywhere is read or refused."""
    body = bytearray(ROSTER.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        body[data.draw(st.integers(4, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        book = workbook.read(bytes(body), "a.xlsx")
    except NotValid:
        return
    assert isinstance(book, Book)


# The demo's own workbooks, from bytes to contents.


def test_the_demo_s_ledger_states_a_quarter_without_a_question() -> None:
    """About 140 lines, every sum and balance right, nothing to ask."""
    understood = reading(LEDGER.read_bytes())
    assert () == understood.problems
    assert understood.ok
    content = understood.contents[0]
    stated = content.particulars
    assert isinstance(stated, Spending)
    assert ("示例村2026年第一季度财务收支明细", "2026-Q1", "D17") == (
        content.title,
        content.covers,
        content.item,
    )
    assert len(stated.rows) in range(130, 151)
    assert stated.closing == stated.opening + sum(row.income - row.expense for row in stated.rows)
    balance = stated.opening
    for row in stated.rows:
        balance += row.income - row.expense
        assert balance > 0
    road = [row.expense for row in stated.rows if "机耕路硬化工程" in row.summary]
    assert (2, 6_400_000) == (len(road), sum(road))
    others = sorted(row.expense for row in stated.rows if row.expense and row.expense not in road)
    assert (2_400, 429_500) == (others[0], others[-1])
    spent: dict[str, int] = {}
    for row in stated.rows:
        spent[row.account] = spent.get(row.account, 0) + row.expense
    assert "机耕路维修" == max(spent, key=lambda account: spent[account])
    assert {"转账", "现金", "村务卡"} == {row.method for row in stated.rows}


def test_the_demo_s_roster_states_a_year_and_asks_once() -> None:
    """About 120 households in eight groups; one number lost its end, and nobody's comes along."""
    understood = reading(ROSTER.read_bytes())
    assert understood.ok
    assert ["warning"] == [problem.level for problem in understood.problems]
    content = understood.contents[0]
    stated = content.particulars
    assert isinstance(stated, Subsidy)
    assert ("2026", "D56", "耕地地力保护补贴", 10_500) == (
        content.covers,
        content.item,
        stated.programme,
        stated.standard,
    )
    assert len(stated.rows) in range(110, 131)
    assert list(GROUPS) == list(dict.fromkeys(row.group for row in stated.rows))
    tailed = [row for row in stated.rows if row.tail]
    assert [("三组", "田谷雨")] * 2 == [(row.group, row.name) for row in tailed]
    assert tailed[0].tail != tailed[1].tail
    assert {"已故", "迁出", None} == {row.remark for row in stated.rows}
    assert not re.search(r"\d{11}", repr(content))


def test_the_demo_s_workbooks_are_what_their_script_writes(tmp_path: Path) -> None:
    """The files in data/ are made by the script in tools/, and come out the same each time."""
    script = Path(__file__).parents[2] / "tools" / "demo_workbooks.py"
    tool = runpy.run_path(str(script))
    tool["write_ledger"](tmp_path / "ledger.xlsx")
    tool["write_roster"](tmp_path / "roster.xlsx")
    for stored, fresh in ((LEDGER, "ledger.xlsx"), (ROSTER, "roster.xlsx")):
        expected = workbook.read(stored.read_bytes(), "a.xlsx")
        assert expected == workbook.read((tmp_path / fresh).read_bytes(), "a.xlsx")


def spoilt(path: Path, change: Callable[[Any], None]) -> bytes:
    """Open a demo workbook as a clerk would, change it, save it."""
    book = openpyxl.load_workbook(path)
    change(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def found(sheet: Any, text: str) -> Any:
    return next(cell for row in sheet.iter_rows() for cell in row if cell.value == text)


def test_a_wrong_total_in_the_file_is_told_at_its_cell() -> None:
    """What a clerk sees in Excel is what the problem names."""
    place = ""

    def change(sheet: Any) -> None:
        nonlocal place
        cell = sheet.cell(found(sheet, "合计").row, 6)
        cell.value += 100
        place = cell.coordinate

    wrong = reading(spoilt(LEDGER, change))
    assert [place] == [where for where, _ in errors(wrong)]
    assert errors(wrong)[0][1].endswith("差 100.00 元")


def test_a_clerk_s_slips_in_the_file_are_all_told() -> None:
    """A wrong balance, words for an amount, the 30 February and hidden rows, in one reading."""

    def change(sheet: Any) -> None:
        sheet["G8"].value += 0.5
        sheet["F20"].value = "1200左右"
        sheet["A31"].value = "2026年2月30日"
        sheet.row_dimensions[12].hidden = True

    wrong = reading(spoilt(LEDGER, change))
    assert {"G8", "F20", "A31"} == {where for where, _ in errors(wrong)}
    assert ["这些行是隐藏的，照样计入：A12"] == [
        problem.problem for problem in wrong.problems if problem.level == "warning"
    ]


def test_another_village_s_file_is_refused() -> None:
    """Neither of the demo's workbooks passes for another village's."""
    for path in (LEDGER, ROSTER):
        understood = reading(path.read_bytes(), village="胡家坪村")
        assert [("", "这张表写的是示例村，不是胡家坪村")] == errors(understood)
        assert () == understood.contents
