"""The clock's door: a few fixed jobs; what is due is asked of the database, never kept here."""

import logging
from datetime import datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from noticeboard.board import Board, checkpoints
from noticeboard.board.keeping import sweep
from noticeboard.board.witnesses import Witnesses
from noticeboard.core.problems import Unavailable
from noticeboard.signing.signer import Signs

SWEEP_EVERY = 600
# The scheduler looks again after so many seconds, however long it thinks that it may sleep.
LONGEST_SLEEP = 1.0


class Pacer(BackgroundScheduler):  # type: ignore[misc]  # it has no types
    """Runs jobs at their intervals as real time passes, whatever is done to the wall clock.

    APScheduler keeps by the wall clock when a job is due: set back by an hour it would run nothing
    for an hour, and set forward by years it would count every second in between. But no job is
    ever due further away than its interval: the clock was set under one that is, so it runs now.
    """

    def _process_jobs(self) -> float:
        now = datetime.now(self.timezone)
        for job in self.get_jobs():
            if abs(job.next_run_time - now) > job.trigger.interval + timedelta(seconds=1):
                job.modify(next_run_time=now)
        wait = super()._process_jobs()
        # The sleep itself is monotonic; its length was worked out by a clock that may be set.
        return LONGEST_SLEEP if wait is None else min(wait, LONGEST_SLEEP)


def start(board: Board, *, clock: bool = True, signer: Signs | None = None) -> BackgroundScheduler:
    """Start the jobs: those of the clock, and with a signer the signing of what has grown.

    The clock ticks each second and sweeps every ten minutes; what has grown is asked each second,
    and what was signed is brought to the witnesses by threads of their own.
    A date job of APScheduler is removed when it comes due while the process sleeps (its grace is
    one second); so one interval job asks what is due, and it is never given up.
    """
    # That a second was left out because the last one still runs is as it should be.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = Pacer(
        executors={"default": ThreadPoolExecutor(4)},
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        timezone="UTC",
    )
    if clock:
        scheduler.add_job(tick, "interval", seconds=1, args=[board], id="tick")
        scheduler.add_job(sweep, "interval", seconds=SWEEP_EVERY, args=[board], id="sweep")
    if signer is not None:
        witnesses = Witnesses(board)
        # They are asked a second before anything is signed: one may know more than is here.
        witnesses.look()
        scheduler.add_job(sign, "interval", seconds=1, args=[board, signer, witnesses], id="sign")
        scheduler.add_job(witnesses.look, "interval", seconds=1, id="witness")
        scheduler.add_job(
            checkpoints.prune, "interval", seconds=SWEEP_EVERY, args=[board], id="prune"
        )
    scheduler.start()
    return scheduler


def sign(board: Board, signer: Signs, witnesses: Witnesses) -> None:
    """Sign what has grown, and bring it to the witnesses at once."""
    if whole(board) and checkpoints.sign_due(board, signer):
        witnesses.look()


def tick(board: Board) -> None:
    """Look at the clock, then do what it owes."""
    if whole(board):
        board.watch.look(board.now())
        board.tick()


def whole(board: Board) -> bool:
    """Look whether the database is the file that was opened and can be read, before each round.

    Where it is not nothing is done; the desk says so until it is started anew, and once the log of
    the program, not each second.
    """
    try:
        if why := board.database.replaced:
            raise why
        with board.database.read() as tx:
            tx.exec_driver_sql("select 1 from head limit 1")
    except Unavailable as problem:
        said = str(problem)
    else:
        said = ""
    if said and said != board.watch.stuck:
        logging.getLogger("noticeboard").error("✗ %s", said)
    board.watch.stuck = said
    return not said
