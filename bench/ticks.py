"""A tick with ten due: what is stored besides must not matter."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from statistics import median
from time import perf_counter

from sqlalchemy import insert, select, text

from bench.boards import prepared, submit
from bench.figures import Figure, LeftOut, Line, at_most
from bench.running import folder
from noticeboard.core.actions import Approve
from noticeboard.store.database import Database
from noticeboard.store.tables import notice
from tests.cast import VILLAGE, Cast, cast_on
from tests.postgres import throw_away_cluster

FEW, MANY = 1_000, 1_000_000
DUE, ROUNDS, WARM_UP = 10, 9, 2
CEILING = 1.5
SLICE = 20_000


def run(*, small: bool) -> Sequence[Line]:
    """Measure on SQLite, and on PostgreSQL where Debian's server is installed."""
    many = 20_000 if small else MANY
    with folder() as few, folder() as more:
        urls = [f"sqlite:///{home / 'board.db'}" for home in (few, more)]
        lines = _both("SQLite", urls, many)
    with throw_away_cluster() as cluster:
        if cluster is None:
            return [*lines, LeftOut("the same on PostgreSQL", "sudo apt install postgresql")]
        with cluster.fresh() as few_url, cluster.fresh() as more_url:
            return [*lines, *_both("PostgreSQL (its fsync off)", [few_url, more_url], many)]


def _both(kind: str, urls: Sequence[str], many: int) -> list[Line]:
    with ExitStack() as stack:
        counts = (FEW, many)
        casts = [stack.enter_context(_stored(url, n)) for url, n in zip(urls, counts, strict=True)]
        took: list[list[float]] = [[], []]
        # Turn about, so that both meet the same neighbours.
        for _ in range(WARM_UP + ROUNDS):
            for times, cast in zip(took, casts, strict=True):
                times.append(_tick(cast))
    few, more = (times[WARM_UP:] for times in took)
    ratio = median(large / small for small, large in zip(few, more, strict=True))
    what = f"{kind}: a tick with {DUE} due of"
    return [
        Figure(f"{what} {FEW:,} stored", median(few) * 1e3, "ms"),
        at_most(f"{what} {many:,} stored", median(more) * 1e3, "ms", ratio, f"{FEW:,}", CEILING),
    ]


@contextmanager
def _stored(url: str, count: int) -> Iterator[Cast]:
    """Give a board that stores so many published notices; the table is filled directly."""
    cast = cast_on(url)
    cast.published("announcement")
    _fill(cast.board.database, count)
    yield cast
    cast.board.database.close()


def _fill(database: Database, count: int) -> None:
    with database.read() as tx:
        model = dict(tx.execute(select(notice)).one()._mapping)
    doc = bytes(model["doc"])
    code = model["code"].encode()
    for start in range(0, count, SLICE):
        numbers = range(start, min(start + SLICE, count))
        with database.write() as tx:
            tx.execute(
                insert(notice),
                [
                    {**model, "code": f"{n:08}", "doc": doc.replace(code, b"%08d" % n)}
                    for n in numbers
                ],
            )
    if database.sqlite:
        # What was filled is to lie on the disk, and not still be on its way there when it counts.
        database.scrub()
        os.sync()
    else:
        # As its own daemon would within a minute; a planner that knows nothing is nobody's board.
        with database.write() as tx:
            tx.execute(text("analyze"))


def _tick(cast: Cast) -> float:
    """Let ten notices come due, and give the seconds that the tick took which puts them up."""
    start = cast.clock() + 60
    for _ in range(DUE):
        ready = prepared(cast.anna, "announcement")
        sent = submit(cast, ready)
        agreed = Approve(code=ready[0].code, ed=1, of=sent.index, start=start, until=None)
        cast.board.act(VILLAGE, agreed, cast.ben)
    cast.clock.now = start
    begun = perf_counter()
    went_up = cast.board.tick()
    took = perf_counter() - begun
    assert len(went_up) == DUE, "the tick did not do what it is measured at"
    return took
