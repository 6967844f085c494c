"""The one HTTP client: what it brings back, and what it refuses in words."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from noticeboard.core.problems import NotFound, NotValid, Unavailable
from noticeboard.net.client import Caller, fetch
from noticeboard.net.sources import FolderSource, HttpSource, source_of

Speak = Callable[[socket.socket], None]


@contextmanager
def answering(*speeches: Speak) -> Iterator[str]:
    """Answer each connection in turn with raw bytes, as a stranger's server might."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run() -> None:
            for speak in speeches:
                line, _ = server.accept()
                with line:
                    speak(line)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join(10)


def heard(line: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += line.recv(4096)
    return data


def saying(data: bytes, pause: float = 0) -> Speak:
    def speak(line: socket.socket) -> None:
        heard(line)
        try:
            if not pause:
                line.sendall(data)
                return
            for byte in data:
                line.sendall(bytes((byte,)))
                time.sleep(pause)
        except OSError:
            pass  # whoever asked has had enough

    return speak


def ok(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


def test_an_answer_comes_back_whatever_its_status() -> None:
    """Status, headers by lower-case name, and the body."""
    with answering(saying(ok(b"12\n", "409 Conflict", "Content-Type: text/x.tlog.size\r\n"))) as at:
        answer = fetch(f"{at}/add-checkpoint", body=b"x")
    assert (409, "text/x.tlog.size") == (answer.status, answer.headers["content-type"])
    assert answer.body == b"12\n"


def test_an_answer_that_is_too_long_is_refused() -> None:
    """One byte over the limit is refused, whether its length was told or not; the limit is not."""
    with answering(saying(ok(b"x" * 11))) as at, pytest.raises(Unavailable, match="太长"):
        fetch(at, limit=10)
    with (
        answering(saying(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 11)) as at,
        pytest.raises(Unavailable, match="太长"),
    ):
        fetch(at, limit=10)
    with answering(saying(ok(b"x" * 10))) as at:
        assert b"x" * 10 == fetch(at, limit=10).body


@pytest.mark.parametrize(
    "answer",
    [ok(b"x" * 100), b"HTTP/1.1 200 OK\r\nX: " + b"y" * 60_000 + b"\r\n\r\n"],
    ids=["body", "headers"],
)
def test_bytes_that_drip_do_not_stretch_the_deadline(answer: bytes) -> None:
    """The time is for all of it: a byte now and then does not keep us."""
    began = time.monotonic()
    with (
        answering(saying(answer, pause=0.03)) as at,
        pytest.raises(Unavailable, match="太久"),
    ):
        fetch(at, timeout=0.5)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nxxx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\nxxx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nxxx",
        b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n" + b"A: b\r\n" * 200 + b"\r\n",
    ],
)
def test_an_answer_that_is_cut_or_nonsense_is_refused_in_words(answer: bytes) -> None:
    """Never half a body as if it were whole, never a library's exception."""
    with answering(saying(answer)) as at, pytest.raises(Unavailable):
        fetch(at, timeout=5)


def test_moves_are_followed_within_the_host_only() -> None:
    """A move to another place of the host is followed; to another host, or for ever, not."""
    first = ok(b"", "302 Found", "Location: /there\r\nConnection: close\r\n")
    with answering(saying(first), saying(ok(b"here"))) as at:
        assert fetch(at).body == b"here"
    away = ok(b"", "302 Found", "Location: http://other.example/\r\n")
    with answering(saying(away)) as at, pytest.raises(Unavailable, match="别的机器"):
        fetch(at)
    with answering(*[saying(first)] * 4) as at, pytest.raises(Unavailable, match="一直"):
        fetch(at)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://board.example/",
        "file:///etc/passwd",
        "board.example",
        "http://",
        "http://a:b@board.example/",
        "http://board.example:99999/",
        "http://board.example/a b",
        "http://board.example/\r\nX: y",
        "http://[::1/",
    ],
)
def test_only_sound_web_addresses_are_asked(url: str) -> None:
    """Anything else is refused before a connection is made."""
    with pytest.raises(NotValid):
        fetch(url)


def test_nobody_there_is_said_in_words() -> None:
    """A closed port is a refusal that names the place."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(Unavailable, match=f"127.0.0.1:{port}"):
        fetch(f"http://127.0.0.1:{port}/")


def test_a_kept_connection_is_used_again_and_a_dead_one_renewed() -> None:
    """Two answers over one connection; when the other side has closed it, a new one is made."""

    def twice(line: socket.socket) -> None:
        for body in (b"one", b"two"):
            heard(line)
            line.sendall(ok(body))

    with answering(twice, saying(ok(b"three"))) as at, Caller() as caller:
        bodies = [caller.fetch(at).body for _ in range(3)]
    assert [b"one", b"two", b"three"] == bodies


def test_a_web_source_tells_missing_from_unavailable() -> None:
    """404 is None; 503 is a refusal; a path keeps its slashes."""
    seen = []

    def speak(line: socket.socket) -> None:
        seen.append(heard(line).split(b" ")[1])
        line.sendall(ok(b"", "404 Not Found"))
        heard(line)
        line.sendall(ok(b"", "503 Busy"))

    with answering(speak) as at:
        source = HttpSource(f"{at}/log/shili/")
        assert source.get("tile/0/000.p/5") is None
        with pytest.raises(Unavailable, match="503"):
            source.get("checkpoint")
        source.close()
    assert seen == [b"/log/shili/tile/0/000.p/5"]


def test_a_folder_source_reads_only_within_its_folder(tmp_path: Path) -> None:
    """Files by path; None for what is not there or a folder; nothing above it."""
    (tmp_path / "log" / "tile").mkdir(parents=True)
    (tmp_path / "log" / "checkpoint").write_bytes(b"head")
    (tmp_path / "secret").write_bytes(b"s")
    source = source_of((tmp_path / "log").as_uri())
    assert isinstance(source, FolderSource)
    assert b"head" == source.get("checkpoint")
    assert [None] * 3 == [source.get(path) for path in ("none", "tile", "checkpoint/x")]
    for path in ("../secret", "/etc/passwd", "", "tile//x", "a\0b"):
        with pytest.raises(NotValid):
            source.get(path)
    with pytest.raises(Unavailable):
        source.get("checkpoint", limit=3)
    with pytest.raises(NotFound):
        source_of(str(tmp_path / "none"))
