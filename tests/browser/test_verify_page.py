"""The check in the reader's own browser: what is true passes, and every lie is told in words."""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from noticeboard.board import checkpoints
from noticeboard.core.merkle import leaf_hash
from noticeboard.core.notes import ED25519, Key
from noticeboard.show.render import Rendered
from noticeboard.show.routes import lang_of, parse
from noticeboard.show.show import show
from noticeboard.signing.ed25519 import Private
from tests.cast import KEY, ORIGIN, VILLAGE, cast_in
from tests.witnessed import NEIGHBOUR, POLICY, TOWN

HERE = "http://127.0.0.1"
LAN = "http://board.village"  # plain HTTP on a village's own network: no WebCrypto
PHONE: Any = {"width": 360, "height": 780}
RIGHT = "您的浏览器核对过，对得上"


class Board:
    """A signed and witnessed board with a few notices, and its pages as they are served."""

    def __init__(self, home: Path) -> None:
        self.cast = cast_in(home)
        checkpoints.set_policy(self.cast.board, POLICY)
        for _other in range(3):
            self.cast.published("announcement")
        self.code = self.cast.published("spending").code
        self.cast.sign()
        TOWN.cosign(self.cast)
        NEIGHBOUR.cosign(self.cast)

    def answer(self, address: str) -> Rendered:
        """Give an address as anybody gets it."""
        path, _, query = address.partition("?")
        route = parse(path, query)
        assert route is not None
        with self.cast.board.database.read() as tx:
            return show(tx, route, self.cast.clock.now, lang_of(query), HERE).rendered


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Board:
    return Board(tmp_path_factory.mktemp("verify") / "home")


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    opened = chromium.new_context(viewport=PHONE)
    yield opened
    opened.close()


def opened(
    context: BrowserContext,
    board: Board,
    address: str,
    change: Callable[[str], str] = str,
    at: str = HERE,
) -> Page:
    """Open a page of the board as it is served, but for what `change` does to it on the way."""
    page = context.new_page()

    def served(route: Any) -> None:
        asked = route.request.url.removeprefix(at)
        if asked == "/favicon.ico":
            route.fulfill(status=404)
            return
        found = board.answer(asked)
        headers = {name.decode(): value.decode() for name, value in found.headers}
        said = found.body.decode()
        body = change(said) if asked == address else said
        assert asked != address or change is str or body != said, "nothing was changed"
        route.fulfill(body=body, content_type=found.media_type, headers=headers)

    page.route("**/*", served)
    page.goto(at + address)
    return page


def said(page: Page) -> str:
    """Give which band the check shows, and see that it is the only one."""
    page.wait_for_selector("#check[data-said]")
    shown = page.locator("#check [data-say]:visible")
    expect(shown).to_have_count(1)
    found = shown.get_attribute("data-say")
    assert found == page.locator("#check").get_attribute("data-said")
    return found or ""


def within(id_: str, change: Callable[[str], str]) -> Callable[[str], str]:
    """Change what stands in one part of the proof."""

    def changed(page: str) -> str:
        return re.sub(
            rf'(<pre id="{id_}">)(.*?)(</pre>)',
            lambda m: m[1] + change(unescape(m[2])).replace("<", "&lt;") + m[3],
            page,
            flags=re.DOTALL,
        )

    return changed


def flipped(line: str) -> str:
    """Change one bit of a base64 line's last byte but two."""
    data = bytearray(b64decode(line))
    data[-3] ^= 1
    return b64encode(data).decode()


def in_signature(name: str) -> Callable[[str], str]:
    """Flip a bit in the signature line under a name."""
    sign = re.compile(rf"(— {re.escape(name)} )(\S+)")
    return within("note", lambda note: sign.sub(lambda m: m[1] + flipped(m[2]), note))


def path_line(at: int) -> Callable[[str], str]:
    """Flip a bit in a line of the path."""

    def changed(path: str) -> str:
        lines = path.split("\n")
        lines[at] = flipped(lines[at])
        return "\n".join(lines)

    return within("path", changed)


def test_a_true_page_passes(phone: BrowserContext, board: Board) -> None:
    """The entry is in the head, the log's key signed it, and so did two witnesses."""
    page = opened(phone, board, f"/n/{board.code}/verify")
    assert "right" == said(page)
    band = page.locator("#check [data-say=right]")
    expect(band).to_contain_text(RIGHT)
    expect(band).to_contain_text("外面的签名 2 个，都对。")


def changed(pattern: str, to: str) -> Callable[[str], str]:
    """Change what matches, once."""
    return lambda text: re.sub(pattern, to, text, count=1)


def same(text: str) -> Callable[[str], str]:
    """Put this in the place of whatever stood there."""
    return lambda _text: text


