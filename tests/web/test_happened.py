"""What happened and has to be published is recorded at the desk: by whom, once, and mended."""

import pytest

from noticeboard.board import happening
from noticeboard.core.days import instant
from tests.calendars import calendar_of
from tests.cast import VILLAGE
from tests.web.conftest import DESK, Office, numbered

PAGE = f"{DESK}/happened"
SAID = {"item": "D07", "day": "2026-03-02", "text": "机耕路修好了"}


@pytest.fixture
def desk(office: Office) -> Office:
    """Give an office whose village keeps a county's calendar."""
    calendar_of(office.cast).at("2026-03-05", "09:00")
    return office


def kept(office: Office) -> list[tuple[str, str, str]]:
    """Give (item, day, words) of what stands recorded."""
    with office.board.database.read() as tx:
        found = happening.of_village(tx, VILLAGE)
    return [(one.event.item, one.event.day.isoformat(), one.text) for one in found]


@pytest.mark.parametrize("login", ["anna", "ben", "mei"])
def test_who_writes_reviews_or_oversees_may_record(desk: Office, login: str) -> None:
    """It stands on the page with its day and who said so."""
    browser = desk.browser(login)
    done = browser.post(PAGE, data=numbered(browser.get(PAGE), **SAID))
    assert (303, PAGE) == (done.status_code, done.headers["location"])
    assert [("D07", "2026-03-02", "机耕路修好了")] == kept(desk)
    page = browser.get(PAGE).text
    assert "3月2日" in page
    assert "机耕路修好了" in page


def test_sent_twice_it_is_recorded_once(desk: Office) -> None:
    """The form's own number makes it so."""
    anna = desk.browser("anna")
    form = numbered(anna.get(PAGE), **SAID)
    assert [303, 303] == [anna.post(PAGE, data=form).status_code for _ in range(2)]
    assert 1 == len(kept(desk))


def test_nobody_else_may(desk: Office) -> None:
    """Who is not signed in, who keeps the board and has no such office: nothing is written."""
    assert 401 == desk.browser().post(PAGE, data=SAID).status_code
    assert 403 == desk.browser("admin").post(PAGE, data=SAID).status_code
    assert 403 == desk.browser("admin").get(PAGE).status_code
    assert [] == kept(desk)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"text": ""}, "请写是什么事。"),
        ({"item": "D99"}, "这一项不用等哪一天。"),
        ({"item": "D17"}, "这一项不用等哪一天。"),
        ({"day": "2026-02-30"}, "没有这一天。"),
        ({"day": ""}, "没有这一天。"),
        ({"text": "石立秋 13900000000 签了合同"}, "手机号"),
        ({"of": "x"}, "请填整数。"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    desk: Office, wrong: dict[str, str], words: str
) -> None:
    """A page with the reason; nothing is written."""
    said = SAID | wrong
    answer = desk.browser("anna").post(PAGE, data=said)
    assert 422 == answer.status_code
    assert words in answer.text
    assert [] == kept(desk)


def test_what_was_wrong_is_put_right_or_taken_back(desk: Office) -> None:
    """The page offers both beside each; the log keeps what was said before."""
    anna = desk.browser("anna")
    anna.post(PAGE, data=numbered(anna.get(PAGE), **SAID))
    with desk.board.database.read() as tx:
        (first,) = happening.of_village(tx, VILLAGE)
    again = SAID | {"day": "2026-03-03", "of": str(first.event.index), "act": "right"}
    anna.post(PAGE, data=numbered(anna.get(PAGE), **again))
    assert [("D07", "2026-03-03", "机耕路修好了")] == kept(desk)
    with desk.board.database.read() as tx:
        (second,) = happening.of_village(tx, VILLAGE)
    gone = SAID | {"of": str(second.event.index), "act": "gone"}
    anna.post(PAGE, data=numbered(anna.get(PAGE), **gone))
    assert [] == kept(desk)
    stale = anna.post(PAGE, data=numbered(anna.get(PAGE), **gone))
    assert (422, True) == (stale.status_code, "没有记过这件事" in stale.text)


def test_from_its_day_the_duty_is_counted(desk: Office) -> None:
    """Recorded, it stands among what is due; the desk leads to where it is recorded."""
    anna = desk.browser("anna")
    assert 'href="/desk/430000101/happened"' in anna.get(DESK).text
    anna.post(PAGE, data=numbered(anna.get(PAGE), **SAID))
    desk.clock.now = instant("2026-03-10", "09:00")
    desk.board.tick()
    anna = desk.browser("anna")
    assert "3月2日的事" in anna.get(DESK).text
