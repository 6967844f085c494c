"""Every number of the shipped packs against a list made by hand, and deadlines over the years."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noticeboard.core import packs, periods
from noticeboard.core.days import starts
from noticeboard.core.duties import Duty, Event, Regime, of_events, owed
from noticeboard.core.packs import (
    Days,
    Deadline,
    Figure,
    NoticeDays,
    Quorum,
    Rhythm,
    Threshold,
)
from noticeboard.core.rules import Rules, decode
from noticeboard.core.sourced import Sourced
from noticeboard.formats.rules import load

BY_HAND = (Path(__file__).parent / "packs-of-the-reference.txt").read_text("utf-8")
PACKS = ("national", "hunan", "chongqing", "shandong", "zhejiang", "shanghai")


@cache
def rules() -> Rules:
    return decode(load())


def says(one: Sourced) -> str:
    """Say a number as a person would note it down."""
    match one:
        case Deadline():
            when = "before" if one.before else "after"
            number = one.on or f"{one.days} {one.unit} {when}"
            return f"{number} {one.event}".strip() + f" {one.force}"
        case NoticeDays():
            again = f" again {one.again}" if one.again else ""
            return f"{one.n} {one.unit}{again} {one.force} {one.shorten}"
        case Days():
            return f"{one.n} {one.unit} {one.force}"
        case Rhythm():
            return f"{' '.join(one.cadence)} {one.force}"
        case Quorum():
            there = " or ".join(one.attended)
            return f"{there}, then {one.passed}" if there else one.passed
        case Threshold():
            return f"{one.fen // 100} yuan" if one.fen else "set by the county"
        case Figure():
            return one.value
    raise TypeError(one)


def lines() -> Iterator[str]:
    """Say every number of every pack."""
    for code, pack in rules().packs.items():
        tables = {name: getattr(pack, name) for name in pack.__struct_fields__}
        for table, entries in tables.items():
            if isinstance(entries, dict):
                for key, one in entries.items():
                    rests = f"{', '.join(one.source)} | {one.verified}"
                    yield f"{code} {table} {key} | {says(one)} | {rests}"


def test_every_number_stands_in_the_list_made_by_hand() -> None:
    """None that the reference does not have, none left out, none with another source."""
    by_hand = [line for line in BY_HAND.splitlines() if line and not line.startswith("#")]
    found = list(lines())
    assert [] == sorted(set(found) - set(by_hand))
    assert [] == sorted(set(by_hand) - set(found))
    assert len(set(by_hand)) == len(by_hand)


def test_the_packs_are_the_country_and_five_places_over_it() -> None:
    """A further pack needs its numbers looked up as well."""
    assert {code: "" if code == "national" else "national" for code in PACKS} == {
        code: pack.parent for code, pack in rules().packs.items()
    }


@pytest.mark.parametrize("code", PACKS)
def test_days_are_counted_the_same_way_everywhere_until_a_place_says_otherwise(code: str) -> None:
    """The first day does not count, the last ends at 24:00, a holiday moves it on; unverified."""
    counting = packs.counting(rules(), code)
    assert (False, "24:00", "whole", "Asia/Shanghai", True, "no") == (
        counting.first_day_counts,
        counting.ends_at,
        counting.days,
        counting.zone,
        counting.moves_on,
        counting.verified,
    )


def test_only_local_law_binds_and_a_law_of_elsewhere_only_proposes() -> None:
    """Nobody is late by a day of the whole country, and in Hunan by none at all."""
    for code, pack in rules().packs.items():
        forces = {one.force for one in pack.deadlines.values()}
        assert forces <= ({"practice"} if code in ("national", "hunan") else {"law", "practice"})
        for table in (pack.deadlines, pack.notices, pack.stays, pack.answers, pack.meetings):
            for key, one in table.items():
                if one.force != "law":
                    continue
                cited = [rules().sources[text.split(" ")[0]] for text in one.source]
                places = {pack.jurisdiction, "全国"}
                assert all(source.within(places) for source in cited), (code, key)


DAYS = st.dates(date(2023, 1, 1), date(2028, 12, 31))


def regime(pack: str, joined: date) -> Regime:
    return Regime(since=0, rules=rules(), pack=pack, joined=joined)


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(PACKS), DAYS)
def test_a_deadline_follows_its_period_and_a_later_period_is_never_due_earlier(
    pack: str, joined: date
) -> None:
    """For every pack, item and date; what is planned for a period is due after it began."""
    by_item = defaultdict[tuple[str, str], list[Duty]](list)
    for duty in owed([regime(pack, joined)], (), joined + timedelta(days=800)):
        item = rules().catalogue[duty.item]
        edge = periods.start(duty.period) if item.plan else periods.end(duty.period)
        assert duty.due >= starts(edge), duty
        by_item[duty.item, periods.rhythm(duty.period)].append(duty)
    assert by_item
    for several in by_item.values():
        in_order = sorted(several, key=lambda duty: periods.start(duty.period))
        assert sorted(duty.due for duty in in_order) == [duty.due for duty in in_order]


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(PACKS), DAYS, st.integers(0, 40))
def test_a_later_event_is_never_due_earlier(pack: str, day: date, later: int) -> None:
    """What follows an event is due on its day or after it, what comes before it never after it."""
    now = regime(pack, date(2020, 1, 1))
    days = (day, day + timedelta(days=later))
    for item in of_events(now):
        events = [Event(n, item, on, 0) for n, on in enumerate(days)]
        found = sorted(
            (duty for duty in owed([now], events, date(2020, 1, 1)) if duty.of_event),
            key=lambda duty: duty.day,
        )
        assert [duty.due for duty in found] == sorted(duty.due for duty in found)
        for duty in found:
            after = duty.due > starts(date.fromisoformat(duty.day))
            assert after or duty.rule.before, duty
            assert not duty.rule.before or duty.last_day.isoformat() <= duty.day
