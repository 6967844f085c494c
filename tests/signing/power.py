"""A disk that remembers in what order things were asked of it, and what a power cut may leave."""

import os
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path

from msgspec import Struct

from noticeboard.signing.disk import Disk


class Made(Struct, frozen=True):
    """A name in the folder that led to nothing now leads to file `file`."""

    name: str
    file: int


class Emptied(Struct, frozen=True):
    """A file was opened to be written from its beginning."""

    file: int


class Wrote(Struct, frozen=True):
    """Bytes were added to a file."""

    file: int
    data: bytes


class Renamed(Struct, frozen=True):
    """A name took the place of another."""

    old: str
    new: str


class Synced(Struct, frozen=True):
    """A file's bytes are on the disk; the folder's names are, where `file` is None."""

    file: int | None


class Gave(Struct, frozen=True):
    """Something was handed out to the world: from here on it must be remembered."""

    what: object


Step = Made | Emptied | Wrote | Renamed | Synced | Gave


class Recorder(Disk):
    """The disk of one folder, everything done as asked and written down."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._handles: dict[int, int | None] = {}
        self._files: dict[str, int] = {}
        self._made = 0

    def open(self, path: Path, flags: int) -> int:
        """Open, and note what that alone changes."""
        there = path.exists()
        handle = super().open(path, flags)
        if path.is_dir():
            self._handles[handle] = None
            return handle
        if not there:
            self._made += 1
            self._files[path.name] = self._made
            self.steps.append(Made(path.name, self._made))
        elif flags & os.O_TRUNC:
            self.steps.append(Emptied(self._files[path.name]))
        self._handles[handle] = self._files[path.name]
        return handle

    def write(self, handle: int, data: bytes) -> None:
        """Write."""
        super().write(handle, data)
        file = self._handles[handle]
        assert file is not None
        self.steps.append(Wrote(file, data))

    def fsync(self, handle: int) -> None:
        """Sync."""
        super().fsync(handle)
        self.steps.append(Synced(self._handles[handle]))

    def rename(self, old: Path, new: Path) -> None:
        """Rename."""
        super().rename(old, new)
        self._files[new.name] = self._files.pop(old.name)
        self.steps.append(Renamed(old.name, new.name))

    def gave(self, what: object) -> None:
        """Note that something left the signer."""
        self.steps.append(Gave(what))


class _Folder:
    """What is surely on the disk after some steps, and what may be."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.pending: list[Made | Renamed] = []
        self.sure: dict[int, bytes] = {}
        self.now: dict[int, bytes] = {}

    def take(self, step: Step) -> None:
        match step:
            case Made(_name, file):
                self.pending.append(step)
                self.sure[file] = self.now[file] = b""
            case Emptied(file):
                self.now[file] = b""
            case Wrote(file, data):
                self.now[file] += data
            case Renamed():
                self.pending.append(step)
            case Synced(None):
                self.names = _after(self.names, self.pending)
                self.pending = []
            case Synced(file):
                self.sure[file] = self.now[file]

    def left(self) -> Iterator[dict[str, bytes]]:
        """Give every folder that a power cut may leave now.

        Of names not synced any may be there, in their order. Of bytes not synced: what was there
        before, nothing, half, or all.
        """
        unsure = [file for file in self.now if self.now[file] != self.sure[file]]
        for count in range(len(self.pending) + 1):
            for kept in combinations(self.pending, count):
                names = _after(self.names, kept)
                for chosen in product(*(self._bytes(file) for file in unsure)):
                    content = {**self.sure, **dict(zip(unsure, chosen, strict=True))}
                    yield {name: content[file] for name, file in names.items()}

    def _bytes(self, file: int) -> list[bytes]:
        whole = self.now[file]
        return list(dict.fromkeys((self.sure[file], b"", whole[: len(whole) // 2], whole)))


def _after(
    names: dict[str, int], steps: "list[Made | Renamed] | tuple[Made | Renamed, ...]"
) -> dict[str, int]:
    names = dict(names)
    for step in steps:
        if isinstance(step, Made):
            names[step.name] = step.file
        elif step.old in names:
            names[step.new] = names.pop(step.old)
    return names


def cuts(steps: list[Step]) -> Iterator[tuple[list[object], dict[str, bytes]]]:
    """Cut the power before the first step, after each, and give all that may be left.

    With it goes what had been handed out by then.
    """
    folder, given = _Folder(), list[object]()
    for step in (None, *steps):
        if isinstance(step, Gave):
            given.append(step.what)
        elif step is not None:
            folder.take(step)
        for left in folder.left():
            yield list(given), left
