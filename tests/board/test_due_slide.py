"""What a hall screen says of the calendar: late in words, true for its day, gone when it is met."""

import html
import json
import re
from typing import Any

import msgspec
import pytest

from noticeboard.board import founding
from noticeboard.core.days import instant
from noticeboard.store import screens
from noticeboard.store.screens import Screen
from noticeboard.web import kiosk
from tests.calendars import Calendar, calendar_of
from tests.cast import PROFILE, VILLAGE, Cast

SIZES = {"flat": (1920, 1080), "upright": (1080, 1920)}


@pytest.fixture(params=SIZES)
def calendar(cast: Cast, request: pytest.FixtureRequest) -> Calendar:
    """Give a village by its county's pack, with a screen in its hall."""
    width, height = SIZES[request.param]
    with cast.board.database.write() as tx:
        screens.add(tx, Screen(VILLAGE, "hall", "大厅", width, height, 0, retired=False))
    return calendar_of(cast)


def playlist(calendar: Calendar) -> dict[str, Any]:
    """Give what the screen is told now."""
    with calendar.cast.board.database.read() as tx:
        body = kiosk.playlist(tx, "hall", calendar.cast.clock.now, None).body
    told: dict[str, Any] = json.loads(body)["playlist"]
    return told


def words(calendar: Calendar, id_: str = "due") -> str:
    """Give a slide's words in one line, "" where it does not hang."""
    slide = next((one for one in playlist(calendar)["slides"] if one["id"] == id_), None)
    if slide is None:
        return ""
    with calendar.cast.board.database.read() as tx:
        body = kiosk.slide(tx, "hall", slide["hash"], calendar.cast.clock.now, None).body
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body.decode())).split())


def test_what_is_late_hangs_in_the_hall(calendar: Calendar) -> None:
    """The sentence of the board, then item, days, period, last day and post."""
    calendar.at("2026-04-20", "09:00")
    said = words(calendar)
    assert "有迟的 1 项应公开的还没有公开，最久的迟了 5 天。" in said
    assert "财务收支明细 逐项逐笔 迟 5 天 一季度 · 4月15日以前 · 集体经济组织负责人" in said
    assert "4月20日的情况。" in said
    made = playlist(calendar)
    assert [["welcome", "due"]] == made["rounds"]


def test_it_is_true_until_midnight_and_no_longer(calendar: Calendar) -> None:
    """A screen out of touch stops saying so; one in touch asks again and hears of another day."""
    calendar.at("2026-04-20", "23:59")
    made = playlist(calendar)
    (slide,) = [one for one in made["slides"] if one["id"] == "due"]
    assert instant("2026-04-21") == slide["until"] == made["until"]
    calendar.cast.clock.now = instant("2026-04-21")
    assert "迟 6 天" in words(calendar)
    assert slide["hash"] not in {one["hash"] for one in playlist(calendar)["slides"]}


def test_on_one_day_the_bytes_are_the_same(calendar: Calendar) -> None:
    """A screen is not told anew because an hour has gone by."""
    calendar.at("2026-04-20", "08:00")
    morning = playlist(calendar)
    calendar.cast.clock.now = instant("2026-04-20", "20:00")
    assert morning == playlist(calendar)


def test_published_it_says_so_beside_the_notice(calendar: Calendar) -> None:
    """It comes after the first slide of every notice, and names nobody."""
    calendar.at("2026-04-20", "09:00")
    notice = calendar.cast.published("spending")
    assert "没有迟的 到今天应公开的，都公开了。" in words(calendar)
    first = playlist(calendar)["rounds"][0]
    assert [f"{notice.code}-1-1", "due"] == first[:2]


def test_a_village_without_a_calendar_has_no_such_slide(calendar: Calendar) -> None:
    """Nothing is owed there, so nothing is said."""
    profile = msgspec.structs.replace(PROFILE, duties=False)
    founding.tell(calendar.cast.board, VILLAGE, profile)
    calendar.at("2026-04-20", "09:00")
    assert "" == words(calendar)
    assert "村务公开栏" in words(calendar, "welcome")
