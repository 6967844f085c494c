"""Streams to open screens: one encoded message, sent to everybody who listens to a village."""

import asyncio
from typing import Any

Send = Any

RETRY = b"retry: 5000\n\n"
PING = b"event: ping\ndata: {}\n\n"
PING_EVERY = 20.0


class Stream:
    """One open screen. A screen whose line is full is let go; it comes back."""

    def __init__(self, send: Send) -> None:
        """Hold the ASGI `send` of an open response."""
        self.send = send
        self.over = asyncio.Event()

    def push(self, message: bytes) -> None:
        """Hand over a message without waiting for it to arrive."""
        body = {"type": "http.response.body", "body": message, "more_body": True}
        sending = self.send(body)
        # A line with room takes it in the first step. A task for each of thousands of screens would
        # cost more than the sending; and who still has the last 64 kB to take is not there.
        try:
            sending.send(None)
        except StopIteration:
            return
        except Exception:  # noqa: BLE001 - whatever is wrong with one line, the others go on
            self.over.set()
            return
        sending.close()
        self.over.set()


class Hub:
    """Who listens to which village. Lives in the event loop's thread only."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.streams: dict[str, set[Stream]] = {}
        self.closed = False
        self._pinger: asyncio.Task[None] | None = None

    async def listen(self, village: str, first: bytes, receive: Any, send: Send) -> None:
        """Keep a response open until the screen leaves or the server ends it cleanly."""
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": RETRY + first, "more_body": True})
        stream = Stream(send)
        if self._pinger is None:
            self._pinger = asyncio.ensure_future(self._ping())
        self.streams.setdefault(village, set()).add(stream)
        gone = asyncio.ensure_future(_left(receive))
        over = asyncio.ensure_future(stream.over.wait())
        try:
            if self.closed:
                stream.over.set()
            await asyncio.wait({gone, over}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.streams[village].discard(stream)
            gone.cancel()
            over.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def tell(self, village: str, message: bytes) -> None:
        """Send a message to every screen of a village."""
        for stream in tuple(self.streams.get(village, ())):
            stream.push(message)

    async def _ping(self) -> None:
        while not self.closed:
            await asyncio.sleep(PING_EVERY)
            for village in tuple(self.streams):
                self.tell(village, PING)

    def close(self) -> None:
        """End every stream with a clean last chunk, so that the server can stop at once."""
        self.closed = True
        if self._pinger is not None:
            self._pinger.cancel()
        for streams in self.streams.values():
            for stream in tuple(streams):
                stream.over.set()


async def _left(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
