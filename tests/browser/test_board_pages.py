"""The promises of the board's pages in real Chromium: narrow, large, by ear, on paper."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from noticeboard.board import reviewing
from noticeboard.show.routes import parse
from noticeboard.show.show import show
from tests.cast import FORMS, VILLAGE, cast_in
from tests.show.standings import Standings

FIRST_VIEW = 14_336
BOARD = f"/v/{VILLAGE}"
ADDRESSES = (
    *("/", BOARD, f"{BOARD}/notices", f"{BOARD}/corrections", f"{BOARD}/projects", "/patterns"),
    *(f"{BOARD}/search", f"{BOARD}/search?q={quote('之用')}", f"{BOARD}/search?q=xyz"),
    *("/n/00000000", f"{BOARD}?lang=en"),
    *(f"{BOARD}/powers", f"{BOARD}/powers?list=merged", f"{BOARD}/powers/P19"),
)
# Rows of a long ledger, as many as a village writes in a quarter.
LONG = 140


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standings]:
    """Give the board of all standings, with a long ledger and one of each other kind more."""
    cast = cast_in(Path(tmp_path_factory.mktemp("pages")) / "home")
    standings = Standings(cast)
    rows = [
        {
            "date": f"2026-0{1 + n % 3}-{1 + n % 28:02d}",
            "summary": "示例村小学路段砍青除障并清理塌方土石" if n % 7 == 0 else "渠道清淤人工",
            "expense": "12,345.60",
            "payee": "示例镇五金建材经营部",
            "handler": "李秀英",
        }
        for n in range(LONG)
    ]
    title = "2026年一季度财务收支逐笔明细，含运转经费和机耕路"
    form = {"opening": "2,000,000", "closing": "271,616.00", "rows": rows, "title": title}
    cast.published("spending", **form)
    until = reviewing.whole_days(cast.board, VILLAGE, cast.clock.now, 7)
    cast.published("subsidy", item="D56", until=until)
    cast.published("project")
    cast.published("decision", until=until)
    standings.at = cast.clock.now
    yield standings
    cast.board.database.close()


def html(board: Standings, address: str) -> str:
    return board.show(address).rendered.body.decode()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 320, "height": 640})
    yield context.new_page()
    context.close()


def overflowing(page: Page) -> Any:
    return page.evaluate(
        """() => [document.documentElement.scrollWidth - innerWidth,
        [...document.querySelectorAll('main *')].filter(one => {
          const box = one.getBoundingClientRect();
          // A line of pieces begins beyond its clip, where only its dot stands.
          const left = one.closest('.p') ? -30 : -1;
          return box.width && (box.right > innerWidth + 1 || box.left < left)
            // Of a chart two widths of three are not seen; tests of power pages measure them.
            && !one.closest('.wide, .flow');
        }).map(one => one.outerHTML.slice(0, 80))]"""
    )


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("percent", [100, 200])
def test_nothing_runs_out_of_a_narrow_page(
    page: Page, board: Standings, address: str, percent: int
) -> None:
    """At 320 px, and with text twice as large, nothing has to be scrolled sideways."""
    page.set_content(html(board, address))
    page.evaluate(f"document.documentElement.style.fontSize = '{1.125 * percent}%'")
    assert [0, []] == overflowing(page)


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_can_be_used_without_eyes_or_mouse(
    chromium: Browser, board: Standings, address: str
) -> None:
    """The axe checks find nothing to mend. They need their own script, which our policy forbids."""
    context = chromium.new_context(viewport={"width": 360, "height": 780}, bypass_csp=True)
    page = context.new_page()
    page.set_content(html(board, address))
    found = Axe().run(page)
    context.close()
    assert [] == [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_first_view_is_one_small_answer(board: Standings, address: str) -> None:
    """All of a page, with its style, is carried by one round trip."""
    body = board.show(address).rendered.body
    assert len(gzip.compress(body, 9)) <= FIRST_VIEW


def test_a_search_box_is_large_and_works_by_keyboard(page: Page, board: Standings) -> None:
    """The field is 60 px high, has its label, and Enter sends the words by GET."""
    page.set_content(html(board, BOARD))
    field = page.get_by_label("想找什么，写两个字就行")
    box = field.bounding_box()
    assert box is not None
    assert 60 == round(box["height"])
    asked = page.evaluate(
        """() => { const form = document.querySelector('form');
        return [form.method, form.getAttribute('action'), form.elements.q.name]; }"""
    )
    assert ["get", f"{BOARD}/search", "q"] == asked


def _code_of(board: Standings, title: str) -> str:
    with board.cast.board.database.read() as tx:
        route = parse(f"{BOARD}/notices")
        assert route is not None
        body = show(tx, route, board.at, "zh", None).rendered.body.decode()
    return body.split(f">{title}")[0].rsplit("/n/", 1)[1][:8]


@pytest.mark.parametrize(
    "title", ["2026年一季度财务收支逐笔", FORMS["subsidy"]["title"], "修三组机耕路"]
)
def test_a_poster_prints_as_it_was_counted(chromium: Browser, board: Standings, title: str) -> None:
    """Chromium prints exactly the sheets that were counted, each with its sums and number."""
    body = html(board, f"/n/{_code_of(board, title)}/poster")
    sheets = body.count('<section class="sheet">')
    page = chromium.new_page()
    page.set_content(body)
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=False))
    # On screen nothing within a sheet may run over its foot either.
    over = page.evaluate(
        """() => { return [...document.querySelectorAll('.sheet')].filter(sheet => {
        const foot = sheet.querySelector('.slip, .page').getBoundingClientRect().top;
        const last = [...sheet.querySelectorAll('.wide, .totals, .lead')].map(
          one => one.getBoundingClientRect().bottom);
        return Math.max(0, ...last) > foot + 1; }).length; }"""
    )
    page.close()
    assert (sheets, 0) == (len(printed), over)
    for number, sheet in enumerate(printed, 1):
        text = sheet.get_textpage().get_text_range()
        assert f"第 {number} 页，共 {sheets} 页" in text
        if "<tfoot>" in body:
            assert "本页小计" in text
    assert "盖章处" in text


def test_a_poster_can_be_read_on_a_phone(page: Page, board: Standings) -> None:
    """At 320 px only the table itself scrolls sideways."""
    page.set_content(html(board, f"/n/{_code_of(board, '2026年一季度财务收支逐笔')}/poster"))
    assert [0, []] == overflowing(page)
