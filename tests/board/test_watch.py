"""The watch over the clock: a jump pauses it until a person has looked; sleeping does not."""

import time

import pytest

from noticeboard.board.watch import APART, LONG_STILL, Watch, running
from noticeboard.core.days import DAY
from noticeboard.jobs import tick
from tests.cast import START, Cast


class Uptime:
    """Seconds that no setting of the clock changes, moved by a test."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Read them."""
        return self.now


@pytest.mark.parametrize("jump", [APART, -APART, 10 * DAY, -10 * DAY])
def test_a_jump_pauses_the_clock_until_confirmed(home: Cast, jump: int) -> None:
    """A minute apart, forwards or backwards: nothing goes up until a person says it is right."""
    uptime = Uptime()
    home.board.watch = Watch(home.board.database, uptime)
    home.approve(home.submitted(), start=START + 5)
    tick(home.board)
    home.clock.on(jump)
    before = home.entries()
    tick(home.board)
    assert "请看看对不对" in home.board.watch.paused
    assert before == home.entries()
    home.clock.now = START + 30
    home.board.confirm_clock()
    tick(home.board)
    assert ("", before + 1) == (home.board.watch.paused, home.entries())


def test_time_that_passes_together_is_trusted(home: Cast) -> None:
    """A day by both clocks, with seconds of drift, is a day."""
    uptime = Uptime()
    home.board.watch = Watch(home.board.database, uptime)
    home.approve(home.submitted(), start=START + DAY)
    tick(home.board)
    home.clock.on(DAY)
    uptime.now += DAY - APART + 1
    tick(home.board)
    assert "" == home.board.watch.paused


@pytest.mark.parametrize(("still", "paused"), [(LONG_STILL, False), (LONG_STILL + 1, True)])
def test_a_start_after_thirty_days_waits_for_a_person(home: Cast, still: int, paused: bool) -> None:
    """A clock that woke up in another month may be anywhere; the tick then does nothing."""
    home.approve(home.submitted(), start=START + 5)
    home.board.watch = Watch(home.board.database, Uptime())
    home.clock.on(still)
    home.board.watch.start(home.clock.now, START)
    before = home.entries()
    home.board.tick()
    assert paused == bool(home.board.watch.paused)
    assert before + (not paused) == home.entries()
    home.board.confirm_clock()
    home.board.tick()
    assert before + 1 == home.entries()


def test_a_pause_outlives_a_restart_and_is_lifted_from_the_desk(home: Cast) -> None:
    """Another process sees the pause, and what it confirms is confirmed for all."""
    home.board.watch.pause("时钟突然跳了，请看看对不对。")
    other = Watch(home.board.database, Uptime())
    assert other.paused
    other.confirm()
    assert "" == home.board.watch.paused


def test_a_machine_that_slept_is_no_jump() -> None:
    """The seconds compared with go on while the machine is suspended, where the system tells."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        assert running() == pytest.approx(time.clock_gettime(time.CLOCK_BOOTTIME), abs=5)
    else:
        assert running() == pytest.approx(time.monotonic(), abs=5)
