"""The promises of the public pages: what stands on them, what is kept back, and for how long."""

from base64 import b64decode
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from noticeboard.board import founding, openlog, reviewing, taking_down
from noticeboard.core.days import DAY, midnight_after
from noticeboard.core.people import Profile
from noticeboard.show.routes import lang_of, parse
from noticeboard.show.show import Shown, show
from tests.cast import FORMS, VILLAGE, Cast, cast_in

BOARD = f"/v/{VILLAGE}"


@pytest.fixture
def cast(tmp_path: Path) -> Cast:
    return cast_in(tmp_path / "home")


def shown(cast: Cast, address: str, at: int | None = None) -> Shown:
    path, _, query = address.partition("?")
    route = parse(path, query)
    assert route is not None, address
    with cast.board.database.read() as tx:
        return show(tx, route, cast.clock.now if at is None else at, lang_of(query), None)


def body(cast: Cast, address: str) -> str:
    return shown(cast, address).rendered.body.decode()


def test_an_empty_board_says_so(cast: Cast) -> None:
    """With nothing up, every page of a village still answers, in plain words."""
    assert "这里还没有公示。" in body(cast, BOARD)
    assert "这里还没有公示。" in body(cast, f"{BOARD}/notices")
    assert "到现在还没有更正，也没有撤下过。" in body(cast, f"{BOARD}/corrections")
    assert "这里还没有项目。" in body(cast, f"{BOARD}/projects")
    assert "还没有公示。" in body(cast, "/")


def test_the_board_adds_what_was_paid_and_never_what_is_planned(cast: Cast) -> None:
    """Figures come from the ledgers of the latest period alone; a project's money is apart."""
    cast.published("spending", title="四季度", covers="2025-Q4")
    cast.published("spending")
    cast.published("spending", title="集体经济", publisher="collective")
    cast.published("project")
    page = body(cast, BOARD)
    assert "一季度收入 4,000.00 元，支出 1,100.00 元，结余 4,900.00 元。" in page
    assert "80,000" not in page
    assert "由 2 份已公开的财务收支相加" in page


def test_what_is_up_for_objections_counts_its_days(cast: Cast) -> None:
    """An item of 公示 stands under 可以提意见 with the days left; 公开 stands under 最近公开."""
    until = reviewing.whole_days(cast.board, VILLAGE, cast.clock.now, 7)
    cast.published("subsidy", item="D56", until=until)
    cast.published("announcement", group="g1")
    objections, recent = body(cast, BOARD).split("最近公开")
    assert "正在公示，可以提意见" in objections
    assert "<b>8 <small>天</small></b>" in objections
    assert "一组" in recent


def test_phones_are_links_and_facts_are_told(cast: Cast) -> None:
    """A villager taps the number; households and people are told."""
    page = body(cast, BOARD)
    assert 'href="tel:13800138000"' in page
    assert "308 户" in page
    assert "1,120 人" in page


def test_the_mark_of_a_demo_is_on_every_page(cast: Cast) -> None:
    """A demo says what it is on each page of its village and in the list of villages."""
    founding.tell(cast.board, VILLAGE, Profile(name="示例村", mark="示例数据"))
    code = cast.published("spending").code
    for address in (
        *("/", BOARD, f"{BOARD}/notices", f"{BOARD}/corrections", f"{BOARD}/projects"),
        *(f"{BOARD}/powers", f"{BOARD}/powers/P21"),
        *(f"{BOARD}/search?q=x", f"/n/{code}", f"/n/{code}/r/1", f"/n/{code}/poster"),
    ):
        assert "示例数据" in body(cast, address), address
    assert "示例数据" in body(cast, f"/n/{code}.json")


@pytest.mark.parametrize(
    "words", ["耕路", "机耕", "修机耕路", "机耕 三组", "机耕 火星", "2026-001"]
)
def test_search_knows_words_of_two_characters(cast: Cast, words: str) -> None:
    """Any two characters that stand together are found, with the row they stand in."""
    code = cast.published("spending").code
    found = "火星" not in words
    page = body(cast, f"{BOARD}/search?q={quote(words)}")
    assert found == (f"“{words}”在 1 份公示里。" in page)
    assert found == (f'href="/n/{code}"' in page)
    if "机" in words and found:
        assert f'href="/n/{code}/r/2"' in page


def test_search_takes_a_code_from_paper(cast: Cast) -> None:
    """Who types the code of a slip, even in small letters, is led to the notice."""
    code = cast.published("announcement").code
    assert f'href="/n/{code}"' in body(cast, f"{BOARD}/search?q={code.lower()}")


def test_search_says_when_nothing_is_found(cast: Cast) -> None:
    """An empty result is a plain sentence, and what was typed is shown as text, never as HTML."""
    page = body(cast, f"{BOARD}/search?q={quote('<b>火星</b>')}")
    assert "没有找到" in page
    assert "<b>火星" not in page


