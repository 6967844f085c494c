"""The quick way: what the front holds hot is written as soon as its request has been read."""

import asyncio
from typing import Any, Final

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE
from uvicorn.server import ServerState

from noticeboard.net.bounded import Bounded
from noticeboard.web.front import Front, asked_for, unchanged

_READING: Final = (b"GET", b"HEAD")
# A body or another protocol may follow: no request that is answered by being looked up.
_MORE_TO_COME: Final = {b"content-length", b"transfer-encoding", b"expect", b"upgrade"}
_NOT_MODIFIED: Final = 304


class Quick(Bounded):
    """uvicorn's protocol, which here answers a plain request for a hot page by itself.

    The bytes are those that the front would send, written in one go, without the task, the scope
    and the messages of ASGI, which take several times as long as the answer. Whatever is not plain
    goes uvicorn's way: what is not hot, not HTTP/1.1 kept alive, not unpacked on purpose; a request
    that follows an unanswered one on its connection; a client that does not take what it is sent.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """Speak for a connection of a server whose app is a Front."""
        super().__init__(config, server_state, app_state, _loop)
        assert isinstance(config.app, Front)
        self.front = config.app
        self.ready: bytes | None = None

    def begin(self) -> None:
        """Have the answer ready, or begin an ASGI cycle."""
        self.ready = self._ready() if self._plain() else None
        if self.ready is None:
            super().begin()

    def complete(self) -> None:
        """Write what is ready; the bookkeeping and the keep-alive timer are uvicorn's own."""
        if self.ready is None:
            super().complete()
            return
        self.transport.write(self.ready)
        self.ready = None
        self.on_response_complete()

    def _plain(self) -> bool:
        """Say whether nothing but the page itself could decide how this request is answered."""
        waiting = self.cycle is not None and not self.cycle.response_complete
        return (
            not waiting
            and not self.flow.write_paused
            and not self.access_log
            and self.parser.get_method() in _READING
            and self.parser.get_http_version() == "1.1"
            and self.parser.should_keep_alive()
            and not any(name in _MORE_TO_COME for name, _value in self.headers)
        )

    def _ready(self) -> bytes | None:
        hot = self.front.ready(self.url)
        if hot is None:
            return None
        asked, answer = asked_for(self.headers), hot.answer
        dated = b"".join([b"%b: %b\r\n" % line for line in self.server_state.default_headers])
        if unchanged(answer, asked):
            return b"".join((STATUS_LINE[_NOT_MODIFIED], dated, hot.unchanged))
        if answer.packed and b"gzip" not in asked.get(b"accept-encoding", b""):
            return None
        body = answer.body if self.parser.get_method() == b"GET" else b""
        return b"".join((STATUS_LINE[answer.status], dated, hot.head, body))
