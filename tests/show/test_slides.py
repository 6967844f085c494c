"""The promises of slides: exact sums, whole tables, no letter lost, no name beyond its table."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeboard import shipped
from noticeboard.board import taking_down
from noticeboard.core.particulars import Content
from noticeboard.core.parts import Stated
from noticeboard.core.problems import NotFound
from noticeboard.show.fitting import clipped, dealt, ems, frame, wrapped
from noticeboard.show.paging import paged, room
from noticeboard.show.sheets import sheet
from noticeboard.web import kiosk
from tests.browser.hall import PUBLIC_URL, SCREEN, VILLAGE, Hall
from tests.show import hall_samples as samples

FRAMES = [(1080, 1920), (1920, 1080), (720, 1280), (3840, 2160), (1366, 768), (1024, 768)]
AT = 1_776_000_000


def pages_of(content: Content, size: tuple[int, int], band: bool = True) -> list:
    said = sheet(Stated(content), 300, AT)
    height = room(frame(*size), number=said.number is not None, reason=False, band=band)
    return paged(said, frame(*size), height)


def fen_of(yuan: str) -> int:
    whole, part = yuan.replace(",", "").split(".")
    return int(whole) * 100 + int(part)


@pytest.mark.parametrize("size", FRAMES)
@given(rows=st.integers(1, 160))
def test_page_sums_add_up_to_the_total(size: tuple[int, int], rows: int) -> None:
    """Every row is on exactly one page, in order, and the printed page sums make the total."""
    content = samples.ledger(rows)
    pages = pages_of(content, size)
    lines = [row.line for page in pages for row in page.rows]
    assert [row.income - row.expense for row in content.particulars.rows] == [
        line.plus - line.minus for line in lines
    ]
    printed = {"本页收入": 0, "本页支出": 0}
    for page in pages:
        for word, amount in page.sums:
            printed[word] += fen_of(amount)
    assert sum(row.income for row in content.particulars.rows) == printed["本页收入"]
    assert sum(row.expense for row in content.particulars.rows) == printed["本页支出"]


@given(rows=st.integers(1, 130))
def test_a_roster_adds_up_too(rows: int) -> None:
    """The sums of a subsidy's pages make what the whole programme paid."""
    content = samples.roster(rows)
    pages = pages_of(content, (1920, 1080))
    total = sum(fen_of(amount) for page in pages for _word, amount in page.sums)
    assert content.particulars.total == total


@given(st.lists(st.integers(1, 900), max_size=60), st.integers(100, 900))
def test_rows_are_dealt_whole_and_in_order(heights: list[int], space: int) -> None:
    """Pages follow one another without a gap; none is over-full unless one row alone is."""
    pages = dealt(heights, space)
    assert list(range(len(heights))) == [row for page in pages for row in page]
    for page in pages:
        assert len(page) <= 1 or sum(heights[row] for row in page) <= space


def test_look_of_the_table_is_as_measured() -> None:
    """Landscape holds 8 rows of one line, portrait 6 of two, each with its page sum."""
    assert 8 == len(pages_of(samples.roster(40), (1920, 1080))[0].rows)
    assert 6 == len(pages_of(samples.roster(40), (1080, 1920))[0].rows)


def test_planned_and_paid_are_never_added() -> None:
    """A project's page sums hold payments alone."""
    (page, *_more) = pages_of(samples.road(), (1920, 1080))
    assert (("本页付款", "64,000.00"),) == page.sums


@given(st.text(alphabet="水电费，。abc 12.、", max_size=200), st.integers(4, 30))
def test_wrapping_loses_no_character(words: str, across: int) -> None:
    """Lines put together are the text, and none is wider than its place."""
    lines = wrapped(words, across)
    assert words == "".join(lines)
    assert all(ems(line) <= across for line in lines)


def test_a_long_purpose_ends_in_dots_after_two_lines() -> None:
    """What does not fit into two lines is cut there, visibly."""
    words, lines = clipped("清理塌方" * 20, 12, 2)
    assert 2 == lines
    assert words.endswith("…")
    assert ems(words) <= 24


@given(st.integers(1, 60), st.sampled_from(FRAMES))
def test_a_long_text_is_shown_whole(sentences: int, size: tuple[int, int]) -> None:
    """A text too long for one slide goes on over the next, without a character lost."""
    text = "".join(f"第{nth}条，各户清理门前屋后。" for nth in range(sentences))
    pages = pages_of(samples.outage(text), size)
    assert text == "".join(part for page in pages for part in page.paragraphs)


def playlist(hall: Hall, at: int, public_url: str | None = PUBLIC_URL) -> dict:
    with hall.board.database.read() as tx:
        told = json.loads(kiosk.playlist(tx, SCREEN, at, public_url).body)
    return dict(told["playlist"])


def html(hall: Hall, slide: dict, at: int, public_url: str | None = PUBLIC_URL) -> str:
    with hall.board.database.read() as tx:
        return kiosk.slide(tx, SCREEN, slide["hash"], at, public_url).body.decode()


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path, samples.DEMO, (1920, 1080))


def test_slides_are_named_by_their_bytes(hall: Hall) -> None:
    """Each slide's name is the SHA-256 of what is answered; the words alone decide the bytes."""
    hall.publish(samples.ledger())
    now = hall.board.now()
    made = playlist(hall, now)
    for slide in made["slides"]:
        assert slide["hash"] == sha256(html(hall, slide, now).encode()).hexdigest()
    later = playlist(hall, now + 3 * 86_400)
    assert [one["hash"] for one in made["slides"]] == [one["hash"] for one in later["slides"]]


