"""The promises of slides: exact sums, whole tables, no letter lost, no name beyond its table."""

import json
import re
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import esprima
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from msgspec.structs import replace

from noticeboard import shipped
from noticeboard.board import taking_down
from noticeboard.core.drafting import typed_of
from noticeboard.core.money import yuan
from noticeboard.core.particulars import Content, Spending, SpendingRow
from noticeboard.core.parts import Stated
from noticeboard.core.problems import NotFound
from noticeboard.show.breaking import pieces
from noticeboard.show.corrections import banded, corrected, why
from noticeboard.show.fitting import clipped, cut, dealt, ems, frame, wrapped
from noticeboard.show.paging import BAND_SIDES, MARK, SMALL, breadth, paged, room, titled
from noticeboard.show.sheets import sheet
from noticeboard.show.texts import said
from noticeboard.web import kiosk
from tests.browser.hall import PUBLIC_URL, SCREEN, VILLAGE, Hall
from tests.show import hall_samples as samples

FRAMES = [(1080, 1920), (1920, 1080), (720, 1280), (3840, 2160), (1366, 768), (1024, 768)]
AT = 1_776_000_000


def pages_of(content: Content, size: tuple[int, int], band: bool = True) -> list:
    told = sheet(Stated(content), 300, AT)
    height = room(frame(*size), number=told.number is not None, correction=0, band=band)
    return paged(told, frame(*size), height)


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


def test_a_figure_is_cut_whole_or_not_at_all() -> None:
    """What is left of 650.50 is nothing: 650.5 would be another amount."""
    assert "发票是…" == cut("发票是 650.50 元", 6)
    assert "发票是 650.50…" == cut("发票是 650.50 元，看错了", 8.8)


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


WORDS = ["示例村", "耕地地力", "机耕路", "村民代表", "128,000.00元", "2026年", "的", "：", "与"]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=24), st.sampled_from(FRAMES))
def test_a_title_stands_in_its_lines_without_a_word_divided(
    words: list[str], size: tuple[int, int]
) -> None:
    """As many lines as there is room for, each ending between words; what is left out is seen."""
    title, screen = "".join(words), frame(*size)
    shown, small = titled(title, screen)
    most = 1 + screen.upright + small
    lines = wrapped(shown, (breadth(screen) - MARK[screen.upright]) / (48 if small else 60), pieces)
    assert len(lines) <= most
    assert shown == title or (small and shown.endswith("…") and title.startswith(shown[:-1]))
    ends = [len("".join(lines[:nth])) for nth in range(1, len(lines))]
    parts = pieces(shown)
    assert set(ends) <= {len("".join(parts[:nth])) for nth in range(len(parts))}


AMOUNTS = st.integers(1, 99_999_999_999)


@given(
    st.tuples(AMOUNTS, AMOUNTS).filter(lambda pair: pair[0] != pair[1]),
    st.text(alphabet="清理塌方，（12.", min_size=1, max_size=40),
    st.text(alphabet="票看错了。，1 \n", max_size=80),
    st.sampled_from(FRAMES),
)
def test_the_difference_is_never_cut(
    paid: tuple[int, int], what: str, reason: str, size: tuple[int, int]
) -> None:
    """Whatever the row was for and whatever the reason: the amounts stand whole, in their place."""
    old, new = (
        Content(
            title="收支",
            reason=reason,
            particulars=Spending(
                opening=0,
                closing=0,
                rows=(SpendingRow(id=17, date="2026-01-05", summary=what, expense=expense),),
            ),
        )
        for expense in paid
    )
    across = (breadth(frame(*size)) - BAND_SIDES) / SMALL
    lines = banded(corrected(old, new), why(new), across)
    words = "".join(lines)
    difference = said(corrected(old, new)).rpartition("从 ")[2]
    assert words.startswith("更正\u3000第17笔（")
    assert f"从 {difference}" in words
    assert all(ems(line) <= across for line in lines)
    # Two lines, unless the sentence with hardly a word of what the row was for needs a third.
    assert len(lines) <= 2 or ems(f"更正　第17笔（清理塌方清…）从 {difference}") > across * 2 - 8


def test_the_band_of_a_correction_takes_its_height_from_the_rows() -> None:
    """Two lines of 54 and the space below them are missing below, one line less is one less."""
    heights = [
        room(frame(1080, 1920), number=True, correction=lines, band=True) for lines in range(3)
    ]
    assert [0, 62, 116] == [heights[0] - height for height in heights]


def test_a_corrected_slide_says_what_changed_by_how_much_and_why(hall: Hall) -> None:
    """The sentence of the page, on every slide of the corrected edition and on no other."""
    right = samples.ledger(20)
    code = hall.publish(right)
    hall.publish(samples.road())
    rows = [dict(row) for row in typed_of(right)["rows"]]
    assert "1,284.53" == rows[2]["expense"]
    rows[2]["expense"] = "1,184.53"
    closing = yuan(right.particulars.closing + 10_000)
    hall.correct(code, rows=rows, closing=closing, reason="票上是一千一百多，录错了。")
    now = hall.board.now()
    made = [slide for slide in playlist(hall, now)["slides"] if slide["notice"]]
    assert {code} < {slide["notice"] for slide in made}
    for slide in made:
        words = Markup(html(hall, slide, now)).striptags()
        expected = slide["notice"] == code
        assert expected == ("从 1,284.53 元改成 1,184.53 元，少了 100.00 元。" in words)
        assert expected == ("原因：票上是一千一百多" in words)


