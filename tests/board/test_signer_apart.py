"""A signer in a process of its own: the board signs through its socket as with one inside."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from noticeboard.board import checkpoints
from noticeboard.board.second_path import AHEAD, LOST
from noticeboard.cli.health import examine
from noticeboard.core.problems import Unavailable
from noticeboard.signing.keys import state_of
from noticeboard.signing.remote import READING, Remote
from noticeboard.store.database import Database
from tests.cast import VILLAGE
from tests.logs import Mirror, Written

ROOT = Path(__file__).parents[2]


class Apart:
    """A village on a board that may not read the signer's folder, and the signer's own home."""

    def __init__(self, url: str, folder: Path) -> None:
        self.home, self.place = folder / "signs", folder / "run" / "signer"
        database = Database(url)
        database.upgrade()
        self.written = Written(database, self.home / "signer")
        self.remote = Remote(self.place, waiting=5)

    @contextmanager
    def running(self) -> Iterator["subprocess.Popen[bytes]"]:
        """Let `noticeboard signer` run as somebody would start it."""
        command = [sys.executable, "-m", "noticeboard", "signer"]
        command += ["--home", str(self.home), "--socket", str(self.place)]
        with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}) as one:
            try:
                self._wait(time.monotonic() + 20)
                yield one
            finally:
                one.kill()

    def _wait(self, until: float) -> None:
        # Its socket may still lie there from the one that was killed.
        while time.monotonic() < until:
            with suppress(Unavailable):
                self.remote.keys(self.written.origin)
                return
            time.sleep(0.02)

    def sign(self) -> list[str]:
        """Let time pass and sign through the socket."""
        self.written.clock.on(checkpoints.EVERY)
        return checkpoints.sign_due(self.written.board, self.remote)

    def seen(self, mirror: Mirror) -> int:
        """Let somebody outside look; gives the size of the head."""
        with self.written.board.database.read() as tx:
            head = mirror.look(tx)
        assert head is not None
        return head.size


@pytest.fixture
def apart(database_url: str, tmp_path: Path) -> Iterator[Apart]:
    """Give the two apart, on each kind of database."""
    apart = Apart(database_url, tmp_path)
    yield apart
    apart.written.board.database.close()


def test_a_board_signs_through_a_socket(apart: Apart) -> None:
    """Many times, for a mirror outside each head goes on from the last; killed, it comes back."""
    mirror = Mirror(apart.written.key)
    with apart.running() as first:
        checkpoints.look(apart.written.board, apart.remote)
        for size in (3, 10, 300):
            apart.written.grow(size - len(apart.written.leaves))
            assert [VILLAGE] == apart.sign()
            assert size == apart.seen(mirror)
        first.send_signal(signal.SIGKILL)
        first.wait()
        apart.written.grow()
        assert [] == apart.sign()
        assert ("", 300) == (apart.written.frozen(), apart.seen(mirror))
    with apart.running():
        assert [VILLAGE] == apart.sign()
        assert 301 == apart.seen(mirror)


def test_what_the_signer_remembers_freezes_through_a_socket(apart: Apart) -> None:
    """A memory that is gone is a memory that is gone, wherever the signer runs."""
    apart.written.grow(3)
    with apart.running():
        assert [VILLAGE] == apart.sign()
        state_of(apart.home / "signer", apart.written.origin).unlink()
        apart.written.grow()
        assert [] == apart.sign()
    assert LOST == apart.written.frozen()


def test_a_log_cut_short_freezes_through_a_socket(apart: Apart) -> None:
    """The signer has signed more than the board has."""
    apart.written.grow(3)
    with apart.running():
        assert [VILLAGE] == apart.sign()
        state = state_of(apart.home / "signer", apart.written.origin)
        state.write_text(state.read_text().replace("\n3\n", "\n4\n"))
        checkpoints.look(apart.written.board, apart.remote)
    assert AHEAD == apart.written.frozen()


def test_a_signer_that_hangs_holds_up_nobody(apart: Apart) -> None:
    """A start, a second, an act and a doctor's visit go on within seconds; awake it signs again."""
    apart.written.grow(3)
    board, remote = apart.written.board, Remote(apart.place)
    with apart.running() as signer:
        assert [VILLAGE] == apart.sign()
        signer.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        checkpoints.look(board, remote)
        apart.written.grow()
        apart.written.clock.on(checkpoints.EVERY)
        assert [] == checkpoints.sign_due(board, remote)
        (said,) = (check for check in examine(board, remote) if check.state == "wrong")
        assert time.monotonic() - began < 2 * READING
        assert "没有回答" in said.said
        assert "重启 noticeboard signer" in said.said
        signer.send_signal(signal.SIGCONT)
        while not checkpoints.sign_due(board, remote):
            assert time.monotonic() - began < 30
            time.sleep(0.1)
    assert ("", 4) == (apart.written.frozen(), apart.seen(Mirror(apart.written.key)))
