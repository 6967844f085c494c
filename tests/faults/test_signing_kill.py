"""`kill -9` while signing: whatever anybody saw signed is in the log for ever, and never forks."""

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from noticeboard.board import Board, checkpoints
from noticeboard.board.second_path import AHEAD, OTHER
from noticeboard.store import checkpoints as rows
from noticeboard.store import heads, notices
from noticeboard.store.database import Database
from tests.cast import KEY, ORIGIN, VILLAGE, Clock, cast_in, signer_in
from tests.logs import Mirror

ROOT = Path(__file__).parents[2]
# After so many entries a home has lived long enough, and a new one begins.
OLD = 400
# One signing, from the state's first write to the note that is served; `disk n` is after call n.
POINTS = [*(f"disk {n}" for n in range(1, 7)), "signed", "before the commit", "after the commit"]


@pytest.fixture
def kills() -> Iterator[Callable[..., str]]:
    """Give a function that lets a board live and sign in a process of its own until it dies."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.signing_life"],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", "PATH": "/usr/bin:/bin"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        say, hear = nursery.stdin, nursery.stdout

        def killed(**told: object) -> str:
            say.write(json.dumps(told) + "\n")
            say.flush()
            return hear.readline().strip()

        yield killed
        say.close()


def opened(home: Path) -> Board:
    """Open a home as the next start does, some time later."""
    board = Board(Database(f"sqlite:///{home / 'board.db'}"), home=home)
    with board.database.read() as tx:
        signed = rows.latest(tx, VILLAGE)
        last = max(notices.head_of(tx, VILLAGE).village.last_at, signed.at if signed else 0)
    board.clock = Clock(last + checkpoints.EVERY)
    checkpoints.look(board, signer_in(home / "signer"))
    return board


def frozen(board: Board) -> str:
    """Give why the village is frozen, or ""."""
    with board.database.read() as tx:
        return heads.frozen(tx, VILLAGE)


def seen(report: Path, mirror: Mirror) -> int:
    """Let the mirror take every note that came out of the process; gives how many."""
    told = [json.loads(line) for line in report.read_text().splitlines()]
    notes = [one["note"].encode() for one in told if "note" in one]
    for note in notes:
        mirror.saw(note)
    return len(notes)


def goes_on(home: Path, mirror: Mirror) -> int:
    """Start again, sign, and let the mirror prove all it saw; gives the size of the log."""
    board = opened(home)
    assert "" == frozen(board)
    checkpoints.sign_due(board, signer_in(home / "signer"))
    with board.database.read() as tx:
        head = mirror.look(tx)
        size = notices.head_of(tx, VILLAGE).village.size
    board.database.close()
    assert head is None or head.size == size
    return size


@pytest.mark.parametrize("point", POINTS)
def test_a_signing_may_die_anywhere(tmp_path: Path, kills: Callable[..., str], point: str) -> None:
    """Three lives in a row die at the same point; each time the log goes on from there."""
    home, mirror = tmp_path / "home", Mirror(KEY)
    kills(home=str(home))
    for life in range(3):
        report = tmp_path / f"report-{life}"
        report.touch()
        answer = kills(home=str(home), report=str(report), seed=life, die=point)
        assert "killed by 9" == answer
        seen(report, mirror)
        goes_on(home, mirror)
    assert mirror.seen


def test_there_are_no_more_points(tmp_path: Path, kills: Callable[..., str]) -> None:
    """After the last named call of the disk comes none: a later one is never reached."""
    home = tmp_path / "home"
    kills(home=str(home))
    report = tmp_path / "report"
    report.touch()
    assert "ended by itself" == kills(home=str(home), report=str(report), seed=1, die="disk 7")
    assert '"over"' in report.read_text()


def test_no_signed_checkpoint_is_lost_whenever_it_is_killed(
    tmp_path: Path,
    rng: random.Random,
    counts: Callable[[int], int],
    kills: Callable[..., str],
) -> None:
    """At a random moment, again and again on the same home, with somebody outside watching."""
    home, mirror, notes = tmp_path / "first", Mirror(KEY), 0
    kills(home=str(home))
    for life in range(counts(100)):
        report = tmp_path / f"report-{life}"
        report.touch()
        seconds = 0.1 + rng.random() * 0.4
        seed = rng.getrandbits(48)
        answer = kills(home=str(home), report=str(report), seed=seed, seconds=seconds)
        assert "killed by 9" == answer
        notes += seen(report, mirror)
        if goes_on(home, mirror) > OLD:
            home, mirror = tmp_path / f"home-{life}", Mirror(KEY)
            kills(home=str(home))
    assert notes > counts(100)


def test_a_restored_database_is_found_out(tmp_path: Path) -> None:
    """A copy from before, put back: frozen before anything is written, and nothing is signed."""
    home = tmp_path / "home"
    cast = cast_in(home)
    signer = signer_in(home / "signer")
    cast.published()
    checkpoints.sign_due(cast.board, signer)
    cast.board.database.scrub()
    shutil.copy(home / "board.db", tmp_path / "backup")
    cast.clock.on(60)
    cast.published()
    assert [VILLAGE] == checkpoints.sign_due(cast.board, signer)
    newest = signer.state(ORIGIN)
    cast.board.database.close()
    for file in home.glob("board.db*"):
        file.unlink()
    shutil.copy(tmp_path / "backup", home / "board.db")
    board = opened(home)
    assert AHEAD == frozen(board)
    assert [] == checkpoints.sign_due(board, signer)
    assert newest == signer.state(ORIGIN)
    board.database.close()


def test_a_restored_database_that_was_written_on_is_found_out(tmp_path: Path) -> None:
    """Also when it has grown past the signed size before any signer looked at it."""
    home = tmp_path / "home"
    cast = cast_in(home)
    signer = signer_in(home / "signer")
    cast.published()
    cast.board.database.scrub()
    shutil.copy(home / "board.db", tmp_path / "backup")
    cast.published()
    checkpoints.sign_due(cast.board, signer)
    cast.board.database.close()
    for file in home.glob("board.db*"):
        file.unlink()
    shutil.copy(tmp_path / "backup", home / "board.db")
    again = cast_in(home)
    again.clock.on(1000)
    for _ in range(3):
        again.published()
    assert [] == checkpoints.sign_due(again.board, signer)
    assert OTHER == frozen(again.board)
    again.board.database.close()
