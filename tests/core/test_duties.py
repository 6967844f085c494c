"""What is due, planned, met and late, and by whose rule."""

from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from noticeboard.core import packs, periods
from noticeboard.core.days import DAY, day_of, ends, instant
from noticeboard.core.duties import Duty, Event, Regime, duties, owed
from noticeboard.core.fulfilment import Fulfilled, Met
from noticeboard.core.packs import Counting, Deadline, Pack
from noticeboard.core.rules import Rules, decode
from noticeboard.formats.rules import load

SOURCE = {"source": ("L11 30",), "verified": "yes"}
JOINED = date(2026, 1, 1)
COUNTING = Counting(
    first_day_counts=False,
    ends_at="24:00",
    days="whole",
    zone="Asia/Shanghai",
    moves_on=True,
    source=("general-knowledge",),
    verified="no",
)


def deadline(days: int = 15, **said: object) -> Deadline:
    return Deadline(days=days, **{"force": "law", **SOURCE, **said})  # type: ignore[arg-type]


def pack(**deadlines: Deadline) -> Pack:
    named = {key.replace("_", "-"): one for key, one in deadlines.items()}
    return Pack(
        name="示例办法",
        english="Example",
        jurisdiction="示例省",
        deadlines=named,
        counting=COUNTING,
    )


# By item: of a whole rhythm a law binds only what some law says is to be published at all.
LAW = pack(
    **{item: deadline() for item in ("D14", "D17", "D18", "D21", "D23", "D25")},
    D07=deadline(days=10),
    quarter=deadline(),
    year=deadline(days=30, force="practice"),
    event=deadline(days=10),
)


@cache
def rules() -> Rules:
    """Give the shipped rules with two more packs: one of law, one that only plans."""
    plans = pack(quarter=deadline(force="practice"))
    shipped = decode(load())
    return replace(shipped, packs={**shipped.packs, "law": LAW, "plans": plans})


def regime(code: str = "law", **said: object) -> Regime:
    told = {"since": 0, "rules": rules(), "pack": code, "joined": JOINED, **said}
    return Regime(**told)  # type: ignore[arg-type]


def with_pack(one: Pack, **said: object) -> Regime:
    return regime("own", rules=replace(rules(), packs={"own": one}), **said)


def up(item: str, covers: str | None, day: str, **said: object) -> Fulfilled:
    told = {"kind": "spending", "publisher": "committee", "code": f"C{item}{covers}", **said}
    return Fulfilled(item=item, covers=covers, at=instant(day, "08:00"), **told)  # type: ignore[arg-type]


def one(
    item: str,
    period: str,
    *fulfilled: Fulfilled,
    regimes: tuple[Regime, ...] = (),
    today: str = "2026-12-01",
) -> Duty | None:
    found = duties(regimes or (regime(),), fulfilled, (), date.fromisoformat(today))
    return next((duty for duty in found if (duty.item, duty.period) == (item, period)), None)


def test_a_quarter_is_due_on_the_fifteenth_day_after_it() -> None:
    """D18 of the first quarter: 15 April, to 24:00; late with the first minute after."""
    duty = one("D18", "2026-Q1")
    assert duty is not None
    assert ("bookkeeping", instant("2026-04-16"), True) == (duty.body, duty.due, duty.binding)
    assert "due" == duty.standing(duty.due - 1)
    assert "late" == duty.standing(duty.due)
    assert [0, 1, 5] == [duty.days_late(instant(f"2026-04-{day}")) for day in (15, 16, 20)]


def test_a_last_day_without_work_moves_on() -> None:
    """D21 of April 2027: 15 May 2027 is a Saturday of a year nobody knows yet; it says so."""
    duty = one("D21", "2027-04", today="2027-04-30")
    assert duty is not None
    assert (date(2027, 5, 17), False) == (duty.last_day, duty.known)


def test_what_is_only_practice_is_planned_and_never_late() -> None:
    """However long it is missing."""
    duty = one("D18", "2026-Q1", regimes=(regime("plans"),))
    assert duty is not None
    assert ("planned", 0) == (duty.standing(duty.due + 900 * DAY), duty.days_late(duty.due * 2))


@pytest.mark.parametrize(
    ("document", "adopted", "binding"),
    [("", "", False), ("示政发〔2026〕1号", "", True), ("", "示政发〔2026〕2号", True)],
)
def test_a_county_binds_only_by_a_document(document: str, adopted: str, *, binding: bool) -> None:
    """Of the number itself or of the paper by which the village takes part."""
    own = pack(D18=deadline(force="county", document=document))
    duty = one("D18", "2026-Q1", regimes=(with_pack(own, document=adopted),))
    assert duty is not None
    assert binding == duty.binding


def test_nothing_of_before_joining_is_asked_for() -> None:
    """A village that joins in February owes the second quarter first, and February's month not."""
    joined = regime(joined=date(2026, 2, 10))
    assert one("D18", "2026-Q1", regimes=(joined,)) is None
    assert one("D21", "2026-02", regimes=(joined,)) is None
    assert one("D21", "2026-03", regimes=(joined,)) is not None
    assert one("D18", "2026-Q2", regimes=(joined,)) is not None


