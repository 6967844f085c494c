"""Files of a mirror: written whole and durably, or not at all; gone when they are dropped."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from noticeboard.core.problems import Unavailable


def put(path: Path, data: bytes) -> None:
    """Write a file beside its place, sync it, rename it, sync the folder; raises Unavailable."""
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        sync(path.parent)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise Unavailable(
            "副本写不进磁盘。", value=f"{path}：{error.strerror}", fix="请看看磁盘满了没有。"
        ) from None


def sync(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(path: Path) -> bytes | None:
    """Read a file, or give None where there is none or it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def drop(folder: Path, keep: frozenset[str]) -> int:
    """Drop every file of a folder whose name is not in `keep`; gives how many went.

    Raises Unavailable when one cannot be dropped.
    """
    gone = 0
    try:
        for path in _files(folder):
            if path.name not in keep:
                path.unlink()
                gone += 1
        if gone:
            sync(folder)
    except OSError as error:
        raise Unavailable("副本删不掉。", value=f"{folder}：{error.strerror}") from None
    return gone


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from folder.iterdir()
