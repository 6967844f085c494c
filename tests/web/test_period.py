"""The period on the review form: never in the past, never shorter than what was promised."""

import re

from noticeboard.core.days import DAY
from tests.cast import START, VILLAGE
from tests.web.conftest import DESK, Office


def test_a_start_that_is_past_is_refused_at_its_field(office: Office) -> None:
    """Yesterday would shorten the period or look late: the form says what to choose instead."""
    done = office.cast.submitted()
    assert done.notice is not None
    before = office.cast.entries()
    sent = {
        "of": str(done.index),
        "when": "later",
        "date": "2026-01-04",
        "time": "08:00",
        "days": "9",
    }
    answer = office.browser("ben").post(f"{DESK}/notices/{done.notice.code}/approve", data=sent)
    assert 422 == answer.status_code
    assert "这个时间已经过去了" in answer.text
    assert before == office.cast.entries()


def test_the_start_that_is_offered_is_still_to_come(office: Office) -> None:
    """After eight in the morning the form offers eight tomorrow, before eight today's."""
    done = office.cast.submitted()
    assert done.notice is not None
    page = f"{DESK}/notices/{done.notice.code}/review"
    assert 'value="2026-01-06"' in office.browser("ben").get(page).text
    office.clock.now = START + DAY - 2 * 3600
    assert 'value="2026-01-06"' in office.browser("ben").get(page).text


def test_a_correction_is_not_offered_a_shorter_period(office: Office) -> None:
    """What was promised until the 4th of February stays so unless somebody shortens it by hand."""
    notice = office.cast.published("spending", until=START - 9 * 3600 + 31 * DAY)
    office.cast.correct(notice.code, title="更正了的收支")
    page = office.browser("ben").get(f"{DESK}/notices/{notice.code}/review").text
    days = re.search(r'name="days"[^>]*value="(\d+)"', page)
    assert days is not None
    assert "30" == days[1]
    assert VILLAGE in page
