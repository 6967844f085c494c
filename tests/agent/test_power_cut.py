"""Power cut at any step of a mirror: its head is covered by its files, what it confirmed is so."""

import shutil
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from msgspec import Struct

from noticeboard.agent.files import Shelf
from noticeboard.agent.mirror import Mirror
from noticeboard.agent.published import Published
from noticeboard.core.checkpoints import opened
from noticeboard.core.merkle import leaf_hash, root_of
from noticeboard.core.tree import Tree
from noticeboard.net.sources import HttpSource
from noticeboard.signing.ed25519 import verify
from tests.agent.hall import Hall, board_at, mirrored
from tests.cast import KEY, ORIGIN, cast_in


class Name(Struct, frozen=True):
    """A name in `folder` came (to a file, or a folder with None) or went."""

    folder: Path
    name: str
    file: int | None
    there: bool = True


class Recorder(Shelf):
    """A disk that writes down what is done, and gives what a power cut may leave of it.

    A name is surely there, or gone, once its folder was synced; bytes are once their file was.
    """

    def __init__(self) -> None:
        self.sure: dict[Path, int | None] = {}
        self.pending: list[Name] = []
        self.bytes: dict[int, bytes] = {}
        self.safe: dict[int, bytes] = {}
        self.worlds: list[tuple[object, dict[Path, bytes]]] = []
        self.given: object = None
        self._handles: dict[int, int | Path] = {}
        self._files: dict[Path, int] = {}

    def open(self, path: Path, flags: int) -> int:
        """Open, and note a new name."""
        new = not path.exists()
        handle = super().open(path, flags)
        if path.is_dir():
            self._handles[handle] = path
            return handle
        if new:
            self._files[path] = len(self.bytes)
            self.pending.append(Name(path.parent, path.name, self._files[path]))
            self.safe[self._files[path]] = b""
        self.bytes[self._files[path]] = b""
        self._handles[handle] = self._files[path]
        self._cut()
        return handle

    def write(self, handle: int, data: bytes) -> None:
        """Write."""
        super().write(handle, data)
        file = self._handles[handle]
        assert isinstance(file, int)
        self.bytes[file] += data
        self._cut()

    def fsync(self, handle: int) -> None:
        """Sync a file's bytes, or a folder's names."""
        super().fsync(handle)
        what = self._handles[handle]
        if isinstance(what, int):
            self.safe[what] = self.bytes[what]
        else:
            for one in [one for one in self.pending if one.folder == what]:
                self._settle(self.sure, one)
            self.pending = [one for one in self.pending if one.folder != what]
        self._cut()

    def rename(self, old: Path, new: Path) -> None:
        """Rename: one step, so a power cut keeps both sides of it or neither."""
        super().rename(old, new)
        file = self._files[new] = self._files.pop(old)
        self.pending = [
            one for one in self.pending if (one.folder, one.name) != (old.parent, old.name)
        ]
        self.pending.append(Name(new.parent, new.name, file))
        self._cut()

    def make(self, folder: Path) -> None:
        """Make a folder."""
        super().make(folder)
        self.pending.append(Name(folder.parent, folder.name, None))
        self._cut()

    def remove(self, path: Path) -> None:
        """Take a file away."""
        super().remove(path)
        self.pending.append(Name(path.parent, path.name, None, there=False))
        self._cut()

    @staticmethod
    def _settle(names: dict[Path, int | None], one: Name) -> None:
        if one.there:
            names[one.folder / one.name] = one.file
        else:
            names.pop(one.folder / one.name, None)

    def _cut(self) -> None:
        """Keep what may be left: any of the last names, and of bytes not synced none or half."""
        rest = self.pending[-5:]
        for count in range(len(rest) + 1):
            for kept in combinations(rest, count):
                names = dict(self.sure)
                for one in (*self.pending[:-5], *kept):
                    self._settle(names, one)
                for half in (False, True):
                    self.worlds.append((self.given, dict(self._left(names, half=half))))

    def _left(self, names: dict[Path, int | None], *, half: bool) -> Iterator[tuple[Path, bytes]]:
        for path, file in names.items():
            if file is None or not self._reached(path.parent, names):
                continue
            now = self.bytes[file]
            whole = self.safe[file] == now
            yield path, now if whole else now[: len(now) // 2] if half else self.safe[file]

    def _reached(self, folder: Path, names: dict[Path, int | None]) -> bool:
        return folder == self.root or (folder in names and self._reached(folder.parent, names))

    root = Path()


def _contact(mirror: Mirror, url: str, at: int) -> int | None:
    source = HttpSource(url)
    published = Published(source)
    found = opened(published.note(), [KEY], (), verify)
    mirror.grow(found, Tree(found.checkpoint, published.tile), published)
    done = mirror.shed(published, at)
    mirror.fill(published)
    source.close()
    return done


def test_after_any_power_cut_the_mirror_holds_what_it_says(tmp_path: Path) -> None:
    """Every folder that may be left has all entries of its head; no erased body comes back."""
    cast = cast_in(tmp_path / "home")
    shelf, root = Recorder(), tmp_path / "mirror"
    root.mkdir()
    shelf.root = root
    with board_at(cast) as url:
        hall = Hall(tmp_path, cast, url)
        mirror = Mirror(root, ORIGIN, shelf)
        code = cast.published("subsidy").code
        hall.sign()
        shelf.given = (_contact(mirror, url, cast.clock.now), None)
        hall.grow(257)
        hall.sign()
        shelf.given = (_contact(mirror, url, cast.clock.now), None)
        hall.redact(code, parts=("names",), rows=(1,))
        hall.sign()
        shelf.given = (_contact(mirror, url, cast.clock.now), "陈桂花".encode())
        cast.published("announcement")
        hall.sign()
        shelf.given = (_contact(mirror, url, cast.clock.now), "陈桂花".encode())
        leaves = hall.leaves()
    cast.board.database.close()
    seen = set()
    for n, (given, left) in enumerate(shelf.worlds):
        mark = hash(frozenset(left.items()))
        if (mark, given) in seen:
            continue
        seen.add((mark, given))
        _check(
            tmp_path / "left" / str(n),
            {p.relative_to(root): d for p, d in left.items()},
            given,
            leaves,
        )
    assert len(seen) > 100


def _check(folder: Path, left: dict[Path, bytes], given: object, leaves: list[bytes]) -> None:
    for path, data in left.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    folder.mkdir(parents=True, exist_ok=True)
    confirmed, erased = given if isinstance(given, tuple) else (None, None)
    head = Mirror(folder, ORIGIN).head()
    size = head.size if head else 0
    assert size >= (confirmed or 0), "it confirmed more than it holds"
    if head is not None:
        kept = mirrored(folder, size)
        assert leaves[:size] == kept
        assert head.root == root_of([leaf_hash(leaf) for leaf in kept])
    if erased is not None:
        assert not any(erased in data for data in left.values())
    shutil.rmtree(folder)
