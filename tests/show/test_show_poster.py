"""The promises of paper: every row once, page sums of exactly the page, room for the slip."""

import random
import re
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from noticeboard.board import founding, taking_down
from noticeboard.board.drafting import content_of
from noticeboard.core.money import yuan
from noticeboard.core.particulars import Content, Spending, SpendingRow
from noticeboard.core.parts import Stated
from noticeboard.formats.printed import pdf_writer
from noticeboard.show.corrections import corrected
from noticeboard.show.facts import place
from noticeboard.show.paper import Paper, paper
from noticeboard.show.poster import poster_draft
from noticeboard.show.printing import sheets
from noticeboard.show.render import render
from noticeboard.show.routes import parse
from noticeboard.show.show import Shown, show
from noticeboard.show.texts import said
from tests.cast import PROFILE, VILLAGE, Cast, cast_in

PUBLIC = "https://board.example.cn"


@pytest.fixture
def cast(tmp_path: Path) -> Cast:
    return cast_in(tmp_path / "home")


def ledger(rng: random.Random, count: int) -> Content:
    rows = tuple(
        SpendingRow(
            id=number,
            date=f"2026-01-{1 + number % 28:02d}",
            summary="修机耕路运砂" * rng.randint(1, 4),
            payee="示例建材经营部" * rng.randint(0, 2) or None,
            income=rng.randint(1, 10**7) if number % 9 == 0 else 0,
            expense=0 if number % 9 == 0 else rng.randint(1, 10**6),
        )
        for number in range(1, count + 1)
    )
    return Content(title="一季度收支", particulars=Spending(opening=0, closing=0, rows=rows))


@pytest.mark.parametrize("count", [0, 1, 12, 13, 14, 15, 16, 17, 18, 40, 140, 500])
def test_every_row_stands_on_one_page_with_its_sums(rng: random.Random, count: int) -> None:
    """Pages together are the ledger, each ends in its own sums, only the last has the totals."""
    content = ledger(rng, count)
    printed_as = paper(Stated(content), 0)
    pages = list(sheets(printed_as, content.title, "一句话。", "更正：两行。" * 8, marked=True))
    printed = [line.cells[0] for page in pages for line in page.rows]
    assert [str(row.id) for row in content.particulars.rows] == printed
    assert list(range(1, len(pages) + 1)) == [page.number for page in pages]
    for page in pages:
        if page.rows:
            income, expense = (sum(line.amounts[at] for line in page.rows) for at in (5, 6))
            assert (yuan(income), yuan(expense)) == page.sums[5:]
    assert [bool(page.totals) for page in pages] == [False] * (len(pages) - 1) + [True]


def shown(cast: Cast, address: str, public_url: str | None) -> str:
    route = parse(address)
    assert route is not None
    with cast.board.database.read() as tx:
        return show(tx, route, cast.clock.now, "zh", public_url).rendered.body.decode()


@pytest.mark.parametrize("paragraphs", [1, 3, 12])
def test_a_long_call_loses_no_word(rng: random.Random, paragraphs: int) -> None:
    """Text runs on from sheet to sheet, each line of it once and in order."""
    texts = ["".join(rng.choices("请各户提前存水，8:00停。", k=400)) for _ in range(paragraphs)]
    pages = list(sheets(Paper(texts=tuple(texts), large=True), "通知", "", "", marked=True))
    told = [piece for page in pages for piece in page.texts]
    assert "".join(texts) == "".join(piece.text for piece in told)
    assert paragraphs == sum(not piece.begun for piece in told)


def test_what_hangs_in_front_can_be_scanned(cast: Cast) -> None:
    """Of several sheets the first has the QR too; the seal's place is on the last alone."""
    row = {"date": "2026-01-10", "summary": "运砂", "expense": "1"}
    typed = {"opening": "60", "closing": "0", "rows": [row] * 60}
    code = cast.published("spending", **typed).code
    pages = shown(cast, f"/n/{code}/poster", PUBLIC).split('<section class="sheet">')[1:]
    assert len(pages) > 1
    assert ["<svg" in page for page in pages] == [
        number in (0, len(pages) - 1) for number in range(len(pages))
    ]
    assert ["盖章处" in page for page in pages] == [False] * (len(pages) - 1) + [True]
    assert all(f"{code[:4]} {code[4:]}" in page for page in pages)


def test_a_slip_has_code_address_and_qr(cast: Cast) -> None:
    """With a public address the paper carries the typed address, the code and a QR, and no 样张."""
    code = cast.published("spending").code
    body = shown(cast, f"/n/{code}/poster", PUBLIC)
    assert f"{PUBLIC}/n/{code}" in body
    assert "<svg" in body
    assert "样张" not in body
    assert "示例村村民委员会" in body
    assert "盖章处" in body
    assert re.search(r"村报账员 安娜：\s*填报，送审", body)
    assert re.search(r"监委会主任 贝恩：\s*监委会审核，同意公开", body)


