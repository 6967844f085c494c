"""What the tests of reading apart ask a child process to do: well, badly, and never again."""

import ctypes
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from noticeboard.core.problems import Finding, NotValid

Tell = Callable[[int], None]


def turned(given: bytes, tell: Tell) -> bytes:
    """Give the bytes turned round, telling on the way; a printed line disturbs nothing."""
    print("what a library prints")
    sys.stdout.flush()
    os.write(1, b"and what it writes past Python")
    for rows in (5_000, 10_000):
        tell(rows)
        time.sleep(0.15)
    return given[::-1]


def refused(given: bytes, tell: Tell) -> bytes:
    """Refuse for two reasons."""
    raise NotValid.of([Finding("一", "A1", fix="改"), Finding("二 {n}", args={"n": 2})])


def broken(given: bytes, tell: Tell) -> bytes:
    """Fall over what stands in the file."""
    raise KeyError(given)


def busy(given: bytes, tell: Tell) -> bytes:
    """Never end."""
    while True:
        pass


def asleep(given: bytes, tell: Tell) -> bytes:
    """Never end, and need no processor for it."""
    time.sleep(1000)
    return b""


def greedy(given: bytes, tell: Tell) -> bytes:
    """Fill the memory."""
    return b"".join([bytes(50_000_000) for _ in range(1000)])


def crashing(given: bytes, tell: Tell) -> bytes:
    """Fall over as a library in another language does."""
    ctypes.string_at(0)
    return b""


def writing(given: bytes, tell: Tell) -> bytes:
    """Try to write a file."""
    try:
        Path(given.decode()).write_bytes(b"what stood in the file")
    except OSError as problem:
        return type(problem).__name__.encode()
    return b"written"


def own_number(given: bytes, tell: Tell) -> bytes:
    """Give the number of the process."""
    return str(os.getpid()).encode()
