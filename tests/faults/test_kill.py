"""`kill -9` at any moment: what was done is there, what was not is not, and both audits pass."""

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from noticeboard.auditing import verify
from noticeboard.board import Board
from noticeboard.board.keeping import sweep
from noticeboard.core.actions import Entry, read, verb
from noticeboard.store import blobs, drafts, log, notices
from noticeboard.store.database import Database
from noticeboard.store.tables import chunk, file
from tests.cast import VILLAGE, Clock

ROOT = Path(__file__).parents[2]
ACTS = {"submit", "approve", "publish", "withdraw", "redact"}
# After so many entries a home has lived long enough, and a new one begins.
OLD = 120


@pytest.fixture
def kills() -> Iterator[Callable[..., str]]:
    """Give a function that lets a board live in a process of its own for so long and kills it."""
    command = [sys.executable, "-m", "tests.faults.living"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", "PATH": "/usr/bin:/bin"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        say, hear = nursery.stdin, nursery.stdout

        def killed(**told: Any) -> str:
            say.write(json.dumps(told) + "\n")
            say.flush()
            return hear.readline().strip()

        yield killed
        say.close()


class Before:
    """What a home held before it was written to and killed."""

    def __init__(self, board: Board) -> None:
        with board.database.read() as tx:
            self.size = log.count(tx, VILLAGE)
            self.due = [code for _village, code in notices.due(tx, 2**40)]
            self.drafts = {d.code: d.version for d in drafts.of_village(tx, VILLAGE)}


def opened(home: Path) -> Board:
    """Open a home as the next start does."""
    board = Board(Database(f"sqlite:///{home / 'board.db'}"), clock=Clock(), home=home)
    with board.database.read() as tx:
        board.clock = Clock(notices.head_of(tx, VILLAGE).village.last_at + 1)
    return board


def check(board: Board, home: Path, before: Before, told: list[dict[str, Any]]) -> None:
    """Compare what was said to be done with what is there."""
    last = told[-1] if told and "tries" in told[-1] else {}
    _acts(board, before, told, last)
    _drafts(board, before, told, last)
    _files(board, told)
    gone = [line["name"] for line in told if line.get("done") == "gone"]
    if last.get("tries") == "redact" and _entries(board)[-1][1:] == ("redact", last["code"]):
        gone.append(last["name"])
    sweep(board)
    data = b"".join(path.read_bytes() for path in home.glob("board.db*"))
    assert [] == [name for name in gone if name.encode() in data]


def _entries(board: Board) -> list[tuple[int, str, str]]:
    with board.database.read() as tx:
        held = [(index, read(raw)) for index, raw in log.leaves(tx, VILLAGE)]
    return [
        (index, verb(entry.action), getattr(entry.action, "code", ""))
        for index, entry in held
        if isinstance(entry, Entry)
    ]


def _acts(board: Board, before: Before, told: list[dict[str, Any]], last: dict[str, Any]) -> None:
    """Every act that was done is where it was said; at most the one in flight is there besides."""
    done = [tuple(entry) for line in told for entry in line.get("entries", ())]
    written = _entries(board)[before.size :]
    assert done == written[: len(done)]
    more = [(act, code) for _index, act, code in written[len(done) :]]
    if last.get("tries") == "publish":
        # What a former life left scheduled goes up in the same tick.
        assert {code for act, code in more if act == "publish"} <= {last["code"], *before.due}
        assert len(set(more)) == len(more)
    else:
        assert more in ([], [(last["tries"], last["code"])] if "code" in last else [])


def _drafts(board: Board, before: Before, told: list[dict[str, Any]], last: dict[str, Any]) -> None:
    """Every draft stands at the version it was said to have; imports are whole or not there."""
    expected = dict(before.drafts)
    for line in told:
        match line:
            case {"done": "draft"}:
                expected[line["code"]] = line["version"]
            case {"done": "import"}:
                expected |= dict.fromkeys(line["codes"], 0)
            case {"done": "discard"}:
                expected.pop(line["code"])
            case {"done": "acts"}:
                for _index, act, code in line["entries"]:
                    expected.pop(code if act == "submit" else "", None)
    with board.database.read() as tx:
        there = {draft.code: draft for draft in drafts.of_village(tx, VILLAGE)}
    held = {code: draft.version for code, draft in there.items()}
    new = {code: version for code, version in held.items() if code not in expected}
    match last.get("tries"):
        case "draft":
            assert list(new.values()) in ([], [0])
        case "import":
            assert len(new) in (0, 3)
            assert {last["source"]} >= {there[code].source for code in new}
        case "save":
            version = held.pop(last["code"])
            assert version in (last["version"], last["version"] + 1)
            assert expected.pop(last["code"]) == last["version"]
            assert {} == new
        case "submit" | "discard":
            assert held.pop(last["code"], last["version"]) == last["version"]
            expected.pop(last["code"], None)
            assert {} == new
        case _:
            assert {} == new
    assert expected == {code: version for code, version in held.items() if code not in new}


def _files(board: Board, told: list[dict[str, Any]]) -> None:
    """Every photograph is there byte for byte, and none is there by half."""
    with board.database.read() as tx:
        for line in told:
            if line.get("done") == "file":
                held = blobs.file_of(tx, VILLAGE, line["c"])
                assert held is not None
                assert line["sha"] == sha256(held.data).hexdigest()
        lengths = tx.execute(
            select(file.c.len, func.sum(func.length(chunk.c.bytes)))
            .join(chunk, chunk.c.c == file.c.c, isouter=True)
            .group_by(file.c.c)
        )
        assert [] == [row for row in lengths if row[0] != row[1]]


def test_nothing_is_lost_or_doubled_whenever_it_is_killed(
    tmp_path: Path,
    rng: random.Random,
    counts: Callable[[int], int],
    kills: Callable[..., str],
) -> None:
    """Drafts, imports, photographs, acts, ticks, erasures: killed at a random moment, opened again.

    A home goes on where it was killed, so that a crash after a crash is tried too.
    """
    home, said = tmp_path / "first", set[str]()
    kills(home=str(home))
    for life in range(counts(500)):
        board = opened(home)
        before = Before(board)
        board.database.close()
        report = tmp_path / f"report-{life}"
        report.touch()
        seconds = rng.choice([0.02, 0.3]) + rng.random() * 0.15
        answer = kills(
            home=str(home), report=str(report), seed=rng.getrandbits(48), seconds=seconds
        )
        assert "killed by 9" == answer
        told = [json.loads(line) for line in report.read_text().splitlines()]
        said |= {str(line.get("tries") or line.get("done")) for line in told}
        board = opened(home)
        check(board, home, before, told)
        assert [] == verify(board).problems
        board.database.close()
        if before.size > OLD:
            home = tmp_path / f"home-{life}"
            kills(home=str(home))
    assert said >= {*ACTS, "draft", "import", "save", "file", "gone"}
