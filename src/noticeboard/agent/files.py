"""Files of a mirror: written whole and durably, or not at all; gone when they are dropped."""

import os
from pathlib import Path

from noticeboard.core.problems import Unavailable
from noticeboard.signing.disk import Disk

_READABLE = 0o644  # what is mirrored is public, and a web server may serve it


class Shelf(Disk):
    """The operating system's calls by which anything of a mirror comes to the disk, or leaves it.

    A name that was made or taken away is so for good only after its folder was synced.
    """

    def open(self, path: Path, flags: int) -> int:
        """Open a file that everybody may read."""
        return os.open(path, flags | os.O_CLOEXEC, _READABLE)

    def make(self, folder: Path) -> None:
        """Make one folder, whose parent is there."""
        folder.mkdir(exist_ok=True)

    def remove(self, path: Path) -> None:
        """Take a file away if it is there."""
        path.unlink(missing_ok=True)


SHELF = Shelf()


def put(shelf: Shelf, path: Path, data: bytes) -> None:
    """Write a file whole and durably, with the folders it stands in; raises Unavailable."""
    try:
        _make(shelf, path.parent)
        shelf.put(path, data)
    except (OSError, Unavailable) as error:
        raise Unavailable(
            "副本写不进磁盘。", value=str(error), fix="请看看磁盘满了没有。"
        ) from None


def _make(shelf: Shelf, folder: Path) -> None:
    if folder.is_dir():
        return
    _make(shelf, folder.parent)
    shelf.make(folder)
    shelf.sync_folder(folder.parent)


def read(path: Path) -> bytes | None:
    """Read a file, or give None where there is none or it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def drop(shelf: Shelf, folder: Path, keep: frozenset[str]) -> None:
    """Drop every file of a folder whose name is not in `keep`, durably; raises Unavailable."""
    try:
        gone = [path for path in _files(folder) if path.name not in keep]
        for path in gone:
            shelf.remove(path)
        if gone:
            shelf.sync_folder(folder)
    except OSError as error:
        raise Unavailable("副本删不掉。", value=f"{folder}：{error.strerror}") from None


def _files(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []
