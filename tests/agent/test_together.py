"""All of it as people run it: a board, three witnesses and a mirror, each a program of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from noticeboard.cli import main
from noticeboard.core.checkpoints import open_checkpoint
from noticeboard.core.notes import Key, read_key
from noticeboard.core.problems import Unavailable
from noticeboard.net.client import fetch
from noticeboard.signing.ed25519 import verify

VILLAGE = "330106001"


class Programs:
    """Programs that end with the test; each says on a line that it is there."""

    def __init__(self) -> None:
        self.open = ExitStack()

    def run(self, *words: str) -> subprocess.Popen[str]:
        """Start one and wait for its first word."""
        running = subprocess.Popen(
            [sys.executable, "-m", "noticeboard", *words], stdout=subprocess.PIPE, text=True
        )
        self.open.callback(self.end, running)
        assert running.stdout is not None
        assert running.stdout.readline(), "it ended at once"
        return running

    def end(self, running: subprocess.Popen[str], how: int = signal.SIGTERM) -> None:
        """End one."""
        if running.poll() is None:
            os.kill(running.pid, how)
        running.communicate(timeout=30)


@pytest.fixture
def programs() -> Iterator[Programs]:
    made = Programs()
    yield made
    made.open.close()


def told(*words: str) -> dict[str, Any]:
    """Run a command in a process of its own; gives what it says as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "noticeboard", *words, "--json"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as asked:
        return int(asked.getsockname()[1])


def until(found: Callable[[], bool], seconds: float = 60) -> None:
    over = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < over, "it never came"
        threading.Event().wait(0.1)


def cosigned(url: str, log: Key, witnesses: Sequence[Key]) -> tuple[int, set[str]]:
    """Give the served head's size, and who of the witnesses stands under it."""
    try:
        data = fetch(f"{url}/checkpoint").body
    except Unavailable:
        return -1, set()
    if not data.startswith(log.name.encode()):
        return -1, set()
    found = open_checkpoint(data, [log], witnesses, verify)
    return found.checkpoint.size, {one.key.name for one in found.cosigned}


