"""An act against a bare durable commit in the same folder, and how long the lock is held."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from bench.boards import LEDGER_ROWS, Timed, cast_timed, ledger, prepared, submit
from bench.figures import Figure, Line, at_most
from bench.running import folder
from noticeboard.board import taking_down
from noticeboard.board.board import Done
from noticeboard.core.actions import Approve
from noticeboard.store import blobs
from tests.cast import VILLAGE, Cast

ROUNDS, WARM_UP = 300, 30
CEILING = 3.0


def run(*, small: bool) -> Sequence[Line]:
    """Time each act right after a bare commit: both begin as cold, and meet the same disk.

    What is printed is the median of these pairs' ratios, which no slow minute of the machine bends.
    """
    rounds = 20 if small else ROUNDS
    with folder() as home:
        cast, database = cast_timed(f"sqlite:///{home / 'board.db'}")
        with _bare(home) as bare:
            pairs = _alternate(cast, bare, rounds)
        # What a tick does when nothing is due is asked each second anyway.
        pairs["publish"] = [
            Pair(tick.took - idle.took, tick.commit)
            for tick, idle in zip(pairs.pop("tick"), pairs.pop("idle"), strict=True)
        ]
        commit = median(pair.commit for pair in pairs["submit"])
        lines = [_act(name, of) for name, of in pairs.items()]
        held = _held(cast, database)
        database.close()
    return [
        Figure("bare commit of 200 bytes, synchronous=FULL", commit * 1e3, "ms"),
        *lines,
        *held,
    ]


class Pair(NamedTuple):
    """Seconds that an act took, and that the bare commit right before it took."""

    took: float
    commit: float


def _act(name: str, pairs: Sequence[Pair]) -> Figure:
    took = median(pair.took for pair in pairs)
    ratio = median(pair.took / pair.commit for pair in pairs)
    return at_most(
        f"{name} an announcement", took * 1e3, "ms", ratio, "bare SQLite commit", CEILING
    )


@contextmanager
def _bare(home: Path) -> Iterator[Callable[[], None]]:
    connection = sqlite3.connect(home / "bare.db", isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    connection.execute("create table line (n integer primary key, bytes blob)")
    row = (os.urandom(200),)
    yield lambda: connection.execute("insert into line (bytes) values (?)", row) and None
    connection.close()


def _alternate(cast: Cast, bare: Callable[[], None], rounds: int) -> dict[str, list[Pair]]:
    """Give each round's pairs by what was done, the warm-up left out."""
    pairs: dict[str, list[Pair]] = {"submit": [], "approve": [], "tick": [], "idle": []}

    def timed(name: str, do: Callable[[], Done | object]) -> Done:
        begun = perf_counter()
        bare()
        between = perf_counter()
        done = do()
        pairs[name].append(Pair(perf_counter() - between, between - begun))
        return done  # type: ignore[return-value]  # only of acts is it looked at

    for _ in range(WARM_UP + rounds):
        cast.clock.on()
        ready = prepared(cast.anna, "announcement")
        sent = timed("submit", lambda ready=ready: submit(cast, ready))
        agreed = _approval(cast, ready[0].code, sent.index)
        timed("approve", lambda agreed=agreed: cast.board.act(VILLAGE, agreed, cast.ben))
        timed("tick", cast.board.tick)
        timed("idle", cast.board.tick)
    return {name: all_[WARM_UP:] for name, all_ in pairs.items()}


def _approval(cast: Cast, code: str, of: int) -> Approve:
    return Approve(code=code, ed=1, of=of, start=cast.clock(), until=None)


def _held(cast: Cast, database: Timed) -> list[Line]:
    """Measure the lock on the largest things that are written under it."""
    largest: dict[str, float] = {"an announcement and its publishing": max(database.held)}

    def holds(what: str, do: Callable[[], object]) -> None:
        database.held.clear()
        do()
        largest[what] = max(database.held)

    ready = prepared(cast.anna, "spending", ledger())
    code = ready[0].code
    holds(f"submit a ledger of {LEDGER_ROWS} rows", lambda: submit(cast, ready))
    cast.board.act(VILLAGE, _approval(cast, code, cast.notice(code).latest.of), cast.ben)
    holds(f"publish a ledger of {LEDGER_ROWS} rows", cast.board.tick)
    holds(
        "redact every name of it",
        lambda: taking_down.redact(
            cast.board, VILLAGE, code, cast.anna, ground="person-asked", parts=("names",)
        ),
    )
    holds("keep an attachment of 20 MB", lambda: _attach(cast))
    worst = max(largest, key=lambda what: largest[what])
    return [
        *(Figure(f"lock held: {what}", took * 1e3, "ms") for what, took in largest.items()),
        Figure(f"longest time the lock is held ({worst})", largest[worst] * 1e3, "ms"),
    ]


def _attach(cast: Cast) -> None:
    data = os.urandom(20_000_000)
    with cast.board.database.write() as tx:
        blobs.keep_file(tx, VILLAGE, data, "image/jpeg", os.urandom(32), cast.clock())
