"""The bounded way in: what a stranger may send before the first answer, and how long it may take.

uvicorn by httptools takes a head of any length, and waits for its end for ever.
"""

import asyncio
import resource
from typing import Any, Final

from httptools import HttpParserError
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

HEAD: Final = 32_768  # bytes of a request line with its headers: browsers send one or two thousand
HEADERS: Final = 100  # how many headers
PATIENCE: Final = 20.0  # seconds for a whole head, and again for each `PIECE` of a body
PIECE: Final = 10_000  # bytes of a body in that time: the slowest telephone line does more
UNFINISHED: Final = 512  # connections that may owe the rest of a request at once
# Connections in all: without a file handle left not even the database could be read.
MOST: Final = max(64, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 192)
_TOO_LARGE, _TOO_SLOW = 431, 408


class Bounded(HttpToolsProtocol):
    """uvicorn's protocol, with an end to what one connection may ask for.

    A head that is too long is answered with 431. Whoever does not send a whole request in time is
    hung up on, with 408 for half a head; where too many owe a request, the one that has owed it
    longest makes room. What is asked whole is never ended here: an answer may take its time, and a
    stream is open for days.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """Speak for a connection."""
        super().__init__(config, server_state, app_state, _loop)
        # Of all connections of this server those that owe a request, the oldest first.
        self._owing: dict[Bounded, None] = vars(server_state).setdefault("owing", {})
        self._begun = False
        self._beyond = 0  # bytes of this request that are neither body nor excused by it
        self._body = 0
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request; beyond what the machine can hold, hang up."""
        super().connection_made(transport)
        if len(self.connections) > MOST:
            transport.abort()
        self._owe()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._settled()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless it is too much; then wait for the rest, or no longer."""
        begun = self._begun
        super().data_received(data)
        if self._begun and begun:
            self._beyond += len(data)
            if self._beyond > HEAD:
                self._refuse(_TOO_LARGE)
        if self._begun or (self._idle() and self.timeout_keep_alive_task is None):
            self._owe()
        elif self._deadline is not None:
            self._settled()

    def on_message_begin(self) -> None:
        """Begin to count."""
        super().on_message_begin()
        self._begun, self._beyond, self._body = True, 0, 0

    def on_headers_complete(self) -> None:
        """Let nobody see a head that is too long."""
        long = len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > HEAD
        if long or len(self.headers) > HEADERS:
            self._refuse(_TOO_LARGE)
            raise HttpParserError
        self._beyond = 0
        self.begin()

    def begin(self) -> None:
        """Begin an answer, now that the whole head is known."""
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count what was sent; how it is cut into chunks may take as much again."""
        self._body += len(body)
        self._beyond -= 2 * len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Have nothing more to wait for."""
        self._begun = False
        self.complete()

    def complete(self) -> None:
        """Go on with the answer, now that all has been read."""
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, unless it was refused already."""
        if not self.transport.is_closing():
            super().send_400_response(msg)

    def _idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _owe(self) -> None:
        if self._deadline is not None or self.transport.is_closing():
            return
        self._body = 0
        self._deadline = self.loop.call_later(PATIENCE, self._late)
        self._owing[self] = None
        if len(self._owing) > UNFINISHED:
            next(iter(self._owing))._refuse(_TOO_SLOW)  # noqa: SLF001 - one of our own

    def _settled(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
            self._owing.pop(self, None)

    def _late(self) -> None:
        moved = self._body >= PIECE or self.flow.read_paused
        self._settled()
        if moved and self._begun:
            self._owe()
        else:
            self._refuse(_TOO_SLOW)

    def _refuse(self, status: int) -> None:
        """End the connection; who is in the middle of an answer, or said nothing, gets no word."""
        self._settled()
        if self._begun and self._idle() and not self.transport.is_closing():
            line = b"content-length: 0\r\nconnection: close\r\n\r\n"
            self.transport.write(STATUS_LINE[status] + line)
        self.transport.close()
