"""The front: one small ASGI map before the desk; public pages, screens and their streams."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from msgspec import Struct

from noticeboard.board import Board
from noticeboard.show.memo import Entry, Headers
from noticeboard.web import public
from noticeboard.web.handing import Handing
from noticeboard.web.hub import Hub
from noticeboard.web.watcher import Watcher

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Any, Receive, Send], Awaitable[None]]

# What is answered without even reading the address: so many addresses, and so many bytes in all.
# Pages are few, but a stranger can write one page's address in many ways.
MOST_HOT = 1_024
HOT_BYTES = 8 * 1024 * 1024
_OK = 200


class Hot(Struct, frozen=True):
    """An answer that is sent at once, and its heads as HTTP/1.1 writes them, but for the date."""

    answer: Entry
    head: bytes
    unchanged: bytes


class Front:
    """Answers what anybody may read; everything under /desk goes on to the app behind it.

    A remembered page is answered without a thread, a query or a template, and only while its
    village's public revision and its own `until` say that it is still what would be shown.
    """

    def __init__(self, desk: App, board: Board, *, public_url: str = "") -> None:
        """Stand before the desk's app; `public_url` is where printed QR codes lead."""
        self.desk = desk
        self.board = board
        self.pages = public.Pages(board, public_url)
        self.hub = Hub()
        self.hot: dict[bytes, Hot] = {}
        self.hot_bytes = 0
        self.workers = ThreadPoolExecutor(4, thread_name_prefix="page")
        self.handing = Handing(board, self.workers)
        self.watcher = Watcher(board.database, self._changed)
        self._loop: asyncio.AbstractEventLoop | None = None
        board.heard = self.watcher.look

    def open(self) -> None:
        """Read the revisions and begin to watch; called in the event loop."""
        self._loop = asyncio.get_running_loop()
        self.watcher.look()
        self.watcher.start()

    def close(self) -> None:
        """End the streams and stop watching."""
        self.hub.close()
        self.watcher.stop()
        self.workers.shutdown(wait=False, cancel_futures=True)

    def _changed(self, revisions: Mapping[str, int]) -> None:
        """Forget and tell, in whichever thread saw the change, before anything else is sent."""
        before, self.pages.revisions = self.pages.revisions, dict(revisions)
        self._cool()
        for village, revision in revisions.items():
            if before.get(village) == revision:
                continue
            self.pages.forget(village)
            if self._loop is not None and village in self.hub.streams:
                event = self.pages.change(village)
                self._loop.call_soon_threadsafe(self.hub.tell, village, event)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] != "http":
            await self.desk(scope, receive, send)
            return
        path: str = scope["path"]
        if path.startswith(("/desk", "/health")):
            await self.desk(scope, receive, send)
            return
        method: str = scope["method"]
        if method == "POST" and self.handing.takes(path):
            await self.handing(scope, receive, send)
            return
        if method not in ("GET", "HEAD"):
            await _send(send, public.ONLY_READING, {}, head=False)
            return
        hot = self.ready(_target(scope))
        answer = hot.answer if hot else await self._found(scope, receive, send, path)
        if answer is not None:
            await _send(send, answer, asked_for(scope["headers"]), head=method == "HEAD")

    def ready(self, target: bytes) -> Hot | None:
        """Give what is hot for a request's target, as it was sent, if it still holds."""
        hot = self.hot.get(target)
        return hot if hot is not None and self.pages.holds(hot.answer) else None

    async def _found(self, scope: Scope, receive: Receive, send: Send, path: str) -> Entry | None:
        loop = asyncio.get_running_loop()
        query = scope["query_string"].decode("latin-1")
        if path.startswith("/kiosk/") and path.endswith("/live"):
            village = await loop.run_in_executor(self.workers, self.pages.village_of, path)
            if village is not None:
                first = await loop.run_in_executor(self.workers, self.pages.change, village)
                await self.hub.listen(village, first, receive, send)
                return None
        answer = await loop.run_in_executor(self.workers, self.pages.answer, path, query)
        if self.pages.holds(answer) and len(answer.body) <= HOT_BYTES // 8:
            if len(self.hot) >= MOST_HOT or self.hot_bytes >= HOT_BYTES:
                self._cool()
            self.hot[_target(scope)] = Hot(answer, _lines(answer.headers), _lines(answer.unchanged))
            self.hot_bytes += len(answer.body)
        return answer

    def _cool(self) -> None:
        self.hot.clear()
        self.hot_bytes = 0


def _target(scope: Scope) -> bytes:
    path, query = scope["raw_path"], scope["query_string"]
    target: bytes = path + b"?" + query if query else path
    return target


def _lines(headers: Headers) -> bytes:
    return b"".join(b"%b: %b\r\n" % line for line in headers) + b"\r\n"


def asked_for(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Give those of a request's headers that an answer depends on."""
    return {
        name: value for name, value in headers if name in (b"if-none-match", b"accept-encoding")
    }


def unchanged(answer: Entry, asked: Mapping[bytes, bytes]) -> bool:
    """Say whether who asks has this answer already; `*` is whatever is there (RFC 9110, 13.1.2)."""
    held = asked.get(b"if-none-match")
    if held is None:
        return False
    if held.strip() == b"*":
        return answer.status == _OK
    return answer.etag != b"" and answer.etag in held


async def _send(send: Send, answer: Entry, asked: Mapping[bytes, bytes], *, head: bool) -> None:
    if unchanged(answer, asked):
        start = {"type": "http.response.start", "status": 304, "headers": answer.unchanged}
        await send(start)
        await send({"type": "http.response.body", "body": b""})
        return
    body, sent_as = answer.body, answer.headers
    if answer.packed and b"gzip" not in asked.get(b"accept-encoding", b""):
        body, sent_as = gzip.decompress(body), answer.plain_headers
    await send({"type": "http.response.start", "status": answer.status, "headers": sent_as})
    await send({"type": "http.response.body", "body": b"" if head else body})
