"""A board that is written to and signed until it is killed; started by test_signing_kill.py.

Each line on stdin is a round: {"home", "report", "seed"} with "seconds", after which it is killed,
or with "die", the name of the point in one signing at which it kills itself. The child says in the
report every note that the signer gave and every checkpoint that was served: what anybody outside
may have seen. A round with a home alone makes it.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from noticeboard.board import checkpoints
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.signing.disk import Disk
from noticeboard.signing.signer import Signer
from noticeboard.store import checkpoints as rows
from noticeboard.store import notices
from noticeboard.store.database import Database
from tests.cast import VILLAGE, Cast, cast_in

Say = Callable[..., None]


def die() -> None:
    """Be gone, as by a power cut that spares the disk."""
    os.kill(os.getpid(), signal.SIGKILL)


class DyingDisk(Disk):
    """A disk of which call `last` is the last thing this process does."""

    def __init__(self, last: int) -> None:
        self.left = last

    def _count(self) -> None:
        self.left -= 1
        if self.left == 0:
            die()

    def open(self, path: Path, flags: int) -> int:
        """Open, and count."""
        handle = super().open(path, flags)
        self._count()
        return handle

    def write(self, handle: int, data: bytes) -> None:
        """Write, and count."""
        super().write(handle, data)
        self._count()

    def fsync(self, handle: int) -> None:
        """Sync, and count."""
        super().fsync(handle)
        self._count()

    def rename(self, old: Path, new: Path) -> None:
        """Rename, and count."""
        super().rename(old, new)
        self._count()


class DyingDatabase(Database):
    """A database whose process dies before or after it commits, once told to."""

    point = ""

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Write, and die at the point."""
        with super().write() as tx:
            yield tx
            if self.point == "before the commit":
                die()
        if self.point == "after the commit":
            die()


class TellingSigner(Signer):
    """A signer that says what it signed: from that moment anybody may have it."""

    def __init__(self, folder: Path, say: Say, disk: Disk, point: str) -> None:
        super().__init__(folder, disk)
        self.say, self.point = say, point

    def sign(self, origin: str, old: int, proof: tuple[bytes, ...], new: Checkpoint) -> bytes:
        """Sign, say it, and die if this is the point."""
        note = super().sign(origin, old, proof, new)
        self.say(note=note.decode())
        if self.point == "signed":
            die()
        return note


def sign(cast: Cast, signer: Signer, say: Say) -> None:
    """Let time pass, sign, and say what is served then."""
    cast.clock.on(checkpoints.EVERY)
    checkpoints.sign_due(cast.board, signer)
    with cast.board.database.read() as tx:
        note = checkpoints.served(tx, VILLAGE)
    if note is not None:
        say(note=note.decode())


def live(home: Path, told: dict[str, Any], say: Say) -> None:
    """Write and sign until killed, or until the one signing in which it dies."""
    cast = cast_in(home)
    dice, point = random.Random(told["seed"]), told.get("die", "")
    with cast.board.database.read() as tx:
        signed = rows.latest(tx, VILLAGE)
        last = notices.head_of(tx, VILLAGE).village.last_at
        cast.clock.now = max(last, signed.at if signed else 0) + 1
    disk = DyingDisk(int(point.removeprefix("disk "))) if point.startswith("disk ") else Disk()
    signer = TellingSigner(home / "signer", say, disk, point)
    if not point:
        say(alive=True)
        while True:
            cast.submitted()
            if dice.random() < 0.5:
                sign(cast, signer, say)
    for _ in range(1 + dice.randrange(4)):
        cast.submitted()
    database = DyingDatabase(str(cast.board.database.engine.url))
    cast.board.database.close()
    cast.board.database = database
    database.point = point
    sign(cast, signer, say)
    say(over=True)


def main() -> None:
    """Make a home or, where a report is asked for, fork a child that lives in it until it dies."""
    for line in sys.stdin:
        told = json.loads(line)
        home, answer = Path(told["home"]), "made"
        if "report" in told:
            answer = _killed(home, told)
        else:
            cast_in(home).board.database.close()
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


def _killed(home: Path, told: dict[str, Any]) -> str:
    child = os.fork()
    if child == 0:
        out = os.open(told["report"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)

        def say(**said: Any) -> None:
            # One write: it is in the file whole or not at all, also when the writer is killed.
            os.write(out, json.dumps(said).encode() + b"\n")

        try:
            live(home, told, say)
        finally:
            os._exit(7)
    if "seconds" in told:
        time.sleep(told["seconds"])
        os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    return f"killed by {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "ended by itself"


if __name__ == "__main__":
    main()