def test_drafts_change_nothing_on_a_screen(hall: Hall) -> None:
    """The entity tag covers the playlist alone: the log grows beside it."""
    hall.publish(samples.road())
    now = hall.board.now()
    with hall.board.database.read() as tx:
        before = kiosk.playlist(tx, SCREEN, now, PUBLIC_URL)
    hall.submitted(samples.decision())
    with hall.board.database.read() as tx:
        after = kiosk.playlist(tx, SCREEN, now, PUBLIC_URL)
    assert before.etag == after.etag
    assert json.loads(before.body)["head"] != json.loads(after.body)["head"]
    assert (
        dict(after.unchanged)[b"noticeboard-head"].decode().split(" ")[1]
        == (json.loads(after.body)["head"]["root"])
    )


def test_titles_and_summaries_name_nobody(hall: Hall) -> None:
    """Names stand only in slides marked so: not in the playlist that any box may keep for weeks."""
    hall.publish(samples.roster())
    hall.publish(samples.ledger())
    now = hall.board.now()
    made = playlist(hall, now)
    for name in ("周某甲", "刘某", "清运队"):
        assert name not in json.dumps(made, ensure_ascii=False)
        for slide in made["slides"]:
            assert slide["names"] or name not in html(hall, slide, now)


def test_every_slide_has_its_mark_and_only_the_published_a_qr(hall: Hall) -> None:
    """示例数据 on each; with a public address a QR, without one the code in large type."""
    hall.publish(samples.outage())
    now = hall.board.now()
    for slide in playlist(hall, now)["slides"]:
        words = html(hall, slide, now)
        assert "示例数据" in words
        assert ("<svg" in words) == bool(slide["notice"])
    for slide in playlist(hall, now, None)["slides"]:
        assert "<svg" not in html(hall, slide, now, None)
        assert ("code large" in html(hall, slide, now, None)) == bool(slide["notice"])


def test_an_ended_notice_is_off_without_any_act(hall: Hall) -> None:
    """At the end of its period it is in no playlist; `until` named that instant."""
    end = hall.board.now() + 3600
    code = hall.publish(samples.outage(), until=end)
    before, after = playlist(hall, end - 1), playlist(hall, end)
    assert end == before["until"]
    assert code in {slide["notice"] for slide in before["slides"]}
    assert [["welcome"]] == after["rounds"]


def test_what_was_withdrawn_is_not_answered_any_more(hall: Hall) -> None:
    """The slide of a withdrawn notice is not found, though it was remembered a moment ago."""
    code = hall.publish(samples.ledger(3))
    now = hall.board.now()
    slide = playlist(hall, now)["slides"][0]
    assert "财务收支" in html(hall, slide, now)
    taking_down.withdraw(hall.board, VILLAGE, code, hall.anna, ground="wrong-facts")
    with pytest.raises(NotFound):
        html(hall, slide, hall.board.now())
    made = playlist(hall, hall.board.now())
    assert [(code, 1)] == [(one["notice"], one["ed"]) for one in made["revoked"]]


def test_a_screen_taken_out_of_use_is_told_nothing(hall: Hall) -> None:
    """No page and no playlist for a screen that is not there."""
    with hall.board.database.read() as tx, pytest.raises(NotFound):
        kiosk.shell(tx, "nobody")
    with hall.board.database.read() as tx, pytest.raises(NotFound):
        kiosk.playlist(tx, "nobody", 0, None)


def test_the_page_of_the_player_is_small_and_allows_only_itself(hall: Hall) -> None:
    """It is cached for ten years, runs one script known by its hash, and names no other host."""
    with hall.board.database.read() as tx:
        page = kiosk.shell(tx, SCREEN)
    headers = dict(page.headers)
    assert b"max-age=315360000, private" == headers[b"cache-control"]
    policy = headers[b"content-security-policy"].decode()
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert page.body.decode().rstrip().endswith("<!-- whole -->")


# What Chromium 69 does not know. Strings and comments are taken out first.
LATER_SCRIPT = [
    r"\?\.(?!\d)",
    r"\?\?",
    r"&&=|\|\|=",
    r"^\s*(import|export)\b",
    r"\bstatic\s*[{#]|[.\s]#\w",
    r"\bcatch\s*\{",
    r"\d_\d|\d+n\b",
    r"\.(replaceAll|at|flat|flatMap|fromEntries|matchAll|allSettled|any|hasOwn|replaceChildren|trimStart|trimEnd|findLast|toSorted)\(",
    r"\b(structuredClone|queueMicrotask|globalThis|ResizeObserver|BigInt|WeakRef)\b",
    r"\.\.\.",
]
LATER_STYLE = [
    r"(?<![\w-])(row-|column-)?gap\s*:",
    r"\b(min|max|clamp)\(",
    r"aspect-ratio|inset|oklch|color-mix|:has\(|:is\(|:where\(|@layer|@container|&",
    r"\b(overflow-wrap:\s*anywhere|dvh|svh|vi\b)",
]


def test_the_player_is_written_for_chromium_69() -> None:
    """Nothing that came later stands in the script; what is only nicer falls back by itself."""
    script = (shipped("kiosk") / "player.js").read_text("utf-8")
    plain = re.sub(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"', '""', script, flags=re.DOTALL)
    for later in LATER_SCRIPT:
        assert re.findall(later, plain, flags=re.MULTILINE) == []
    assert "location.reload" not in plain


def test_the_slides_are_set_for_chromium_69() -> None:
    """No layout of the screen needs what Chromium 69 lacks, and no letter is under 40 units."""
    sheets = (shipped("templates") / "assets" / "slide.css", shipped("kiosk") / "player.css")
    for path in sheets:
        plain = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        for later in LATER_STYLE:
            assert re.findall(later, plain) == [], path
        sizes = re.findall(r"font(?:-size)?:\s*([\d.]+)rem", plain)
        assert all(float(size) >= 0.4 for size in sizes)
