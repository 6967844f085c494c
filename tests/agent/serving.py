"""Doors on real sockets: an ASGI application answered in a thread, and witnesses behind theirs."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from noticeboard.agent.app import App
from noticeboard.core.notes import Key
from noticeboard.signing.witness import Witness, make


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Answer for an application until the block ends; gives its address."""
    door = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[door])), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        door.close()


class Neighbours:
    """Some witnesses, each in a folder of its own behind a socket of its own."""

    def __init__(self, folder: Path, log: Key, count: int, clock: Any) -> None:
        self.witnesses = []
        self.urls: list[str] = []
        self._open = ExitStack()
        for n in range(1, count + 1):
            make(folder / f"w{n}", f"w{n}.example")
            witness = Witness(folder / f"w{n}", clock=clock)
            witness.trust([log])
            self.witnesses.append(witness)
            self.urls.append(self._open.enter_context(serving(App(witness))))

    def policy(self, *, quorum: int) -> str:
        """Write the policy that names them all."""
        pairs = enumerate(zip(self.witnesses, self.urls, strict=True), 1)
        lines = [f"witness w{n} {witness.key.text} {url}" for n, (witness, url) in pairs]
        names = " ".join(f"w{n}" for n in range(1, len(lines) + 1))
        return "\n".join([*lines, f"group all-of-them {quorum} {names}", "quorum all-of-them", ""])

    def close(self) -> None:
        """Close the doors."""
        self._open.close()