def test_the_pack_in_force_at_the_deadline_judges() -> None:
    """A pack that comes after a deadline changes nothing about it; one that comes before does."""
    before = regime()
    after = with_pack(pack(D18=deadline(days=40)), since=instant("2026-04-10"))
    moved = one("D18", "2026-Q1", regimes=(before, after))
    assert moved is not None
    assert date(2026, 5, 11) == moved.last_day  # 10 May is a Sunday
    late = with_pack(pack(D18=deadline(days=40)), since=instant("2026-04-20"))
    kept = one("D18", "2026-Q1", regimes=(before, late))
    assert kept is not None
    assert date(2026, 4, 15) == kept.last_day


def test_a_deadline_that_was_over_when_its_pack_came_binds_nobody() -> None:
    """Stricter days are for what is still to come."""
    strict = with_pack(pack(D18=deadline(days=5)), since=instant("2026-04-10"))
    duty = one("D18", "2026-Q1", regimes=(regime(), strict))
    assert duty is not None
    assert "planned" == duty.standing(instant("2026-12-01"))
    following = one("D18", "2026-Q2", regimes=(regime(), strict))
    assert following is not None
    assert following.binding


def test_it_is_met_by_kind_item_period_and_publisher() -> None:
    """A notice of another item, period, shape or body meets nothing; the right one does."""
    right = up("D17", "2026-Q1", "2026-04-14")
    wrong = (
        up("D18", "2026-Q1", "2026-04-14"),
        up("D17", "2026-Q2", "2026-04-14"),
        up("D17", "2026-Q1", "2026-04-14", kind="roster"),
        up("D17", None, "2026-04-14"),
        up("D23", "2026-Q1", "2026-04-14", publisher="collective"),
    )
    missing = one("D17", "2026-Q1", *wrong)
    assert missing is not None
    assert missing.met is None
    found = one("D17", "2026-Q1", *wrong, right)
    assert found is not None
    assert Met(right.code, right.at) == found.met
    own = one("D23", "2026-Q1", *wrong)
    assert own is not None
    assert own.met is None


def test_one_that_is_met_late_says_so() -> None:
    """It is no longer late, and how late it was still stands."""
    duty = one("D18", "2026-Q1", up("D18", "2026-Q1", "2026-04-20"))
    assert duty is not None
    assert ("met", 5) == (duty.standing(instant("2026-12-01")), duty.days_late(0))


def test_three_months_are_a_quarter() -> None:
    """Whoever publishes month by month has published the quarter with the last of them."""
    months = [up("D17", f"2026-0{month}", f"2026-0{month + 1}-10") for month in (1, 2, 3)]
    whole = one("D17", "2026-Q1", *months)
    part = one("D17", "2026-Q1", *months[:2])
    assert whole is not None
    assert part is not None
    assert (Met(months[2].code, months[2].at), None) == (whole.met, part.met)


def test_a_zero_report_meets_only_what_may_be_empty() -> None:
    """The catalogue says of which item nothing may be said to have happened."""
    nothing = (
        up("D25", "2026-Q1", "2026-04-14", kind="nil"),
        up("D14", "2026-Q1", "2026-04-14", kind="nil"),
    )
    empty, full = (one(item, "2026-Q1", *nothing) for item in ("D25", "D14"))
    assert empty is not None
    assert full is not None
    assert empty.met is not None
    assert (True, None) == (empty.met.nil, full.met)


def test_what_follows_an_event_waits_for_it() -> None:
    """Nothing is asked for before somebody recorded the day; then within ten days of it."""
    assert not [duty for duty in duties((regime(),), (), (), date(2026, 12, 1)) if duty.of_event]
    happened = Event(12, "D07", date(2026, 3, 2), instant("2026-03-03"))
    found = duties((regime(),), (), (happened,), date(2026, 12, 1))
    (duty,) = [duty for duty in found if duty.of_event]
    assert ("D07", "e12", date(2026, 3, 12)) == (duty.item, duty.period, duty.last_day)
    assert "late" == duty.standing(instant("2026-03-13"))


@pytest.mark.parametrize(
    ("covers", "day", "met"),
    [
        (None, "2026-03-05", True),
        (None, "2026-03-01", False),
        ("2026-03", "2026-03-20", True),
        ("2026-02", "2026-03-20", False),
    ],
)
def test_an_event_is_met_by_a_notice_of_it(covers: str | None, day: str, *, met: bool) -> None:
    """By one since that day, unless it names a period of another time."""
    happened = Event(12, "D07", date(2026, 3, 2), instant("2026-03-03"))
    notice = up("D07", covers, day, kind="announcement")
    found = duties((regime(),), (notice,), (happened,), date(2026, 12, 1))
    (duty,) = [duty for duty in found if duty.of_event]
    assert met == (duty.met is not None)


