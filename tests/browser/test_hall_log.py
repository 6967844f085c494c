"""A hall screen watches that the log only grows: silent while it does, loud when it does not."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from noticeboard.board import Board, checkpoints, cosigning, freezing, taking_down
from noticeboard.core.notes import read_note, signature
from noticeboard.signing.signer import Signer
from noticeboard.store import checkpoints as stored
from noticeboard.store import heads
from noticeboard.store.database import Database
from noticeboard.store.tables import head
from noticeboard.web import kiosk
from tests.browser.hall import SCREEN, VILLAGE, Hall, Server
from tests.show import hall_samples as samples
from tests.witnessed import NEIGHBOUR, POLICY, TOWN

SIZE = (1080, 1920)
KEPT = """() => new Promise((resolve, reject) => {
    const open = indexedDB.open("noticeboard-hall");
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
        const asked = open.result.transaction("state").objectStore("state").get("seen");
        asked.onsuccess = () => { open.result.close(); resolve(asked.result || null); };
    };
})"""


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    home = tmp_path / "home"
    home.mkdir()
    hall = Hall(home, samples.DEMO, SIZE)
    hall.publish(samples.outage())
    return hall


@pytest.fixture
def serve(hall: Hall) -> Iterator[Callable[[], Server]]:
    """Give a function that starts the hall's server, asked every two seconds; killed at the end."""
    started: list[Server] = []

    def start() -> Server:
        started.append(Server(hall.home, poll=2))
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
    yield page
    assert thrown == []
    context.close()


def seen(page: Page, size: int, kind: str = "", seconds: float = 20) -> None:
    """Wait until the screen holds on to a head of a size, in alarm or not."""
    end, kept = time.monotonic() + seconds, None
    while not kept or (kept["head"]["size"], kept["kind"]) != (size, kind):
        assert time.monotonic() < end, kept
        page.wait_for_timeout(200)
        kept = page.evaluate(KEPT)


def silent(page: Page) -> None:
    expect(page.locator("#alarm")).to_be_hidden()


def swapped(hall: Hall, server: Server, other: Path) -> None:
    """Put another database in the place of the hall's, as a restored backup or a cheat would."""
    server.kill()
    hall.board.database.close()
    for file in hall.home.glob("board.db*"):
        file.unlink()
    shutil.copy(other / "board.db", hall.home / "board.db")
    server.start()


def copied(hall: Hall, to: Path) -> Path:
    """Keep the hall as it is now, database and signer, in a folder."""
    hall.board.database.close()
    shutil.copytree(hall.home, to, ignore=shutil.ignore_patterns("board.db-*"))
    return to


def other_hall(hall: Hall, home: Path) -> Hall:
    """Go on with a copy of a hall; every appointment there has its own salt, so it forks."""
    other = Hall.__new__(Hall)
    other.home, other.signer, other.mei = home, Signer(home / "signer"), hall.mei
    other.board = Board(Database(f"sqlite:///{home / 'board.db'}"), home=home)
    return other


def test_a_log_that_grows_raises_no_alarm(
    hall: Hall, serve: Callable[[], Server], screen: Page
) -> None:
    """One entry after the other, from the first head on, and over the border of a tile."""
    screen.goto(serve().url)
    expect(screen.get_by_text("记录还没有签名")).to_be_visible()
    for size in (hall.sign(), 64, 65, 255, 256, 257, 300):
        hall.grow(size)
        assert size == hall.sign()
        seen(screen, size)
        silent(screen)


def test_the_foot_says_the_head_and_who_has_checked_it(
    hall: Hall, serve: Callable[[], Server], screen: Page
) -> None:
    """The first eight characters of the signed root; nobody outside yet; then two of three."""
    hall.sign()
    screen.goto(serve().url)
    with hall.board.database.read() as tx:
        told = json.loads(kiosk.playlist(tx, SCREEN, hall.board.now(), None).body)["log"]
    root = told["head"]["root"]
    foot = screen.locator(".pool[data-slide]:not([data-slide='']) .foot")
    expect(foot).to_contain_text(f"记录 {root[:4]} {root[4:8]}")
    expect(foot).to_contain_text("还没有外面的人核对")
    checkpoints.set_policy(hall.board, POLICY)
    expect(foot).to_contain_text("外部只核对 0/3", timeout=6_000)
    with hall.board.database.write() as tx:
        freezing.freeze(tx, VILLAGE, "签名程序忘了它签到哪里。")
    expect(foot).to_contain_text("记录停了，正在查原因", timeout=6_000)


