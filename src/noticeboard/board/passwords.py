"""Passwords: argon2 hashes, two at a time, and in the same time for accounts that are not there."""

import secrets
import unicodedata
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from noticeboard.core.problems import NotValid, Unavailable

SHORTEST: Final = 8
LONGEST: Final = 200

T = TypeVar("T")
# 19 MiB, two passes, one lane: the least that OWASP's password storage sheet asks of argon2id, and
# what a mini PC with 1 GB bears twice at once.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_DUMMY = _HASHER.hash(secrets.token_hex(16))
_AT_ONCE = BoundedSemaphore(2)
_PATIENCE = 5.0


def sound(password: str, login: str) -> None:
    """Refuse a password that is too short, too long, or the login itself."""
    if len(password) < SHORTEST:
        raise NotValid("密码至少要 {n} 个字。", n=SHORTEST, field="password")
    if len(password) > LONGEST:
        raise NotValid("密码太长了，最多 {n} 个字。", n=LONGEST, field="password")
    if password.strip().casefold() == login.strip().casefold():
        raise NotValid("密码不能和登录名一样。", field="password")


def _plain(password: str) -> str:
    # One password typed on two keyboards may come in two spellings of one text.
    return unicodedata.normalize("NFC", password[: LONGEST + 1])


def hashed(password: str) -> str:
    """Hash a password, for an account made without a code (a demo, a test)."""
    return _one_of_two(lambda: _HASHER.hash(_plain(password)))


def matches(known: str | None, password: str) -> bool:
    """Compare in the same time for accounts that are not there."""

    def check() -> bool:
        try:
            return _HASHER.verify(known or _DUMMY, _plain(password)) and known is not None
        except VerificationError:
            return False

    return _one_of_two(check)


def _one_of_two(work: Callable[[], T]) -> T:
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise Unavailable("登录的人太多了。", fix="请过一会儿再试。")
    try:
        return work()
    finally:
        _AT_ONCE.release()
