"""A county's calendars of duties: a year worked out for all, and what is late on any board."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

from msgspec.structs import replace

from bench.figures import Figure, Line, at_most
from bench.running import folder
from noticeboard.board import adopting, duties, founding
from noticeboard.core.days import instant
from noticeboard.core.duties import Event, of_events
from noticeboard.core.duties import duties as worked_out
from noticeboard.store import duties as store
from tests.calendars import PAPER, rules
from tests.cast import KEY, PROFILE, Cast, cast_on

# As many villages go by the county's days on both boards, so that as much is late; those besides
# have the same calendar with planned days.
FEW, MANY = 5, 500
ROUNDS, WARM_UP, ASKED = 9, 2, 20
CEILING = 1.5
JOINED, YEAR_OVER = "2026-01-01", "2027-01-01"


def run(*, small: bool) -> Sequence[Line]:
    """Work out both boards' calendars, then ask in turns what is late on them."""
    many = 20 if small else MANY
    with folder() as home, ExitStack() as stack:
        few, _ = stack.enter_context(_county(home / "few.db", FEW))
        more, worked = stack.enter_context(_county(home / "more.db", many))
        rows, every = _rows(more), _all_items(more, many)
        bare = _bare(home / "bare.db", rows)
        late, more_late = _late(few), _late(more)
        assert late == more_late, "the two boards are not late with the same"
        took: list[list[float]] = [[], []]
        for _ in range(WARM_UP + ROUNDS):
            for times, cast in zip(took, (few, more), strict=True):
                times.append(_asked(cast))
    few_took, more_took = (times[WARM_UP:] for times in took)
    ratio = median(large / little for little, large in zip(few_took, more_took, strict=True))
    items = len({item for _village, item, _doc in rows})
    what = f"a year of the {items} items with a rhythm in {many:,} villages: {len(rows):,} duties"
    peer = "the same rows written by sqlite3 alone"
    return [
        Figure(f"{what} worked out and stored", worked, "s", worked / bare, peer),
        every,
        Figure(f"what is late ({late}) in {FEW} villages", median(few_took) * 1e3, "ms"),
        at_most(
            f"what is late ({late}) in {many:,} villages",
            median(more_took) * 1e3,
            "ms",
            ratio,
            f"{FEW} villages",
            CEILING,
        ),
    ]


@contextmanager
def _county(path: Path, villages: int) -> Iterator[tuple[Cast, float]]:
    """Give a board with so many villages at the year's end, and the seconds its calendars took."""
    cast = cast_on(f"sqlite:///{path}")
    cast.clock.now = instant(JOINED)
    adopting.adopt(cast.board, rules(), document=PAPER)
    for number in range(villages):
        code = f"4399{number:05}"
        origin = f"board.example/v/{code}"
        founding.establish(cast.board, code=code, origin=origin, profile=PROFILE, keys=(KEY.text,))
        binds = number < FEW
        adopting.assign(
            cast.board,
            code,
            pack="county" if binds else "national",
            joined=JOINED,
            document=PAPER if binds else "",
        )
    at = cast.clock.now = instant(YEAR_OVER)
    begun = perf_counter()
    while duties.roll(cast.board.database, at):
        pass
    yield cast, perf_counter() - begun
    cast.board.database.close()


def _all_items(cast: Cast, villages: int) -> Line:
    """Work out every item for each month: by its rhythm, or after a day recorded in the month."""
    with cast.board.database.read() as tx:
        regimes = duties.regimes_of(tx, f"4399{FEW:05}")
    awaited = of_events(regimes[-1])
    days = [date(2026, month, 15) for month in range(1, 13)]
    recorded = [Event(0, item, day, instant(day.isoformat())) for item in awaited for day in days]
    events = [replace(one, index=nth) for nth, one in enumerate(recorded)]
    begun = perf_counter()
    counts = [len(worked_out(regimes, (), events, date(2026, 12, 31))) for _ in range(villages)]
    took = perf_counter() - begun
    items = len(regimes[-1].rules.catalogue)
    what = f"all {items} items, 12 months, {villages:,} villages: {sum(counts):,} duties worked out"
    return Figure(what, took, "s")


def _rows(cast: Cast) -> list[tuple[str, str, bytes]]:
    with cast.board.database.read() as tx:
        asked = tx.execute(store.duty.select())
        return [(row.village, row.item, bytes(row.doc)) for row in asked]


def _bare(path: Path, rows: Sequence[tuple[str, str, bytes]]) -> float:
    """Write the rows a village a transaction, as durably as the board does; give the seconds."""
    of_village: dict[str, list[tuple[str, str, bytes]]] = {}
    for row in rows:
        of_village.setdefault(row[0], []).append(row)
    with sqlite3.connect(path) as bare:
        bare.execute("pragma journal_mode = wal")
        bare.execute("pragma synchronous = full")
        bare.execute("create table duty (village text, item text, doc blob)")
        begun = perf_counter()
        for some in of_village.values():
            bare.executemany("insert into duty values (?, ?, ?)", some)
            bare.commit()
        return perf_counter() - begun


def _late(cast: Cast) -> int:
    with cast.board.database.read() as tx:
        return len(store.late(tx, cast.clock.now))


def _asked(cast: Cast) -> float:
    begun = perf_counter()
    for _ in range(ASKED):
        _late(cast)
    return (perf_counter() - begun) / ASKED
