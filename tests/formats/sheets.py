"""Small workbooks for the tests of readers, each format with the same things in it."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import xlsxwriter
import xlwt

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
# One blue dot, as BMP: what old workbooks take for a picture.
DOT = bytes.fromhex(
    "424d3a0000000000000036000000280000000100000001000000010018000000000004000000"
    "00000000000000000000000000000000ff000000"
)


def repacked(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """Give a zip with each part changed; None leaves it out."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            body = change(name, old.read(name))
            if body is not None:
                new.writestr(name, body)
    return out.getvalue()


def replaced(data: bytes, part: str, old: str, new: str) -> bytes:
    """Replace some text in one part of a zip; it must stand there."""

    def change(name: str, body: bytes) -> bytes:
        if name != part:
            return body
        assert old.encode() in body
        return body.replace(old.encode(), new.encode())

    return repacked(data, change)


def xlsx(rows: int = 6, **options: Any) -> bytes:
    """Give what `ledger_as_xls` and `ledger_as_ods` have, as .xlsx."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    sheet = book.add_worksheet("收支")
    red = book.add_format({"font_color": "#FF0000"})
    day = book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
    for row in range(1, rows):
        sheet.write_datetime(row, 0, date(2026, 1, 14 + row % 10), day)
        sheet.write(row, 1, "付电费")
        sheet.write(row, 2, 1234.5, red if row == 2 else None)
        sheet.write(row, 3, 600, red if row == 3 else None)
        sheet.write(row, 4, "隐藏的列")
    sheet.merge_range(0, 0, 0, 2, "示例村2026年第一季度")
    sheet.write_formula(rows, 2, "=1/0", None, "#DIV/0!")
    sheet.set_row(4, None, None, {"hidden": True})
    sheet.set_column(4, 4, None, None, {"hidden": True})
    sheet.write_comment(1, 1, "身体不好")
    sheet.insert_image(8, 6, "a.png", {"image_data": io.BytesIO(PIXEL)})
    secret = book.add_worksheet("秘密")
    secret.write(0, 0, "不公开")
    secret.hide()
    book.close()
    return out.getvalue()


def xls(*, since_1904: bool = False) -> bytes:
    """Give the same as an old workbook; xlwt knows no comments."""
    book = xlwt.Workbook()
    book.dates_1904 = since_1904
    sheet = book.add_sheet("收支")
    red = xlwt.easyxf("font: colour red")
    day = xlwt.easyxf(num_format_str='yyyy"年"m"月"d"日"')
    for row in range(1, 6):
        sheet.write(row, 0, date(2026, 1, 14 + row), day)
        sheet.write(row, 1, "付电费")
        sheet.write(row, 2, 1234.5, *([red] if row == 2 else []))
        sheet.write(row, 3, 600, *([red] if row == 3 else []))
        sheet.write(row, 4, "隐藏的列")
    sheet.write_merge(0, 0, 0, 2, "示例村2026年第一季度")
    sheet.row(6).set_cell_error(2, "#DIV/0!")
    sheet.row(4).hidden = True
    sheet.col(4).hidden = True
    sheet.insert_bitmap_data(DOT, 8, 6)
    secret = book.add_sheet("秘密")
    secret.write(0, 0, "不公开")
    secret.visibility = 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0">'
    "<office:automatic-styles>"
    '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    '<style:style style:name="red"><style:text-properties fo:color="#ff0000"/></style:style>'
    '<number:number-style style:name="N1"><style:text-properties fo:color="#ff0000"/>'
    '<style:map style:condition="value()&gt;=0" style:apply-style-name="N0"/></number:number-style>'
    '<style:style style:name="below" style:data-style-name="N1"/>'
    "</office:automatic-styles><office:body><office:spreadsheet>"
)


def number(value: str, style: str = "") -> str:
    """Write a number's cell of an .ods."""
    named = f' table:style-name="{style}"' if style else ""
    return (
        f'<table:table-cell{named} office:value-type="float" office:value="{value}">'
        "<text:p>so shown</text:p></table:table-cell>"
    )


def words(text: str, more: str = "", attributes: str = "") -> str:
    """Write a text's cell of an .ods."""
    return (
        f'<table:table-cell office:value-type="string"{attributes}>{more}'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def ods_of(sheets: str) -> bytes:
    """Pack the tables of an .ods."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        body = f"{_HEAD}{sheets}</office:spreadsheet></office:body></office:document-content>"
        book.writestr("content.xml", body, zipfile.ZIP_DEFLATED)
        book.writestr("meta.xml", "<office:meta/>")
        book.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


def ods() -> bytes:
    """Give the same in the open format."""
    rows = [
        words(
            "示例村2026年第一季度",
            attributes=' table:number-columns-spanned="3" table:number-rows-spanned="1"',
        )
        + '<table:covered-table-cell table:number-columns-repeated="2"/>'
    ]
    comment = "<office:annotation><text:p>身体不好</text:p></office:annotation>"
    rows += [
        '<table:table-cell office:value-type="date" '
        f'office:date-value="2026-01-{14 + row}"><text:p>so shown</text:p></table:table-cell>'
        + words("付电费", comment if row == 1 else "")
        + number("1234.5", "red" if row == 2 else "below")
        + number("600", "red" if row == 3 else "")
        + words("隐藏的列")
        for row in range(1, 6)
    ]
    rows.append(
        '<table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" '
        'office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p>'
        "</table:table-cell>"
    )
    rows.append("")
    frame = "<draw:frame><draw:image><text:p>图中的字</text:p></draw:image></draw:frame>"
    rows.append(
        '<table:table-cell table:number-columns-repeated="6"/>'
        f"<table:table-cell>{frame}</table:table-cell>"
    )
    lines = "".join(
        "<table:table-row" + (' table:visibility="collapse"' if n == 4 else "") + f">{row or ' '}"
        "</table:table-row>"
        for n, row in enumerate(rows)
    )
    return ods_of(
        '<table:table table:name="收支"><table:table-column table:number-columns-repeated="4"/>'
        f'<table:table-column table:visibility="collapse"/>{lines}</table:table>'
        '<table:table table:name="秘密" table:style-name="ta2"><table:table-row>'
        f"{words('不公开')}</table:table-row></table:table>"
    )


def zipped(data: bytes, part: str) -> str:
    """Read one part of a zip as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(part).decode()
