"""What is broken, huge or evil is refused in words: no crash, no hang, no write."""

import io
import random
import re
import string
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from noticeboard.core.problems import NotValid
from noticeboard.core.sheet.cells import Book
from noticeboard.formats import bounds, workbook
from noticeboard.formats.sheetxml import Look
from tests.conftest import SEED
from tests.formats import sheets

BODY = "xl/worksheets/sheet1.xml"
TOO_LARGE = "表格太大：最多 {rows} 行、{columns} 列、{sheets} 张表。"


def refusal(data: bytes, name: str = "一季度.xlsx") -> str:
    with pytest.raises(NotValid) as refused:
        workbook.read(data, name)
    assert refused.value.findings[0].fix
    return refused.value.findings[0].text


def with_rows(rows: str, data: bytes | None = None) -> bytes:
    """Give a workbook whose first sheet has these rows."""

    def change(name: str, body: bytes) -> bytes:
        if name != BODY:
            return body
        found = re.compile(rb"<sheetData>.*</sheetData>", re.DOTALL)
        return found.sub(lambda _: f"<sheetData>{rows}</sheetData>".encode(), body)

    return sheets.repacked(data or sheets.xlsx(), change)


def blocks(data: bytes, size: int = 1 << 12) -> Iterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


def told(look: Look) -> tuple[object, ...]:
    return (
        look.hidden_rows,
        look.hidden_columns,
        look.broken,
        look.reddened,
        look.merged,
        look.shared,
    )


# Looking at lines as bytes.

ODD_ROWS = {
    "hidden": '<row r="{r}" hidden="1"><c r="A{r}"><v>1</v></c></row>',
    "no height": '<row r="{r}" ht="0" customHeight="1"><c r="A{r}"><v>1</v></c></row>',
    "shown": '<row r="{r}" hidden="0"><c r="A{r}"><v>1</v></c></row>',
    "error": '<row r="{r}"><c r="B{r}" t="e"><v>#REF!</v></c></row>',
    "other quotes": "<row r='{r}' hidden='1'><c r='A{r}' t='e'><v>#N/A</v></c></row>",
    "no value": '<row r="{r}"><c r="C{r}"><f>A1+1</f></c></row>',
    "empty value": '<row r="{r}"><c r="C{r}"><f>A1+1</f><v></v></c></row>',
    "shared formula": '<row r="{r}"><c r="C{r}"><f t="shared" si="0"/></c></row>',
    "value": '<row r="{r}"><c r="C{r}"><f>A1+1</f><v>2</v></c></row>',
    "empty text": '<row r="{r}"><c r="C{r}" t="str"><f>IF(A1,"","")</f><v></v></c></row>',
    "red": '<row r="{r}"><c r="C{r}" s="3"><v>2</v></c></row>',
    "column AA": '<row r="{r}"><c r="AA{r}"><v>2</v></c></row>',
    "comment": '<row r="{r}"><!-- <row r="9"> --><c r="A{r}"><v>2</v></c></row>',
    "text": '<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>',
    "spaced": '<row r="{r}">\n  <c r="A{r}">\n <f>A1</f> <v/> </c>\n</row>\n',
    "unnumbered": '<row hidden="1"><c t="e"><v>#NUM!</v></c></row>',
    "breaks": '<row\nr="{r}"\nhidden="1"><c\nr="A{r}" t="e"><v>#NULL!</v></c></row>',
    "painted": '<row r="{r}" s="1" customFormat="1"/>',
}


def test_lines_looked_at_as_bytes_tell_what_parsing_tells(counts: Callable[[int], int]) -> None:
    """Whatever stands between plain lines, in blocks cut anywhere."""
    draw = random.Random(SEED)
    for _ in range(counts(2_000)):
        rows = [
            ODD_ROWS[draw.choice(list(ODD_ROWS))].format(r=row)
            if draw.random() < 0.05
            else f'<row r="{row}" spans="1:2"><c r="A{row}" s="1"><v>{row}</v></c></row>'
            for row in range(1, draw.randrange(2, 120))
        ]
        tail = '</sheetData><mergeCells><mergeCell ref="A1:C2"/></mergeCells></worksheet>'
        head = '<worksheet><cols><col min="2" max="3" hidden="1"/></cols>'
        body = "".join(rows) + tail
        size = draw.choice([64, 700, 1 << 18])
        fast = Look(frozenset({"3"})).over(blocks(f"{head}<sheetData>{body}".encode(), size))
        # A space there, and nothing is told from the rest as bytes.
        exact = Look(frozenset({"3"})).over(blocks(f"{head}<sheetData >{body}".encode(), size))
        assert told(exact) == told(fast)
        assert exact.rows <= fast.rows


# Huge.


