"""The promises about a notice in a real browser: at one glance, at any size, for any reader."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from noticeboard.show.foot import Links
from noticeboard.show.render import View, render
from noticeboard.show.texts import Lang
from noticeboard.show.views_notice import draft_view, edition_view, notice_view, row_view
from tests.show import samples
from tests.show.samples import AT, CODE, FINGERPRINT, UNTIL

LINKS = Links(fingerprint=FINGERPRINT, poster=f"/n/{CODE}/poster")
ADDRESS = "http://127.0.0.1/n"
PHONE: ViewportSize = {"width": 360, "height": 780}


def _pages() -> dict[str, View]:
    pages: dict[str, View] = {}
    for make in samples.ALL:
        facts = samples.facts(make())
        pages[make.__name__] = notice_view(facts, signers=samples.signers(facts), links=LINKS)
    new, old = samples.corrected()
    pages |= {
        "corrected": notice_view(new, old, signers=samples.signers(new), links=LINKS),
        "old": edition_view(old, new, links=LINKS),
        "redacted": notice_view(samples.redacted(), links=LINKS),
        "withdrawn": notice_view(samples.withdrawn()),
        "ended": notice_view(samples.facts(samples.roster(), at=UNTIL), links=LINKS),
        "split": notice_view(samples.facts(samples.ledger(1_200)), links=LINKS),
        "row": row_view(samples.facts(samples.ledger(30)), 12, links=LINKS),
        "draft": draft_view(samples.place(), samples.ledger(20), AT),
    }
    return pages


PAGES = _pages()
every_page = pytest.mark.parametrize("name", PAGES)
every_notice = pytest.mark.parametrize("name", [make.__name__ for make in samples.ALL])


@pytest.fixture(scope="module")
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """Open a phone without a script engine, as the oldest reader has it."""
    opened = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def bench(chromium: Browser) -> Iterator[BrowserContext]:
    """Open a phone into which a test may bring its own tools, past the page's policy."""
    opened = chromium.new_context(viewport=PHONE, bypass_csp=True)
    yield opened
    opened.close()


def show(context: BrowserContext, view: View, lang: Lang = "zh") -> Page:
    """Serve a page with its own headers, as the board does, and open it."""
    page = context.new_page()
    answer = render(view, lang)
    headers = {name.decode(): value.decode() for name, value in answer.headers}
    page.route("**/*", lambda route: route.fulfill(body="", content_type="image/png"))
    page.route(
        ADDRESS,
        lambda route: route.fulfill(
            body=answer.body, content_type=answer.media_type, headers=headers
        ),
    )
    page.goto(ADDRESS)
    return page


def wide(page: Page) -> dict[str, Any]:
    """Give what stands out to the right of the window."""
    found: dict[str, Any] = page.evaluate(
        """() => ({
            width: document.scrollingElement.scrollWidth - window.innerWidth,
            who: [...document.querySelectorAll('body *')]
                .filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
                .map(e => e.outerHTML.slice(0, 90)).slice(0, 5),
        })"""
    )
    return found


@every_notice
def test_the_sentence_and_the_number_are_seen_at_once(phone: BrowserContext, name: str) -> None:
    """On a phone of 360 × 780 nobody has to scroll to learn how much and what for."""
    with show(phone, PAGES[name]) as page:
        for part in (".lead", ".big"):
            box = page.locator(part).bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= PHONE["height"]


@every_page
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_overflows_a_narrow_phone(bench: BrowserContext, name: str, lang: Lang) -> None:
    """At 320 px, and there at twice the size of text, everything stands within the page."""
    with show(bench, PAGES[name], lang) as page:
        page.set_viewport_size({"width": 320, "height": 640})
        assert {"width": 0, "who": []} == wide(page)
        page.add_style_tag(content="html { font-size: 36px !important }")
        assert {"width": 0, "who": []} == wide(page)


@every_page
def test_axe_finds_nothing(bench: BrowserContext, name: str) -> None:
    """Who cannot see, or sees badly, gets the page as well."""
    with show(bench, PAGES[name]) as page:
        results = Axe().run(page)
        assert 0 == results.violations_count, results.generate_report()


@pytest.mark.parametrize("name", ["ledger", "ended", "withdrawn"])
def test_the_mark_stands_in_the_middle_of_its_frame(phone: BrowserContext, name: str) -> None:
    """Like a name seal: as much paper left as right of the characters, as much above as below."""
    page = show(phone, PAGES[name])
    picture = Image.open(BytesIO(page.locator(".mark").screenshot())).convert("L")
    page.close()
    frame = 3  # pixels: its line, and what a fraction of one may blur
    inner = picture.crop((frame, frame, picture.width - frame, picture.height - frame))
    box = inner.point(lambda shade: 255 * (shade < 160)).getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert abs(left - (inner.width - right)) <= 2
    assert abs(top - (inner.height - bottom)) <= 3


@every_page
def test_the_policy_lets_the_page_through(phone: BrowserContext, name: str) -> None:
    """Under its own policy a page has its style and breaks no rule."""
    complaints: list[str] = []
    phone.on("console", lambda message: complaints.append(message.text))
    with show(phone, PAGES[name]) as page:
        ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert "rgb(250, 246, 236)" == ground
    assert [] == complaints


def test_the_row_one_came_for_is_tinted(phone: BrowserContext) -> None:
    """An address with a row in it tints that row."""
    with show(phone, PAGES["ledger"]) as page:
        page.goto(f"{ADDRESS}#r12")
        tint = page.locator("#r12").evaluate("row => getComputedStyle(row).backgroundColor")
        assert "rgb(251, 240, 211)" == tint


def test_amounts_drop_below_at_twice_the_size(bench: BrowserContext) -> None:
    """With large text an amount stands under what it was for, not squeezed beside it."""
    with show(bench, PAGES["ledger"]) as page:

        def below() -> bool:
            what = page.locator("#r1 span").first.bounding_box()
            amount = page.locator("#r1 b").bounding_box()
            assert what is not None
            assert amount is not None
            return amount["y"] >= what["y"] + what["height"] - 1

        assert not below()
        page.add_style_tag(content="html { font-size: 36px !important }")
        assert below()
