"""The witness's door over real sockets, and its process killed at any moment."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest

from noticeboard.agent.app import App
from noticeboard.core.checkpoints import Checkpoint, open_checkpoint
from noticeboard.core.notes import Note, read_signatures, signed_by
from noticeboard.core.problems import Unavailable
from noticeboard.core.witnessing import Offer
from noticeboard.net.client import fetch
from noticeboard.signing.ed25519 import verify
from noticeboard.signing.witness import Witness, make
from tests.agent.serving import serving
from tests.signing.logs import ORIGIN, Log, greased, leaves

HASH = sha256(ORIGIN.encode()).hexdigest()


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    make(tmp_path / "w", "w1.example")
    made = Witness(tmp_path / "w")
    made.trust([Log([]).key])
    return made


@pytest.fixture
def url(witness: Witness) -> Iterator[str]:
    with serving(App(witness)) as url:
        yield url


def test_what_it_answers_on_the_wire(witness: Witness, url: str) -> None:
    """200 with a line, 409 with the size in its own media type, the rest with a word."""
    log, add = Log(leaves(9)), f"{url}/add-checkpoint"
    offer = Offer(0, (), greased(log.note(5)))
    done = fetch(add, body=offer.write())
    assert done.status == 200
    (line,) = signed_by(Note(offer.note.text, read_signatures(done.body)), [witness.key], verify)
    assert line.key == witness.key
    other = fetch(add, body=log.offer(3).write())
    assert (409, "text/x.tlog.size", b"5\n") == (
        other.status,
        other.headers["content-type"],
        other.body,
    )
    fork = Log(leaves(5, "fork"))
    for status, body in (
        (400, b"old 5\n"),
        (404, Log(leaves(2), "other.example").offer(0).write()),
        (403, Log(leaves(9), seed="thief").offer(5).write()),
        (400, Offer(9, (), log.note(5)).write()),
        (422, Offer(5, (), fork.note()).write()),
    ):
        assert status == fetch(add, body=body).status
    assert [fork.head().root] == [one.root for one in witness.refused(ORIGIN)]


def test_what_it_monitors(witness: Witness, url: str) -> None:
    """The latest cosigned checkpoint stands at the hash of the origin; 404 before the first."""
    log = Log(leaves(9))
    assert fetch(f"{url}/{HASH}/checkpoint").status == 404
    fetch(f"{url}/add-checkpoint", body=log.offer(0).write())
    shown = open_checkpoint(
        fetch(f"{url}/{HASH}/checkpoint").body, [log.key], [witness.key], verify
    )
    assert log.head() == shown.checkpoint
    assert len(shown.cosigned) == 1
    for path in ("", "/", f"/{HASH.upper()}/checkpoint", f"/{HASH}", "/x/checkpoint"):
        assert fetch(f"{url}{path}").status == 404
    assert fetch(f"{url}/add-checkpoint").status == 405
    assert fetch(f"{url}/{HASH}/checkpoint", body=b"x").status == 405


def test_a_request_without_end_is_cut(witness: Witness, url: str) -> None:
    """More than a note may have is refused without being kept."""
    assert fetch(f"{url}/add-checkpoint", body=b"old 0\n\n" + b"x" * 3_000_000).status == 400


def test_a_request_that_drips_is_let_go(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever does not finish in time is told so."""
    monkeypatch.setattr("noticeboard.agent.app.PATIENCE", 0.3)
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 10) as line:
        line.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nold")
        assert b"408" in line.recv(4096)


class Process:
    """`noticeboard witness` in a process of its own."""

    def __init__(self, home: Path, *more: str) -> None:
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "noticeboard", "witness", "--home", str(home)),
                *("--name", "w1.example", "--port", "0", "--json", *more),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.said: list[dict[str, Any]] = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(json.loads(line))
            if "url" in self.said[-1]:
                break

    @property
    def url(self) -> str:
        """Give its address."""
        return str(self.said[-1]["url"])

    def kill(self) -> None:
        """Kill it as a power cut would."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=20)


def _cosign(url: str, log: Log, step: int, got: list[tuple[Checkpoint, int]], key: Any) -> None:
    """Bring the log forward until the other side is gone, noting each cosignature."""
    old = 0
    while True:
        new = min(old + step, len(log.leaves))
        offer = log.offer(old, new)
        try:
            answer = fetch(f"{url}/add-checkpoint", body=offer.write(), timeout=10)
        except Unavailable:
            return
        if answer.status == 409:
            old = int(answer.body)
            continue
        if answer.status == 200:
            (one,) = signed_by(Note(offer.note.text, read_signatures(answer.body)), [key], verify)
            got.append((log.head(new), one.at or 0))
            old = new


def test_a_killed_witness_holds_every_cosignature_it_gave(tmp_path: Path) -> None:
    """Killed at random moments under load: no cosignature is in the world that it forgot."""
    home, dice, got = tmp_path / "w", Random(7), list[tuple[Checkpoint, int]]()
    log = Log(leaves(400))
    for _ in range(4):
        running = Process(home, "--trust", log.key.text)
        witness = Witness(home)
        clients = [
            threading.Thread(target=_cosign, args=(running.url, log, step, got, witness.key))
            for step in (1, 3)
        ]
        for client in clients:
            client.start()
        threading.Event().wait(0.1 + dice.random() * 0.5)
        running.kill()
        for client in clients:
            client.join(30)
        held = witness.held(ORIGIN)
        if got:
            assert held is not None
            assert max(head.size for head, _at in got) <= held.size
            assert log.head(held.size) == held
            (kept,) = witness.everything()
            shown = open_checkpoint(kept.note, [log.key], [witness.key], verify)
            assert max(at for _head, at in got) <= (shown.cosigned[0].at or 0)
        witness.close()
    assert len(got) > 10, "nothing was tried"


def test_two_processes_that_are_offered_two_faces_cosign_one(tmp_path: Path) -> None:
    """Two programs on one folder behind two sockets: exactly one face gets a line."""
    origins = [f"race{n}.example" for n in range(5)]
    keys = [Log([], origin).key.text for origin in origins]
    first = Process(tmp_path / "w", *(word for key in keys for word in ("--trust", key)))
    second = Process(tmp_path / "w")
    try:
        for origin in origins:
            faces = [Log([f"{face}".encode()], origin).offer(0).write() for face in range(6)]
            with ThreadPoolExecutor(6) as pool:
                adds = [f"{url}/add-checkpoint" for url in (first.url, second.url) * 3]
                got = pool.map(lambda add, face: fetch(add, body=face).status, adds, faces)
                assert [200, *[409] * 5] == sorted(got)
    finally:
        first.kill()
        second.kill()


def test_a_program_whose_database_is_lost_says_what_to_do(tmp_path: Path) -> None:
    """It does not start, exits 1 and names the way: a new name and key."""
    make(tmp_path / "w", "w1.example")
    (tmp_path / "w" / "witness.db").unlink()
    done = subprocess.run(
        [sys.executable, "-m", "noticeboard", "witness", "--home", str(tmp_path / "w")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "新的名字" in done.stderr
