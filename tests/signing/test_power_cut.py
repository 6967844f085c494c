"""Power cut or full disk at any step: never two heads of one size, never an older state."""

import errno
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from noticeboard.core.checkpoints import read_checkpoint
from noticeboard.core.notes import read_note
from noticeboard.core.problems import NotNow, Problem, Unavailable
from noticeboard.signing.disk import Disk
from noticeboard.signing.keys import lock_of, state_of
from noticeboard.signing.signer import Signer
from tests.signing.growing import FORK, HONEST, begun, checked, proof, sign
from tests.signing.logs import ORIGIN
from tests.signing.power import Gave, Made, Recorder, Renamed, Step, Synced, Wrote, cuts

SIZES = (3, 10, 11, 25, 26)


class Key(str):
    """A verifier key that was told to the world."""

    __slots__ = ()


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> list[Step]:
    """Give every step of a life: begin, sign, exchange the key, sign, retire the old one, sign."""
    disk = Recorder()
    signer = Signer(tmp_path_factory.mktemp("lived") / "signer", disk)
    old = signer.begin(ORIGIN)
    disk.gave(Key(old))
    for size in SIZES[:3]:
        disk.gave(sign(signer, size))
    disk.gave(Key(signer.add_key(ORIGIN)))
    disk.gave(sign(signer, SIZES[3]))
    signer.retire_key(ORIGIN, old)
    disk.gave(sign(signer, SIZES[4]))
    return disk.steps


def left_in(folder: Path, files: dict[str, bytes]) -> Signer:
    """Lay a folder down as the power cut left it."""
    folder.mkdir(mode=0o700)
    for name, data in files.items():
        (folder / name).write_bytes(data)
        (folder / name).chmod(0o600)
    return Signer(folder)


def test_the_record_shows_the_order(lived: list[Step]) -> None:
    """State: written beside, synced, renamed, its folder synced, and only then a note goes out."""
    first = [i for i, step in enumerate(lived) if isinstance(step, Gave)][1]
    kinds = [type(step) for step in lived[first - 5 : first + 1]]
    assert [Made, Wrote, Synced, Renamed, Synced, Gave] == kinds
    assert Synced(None) == lived[first - 1]


def test_after_any_power_cut_nothing_signed_is_forgotten(lived: list[Step], tmp_path: Path) -> None:
    """In every folder that may be left, what was handed out is remembered and not contradicted."""
    worlds = 0
    for given, files in cuts(lived):
        worlds += 1
        signer = left_in(tmp_path / str(worlds), files)
        notes = [one for one in given if isinstance(one, bytes)]
        keys = [one for one in given if isinstance(one, Key)]
        if not keys:  # it had not begun to anybody's knowledge, and still can
            vkey = next(iter(signer.keys(ORIGIN)), None) or signer.begin(ORIGIN)
            assert HONEST.head(30) == checked(sign(signer, 30), vkey)
            continue
        state = signer.state(ORIGIN)
        assert state is not None
        assert state.size >= max(
            (read_checkpoint(read_note(n).text).size for n in notes), default=0
        )
        assert state == HONEST.head(state.size)
        assert keys[-1] in signer.keys(ORIGIN)
        for size in range(11, state.size + 1):
            with pytest.raises(NotNow):
                signer.sign(ORIGIN, 10, proof(10, size, FORK), FORK.head(size))
        assert HONEST.head(30) == checked(sign(signer, 30), keys[-1])
    assert worlds > 100


def test_a_state_without_a_sync_would_be_found(tmp_path: Path) -> None:
    """The test above can fail: without the syncs, some world forgets what was signed."""
    disk = Recorder()
    signer = Signer(tmp_path / "signer", disk)
    signer.begin(ORIGIN)
    disk.gave(sign(signer, 10))

    def forgets(steps: list[Step]) -> bool:
        name = state_of(signer.folder, ORIGIN).name
        return any(files.get(name) != HONEST.head(10).text for given, files in cuts(steps) if given)

    assert not forgets(disk.steps)
    for file in (True, False):
        kept = [s for s in disk.steps if not (isinstance(s, Synced) and (s.file is None) != file)]
        assert len(kept) < len(disk.steps)
        assert forgets(kept)


