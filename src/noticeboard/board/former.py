"""The former log: what a village's log says in its first entry that it goes on from."""

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.core.actions import Entry, Genesis, read
from noticeboard.core.checkpoints import Checkpoint, read_checkpoint
from noticeboard.core.problems import NotValid
from noticeboard.store import log


class Former(Struct, frozen=True):
    """The last head of the log before this one, since when this one goes on, and why (a ground)."""

    head: Checkpoint
    since: int
    ground: str


def former(tx: Connection, village: str) -> Former | None:
    """Give the log that a village's log goes on from; None for a first one, or a damaged entry."""
    try:
        entry = read(log.leaf_at(tx, village, 0) or b"")
        action = entry.action if isinstance(entry, Entry) else None
        if not isinstance(action, Genesis) or action.predecessor is None:
            return None
        head = read_checkpoint(action.predecessor.encode())
    except NotValid:
        return None
    return Former(head, entry.at, str(action.ground))
