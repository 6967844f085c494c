"""The watch over the clock: it pauses the clock's own acts when the time cannot be trusted."""

import time
from collections.abc import Callable

from sqlalchemy import Connection

from noticeboard.core.days import DAY
from noticeboard.store import screens
from noticeboard.store.database import Database

APART = 60
LONG_STILL = 30 * DAY
PAUSED = "paused"


def running() -> float:
    """Give seconds that no setting of the clock changes and that pass also while it sleeps."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def told_to_pause(tx: Connection) -> str:
    """Give why the clock is paused, or "" when it may act."""
    return screens.told(tx, PAUSED) or ""


class Watch:
    """Compares the wall clock with the monotonic one; a person's word lets the clock go on.

    The pause is kept in the database: a restart does not forget it, and what is confirmed at the
    desk is confirmed for a clock in a process of its own.
    """

    def __init__(self, database: Database, monotonic: Callable[[], float] = running) -> None:
        """Begin without a reading; `look` takes the first."""
        self.database = database
        self.monotonic = monotonic
        self.failures: dict[tuple[str, str], str] = {}
        # Why this process writes nothing at all any more: its database is damaged or replaced.
        self.stuck = ""
        self._began: tuple[int, float] | None = None

    @property
    def paused(self) -> str:
        """Give why the clock is paused, or "" when it may act."""
        with self.database.read() as tx:
            return told_to_pause(tx)

    def pause(self, why: str) -> None:
        """Stop the clock's own acts until a person confirms the time."""
        with self.database.write() as tx:
            screens.tell(tx, PAUSED, why)

    def start(self, at: int, last_at: int) -> None:
        """Look once at the start: 30 days after the last leaf is too long to be taken on trust."""
        self._began = (at, self.monotonic())
        if last_at and at - last_at > LONG_STILL and not self.paused:
            self.pause("离最后一条记录已经超过 30 天，请看看时钟对不对。")

    def look(self, at: int) -> None:
        """Compare the two clocks, and pause when one has left the other."""
        now = (at, self.monotonic())
        wall, monotonic = self._began or now
        self._began = self._began or now
        if abs((at - wall) - (now[1] - monotonic)) >= APART:
            # What comes after is compared with the time as it is now; the pause itself stays.
            self._began = now
            self.pause("时钟突然跳了，请看看对不对。")

    def confirm(self) -> None:
        """Take the present time as right and go on."""
        self._began = None
        with self.database.write() as tx:
            why = screens.told(tx, PAUSED)
            if why is not None:
                screens.forget(tx, PAUSED, why)

    def went_up(self, village: str, code: str) -> None:
        """Forget that a notice could not go up before."""
        self.failures.pop((village, code), None)

    def failed(self, village: str, code: str, why: str) -> None:
        """Remember that a notice could not go up, for the desk to say so."""
        self.failures[village, code] = why
