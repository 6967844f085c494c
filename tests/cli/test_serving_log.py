"""`noticeboard serve` as it is started: the log is signed and served, or frozen, by itself."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from noticeboard.board import checkpoints
from noticeboard.core.checkpoints import open_checkpoint
from noticeboard.signing.ed25519 import verify
from tests.cast import KEY, VILLAGE, cast_in, cast_on, signer_in

ROOT = Path(__file__).parents[2]
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def get(port: int, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@contextmanager
def serving(home: Path, *words: str) -> Iterator[int]:
    """Serve a home until the block ends; gives the port once it answers."""
    port = free_port()
    command = [sys.executable, "-m", "noticeboard", "serve", "--home", str(home)]
    command += ["--port", str(port), *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as running:
        try:
            until = time.monotonic() + PATIENCE
            while True:
                try:
                    assert 200 == get(port, "/health")[0]
                    break
                except OSError:
                    assert time.monotonic() < until, "it does not start"
                    time.sleep(0.05)
            yield port
        finally:
            running.terminate()
            running.wait(timeout=PATIENCE)


def size_of(port: int) -> int:
    """Give the size of the head that is served, its signature checked; 0 before the first."""
    status, note = get(port, f"/log/{VILLAGE}/checkpoint")
    if status == 404:
        return 0
    return open_checkpoint(note, [KEY], (), verify).checkpoint.size


def test_what_is_posted_is_signed_and_served_by_itself(tmp_path: Path) -> None:
    """By nothing but `serve`: first what was there, then what another process adds."""
    home = tmp_path / "home"
    cast_in(home).board.database.close()
    with serving(home) as port:
        cast = cast_on(f"sqlite:///{home / 'board.db'}", home=home, clock=lambda: int(time.time()))
        for _ in range(2):
            until = time.monotonic() + PATIENCE
            while size_of(port) < cast.entries():
                assert time.monotonic() < until, "it is not signed"
                time.sleep(0.1)
            cast.submitted()
        cast.board.database.close()


def test_without_a_signer_nothing_is_signed(tmp_path: Path) -> None:
    """Another process does it then, on the same home; what it signs is served at once."""
    home = tmp_path / "home"
    cast = cast_in(home)
    with serving(home, "--no-signer") as port:
        assert 0 == size_of(port)
        assert [VILLAGE] == checkpoints.sign_due(cast.board, signer_in(home / "signer"))
        assert cast.entries() == size_of(port)
    cast.board.database.close()


def test_a_restored_home_is_frozen_before_it_answers(tmp_path: Path) -> None:
    """The first page says so; the old head is still served, and it is all there is."""
    home = tmp_path / "home"
    cast = cast_in(home)
    signer = signer_in(home / "signer")
    checkpoints.sign_due(cast.board, signer)
    before = cast.entries()
    cast.board.database.scrub()
    shutil.copy(home / "board.db", tmp_path / "backup")
    cast.clock.on(checkpoints.EVERY)
    cast.submitted()
    checkpoints.sign_due(cast.board, signer)
    cast.board.database.close()
    for file in home.glob("board.db*"):
        file.unlink()
    shutil.copy(tmp_path / "backup", home / "board.db")
    with serving(home) as port:
        status, page = get(port, f"/v/{VILLAGE}")
        assert 200 == status
        assert "记录停了" in page.decode()
        assert before == size_of(port)
