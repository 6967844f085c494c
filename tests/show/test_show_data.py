"""The promises of a notice as data: exact, complete, round, and harmless in a spreadsheet."""

import csv
import io
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl import load_workbook

from noticeboard.board import drafting, founding, reviewing, taking_down
from noticeboard.core.days import local
from noticeboard.core.notice import published
from noticeboard.core.particulars import KINDS, Content, Kind
from noticeboard.formats.exports import (
    Yuan,
    csv_file,
    json_file,
    plain_thousandths,
    plain_yuan,
    safe,
    xlsx_file,
)
from noticeboard.show.routes import parse
from noticeboard.show.show import Shown, show
from tests.cast import FORMS, PROFILE, START, VILLAGE, Cast, cast_in


@pytest.fixture
def cast(tmp_path: Path) -> Cast:
    return cast_in(tmp_path / "home")


def answer(cast: Cast, address: str) -> Shown:
    route = parse(address)
    assert route is not None
    with cast.board.database.read() as tx:
        return show(tx, route, cast.clock.now, "zh", "https://board.example.cn")


@pytest.mark.parametrize("kind", KINDS)
def test_json_says_all_that_a_notice_states(cast: Cast, kind: Kind) -> None:
    """What was approved comes out again field by field, amounts as whole fen that say so."""
    notice = cast.published(kind)
    shown = answer(cast, f"/n/{notice.code}.json")
    document = msgspec.json.decode(shown.rendered.body)
    assert (200, "application/json") == (shown.status, shown.rendered.media_type)
    assert ("fen (0.01 CNY)", notice.number) == (document["units"]["amount"], document["number"])
    with cast.board.database.read() as tx:
        stated = drafting.content_of(tx, VILLAGE, notice.editions[0])
    content = {**document["content"], "files": [], "last_row": stated.last_row, "source": ""}
    assert stated == msgspec.convert(content, Content)


def test_an_edition_is_data_of_its_own(cast: Cast) -> None:
    """What was corrected can still be had as it stood, linked from its own page."""
    code = cast.published("spending").code
    cast.clock.on(60)
    cast.up(cast.correct(code, title="更正后的明细"))
    old, now = (
        msgspec.json.decode(answer(cast, f"/n/{code}{tail}.json").rendered.body)
        for tail in ("/e/1", "")
    )
    assert (1, FORMS["spending"]["title"]) == (old["edition"], old["content"]["title"])
    assert (2, "更正后的明细") == (now["edition"], now["content"]["title"])
    assert f"https://board.example.cn/n/{code}/e/1" == now["editions"][0]["address"]
    page = answer(cast, f"/n/{code}/e/1").rendered.body.decode()
    for form in ("xlsx", "csv", "json"):
        assert f'href="/n/{code}/e/1.{form}"' in page
        assert 404 == answer(cast, f"/n/{code}/e/3.{form}").status
    for form in ("xlsx", "csv"):
        table = answer(cast, f"/n/{code}/e/1.{form}").rendered
        saved_as = f'attachment; filename="{code}-1.{form}"'.encode()
        assert (b"content-disposition", saved_as) in table.headers


def test_what_is_told_from_a_newspaper_has_no_publisher(cast: Cast) -> None:
    """Nobody's program takes it for a notice of the village committee."""
    code = cast.published("announcement").code
    official = msgspec.json.decode(answer(cast, f"/n/{code}.json").rendered.body)
    assert "committee" == official["content"]["publisher"]
    founding.tell(cast.board, VILLAGE, replace(PROFILE, signed=False))
    told = msgspec.json.decode(answer(cast, f"/n/{code}.json").rendered.body)
    assert "publisher" not in told["content"]