def test_a_million_painted_rows_are_nothing() -> None:
    """Only what has a value counts, wherever it stands among them."""
    painted = "".join(f'<row r="{n}" s="1" customFormat="1"/>' for n in range(2, 1_048_577))
    data = with_rows(f'<row r="1"><c r="A1"><v>7</v></c></row>{painted}')
    assert ((7,),) == workbook.read(data, "a.xlsx").sheets[0].rows


def test_all_columns_are_refused_and_painted_ones_are_nothing() -> None:
    """16,384 columns of values are no village's sheet."""
    letters = ["", *string.ascii_uppercase]
    names = [a + b + c for a in letters for b in letters for c in letters[1:] if not (a and not b)]
    for value, refused in (("<v>1</v>", True), ("", False)):
        cells = "".join(f'<c r="{name}1" s="1">{value}</c>' for name in names[:16_384])
        data = with_rows(f'<row r="1">{cells}</row><row r="2"><c r="A2"><v>1</v></c></row>')
        if refused:
            assert TOO_LARGE == refusal(data)
        else:
            assert ((None,), (1,)) == workbook.read(data, "a.xlsx").sheets[0].rows


def test_a_wide_and_long_sheet_is_refused_before_it_is_laid_out() -> None:
    """Each within its bound, and together more cells than fit into memory."""
    rows = (
        '<row r="1"><c r="IV1"><v>1</v></c></row><row r="199999"><c r="A199999"><v>1</v></c></row>'
    )
    assert TOO_LARGE == refusal(with_rows(rows))


def test_long_texts_shown_by_many_cells_are_a_bomb() -> None:
    """A file of a few kilobytes would unfold into gigabytes."""
    long = "长" * 32_767
    data = sheets.replaced(sheets.xlsx(), "xl/sharedStrings.xml", "付电费", long)
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 5_000))
    index = sheets.zipped(data, "xl/sharedStrings.xml").split("</si>")
    place = next(n for n, text in enumerate(index) if long in text)
    many = rows.replace("<v>0</v>", f"<v>{place}</v>")
    assert "文件解开后太大。" == refusal(with_rows(many, data))
    few = rows.replace("<v>0</v>", f"<v>{(place + 1) % 2}</v>")
    assert isinstance(workbook.read(with_rows(few, data), "a.xlsx"), Book)


def test_a_cell_as_long_as_excel_allows_is_read() -> None:
    """32,767 characters; the understanding says that it is too long to print."""
    data = sheets.replaced(sheets.xlsx(), "xl/sharedStrings.xml", "付电费", "长" * 32_767)
    assert "长" * 32_767 == workbook.read(data, "a.xlsx").sheets[0].at(1, 1)


def test_too_many_sheets_are_refused() -> None:
    """Nobody looks through more."""
    lists = "".join(f'<table:table table:name="{n}"/>' for n in range(bounds.MOST_SHEETS + 1))
    assert TOO_LARGE == refusal(sheets.ods_of(lists), "a.ods")


def test_what_packs_to_nothing_is_a_bomb() -> None:
    """Nothing a person wrote packs to a two-hundredth."""
    data = sheets.repacked(
        sheets.xlsx(), lambda name, body: body + b" " * 3_000_000 * (name == BODY)
    )
    assert "文件解开后太大。" == refusal(data)


# Evil.


@pytest.mark.parametrize(
    "part", [BODY, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "content.xml"]
)
def test_entities_are_refused_wherever_they_stand(part: str, tmp_path: Path) -> None:
    """Those that unfold a billionfold, and those that reach for other files."""
    secret = tmp_path / "secret"
    secret.write_text("不公开的内容", encoding="utf-8")
    declared = (
        '<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;&b;">'
        f'<!ENTITY e SYSTEM "file://{secret}">]>'
    )
    data = sheets.ods() if part == "content.xml" else sheets.xlsx()

    def change(name: str, body: bytes) -> bytes:
        return (
            re.sub(rb"(<\?xml.*?\?>)", rb"\1" + declared.encode(), body) if name == part else body
        )

    assert "这个表格坏了，读不出来。" == refusal(sheets.repacked(data, change), "a")


def test_deep_nesting_is_read_or_refused() -> None:
    """A hundred thousand elements inside of each other end no process."""
    deep = "<x>" * 100_000 + "</x>" * 100_000
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row>{deep}'
    assert isinstance(workbook.read(with_rows(rows), "a.xlsx"), Book)
    assert isinstance(workbook.read(sheets.ods_of(deep), "a.ods"), Book)


def test_two_parts_of_one_name_are_refused() -> None:
    """Of two sheets under one name every program shows another one."""
    out = io.BytesIO(sheets.xlsx())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(BODY.upper(), "<worksheet/>")
    assert "这个表格坏了，读不出来。" == refusal(out.getvalue())


