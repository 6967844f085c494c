"""Two clocks at once publish once: as threads of one process, and as two processes."""

import multiprocessing
import threading
from pathlib import Path

from noticeboard.board import Board
from noticeboard.board.board import Done
from noticeboard.store.database import Database
from tests.cast import START, Cast, Clock, cast_in, cast_on
from tests.postgres import Postgres

DUE = 12


def schedule(cast: Cast) -> None:
    for n in range(DUE):
        cast.approve(cast.submitted(title=f"通知{n}"), start=START + 5)


def test_threads_that_tick_together_publish_once(cast: Cast) -> None:
    """Four clocks, twelve due: each goes up exactly once, numbers without a gap."""
    schedule(cast)
    cast.clock.on(5)
    done: list[Done] = []
    start = threading.Barrier(4)

    def clock() -> None:
        start.wait()
        done.extend(cast.board.tick())

    threads = [threading.Thread(target=clock) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {} == cast.board.watch.failures
    numbers = sorted(went_up.notice.number or "" for went_up in done if went_up.notice)
    assert [f"2026-{n:03d}" for n in range(1, DUE + 1)] == numbers


def ticks(url: str, at: int, ready: "multiprocessing.synchronize.Barrier", path: Path) -> None:
    """Tick once in a process of its own, when the other one is ready too."""
    board = Board(Database(url), clock=Clock(at))
    ready.wait()
    done = board.tick()
    path.write_text(" ".join(went_up.notice.number or "" for went_up in done if went_up.notice))


def _in_two_processes(cast: Cast, url: str, folder: Path) -> None:
    schedule(cast)
    cast.board.database.close()
    context = multiprocessing.get_context("spawn")
    ready, paths = context.Barrier(2), [folder / "one", folder / "two"]
    children = [context.Process(target=ticks, args=(url, START + 5, ready, path)) for path in paths]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [0, 0] == [child.exitcode for child in children]
    numbers = sorted(" ".join(path.read_text() for path in paths).split())
    assert [f"2026-{n:03d}" for n in range(1, DUE + 1)] == numbers
    cast.audit()
    cast.board.database.close()


def test_two_processes_publish_once(tmp_path: Path) -> None:
    """The web server's clock and one from the command line, on one SQLite file."""
    cast = cast_in(tmp_path)
    _in_two_processes(cast, f"sqlite:///{tmp_path / 'board.db'}", tmp_path)


def test_two_processes_publish_once_on_postgresql(postgres: Postgres, tmp_path: Path) -> None:
    """Two clocks of a county on one database."""
    with postgres.fresh() as url:
        _in_two_processes(cast_on(url), url, tmp_path)
