"""Which database file a running server has opened, written beside it for as long as it runs.

A file that is put in the place of another is not the one a server goes on with; only so can another
process tell. The lock, not the file, says that somebody is there: no crash leaves it behind.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from noticeboard.store.soundness import identity


@contextmanager
def said(path: Path | None) -> Iterator[None]:
    """Say that this process serves the file at a path, until the block ends; None says nothing."""
    if path is None:
        yield
        return
    elsewhere(path)  # what those left behind who were killed is taken away
    beside = path.with_name(f"{path.name}.serving-{os.getpid()}")
    handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        os.write(handle, repr(identity(path)).encode())
        yield
    finally:
        beside.unlink(missing_ok=True)
        os.close(handle)


def elsewhere(path: Path) -> list[int]:
    """Give the process numbers of servers that run on another file than the path leads to now."""
    return [
        int(found.name.rpartition("-")[2])
        for found in sorted(path.parent.glob(f"{path.name}.serving-*"))
        if _runs(found) and found.read_bytes() != repr(identity(path)).encode()
    ]


def _runs(found: Path) -> bool:
    try:
        handle = os.open(found, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    with suppress(OSError):
        found.unlink()
    return False
