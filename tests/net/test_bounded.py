"""What strangers may send: a head, a count, a time; beyond it the connection ends, no other one."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import pytest
import uvicorn

from noticeboard.net import bounded

MB = 1_000_000
START = b"GET / HTTP/1.1\r\nHost: a\r\n"
LAST = b"Connection: close\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 40000\r\nConnection: close\r\n\r\n"


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Take the body and answer its length; at /slow in two parts, two seconds apart."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message["body"], message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    if scope["path"] == "/slow":
        await send({"type": "http.response.body", "body": b"and ", "more_body": True})
        await asyncio.sleep(2)
    await send({"type": "http.response.body", "body": b"%d bytes" % len(body)})


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Serve with little patience; gives the port."""
    monkeypatch.setattr(bounded, "PATIENCE", 1.0)
    monkeypatch.setattr(bounded, "UNFINISHED", 3)
    config = uvicorn.Config(
        app, http=bounded.Bounded, ws="none", log_level="error", lifespan="off",
        timeout_keep_alive=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[door])))
        thread.start()
        yield door.getsockname()[1]
        server.should_exit = True
        thread.join(20)


def opened(port: int, *said: bytes) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), timeout=10)
    for words in said:
        line.sendall(words)
    return line


def heard(line: socket.socket) -> bytes:
    """Give all that comes until the connection ends."""
    answer = b""
    with suppress(ConnectionError):
        while piece := line.recv(65_536):
            answer += piece
    return answer


def say(port: int, *said: bytes) -> bytes:
    with closing(opened(port, *said)) as line:
        return heard(line)


def test_a_head_without_end_is_cut(port: int) -> None:
    """In a header, a name, the address, in many headers, in trailers: long before 60 MB."""
    for begun, piece in (
        (START + b"X: ", b"a" * MB),
        (START, b"a" * MB),
        (b"GET /", b"a" * MB),
        (START, b"X: y\r\n" * 100_000),
        (CHUNKED + b"1\r\na\r\n0\r\n", b"X: y\r\n" * 100_000),
        (CHUNKED + b"1;", b"a" * MB),
    ):
        with closing(opened(port, begun)) as line:
            sent = 0
            with suppress(ConnectionError):
                while sent < 60:
                    line.sendall(piece)
                    sent += 1
            assert sent < 60, begun
    assert b"200 OK" in say(port, START + LAST)


@pytest.mark.parametrize(
    ("more", "status"),
    [
        (b"X: " + b"a" * 30_000 + b"\r\n", b"200 OK"),
        (b"X: " + b"a" * 33_000 + b"\r\n", b"431 Request Header Fields Too Large"),
        (b"X: y\r\n" * 98, b"200 OK"),
        (b"X: y\r\n" * 99, b"431 Request Header Fields Too Large"),
    ],
)
def test_a_whole_head_has_a_length_and_a_count(port: int, more: bytes, status: bytes) -> None:
    """Up to the limits it is answered; beyond them it is refused, and nothing behind it is read."""
    answer = say(port, START + more + LAST + START + LAST)
    assert b"HTTP/1.1 " + status == answer.split(b"\r\n")[0]
    assert 1 == answer.count(b"HTTP/1.1")


@pytest.mark.parametrize(
    ("said", "answer"),
    [(b"", b""), (START, b"408"), (POST, b""), (POST + b"a" * 100, b""), (b"\r\n", b"")],
)
def test_who_does_not_end_a_request_is_hung_up_on(port: int, said: bytes, answer: bytes) -> None:
    """Nothing, half a head, no body, a little of it, an empty line: in time it is over."""
    began = time.monotonic()
    assert answer == say(port, said)[9:12]
    assert 0.9 <= time.monotonic() - began < 6


@pytest.mark.parametrize("drip", [b"\r\n", b"a", b"X: y\r\n"])
def test_a_drip_now_and_then_wins_no_time(port: int, drip: bytes) -> None:
    """An empty line after an answer, a letter, a header now and then: the end still comes."""
    began = time.monotonic()
    with closing(opened(port, START + b"\r\n" if drip == b"\r\n" else START)) as line:
        with suppress(ConnectionError):
            while time.monotonic() - began < 10:
                line.sendall(drip)
                time.sleep(0.3)
        assert time.monotonic() - began < 8


def test_who_is_slow_and_goes_on_is_waited_for(port: int) -> None:
    """A body that takes three times as long; and an answer that does."""
    with closing(opened(port, POST)) as line:
        for _ in range(4):
            line.sendall(b"a" * 10_000)
            time.sleep(0.7)
        assert b"40000 bytes" in heard(line)
    assert b"0 bytes" in say(port, START.replace(b"/", b"/slow", 1) + LAST)


def test_of_too_many_that_owe_a_request_the_oldest_makes_room(port: int) -> None:
    """Whoever comes and asks is answered at once, however many say nothing."""
    silent = [opened(port, START) for _ in range(20)]
    began = time.monotonic()
    assert b"200 OK" in say(port, START + LAST)
    assert {b"", b"408"} >= {heard(line)[9:12] for line in silent[:17]}
    assert time.monotonic() - began < 1
    for line in silent:
        line.close()
