"""`kill -9` while it signs, and two that sign at once: one history comes out, nothing is lost."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from noticeboard.core.checkpoints import Checkpoint
from tests.signing.growing import begun, checked
from tests.signing.living import OTHER, TRUE
from tests.signing.logs import ORIGIN

ROOT = Path(__file__).parents[2]


class Nursery:
    """A process in which one child after another signs and is killed."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.signing.living"],
            cwd=ROOT,
            env={"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", "PATH": "/usr/bin:/bin"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self, **told: Any) -> None:
        """Let a child live; it is killed in its time."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()

    def end(self) -> None:
        """Wait until the child is dead."""
        assert self.process.stdout is not None
        assert "killed" == self.process.stdout.readline().strip()

    def close(self) -> None:
        """End it."""
        self.process.communicate()


def heard(report: Path, vkey: str) -> list[tuple[Checkpoint, str]]:
    """Give what readers got: every note that was handed out, each opened."""
    lines = report.read_bytes().split(b"\n")[:-1] if report.exists() else []
    notes = [json.loads(line) for line in lines]
    return [(checked(note.encode(), vkey), note) for note in notes]


def one_history(given: list[tuple[Checkpoint, str]]) -> None:
    """Fail where one size has two heads, or two notes."""
    seen: dict[int, str] = {}
    for head, note in given:
        assert note == seen.setdefault(head.size, note)


def test_killed_at_any_moment_it_forgets_nothing_it_signed(
    tmp_path: Path, counts: Callable[[int], int], rng: random.Random
) -> None:
    """After each kill the state stands at or behind no note, and no other history was signed."""
    signer, vkey = begun(tmp_path / "signer")
    nursery = Nursery()
    try:
        largest = 0
        for kill in range(counts(500)):
            report = tmp_path / f"{kill}.notes"
            seconds = rng.uniform(0.002, 0.03)
            told = {"seed": kill, "seconds": seconds, "report": str(report)}
            nursery.begin(folder=str(signer.folder), **told)
            nursery.end()
            given = heard(report, vkey)
            state = signer.state(ORIGIN)
            assert state is not None
            assert TRUE.head(state.size) == state
            for head, _note in given:
                assert largest <= head.size <= state.size
                assert TRUE.head(head.size) == head
            one_history(given)
            largest = state.size
    finally:
        nursery.close()
    assert largest > 5


def test_two_that_sign_two_histories_at_once_give_one(
    tmp_path: Path, counts: Callable[[int], int], rng: random.Random
) -> None:
    """Processes with the same key race for every size; whoever was first is the only one."""
    nurseries = (Nursery(), Nursery())
    both = 0
    try:
        for race in range(counts(50)):
            signer, vkey = begun(tmp_path / str(race))
            reports = [tmp_path / f"{race}.{n}.notes" for n in (0, 1)]
            for n, nursery in enumerate(nurseries):
                told = {"seed": rng.random(), "seconds": 0.15, "log": n, "report": str(reports[n])}
                nursery.begin(folder=str(signer.folder), **told)
            for nursery in nurseries:
                nursery.end()
            given = [heard(report, vkey) for report in reports]
            one_history(given[0] + given[1])
            heads = [head for one in given for head, _note in one]
            assert heads
            last = max(heads, key=lambda head: head.size)
            history = TRUE if TRUE.head(last.size) == last else OTHER
            assert all(history.head(head.size) == head for head in heads)
            both += all(given)
    finally:
        for nursery in nurseries:
            nursery.close()
    assert both
