"""Every format tells the same: values, what is merged, hidden, red or broken, and what stays."""

import struct
from datetime import date
from decimal import Decimal

import pytest

from noticeboard.core.problems import NotValid
from noticeboard.core.sheet.cells import Book, Merge, Sheet
from noticeboard.formats import workbook
from tests.formats import sheets

OLE_TEXT = "付电费".encode("utf-16-le")
MADE = {"a.xlsx": sheets.xlsx, "a.xls": sheets.xls, "a.et": sheets.xls, "a.ods": sheets.ods}


def one(data: bytes, name: str = "a.ods") -> Sheet:
    return workbook.read(data, name).sheets[0]


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(NotValid) as refused:
        workbook.read(data, name)
    assert name == refused.value.findings[0].where
    assert refused.value.findings[0].fix
    return refused.value.findings[0].text


@pytest.mark.parametrize("name", MADE)
def test_all_formats_tell_the_same(name: str) -> None:
    """A sheet saved by Excel, by WPS or by LibreOffice is the same sheet."""
    sheet, secret = workbook.read(MADE[name](), name).sheets
    assert ("收支", "示例村2026年第一季度") == (sheet.name, sheet.at(0, 0))
    line = [date(2026, 1, 15), "付电费", Decimal("1234.5"), 600, "隐藏的列"]
    assert line == [sheet.at(1, column) for column in range(5)]
    assert (Merge(0, 0, 0, 2),) == sheet.merged
    assert {4} == sheet.hidden_rows
    assert {4} == sheet.hidden_columns
    assert {(6, 2): "#DIV/0!"} == sheet.broken
    assert {(2, 2), (3, 3)} == sheet.red
    assert {(8, 6)} == {at for at in sheet.pictures if at != (1, 1)}
    assert (True, ()) == (secret.hidden, secret.rows)


@pytest.mark.parametrize("name", MADE)
def test_nothing_unseen_comes_along(name: str) -> None:
    """Neither comments nor words in pictures nor hidden sheets; that they were there is said."""
    book = workbook.read(MADE[name](), name)
    assert not {"身体不好", "图中的字", "不公开"} & set(repr(book).split("'"))
    assert any("图片" in said for said in book.dropped)
    assert ("批注" in book.dropped) == (MADE[name] is not sheets.xls)


def test_days_count_from_where_the_workbook_says() -> None:
    """A date is the same day in both epochs; a bare count of days is left to the understanding."""
    for data, name in (
        (sheets.xls(since_1904=True), "a.xls"),
        (sheets.xlsx(date_1904=True), "a.xlsx"),
    ):
        sheet = one(data, name)
        assert sheet.since_1904
        assert date(2026, 1, 15) == sheet.at(1, 0)
    assert not one(sheets.xlsx(), "a.xlsx").since_1904


def test_a_workbook_is_known_by_its_bytes_and_not_by_its_name() -> None:
    """WPS writes .et that is .xlsx inside; programs export text as .xls."""
    assert "收支" == one(sheets.xlsx(), "账.et").name
    assert "收支" == one(sheets.xls(), "账.xlsx").name
    assert (("日期", "金额"), ("1月5日", "3")) == one(
        "日期\t金额\n1月5日\t3".encode("gbk"), "a.xls"
    ).rows


