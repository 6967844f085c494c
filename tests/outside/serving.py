"""A real served board, a liar who stands in front of it, and readers who check it from outside."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import uvicorn

from noticeboard.auditing import outside, reading
from noticeboard.auditing.report import Report
from noticeboard.auditing.seen import Seen, trusted
from noticeboard.auditing.settled import Machine
from noticeboard.board import checkpoints
from noticeboard.board.checkpoints import EVERY
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.policy import Policy
from noticeboard.web.app import create_app
from noticeboard.web.front import Front
from tests.cast import KEY, ORIGIN, VILLAGE, Cast, signer_in

# What a liar does to an answer: path with query, status, body; gives status and body.
Lie = Callable[[str, int, bytes], tuple[int, bytes]]


class Village:
    """The cast's village with its signer: its head is signed when a test says so."""

    def __init__(self, cast: Cast, folder: Path) -> None:
        self.cast, self.board, self.clock = cast, cast.board, cast.clock
        self.signer = signer_in(folder)
        self.key = KEY.text

    def sign(self) -> None:
        """Let time pass and sign what has grown."""
        self.clock.on(EVERY)
        assert [VILLAGE] == checkpoints.sign_due(self.board, self.signer)


class Reader:
    """Somebody outside with a public key and a folder; the time is the village's unless set off.

    Pausing lets the village's clock go on and its head be signed, as a running board would.
    """

    def __init__(self, village: Village, home: Path, *, ahead: int = 0) -> None:
        self.village, self.home, self.ahead = village, home, ahead
        self.policy = Policy()

    def verify(
        self, where: str | Path, *others: bytes, key: str = "", village: str | None = None
    ) -> Report:
        """Check what is at a web address or in a folder."""
        trust = trusted(key or self.village.key)
        place = reading.find(str(where), village, trust.name)
        machine = Machine(lambda: self.village.clock.now + self.ahead, self._pause)
        return outside.verify(place, trust, self.home, machine, others, self.policy)

    def _pause(self, _seconds: float) -> None:
        self.village.clock.on(EVERY)
        checkpoints.sign_due(self.village.board, self.village.signer)

    @property
    def seen(self) -> Checkpoint | None:
        """Give the head this reader remembers."""
        return Seen(self.home, ORIGIN).last()

    @property
    def note(self) -> bytes:
        """Give it as it was signed, for another reader."""
        return Seen(self.home, ORIGIN).note.read_bytes()

    @property
    def kept(self) -> list[str]:
        """Name the heads kept as evidence."""
        return sorted(path.name for path in Seen(self.home, ORIGIN).folder.glob("other-*"))


def wrong(report: Report) -> list[tuple[str, str, str]]:
    """Give what a report found as (audit, where, what)."""
    return [(one.audit, one.where, one.what) for one in report.problems]


@contextmanager
def served(village: Village) -> Iterator[str]:
    """Serve a village's board over HTTP; gives its address."""
    front = Front(create_app(village.board, secure=False), village.board)
    config = uvicorn.Config(front, host="127.0.0.1", port=0, log_level="warning", lifespan="on")
    server = uvicorn.Server(config)

    async def run() -> None:
        front.open()
        await server.serve()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
        front.close()


@contextmanager
def lying(upstream: str, lie: Lie) -> Iterator[str]:
    """Stand in front of a board and change what it answers; gives the liar's address."""
    host = upstream.removeprefix("http://")

    class Liar(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            line = HTTPConnection(host)
            line.request("GET", self.path)
            true = line.getresponse()
            status, body = lie(self.path, true.status, true.read())
            line.close()
            self.send_response(status)
            self.send_header("content-type", true.headers.get("content-type", "text/plain"))
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Liar)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
