"""Following: what the signer knows of the log after this one, also where the database does not.

A database from before a log was followed by another would revive it, and the village would have
two. The signer's folder is in no backup: it still knows.
"""

from itertools import count

from sqlalchemy import Connection

from noticeboard.board import freezing
from noticeboard.board.board import Board
from noticeboard.core.actions import Entry, Genesis, read
from noticeboard.core.people import Village
from noticeboard.core.problems import NotValid
from noticeboard.signing.signer import Signs
from noticeboard.store import heads, log, notices


def base(tx: Connection, village: Village) -> str:
    """Give the name of the first of the logs that follow one another to a village's log."""
    try:
        first = read(log.leaf_at(tx, village.code, 0) or b"")
    except NotValid:
        return village.origin
    action = first.action if isinstance(first, Entry) else None
    follows = isinstance(action, Genesis) and action.predecessor is not None
    return village.origin.rpartition("/")[0] if follows else village.origin


def follower(board: Board, signer: Signs, village: str) -> str:
    """Give the log that the signer knows to follow a village's log, "" where it knows of none.

    It marked the log as stopped; or it signed under the next name, and no log here has that name.
    """
    with board.database.read() as tx:
        here = notices.head_of(tx, village).village
        taken, first = heads.origins(tx), base(tx, here)
    if marked := signer.stopped(here.origin):
        return marked
    number = here.origin.removeprefix(f"{first}/") if here.origin != first else "1"
    for n in count(int(number) + 1) if number.isdecimal() else ():
        name = f"{first}/{n}"
        state = signer.state(name)
        if state is None:
            return ""
        if state.size and name not in taken:
            return name
    return ""


def heed(board: Board, signer: Signs, village: str) -> bool:
    """Freeze a log that another one follows, whatever froze it before; say whether it is so."""
    with board.database.read() as tx:
        reason = heads.frozen(tx, village)
    if freezing.for_good(village, reason) or not follower(board, signer, village):
        return False
    if reason != freezing.FOLLOWED:
        with board.database.write() as tx:
            freezing.freeze(tx, village, freezing.FOLLOWED, board.now(), anew=True)
        board.heard()
    return True