def test_corrections_say_what_and_why_and_are_counted(cast: Cast) -> None:
    """Each correction, withdrawal and redaction is listed once, with its ground, by quarter."""
    code = cast.published("spending").code
    cast.clock.on(60)
    rows: list[dict[str, Any]] = [dict(row) for row in FORMS["spending"]["rows"]]
    for number, row in enumerate(rows, 1):
        row["id"] = str(number)
    rows[1]["expense"] = "470.00"
    cast.up(cast.correct(code, rows=rows, closing="2,480.00"))
    cast.clock.on(60)
    gone = cast.published("announcement").code
    taking_down.withdraw(cast.board, VILLAGE, gone, cast.anna, ground="wrong-facts")
    redact: dict[str, Any] = {"ground": "person-asked", "parts": ("names",), "rows": (2,)}
    taking_down.redact(cast.board, VILLAGE, code, cast.anna, **redact)
    page = body(cast, f"{BOARD}/corrections")
    assert "从 500.00 元改成 470.00 元，少了 30.00 元。" in page
    assert "看错了" in page
    assert "内容有误" in page
    assert "本人依法要求删除" in page
    assert "2026年一季度</th><td>1</td><td>1</td><td>1</td>" in page
    ways = body(cast, BOARD)
    assert "更正和撤下</a> <b>3</b>" in ways


def test_lists_turn_pages(cast: Cast) -> None:
    """Forty entries a page; a page beyond the end is the last one."""
    for number in range(42):
        cast.published("announcement", title=f"第{number}号通知")
        cast.clock.on(1)
    first, last = body(cast, f"{BOARD}/notices"), body(cast, f"{BOARD}/notices?page=99")
    assert ("一共 42 份" in first, "第41号通知" in first, "第0号通知" in first) == (
        True,
        True,
        False,
    )
    assert ("第0号通知" in last, "第41号通知" in last) == (True, False)
    assert f'href="{BOARD}/notices?page=2"' in first


def test_a_page_says_when_to_look_again(cast: Cast) -> None:
    """Until the next midnight, for days left; or the end of a period, if that is sooner."""
    soon = cast.clock.now + 3_600
    code = cast.published("subsidy", until=soon).code
    cast.sign()
    for address in (f"/n/{code}", f"/n/{code}/poster", f"/n/{code}.json", BOARD, "/"):
        assert soon == shown(cast, address).until, address
    assert "陈桂花" in body(cast, f"/n/{code}")
    before, at_end = shown(cast, f"/n/{code}", soon - 1), shown(cast, f"/n/{code}", soon)
    assert "陈桂花" in before.rendered.body.decode()
    assert "陈桂花" not in at_end.rendered.body.decode()
    assert midnight_after(soon) == at_end.until


def test_a_page_is_looked_at_again_while_its_head_waits_for_a_signature(cast: Cast) -> None:
    """The foot of a page shows the signed head: it is soon made anew until that is the newest."""
    code = cast.published("announcement").code
    assert "记录还没有签名" in body(cast, f"/n/{code}")
    assert cast.clock.now + 5 == shown(cast, f"/n/{code}").until
    cast.sign()
    with cast.board.database.read() as tx:
        root = openlog.proof(tx, VILLAGE, 0).note.text.decode().split("\n")[2]
    first = b64decode(root).hex()
    assert f"记录 {first[:4]} {first[4:8]}" in body(cast, f"/n/{code}")
    assert midnight_after(cast.clock.now) == shown(cast, f"/n/{code}").until


def test_what_strangers_ask_without_end_is_not_remembered(cast: Cast) -> None:
    """Searches, unknown codes and invented fingerprints end at once, so no memo keeps them."""
    code = cast.published("announcement").code
    for address in (f"{BOARD}/search?q=x", "/n/00000000", f"/n/{code}/{'0' * 26}", "/v/nowhere"):
        assert cast.clock.now == shown(cast, address).until, address


def test_a_page_rests_on_the_revision_it_was_read_at(cast: Cast) -> None:
    """A visible act raises what a page rests on; a draft, a submission, an approval do not."""
    code = cast.published("announcement").code
    before = shown(cast, BOARD).revision
    cast.approve(cast.submitted("spending"), start=cast.clock.now + DAY)
    assert before == shown(cast, BOARD).revision
    taking_down.withdraw(cast.board, VILLAGE, code, cast.anna, ground="duplicate")
    assert before < shown(cast, BOARD).revision
    assert 410 == shown(cast, f"/n/{code}").status


def test_what_was_never_public_is_not_told_from_nothing(cast: Cast) -> None:
    """A code in review answers exactly as a code that does not exist."""
    sent = cast.submitted("announcement")
    assert sent.notice is not None
    hidden, nothing = shown(cast, f"/n/{sent.notice.code}"), shown(cast, "/n/00000000")
    assert (404, hidden.rendered) == (nothing.status, nothing.rendered)


@pytest.mark.parametrize("address", ["/v/nowhere", f"{BOARD}x", "/n/00000000", "/n/00000000.json"])
def test_a_page_that_is_not_there_is_a_page(cast: Cast, address: str) -> None:
    """Not found is said in Chinese, with a way on."""
    missing = shown(cast, address)
    assert 404 == missing.status
    assert "看各村的公示" in missing.rendered.body.decode()


def test_english_keeps_its_language_and_names_stay_chinese(cast: Cast) -> None:
    """Links of an English page lead to English pages; titles say that they are Chinese."""
    code = cast.published("announcement").code
    page = body(cast, f"{BOARD}?lang=en")
    assert '<html lang="en">' in page
    assert f'href="/n/{code}?lang=en" lang="zh-Hans"' in page
    assert f'href="{BOARD}/notices?lang=en"' in page


def test_the_small_files_are_there(cast: Cast) -> None:
    """Robots are told what not to index; the tab has its mark; both are never looked at again."""
    robots, icon = shown(cast, "/robots.txt"), shown(cast, "/favicon.svg")
    assert b"Disallow: /desk/" in robots.rendered.body
    assert b"<svg" in icon.rendered.body
    assert (None, None) == (robots.until, icon.until)
    assert 200 == shown(cast, "/patterns").status
