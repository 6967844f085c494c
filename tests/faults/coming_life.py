"""A board that comes back, or exchanges its keys, until it is killed; started by test_coming_kill.

Each line on stdin is a round: {"home", "what", …} with "die", the step at which the process kills
itself (0: none), and "seconds", after which it is killed. Steps are all statements that SQLite is
given and all calls to the signer's disk, in their order. The answer is how it ended and how many
steps there were; forking keeps a round short.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import event

from noticeboard.board import Board, coming_back, keyring, succeeding, thawing
from noticeboard.net.sources import FolderSource
from noticeboard.signing.disk import Disk
from noticeboard.signing.signer import Signer
from noticeboard.store import people
from noticeboard.store.database import Database
from tests.cast import VILLAGE


class Steps:
    """Counts what is done, and ends the process at one of them."""

    def __init__(self, last: int) -> None:
        self.last, self.count = last, 0

    def step(self, *_: object) -> None:
        """Count one more."""
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


class CountedDisk(Disk):
    """A disk whose calls are steps, each once before it is made."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps

    def open(self, path: Path, flags: int) -> int:
        """Open, as a step."""
        self.steps.step()
        return super().open(path, flags)

    def write(self, handle: int, data: bytes) -> None:
        """Write a half, then all of it."""
        self.steps.step()
        super().write(handle, data[: len(data) // 2])
        self.steps.step()
        super().write(handle, data[len(data) // 2 :])

    def fsync(self, handle: int) -> None:
        """Sync, as a step."""
        self.steps.step()
        super().fsync(handle)

    def rename(self, old: Path, new: Path) -> None:
        """Rename, as a step."""
        self.steps.step()
        super().rename(old, new)


def do(board: Board, signer: Signer, told: dict[str, Any]) -> Any:
    """Do one of the five errands; gives what the board gives."""
    with board.database.read() as tx:
        keeper = people.by_login(tx, "admin")
        assert keeper is not None
        number = people.number_in(tx, VILLAGE, keeper.id)
        assert number is not None
    match told["what"]:
        case "recover":
            return coming_back.recover(board, signer, VILLAGE, FolderSource(Path(told["copy"])))
        case "thaw":
            return thawing.thaw(board, signer, VILLAGE, thawing.read_printed(told["printed"]))
        case "successor":
            return succeeding.succeed(
                board, signer, VILLAGE, ground="entries-lost", keeper=keeper.id
            )
        case "rotate":
            return keyring.rotate(board, signer, VILLAGE, number)
        case "retire":
            return keyring.retire(board, signer, VILLAGE, number)


def live(told: dict[str, Any], steps: Steps) -> None:
    """Do it, on a board and with a signer as a command opens them."""
    home, at = Path(told["home"]), told["at"]
    database = Database(f"sqlite:///{home / 'board.db'}")
    event.listen(database.engine, "connect", lambda raw, _: raw.set_trace_callback(steps.step))
    board = Board(database, clock=lambda: at, home=home)
    do(board, Signer(home / "signer", CountedDisk(steps)), told)


def main() -> None:
    """Fork a child for each round and say how it ended."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_killed(json.loads(line))) + "\n")
        sys.stdout.flush()


def _killed(told: dict[str, Any]) -> tuple[str, int]:
    steps = Steps(told.get("die", 0))
    come, go = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            live(told, steps)
            os.write(go, b"%d" % steps.count)
        finally:
            os._exit(7)
    os.close(go)
    if "seconds" in told:
        time.sleep(told["seconds"])
        os.kill(child, signal.SIGKILL)
    with os.fdopen(come) as told_by:
        count = int(told_by.read() or "0")
    _pid, status = os.waitpid(child, 0)
    return ("killed" if os.WIFSIGNALED(status) and not count else "ended"), count


if __name__ == "__main__":
    main()
