"""What falls due this week stands on the desk, one touch from a draft that is begun for it."""

import re

import pytest

from noticeboard.core.days import instant
from noticeboard.store import drafts
from tests.calendars import calendar_of
from tests.cast import VILLAGE
from tests.web.conftest import DESK, Browser, Office

TOUCH = f"{DESK}/duties/D17/2026-Q1"


@pytest.fixture
def desk(office: Office) -> Office:
    """Give an office whose village keeps a county's calendar, five days before its first day."""
    calendar = calendar_of(office.cast)
    calendar.at("2026-04-10", "09:00")
    return office


def week_of(browser: Browser) -> str:
    """Give the words of the list, "" where there is none."""
    page = browser.get(DESK).text
    found = re.search(r"<h2>本周要公开的</h2>(.*?)</ul>", page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", found[1]).split()) if found else ""


def typed(office: Office) -> list[dict[str, object]]:
    """Give what is typed in the village's drafts."""
    with office.board.database.read() as tx:
        return [draft.typed for draft in drafts.of_village(tx, VILLAGE)]


def test_what_is_due_says_what_by_when_and_whose(desk: Office) -> None:
    """The days left count the last one; late it says how long."""
    said = week_of(desk.browser("anna"))
    assert "还剩 6 天 财务收支明细 逐项逐笔 一季度 · 4月15日以前 · 集体经济组织负责人 起草" in said
    desk.clock.now = instant("2026-04-15", "23:00")
    assert "今天 到期 财务收支明细" in week_of(desk.browser("anna"))
    desk.clock.now = instant("2026-04-18", "09:00")
    assert "迟 3 天 财务收支明细" in week_of(desk.browser("anna"))


def test_what_is_due_later_is_not_pressed(desk: Office) -> None:
    """Eight days before there is nothing to do."""
    desk.clock.now = instant("2026-04-07", "09:00")
    assert "财务收支明细" not in week_of(desk.browser("anna"))


def test_one_touch_begins_a_draft_with_what_is_known(desk: Office) -> None:
    """Item, period, publisher and title stand in it; touched twice it is one draft."""
    anna = desk.browser("anna")
    first, again = anna.post(TOUCH), anna.post(TOUCH)
    assert 303 == first.status_code
    assert first.headers["location"] == again.headers["location"]
    (said,) = typed(desk)
    assert ("D17", "2026-Q1", "collective") == (said["item"], said["covers"], said["publisher"])
    assert "示例村2026年一季度财务收支明细" == said["title"]


def test_what_somebody_has_in_hand_is_not_asked_for_again(desk: Office) -> None:
    """Its draft stands in the inbox; thrown away, the duty is back; published, it is gone."""
    anna = desk.browser("anna")
    draft = anna.post(TOUCH).headers["location"]
    assert "财务收支明细" not in week_of(anna)
    anna.post(f"{draft}/discard")
    assert "财务收支明细" in week_of(anna)
    desk.cast.published("spending")
    assert "财务收支明细" not in week_of(anna)


def test_the_next_quarter_begins_like_the_last(desk: Office) -> None:
    """What closed the former ledger opens the next, and its title has moved on."""
    desk.cast.published("spending")
    desk.clock.now = instant("2026-07-10", "09:00")
    desk.board.tick()
    anna = desk.browser("anna")
    begun = anna.post(f"{DESK}/duties/D17/2026-Q2")
    assert begun.headers["location"].endswith("?like=former")
    (said,) = typed(desk)
    assert "2026-Q2" == said["covers"]
    assert said["opening"]


def test_a_duty_that_is_none_begins_nothing(desk: Office) -> None:
    """An item nobody knows, and a period that is not owed."""
    anna = desk.browser("anna")
    assert 404 == anna.post(f"{DESK}/duties/D99/2026-Q1").status_code
    assert 404 == anna.post(f"{DESK}/duties/D17/2025-Q1").status_code
    assert [] == typed(desk)


def test_who_may_not_write_sees_what_is_due_and_no_button(desk: Office) -> None:
    """Ben reviews: he reads the list, and a forged touch is refused."""
    ben = desk.browser("ben")
    said = week_of(ben)
    assert "财务收支明细" in said
    assert "起草" not in said
    assert 403 == ben.post(TOUCH).status_code
    assert [] == typed(desk)
