"""A board in the office and, in the hall, a witness that pulls with a mirror beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from noticeboard.agent.pulling import Pull, folder_of
from noticeboard.board import Board, checkpoints, founding, mirroring, taking_down
from noticeboard.board.board import Done
from noticeboard.core.tiles import bundles, unpack
from noticeboard.signing.witness import Witness, make
from noticeboard.store import heads, log, mirrors
from noticeboard.web.front import Front
from tests.agent.serving import serving
from tests.cast import KEY, ORIGIN, VILLAGE, Cast, signer_in

HASH = sha256(ORIGIN.encode()).hexdigest()


async def _no_desk(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("nobody signs in here")


@contextmanager
def board_at(cast: Cast) -> Iterator[str]:
    """Serve a board's public face; gives the address of the village's log."""
    with serving(Front(_no_desk, cast.board)) as url:
        yield f"{url}/log/{VILLAGE}"


class Hall:
    """A board in the office; in the hall a witness that pulls, with a mirror."""

    def __init__(self, folder: Path, cast: Cast, url: str) -> None:
        self.folder, self.cast, self.board = folder, cast, cast.board
        make(folder / "w", "hall.example")
        self.witness = Witness(folder / "w", clock=cast.clock)
        self.witness.trust([KEY])
        self.url, self.in_office = url, False
        self.pull = Pull(url, self.witness, folder / "mirrors")
        self.mirror = folder / "mirrors" / folder_of(ORIGIN)
        checkpoints.set_policy(self.board, f"witness hall {self.witness.key.text}\nquorum hall\n")
        mirroring.add(self.board, VILLAGE, self.witness.key.text)

    def sign(self, folder: Path | None = None) -> None:
        """Let what was done be signed."""
        self.cast.clock.on(checkpoints.EVERY)
        signer = signer_in(folder or self.folder / "home" / "signer")
        assert [VILLAGE] == checkpoints.sign_due(self.board, signer)

    def done(self) -> None:
        """Let what was done be signed and pulled."""
        self.sign()
        self.pull.once()

    def grow(self, size: int) -> None:
        """Bring the log to a size, Dan coming into and out of office."""
        dan, keeper = self.cast.accounts["dan"], self.cast.accounts["admin"]
        while self.cast.entries() < size:
            act = founding.dismiss if self.in_office else founding.appoint
            act(self.board, VILLAGE, dan, "clerk", keeper)
            self.in_office = not self.in_office

    def redact(self, code: str, **what: Any) -> Done:
        """Erase something of a notice."""
        ground = "personal-data"
        return taking_down.redact(self.board, VILLAGE, code, self.cast.anna, ground=ground, **what)

    def withdraw(self, code: str) -> None:
        """Take a notice down."""
        ground = "wrong-facts"
        taking_down.withdraw(self.board, VILLAGE, code, self.cast.anna, ground=ground)

    def standing(self) -> tuple[int, int, bool]:
        """Give size, agreed and met as pages say it."""
        with self.board.database.read() as tx:
            found = checkpoints.witnessed(
                tx, VILLAGE, checkpoints.policy_of(tx), self.cast.clock.now
            )
        assert found is not None
        return found.signed.size, found.agreed, found.met

    def frozen(self) -> str:
        """Give why the log stands still, or ""."""
        with self.board.database.read() as tx:
            return heads.frozen(tx, VILLAGE)

    def confirmed(self) -> int:
        """Give the size up to which the mirror has confirmed."""
        with self.board.database.read() as tx:
            (one,) = mirrors.of_village(tx, VILLAGE)
        return one.size

    def leaves(self) -> list[bytes]:
        """Give the board's own entries."""
        with self.board.database.read() as tx:
            return [leaf for _index, leaf in log.leaves(tx, VILLAGE)]

    def everything(self) -> list[Path]:
        """Give every file of the mirror."""
        return [path for path in self.mirror.rglob("*") if path.is_file()]

    def files(self, kind: str) -> set[str]:
        """Name the mirror's files of a kind."""
        folder = self.mirror / kind
        return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


class Altered:
    """A board of which somebody on the way changes some answers."""

    def __init__(self, board: Board, answers: dict[str, bytes | None]) -> None:
        self.front = Front(_no_desk, board)
        self.answers = answers

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer as the board does, but for what is altered; None is not there."""
        if scope["path"] not in self.answers:
            await self.front(scope, receive, send)
            return
        body = self.answers[scope["path"]]
        status = 200 if body is not None else 404
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body or b""})


def mirrored(folder: Path, size: int) -> list[bytes]:
    return [
        leaf
        for bundle in bundles(size)
        for leaf in unpack((folder / bundle.path).read_bytes(), bundle.width)
    ]