class Failing(Disk):
    """A disk that takes so many steps more, and then has no place."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def _step(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def open(self, path: Path, flags: int) -> int:
        """Open, while there is place."""
        self._step()
        return super().open(path, flags)

    def write(self, handle: int, data: bytes) -> None:
        """Write, while there is place; the first bytes still go in."""
        if not self.steps:
            super().write(handle, data[: len(data) // 2])
        self._step()
        super().write(handle, data)

    def fsync(self, handle: int) -> None:
        """Sync, while there is place."""
        self._step()
        super().fsync(handle)

    def rename(self, old: Path, new: Path) -> None:
        """Rename, while there is place."""
        self._step()
        super().rename(old, new)


DONE: dict[str, Callable[[Signer], object]] = {
    "sign": lambda signer: sign(signer, 20),
    "restate": lambda signer: signer.restate(ORIGIN, HONEST.head(20)),
    "add_key": lambda signer: signer.add_key(ORIGIN),
    "retire_key": lambda signer: signer.retire_key(ORIGIN, signer.keys(ORIGIN)[0]),
}


@pytest.mark.parametrize("what", DONE)
def test_a_disk_that_fills_up_at_any_step_signs_nothing(tmp_path: Path, what: str) -> None:
    """It says so; the old state or the new one stands, and with place again all goes on."""
    for steps in range(20):
        folder = tmp_path / str(steps)
        whole, _vkey = begun(folder)
        whole.add_key(ORIGIN)
        sign(whole, 10)
        if what == "restate":
            state_of(folder, ORIGIN).unlink()
        before = set(whole.keys(ORIGIN))
        disk = Failing(steps)
        with suppress(Unavailable):
            DONE[what](Signer(folder, disk))
        if disk.steps >= 0:
            break
        assert whole.state(ORIGIN) in {
            "sign": (HONEST.head(10), HONEST.head(20)),
            "restate": (None, HONEST.head(20)),
        }.get(what, (HONEST.head(10),))
        assert not list(folder.glob("*.new"))
        assert what == "retire_key" or before <= set(whole.keys(ORIGIN))
        if whole.state(ORIGIN) is None:
            DONE[what](whole)
        assert HONEST.head(20) == checked(sign(whole, 20), *whole.keys(ORIGIN))
    assert steps > (1 if what == "retire_key" else 3)


@contextmanager
def no_place() -> Iterator[None]:
    """Let the kernel refuse every byte that would make a file longer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_the_kernel_itself_may_refuse_the_bytes(tmp_path: Path) -> None:
    """As on a disk that is really full: nothing is signed, the state stands, no litter stays."""
    signer, vkey = begun(tmp_path / "signer")
    sign(signer, 10)
    before = sorted(path.name for path in signer.folder.iterdir())
    with no_place():
        with pytest.raises(Unavailable, match="写不进去"):
            sign(signer, 20)
        with pytest.raises(Unavailable, match="写不进去"):
            signer.add_key(ORIGIN)
        assert HONEST.head(10) == checked(sign(signer, 10), vkey)
    assert before == sorted(path.name for path in signer.folder.iterdir())
    assert HONEST.head(10) == signer.state(ORIGIN)
    assert HONEST.head(20) == checked(sign(signer, 20), vkey)


def test_a_beginning_that_finds_no_place_can_be_made_again(tmp_path: Path) -> None:
    """Wherever it broke off: else the log could never begin under its name."""
    with no_place(), pytest.raises(Unavailable):
        Signer(tmp_path / "kernel").begin(ORIGIN)
    assert [lock_of(tmp_path / "kernel")] == list((tmp_path / "kernel").iterdir())
    for steps in range(20):
        disk = Failing(steps)
        signer = Signer(tmp_path / str(steps), disk)
        with suppress(Unavailable):
            signer.begin(ORIGIN)
        if disk.steps >= 0:
            break
        whole = Signer(signer.folder)
        vkey = next(iter(whole.keys(ORIGIN)), None) or whole.begin(ORIGIN)
        assert HONEST.head(5) == checked(sign(whole, 5), vkey)
    assert steps > 6


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """Where a file stands in the way of the folder."""
    (tmp_path / "signer").write_text("in the way")
    with pytest.raises(Problem, match="写不进去"):
        Signer(tmp_path / "signer").begin(ORIGIN)
