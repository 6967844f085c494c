"""The watch over the clock: it pauses the clock's own acts when the time cannot be trusted."""

import time
from collections.abc import Callable

from noticeboard.core.days import DAY

APART = 60
LONG_STILL = 30 * DAY


def running() -> float:
    """Give seconds that no setting of the clock changes and that pass also while it sleeps."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Watch:
    """Compares the wall clock with the monotonic one; a person's word lets the clock go on."""

    def __init__(self, monotonic: Callable[[], float] = running) -> None:
        """Begin without a reading; `look` takes the first."""
        self.monotonic = monotonic
        self.paused = ""
        self.failures: dict[tuple[str, str], str] = {}
        self._began: tuple[int, float] | None = None

    def start(self, at: int, last_at: int) -> None:
        """Look once at the start: 30 days after the last leaf is too long to be taken on trust."""
        self._began = (at, self.monotonic())
        if last_at and at - last_at > LONG_STILL:
            self.paused = "离最后一条记录已经超过 30 天，请看看时钟对不对。"

    def look(self, at: int) -> str:
        """Compare the two clocks; gives why the clock is paused, or "" when it may act."""
        if self._began is None:
            self._began = (at, self.monotonic())
        wall, monotonic = self._began
        apart = (at - wall) - (self.monotonic() - monotonic)
        if abs(apart) >= APART:
            self.paused = "时钟突然跳了，请看看对不对。"
        return self.paused

    def confirm(self) -> None:
        """Take the present time as right and go on."""
        self.paused = ""
        self._began = None

    def went_up(self, village: str, code: str) -> None:
        """Forget that a notice could not go up before."""
        self.failures.pop((village, code), None)

    def failed(self, village: str, code: str, why: str) -> None:
        """Remember that a notice could not go up, for the desk to say so."""
        self.failures[village, code] = why
