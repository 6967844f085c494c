"""The quick way and the way through ASGI, over real sockets: the same answers, in order."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import time
from typing import Any

import pytest
import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from noticeboard.board import taking_down
from noticeboard.web.front import Front
from noticeboard.web.quick import Quick
from tests.cast import VILLAGE, Cast, cast_in

GZIP = "Accept-Encoding: gzip\r\n"
LAST = "Connection: close\r\n"
NONSENSE = b"GET nowhere\r\n\r\n"


@pytest.fixture
def cast(tmp_path: Path) -> Iterator[Cast]:
    cast = cast_in(tmp_path / "home")
    yield cast
    cast.audit()
    cast.board.database.close()


class Served:
    """A server on a port of its own."""

    def __init__(self, server: uvicorn.Server, port: int) -> None:
        self.server, self.port = server, port

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection."""
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def say(self, *requests: bytes) -> bytes:
        """Send requests in one go, and read until the server ends the connection."""
        reader, writer = await self.connect()
        writer.write(b"".join(requests))
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        return answer

    @property
    def through_asgi(self) -> int:
        """Count the open connections of which a request has ever gone through ASGI."""
        connections: Any = self.server.server_state.connections
        return sum(one.cycle is not None for one in connections)


@asynccontextmanager
async def served(front: Front, http: type[asyncio.Protocol], **more: Any) -> AsyncIterator[Served]:
    """Serve as the board does, by one protocol or the other."""
    config = uvicorn.Config(
        front, http=http, log_level="warning", access_log=False, lifespan="off",
        server_header=False, timeout_graceful_shutdown=3, **more,
    )  # fmt: skip
    server = uvicorn.Server(config)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        serving = asyncio.ensure_future(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event to wait for
            await asyncio.sleep(0.01)
        try:
            yield Served(server, listening.getsockname()[1])
        finally:
            server.should_exit = True
            await asyncio.wait_for(serving, 10)


def played(cast: Cast, do: Callable[[Front], Coroutine[Any, Any, None]]) -> None:
    """Run a scene with the front open, in the loop that the board is served in."""

    async def scene() -> None:
        front = Front(_desk, cast.board)
        front.open()
        try:
            await do(front)
        finally:
            front.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(scene())


async def _desk(scope: Any, receive: Any, send: Any) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message["body"], message["more_body"]
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": body})


def get(path: str, more: str = "", *, method: str = "GET", version: str = "1.1") -> bytes:
    return f"{method} {path} HTTP/{version}\r\nHost: board.example\r\n{more}\r\n".encode()


def undated(answer: bytes) -> list[bytes]:
    return [line for line in answer.split(b"\r\n") if not line.lower().startswith(b"date: ")]


def tag(answer: bytes) -> str:
    return answer.split(b"etag: ")[1].split(b"\r\n")[0].decode()


async def hot(front: Front, by: Served, path: str) -> bytes:
    """Let a page be made and remembered; gives the answer."""
    answer = await by.say(get(path, GZIP + LAST))
    assert front.ready(path.encode()) is not None
    return answer


def usual(code: str, held: str) -> list[bytes]:
    """Give what browsers ask, in all its combinations; `held` is the tag of the notice's page."""
    return [
        get(path, more, method=method, version=version)
        for path in (f"/n/{code}", f"/n/{code}?lang=en", "/n/00000000", "/desk")
        for method in ("GET", "HEAD")
        for version in ("1.1", "1.0")
        for more in (
            GZIP,
            GZIP + LAST,
            "",
            "ACCEPT-ENCODING: br, gzip\r\n",
            f'{GZIP}If-None-Match: "nothing", {held}\r\n',
            f'{GZIP}If-None-Match: "nothing"\r\n',
            f"If-None-Match: {held}\r\nIf-None-Match: *\r\n",
        )
    ]


def odd(code: str) -> list[bytes]:
    """Give what is seldom asked, and what should not be."""
    path = f"/n/{code}"
    chunked = "Transfer-Encoding: chunked\r\n"
    return [
        get("/", GZIP),
        get("/a?", GZIP),
        get(path, GZIP, method="POST"),
        get(path, GZIP, method="OPTIONS"),
        get(path, f"{GZIP}Connection: keep-alive\r\n", version="1.0"),
        get(path, f"{GZIP}Expect: 100-continue\r\n"),
        get(path, f"{GZIP}Connection: Upgrade\r\nUpgrade: example\r\n"),
        get(path, f"{GZIP}Content-Length: 3\r\n") + b"abc",
        get(path, GZIP + chunked) + b"3\r\nabc\r\n0\r\n\r\n",
        get(f"http://board.example{path}", GZIP),
        get(f"/n/%{ord(code[0]):x}{code[1:]}", GZIP),
        get(f"{path}#top", GZIP),
    ]


def test_both_ways_give_the_same_bytes(cast: Cast) -> None:
    """Whatever is asked, cold and hot, alone and followed: all is equal but the date."""
    code = cast.published("spending").code

    async def scene(front: Front) -> None:
        async with (
            served(front, Quick, timeout_keep_alive=1) as quick,
            served(front, HttpToolsProtocol, timeout_keep_alive=1) as plain,
        ):
            held = tag(await hot(front, plain, f"/n/{code}"))
            for request in (*usual(code, held), *odd(code)):
                for said in (request, request, get(f"/n/{code}", GZIP) + request):
                    whole = said + get("/v/", LAST)
                    assert undated(await plain.say(whole)) == undated(await quick.say(whole))
            refused = undated(await plain.say(NONSENSE))
            assert refused == undated(await quick.say(NONSENSE))
            both = undated(await quick.say(get("/", GZIP, method="HEAD") + NONSENSE))
            assert [b"HTTP/1.1 200 OK", *refused] == [both[0], *both[-len(refused) :]]

    played(cast, scene)


def test_a_hot_page_is_answered_without_asgi_and_with_the_time(cast: Cast) -> None:
    """Many on one connection, and never a cycle; the date is now; HEAD and 304 as well."""
    path = f"/n/{cast.published('spending').code}"

    async def scene(front: Front) -> None:
        async with served(front, Quick) as quick:
            whole = await hot(front, quick, path)
            length = len(whole) - len(b"connection: close\r\n")
            reader, writer = await quick.connect()
            for _ in range(3):
                writer.write(get(path, GZIP))
                answer = await asyncio.wait_for(reader.readexactly(length), 10)
                date = parsedate_to_datetime(answer.split(b"date: ")[1].split(b"\r\n")[0].decode())
                assert abs(date.timestamp() - time()) < 5
            for more in (GZIP, f"{GZIP}If-None-Match: {tag(whole)}\r\n"):
                writer.write(get(path, more, method="HEAD"))
                assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 ")
            assert (1, 0) == (len(quick.server.server_state.connections), quick.through_asgi)
            assert 6 == quick.server.server_state.total_requests
            writer.write(get(path))
            assert b"content-encoding" not in await reader.readuntil(b"\r\n\r\n")
            assert 1 == quick.through_asgi
            writer.close()

    played(cast, scene)


def test_what_is_asked_at_once_is_answered_in_order(cast: Cast) -> None:
    """Hot, cold and handed-on requests in one packet, in pieces, and byte by byte."""
    code = cast.published("spending").code
    path = f"/n/{code}"
    form = "Content-Length: 5\r\n"
    line = [
        get(path, GZIP),
        get("/desk", form, method="POST") + b"first",
        get(path, GZIP),
        get(f"{path}/e/1", GZIP),
        get(path, GZIP, method="HEAD"),
        get("/desk", form, method="POST") + b"other",
        get(path, GZIP + LAST),
    ]

    async def scene(front: Front) -> None:
        async with served(front, Quick) as quick, served(front, HttpToolsProtocol) as plain:
            await hot(front, plain, path)
            expected = undated(await plain.say(*line))
            assert expected == undated(await quick.say(*line))
            whole = b"".join(line)
            for size in (1, 50, 333):
                reader, writer = await quick.connect()
                for start in range(0, len(whole), size):
                    writer.write(whole[start : start + size])
                    await asyncio.sleep(0)
                answer = await asyncio.wait_for(reader.read(), 10)
                assert expected == undated(answer)
                writer.close()

    played(cast, scene)


def test_a_page_taken_down_is_gone_for_who_is_connected(cast: Cast) -> None:
    """The next answer on an open connection is the tombstone."""
    code = cast.published("spending").code

    async def scene(front: Front) -> None:
        async with served(front, Quick) as quick:
            await hot(front, quick, f"/n/{code}")
            reader, writer = await quick.connect()
            writer.write(get(f"/n/{code}", method="HEAD", more=GZIP))
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
            taking_down.withdraw(cast.board, VILLAGE, code, cast.anna, ground="wrong-facts")
            writer.write(get(f"/n/{code}", method="HEAD", more=GZIP))
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 410 ")
            writer.close()

    played(cast, scene)


def test_who_does_not_read_is_not_written_to(cast: Cast) -> None:
    """Thousands asked for and none taken: what waits for the client stays small, then all comes."""
    path, count = f"/n/{cast.published('spending').code}", 3000

    async def scene(front: Front) -> None:
        async with served(front, Quick) as quick:
            length = len(await hot(front, quick, path)) - len(b"connection: close\r\n")
            reader, writer = await quick.connect()
            client: Any = writer.transport
            client.pause_reading()
            writer.write(get(path, GZIP) * count)
            await asyncio.sleep(1)
            (connection,) = quick.server.server_state.connections
            waiting = connection.transport.get_write_buffer_size()
            answered = quick.server.server_state.total_requests
            client.resume_reading()
            answers = await asyncio.wait_for(reader.readexactly(count * length), 30)
            assert count == answers.count(b"HTTP/1.1 200 OK\r\n")
            assert waiting < 64 * 1024 + 2 * length
            assert 0 < answered < count
            writer.close()

    played(cast, scene)


def test_an_idle_connection_is_ended_and_a_busy_one_is_not(cast: Cast) -> None:
    """A second after the last answer, not after the first; and at once when the server stops."""
    path = f"/n/{cast.published('spending').code}"

    async def scene(front: Front) -> None:
        async with served(front, Quick, timeout_keep_alive=1) as quick:
            await hot(front, quick, path)
            reader, writer = await quick.connect()
            for _ in range(4):
                writer.write(get(path, GZIP, method="HEAD"))
                await reader.readuntil(b"\r\n\r\n")
                await asyncio.sleep(0.5)
            assert b"" == await asyncio.wait_for(reader.read(), 10)
            writer.close()
        async with served(front, Quick, timeout_keep_alive=60) as quick:
            reader, writer = await quick.connect()
            writer.write(get(path, GZIP, method="HEAD"))
            await reader.readuntil(b"\r\n\r\n")
            quick.server.should_exit = True
            assert b"" == await asyncio.wait_for(reader.read(), 2)
            writer.close()

    played(cast, scene)