def test_a_wall_is_shown_while_its_photo_may_be_seen(cast: Cast) -> None:
    """At 已张贴 stands the small picture that leads to the whole; once erased, neither is named."""
    notice = cast.published("announcement")
    up = published(notice.latest)
    assert up is not None
    photo = (b"\xff\xd8whole", "image/jpeg", b"\xff\xd8small")
    reviewing.post(
        cast.board, VILLAGE, notice.code, cast.anna, wall="w1", of=up.publish, photo=photo
    )
    c = cast.notice(notice.code).posted[0].files[0].c
    address = f"/n/{notice.code}/f/{c}"
    page = answer(cast, f"/n/{notice.code}").rendered.body.decode()
    assert f'<a href="{address}"><img src="{address}/small" alt="墙上的照片"' in page
    assert photo[2] == answer(cast, f"{address}/small").rendered.body
    document = msgspec.json.decode(answer(cast, f"/n/{notice.code}.json").rendered.body)
    assert ("村部公开栏", [f"https://board.example.cn{address}"]) == (
        document["posted"][0]["wall"],
        document["posted"][0]["photos"],
    )
    taking_down.redact(
        cast.board, VILLAGE, notice.code, cast.anna, ground="person-asked", files=(c,)
    )
    for tail in ("", ".json"):
        body = answer(cast, f"/n/{notice.code}{tail}").rendered.body.decode()
        assert "村部公开栏" in body
        assert c not in body


def _rows(shown: Shown) -> list[dict[str, str]]:
    text = shown.rendered.body.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_has_chinese_heads_and_plain_numbers(cast: Cast) -> None:
    """A ledger opens in Excel: a byte order mark, Chinese heads, amounts without commas."""
    notice = cast.published("spending")
    shown = answer(cast, f"/n/{notice.code}.csv")
    assert shown.rendered.body.startswith(b"\xef\xbb\xbf")
    first, second, _third = _rows(shown)
    assert ("1", "林地租金", "2000.00", "") == tuple(
        first[head] for head in ("行号", "做什么用", "收入（元）", "支出（元）")
    )
    assert ("王建军", "500.00") == (second["付给谁"], second["支出（元）"])


def test_csv_runs_nothing_in_a_spreadsheet(cast: Cast) -> None:
    """Text that begins like a formula gets an apostrophe; a negative amount stays a number."""
    form: dict[str, Any] = FORMS["project"]
    rows = [
        *form["rows"],
        {"step": "change", "text": '=HYPERLINK("http://x")', "amount": "-2,000.50"},
    ]
    notice = cast.published("project", rows=rows)
    change = _rows(answer(cast, f"/n/{notice.code}.csv"))[-1]
    assert ('\'=HYPERLINK("http://x")', "-2000.50") == (change["说明"], change["金额（元）"])


