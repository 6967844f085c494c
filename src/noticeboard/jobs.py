"""The clock's door: a few fixed jobs; what is due is asked of the database, never kept here."""

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from noticeboard.board import Board
from noticeboard.board.keeping import sweep

SWEEP_EVERY = 600


def start(board: Board) -> BackgroundScheduler:
    """Start the jobs: a tick each second, a sweep every ten minutes; one tick at once.

    A date job of APScheduler is removed when it comes due while the process sleeps (its grace is
    one second); so one interval job asks what is due, and it is never given up.
    """
    scheduler = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(2)},
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        timezone="UTC",
    )
    scheduler.add_job(tick, "interval", seconds=1, args=[board], id="tick")
    scheduler.add_job(sweep, "interval", seconds=SWEEP_EVERY, args=[board], id="sweep")
    scheduler.start()
    return scheduler


def tick(board: Board) -> None:
    """Look at the clock, then do what it owes."""
    board.watch.look(board.now())
    board.tick()