def test_an_event_before_joining_is_only_planned() -> None:
    """The board never held the village to it."""
    happened = Event(12, "D07", date(2025, 12, 31), instant("2026-01-03"))
    (duty,) = [duty for duty in owed((regime(),), (happened,), date(2026, 2, 1)) if duty.of_event]
    assert "planned" == duty.standing(instant("2027-01-01"))


def test_a_day_before_the_event_is_counted_back() -> None:
    """The report is there ten days before the assembly, once that is called."""
    own = pack(D19=deadline(days=10, before=True, event="assembly"))
    called = Event(3, "D19", date(2026, 5, 20), instant("2026-04-20"))
    (duty,) = [
        duty for duty in owed((with_pack(own),), (called,), date(2026, 12, 1)) if duty.item == "D19"
    ]
    assert ("e3", date(2026, 5, 10), True) == (duty.period, duty.last_day, duty.binding)


@pytest.mark.parametrize(
    ("covers", "day", "met"),
    [
        ("2025", "2026-04-01", True),
        ("2026", "2026-05-01", True),
        ("2024", "2026-05-01", False),
        (None, "2026-04-22", True),
        (None, "2026-04-01", False),
    ],
)
def test_what_is_due_before_an_event_may_speak_of_the_year_before(
    covers: str | None, day: str, *, met: bool
) -> None:
    """The accounts of 2025 are for the assembly of May 2026, whenever they went up."""
    own = pack(D19=deadline(days=10, before=True, event="assembly"))
    called = Event(3, "D19", date(2026, 5, 20), instant("2026-04-20"))
    notice = up("D19", covers, day, publisher="collective")
    found = duties((with_pack(own),), (notice,), (called,), date(2026, 12, 1))
    (duty,) = [duty for duty in found if duty.of_event]
    assert met == (duty.met is not None)


def test_a_plan_is_due_from_the_beginning_of_its_period() -> None:
    """The budget of 2026 by the 8th of April 2026, not of 2027."""
    own = pack(D16=deadline(days=0, on="04-08"))
    ruled = replace(
        rules(),
        packs={"own": own},
        catalogue={**rules().catalogue, "D16": replace(rules().catalogue["D16"], plan=True)},
    )
    duty = one("D16", "2026", regimes=(regime("own", rules=ruled),))
    assert duty is not None
    assert date(2026, 4, 8) == duty.last_day


def test_nothing_is_owed_where_no_regime_holds() -> None:
    """No pack, no calendar."""
    assert () == duties((), (), (), date(2026, 1, 1))


EVERY = [
    (code, id_)
    for code in (*decode(load()).packs, "law", "plans")
    for id_ in decode(load()).catalogue
]
FIRSTS = st.dates(date(2018, 1, 1), date(2034, 12, 31))


@given(st.sampled_from(EVERY), FIRSTS)
def test_no_deadline_comes_before_its_period_is_over(at: tuple[str, str], first: date) -> None:
    """Of every pack, item and date: on or after the period's end, of a plan after its beginning.

    And of two periods the later one never ends earlier.
    """
    code, id_ = at
    item = rules().catalogue[id_]
    only = replace(rules(), catalogue={id_: item})
    today = first + timedelta(days=1100)
    found = list(owed((regime(code, rules=only, joined=first),), (), today))
    for duty in found:
        base = periods.start(duty.period) if item.plan else periods.end(duty.period)
        assert duty.last_day >= base
        assert first <= periods.start(duty.period) <= today
    for every in periods.RHYTHMS:
        row = sorted(
            (duty for duty in found if periods.rhythm(duty.period) == every),
            key=lambda duty: periods.start(duty.period),
        )
        assert row == sorted(row, key=lambda duty: duty.due)


@given(st.sampled_from(EVERY), FIRSTS, st.integers(0, 400))
@example(("chongqing", "D36"), date(2024, 11, 1), 61)
def test_a_later_event_is_never_due_earlier(at: tuple[str, str], day: date, later: int) -> None:
    """And, where days are counted from it on, never before it.

    Of a year before or after the item is asked for, an event has no duty.
    """
    code, id_ = at
    first = Event(1, id_, day, ends(day))
    second = Event(2, id_, day + timedelta(days=later), ends(day))
    found = {
        duty.period: duty
        for duty in owed((regime(code, joined=day),), (first, second), day)
        if duty.of_event
    }
    item = rules().catalogue[id_]
    asked = {
        f"e{event.index}"
        for event in (first, second)
        if item.since <= event.day.year <= (item.until or event.day.year)
    }
    assert found.keys() in (asked, set())
    for duty in found.values():
        assert duty.rule.before or duty.period == "e2" or day <= day_of(duty.due - 1)
    if len(found) == 2:
        assert found["e1"].due <= found["e2"].due


def test_every_pack_says_when_the_quarterly_items_are_planned() -> None:
    """Each shipped pack knows a day for the ledger."""
    for code in decode(load()).packs:
        word = packs.rhythms(rules(), code, "D17")[0]
        assert packs.deadline(rules(), code, "D17", word) is not None, code
