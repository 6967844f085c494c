"""The promises of the hall screen, in real Chromium against a real server process."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from noticeboard.board import taking_down
from noticeboard.core.days import local
from noticeboard.core.drafting import typed_of
from noticeboard.core.money import yuan
from noticeboard.core.particulars import Announcement, Content
from noticeboard.show.breaking import pieces
from tests.browser.hall import VILLAGE, Hall, Server
from tests.show import hall_samples as samples

SIZE = (1080, 1920)

# What stands on each line of an element, as it was laid out.
LINES = """(one) => {
    const lines = new Map();
    const nodes = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) for (let at = 0; at < nodes.currentNode.length; at++) {
        const range = document.createRange();
        range.setStart(nodes.currentNode, at);
        range.setEnd(nodes.currentNode, at + 1);
        const top = Math.round(range.getBoundingClientRect().top);
        lines.set(top, (lines.get(top) || "") + nodes.currentNode.data[at]);
    }
    return [...lines.values()];
}"""


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path, samples.DEMO, SIZE)


@pytest.fixture
def serve(hall: Hall) -> Iterator[Callable[..., Server]]:
    """Give a function that starts the hall's server; at the end it is killed."""
    started: list[Server] = []

    def start(poll: int = 60) -> Server:
        started.append(Server(hall.home, poll=poll))
        return started[-1]

    yield start
    for server in started:
        server.kill()


@pytest.fixture
def screen(chromium: Browser) -> Iterator[Page]:
    """Give a screen whose page has thrown nothing when the test is over."""
    context = chromium.new_context(viewport={"width": SIZE[0], "height": SIZE[1]})
    page = context.new_page()
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    page.on(
        "console",
        lambda said: thrown.append(said.text) if "noticeboard: error" in said.text else None,
    )
    yield page
    assert thrown == []
    context.close()


def front(page: Page) -> Any:
    """Give the slide that hangs."""
    return page.locator(".pool[data-slide]:not([data-slide=''])")


def kept(page: Page) -> list[dict[str, Any]]:
    """Read the slides in the screen's IndexedDB."""
    slides: list[dict[str, Any]] = page.evaluate(
        """() => new Promise((resolve, reject) => {
            const open = indexedDB.open("noticeboard-hall");
            open.onerror = () => reject(open.error);
            open.onsuccess = () => {
                const all = open.result.transaction("slides").objectStore("slides").getAll();
                all.onsuccess = () => { open.result.close(); resolve(all.result); };
            };
        })"""
    )
    return slides


def until(said: Callable[[], bool], seconds: float = 5) -> None:
    """Wait until it is so, at most so long."""
    end = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < end
        time.sleep(0.05)


def notice(title: str, text: str = "请互相转告。") -> Content:
    return Content(title=title, particulars=Announcement(text=text))


def quarter() -> Content:
    """Give a ledger with one page of slides, so that its names hang when the test looks."""
    return samples.ledger(5)


def test_an_empty_board_says_so(serve: Callable[..., Server], screen: Page) -> None:
    """With nothing on show the screen says that, and whose it is; it is never blank."""
    screen.goto(serve().url)
    expect(screen.get_by_text("现在没有正在公示的内容")).to_be_visible()
    expect(screen.get_by_role("heading", name="示例村")).to_be_visible()


def test_a_new_notice_comes_by_the_stream(
    hall: Hall, serve: Callable[..., Server], screen: Page
) -> None:
    """What goes up hangs within seconds, without waiting for the poll or the end of a round."""
    hall.publish(samples.ledger(30))
    screen.goto(serve(poll=600).url)
    expect(front(screen).get_by_role("heading")).to_have_text("2026年一季度财务收支公示")
    hall.publish(notice("三组清明上山防火"))
    expect(front(screen).get_by_role("heading")).to_have_text("三组清明上山防火", timeout=6000)


def test_a_new_notice_comes_by_the_poll(
    hall: Hall, serve: Callable[..., Server], screen: Page
) -> None:
    """Where the stream answers 502 for ever, the poll brings what is new."""
    (hall.home / "no-stream").touch()
    screen.goto(serve(poll=2).url)
    expect(screen.get_by_text("现在没有正在公示的内容")).to_be_visible()
    hall.publish(notice("三组清明上山防火"))
    expect(front(screen).get_by_role("heading")).to_have_text("三组清明上山防火", timeout=8000)
    expect(screen.locator("#stage")).not_to_have_class("stale")


