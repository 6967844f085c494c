"""The draft form in a real browser: it saves by itself, needs no script, and fits a phone."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Error, Page, expect

from noticeboard.board import drafting, passwords
from noticeboard.core.forms import FORMS
from noticeboard.core.particulars import Kind
from noticeboard.store import blobs, drafts, people
from noticeboard.store.drafts import Draft
from noticeboard.web.app import create_app
from tests.cast import VILLAGE, Cast, cast_in

PASSWORD = "一二三四五六七八"
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 780}


class Place:
    """The cast with a server over their board."""

    def __init__(self, cast: Cast, port: int) -> None:
        self.cast = cast
        self.here = f"http://127.0.0.1:{port}"

    def address(self, draft: Draft) -> str:
        """Give a draft's address at the desk."""
        return f"{self.here}/desk/{VILLAGE}/drafts/{draft.code}"

    def draft(self, code: str) -> Draft:
        """Read a draft as it is stored."""
        with self.cast.board.database.read() as tx:
            return drafts.get(tx, VILLAGE, code)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Serve the desk on a free port of this machine until the test is over."""
    cast = cast_in(tmp_path / "home")
    with cast.board.database.write() as tx:
        people.change(tx, cast.accounts["anna"], password=passwords.hashed(PASSWORD))
    config = uvicorn.Config(
        create_app(cast.board, secure=False), port=0, log_level="error", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    yield Place(cast, server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    running.join(10)
    cast.audit()
    cast.board.database.close()


def signed_in(browser: Browser, place: Place, **context: Any) -> Page:
    """Open a page at which Anna sits; whatever a page throws fails the test."""
    page = browser.new_context(**{"viewport": DESK, **context}).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(f"{place.here}/desk/signin")
    page.fill("[name=login]", "anna")
    page.fill("[name=password]", PASSWORD)
    page.locator("main button.solid").click()
    return page


def attach(anna: Page, draft: str) -> None:
    """Add a white picture of 800 by 600 to the draft at an address."""
    out = BytesIO()
    Image.new("RGB", (800, 600), "white").save(out, "JPEG")
    picture = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    anna.goto(f"{draft}/files")
    anna.set_input_files("#file", picture)  # type: ignore[arg-type]
    anna.click("text=加上")


@pytest.fixture
def anna(chromium: Browser, place: Place) -> Iterator[Page]:
    page = signed_in(chromium, place)
    yield page
    page.context.close()


def test_it_saves_a_second_after_typing_stops(anna: Page, place: Place) -> None:
    """The bar says when, the drawer has it, and the page beside the form shows it."""
    draft = place.cast.draft("spending")
    anna.goto(place.address(draft))
    anna.fill("[name=title]", "改过的标题")
    expect(anna.locator("#saved")).to_have_text("09:00 已自动存好")
    assert "改过的标题" == place.draft(draft.code).typed["title"]
    beside = anna.frame_locator(".on-phone iframe")
    expect(beside.locator("h1")).to_contain_text("改过的标题")
    anna.fill("[name=closing]", "2,400")
    expect(anna.locator("#sums")).to_contain_text("本期结余写少了 50.00 元")
    anna.locator(".bar button", has_text="只存草稿").click()
    expect(anna.locator(".summary")).to_have_count(0)
    assert "2,400" == place.draft(draft.code).typed["closing"]


def test_the_slower_of_two_is_told_at_once(anna: Page, place: Place) -> None:
    """When somebody saved meanwhile, the bar says so and the text stays in the form."""
    draft = place.cast.draft()
    anna.goto(place.address(draft))
    typed = {**draft.typed, "place": "二组"}
    drafting.save(place.cast.board, VILLAGE, draft.code, place.cast.cleo, typed, 0)
    anna.fill("[name=place]", "三组")
    expect(anna.locator("#saved")).to_contain_text("别人刚刚存过这份草稿")
    anna.locator(".bar button", has_text="只存草稿").click()
    expect(anna.locator(".clash")).to_contain_text("二组")
    expect(anna.locator("[name=place]")).to_have_value("三组")


def test_enter_in_a_field_saves_and_submits_nothing(anna: Page, place: Place) -> None:
    """A habit of the keyboard must not make a draft official."""
    draft = place.cast.draft()
    anna.goto(place.address(draft))
    anna.fill("[name=title]", "改过的标题")
    anna.press("[name=title]", "Enter")
    expect(anna).to_have_url(place.address(draft))
    assert "改过的标题" == place.draft(draft.code).typed["title"]


def test_a_piece_of_a_spreadsheet_is_pasted_into_the_cells(anna: Page, place: Place) -> None:
    """Copied cells fall right and down from where they are put; a bad date stays to be seen."""
    draft = place.cast.draft("spending")
    anna.goto(place.address(draft))
    anna.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "2026-03-21\\t记-4\\t买水泥\\r\\n3月22日\\t记-5\\t买沙\\r\\n");
          const cell = document.getElementById("rows.3.date");
          cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
        }"""
    )
    expect(anna.locator("#saved")).to_contain_text("已自动存好")
    rows = place.draft(draft.code).typed["rows"]
    assert [("2026-03-21", "记-4", "买水泥"), ("3月22日", "记-5", "买沙")] == [
        (row["date"], row["voucher"], row["summary"]) for row in rows[3:]
    ]


