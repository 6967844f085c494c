"""The witness's door: `add-checkpoint` and the monitoring addresses, nothing else."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from noticeboard.core.notes import LONGEST
from noticeboard.core.problems import Problem
from noticeboard.core.witnessing import Refused
from noticeboard.signing.witness import Witness

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Answer = tuple[int, bytes, bytes]

TEXT: Final = b"text/plain; charset=utf-8"
SIZE: Final = b"text/x.tlog.size"
# A request is small: whoever takes longer to say it holds a place that others want.
PATIENCE: Final = 10.0
_MONITORED: Final = re.compile(r"/([0-9a-f]{64})/checkpoint")


class App:
    """A witness as an ASGI application."""

    def __init__(self, witness: Witness) -> None:
        """Answer for a witness."""
        self.witness = witness
        self.workers = ThreadPoolExecutor(4, thread_name_prefix="witness")

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            status, media_type, body = await self._answer(scope, receive)
            headers = [(b"content-type", media_type), (b"content-length", b"%d" % len(body))]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            sent = b"" if scope["method"] == "HEAD" else body
            await send({"type": "http.response.body", "body": sent})

    async def _answer(self, scope: Any, receive: Receive) -> Answer:
        loop, method = asyncio.get_running_loop(), scope["method"]
        if scope["path"] == "/add-checkpoint":
            if method != "POST":
                return 405, TEXT, b"POST\n"
            try:
                async with asyncio.timeout(PATIENCE):
                    request = await body_of(receive, LONGEST + 1)
            except TimeoutError:
                return 408, TEXT, b"too slow\n"
            return await loop.run_in_executor(self.workers, self._add, request)
        found = _MONITORED.fullmatch(scope["path"])
        if found is None:
            return 404, TEXT, b"not here\n"
        if method not in ("GET", "HEAD"):
            return 405, TEXT, b"GET\n"
        return await loop.run_in_executor(self.workers, self._note, found[1])

    def _add(self, request: bytes) -> Answer:
        try:
            return 200, TEXT, self.witness.add(request)
        except Refused as refused:
            if refused.code == 409:  # noqa: PLR2004 - Conflict
                return 409, SIZE, b"%d\n" % refused.size
            return refused.code, TEXT, f"{refused}\n".encode()
        except Problem as problem:
            # Whatever else is wrong is wrong here and says nothing of what was asked.
            return 503, TEXT, f"{problem}\n".encode()

    def _note(self, hash_: str) -> Answer:
        try:
            note = self.witness.note(hash_)
        except Problem as problem:
            return 503, TEXT, f"{problem}\n".encode()
        return (404, TEXT, b"not here\n") if note is None else (200, TEXT, note)


async def body_of(receive: Receive, most: int) -> bytes:
    """Read a request's body, at most `most` bytes of it."""
    data = bytearray()
    while len(data) < most:
        message = await receive()
        data += message.get("body", b"")
        if not message.get("more_body"):
            break
    return bytes(data[:most])


async def _lifespan(receive: Receive, send: Send) -> None:
    for said in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{said}.complete"})
