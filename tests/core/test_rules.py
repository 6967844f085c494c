"""A rules bundle: its name, its reading, its working days."""

import hashlib
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from noticeboard.core.parts import canonical
from noticeboard.core.problems import NotValid
from noticeboard.core.rules import Rules, bundle_hash, decode, knows, working_day
from noticeboard.formats.rules import load


@pytest.fixture(scope="module")
def bundle() -> bytes:
    return load()


@pytest.fixture(scope="module")
def rules(bundle: bytes) -> Rules:
    return decode(bundle)


def test_a_bundle_is_named_by_the_sha256_of_its_bytes(bundle: bytes) -> None:
    """Leaves name it by lower-case hex, so that anybody can compute the name."""
    assert hashlib.sha256(bundle).hexdigest() == bundle_hash(bundle)


def test_a_bundle_comes_back_as_it_was_written(bundle: bytes, rules: Rules) -> None:
    """Decoding loses nothing: all that the bundle says is in the values, and reads the same again.

    The values say more: what the files leave out has a default, and no place in the bundle.
    """

    def within(said: Any, value: Any) -> bool:
        if isinstance(said, dict):
            return all(within(inner, value[key]) for key, inner in said.items())
        if isinstance(said, list):
            return len(said) == len(value) and all(map(within, said, value))
        return bool(said == value)

    assert within(msgspec.json.decode(bundle), msgspec.json.decode(canonical(rules)))
    assert rules == decode(canonical(rules))


def test_a_bundle_with_less_to_confirm_keeps_its_meaning(bundle: bytes) -> None:
    """A bundle from before blackenings had a time decodes, and names none for them."""
    raw = msgspec.json.decode(bundle)
    raw["confirm_within"] = {"withdraw": raw["confirm_within"]["withdraw"]}
    assert {"withdraw"} == set(decode(canonical(raw)).confirm_within)


@pytest.mark.parametrize(
    "damaged",
    [b"", b"{}", b"[]", b"\xff\xfe", b'{"v":1'],
    ids=["nothing", "no sections", "a list", "not text", "cut off"],
)
def test_bytes_that_are_no_bundle_are_refused(damaged: bytes) -> None:
    """A refusal a person can act on, never half of the rules."""
    with pytest.raises(NotValid, match="这套规则读不出来"):
        decode(damaged)


def test_a_bundle_of_a_later_kind_is_refused(bundle: bytes) -> None:
    """A program must not judge by rules whose meaning it cannot know."""
    later = msgspec.json.decode(bundle) | {"v": 2}
    with pytest.raises(NotValid, match="请更新程序"):
        decode(canonical(later))


def test_a_section_of_a_later_piece_is_passed_over(bundle: bytes, rules: Rules) -> None:
    """Bundles only gain sections; what this program knows of one keeps its meaning."""
    later = msgspec.json.decode(bundle) | {"deadlines": {"D01": {"n": 10}}}
    assert rules == decode(canonical(later))


# The weeks around the Spring Festival and the National Day, from the published arrangements.
FREE = [
    *("2024-02-12", "2024-02-16", "2024-10-07", "2025-01-28", "2025-02-04", "2025-10-08"),
    *("2026-02-16", "2026-02-23", "2026-10-07", "2025-03-01", "2026-08-16"),
]
WORKED = [
    *("2024-02-04", "2024-02-18", "2024-10-12", "2025-01-26", "2025-02-08", "2025-10-11"),
    *("2026-02-14", "2026-02-28", "2025-03-03", "2026-08-17"),
]


@pytest.mark.parametrize("day", FREE)
def test_a_public_holiday_and_an_ordinary_weekend_are_not_worked(rules: Rules, day: str) -> None:
    """Nobody is late for what was due while everybody was at home."""
    assert working_day(rules, day) is False


@pytest.mark.parametrize("day", WORKED)
def test_a_make_up_day_and_an_ordinary_weekday_are_worked(rules: Rules, day: str) -> None:
    """A weekend day worked instead of a holiday counts as any other."""
    assert working_day(rules, day) is True


def test_a_year_beyond_the_table_falls_back_to_weekdays_and_says_so(rules: Rules) -> None:
    """The holidays of a year are announced shortly before it; until then Monday to Friday."""
    beyond = rules.holiday_years[-1] + 1
    first = date(beyond, 1, 1)
    days = [first + timedelta(days=n) for n in range(365)]
    assert not knows(rules, beyond)
    assert knows(rules, beyond - 1)
    assert [day.weekday() < 5 for day in days] == [
        working_day(rules, day.isoformat()) for day in days
    ]


def test_a_day_that_does_not_exist_is_an_error(rules: Rules) -> None:
    """A wrong date must not pass for a weekend."""
    with pytest.raises(ValueError, match="day"):
        working_day(rules, "2026-02-30")


def test_the_day_tables_stand_in_order(rules: Rules) -> None:
    """They are searched by halving, which needs them sorted, each day once."""
    for table in (rules.holidays, rules.workdays):
        assert tuple(sorted(set(table))) == table
