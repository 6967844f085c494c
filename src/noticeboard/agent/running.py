"""The witness as a program: its door, and one thread for each log it pulls."""

import threading
from collections.abc import Callable, Sequence

import uvicorn

from noticeboard.agent.app import App
from noticeboard.agent.pulling import Did, Pull
from noticeboard.core.problems import Problem
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
        except Problem as problem:
            said(pull, problem)
        over.wait(every)


def serve(witness: Witness, *, host: str, port: int, ready: Callable[[], None]) -> None:
    """Answer for a witness until stopped; `ready` is called once requests are answered."""
    config = uvicorn.Config(
        App(witness), host=host, port=port, log_level="warning", access_log=False, lifespan="on",
        server_header=False, limit_concurrency=256, timeout_graceful_shutdown=3,
    )  # fmt: skip
    server = uvicorn.Server(config)
    waiting = threading.Timer(0, _when_started, args=(server, ready))
    waiting.daemon = True
    waiting.start()
    server.run()


def _when_started(server: uvicorn.Server, ready: Callable[[], None]) -> None:
    pause = threading.Event()
    while not server.started:
        pause.wait(0.02)
    ready()
