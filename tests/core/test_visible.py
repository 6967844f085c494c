"""What may be seen where and when: state × surface, asked at read time."""

import pytest

from noticeboard.core.days import DAY, instant
from noticeboard.core.notice import (
    Edition,
    Ended,
    Notice,
    Period,
    Published,
    Returned,
    Scheduled,
    State,
    Submitted,
)
from noticeboard.core.rules import Rules, decode
from noticeboard.core.visible import SURFACES, TABLE, Surface, changes_at, standing, visible
from tests.cast import bundle

NOON = instant("2026-01-05", "12:00")
END = NOON + 7 * DAY


@pytest.fixture(scope="module")
def rules() -> Rules:
    return decode(bundle())


def up(until: int | None = END) -> Published:
    return Published(
        period=Period(NOON, until),
        no="2026-001",
        publish=3,
        at=NOON,
        planned=NOON,
        approve=2,
        by=8,
        approved_at=NOON,
    )


def edition(state: State, ed: int = 1, kind: str = "subsidy") -> Edition:
    return Edition(
        ed=ed,
        of=1,
        at=NOON,
        by=7,
        kind=kind,
        item=None,
        publisher="committee",
        covers=None,
        group=None,
        writers=(7,),
        parts=(),
        files=(),
        prev=None,
        change=None,
        state=state,
    )


def notice(*states: State, kind: str = "subsidy") -> Notice:
    editions = tuple(edition(state, ed, kind) for ed, state in enumerate(states, 1))
    return Notice(code="7Q4M9W2E", editions=editions)


WITHDRAWN = Ended("withdrawn", NOON, up(), 4, "minor")
SUPERSEDED = Ended("superseded", NOON, up(), 4)
# What is there, of which edition it is asked, when, and how that edition stands then.
STANDINGS = [
    ((Submitted(),), 1, NOON, "private"),
    ((Returned(2, NOON),), 1, NOON, "private"),
    ((Scheduled(Period(NOON, None), 2, 8, NOON),), 1, NOON + DAY, "private"),
    ((up(),), 1, END - 1, "up"),
    ((up(),), 1, END, "expired"),
    ((up(None),), 1, END * 2, "up"),
    ((up(), Submitted()), 2, NOON, "private"),
    ((up(), Submitted()), 1, NOON, "up"),
    ((SUPERSEDED, up()), 1, NOON, "superseded"),
    ((SUPERSEDED, up()), 1, END, "superseded-expired"),
    ((SUPERSEDED, up(None)), 1, END, "superseded"),
    ((SUPERSEDED, WITHDRAWN), 1, NOON, "withdrawn"),
    ((WITHDRAWN,), 1, NOON, "withdrawn"),
    ((WITHDRAWN,), 1, END, "withdrawn"),
    ((WITHDRAWN, up()), 1, NOON, "withdrawn"),
    ((WITHDRAWN, up()), 2, NOON, "up"),
]


@pytest.mark.parametrize(("states", "ed", "at", "stands"), STANDINGS)
def test_how_an_edition_stands(states: tuple[State, ...], ed: int, at: int, stands: str) -> None:
    """Appearing needs the publish entry; ending needs only the date; an old one follows the new."""
    held = notice(*states)
    assert stands == standing(held, held.editions[ed - 1], at)


def test_every_standing_says_something_of_every_surface() -> None:
    """No hole in the table through which a page could fall."""
    assert {standing_ for *_rest, standing_ in STANDINGS} == set(TABLE)
    for cells in TABLE.values():
        assert set(SURFACES) == set(cells)


@pytest.mark.parametrize("surface", SURFACES)
def test_drafts_and_reviews_are_nowhere(surface: Surface, rules: Rules) -> None:
    """Nothing before the publish entry, on no surface."""
    for state in (Submitted(), Returned(2, NOON), Scheduled(Period(NOON, None), 2, 8, NOON)):
        held = notice(state)
        assert "nothing" == visible(held, held.latest, surface, NOON + DAY, rules)


@pytest.mark.parametrize("surface", SURFACES)
def test_what_is_up_is_everywhere_whole(surface: Surface, rules: Rules) -> None:
    """Page, file, feed, screen and mirror alike."""
    held = notice(up())
    assert "full" == visible(held, held.latest, surface, NOON, rules)


@pytest.mark.parametrize("surface", SURFACES)
def test_nothing_of_a_withdrawn_notice_is_seen_but_its_tombstone(
    surface: Surface, rules: Rules
) -> None:
    """Neither the edition that was withdrawn nor any older one."""
    held = notice(SUPERSEDED, WITHDRAWN)
    for one in held.editions:
        assert visible(held, one, surface, NOON, rules) in {"tombstone", "nothing"}


def test_a_printed_slip_finds_something_for_ever(rules: Rules) -> None:
    """On its page a notice that was once up is never nothing."""
    for states, ed, at, stands in STANDINGS:
        held = notice(*states)
        current = held.current
        if current is not None and current.ed == ed and stands != "private":
            assert "nothing" != visible(held, current, "page", at, rules)


@pytest.mark.parametrize("kind", ["spending", "subsidy", "project", "decision"])
@pytest.mark.parametrize("surface", SURFACES)
def test_after_the_end_no_villager_is_named(kind: str, surface: Surface, rules: Rules) -> None:
    """At the very second of the end, on every surface, also of an older edition."""
    for held in (notice(up(), kind=kind), notice(SUPERSEDED, up(), kind=kind)):
        for one in held.editions:
            assert visible(held, one, surface, END, rules) in {"figures", "nothing"}


def test_after_the_end_no_picture_is_shown(rules: Rules) -> None:
    """A picture cannot be reduced to its figures."""
    held = notice(up())
    assert "nothing" == visible(held, held.latest, "file", END, rules)
    told = notice(up(), kind="announcement")
    assert "full" == visible(told, told.latest, "file", END, rules)


def test_a_kind_the_rules_do_not_know_loses_its_names(rules: Rules) -> None:
    """What nobody decided is decided carefully."""
    held = notice(up(), kind="later-kind")
    assert "figures" == visible(held, held.latest, "page", END, rules)


def test_what_time_alone_changes_is_announced() -> None:
    """The end of the current edition, while it is ahead."""
    assert END == changes_at(notice(up()), NOON)
    assert END == changes_at(notice(up(), Submitted()), END - 1)
    for nothing in (notice(up(None)), notice(WITHDRAWN), notice(Submitted())):
        assert None is changes_at(nothing, NOON)
    assert None is changes_at(notice(up()), END)
