"""Acts of coming back: a log that follows another one says which and why; what is lost is named."""

import pytest

from noticeboard.core.actions import Genesis, Lose
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.lifecycle import step
from noticeboard.core.people import THE_CLOCK, Actor, Village
from noticeboard.core.problems import NotAllowed, NotValid
from noticeboard.core.rules import Rules, decode
from tests.cast import bundle

OLD = Checkpoint("board.example/v/1", 7, bytes(32)).text.decode()
EMPTY = Village(code="", origin="board.example/v/1/2")


@pytest.fixture(scope="module")
def rules() -> Rules:
    """Give the shipped rules."""
    return decode(bundle())


def test_a_log_that_follows_another_one_says_why(rules: Rules) -> None:
    """The last head and a listed ground stand together in leaf 0, or neither."""
    first = Genesis(village="v1", keys=(), predecessor=OLD, ground="entries-lost")
    assert "v1" == step(EMPTY, None, first, THE_CLOCK, 100, rules)[0].code
    for wrong in (
        Genesis(village="v1", keys=(), predecessor=OLD),
        Genesis(village="v1", keys=(), ground="entries-lost"),
        Genesis(village="v1", keys=(), predecessor=OLD, ground="bored"),
    ):
        with pytest.raises(NotValid):
            step(EMPTY, None, wrong, THE_CLOCK, 100, rules)


def test_only_the_machine_says_what_is_lost(rules: Rules) -> None:
    """No person can excuse missing contents by an entry."""
    village, _ = step(EMPTY, None, Genesis(village="v1", keys=()), THE_CLOCK, 100, rules)
    lost = Lose(bodies=("00" * 32,), files=())
    assert 2 == step(village, None, lost, THE_CLOCK, 100, rules)[0].size
    with pytest.raises(NotAllowed):
        step(village, None, lost, Actor(5, "admin"), 100, rules)
