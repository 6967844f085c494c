"""The open log over HTTP: types and caching as the specifications say, and nothing else there."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from noticeboard.board import checkpoints
from noticeboard.core.checkpoints import open_checkpoint
from noticeboard.core.merkle import consistent, included, leaf_hash, root_of
from noticeboard.core.tiles import Tile, bundles, hash_tiles, hashes_in, unpack
from noticeboard.signing.ed25519 import verify
from noticeboard.web.front import Front
from tests.cast import KEY, VILLAGE, Cast, cast_in, signer_in

LOG = f"/log/{VILLAGE}"
FOR_EVER = "public, max-age=31536000, immutable"


class Got:
    """An answer as a program gets it."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self.status = messages[0]["status"]
        self.headers = {k.decode(): v.decode() for k, v in messages[0]["headers"]}
        self.body = b"".join(message.get("body", b"") for message in messages[1:])


class Served:
    """A board with a signed log behind its front."""

    def __init__(self, cast: Cast, home: Path) -> None:
        self.cast, self.signer = cast, signer_in(home / "signer")

    def sign(self) -> int:
        """Sign what has grown; gives the size."""
        self.cast.clock.on(checkpoints.EVERY)
        checkpoints.sign_due(self.cast.board, self.signer)
        return self.cast.entries()

    def asks(self, do: Callable[[Front], Coroutine[Any, Any, None]]) -> None:
        """Open a front and ask it."""

        async def run() -> None:
            front = Front(_no_desk, self.cast.board)
            front.open()
            try:
                await do(front)
            finally:
                front.close()

        asyncio.run(run())

    def get(self, path: str, method: str = "GET", **headers: str) -> Got:
        """Ask for one address under the village's log, or from the root with a slash."""
        got: list[Got] = []

        async def do(front: Front) -> None:
            got.append(await ask(front, path, method, **headers))

        self.asks(do)
        return got[0]


async def ask(front: Front, path: str, method: str = "GET", **headers: str) -> Got:
    """Ask a front for an address; without a slash in front it is one of the village's log."""
    messages: list[dict[str, Any]] = []
    path = path if path.startswith("/") else f"{LOG}/{path}"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode("utf-8", "surrogatepass"),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    await front(scope, receive, send)
    return Got(messages)


async def _no_desk(_scope: Any, _receive: Any, _send: Any) -> None:
    raise AssertionError("the open log is not the desk's")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Give a board whose log is not signed yet."""
    home = tmp_path / "home"
    cast = cast_in(home)
    yield Served(cast, home)
    cast.board.database.close()


def test_before_the_first_checkpoint_nothing_is_there(served: Served) -> None:
    """An entry that nobody has signed is shown to nobody."""
    for path in ("checkpoint", "tile/0/000.p/1", "tile/entries/000.p/1", "consistency/0/1"):
        assert 404 == served.get(path).status


def test_a_stranger_rebuilds_the_log_from_what_is_served(served: Served) -> None:
    """Head, bundles and tiles by their fixed names: they are one tree, signed by the log's key."""
    for kind in ("spending", "subsidy", "announcement"):
        served.cast.published(kind)
    served.sign()

    async def do(front: Front) -> None:
        note = await ask(front, "checkpoint")
        assert "text/plain; charset=utf-8" == note.headers["content-type"]
        assert "public, max-age=5" == note.headers["cache-control"]
        head = open_checkpoint(note.body, [KEY], (), verify).checkpoint
        leaves: list[bytes] = []
        for bundle in bundles(head.size):
            got = await ask(front, bundle.path)
            assert "application/octet-stream" == got.headers["content-type"]
            assert FOR_EVER == got.headers["cache-control"]
            leaves += unpack(got.body, bundle.width)
        hashes = [leaf_hash(leaf) for leaf in leaves]
        assert head.root == root_of(hashes)
        for tile in hash_tiles(head.size):
            got = await ask(front, tile.path)
            assert FOR_EVER == got.headers["cache-control"]
            assert hashes == list(hashes_in(got.body, tile.width))
        for old in range(head.size + 1):
            got = await ask(front, f"consistency/{old}/{head.size}")
            assert FOR_EVER == got.headers["cache-control"]
            path = [_unbase64(line) for line in got.body.split()]
            assert consistent(old, root_of(hashes[:old]), head.size, head.root, path)
        assert included(hashes[0], 0, 1, [], hashes[0])

    served.asks(do)


def _unbase64(line: bytes) -> bytes:
    from base64 import b64decode

    return b64decode(line, validate=True)


