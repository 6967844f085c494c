"""The promises of a power's flow chart in real Chromium: all of it read, in every size."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from noticeboard.show.routes import lang_of, parse
from noticeboard.show.show import show
from tests.cast import VILLAGE, Cast, cast_in
from tests.show.samples import rules

POWERS = tuple(sorted(rules().powers))
# A phone, a laptop, a hall's screen; and how large text is set there, in per cent.
SIZES = {
    "phone": (360, 780, 100, "middle"),
    "phone-large": (360, 780, 200, "narrow"),
    "small-phone": (320, 640, 100, "middle"),
    "small-phone-large": (320, 640, 200, "narrow"),
    "laptop": (1366, 768, 100, "broad"),
    "laptop-large": (1366, 768, 200, "broad"),
    "hall": (1080, 1920, 100, "broad"),
    "hall-large": (1080, 1920, 200, "narrow"),
}
MEASURED = """() => {
  const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const seen = one => one.getBoundingClientRect().width > 1;
  const drawn = [...document.querySelectorAll('.flow svg')].filter(
    svg => seen(svg) && seen(svg.parentNode));
  const over = [], small = [];
  for (const svg of drawn) for (const g of svg.querySelectorAll('g')) {
    const box = g.querySelector('.box').getBoundingClientRect();
    if (box.right > document.querySelector('main').getBoundingClientRect().right + 1)
      over.push('a box');
    const below = [...g.querySelectorAll('text')].map(text => {
      const at = text.getBoundingClientRect();
      if (at.left < box.left + 2 || at.right > box.right - 2 || at.bottom > box.bottom + 1)
        over.push(text.textContent);
      const size = parseFloat(getComputedStyle(text).fontSize) * svg.getScreenCTM().a;
      if (size < root * .84) small.push([text.textContent, size, root]);
      return at;
    });
    // Words at the end of the first line never run into those at its beginning.
    for (const end of g.querySelectorAll('.end')) {
      const who = end.previousElementSibling.getBoundingClientRect();
      if (end.getBoundingClientRect().left < who.right) over.push(end.textContent);
    }
  }
  return {drawn: drawn.map(svg => svg.parentNode.className), over, small,
    wide: document.documentElement.scrollWidth - innerWidth, root,
    high: [...document.querySelectorAll('.flow > div')].filter(
      one => one.getBoundingClientRect().height > 1).length};
}"""


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    cast = cast_in(Path(tmp_path_factory.mktemp("powers")) / "home")
    yield cast
    cast.board.database.close()


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def measured(page: Page, cast: Cast, code: str, query: str, percent: int) -> Any:
    route = parse(f"/v/{VILLAGE}/powers/{code}", query)
    assert route is not None
    with cast.board.database.read() as tx:
        shown = show(tx, route, cast.clock.now, lang_of(query), None)
    page.set_content(shown.rendered.body.decode())
    if percent != 100:
        size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
        page.evaluate(f"document.documentElement.style.fontSize = {size} * {percent / 100} + 'px'")
    return page.evaluate(MEASURED)


@pytest.mark.parametrize("query", ["", "lang=en"])
@pytest.mark.parametrize("size", SIZES)
def test_every_chart_is_drawn_once_and_holds_its_words(
    page: Page, cast: Cast, size: str, query: str
) -> None:
    """One width of three is seen, no word leaves its box, none is smaller than second lines are."""
    width, height, percent, look = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    for code in POWERS:
        found = measured(page, cast, code, query, percent)
        assert ([look], 1) == (found["drawn"], found["high"]), code
        assert ([], [], 0) == (found["over"], found["small"], found["wide"]), code


def test_a_hall_reads_it_from_afar(page: Page, cast: Cast) -> None:
    """On a hall's upright screen no word of the page is below 40 px, but for grey second lines."""
    page.set_viewport_size({"width": 1080, "height": 1920})
    assert 40 == measured(page, cast, "P01", "", 100)["root"]
