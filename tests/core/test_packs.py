"""The numbers of a place: whose word wins, and what is left where nobody says anything."""

import pytest
from msgspec import structs

from noticeboard.core import packs
from noticeboard.core.packs import Counting, Days, Deadline, NoticeDays, Pack, Quorum, Rhythm
from noticeboard.core.rules import Rules, decode
from noticeboard.formats import rules as files

GK = {"source": ("general-knowledge",), "verified": "general-knowledge"}


def due(days: int, **more: object) -> Deadline:
    return Deadline(days=days, **GK, **more)


def place(parent: str = "", **more: object) -> Pack:
    return Pack(name="某地", english="A place", jurisdiction="某地", parent=parent, **more)


@pytest.fixture(scope="module")
def shipped() -> Rules:
    return decode(files.load())


def with_packs(rules: Rules, **places: Pack) -> Rules:
    return structs.replace(rules, packs=places)


def test_an_item_goes_before_a_rhythm_and_the_nearest_pack_before_its_parent(
    shipped: Rules,
) -> None:
    """A province's word for one item stands against a county's word for all of a rhythm."""
    rules = with_packs(
        shipped,
        state=place(deadlines={"quarter": due(30), "D18": due(20)}),
        county=place("state", deadlines={"quarter": due(15), "D27-event": due(3)}),
        village=place("county", deadlines={"D25": due(8)}),
    )
    asked = [("D18", ""), ("D25", ""), ("D26", ""), ("D27", "event"), ("D27", "quarter")]
    found = [packs.deadline(rules, "village", *it) for it in asked]
    assert [20, 8, 15, 3, 15] == [it and it.days for it in found]


def test_of_two_rhythms_left_to_the_place_the_slower_is_taken_until_it_chooses(
    shipped: Rules,
) -> None:
    """Nobody is late by a monthly rhythm that no rule of the place asks for."""
    monthly = Rhythm(cadence=("month",), **GK)
    rules = with_packs(shipped, state=place(), other=place("state", cadences={"D17": monthly}))
    assert ("quarter",) == packs.rhythms(rules, "state", "D17")
    assert ("month",) == packs.rhythms(rules, "other", "D17")
    assert ("event", "quarter") == packs.rhythms(rules, "other", "D27")
    assert () == packs.rhythms(rules, "other", "D99")


def test_only_what_is_a_notice_period_falls_back_to_the_default_days(shipped: Rules) -> None:
    """A ledger is published, not put up for objections: it has no least number of days."""
    rules = with_packs(
        shipped,
        state=place(
            notices={
                "default": NoticeDays(n=7, unit="day", **GK),
                "D46": NoticeDays(n=10, unit="working-day", **GK),
                "D46-plan": NoticeDays(n=30, unit="day", name="方案", **GK),
            }
        ),
    )
    assert 30 == packs.notice_days(rules, "state", "D46", "plan").n
    assert "working-day" == packs.notice_days(rules, "state", "D46").unit
    assert None is packs.notice_days(rules, "state", "D17")
    assert ["plan"] == list(packs.notice_cases(rules, "state", "D46"))


def test_what_no_pack_says_is_none_and_counting_is_the_bundles_own(shipped: Rules) -> None:
    """An unknown pack, as of a board before packs, changes nothing."""
    assert None is packs.stay(shipped, "nowhere", "D17")
    assert None is packs.answer_days(shipped, "nowhere", "village")
    assert None is packs.meeting_days(shipped, "nowhere", "villagers")
    assert None is packs.threshold(shipped, "nowhere", "tender")
    assert shipped.counting == packs.counting(shipped, "nowhere")


def test_numbers_of_a_parent_hold_below_until_said_otherwise(shipped: Rules) -> None:
    """Answers, quorums, stays and counting come down the chain of packs."""
    counting = Counting(
        first_day_counts=True, ends_at="24:00", days="whole", zone="Asia/Shanghai", **GK
    )
    quorum = Quorum(
        name="代表", english="R", attended=(">=2/3 members",), passed=">1/2 present", **GK
    )
    rules = with_packs(
        shipped,
        state=place(
            counting=counting,
            answers={"village": Days(n=5, unit="day", **GK)},
            quorums={"representatives": quorum},
            stays={"default": Days(n=10, unit="day", **GK)},
        ),
        county=place("state", answers={"village": Days(n=3, unit="day", **GK)}),
    )
    assert 3 == packs.answer_days(rules, "county", "village").n
    assert quorum == packs.quorum(rules, "county", "representatives")
    assert 10 == packs.stay(rules, "county", "D17").n
    assert counting == packs.counting(rules, "county")


def test_a_circle_of_parents_ends() -> None:
    """The loader refuses circles; a stored bundle with one must not hang a board."""
    circle = {"a": place("b"), "b": place("a")}
    assert [circle["a"], circle["b"]] == list(packs.chain(circle, "a"))
