"""The edge to the disk: the few calls a signer makes, so that a test can record and replay them.

What must survive a power cut is written beside its place, synced, renamed into it, and the folder
synced; a rename without the last step may be gone after the lights come back.
"""

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from noticeboard.core.problems import Unavailable

PATIENCE: Final = 10.0  # seconds to wait for whoever holds a lock
_SECRET: Final = 0o600
_OTHERS: Final = 0o077


class Disk:
    """The operating system's calls by which anything of a signer comes to the disk."""

    def open(self, path: Path, flags: int) -> int:
        """Open a file that only its owner may read."""
        return os.open(path, flags | os.O_CLOEXEC, _SECRET)

    def write(self, handle: int, data: bytes) -> None:
        """Write all of it; it is on the disk only after `fsync`."""
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]

    def fsync(self, handle: int) -> None:
        """Wait until what was written is on the disk."""
        os.fsync(handle)

    def rename(self, old: Path, new: Path) -> None:
        """Put a file in the place of another; on the disk only after the folder's `fsync`."""
        os.replace(old, new)  # noqa: PTH105 - the call itself is what a test records

    def put(self, path: Path, data: bytes) -> None:
        """Make or replace a file whole and durably: it never holds a half, and afterwards `data`.

        Raises Unavailable when the disk does not take it; then what stood there stands.
        """
        beside = path.with_name(f"{path.name}.new")
        try:
            handle = self.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            try:
                self.write(handle, data)
                self.fsync(handle)
            finally:
                os.close(handle)
            self.rename(beside, path)
            self.sync_folder(path.parent)
        except OSError as error:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise unwritable(path, error) from None

    def sync_folder(self, folder: Path) -> None:
        """Wait until the names in a folder are on the disk."""
        handle = self.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self.fsync(handle)
        finally:
            os.close(handle)


def read_secret(path: Path) -> bytes | None:
    """Read a file that nobody else may read, or None when there is none.

    Raises Unavailable when others may, since then they may have; and when it cannot be read.
    """
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            data = file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unavailable(
            "签名的文件读不出来。", value=f"{path}: {error.strerror}", fix="请看看这个文件归谁。"
        ) from None
    if mode & _OTHERS:
        raise Unavailable(
            "这台机器上别的账户也读得到签名的文件，先不签。",
            value=f"{path} {mode:04o}",
            fix="请 chmod 600 这个文件；如果可能有人拿走过，再 noticeboard keys rotate。",
        )
    return data


def refuse_open(folder: Path) -> None:
    """Refuse a folder that others may enter; raises Unavailable, also when it is not there."""
    try:
        mode = stat.S_IMODE(folder.stat().st_mode)
    except OSError as error:
        raise Unavailable(
            "签名的文件夹不在，或者进不去。",
            value=f"{folder}: {error.strerror}",
            fix="请看数据文件夹（--home）对不对。",
        ) from None
    if mode & _OTHERS:
        raise Unavailable(
            "这台机器上别的账户也进得去签名的文件夹，先不签。",
            value=f"{folder} {mode:04o}",
            fix="请 chmod 700 这个文件夹；如果可能有人进去过，再 noticeboard keys rotate。",
        )


def unwritable(path: Path, error: OSError) -> Unavailable:
    """Say that something could not be written, and what to look at."""
    return Unavailable(
        "签名的文件写不进去，先不签。",
        value=f"{path}: {error.strerror}",
        fix="请看看磁盘满了没有，文件夹归谁。",
    )


@contextmanager
def locked(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold a file's lock alone, among processes and threads, until the block ends.

    Raises Unavailable when somebody else holds it for longer than `patience` seconds.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _SECRET)
    except OSError as error:
        raise unwritable(path, error) from None
    try:
        _wait_for(handle, path, time.monotonic() + patience)
        yield
    finally:
        os.close(handle)


def _wait_for(handle: int, path: Path, until: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise Unavailable(
                    "另一个程序一直占着签名的文件夹。",
                    value=str(path),
                    fix="请看看是不是开了两个 noticeboard。",
                ) from None
            time.sleep(0.01)
        else:
            return