def test_a_corrected_paper_says_what_changed_and_why(cast: Cast) -> None:
    """The sentence of the page, below the one of the notice, and on the paper of a draft too."""
    notice = cast.published("spending")
    assert "更正：" not in shown(cast, f"/n/{notice.code}/poster", PUBLIC)
    with cast.board.database.read() as tx:
        old = content_of(tx, VILLAGE, notice.latest)
        where = place(tx, VILLAGE)
    sent = cast.correct(notice.code, title="更正后的一季度明细", reason="题目写错了")
    expected = (
        f"更正：{said(corrected(old, replace(old, title='更正后的一季度明细')))}原因：题目写错了"
    )
    with cast.board.database.read() as tx:
        new = content_of(tx, VILLAGE, sent.notice.latest)
    assert expected in render(poster_draft(where, new, cast.clock.now, old)).body.decode()
    cast.up(sent)
    assert expected in shown(cast, f"/n/{notice.code}/poster", PUBLIC)


@pytest.mark.parametrize("public_url", [None, "https://board.example.cn/under/a/path"])
def test_without_an_address_for_a_qr_it_is_a_sample(cast: Cast, public_url: str | None) -> None:
    """Paper that could lead nowhere says 样张 and has neither QR nor address."""
    code = cast.published("spending").code
    body = shown(cast, f"/n/{code}/poster", public_url)
    assert "样张" in body
    assert "<svg" not in body


def test_a_draft_is_printed_as_a_sample_for_the_desk(cast: Cast) -> None:
    """Before publication the paper says 样张 and has no number, code or QR."""
    with cast.board.database.read() as tx:
        where = place(tx, VILLAGE)
    body = render(poster_draft(where, ledger(random.Random(1), 3), cast.clock.now)).body.decode()
    assert body.count("样张") >= 2
    assert "<svg" not in body
    assert "还没有登记号" in body


def test_an_unsigned_village_has_no_office_and_no_seal(cast: Cast) -> None:
    """What is told from a newspaper says so on every page; nobody takes it for official."""
    mark = "演示：摘自湖南日报，非村委会公告"
    founding.tell(cast.board, VILLAGE, replace(PROFILE, signed=False, mark=mark))
    body = shown(cast, f"/n/{cast.published('announcement').code}/poster", PUBLIC)
    assert mark in body
    for official in ("盖章处", "村民委员会", 'class="signed"'):
        assert official not in body
    assert 1 == body.count("胡家坪村</p>") + body.count(f"{PROFILE.name}</p>")


def asked_as_pdf(cast: Cast, code: str) -> Shown:
    route = parse(f"/n/{code}.pdf")
    assert route is not None
    with cast.board.database.read() as tx:
        return show(tx, route, cast.clock.now, "zh", PUBLIC)


@pytest.mark.skipif(pdf_writer() is None, reason="WeasyPrint is not there")
def test_a_pdf_is_made_without_fetching_anything(cast: Cast) -> None:
    """Where WeasyPrint is installed the poster is a PDF, and what is not in it is not fetched."""
    made = asked_as_pdf(cast, cast.published("spending").code)
    assert (200, "application/pdf") == (made.status, made.rendered.media_type)
    assert made.rendered.body.startswith(b"%PDF-")
    write = pdf_writer()
    assert write is not None
    assert write('<img src="http://127.0.0.1:9/x.png"><img src="file:///etc/hostname">')


def test_without_weasyprint_the_browser_prints(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that cannot make a PDF leads to the page to print, and says how; not a bare 404."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    kept, gone = cast.published("spending"), cast.published("announcement")
    told = asked_as_pdf(cast, kept.code)
    page = told.rendered.body.decode()
    assert 404 == told.status
    assert f'href="/n/{kept.code}/poster"' in page
    assert "浏览器的菜单里选“打印”" in page
    assert "另存为 PDF" in page
    taking_down.withdraw(cast.board, VILLAGE, gone.code, cast.anna, ground="wrong-facts")
    assert 410 == asked_as_pdf(cast, gone.code).status


def test_the_poster_asks_for_nothing_else(cast: Cast) -> None:
    """No script, no style attribute, no picture from elsewhere: one file that prints by itself."""
    body = shown(cast, f"/n/{cast.published('subsidy').code}/poster", PUBLIC)
    assert [] == re.findall(r"<script|<[^>]+\sstyle=|<img|<link[^>]+stylesheet", body)
