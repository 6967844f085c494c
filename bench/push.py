"""From the instant a notice is due to the message on the last of many open screens."""

import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.boards import prepared
from bench.figures import Figure, Line
from bench.homes import demo_home
from bench.running import (
    ASKING,
    SERVING,
    answered,
    folder,
    free_port,
    line,
    many_files,
    program,
    python,
)
from noticeboard.board import Board
from noticeboard.core.actions import Approve
from noticeboard.store import people
from noticeboard.store.database import Database

VILLAGE, SCREEN = "shili", "shili-hall"
SIZES, ROUNDS, WARM_UP = (1_000, 5_000), 7, 1


@dataclass(frozen=True)
class Round:
    """One notice that came due: seconds from its commit and from its due instant."""

    middle: float
    last: float
    since_due: float
    lost: int


def run(*, small: bool) -> Sequence[Line]:
    """Hold the screens open in a process of their own and let notices come due."""
    sizes, rounds = ((50,), 1) if small else (SIZES, ROUNDS)
    many_files()
    with folder() as parent:
        home = parent / "home"
        demo_home(home)
        return [line_ for count in sizes for line_ in _held(home, count, rounds)]


def _held(home: Path, count: int, rounds: int) -> list[Line]:
    port = free_port()
    serving = python("bench.serving", str(home), str(port))
    listening = python("bench.listening", str(port), f"/kiosk/{SCREEN}/live", str(count))
    with program(serving, SERVING, stdout=subprocess.PIPE) as server:
        answered(port)
        with program(listening, ASKING, stdout=subprocess.PIPE) as screens:
            assert line(screens.stdout) == "ready"
            seen = [_round(home, server, screens) for _ in range(WARM_UP + rounds)][WARM_UP:]
    screens_ = f"{count:,} open screens"
    return [
        Figure(
            f"{screens_}: commit to the last, median of {rounds}", _ms(r.last for r in seen), "ms"
        ),
        Figure(f"{screens_}: commit to the last, worst", max(r.last for r in seen) * 1e3, "ms"),
        Figure(f"{screens_}: commit to the middle one", _ms(r.middle for r in seen), "ms"),
        Figure(f"{screens_}: due instant to the last", _ms(r.since_due for r in seen), "ms"),
        Figure(f"{screens_}: messages lost", sum(r.lost for r in seen), ""),
    ]


def _ms(seconds: Sequence[float]) -> float:
    return median(seconds) * 1e3


def _round(home: Path, server: subprocess.Popen[str], screens: subprocess.Popen[str]) -> Round:
    """Have a notice come due in a second or two, whoever writes it; wait until all have heard."""
    due = _schedule(home)
    from_wall = time.monotonic() - time.time()
    committed = 0.0
    while committed < due + from_wall:
        committed = float(line(server.stdout))
    told = json.loads(line(screens.stdout))
    return Round(
        middle=told["middle"] - committed,
        last=told["last"] - committed,
        since_due=told["last"] - from_wall - due,
        lost=told["lost"],
    )


def _schedule(home: Path) -> int:
    """Submit and approve an announcement from another process, as the command line would."""
    board = Board(Database(f"sqlite:///{home / 'board.db'}"))
    with board.database.read() as tx:
        accounts = {login: people.by_login(tx, login) for login in ("anna", "ben")}
    anna, ben = (board.number_of(account.id, VILLAGE) for account in accounts.values())
    action, committed = prepared(anna, "announcement")
    sent = board.act(VILLAGE, action, anna, committed=committed)
    due = board.now() + 2
    agreed = Approve(code=action.code, ed=1, of=sent.index, start=due, until=None)
    board.act(VILLAGE, agreed, ben)
    board.database.close()
    return due