def test_a_silent_stream_is_taken_for_dead_after_a_minute(
    hall: Hall, serve: Callable[..., Server], screen: Page
) -> None:
    """A ping keeps the connection for another 60 s; without one the player makes a new one."""
    pings = hall.home / "pings"
    pings.touch()
    streams: list[str] = []
    screen.on("request", lambda sent: streams.append(sent.url) if "/live" in sent.url else None)
    screen.clock.install()
    screen.goto(serve(poll=600).url)
    expect(screen.get_by_text("现在没有正在公示的内容")).to_be_visible()
    for _ in range(3):
        screen.wait_for_timeout(500)
        screen.clock.run_for(50_000)
    assert len(streams) == 1
    screen.wait_for_timeout(500)
    pings.unlink()
    screen.wait_for_timeout(500)
    screen.clock.run_for(55_000)
    assert len(streams) == 1
    screen.clock.run_for(12_000)
    until(lambda: len(streams) > 1)


def test_a_killed_server_is_survived_and_told(
    hall: Hall, serve: Callable[..., Server], screen: Page
) -> None:
    """With the server dead the slides go on, and the footer says of when they are; and back."""
    hall.publish(notice("三组清明上山防火"))
    server = serve()
    screen.goto(server.url)
    foot = front(screen).locator(".as-of")
    expect(foot).to_contain_text("数据截至")
    server.kill()
    expect(foot).to_contain_text("网络断了，这是", timeout=25_000)
    then = local(int(time.time()))
    assert re.search(rf"{then.month}月{then.day}日 \d\d:\d\d 的内容", foot.inner_text())
    expect(front(screen).get_by_role("heading")).to_have_text("三组清明上山防火")
    server.start()
    expect(foot).to_contain_text("数据截至", timeout=25_000)


def test_a_screen_starts_again_without_a_server(
    hall: Hall, serve: Callable[..., Server], screen: Page
) -> None:
    """The page and its slides are kept: opened anew with the server dead, they hang."""
    hall.publish(notice("三组清明上山防火"))
    server = serve()
    screen.goto(server.url)
    expect(front(screen).get_by_role("heading")).to_have_text("三组清明上山防火")
    server.kill()
    screen.goto("about:blank")
    screen.goto(server.url)
    expect(front(screen).get_by_role("heading")).to_have_text("三组清明上山防火")
    expect(front(screen).locator(".as-of")).to_contain_text("网络断了", timeout=25_000)
    server.start()


def test_what_is_withdrawn_leaves_within_five_seconds(
    hall: Hall, serve: Callable[..., Server], screen: Page
) -> None:
    """A withdrawn notice is cut from the screen at once and leaves nothing in the storage."""
    hall.publish(notice("三组清明上山防火"))
    code = hall.publish(quarter())
    screen.goto(serve().url)
    expect(front(screen)).to_have_attribute("data-slide", re.compile(r"\w+-1-1"))
    assert {slide["notice"] for slide in kept(screen)} >= {code}
    taking_down.withdraw(hall.board, VILLAGE, code, hall.anna, ground="wrong-facts")
    expect(screen.get_by_role("heading", name="财务收支")).to_have_count(0, timeout=5000)
    expect(front(screen).get_by_role("heading")).to_have_text("三组清明上山防火")
    until(lambda: code not in {slide["notice"] for slide in kept(screen)})


def test_the_last_notice_withdrawn_leaves_the_welcome(
    hall: Hall, serve: Callable[..., Server], screen: Page
) -> None:
    """When the only notice goes, the screen says that nothing is on show."""
    code = hall.publish(quarter())
    screen.goto(serve().url)
    expect(front(screen).get_by_role("heading")).to_contain_text("财务收支")
    taking_down.withdraw(hall.board, VILLAGE, code, hall.anna, ground="wrong-facts")
    expect(screen.get_by_text("现在没有正在公示的内容")).to_be_visible(timeout=5000)