def test_a_post_comes_to_a_quorum(programs: Programs, tmp_path: Path) -> None:
    """Three witnesses, one of them behind a router with a mirror; one is killed, two go on."""
    home, port = str(tmp_path / "board"), free_port()
    told("init", "--home", home, "--village", VILLAGE, "--name", "示例村")
    (vkey,) = told("keys", "show", "--home", home, "--village", VILLAGE)["keys"]
    log = read_key(vkey["vkey"])
    url, ports = f"http://127.0.0.1:{port}/log/{VILLAGE}", (free_port(), free_port())
    running = []
    for n, at in enumerate(ports, 1):
        words = ("--home", str(tmp_path / f"w{n}"), "--name", f"w{n}.example")
        running.append(programs.run("witness", *words, "--port", str(at), "--trust", log.text))
    hall = str(tmp_path / "hall")
    from noticeboard.signing.witness import make

    make(Path(hall), "hall.example")
    folders = (tmp_path / "w1", tmp_path / "w2", Path(hall))
    keys = [read_key(told("witness", "show", "--home", str(f))["vkey"]) for f in folders]
    (tmp_path / "board" / "policy").write_text(
        f"witness w1 {keys[0].text} http://127.0.0.1:{ports[0]}\n"
        f"witness w2 {keys[1].text} http://127.0.0.1:{ports[1]}/\n"
        f"witness hall {keys[2].text}\n"
        "group two 2 w1 w2 hall\nquorum two\n"
    )
    told("log", "mirrors", "--home", home, "--village", VILLAGE, "--add", keys[2].text)
    programs.run("serve", "--home", home, "--port", str(port))
    pulling = ("--pull", url, "--key", log.text, "--mirror", "--every", "0.5")
    programs.run("witness", "--home", hall, *pulling)
    everybody = {"w1.example", "w2.example", "hall.example"}
    until(lambda: cosigned(url, log, keys)[1] == everybody)
    size = cosigned(url, log, keys)[0]
    programs.end(running[0], signal.SIGKILL)
    told("people", "add", "--home", home, "lifang", "李芳")
    told(
        "people",
        "appoint",
        "--home",
        home,
        "--village",
        VILLAGE,
        "--as",
        "admin",
        "lifang",
        "clerk",
    )
    until(lambda: cosigned(url, log, keys) == (size + 1, {"w2.example", "hall.example"}))
    # It comes back on the same folder and goes on from where it was.
    words = ("--home", str(tmp_path / "w1"), "--port", str(ports[0]))
    programs.run("witness", *words)
    until(lambda: cosigned(url, log, keys) == (size + 1, everybody), 90)
    listed = told("log", "mirrors", "--home", home, "--village", VILLAGE)
    assert [("hall.example", size + 1)] == [(m["name"], m["size"]) for m in listed["mirrors"]]
    shown = told("witness", "show", "--home", hall)
    assert [(log.name, size + 1, [])] == [
        (one["origin"], one["size"], one["refused"]) for one in shown["logs"]
    ]
    (mirror,) = (Path(hall) / "mirror").iterdir()
    eyes = ("--home", str(tmp_path / "eyes"), "--key", log.text)
    assert told("verify", *eyes, "--url", str(mirror))["entries"] == size + 1


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("witness\n", "第 1 行"),
        ("quorum none\nwitness w1 w1.example+00000000+AAAA\n", "第 2 行"),
        ("witness w1 here\n", "公钥"),
        ("quorum nobody\n", "名字"),
    ],
)
def test_a_wrong_policy_is_said_in_words(
    tmp_path: Path, policy: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A board does not start on it and says which line."""
    home = tmp_path / "board"
    assert main(["init", "--home", str(home), "--village", VILLAGE, "--name", "示例村"]) == 0
    (home / "policy").write_text(policy)
    assert main(["serve", "--home", str(home), "--port", str(free_port())]) == 1
    assert said in capsys.readouterr().err


def test_a_witness_has_a_folder_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not the board's, whose backups would bring it back to an older state."""
    home = str(tmp_path / "board")
    assert main(["init", "--home", home, "--village", VILLAGE, "--name", "示例村"]) == 0
    assert main(["witness", "--home", home, "--name", "w1.example"]) == 1
    assert "自己的文件夹" in capsys.readouterr().err


def test_what_the_witness_command_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder without a witness, another name, a key that is none: each in words, exit 1."""
    home = str(tmp_path / "w")
    from noticeboard.signing.witness import make

    assert main(["witness", "--home", home]) == 1
    assert main(["witness", "show", "--home", home, "--name", "w1.example"]) == 1
    make(Path(home), "w1.example")
    for wrong in (
        ["--name", "w2.example"],
        ["--trust", "hello"],
        ["--every", "0"],
        ["--mirror"],
    ):
        assert main(["witness", "--home", home, *wrong]) == 1
        assert capsys.readouterr().err.startswith("✗")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["witness", "--home", home, "--port", port]) == 1


def test_mirrors_are_listed_once_and_struck_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mirror is listed by its witness's key; nonsense and a second time are refused."""
    home = str(tmp_path / "board")
    from noticeboard.signing.witness import Witness, make

    make(tmp_path / "w", "hall.example")
    key = Witness(tmp_path / "w").key.text
    assert main(["init", "--home", home, "--village", VILLAGE, "--name", "示例村"]) == 0
    mirrors = ["log", "mirrors", "--home", home, "--village", VILLAGE]
    assert main(mirrors) == 0
    assert main([*mirrors, "--add", key]) == 0
    assert "hall.example" in capsys.readouterr().out
    assert main([*mirrors, "--add", key]) == 1
    assert main([*mirrors, "--add", "x"]) == 1
    assert main([*mirrors[:-1], "none"]) == 1
    assert main([*mirrors, "--remove", "hall.example"]) == 0
    assert main([*mirrors, "--remove", "hall.example"]) == 1