def test_what_turns_lines_round_is_read_as_it_stands() -> None:
    """The words are washed where they are printed; here nothing is lost or added."""
    turned = "付\u202e费电\u200b\u2066_x0007_"
    data = sheets.replaced(sheets.xlsx(), "xl/sharedStrings.xml", "付电费", turned)
    assert workbook.read(data, "a.xlsx").sheets[0].at(1, 1) in {
        turned,
        turned.replace("_x0007_", "\x07"),
    }


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../../a.xlsx", "a\x00.xlsx", "长" * 5_000, "\u202ea"]
)
def test_odd_names_of_files_are_only_repeated(name: str) -> None:
    """A name opens nothing; it is said again in a refusal."""
    assert isinstance(workbook.read(sheets.xlsx(), name), Book)
    assert "这不是表格文件。" == refusal(b"\x01\x02", name)


def test_odd_names_of_sheets_are_kept() -> None:
    """Whatever a sheet is called, it is found."""
    for name in ("&amp;&lt;", "a&#10;b", "表 '1'", "\u202e收支", "="):
        data = sheets.replaced(sheets.xlsx(), "xl/workbook.xml", 'name="收支"', f'name="{name}"')
        assert ("付电费") == workbook.read(data, "a.xlsx").sheets[0].at(1, 1)


@pytest.mark.parametrize("kept", [True, False])
def test_a_picture_kept_inside_of_a_cell_is_taken_out(*, kept: bool) -> None:
    """WPS shows it as a formula; it is a picture, though another program may have lost its part."""
    formula = '=DISPIMG("ID_0A",1)'
    data = sheets.replaced(
        sheets.xlsx(), "xl/sharedStrings.xml", "付电费", formula.replace('"', "&quot;")
    )
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/cellimages.xml" if kept else "xl/other.xml", "<cellImages/>")
    book = workbook.read(out.getvalue(), "a.et")
    assert book.sheets[0].at(1, 1) is None
    assert (1, 1) in book.sheets[0].pictures
    assert book.dropped.count("图片") == 1


def test_a_picture_in_a_cell_of_a_text_file_is_taken_out() -> None:
    """What is left of a scanned signature is nobody's name."""
    data = 'a,b\n"=DISPIMG(""ID_0A"",1)",李某\n'.encode()
    book = workbook.read(data, "a.csv")
    assert ((None, "李某"), ("图片",)) == (book.sheets[0].rows[1], book.dropped)


# Mutated.


def mutated(draw: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """Damage a workbook: its bytes, its length, or the inside of its parts."""
    way = draw.randrange(5)
    if way == 0:
        return data[: draw.randrange(len(data))]
    if way == 1 or not data.startswith(b"PK"):
        body = bytearray(data)
        for _ in range(draw.randrange(1, 9)):
            body[draw.randrange(len(body))] = draw.randrange(256)
        return bytes(body)
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    hit, other = draw.choice(names), draw.choice(names)
    if way == 2:
        left_out = draw.random() < 0.3
        swapped = zipfile.ZipFile(io.BytesIO(data)).read(other)
        return sheets.repacked(
            data, lambda n, b: (None if left_out else swapped) if n == hit else b
        )
    if way == 3:
        donor = zipfile.ZipFile(io.BytesIO(draw.choice(others)))
        taken = donor.read(draw.choice(donor.namelist()))
        return sheets.repacked(data, lambda n, b: taken if n == hit else b)

    def inside(name: str, body: bytes) -> bytes:
        if name != hit or not body:
            return body
        changed = bytearray(body)
        for _ in range(draw.randrange(1, 6)):
            at = draw.randrange(len(changed))
            if draw.random() < 0.5:
                changed[at] = draw.choice(b"<>/\"'&;0199AZaz= \x00\xff")
            else:
                end = at + draw.randrange(200)
                changed[at:at] = changed[at:end] * draw.randrange(1, 4)
        return bytes(changed)

    return sheets.repacked(data, inside)


def test_mutated_workbooks_are_read_or_refused(counts: Callable[[int], int]) -> None:
    """Ten thousand of them, of every format, from real ones and made ones."""
    draw = random.Random(SEED + 1)
    demo = workbook.shipped("data") / "demo" / "roster-2026.xlsx"
    packed = [sheets.xlsx(), sheets.ods(), demo.read_bytes()]
    whole = [*packed, sheets.xls(), '日期,金额\n1月5日,"1,2"\n'.encode("gbk")]
    names = ("a.xlsx", "a.xls", "a.ods", "a.csv")
    read = 0
    for _ in range(counts(10_000)):
        data = mutated(draw, draw.choice(whole), packed)
        try:
            read += isinstance(workbook.read(data, draw.choice(names)), Book)
        except NotValid as refused:
            assert refused.findings[0].fix  # noqa: PT017 - a mutation may be harmless too
    assert read
