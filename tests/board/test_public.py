"""The public list: what it follows from, how long it holds, and that it is never an older one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from noticeboard.board import taking_down
from noticeboard.board.public import Window
from noticeboard.core.days import DAY
from noticeboard.core.problems import NotFound
from noticeboard.core.rules import bundle_hash
from tests.cast import ORIGIN, VILLAGE, Cast, cast_on


@pytest.fixture
def cast(database_url: str) -> Iterator[Cast]:
    """Give the cast on each kind of database."""
    cast = cast_on(database_url)
    yield cast
    cast.audit()
    cast.board.database.close()


def said(window: Window) -> Any:
    return json.loads(window.listing(VILLAGE))


def test_the_list_says_what_it_follows_from(cast: Cast) -> None:
    """Log, village, size, moment, rules; an entry nobody sees moves the size alone."""
    window, notice = Window(cast.board), cast.published("spending")
    first = said(window)
    assert (ORIGIN, VILLAGE, cast.entries()) == (first["origin"], first["village"], first["size"])
    assert (cast.clock.now, "", []) == (first["at"], first["frozen"], first["held"])
    assert first["rules"] == bundle_hash(window.rules(first["rules"]))
    ((code, showing),) = [(one["code"], one["showing"]) for one in first["notices"]]
    assert (notice.code, "full") == (code, showing)
    cast.submitted("announcement")
    cast.clock.on(7)
    second = said(window)
    assert {"size": first["size"] + 1, "at": first["at"] + 7} == {
        key: second[key] for key in first if first[key] != second[key]
    }


def test_a_period_that_ends_takes_the_names_along(cast: Cast) -> None:
    """The list says until when it holds; from that second on names are not to be had."""
    window, end = Window(cast.board), cast.clock.now + DAY
    cast.published("subsidy", until=end)
    before = said(window)
    assert end == before["until"]
    cast.clock.now = end - 1
    assert before["bodies"] == said(window)["bodies"]
    cast.clock.now = end
    after = said(window)
    names = set(before["bodies"]) - set(after["bodies"])
    assert (2, None) == (len(names), after["until"])
    assert ["figures"] == [one["showing"] for one in after["notices"]]
    for c in names:
        with pytest.raises(NotFound):
            window.body(VILLAGE, c)


def test_taking_down_is_seen_at_once_by_whoever_asked_before(cast: Cast) -> None:
    """What is remembered of a list never outlives an act, of whatever kind."""
    window, notice = Window(cast.board), cast.published("spending")
    c = next(iter(said(window)["bodies"]))
    assert window.body(VILLAGE, c)
    taking_down.withdraw(cast.board, VILLAGE, notice.code, cast.anna, ground="wrong-facts")
    assert ([], []) == (said(window)["notices"], said(window)["bodies"])
    with pytest.raises(NotFound):
        window.body(VILLAGE, c)


def test_the_instance_has_no_public_list(cast: Cast) -> None:
    """Nor has a village that is not there."""
    for village in ("", "nowhere"):
        with pytest.raises(NotFound):
            Window(cast.board).listing(village)


def test_a_clock_set_back_brings_no_list_of_the_future(tmp_path: Path) -> None:
    """What was worked out for a later moment is worked out anew for an earlier one."""
    cast = cast_on(f"sqlite:///{tmp_path / 'board.db'}")
    window, end = Window(cast.board), cast.clock.now + DAY
    cast.published("subsidy", until=end)
    cast.clock.now = end
    assert ["expired"] == [one["standing"] for one in said(window)["notices"]]
    cast.clock.now = end - 1
    assert ["up"] == [one["standing"] for one in said(window)["notices"]]
    cast.board.database.close()
