"""The witness as a program: its door, and one thread for each log it pulls."""

import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

import uvicorn

from noticeboard.agent.app import App
from noticeboard.agent.pulling import Did, Pull
from noticeboard.core.problems import NotNow, Problem, Unavailable
from noticeboard.net.bounded import Bounded
from noticeboard.signing.witness import Witness

Said = Callable[[Pull, Did | Problem], None]


def pull_for_ever(pulls: Sequence[Pull], every: float, said: Said) -> threading.Event:
    """Make contact with each log every so many seconds; the event that is given back ends it.

    `said` hears what came of each contact, in the thread of its log.
    """
    over = threading.Event()
    for pull in pulls:
        threading.Thread(target=_run, args=(pull, every, said, over), daemon=True).start()
    return over


def _run(pull: Pull, every: float, said: Said, over: threading.Event) -> None:
    while not over.is_set():
        try:
            said(pull, pull.once())
        except Exception as error:  # noqa: BLE001 - whatever a log sends, the next contact is made
            problem = error if isinstance(error, Problem) else _unforeseen(error)
            with suppress(Exception):  # whoever hears it may have nowhere to write it
                said(pull, problem)
        over.wait(every)


def _unforeseen(error: Exception) -> Problem:
    return Unavailable("没有料到的错，下次再试。", value=repr(error)[:200])


def serve(witness: Witness, *, host: str, port: int, ready: Callable[[int], None]) -> None:
    """Answer for a witness until stopped; `ready` is told the port once requests are answered.

    Port 0 takes any that is free. Raises NotNow for one that another program has.
    """
    try:
        door = socket.create_server((host, port), family=_family(host, port), backlog=256)
    except OSError as error:
        raise NotNow("这个端口用不了。", value=f"{host}:{port} {error.strerror}") from None
    config = uvicorn.Config(
        App(witness), http=Bounded, ws="none", log_level="warning", access_log=False, lifespan="on",
        server_header=False, limit_concurrency=256, timeout_graceful_shutdown=3,
    )  # fmt: skip
    server = uvicorn.Server(config)
    number: int = door.getsockname()[1]
    threading.Thread(target=_when_started, args=(server, ready, number), daemon=True).start()
    with door:
        server.run(sockets=[door])


def _family(host: str, port: int) -> socket.AddressFamily:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]


def _when_started(server: uvicorn.Server, ready: Callable[[int], None], port: int) -> None:
    pause = threading.Event()
    while not server.started:
        pause.wait(0.02)
    ready(port)
