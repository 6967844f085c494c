"""Calendars follow the log: what goes up and comes down, the rules, recorded days, and time."""

from typing import Any

import msgspec
import pytest

from noticeboard.board import adopting, drafting, founding, happening, taking_down
from noticeboard.board import duties as board_duties
from noticeboard.core.days import DAY, day_of, instant
from noticeboard.core.problems import NotAllowed, NotValid
from noticeboard.store import duties as store
from noticeboard.store import notices
from tests.calendars import Calendar, calendar_of, rules
from tests.cast import PROFILE, VILLAGE, Cast

# A number that is nobody's: a well-formed identity of the standard's own example.
IDENTITY = "11010519491231002X"


@pytest.fixture
def calendar(cast: Cast) -> Calendar:
    return calendar_of(cast)


def test_what_is_missing_is_late_from_the_first_minute_after(calendar: Calendar) -> None:
    """Not on the last day; without anybody doing anything."""
    calendar.at("2026-04-15", "23:59")
    assert [] == calendar.late()
    calendar.at("2026-04-16")
    assert [("D17", "2026-Q1")] == calendar.late()
    with calendar.cast.board.database.read() as tx:
        (duty,) = store.late_of(tx, VILLAGE, calendar.cast.clock.now)
    assert duty == calendar.one("D17", "2026-Q1")


def test_a_notice_that_goes_up_meets_it_at_once(calendar: Calendar) -> None:
    """In the transaction of its publication; and the day of it stands in the calendar."""
    calendar.at("2026-04-20")
    notice = calendar.cast.published("spending")
    duty = calendar.one("D17", "2026-Q1")
    assert duty is not None
    assert duty.met is not None
    assert (notice.code, 5) == (duty.met.code, duty.days_late(0))
    assert [] == calendar.late()


def test_a_notice_that_comes_down_meets_it_no_more(calendar: Calendar) -> None:
    """Until another one goes up."""
    calendar.at("2026-04-10")
    notice = calendar.cast.published("spending")
    calendar.at("2026-04-20")
    assert [] == calendar.late()
    taking_down.withdraw(
        calendar.cast.board, VILLAGE, notice.code, calendar.cast.ben, ground="personal-data"
    )
    assert [("D17", "2026-Q1")] == calendar.late()


def test_a_correction_does_not_make_it_later(calendar: Calendar) -> None:
    """What it says it has said since its first edition."""
    calendar.at("2026-04-10", "09:00")
    notice = calendar.cast.published("spending")
    first = calendar.one("D17", "2026-Q1")
    calendar.at("2026-04-20", "09:00")
    calendar.cast.up(calendar.cast.correct(notice.code, title="2026年一季度收支明细"))
    assert first == calendar.one("D17", "2026-Q1")


def test_working_it_out_anew_changes_nothing(calendar: Calendar) -> None:
    """What was kept act by act is what follows from the log."""
    calendar.at("2026-04-10")
    calendar.cast.published("spending")
    calendar.cast.published("asset")
    calendar.at("2026-05-02")
    before = calendar.all()
    assert before
    with calendar.cast.board.database.write() as tx:
        revision = notices.head_of(tx, VILLAGE).revision
        board_duties.rebuild(tx, VILLAGE, calendar.cast.clock.now)
        assert revision == notices.head_of(tx, VILLAGE).revision
    assert before == calendar.all()


def test_the_next_month_brings_the_next_periods(calendar: Calendar) -> None:
    """On its first day, by the clock alone."""
    calendar.at("2026-03-31", "23:59")
    assert calendar.one("D17", "2026-Q2") is None
    calendar.at("2026-04-01")
    assert calendar.one("D17", "2026-Q2") is not None


def test_stricter_rules_change_nothing_that_was_due_before(calendar: Calendar) -> None:
    """What was due is judged by the rules of its day."""
    calendar.at("2026-04-20")
    adopting.adopt(calendar.cast.board, rules(days=3), document="示例农发〔2026〕2号")
    calendar.at("2026-07-02")
    days = [calendar.one("D17", f"2026-Q{quarter}") for quarter in (1, 2)]
    found = [duty.last_day.isoformat() for duty in days if duty]
    assert "2026-04-15" == found[0]
    assert day_of(instant("2026-07-03")).isoformat() == found[1]


def test_without_an_assignment_nobody_is_late(cast: Cast) -> None:
    """Not in ten years of silence."""
    cast.clock.now += 3650 * DAY
    cast.board.tick()
    assert [] == Calendar(cast).late()


def test_a_village_without_a_calendar_has_none(calendar: Calendar) -> None:
    """It is told of the village, and the board obeys at once."""
    calendar.at("2026-04-20")
    assert calendar.late()
    profile = msgspec.structs.replace(PROFILE, duties=False)
    founding.tell(calendar.cast.board, VILLAGE, profile)
    calendar.cast.board.tick()
    assert [] == calendar.all()


def test_a_recorded_day_is_counted_from(calendar: Calendar) -> None:
    """Anna says when it happened; what follows is late ten days later, until it is put up."""
    calendar.at("2026-03-10")
    board, anna = calendar.cast.board, calendar.cast.anna
    done = happening.record(board, VILLAGE, anna, item="D07", day="2026-03-02", text="机耕路修好了")
    calendar.at("2026-03-13")
    assert [("D07", f"e{done.index}")] == calendar.late()
    calendar.cast.published(item="D07")
    assert [] == calendar.late()


def test_a_recorded_day_can_be_put_right_and_taken_back(calendar: Calendar) -> None:
    """The last word counts; the first stays in the log."""
    calendar.at("2026-03-10")
    board, anna = calendar.cast.board, calendar.cast.anna
    first = happening.record(board, VILLAGE, anna, item="D07", day="2026-02-02", text="修好了")
    second = happening.record(
        board, VILLAGE, anna, item="D07", day="2026-03-09", text="写错了日子", of=first.index
    )
    calendar.at("2026-03-13")
    assert [f"e{second.index}"] == [duty.period for duty in calendar.all() if duty.of_event]
    with board.database.read() as tx:
        (kept,) = happening.of_village(tx, VILLAGE)
    assert ("写错了日子", anna) == (kept.text, kept.by)
    happening.record(board, VILLAGE, anna, item="D07", day=None, text="没有这件事", of=second.index)
    calendar.at("2026-03-14")
    assert not [duty for duty in calendar.all() if duty.of_event]


def test_a_record_is_refused_that_cannot_be_counted(calendar: Calendar) -> None:
    """A day that there is not, an item that waits for none, words that name a number, no office."""
    board, anna = calendar.cast.board, calendar.cast.anna
    sound: dict[str, Any] = {"item": "D07", "day": "2026-01-02", "text": "修好了"}
    for wrong in (
        {"day": "2026-02-30"},
        {"day": None},
        {"item": "D17"},
        {"item": "D99"},
        {"text": " "},
        {"text": f"付给{IDENTITY}"},
        {"of": 3},
    ):
        with pytest.raises(NotValid):
            happening.record(board, VILLAGE, anna, **{**sound, **wrong})
    with pytest.raises(NotAllowed):
        happening.record(board, VILLAGE, calendar.cast.admin, **sound)


def test_a_draft_changes_no_calendar(calendar: Calendar) -> None:
    """Private paper meets nothing."""
    calendar.at("2026-04-20")
    drafting.start(calendar.cast.board, VILLAGE, "spending", calendar.cast.anna, {})
    calendar.cast.submitted("spending")
    assert [("D17", "2026-Q1")] == calendar.late()
