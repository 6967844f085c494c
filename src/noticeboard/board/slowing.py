"""Slowing: each failed try to sign in makes the next one wait longer."""

from typing import ClassVar, Final

from sqlalchemy import Connection

from noticeboard.core.problems import NotNow
from noticeboard.store import people

# A whole office may share one address, so an address may fail more often than a login.
FREE_TRIES: Final = {"login": 5, "address": 20}
FIRST_WAIT, LONGEST_WAIT = 30, 900


class TooSoon(NotNow):
    """Too many failures: the next try has to wait."""

    status: ClassVar[int] = 429


def slow_down(tx: Connection, key: str, at: int) -> None:
    """Count a try under a key (`login:…`, `address:…`), or refuse it as too soon."""
    failed, last = people.failures(tx, key)
    left = last + _wait(failed, FREE_TRIES[key.partition(":")[0]]) - at
    if left > 0:
        raise TooSoon("连着试错太多次了，请过 {seconds} 秒再试。", seconds=left)
    people.fail(tx, key, failed + 1, at)


def _wait(failed: int, free: int) -> int:
    return 0 if failed < free else min(LONGEST_WAIT, FIRST_WAIT << min(failed - free, 10))
