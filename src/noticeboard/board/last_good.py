"""The last good head of a log that stands still: signed, and of the entries that are here."""

from sqlalchemy import Connection

from noticeboard.board.checkpoints import KEPT
from noticeboard.store import checkpoints, tree
from noticeboard.store.checkpoints import Signed


def last_good(tx: Connection, village: str) -> Signed | None:
    """Give the largest kept head whose root the stored tree still has, None where none fits."""
    kept = checkpoints.newest(tx, village, KEPT)
    return next((one for one in kept if _fits(tx, village, one)), None)


def _fits(tx: Connection, village: str, signed: Signed) -> bool:
    try:
        return tree.root(tx, village, signed.size) == signed.root
    except KeyError:  # entries are gone
        return False
