"""Both audits of a long log that the board itself wrote."""

from collections.abc import Sequence
from statistics import median
from time import perf_counter

from bench.boards import prepared, submit
from bench.figures import Figure, Line, at_most
from bench.running import folder
from noticeboard.auditing import verify
from noticeboard.board.board import in_force
from noticeboard.core.actions import Approve, read
from noticeboard.core.replay import replay
from noticeboard.store import log, notices
from tests.cast import VILLAGE, Cast, cast_on

ENTRIES, ROUNDS = 20_000, 3
CEILING = 1.5


def run(*, small: bool) -> Sequence[Line]:
    """Audit everything, and the lifecycle alone, which needs leaves and rules only."""
    with folder() as home:
        cast = cast_on(f"sqlite:///{home / 'board.db'}")
        entries, short, long = written(cast, 300 if small else ENTRIES)
        whole = median(_whole(cast) for _ in range(ROUNDS))
        lifecycle = median(_lifecycle(cast) for _ in range(ROUNDS))
        cast.board.database.close()
    return [
        Figure(f"both audits over {entries:,} entries", whole, "s"),
        Figure("both audits", entries / whole, "entries/s"),
        Figure("the lifecycle audit alone", entries / lifecycle, "entries/s"),
        at_most(
            f"submit, at the end of {entries:,} entries",
            long * 1e3,
            "ms",
            long / short,
            "the log's beginning",
            CEILING,
        ),
    ]


def written(cast: Cast, count: int) -> tuple[int, float, float]:
    """Write a log by submitting, approving and publishing announcements.

    Gives its length, and the median seconds of a submission at its beginning and at its end.
    """
    took: list[float] = []
    while cast.entries() < count:
        cast.clock.on(60)
        for _ in range(50):
            ready = prepared(cast.anna, "announcement")
            begun = perf_counter()
            sent = submit(cast, ready)
            took.append(perf_counter() - begun)
            at = cast.clock()
            agreed = Approve(code=ready[0].code, ed=1, of=sent.index, start=at, until=None)
            cast.board.act(VILLAGE, agreed, cast.ben)
        cast.board.tick()
    edge = min(300, len(took) // 2)
    return cast.entries(), median(took[:edge]), median(took[-edge:])


def _whole(cast: Cast) -> float:
    begun = perf_counter()
    report = verify(cast.board, VILLAGE)
    took = perf_counter() - begun
    assert report.ok, "the audit found something"
    return took


def _lifecycle(cast: Cast) -> float:
    begun = perf_counter()
    with cast.board.database.read() as tx:
        origin = notices.head_of(tx, VILLAGE).village.origin
        rules = dict([in_force(tx)])
        replayed = replay(origin, (read(raw) for _index, raw in log.leaves(tx, VILLAGE)), rules)
    took = perf_counter() - begun
    assert not replayed.findings, "the audit found something"
    return took
