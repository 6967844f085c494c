"""Start to first answer on a home that is there already, and memory at rest."""

import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench.figures import Figure, Line, bounded
from bench.homes import demo_home
from bench.running import SERVING, answered, folder, free_port, get, program, python

ROUNDS, REST = 7, 10.0
SECONDS, MEGABYTES = 5.0, 150.0


def run(*, small: bool) -> Sequence[Line]:
    """Start the server on the demo again and again; look at its memory when nobody asks."""
    rounds, rest = (2, 1.0) if small else (ROUNDS, REST)
    with folder() as parent:
        home = parent / "home"
        code = demo_home(home)["ledger"]
        times = [_start(home, code, 0.0)[0] for _ in range(rounds)]
        _took, resting, used = _start(home, code, rest)
    return [
        bounded("start of the program to its first answer", median(times), "s", SECONDS),
        Figure("the slowest of them", max(times), "s"),
        bounded(f"memory {rest:g} s after the first answer", resting, "MB", MEGABYTES),
        Figure("memory after a hundred pages", used, "MB"),
    ]


def _start(home: Path, code: str, rest: float) -> tuple[float, float, float]:
    """Give seconds to the first answer, and megabytes at rest and after some reading."""
    port = free_port()
    begun = time.monotonic()
    with program(
        python("noticeboard", "serve", "--home", str(home), "--port", str(port)), SERVING
    ) as running:
        took = answered(port) - begun
        time.sleep(rest)
        resting = _resident(running.pid)
        for number in range(1, 101):
            get(port, f"/n/{code}/r/{number}")
        return took, resting, _resident(running.pid)


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6