def test_a_corrected_name_is_not_told(hall: Hall) -> None:
    """A roster whose names were wrong says only that: the amounts are the same."""
    right = samples.roster(3)
    code = hall.publish(right)
    rows = [dict(row) for row in typed_of(right)["rows"]]
    wrong, rows[0]["name"] = rows[0]["name"], "陈某己"
    hall.correct(code, rows=rows, reason="户主写错了")
    now = hall.board.now()
    (slide, *_welcome) = playlist(hall, now)["slides"]
    band = re.findall(r'<div class="correction">.*?</div>', html(hall, slide, now), re.DOTALL)
    assert ["更正 改了姓名，金额没有变。原因：户主写错了"] == [Markup(b).striptags() for b in band]
    assert wrong not in html(hall, slide, now)


def test_what_is_to_happen_is_first_until_it_is_over(hall: Hall) -> None:
    """An announcement of tomorrow stands before newer notices; `until` names when it is over."""
    now = hall.board.now()
    soon = samples.outage()
    times = replace(soon.particulars, starts=now + 3600, ends=now + 7200)
    water = hall.publish(replace(soon, particulars=times))
    went_up = hall.board.now()
    while hall.board.now() == went_up:
        time.sleep(0.05)  # what goes up in one second has no order
    ledger = hall.publish(samples.ledger(3))
    before, after = playlist(hall, now + 60), playlist(hall, now // 60 * 60 + 7260)
    assert [water, ledger] == [id_.split("-")[0] for id_ in before["rounds"][0]]
    assert now // 60 * 60 + 7200 == before["until"]
    assert [ledger, water] == [id_.split("-")[0] for id_ in after["rounds"][0]]


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
    hall.sign()
    now = hall.board.now()
    with hall.board.database.read() as tx:
        before = kiosk.playlist(tx, SCREEN, now, PUBLIC_URL)
    hall.submitted(samples.decision())
    hall.sign()
    with hall.board.database.read() as tx:
        after = kiosk.playlist(tx, SCREEN, now, PUBLIC_URL)
    assert before.etag == after.etag
    assert json.loads(before.body)["log"] != json.loads(after.body)["log"]
    assert json.loads(dict(after.unchanged)[b"noticeboard-log"]) == json.loads(after.body)["log"]


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


# What Chromium 69 knows by its grammar is ES2017 and a little more; these it does not know by name.
LATER_METHODS = set(
    "allSettled any at findLast findLastIndex flat flatMap fromEntries hasOwn matchAll "
    "replaceAll replaceChildren toReversed toSorted trimEnd trimStart with withResolvers".split()
)
LATER_NAMES = set(
    "BigInt ResizeObserver WeakRef globalThis queueMicrotask reportError structuredClone "
    "AbortSignal OffscreenCanvas".split()
)
LATER_STYLE = [
    r"(?<![\w-])(row-|column-)?gap\s*:",
    r"\b(min|max|clamp)\(",
    r"aspect-ratio|inset|oklch|color-mix|:has\(|:is\(|:where\(|@layer|@container|&",
    r"\b(overflow-wrap:\s*anywhere|dvh|svh|vi\b)",
]


def names_in(script: str) -> Iterator[tuple[str, str]]:
    """Parse a script at ES2017 and give what it names and what it calls; raises on newer."""
    found: list[tuple[str, str]] = []

    def seen(node: Any, _place: Any) -> Any:
        if node.type == "CallExpression" and node.callee.type == "MemberExpression":
            found.append(("call", str(node.callee.property.name)))
        elif node.type == "Identifier":
            found.append(("name", node.name))
        return node

    esprima.parseScript(script, {"tolerant": False}, seen)
    return iter(found)


@pytest.mark.parametrize(
    "newer",
    ["a?.b", "a ?? b", "a ||= b", "class A { x = 1 }", "try { a() } catch { b() }", "1_000", "1n"],
)
def test_the_parser_refuses_what_is_newer(newer: str) -> None:
    """The parse below can fail: what Chromium 69 would not even start is refused."""
    with pytest.raises(esprima.Error):
        names_in(f"function f(a, b) {{ {newer}; }}")


def test_the_player_is_written_for_chromium_69() -> None:
    """It parses as ES2017, and calls nothing by a name that came later."""
    folder = shipped("kiosk")
    scripts = "".join((folder / name).read_text("utf-8") for name in ("tree.js", "player.js"))
    named = set(names_in(scripts))
    assert [] == sorted(name for kind, name in named if kind == "call" and name in LATER_METHODS)
    assert [] == sorted(name for kind, name in named if kind == "name" and name in LATER_NAMES)
    assert ("name", "reload") not in named
    assert ("call", "replace") in named


def test_the_slides_are_set_for_chromium_69() -> None:
    """No layout of the screen needs what Chromium 69 lacks, and no letter is under 40 units."""
    sheets = (shipped("templates") / "assets" / "slide.css", shipped("kiosk") / "player.css")
    for path in sheets:
        plain = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        for later in LATER_STYLE:
            assert re.findall(later, plain) == [], path
        sizes = re.findall(r"font(?:-size)?:\s*([\d.]+)rem", plain)
        assert all(float(size) >= 0.4 for size in sizes)
