"""Reading apart: an answer or words, in time, whatever the file does to its reader."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from noticeboard.core.problems import NotValid, Unavailable
from noticeboard.formats.apart import Apart

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a child find the jobs beside this file."""
    before = os.environ.get("PYTHONPATH")
    paths = [str(HERE), *([before] if before else [])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))


@pytest.fixture
def made() -> Iterator[Any]:
    """Make rooms apart, and end their children afterwards."""
    rooms = []

    def make(job: str, **options: Any) -> Apart:
        rooms.append(Apart(f"jobs:{job}", **options))
        return rooms[-1]

    yield make
    for room in rooms:
        room.close()


def said(room: Apart, given: bytes = b"") -> str:
    with pytest.raises(NotValid) as refused:
        room.ask(given)
    return refused.value.findings[0].text


def alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_an_answer_comes_back_and_rows_are_told_on_the_way(made: Any) -> None:
    """Of any length, empty ones too; what a library prints is not part of it."""
    room = made("turned")
    told: list[int] = []
    given = bytes(range(256)) * 40_000
    assert given[::-1] == room.ask(given, told.append)
    assert [5_000, 10_000] == told
    assert b"" == room.ask(b"")


def test_a_refusal_comes_back_as_it_was_raised(made: Any) -> None:
    """With every finding, its place, its fix and what stands in its places."""
    with pytest.raises(NotValid) as refused:
        made("refused").ask(b"")
    assert ["A1：一改", "二 2"] == [str(finding) for finding in refused.value.findings]


def test_what_breaks_is_told_without_what_stood_in_the_file(
    made: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """The clerk gets words; the log gets the place, and nothing of the file."""
    assert "这个文件读不出来。" == said(made("broken"), b"432502199001011234")
    assert "KeyError at" in caplog.text
    assert "432502" not in caplog.text


@pytest.mark.parametrize("job", ["busy", "asleep"])
def test_a_child_that_never_ends_is_ended(made: Any, job: str) -> None:
    """On the wall's time and on the processor's."""
    begun = time.monotonic()
    assert "这个文件读得太久，停下来了。" == said(made(job, seconds=1))
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("job", ["greedy", "crashing"])
def test_a_child_that_needs_too_much_or_falls_over_harms_nobody(made: Any, job: str) -> None:
    """The next question is answered as if nothing had been."""
    room = made(job, memory=600_000_000)
    for _ in range(2):
        assert "这个文件太大，读不下来。" == said(room)


def test_a_child_that_cannot_begin_is_no_fault_of_the_file(
    made: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """While a program is replaced its child may not start: nobody is told to cut their file."""
    assert "这个文件读不出来。" == said(made("not_there", ready=False))
    assert "ended with 1" in caplog.text


def test_a_child_writes_no_file(made: Any, tmp_path: Path) -> None:
    """What stands in a file from outside never reaches a disk by its reader."""
    place = tmp_path / "kept"
    assert b"OSError" == made("writing").ask(str(place).encode())
    assert b"" == (place.read_bytes() if place.exists() else b"")


def test_each_file_has_a_child_of_its_own(made: Any) -> None:
    """Nothing of one file is about when the next one is read, and the used child is gone."""
    room = made("own_number")
    numbers = [int(room.ask(b"")) for _ in range(3)]
    assert 3 == len(set(numbers))
    assert [False] * 3 == [alive(number) for number in numbers]


def test_a_child_that_died_waiting_is_replaced(made: Any) -> None:
    """A system short of memory may end what waits; the next question finds another."""
    room = made("own_number")
    room.prepare()
    waiting = room._waiting[0]
    waiting.kill()
    waiting.wait()
    assert waiting.pid != int(room.ask(b""))


def test_questions_from_many_threads_are_all_answered(made: Any) -> None:
    """Two side by side, the others in line."""
    room = made("turned")
    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(room.ask, [b"ab", b"cd", b"ef", b"gh", b"ij"]))
    assert [b"ba", b"dc", b"fe", b"hg", b"ji"] == answers


def test_who_waits_in_line_too_long_is_told(made: Any) -> None:
    """Nobody waits for ever behind others' large files."""
    room = made("asleep", seconds=1, at_once=1, ready=False)
    room._places.acquire()
    with pytest.raises(Unavailable):
        room.ask(b"")


def test_a_waiting_child_ends_with_its_server() -> None:
    """Even when the server is killed, nothing stays behind."""
    script = (
        "from noticeboard.formats.apart import Apart\n"
        "import os, signal\n"
        "room = Apart('jobs:own_number')\n"
        "room.ask(b'')\n"
        "print(room._waiting[0].pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=False)
    number = int(done.stdout)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and alive(number) and not zombie(number):
        time.sleep(0.05)
    assert not alive(number) or zombie(number)


def zombie(number: int) -> bool:
    """Say whether a process has ended and only waits to be counted by whoever adopted it."""
    try:
        status = Path(f"/proc/{number}/status").read_text(encoding="utf-8")
    except OSError:
        return True
    return "State:\tZ" in status