LIES: dict[str, tuple[str, Callable[[str], str]]] = {
    "another register number": ("path", within("leaf", changed("2026-004", "2026-005"))),
    "another moment": ("path", within("leaf", changed(r'"at":(\d)', r'"at":1\1'))),
    "an entry of another notice": ("path", changed(r'data-code="\w+"', 'data-code="X"')),
    "an entry of another edition": ("path", changed('data-ed="1"', 'data-ed="2"')),
    "another place": ("path", changed(r'data-index="\d+"', 'data-index="3"')),
    "the first hash of the path": ("path", path_line(0)),
    "the last hash of the path": ("path", path_line(-2)),
    "a path cut short": ("path", within("path", changed(r".*\n", ""))),
    "a path with one more": ("path", within("path", changed(r"(.*\n)", r"\1\1"))),
    "a path that is none": ("path", within("path", same("see elsewhere\n"))),
    "a larger size": ("path", within("note", changed(r"\n(\d+)\n", r"\n9\1\n"))),
    "no head at all": ("path", within("note", same("\n"))),
    "the log's signature": ("signature", in_signature(ORIGIN)),
    "no signature of the log": (
        "signature",
        within("note", changed(rf"— {re.escape(ORIGIN)} .*\n", "")),
    ),
    "a witness's signature": ("signature", in_signature(TOWN.key.name)),
    "a key that is damaged": ("path", changed(r'(data-keys="\S+\+)\w{4}', r"\g<1>0000")),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_told(phone: BrowserContext, board: Board, lie: str) -> None:
    """One change on the way, and the page says in red that it does not fit."""
    expected, change = LIES[lie]
    page = opened(phone, board, f"/n/{board.code}/verify", change)
    assert expected == said(page)
    band = page.locator(f"#check [data-say={expected}]")
    assert "red" in (band.get_attribute("class") or "")
    expect(band).to_contain_text("请告诉监委会和乡镇。")


def test_another_key_is_found_on_the_wall_only(phone: BrowserContext, board: Board) -> None:
    """Who serves the page may sign all of it anew: so the reader is asked to compare the key."""
    false = Private(leaf_hash(b"false"))
    key = Key(ORIGIN, ED25519, false.public)

    def forged(page: str) -> str:
        page = page.replace(KEY.text, key.text)

        def signed(note: str) -> str:
            text = note.partition("\n\n")[0] + "\n"
            line = b64encode(key.id + false.sign(text.encode())).decode()
            return f"{text}\n— {ORIGIN} {line}\n"

        return within("note", signed)(page)

    page = opened(phone, board, f"/n/{board.code}/verify", forged)
    assert "right" == said(page)
    expect(page.locator("#check")).to_contain_text("再看看钥匙和村部墙上贴的一样不一样。")
    expect(page.get_by_role("link", name="和墙上的比一比")).to_have_attribute(
        "href", f"/v/{VILLAGE}/keys"
    )


def test_without_webcrypto_it_says_what_it_could_not_check(
    phone: BrowserContext, board: Board
) -> None:
    """Plain HTTP has none: the path is computed, the signature is not, and the file is offered."""
    page = opened(phone, board, f"/n/{board.code}/verify", at=LAN)
    assert page.evaluate("window.crypto.subtle") is None
    assert "unsigned" == said(page)
    band = page.locator("#check [data-say=unsigned]")
    expect(band).to_contain_text("您的浏览器只核对了一半")
    expect(page.get_by_role("link", name="下载证明文件")).to_have_attribute(
        "href", f"/n/{board.code}.tlog-proof"
    )


def test_without_webcrypto_a_changed_path_is_still_found(
    phone: BrowserContext, board: Board
) -> None:
    """SHA-256 is our own, so that half needs nothing of the browser."""
    page = opened(phone, board, f"/n/{board.code}/verify", path_line(1), at=LAN)
    assert "path" == said(page)


def test_a_browser_from_before_ed25519_says_so(phone: BrowserContext, board: Board) -> None:
    """WebCrypto is there, the curve is not, as until 2025."""
    phone.add_init_script(
        """SubtleCrypto.prototype.importKey = () => Promise.reject(
            new DOMException("Algorithm: Unrecognized name", "NotSupportedError"));"""
    )
    page = opened(phone, board, f"/n/{board.code}/verify")
    assert "unsigned" == said(page)


def test_without_a_script_the_page_is_whole(chromium: Browser, board: Board) -> None:
    """The verdict, what it does not prove, the file and the command stand there all the same."""
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = opened(context, board, f"/n/{board.code}/verify")
    expect(page.get_by_role("heading", level=1)).to_have_text("内容和公开时记下的一样")
    bands = page.locator("#check [data-say]")
    assert ["not"] == [band.get_attribute("data-say") for band in bands.all() if band.is_visible()]
    expect(bands.first).to_contain_text("请下载下面的证明文件")
    page.get_by_text("在电脑上核对的命令").click()
    expect(page.locator("pre").first).to_contain_text(
        f"noticeboard verify --url {HERE} --village {VILLAGE} --key '{KEY.text}'"
    )
    context.close()


def test_before_the_first_signature_there_is_nothing_to_check(
    phone: BrowserContext, tmp_path: Path
) -> None:
    """No script, no proof, no dead buttons; and it says how long that lasts."""
    cast = cast_in(tmp_path / "home")
    board = Board.__new__(Board)
    board.cast, board.code = cast, cast.published("spending").code
    page = opened(phone, board, f"/n/{board.code}/verify")
    expect(page.get_by_text("记录几秒钟签一次名，签了才好核对。")).to_be_visible()
    assert 0 == page.locator("#check, script").count()
    assert 0 == page.get_by_role("link", name="下载证明文件").count()


@pytest.mark.parametrize("address", ["/n/{code}/verify", "/n/{code}/verify?lang=en", "/v/{v}/keys"])
def test_nothing_overflows_and_axe_finds_nothing(
    chromium: Browser, board: Board, address: str
) -> None:
    """At 320 px, and there at twice the size of text, with everything unfolded."""
    context = chromium.new_context(viewport={"width": 320, "height": 640}, bypass_csp=True)
    page = opened(context, board, address.format(code=board.code, v=VILLAGE))
    for fold in page.locator("summary").all():
        fold.click()
    over = "document.scrollingElement.scrollWidth - window.innerWidth"
    assert page.evaluate(over) <= 0
    page.add_style_tag(content="html { font-size: 36px !important }")
    assert page.evaluate(over) <= 0
    results = Axe().run(page)
    assert 0 == results.violations_count, results.generate_report()
    context.close()