def _sheets(shown: Shown) -> tuple[Any, Any]:
    book = load_workbook(io.BytesIO(shown.rendered.body))
    assert ["公示", "说明"] == book.sheetnames
    return book["公示"], book["说明"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_workbook_says_what_the_csv_says(cast: Cast, kind: Kind) -> None:
    """The same heads and cells; numbers are numbers, texts are texts, empty is empty."""
    code = cast.published(kind).code
    text = answer(cast, f"/n/{code}.csv").rendered.body.decode("utf-8-sig")
    sheet, _about = _sheets(answer(cast, f"/n/{code}.xlsx"))
    rows = [[_plain(cell) for cell in row] for row in sheet.iter_rows()]
    assert list(csv.reader(io.StringIO(text, newline=""))) == rows
    assert {"n", "s"} >= {cell.data_type for row in sheet.iter_rows() for cell in row}


def _plain(cell: Any) -> str:
    money = cell.number_format == "#,##0.00"
    return f"{cell.value:.2f}" if money else "" if cell.value is None else str(cell.value)


def test_amounts_are_numbers_in_a_workbook(cast: Cast) -> None:
    """They can be added up: fen exactly, with two places; ids are whole numbers."""
    sheet, _about = _sheets(answer(cast, f"/n/{cast.published('spending').code}.xlsx"))
    heads = [cell.value for cell in sheet[1]]
    income = sheet.cell(2, 1 + heads.index("收入（元）"))
    assert ("n", 2000, "#,##0.00") == (income.data_type, income.value, income.number_format)
    assert 1 == sheet.cell(2, 1).value


def test_a_workbook_runs_nothing(cast: Cast) -> None:
    """Text that begins like a formula is text, and stays text when somebody edits its cell."""
    form: dict[str, Any] = FORMS["project"]
    texts = ['=HYPERLINK("http://x")', "+1+1", "@SUM(A1)", "-2+3", "{=1}"]
    rows = [*form["rows"], *({"step": "change", "text": text} for text in texts)]
    shown = answer(cast, f"/n/{cast.published('project', rows=rows).code}.xlsx")
    sheet, _about = _sheets(shown)
    cells = [sheet.cell(row, 4) for row in range(sheet.max_row - 4, sheet.max_row + 1)]
    assert texts == [cell.value for cell in cells]
    assert {"s"} == {cell.data_type for cell in cells}
    assert [True] * 4 + [False] == [cell.quotePrefix for cell in cells]
    with ZipFile(io.BytesIO(shown.rendered.body)) as parts:
        names = parts.namelist()
        whole = b"".join(parts.read(name) for name in names)
    assert b"<f>" not in whole
    assert b"hyperlink" not in b"".join(name.lower().encode() for name in names)


def test_a_workbook_names_nobody_and_is_the_same_bytes(cast: Cast) -> None:
    """Its properties tell when the notice went up and no author; what holds stays the same."""
    code = cast.published("announcement").code
    first = answer(cast, f"/n/{code}.xlsx").rendered
    cast.clock.on(3_600)
    assert first.body == answer(cast, f"/n/{code}.xlsx").rendered.body
    book = load_workbook(io.BytesIO(first.body))
    assert (None, None) == (book.properties.creator, book.properties.lastModifiedBy)
    told = {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert (code, "停水通知", f"https://board.example.cn/n/{code}/e/1") == (
        told["编号"],
        told["标题"],
        told["网址"],
    )


def test_a_notice_without_rows_is_a_table_of_two_columns(cast: Cast) -> None:
    """An announcement is what it says under what it says it of."""
    notice = cast.published("announcement")
    told = {row["名目"]: row["内容"] for row in _rows(answer(cast, f"/n/{notice.code}.csv"))}
    assert ("停水通知", "全村", "2026-01-10 08:00") == (
        told["标题"],
        told["地点"],
        told["从什么时候"],
    )


@given(st.one_of(st.none(), st.integers(), st.text()))
def test_no_cell_begins_like_a_formula(cell: str | int | None) -> None:
    """Whatever a cell says, it is empty, a number, or begins harmlessly."""
    written = safe(cell)
    assert not written.startswith(("=", "+", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    if written.startswith("-"):
        float(written)


@given(st.lists(st.tuples(st.text(max_size=20), st.integers(-(10**12), 10**12)), max_size=5))
@settings(max_examples=30, deadline=None)
def test_a_workbook_is_read_back_as_written(rows: list[tuple[str, int]]) -> None:
    """Whatever a text holds that may stand in a file at all, it comes back; fen to the fen."""
    lines = [(text, Yuan(fen)) for text, fen in rows]
    data = xlsx_file(("a", "b"), lines, (("标题", "=1"),), local(START).replace(tzinfo=None))
    sheet: Any = load_workbook(io.BytesIO(data))["公示"]
    for nth, (text, fen) in enumerate(rows, start=2):
        a, b = sheet.cell(nth, 1), sheet.cell(nth, 2)
        assert a.data_type != "f"
        assert (text == "") == (a.value is None)
        assert fen == round(b.value * 100)


@given(st.lists(st.tuples(st.text(max_size=20), st.integers(-(10**12), 10**12))))
def test_a_csv_file_is_read_back_as_written(rows: list[tuple[str, int]]) -> None:
    """Commas, quotes and line ends in a cell break nothing."""
    data = csv_file(("a", "b"), rows).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(data, newline="")))[1:]
    assert [[safe(a), str(b)] for a, b in rows] == read


@given(st.integers(-(10**12), 10**12))
def test_amounts_are_written_exactly(amount: int) -> None:
    """Fen and thousandths lose nothing on the way into a cell."""
    assert amount == round(float(plain_yuan(amount)) * 100)
    assert amount == round(float(plain_thousandths(amount)) * 1000)
    assert f"{amount}\n".encode() == json_file(amount)
