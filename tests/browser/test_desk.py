"""The way of a notice at the desk, click by click, and every page of it on a phone and by ear."""

import socket
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from noticeboard.board import attaching, passwords, taking_down
from noticeboard.formats.images import clean_image
from noticeboard.store import people
from noticeboard.web.app import create_app
from tests.cast import VILLAGE, Cast, cast_in

PASSWORD = "一二三四五六七八"
DESK = f"/desk/{VILLAGE}"


class Served:
    """The cast's board behind a real server, and people at their browsers."""

    def __init__(self, cast: Cast, address: str, chromium: Browser) -> None:
        self.cast, self.address, self.chromium = cast, address, chromium

    def sits(self, login: str, width: int = 1366, height: int = 768) -> Page:
        """Give somebody a browser of their own, signed in."""
        context = self.chromium.new_context(
            base_url=self.address, viewport={"width": width, "height": height}
        )
        page = context.new_page()
        page.goto("/desk")
        page.get_by_label("登录名").fill(login)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(f"**{DESK}")
        return page


@pytest.fixture
def served(tmp_path: Path, chromium: Browser) -> Iterator[Served]:
    """Serve the cast's board on a free port; it ends with both audits."""
    cast = cast_in(tmp_path / "home")
    kept = passwords.hashed(PASSWORD)
    with cast.board.database.write() as tx:
        for account in cast.accounts.values():
            people.change(tx, account, password=kept)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(
        create_app(cast.board, secure=False), port=port, log_level="warning", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield Served(cast, f"http://127.0.0.1:{port}", chromium)
    for context in chromium.contexts:
        context.close()
    server.should_exit = True
    thread.join(10)
    cast.audit()
    cast.board.database.close()


def test_the_way_of_a_notice_click_by_click(served: Served) -> None:
    """Anna writes and submits, Ben agrees on his phone, the clock posts it, Anna takes it down."""
    anna = served.sits("anna")
    expect(anna.get_by_role("heading", level=1)).to_have_text("今天没有事等您")
    anna.get_by_role("button", name="通知").click()
    anna.get_by_label("标题").fill("周六停水")
    anna.get_by_label("内容").fill("周六上午检修水管，请各户提前存水。")
    anna.get_by_role("button", name="送审").click()
    expect(anna.locator("h1")).to_have_text("周六停水")
    expect(anna.locator(".mark")).to_have_text("待审")

    ben = served.sits("ben", 360, 780)
    expect(ben.get_by_role("heading", level=1)).to_have_text("今天有 1 件事等您")
    ben.get_by_role("link", name="去看").click()
    expect(ben.frame_locator("iframe.phone").locator("h1")).to_have_text("周六停水")
    agree, back = (ben.get_by_role("button", name=name) for name in ("同意公开", "退回"))
    agreed, returned = agree.bounding_box(), back.bounding_box()
    assert agreed
    assert returned
    assert (agreed["width"], agreed["height"]) == (returned["width"], returned["height"])
    back.click()
    expect(ben.locator(".summary")).to_contain_text("请写明为什么退回。")
    ben.get_by_role("button", name="同意公开").click()
    expect(ben.locator(".mark")).to_have_text("待公开")
    assert 1 == len(served.cast.board.tick())

    anna.goto(DESK)
    anna.get_by_role("link", name="记张贴").click()
    expect(anna.locator(".mark")).to_have_text("已公开")
    anna.get_by_text("记张贴：纸贴到墙上了").click()
    anna.get_by_role("button", name="已张贴").click()
    expect(anna.locator(".past")).to_contain_text("村部公开栏")
    anna.get_by_text("撤下：马上从所有地方拿掉").click()
    anna.locator("#withdraw-ground").select_option(label="内容有误")
    anna.get_by_role("button", name="马上撤下").click()
    expect(anna.locator(".mark")).to_have_text("已撤下")

    ben.goto(DESK)
    ben.get_by_role("link", name="去确认").click()
    ben.get_by_role("button", name="我看过了，确认").click()
    expect(ben.locator(".past")).to_contain_text("确认")


def test_a_second_click_and_the_way_back_end_on_pages(served: Served) -> None:
    """Twice pressed is once agreed; a page that refuses can be left and come back to."""
    waiting = served.cast.submitted("spending").notice
    assert waiting
    here = f"{DESK}/notices/{waiting.code}"
    ben = served.sits("ben")
    ben.goto(f"{here}/review")
    ben.locator("#days").fill("x")
    ben.get_by_role("button", name="同意公开").click()
    expect(ben.locator(".summary")).to_be_visible()
    ben.get_by_role("link", name="这份的来龙去脉").click()
    ben.go_back()
    expect(ben.locator(".summary")).to_be_visible()
    expect(ben.locator("#days")).to_have_value("x")
    ben.goto(f"{here}/approve")
    expect(ben.locator(".mark")).to_have_text("待审")
    ben.goto(f"{here}/review")
    before = served.cast.entries()
    agree = ben.get_by_role("button", name="同意公开")
    agree.scroll_into_view_if_needed()
    place = agree.bounding_box()
    assert place
    with served.cast.board.database.write():  # both are sent before either is done
        for _ in range(2):
            ben.mouse.click(place["x"] + 20, place["y"] + 20)
            time.sleep(0.3)
    expect(ben.locator(".mark")).to_have_text("待公开")
    assert ben.url.split("?")[0].endswith(here)
    assert before + 1 == served.cast.entries()


def pages(served: Served) -> Iterator[tuple[str, str]]:
    """Give every page of the desk with somebody who sees the most of it."""
    cast = served.cast
    waiting = cast.submitted("spending").notice
    cast.published("project")
    cast.draft("decision")
    up = cast.published("subsidy").code
    down = cast.published("announcement").code
    taking_down.withdraw(cast.board, VILLAGE, down, cast.anna, ground="wrong-facts")
    assert waiting
    yield "anna", DESK
    yield "anna", f"{DESK}/notices/{up}"
    yield "ben", DESK
    yield "ben", f"{DESK}/notices/{waiting.code}/review"
    yield "ben", f"{DESK}/notices/{down}"
    yield "admin", f"{DESK}/people"
    yield "admin", f"{DESK}/screens"
    yield "anna", "/desk/account"
    draft = cast.draft().code
    for colour in ("white", "grey"):
        picture = clean_image(_picture(colour))
        attaching.attach(cast.board, VILLAGE, draft, cast.anna, [picture], "晒谷坪")
    yield "anna", f"{DESK}/drafts/{draft}/files"
    yield "anna", f"{DESK}/drafts/{draft}/check"


def _picture(colour: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (800, 1200), colour).save(out, "PNG")
    return out.getvalue()


def opened(page: Page) -> None:
    """Open everything that is folded, so that it is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


def faults(page: Page) -> list[Any]:
    found = Axe().run(page, options={"iframes": False}).response["violations"]
    return [(fault["id"], [node["html"] for node in fault["nodes"]][:3]) for fault in found]


def test_every_page_fits_a_phone_and_is_said_right(served: Served) -> None:
    """At 320 px nothing runs over the edge, and axe finds no barrier, folded parts included."""
    seats: dict[str, Page] = {}
    for login, address in pages(served):
        page = seats.setdefault(login, served.sits(login)) if login not in seats else seats[login]
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(address)
        opened(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, (address, wide)
        assert [] == faults(page), address