def test_a_redacted_name_leaves_screen_and_storage(
    hall: Hall, serve: Callable[..., Server], screen: Page
) -> None:
    """Slides with a redacted name are deleted from IndexedDB; those without hang instead."""
    code = hall.publish(quarter())
    screen.goto(serve().url)
    expect(front(screen).get_by_text("清运队")).to_be_visible()
    assert any("清运队" in slide["html"] for slide in kept(screen))
    taking_down.redact(
        hall.board, VILLAGE, code, hall.anna, ground="personal-data", parts=("names",)
    )
    expect(screen.get_by_text("清运队")).to_have_count(0, timeout=5000)
    expect(front(screen).get_by_text("村民").first).to_be_visible(timeout=5000)
    until(lambda: not any("清运队" in slide["html"] for slide in kept(screen)))


def test_a_slide_ends_by_its_date_alone(
    hall: Hall, serve: Callable[..., Server], screen: Page
) -> None:
    """At the end of its period a notice leaves the screen, with the server dead too."""
    end = hall.board.now() + 12
    hall.publish(notice("三组清明上山防火"), until=end)
    server = serve()
    screen.goto(server.url)
    expect(front(screen).get_by_role("heading")).to_have_text("三组清明上山防火")
    expect(front(screen).locator(".end")).to_contain_text("还剩")
    server.kill()
    expect(screen.get_by_text("现在没有正在公示的内容")).to_be_visible(timeout=20_000)
    assert time.time() >= end
    server.start()


def test_other_bytes_are_never_shown(
    hall: Hall, serve: Callable[..., Server], screen: Page
) -> None:
    """A slide whose bytes are not those of its name is not taken; what hung before goes on."""
    screen.route(
        "**/slide/*",
        lambda route: route.fulfill(status=200, content_type="text/html", body="<p>别的内容</p>"),
    )
    hall.publish(notice("三组清明上山防火"))
    screen.goto(serve().url)
    screen.wait_for_timeout(2000)
    expect(screen.get_by_text("别的内容")).to_have_count(0)
    screen.unroute("**/slide/*")
    expect(front(screen).get_by_role("heading")).to_have_text("三组清明上山防火", timeout=15_000)


def test_a_captive_portal_is_not_believed(
    hall: Hall, serve: Callable[..., Server], screen: Page
) -> None:
    """A 200 with somebody else's page is no contact: the slides stay and the footer says so."""
    hall.publish(notice("三组清明上山防火"))
    (hall.home / "no-stream").touch()
    screen.goto(serve(poll=2).url)
    expect(front(screen).get_by_role("heading")).to_have_text("三组清明上山防火")
    screen.route(
        "**/playlist.json",
        lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>登录</h1>"),
    )
    expect(front(screen).locator(".as-of")).to_contain_text("网络断了", timeout=20_000)
    expect(front(screen).get_by_role("heading")).to_have_text("三组清明上山防火")


def test_a_newer_player_takes_over_from_the_cache(
    hall: Hall, serve: Callable[..., Server], screen: Page
) -> None:
    """An older player fetches the newer one whole and starts over once, never in a loop."""
    hall.publish(notice("三组清明上山防火"))
    server = serve()
    loaded: list[str] = []
    screen.on("load", lambda: loaded.append(screen.url))

    def older(route: Any) -> None:
        answer = route.fetch()
        text = re.sub(r'data-shell="\w+"', 'data-shell="0000000000000000"', answer.text())
        route.fulfill(response=answer, body=text)

    screen.route(server.url, older, times=1)
    screen.goto(server.url)
    expect(screen.locator("body:not([data-shell='0000000000000000'])")).to_be_visible()
    expect(front(screen).get_by_role("heading")).to_have_text("三组清明上山防火")
    screen.wait_for_timeout(2000)
    assert len(loaded) == 2