def test_the_foot_shows_the_head_that_its_words_are_of(
    hall: Hall, serve: Callable[[], Server], screen: Page
) -> None:
    """Beside 外部核对 stands the root that was cosigned, and how many entries are beyond it."""
    checkpoints.set_policy(hall.board, POLICY)
    old = hall.sign()
    with hall.board.database.read() as tx:
        root = kept.root.hex() if (kept := stored.latest(tx, VILLAGE)) else ""
        note = checkpoints.served(tx, VILLAGE) or b""
    for one in (TOWN, NEIGHBOUR):
        signed = signature(one.key, one.private.sign, read_note(note).text, hall.board.now())
        cosigning.hand_in(hall.board, VILLAGE, signed.line.encode())
    hall.grow(old + 4)
    new = hall.sign()
    screen.goto(serve().url)
    foot = screen.locator(".pool[data-slide]:not([data-slide='']) .foot")
    expect(foot).to_contain_text(f"记录 {root[:4]} {root[4:8]}")
    expect(foot).to_contain_text(f"外部核对 2/3，还差 {new - old} 条")
    seen(screen, new)


LONGEST = {
    "as-of": "数据截至 12月27日 23:55",
    "number": "第12345版",
    "head": "记录 3f9a 1c20",
    "witnessed": "外部核对 3/3，还差 128 条",
    "position": "第 12 屏，共 16 屏",
}


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (1280, 768), (1024, 768)])
def test_the_foot_has_room_for_its_longest_words(
    chromium: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    """On each shape of screen every part of the foot stands whole, beside or below the others."""
    hall = Hall(tmp_path, samples.DEMO, size)
    hall.publish(samples.outage())
    server = Server(hall.home, poll=600)
    page = chromium.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(server.url)
    foot = page.locator(".pool[data-slide]:not([data-slide='']) .foot")
    # In one go: between two calls the player writes its own words again.
    whole, parts = foot.evaluate(
        """(foot, longest) => {
            const of = (put) => foot.querySelector(`[data-put=${put}]`);
            Object.entries(longest).forEach(([put, words]) => { of(put).textContent = words; });
            const box = (one) => one.getBoundingClientRect().toJSON();
            return [box(foot), Object.keys(longest).map((put) => box(of(put)))];
        }""",
        LONGEST,
    )
    page.close()
    server.kill()
    assert len(parts) == len(LONGEST)
    for part in parts:
        assert whole["left"] <= part["left"]
        assert part["right"] <= whole["right"]
        assert whole["top"] <= part["top"]
        assert part["bottom"] <= whole["bottom"]
    lines = {round(part["top"]) for part in parts}
    assert len(lines) == (1 if size == (1920, 1080) else 2)


def test_a_rolled_back_log_is_told_and_the_slides_go_on(
    hall: Hall, serve: Callable[[], Server], screen: Page, tmp_path: Path
) -> None:
    """A restored backup has fewer entries than the screen saw: in words, and nothing is covered."""
    old = hall.sign()
    before = copied(hall, tmp_path / "backup")
    hall.grow(old + 5)
    hall.sign()
    server = serve()
    screen.goto(server.url)
    seen(screen, old + 5)
    swapped(hall, server, before)
    alarm = screen.locator("#alarm")
    expect(alarm).to_contain_text("村里的记录变少了", timeout=20_000)
    expect(alarm).to_contain_text(f"看到过 {old + 5} 条，现在只有 {old} 条。请告诉监委会和乡镇。")
    heading = screen.locator(".pool[data-slide]:not([data-slide='']) h1")
    expect(heading).to_be_visible()
    bar, stage = alarm.bounding_box(), screen.locator("#stage").bounding_box()
    assert bar is not None
    assert stage is not None
    assert bar["y"] + bar["height"] <= stage["y"] + 1
    assert stage["y"] + stage["height"] <= SIZE[1] + 1
    assert abs(stage["height"] / stage["width"] - SIZE[1] / SIZE[0]) < 0.01


@pytest.mark.parametrize("further", [0, 7])
def test_another_history_is_told_also_after_a_restart(
    hall: Hall, serve: Callable[[], Server], screen: Page, tmp_path: Path, further: int
) -> None:
    """A fork of the same size, or a longer one: the head that was seen is not its beginning."""
    old = hall.sign()
    fork = other_hall(hall, copied(hall, tmp_path / "fork"))
    hall.grow(old + 4)
    hall.sign()
    fork.grow(old + 4 + further)
    fork.sign()
    fork.board.database.close()
    server = serve()
    screen.goto(server.url)
    seen(screen, old + 4)
    swapped(hall, server, fork.home)
    expect(screen.locator("#alarm")).to_contain_text("村里的记录被改过", timeout=20_000)
    seen(screen, old + 4, "alarm")
    screen.goto("about:blank")
    server.kill()
    screen.goto(server.url)
    expect(screen.locator("#alarm")).to_contain_text("现在的记录和那时的对不上")


def test_a_log_that_comes_back_ends_the_alarm(
    hall: Hall, serve: Callable[[], Server], screen: Page, tmp_path: Path
) -> None:
    """When the missing entries are there again and more, the screen says no more of it."""
    old = hall.sign()
    before = copied(hall, tmp_path / "backup")
    hall.grow(old + 3)
    hall.sign()
    whole = copied(hall, tmp_path / "whole")
    server = serve()
    screen.goto(server.url)
    seen(screen, old + 3)
    swapped(hall, server, before)
    expect(screen.locator("#alarm")).to_be_visible(timeout=20_000)
    swapped(hall, server, whole)
    expect(screen.locator("#alarm")).to_be_hidden(timeout=20_000)


def test_a_village_that_has_no_proof_is_told_of_after_a_while(
    hall: Hall, serve: Callable[[], Server], screen: Page
) -> None:
    """One answer that fails says nothing; five in a row do, and a proof ends it."""
    old = hall.sign()
    server = serve()
    screen.goto(server.url)
    seen(screen, old)
    screen.route("**/consistency/**", lambda route: route.fulfill(status=404))
    hall.grow(old + 2)
    hall.sign()
    screen.wait_for_timeout(5_000)
    silent(screen)
    expect(screen.locator("#alarm")).to_contain_text("村里拿不出证明", timeout=20_000)
    screen.unroute("**/consistency/**")
    expect(screen.locator("#alarm")).to_be_hidden(timeout=10_000)
    seen(screen, old + 2)


def test_another_log_is_told_in_amber(
    hall: Hall, serve: Callable[[], Server], screen: Page, tmp_path: Path
) -> None:
    """A new origin is no alarm and no secret: where the old one ended stands there for a month."""
    size = hall.sign()
    server = serve()
    screen.goto(server.url)
    seen(screen, size)

    def renamed(route: Any) -> None:
        answer = route.fetch()
        headers = dict(answer.headers)
        log = json.loads(headers["noticeboard-log"])
        log["head"]["log"] = "0" * 16
        headers["noticeboard-log"] = json.dumps(log)
        body = answer.body()
        if body:
            body = json.dumps({**json.loads(body), "log": log}).encode()
        route.fulfill(status=answer.status, headers=headers, body=body)

    screen.route("**/playlist.json", renamed)
    alarm = screen.locator("#alarm.new")
    expect(alarm).to_contain_text(
        f"村里的记录换了新的一本，旧的一本停在 {size} 条。", timeout=10_000
    )
    hall.grow(size + 3)
    hall.sign()
    seen(screen, size + 3, "new")
    expect(alarm).to_be_visible()


def kept_list(page: Page, until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Wait until the playlist that the screen keeps is as it should be, and give it."""
    end, kept = time.monotonic() + 20, None
    while kept is None or not until(kept["playlist"]):
        assert time.monotonic() < end, kept and kept["playlist"]["number"]
        page.wait_for_timeout(200)
        kept = page.evaluate(KEPT.replace("seen", "current"))
    found: dict[str, Any] = kept["playlist"]
    return found


def shows(kept: dict[str, Any]) -> set[str]:
    return {slide["notice"] for slide in kept["slides"]} - {""}


def taken_down(hall: Hall, code: str) -> None:
    taking_down.withdraw(hall.board, VILLAGE, code, hall.ben, ground="wrong-facts")


def test_a_playlist_that_goes_back_is_not_taken(
    hall: Hall, serve: Callable[[], Server], screen: Page, tmp_path: Path
) -> None:
    """What was withdrawn since the copy does not hang again; what is taken down now still goes.

    A log that goes on again is beyond every number: its screen follows it at once.
    """
    water, road = hall.publish(samples.water()), hall.publish(samples.road())
    size = hall.sign()
    before = copied(hall, tmp_path / "backup")
    taken_down(hall, road)
    hall.sign()
    server = serve()
    screen.goto(server.url)
    number = kept_list(screen, lambda kept: water in shows(kept) and road not in shows(kept))[
        "number"
    ]
    seen(screen, size + 1)
    swapped(hall, server, before)
    alarm = screen.locator("#alarm")
    expect(alarm).to_contain_text(f"这块屏已经放到第{number}版。内容先照原来的放", timeout=20_000)
    expect(alarm).to_contain_text("村里的记录变少了")
    hall.board = other_hall(hall, hall.home).board
    taken_down(hall, water)
    kept = kept_list(screen, lambda kept: water not in shows(kept))
    assert (number, False) == (kept["number"], road in shows(kept))
    screen.goto(server.url)
    expect(alarm).to_contain_text("先照原来的放")
    assert road not in shows(kept_list(screen, lambda _kept: True))


def test_a_log_that_goes_on_again_is_beyond_every_number(
    hall: Hall, serve: Callable[[], Server], screen: Page
) -> None:
    """An earlier number with the whole log, as after `recover`, is followed at once."""
    hall.publish(samples.water())
    hall.sign()
    server = serve()
    screen.goto(server.url)
    number = kept_list(screen, lambda _kept: True)["number"]
    with hall.board.database.write() as tx:
        tx.execute(update(head).where(head.c.village == VILLAGE).values(revision=number - 2))
    alarm = screen.locator("#alarm")
    expect(alarm).to_contain_text(f"退回到了第{number - 2}版", timeout=20_000)
    with hall.board.database.write() as tx:
        freezing.freeze(tx, VILLAGE, "签名程序忘了它签到哪里。")
        heads.thaw(tx, VILLAGE)
    kept_list(screen, lambda kept: kept["number"] > number)
    silent(screen)


def test_a_screen_follows_a_village_that_went_back_after_a_day(
    hall: Hall, serve: Callable[[], Server], screen: Page
) -> None:
    """It is not dead for ever; while the log stands still nothing is new there, and it waits."""
    hall.sign()
    later, frozen = [0], [True]

    def back(route: Any) -> None:
        answer = route.fetch(headers={**route.request.headers, "if-none-match": ""})
        said = json.loads(answer.body())
        said["playlist"]["number"] -= 1
        said["log"]["frozen"] = frozen[0]
        at = str(said["at"] + later[0])
        route.fulfill(
            status=200, headers={"etag": '"back"', "noticeboard-at": at}, body=json.dumps(said)
        )

    server = serve()
    screen.goto(server.url)
    number = kept_list(screen, lambda _kept: True)["number"]
    screen.route("**/playlist.json", back)
    alarm = screen.locator("#alarm")
    expect(alarm).to_contain_text("先照原来的放，撤下的照撤。请告诉监委会和乡镇。", timeout=20_000)
    later[0] = 86_400
    screen.wait_for_timeout(5_000)
    assert number == kept_list(screen, lambda _kept: True)["number"]
    frozen[0] = False
    kept_list(screen, lambda kept: kept["number"] == number - 1)
    silent(screen)