def test_partial_tiles_of_every_width_are_there_up_to_the_head(served: Served) -> None:
    """A client that saw an older head still finds its tiles; beyond the newest there is nothing."""
    size = served.sign()
    served.cast.published()

    async def do(front: Front) -> None:
        for level in (None, 0):
            whole = (await ask(front, Tile(level, 0, size).path)).body
            for width in range(1, size + 1):
                got = await ask(front, Tile(level, 0, width).path)
                assert 200 == got.status
                assert whole.startswith(got.body)
            assert 404 == (await ask(front, Tile(level, 0, size + 1).path)).status

    served.asks(do)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "checkpoint/",
        "Checkpoint",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/0",
        "tile/0/000",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/+1",
        "tile/0/000.p/256",
        "tile/0/000.p/１",
        "tile/0/000.p/1/",
        "tile/0/000.p/1\n",
        "tile/0/x000/000.p/1",
        "tile/00/000.p/1",
        "tile/64/000.p/1",
        "tile/-1/000.p/1",
        "tile/data/000.p/1",
        "tile/8/0/000.p/1",
        "tile/0/../0/000.p/1",
        "tile//0/000.p/1",
        "tile/0/" + "x999/" * 40 + "999",
        "tile/0/" + "x999/" * 1500 + "999",
        "consistency/" + "9" * 5000 + "/" + "9" * 5000,
        "consistency/1",
        "consistency/2/1",
        "consistency/01/2",
        "consistency/0/99999",
        "consistency/-1/2",
        "consistency/1/2/",
        "consistency/9223372036854775808/9223372036854775809",
        "/log/",
        "/log",
        "/log//checkpoint",
        "/log/nobody/checkpoint",
        "/log/nobody/tile/0/000.p/1",
        "/log/%/checkpoint",
        f"/log/{VILLAGE}\0/checkpoint",
        f"/log/../log/{VILLAGE}/checkpoint",
        "/log/" + "9" * 5000 + "/checkpoint",
    ],
)
def test_what_is_not_exactly_an_address_is_not_there(served: Served, path: str) -> None:
    """404 in a line of text, kept by nobody; no page, no error, nothing of the instance's log."""
    served.sign()
    got = served.get(path)
    assert 404 == got.status
    if path != "/log":
        assert b"not here\n" == got.body
        assert "no-store" == got.headers["cache-control"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_the_log_is_only_read(served: Served, method: str) -> None:
    """GET and HEAD; for anything else 405 says so."""
    served.sign()
    for path in ("checkpoint", "tile/0/000.p/1"):
        got = served.get(path, method)
        assert (405, "GET, HEAD") == (got.status, got.headers["allow"])


def test_head_says_what_get_would(served: Served) -> None:
    """The same headers without the body."""
    served.sign()
    for path in ("checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3", "consistency/1/3"):
        full, bare = served.get(path), served.get(path, "HEAD")
        assert (200, full.headers, b"") == (bare.status, bare.headers, bare.body)
        assert str(len(full.body)) == full.headers["content-length"]


def test_who_has_the_head_is_told_that_it_holds(served: Served) -> None:
    """An unchanged checkpoint is a 304; after the next signing it is a 200 with the new one."""
    served.sign()
    first = served.get("checkpoint")
    again = served.get("checkpoint", if_none_match=first.headers["etag"])
    assert (304, b"") == (again.status, again.body)
    served.cast.published()
    served.sign()
    later = served.get("checkpoint", if_none_match=first.headers["etag"])
    assert 200 == later.status
    assert first.body != later.body


def test_any_page_may_fetch_it(served: Served) -> None:
    """A checker in a browser may come from anywhere; no cookie is ever set."""
    served.sign()
    for path in ("checkpoint", "tile/0/000.p/3"):
        got = served.get(path)
        assert "*" == got.headers["access-control-allow-origin"]
        assert "set-cookie" not in got.headers


def test_a_new_checkpoint_throws_no_page_away(served: Served) -> None:
    """What is remembered of a village stays when an act that shows nowhere is signed."""
    notice = served.cast.published()
    served.sign()

    async def do(front: Front) -> None:
        paths = [f"/n/{notice.code}", f"/v/{VILLAGE}"]
        for path in paths:
            assert 200 == (await ask(front, path)).status
        before = [front.ready(path.encode()) for path in paths]
        assert None not in before
        served.cast.submitted()
        served.sign()
        front.watcher.look()
        assert 200 == (await ask(front, "checkpoint")).status
        assert before == [front.ready(path.encode()) for path in paths]

    served.asks(do)