def test_the_round_goes_on_with_two_slides_in_the_page(
    hall: Hall, serve: Callable[..., Server], screen: Page
) -> None:
    """Slides follow one another in the server's order; the page never grows beyond two of them."""
    screen.clock.install()
    hall.publish(samples.ledger(40))
    screen.goto(serve().url)
    expect(front(screen)).to_have_attribute("data-slide", re.compile("-1-1$"))
    seen = []
    for _ in range(9):
        seen.append(front(screen).get_attribute("data-slide"))
        screen.clock.run_for(26_000)
        assert screen.locator(".slide").count() <= 2
    pages = [int(str(slide).rsplit("-", 1)[1]) for slide in seen]
    assert [1, 2, 3, 4, 5, 6, 1, 7, 8] == pages


@pytest.mark.parametrize(
    "size", [(1080, 1920), (1920, 1080), (720, 1280), (3840, 2160), (1366, 768), (1024, 768)]
)
def test_every_kind_fits_every_screen(
    tmp_path: Path, chromium: Browser, size: tuple[int, int]
) -> None:
    """On each size nothing overflows and no letter is under 40 px at 1080p."""
    hall = Hall(tmp_path, samples.TOLD, size)
    for content in samples.everything():
        hall.publish(content, until=hall.board.now() + 40 * 86_400)
    wrong = samples.ledger(5, "2026年一季度村集体经济收支公示")
    rows = [dict(row) for row in typed_of(wrong)["rows"]]
    rows[2]["expense"] = "1,184.53"
    closing = yuan(wrong.particulars.closing + 10_000)
    reason = "票上写的是一千一百多，录入的时候看错了，已经和经办人、监委会一起对过原来的票。"
    hall.correct(hall.publish(wrong), rows=rows, closing=closing, reason=reason)
    server = Server(tmp_path)
    page = chromium.new_page(viewport={"width": size[0], "height": size[1]})
    page.clock.install()
    try:
        page.goto(server.url)
        expect(front(page)).to_be_visible()
        seen = set()
        # The shortest slide stands for eight seconds: looking more often than that misses none.
        for _ in range(200):
            seen.add(str(front(page).get_attribute("data-slide")).split("-")[0])
            assert page.locator("#stage").get_attribute("data-overflow") is None
            smallest, unit = page.evaluate(
                """() => {
                    const said = [...document.querySelectorAll(".slide *")].filter((one) =>
                        !one.closest("svg") && [...one.childNodes].some((node) =>
                            node.nodeType === 3 && node.textContent.trim()));
                    const size = (one) => parseFloat(getComputedStyle(one).fontSize);
                    return [Math.min(...said.map(size)), size(document.documentElement) / 100];
                }"""
            )
            assert smallest >= 40 * unit - 0.1
            page.clock.run_for(7_900)
        assert len(samples.everything()) + 1 == len(seen)
    finally:
        server.kill()
        page.close()


@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080)])
def test_no_word_of_a_title_is_divided(
    tmp_path: Path, chromium: Browser, size: tuple[int, int]
) -> None:
    """In either way of hanging a title's lines end between words, and none of it is cut off."""
    titles = (
        "示例村二〇二六年第一季度耕地地力保护补贴发放名单公示",
        "关于三组机耕路硬化项目合同付款和验收的村民代表会议决议公告",
        "示例村2026年上半年村级运转经费财务收支逐笔明细",
    )
    hall = Hall(tmp_path, samples.TOLD, size)
    codes = {hall.publish(samples.ledger(2, title)): title for title in titles}
    server = Server(tmp_path)
    page = chromium.new_page(viewport={"width": size[0], "height": size[1]})
    page.clock.install()
    seen: dict[str, list[str]] = {}
    try:
        page.goto(server.url)
        expect(front(page)).to_be_visible()
        for _ in range(12):
            code = str(front(page).get_attribute("data-slide")).split("-")[0]
            if code in codes:
                seen[code] = front(page).locator("h1").evaluate(LINES)
            page.clock.run_for(7_900)
    finally:
        server.kill()
        page.close()
    assert codes == {code: "".join(lines) for code, lines in seen.items()}
    for lines in seen.values():
        parts = pieces("".join(lines))
        between = {"".join(parts[:nth]) for nth in range(len(parts))}
        assert {"".join(lines[:nth]) for nth in range(len(lines))} <= between
    assert any(len(lines) > 1 for lines in seen.values())
