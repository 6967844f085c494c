"""Every quirk of village sheets, written on purpose, is read as its sheet means it."""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from noticeboard.core import drafting
from noticeboard.core.particulars import kind_of
from noticeboard.core.sound import unsound
from tests.cast import Cast
from tests.fixtures.kinds import Fixture
from tests.fixtures.make import EXPECTED, FIXTURES, expected
from tests.intake.told import checked, told, villages

FORBIDDEN = ("439999", "621799", "1390000", "患病", "肺病", "残疾")


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """Found the villages of the fixtures, once: a check keeps nothing."""
    cast = villages(tmp_path_factory.mktemp("intake"))
    yield cast
    cast.board.database.close()


def known(fixture: Fixture | str) -> Any:
    """Give what must be read from a fixture."""
    name = fixture if isinstance(fixture, str) else fixture.name
    return json.loads(expected(name).read_text(encoding="utf-8"))


def rows(name: str) -> list[str]:
    """Give all rows that must be stated of a fixture, table after table."""
    return [row for content in known(name)["states"] for row in content["rows"]]


def by_name(fixture: Fixture) -> str:
    return fixture.name


@pytest.mark.parametrize("fixture", FIXTURES, ids=by_name)
def test_a_fixture_is_read_as_its_sheet_means_it(cast: Cast, fixture: Fixture) -> None:
    """Sheets, sums, rows, questions, what stays behind, and every problem at its cell."""
    assert known(fixture) == told(cast, fixture)


@pytest.mark.parametrize("fixture", FIXTURES, ids=by_name)
def test_what_is_expected_of_a_fixture_is_what_its_sort_promises(fixture: Fixture) -> None:
    """Of a clean one no error, no question, one warning at most; others say why they are not."""
    said = known(fixture)
    levels = [problem["level"] for problem in said["problems"]]
    match fixture.sort:
        case "clean":
            assert said["ok"]
            assert not said["asked"]
            assert levels in ([], ["warning"])
        case "told":
            assert levels
        case "refused":
            assert (False, [], ["error"]) == (said["ok"], said["sheets"], levels)
    assert said["ok"] == ("error" not in levels)
    assert said["ok"] == bool(said["states"])


@pytest.mark.parametrize("fixture", [f for f in FIXTURES if f.like], ids=by_name)
def test_however_it_is_written_a_sheet_states_the_same(fixture: Fixture) -> None:
    """Formats, layouts, units and spellings change nothing of the rows."""
    assert rows(fixture.like) == rows(fixture.name)


def test_nobody_s_number_or_illness_is_in_what_would_be_stated() -> None:
    """The fixtures hold many; none of them is expected to come through, or to be repeated."""
    for fixture in FIXTURES:
        said = known(fixture)
        written = json.dumps([said["states"], said["problems"]], ensure_ascii=False)
        assert not [word for word in FORBIDDEN if word in written], fixture.name


def test_each_fixture_has_its_expectation_and_each_expectation_its_fixture() -> None:
    """At least sixty, no name twice, and nothing left over from one that is gone."""
    names = sorted(f"{fixture.name}.json" for fixture in FIXTURES)
    assert names == sorted(path.name for path in Path(EXPECTED).iterdir())
    assert len(names) >= 60


def test_fixtures_are_the_same_bytes_each_time(
    rng: random.Random, counts: Callable[[int], int]
) -> None:
    """Whoever writes them gets what was looked at."""
    small = [fixture for fixture in FIXTURES if "million" not in fixture.name]
    some = rng.sample(small, counts(len(small)))
    assert [f.data() for f in some] == [f.data() for f in some]


@pytest.mark.parametrize("fixture", FIXTURES, ids=by_name)
def test_what_a_fixture_states_can_be_sent_for_review(cast: Cast, fixture: Fixture) -> None:
    """A draft keeps it whole, and nothing stands in its way that was not told beforehand."""
    found = checked(cast, fixture)
    for content in found.contents:
        kept = drafting.read(
            kind_of(content),
            drafting.typed_of(content),
            last_row=content.last_row,
            source=content.source,
        )
        assert content == kept
        assert () == unsound(content) or found.warnings
