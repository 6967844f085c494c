"""A witness in the hall against a log that is made to break it: it says so, and goes on."""

import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from noticeboard.agent.bodies import LIST
from noticeboard.agent.mirror import MOST
from noticeboard.agent.pulling import Did, Pull
from noticeboard.agent.running import pull_for_ever
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.merkle import node_hash
from noticeboard.core.notes import Note, signature
from noticeboard.core.problems import NotValid, Problem
from noticeboard.core.tiles import Tile
from noticeboard.core.tree import Tree
from noticeboard.signing.ed25519 import Private
from tests.agent.hall import Altered, Hall, board_at
from tests.agent.serving import serving
from tests.cast import KEY, ORIGIN, SEED, VILLAGE, cast_in

HUGE = (1 << 62) + 5
BROKEN = [
    b'{"format":"\xff"}',
    b"\xff\xfe",
    b'{"x":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    b"[]",
    b'{"origin":1}',
    b'{"size":' + b"9" * 5000 + b"}",
    b"",
]


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    cast = cast_in(tmp_path / "home")
    with board_at(cast) as url:
        yield Hall(tmp_path, cast, url)
    cast.board.database.close()


@pytest.mark.parametrize("data", BROKEN)
def test_a_list_that_cannot_be_read_is_refused_in_words(hall: Hall, data: bytes) -> None:
    """No UTF-8, no JSON, nested without end: each is a NotValid, and the mirror keeps what it has.

    A body or a table that is no UTF-8 is left out just so.
    """
    notice = hall.cast.published("subsidy")
    hall.done()
    held = hall.files("body")
    lies: dict[str, bytes | None] = {f"/log/{VILLAGE}/{LIST}": data}
    with serving(Altered(hall.board, lies)) as url, pytest.raises(NotValid):
        Pull(f"{url}/log/{VILLAGE}", hall.witness, hall.folder / "mirrors").once()
    assert held == hall.files("body")
    table = next(part.c for part in notice.editions[0].parts if part.rows)
    lies = {f"/log/{VILLAGE}/table/{table}": data}
    with serving(Altered(hall.board, lies)) as url, pytest.raises(NotValid):
        Pull(f"{url}/log/{VILLAGE}", hall.witness, hall.folder / "other").once()


class _Odd(Pull):
    """A pull whose first contacts end in errors that nobody thought of."""

    turns = 0

    def once(self) -> Did:
        self.turns += 1
        if self.turns == 1:
            raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "odd")
        if self.turns == 2:
            raise RecursionError("deep")
        return super().once()


def test_a_thread_that_pulls_outlives_whatever_is_raised(hall: Hall) -> None:
    """It says what happened, even to one who cannot listen, and makes the next contact."""
    hall.sign()
    heard: list[Did | Problem] = []
    there = threading.Event()

    def said(_pull: Pull, came: Did | Problem) -> None:
        heard.append(came)
        if isinstance(came, Did):
            there.set()
        raise OSError("nowhere to write it")

    over = pull_for_ever([_Odd(hall.url, hall.witness)], 0.01, said)
    try:
        assert there.wait(20)
    finally:
        over.set()
    assert ["UnicodeDecodeError", "RecursionError"] == [
        str(one).partition("（")[2].partition("(")[0] for one in heard[:2]
    ]


def perfect(level: int) -> bytes:
    """Give the root of 2^level entries that are all alike."""
    hash_ = sha256(b"\x00x").digest()
    for _ in range(level):
        hash_ = node_hash(hash_, hash_)
    return hash_


def alike(tile: Tile) -> bytes:
    """Give a tile of hashes of such a log."""
    return perfect(8 * (tile.level or 0)) * tile.width


def huge() -> Checkpoint:
    """Give the true head of 2^62 + 5 entries that are all alike."""
    five = node_hash(perfect(2), perfect(0))
    return Checkpoint(ORIGIN, HUGE, node_hash(perfect(62), five))


def test_a_head_of_any_size_costs_as_much_as_it_has_levels() -> None:
    """Of 2^62 + 5 entries the right edge is two tiles, and a proof from 3 some dozen more."""
    asked: list[Tile] = []

    def fetched(tile: Tile) -> bytes:
        asked.append(tile)
        return alike(tile)

    tree = Tree(huge(), fetched)
    assert [Tile(0, HUGE // 256, 5), Tile(7, 0, 64)] == asked
    old = Checkpoint(ORIGIN, 3, node_hash(perfect(1), perfect(0)))
    assert tree.proof(old)[0]
    assert len(asked) < 20


def test_a_head_of_any_size_is_answered_at_once(hall: Hall) -> None:
    """A log that signed it is witnessed as it says, and mirrored by nobody: no disk holds it."""
    head = huge()
    note = Note(head.text, (signature(KEY, Private(SEED).sign, head.text),))

    async def app(scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"].removeprefix(f"/log/{VILLAGE}/")
        bodies = {"checkpoint": note.write()}
        bodies |= {tile.path: alike(tile) for tile in (Tile(0, HUGE // 256, 5), Tile(7, 0, 64))}
        status = 200 if path in bodies or scope["method"] == "POST" else 404
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": bodies.get(path, b"")})

    with serving(app) as url:
        with pytest.raises(NotValid, match="副本不存"):
            Pull(f"{url}/log/{VILLAGE}", hall.witness, hall.folder / "mirrors").once()
        assert head == Pull(f"{url}/log/{VILLAGE}", hall.witness).once().head
    assert MOST < HUGE
    assert [] == list((hall.folder / "mirrors").glob("*/*"))
