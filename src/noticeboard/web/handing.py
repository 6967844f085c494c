"""What programs hand in beside the open log: a witness its lines, a mirror its confirmation.

Nobody is signed in here: what is handed in is signed, and counts for its signature alone.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from typing import Any, Final

from noticeboard.board import Board, cosigning, mirroring
from noticeboard.core.problems import NotValid, Problem

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Answer = tuple[int, str]

MOST: Final = max(cosigning.MOST_BYTES, mirroring.MOST_BYTES)
PATIENCE: Final = 10.0
# So much in vain a minute from one address about one village. Behind a proxy that does not say who
# asks all witnesses are one address: what one of them brings that is new costs the others nothing.
PER_MINUTE: Final = 60
_MINUTE: Final = 60.0
_ADDRESSES: Final = 10_000


class Handing:
    """The two addresses under a village's open log that take something in."""

    def __init__(self, board: Board, workers: Executor) -> None:
        """Take in for a board, in its workers."""
        self.board = board
        self.workers = workers
        self._heard: dict[tuple[str, str], tuple[float, int]] = {}
        # What is being checked must not fill the threads that pages are made in.
        self._few = asyncio.Semaphore(2)

    def takes(self, path: str) -> bool:
        """Say whether something may be handed in at an address."""
        return _place(path) is not None

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer a POST at such an address with a word."""
        status, said = await self._answer(scope, receive)
        body = f"{said}\n".encode()
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"content-length", b"%d" % len(body)),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Mapping[str, Any], receive: Receive) -> Answer:
        place = _place(scope["path"])
        if place is None:
            return 404, "not here"
        village, what = place
        asker = (scope.get("client") or ("", 0))[0], village
        if not self._in_time(asker):
            return 429, "太多了，请过一分钟再来。"
        try:
            async with asyncio.timeout(PATIENCE):
                data = await _body(receive)
        except TimeoutError:
            return 408, "太慢了。"
        if data is None:
            return 413, "太长了。"
        async with self._few:
            loop = asyncio.get_running_loop()
            status, said, news = await loop.run_in_executor(
                self.workers, self._take, village, what, data
            )
        if news:
            began, count = self._heard.get(asker, (0.0, 0))
            self._heard[asker] = began, max(0, count - 1)
        return status, said

    def _take(self, village: str, what: str, data: bytes) -> tuple[int, str, bool]:
        """Take what was handed in; gives the answer, and whether it was anything new."""
        try:
            take = mirroring.confirm if what == "mirrored" else cosigning.hand_in
            news = bool(take(self.board, village, data))
        except NotValid as problem:
            return 400, str(problem), False
        except Problem as problem:
            return problem.status, str(problem), False
        return 200, "ok", news

    def _in_time(self, asker: tuple[str, str]) -> bool:
        now = time.monotonic()
        if len(self._heard) > _ADDRESSES:
            self._heard.clear()
        began, count = self._heard.get(asker, (now, 0))
        if now - began >= _MINUTE:
            began, count = now, 0
        self._heard[asker] = began, count + 1
        return count < PER_MINUTE


def _place(path: str) -> tuple[str, str] | None:
    match path.split("/"):
        case ["", "log", village, ("cosignatures" | "mirrored") as what] if village:
            return village, what
    return None


async def _body(receive: Receive) -> bytes | None:
    """Read a body, or give None as soon as it is longer than anything that is taken."""
    data = bytearray()
    while True:
        message = await receive()
        data += message.get("body", b"")
        if len(data) > MOST:
            return None
        if not message.get("more_body"):
            return bytes(data)
