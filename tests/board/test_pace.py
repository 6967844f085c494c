"""The jobs' pace: the wall clock may be set back or forward, the jobs run second by second."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Self

import apscheduler.schedulers.base
import apscheduler.triggers.interval
import pytest

from noticeboard import jobs


class Wall(datetime):
    """The machine's clock, set by a test to run so much ahead."""

    ahead = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """Read it."""
        return super().now(tz) + cls.ahead


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Let a job run each second by that clock; gives the moments at which it ran."""
    monkeypatch.setattr(Wall, "ahead", timedelta())
    for module in (jobs, apscheduler.schedulers.base, apscheduler.triggers.interval):
        monkeypatch.setattr(module, "datetime", Wall)
    moments = list[float]()
    pacer = jobs.Pacer(job_defaults={"coalesce": True, "misfire_grace_time": None}, timezone="UTC")
    pacer.add_job(lambda: moments.append(time.monotonic()), "interval", seconds=1)
    pacer.start()
    yield moments
    pacer.shutdown()


def within(seconds: float, true: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()


@pytest.mark.parametrize("step", [-3600, -5, -56 * 365 * 86400, 3600, 56 * 365 * 86400])
def test_a_clock_that_is_set_leaves_no_job_behind(ran: list[float], step: int) -> None:
    """An hour or half a century, either way: it runs on, once a second and not for every second."""
    assert within(10, lambda: len(ran) >= 1)
    Wall.ahead = timedelta(seconds=step)
    stepped, before = time.monotonic(), len(ran)
    assert within(10, lambda: len(ran) >= before + 3)
    assert len(ran) - before <= time.monotonic() - stepped + 2