@pytest.mark.parametrize("kind", ["spending", "subsidy", "project", "decision"])
def test_on_an_old_screen_a_row_is_seen_whole(anna: Page, place: Place, kind: Kind) -> None:
    """At 1366 px no column hides to the right, and every field of a row can be reached."""
    anna.goto(place.address(place.cast.draft(kind)))
    hidden = (
        "[...document.querySelectorAll('.scroll')].map((one) => one.scrollWidth - one.clientWidth)"
    )
    assert {0} == set(anna.evaluate(hidden))
    for fold in anna.locator("[id='rows.0'] summary").all():
        fold.click()
    assert {0} == set(anna.evaluate(hidden))
    for field in FORMS[kind].rows:
        expect(anna.locator(f"[id='rows.0.{field.name}']")).to_be_visible()


def test_what_is_folded_under_a_row_is_told_and_opened(anna: Page, place: Place) -> None:
    """What stands in it is said while it is folded, and what is wrong in it is open."""
    row = {"date": "2026-03-21", "summary": "买水泥", "expense": "50", "handler": "李某"}
    draft = place.cast.draft("spending", closing="1950", opening="2000", rows=[row])
    anna.goto(place.address(draft))
    fold = anna.locator("[id='rows.0'] details")
    expect(fold.locator("summary")).to_contain_text("经手人 李某")
    expect(anna.locator("[id='rows.0.handler']")).not_to_be_visible()
    fold.locator("summary").click()
    anna.fill("[id='rows.0.handler']", "李" * 121)
    anna.locator(".bar button", has_text="存下，送审").click()
    anna.locator(".summary a", has_text="经手人").click()
    expect(anna.locator("[id='rows.0.handler']")).to_be_visible()
    expect(anna.locator("[id='rows.0.handler-error']")).to_be_visible()