def test_an_old_workbook_that_is_locked_or_damaged_is_refused() -> None:
    """In words, whatever xlrd stumbles over; another program's document is no spreadsheet."""
    whole = sheets.xls()
    codepage = struct.pack("<HHH", 0x42, 2, 1200)
    assert codepage in whole
    locked = whole.replace(codepage, struct.pack("<HHH", 0x2F, 2, 1200))
    assert "这个表格有密码，打不开。" == refusal(locked, "a.xls")
    assert "这个表格坏了，读不出来。" == refusal(whole[: len(whole) // 2], "a.xls")
    other = whole.replace("Workbook".encode("utf-16-le"), "Document".encode("utf-16-le"))
    assert "这不是表格文件。" == refusal(other, "a.xls")


def test_a_locked_open_workbook_is_refused() -> None:
    """Its list of parts says that they are encrypted."""
    locked = sheets.replaced(
        sheets.ods(), "META-INF/manifest.xml", "<manifest/>", "<m><encryption-data/></m>"
    )
    assert "这个表格有密码，打不开。" == refusal(locked, "a.ods")


def test_lines_repeated_without_end_are_counted_and_not_laid_out() -> None:
    """LibreOffice ends every sheet with a million empty lines in one element."""
    data = sheets.ods_of(
        '<table:table table:name="a"><table:table-row>' + sheets.words("一") + "</table:table-row>"
        '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/>'
        + sheets.number("2")
        + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048570" table:visibility="collapse">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )
    sheet = one(data)
    assert (("一",), (), (), (), (None, 2), (None, 2)) == sheet.rows
    assert frozenset() == sheet.hidden_rows


@pytest.mark.parametrize(
    ("rows", "columns"), [(200_001, 1), (1, 257), (1_048_576, 16_384), (200_000, 20)]
)
def test_values_repeated_without_end_are_refused(rows: int, columns: int) -> None:
    """One element that stands for a billion values is a bomb of its own kind."""
    cell = sheets.number("1").replace(
        "<table:table-cell", f'<table:table-cell table:number-columns-repeated="{columns}"'
    )
    data = sheets.ods_of(
        f'<table:table table:name="a"><table:table-row table:number-rows-repeated="{rows}">{cell}'
        "</table:table-row></table:table>"
    )
    assert "表格太大：最多 {rows} 行、{columns} 列、{sheets} 张表。" == refusal(data, "a.ods")


def test_a_formula_of_an_open_workbook_that_was_never_calculated_is_found() -> None:
    """And one that came to an empty text is not taken for it."""

    def book(second: str) -> bytes:
        return sheets.ods_of(
            '<table:table table:name="a"><table:table-row>'
            '<table:table-cell table:formula="of:=1+1"/>' + second + "</table:table-row>"
            "</table:table>"
        )

    assert {(0, 0): "="} == one(book("")).broken
    calculated = sheets.number("2").replace(
        "<table:table-cell", '<table:table-cell table:formula="2"'
    )
    assert {} == one(book(calculated)).broken


def test_spaces_and_lines_inside_of_a_cell_are_kept_as_words() -> None:
    """`text:s` stands for spaces, a second paragraph for a second line."""
    cell = '<table:table-cell><text:p>李<text:s text:c="2"/>伟</text:p><text:p>户主</text:p>'
    data = sheets.ods_of(
        f'<table:table table:name="a"><table:table-row>{cell}</table:table-cell></table:table-row>'
        "</table:table>"
    )
    assert (("李  伟\n户主",),) == one(data).rows


# Text.


def text(words: str | bytes) -> tuple[tuple[object, ...], ...]:
    return one(words if isinstance(words, bytes) else words.encode(), "三月.csv").rows


def test_text_in_two_byte_characters_needs_its_mark() -> None:
    """Excel's Unicode text is UTF-16 between tabs."""
    line = "日期\t金额\r\n1月5日\t1,234.50\r\n"
    expected = (("日期", "金额"), ("1月5日", "1,234.50"))
    assert expected == text(line.encode("utf-16"))
    assert expected == text(b"\xfe\xff" + line.encode("utf-16-be"))
    assert "这不是表格文件。" == refusal(line.encode("utf-16-le"), "三月.csv")


def test_the_separator_is_what_cuts_evenly() -> None:
    """Thousands commas between tabs and full-width commas in sentences do not decide."""
    tabs = "示例村\n" + "\n".join(
        f"1月{n}日\t付电费，水费\t1,234.50\t2,000.00" for n in range(1, 9)
    )
    assert ("1月1日", "付电费，水费", "1,234.50", "2,000.00") == text(tabs)[1]
    commas = "\n".join(f'1月{n}日,"付电费，水费，网费","1,234.50"' for n in range(1, 9))
    assert ("1月1日", "付电费，水费，网费", "1,234.50") == text(commas)[0]
    assert (("一", "二"),) == text("sep=;\r\n一;二")


def test_a_comma_before_two_digits_is_not_guessed_at() -> None:
    """`1234,56` stays as it stands, for whoever reads amounts to refuse."""
    assert ("1月5日", "1234,56") == text("日期;金额\n1月5日;1234,56")[1]


def test_a_quotation_mark_without_a_partner_is_told_with_its_line() -> None:
    """Otherwise the rest of the file would pass for one cell."""
    with pytest.raises(NotValid) as refused:
        workbook.read('日期,摘要\n1月5日,"付电费\n1月6日,付水费\n'.encode(), "三月.csv")
    assert str(refused.value.findings[0]).startswith("三月.csv：第 2 行的引号没有配成对")


def test_a_cell_without_end_is_called_so() -> None:
    """It may want a quotation mark, or be long: neither is said of the other."""
    with pytest.raises(NotValid) as refused:
        workbook.read(("摘要,收入\n" + "长" * 140_000 + ",1\n").encode(), "三月.csv")
    assert str(refused.value.findings[0]).startswith("三月.csv：第 2 行有一格的字多得读不下")


def test_a_long_text_file_is_refused() -> None:
    """Beyond as many lines as any sheet may have, and as many columns."""
    too_large = "表格太大：最多 {rows} 行、{columns} 列、{sheets} 张表。"
    assert too_large == refusal(b"1,2\n" * 200_001, "a.csv")
    assert too_large == refusal(b"1," * 257, "a.csv")
    assert isinstance(workbook.read(b"1,2\n" * 200_000, "a.csv"), Book)
