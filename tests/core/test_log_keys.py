"""Keys in the log: which ones sign is an act of the administrator, and replayed like any other."""

import pytest

from noticeboard.core.actions import Appoint, Entry, Genesis, Key, leaf, read
from noticeboard.core.lifecycle import step
from noticeboard.core.notes import COSIGNATURE, ED25519
from noticeboard.core.notes import Key as LogKey
from noticeboard.core.people import THE_CLOCK, Actor, Village
from noticeboard.core.problems import NotAllowed, NotNow, NotValid, Problem
from noticeboard.core.replay import replay
from noticeboard.core.rules import Rules, bundle_hash, decode
from tests.cast import bundle

ORIGIN = "board.example/v/1"
FIRST, SECOND = (LogKey(ORIGIN, ED25519, bytes([n]) * 32).text for n in (1, 2))
KEEPER = Actor(5, "admin")


@pytest.fixture(scope="module")
def rules() -> Rules:
    """Give the shipped rules."""
    return decode(bundle())


@pytest.fixture
def village(rules: Rules) -> Village:
    """Give a village whose genesis names the first key."""
    empty = Village(code="", origin=ORIGIN, offices={5: ("admin",), 4: ("overseer",)})
    return step(empty, None, Genesis(village="v1", keys=(FIRST,)), THE_CLOCK, 100, rules)[0]


def after(village: Village, rules: Rules, *changes: tuple[str, str]) -> Village:
    for change, key in changes:
        act = Key(change=change, key=key)  # type: ignore[arg-type]
        village, _ = step(village, None, act, KEEPER, 100, rules)
    return village


def test_keys_are_added_and_dropped_and_one_always_stays(village: Village, rules: Rules) -> None:
    """Both are valid in between; what is said twice, or of no key, or of the last, is refused."""
    assert (FIRST,) == village.keys
    both = after(village, rules, ("add", SECOND))
    assert (FIRST, SECOND) == both.keys
    assert (SECOND,) == after(both, rules, ("drop", FIRST)).keys
    assert (SECOND, FIRST) == after(both, rules, ("drop", FIRST), ("add", FIRST)).keys
    for before, change, key, refusal in (
        (village, "add", FIRST, "已经记在"),
        (village, "drop", SECOND, "没有这把"),
        (village, "drop", FIRST, "最后一把"),
    ):
        with pytest.raises(NotNow, match=refusal):
            after(before, rules, (change, key))


@pytest.mark.parametrize(
    "key",
    [
        LogKey("board.example/v/2", ED25519, b"\2" * 32).text,
        LogKey(ORIGIN, COSIGNATURE, b"\2" * 32).text,
        SECOND[:-2] + "A=",
        "",
        "小明",
    ],
)
def test_only_a_key_of_this_log_is_one(village: Village, rules: Rules, key: str) -> None:
    """Not another log's, not a witness's, nothing damaged."""
    with pytest.raises(NotValid):
        after(village, rules, ("add", key))


def test_only_the_administrator_says_which_keys_sign(village: Village, rules: Rules) -> None:
    """Neither the township nor the clock nor whoever only says that they keep the machine."""
    for who in (Actor(4, "overseer"), THE_CLOCK, Actor(4, "admin"), Actor(9, "admin")):
        with pytest.raises(NotAllowed):
            step(village, None, Key(change="add", key=SECOND), who, 100, rules)


def test_a_replay_ends_with_the_same_keys_and_finds_the_unlawful(rules: Rules) -> None:
    """Readers take the keys from the log, so a `key` entry counts only if it was allowed."""
    hash_ = bundle_hash(bundle())
    leaves = [
        leaf(Entry(log=ORIGIN, at=100, by=by.number, role=by.role, rules=hash_, action=act))
        for by, act in (
            (THE_CLOCK, Genesis(village="v1", keys=(FIRST,))),
            (KEEPER, Appoint(who=5, office="admin", parts=())),
            (KEEPER, Key(change="add", key=SECOND)),
            (Actor(9, "clerk"), Key(change="drop", key=FIRST)),
        )
    ]
    seen = replay(ORIGIN, (read(raw) for raw in leaves), {hash_: rules})
    assert (FIRST, SECOND) == seen.village.keys
    assert [3] == [found.index for found in seen.findings]


def test_a_change_that_is_neither_is_not_an_entry() -> None:
    """`change` is one of two words for ever."""
    act = Key(change="add", key=FIRST)
    raw = leaf(Entry(log=ORIGIN, at=1, by=5, role="admin", rules="0" * 64, action=act))
    with pytest.raises(Problem):
        read(raw.replace(b'"add"', b'"swap"'))