def test_a_paste_goes_on_into_what_is_folded(anna: Page, place: Place) -> None:
    """The cells to the right of the last that is seen are those folded under it, in their order."""
    draft = place.cast.draft("spending")
    anna.goto(place.address(draft))
    anna.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "建材店\\t办公费\\t转账");
          const cell = document.getElementById("rows.3.payee");
          cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
        }"""
    )
    expect(anna.locator("[id='rows.3.method']")).to_be_visible()
    expect(anna.locator("#saved")).to_contain_text("已自动存好")
    pasted = place.draft(draft.code).typed["rows"][3]
    assert ("建材店", "办公费", "转账") == (pasted["payee"], pasted["account"], pasted["method"])


def test_from_a_refused_check_one_may_go_and_come_back(anna: Page, place: Place) -> None:
    """The page that asks for the ticks is there after a picture, and not after signing out."""
    draft = place.cast.draft()
    attach(anna, place.address(draft))
    anna.goto(f"{place.address(draft)}/check")
    anna.click("text=都看过了，送审")
    expect(anna.locator(".summary")).to_contain_text("请逐张看过原图")
    anna.click("text=遮住不该看到的")
    expect(anna.locator("#boxes")).to_be_visible()
    anna.go_back()
    expect(anna.locator(".summary")).to_contain_text("请逐张看过原图")
    anna.click("text=退出")
    with suppress(Error):  # the browser has nothing left to go back to
        anna.go_back()
    expect(anna.locator("#ticks")).to_have_count(0)


def test_a_box_is_drawn_with_the_mouse_and_burnt_in(anna: Page, place: Place) -> None:
    """What was dragged over is black in the only copy left."""
    draft = place.cast.draft()
    attach(anna, place.address(draft))
    anna.click("text=遮住不该看到的")
    frame = anna.locator(".canvas img").bounding_box()
    assert frame is not None
    anna.mouse.move(frame["x"] + 100, frame["y"] + 100)
    anna.mouse.down()
    anna.mouse.move(frame["x"] + 300, frame["y"] + 200, steps=4)
    anna.mouse.up()
    expect(anna.locator("#count")).to_have_text("已画 1 块")
    anna.click("text=涂黑")
    expect(anna).to_have_url(f"{place.address(draft)}/files")
    with place.cast.board.database.read() as tx:
        held = blobs.file_of(tx, VILLAGE, place.draft(draft.code).files[0].c)
    assert held is not None
    image = Image.open(BytesIO(held.data)).convert("L")
    across, down = 800 / frame["width"], 600 / frame["height"]
    assert image.getpixel((int(200 * across), int(150 * down))) < 20  # type: ignore[operator]
    assert image.getpixel((int(400 * across), int(150 * down))) > 235  # type: ignore[operator]


def test_everything_works_without_a_script(chromium: Browser, place: Place) -> None:
    """Type, add rows, mend what is wrong, submit: by buttons alone."""
    page = signed_in(chromium, place, java_script_enabled=False)
    draft = place.cast.draft("spending", closing="")
    page.goto(place.address(draft))
    page.click("text=存下，再加 10 行")
    assert page.locator("table.rows tbody").count() > 10
    page.locator(".bar button", has_text="存下，送审").click()
    page.click(".summary a >> nth=0")
    assert page.url.endswith("#closing")
    page.fill("[name=closing]", "2,450")
    page.locator(".bar button", has_text="只存草稿").click()
    page.locator("label[for=tab-paper]").click()
    expect(page.frame_locator(".on-paper iframe").locator("body")).to_contain_text("样张")
    page.locator(".bar button", has_text="存下，送审").click()
    page.wait_for_url(f"**/notices/{draft.code}")
    assert 1 == len(place.cast.notice(draft.code).editions)
    page.context.close()


def test_on_a_phone_a_row_stacks_and_nothing_is_cut_off(chromium: Browser, place: Place) -> None:
    """At 360 and 320 px the page is no wider than the screen, and a field is a thumb high."""
    page = signed_in(chromium, place, viewport=PHONE)
    for kind in ("spending", "decision"):
        page.goto(place.address(place.cast.draft(kind)))  # type: ignore[arg-type]
        for width in (360, 320):
            page.set_viewport_size({"width": width, "height": 780})
            assert 0 == page.evaluate("document.documentElement.scrollWidth - innerWidth")
        first, second = (
            page.locator(
                f"[id='rows.0'] td:nth-of-type({n}) :is(input, select)"
            ).first.bounding_box()
            for n in (1, 2)
        )
        assert first is not None
        assert second is not None
        assert first["y"] + first["height"] <= second["y"]
        assert min(first["height"], second["height"]) >= 44
    page.context.close()


def test_a_screen_reader_can_fill_in_the_form(anna: Page, place: Place) -> None:
    """Every control has a name, errors are tied to their fields: axe finds nothing."""
    draft = place.cast.draft("spending", closing="abc")
    anna.goto(place.address(draft))
    anna.locator(".bar button", has_text="存下，送审").click()
    expect(anna.locator(".summary")).to_be_visible()
    found = Axe().run(anna, options={"iframes": False}).response["violations"]
    assert [] == [(one["id"], one["nodes"][0]["html"][:120]) for one in found]
