"""The second path: a log's next head computed from its bytes, against what is stored and signed."""

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board import testimony
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.merkle import (
    Frontier,
    consistency,
    consistent,
    leaf_hash,
    peaks_of,
)
from noticeboard.store import checkpoints, log, notices, tree
from noticeboard.store.checkpoints import Signed

# So many entries are recomputed at a time.
PIECE = 1024

LOST = "签名程序忘了它签到哪里。"
AHEAD = "签过名的记录比这里的多，这里少了记录。"
OTHER = "签过名的记录和这里的不一样。"
BEHIND = "签名程序记得的，比这里存着的签名还旧。"
GAP = "有记录不见了。"
CHANGED = "记录的内容和记下的树对不上。"


class DoesNotAddUp(Exception):  # noqa: N818 - it is said as a sentence
    """A log that must not be signed; the text is why, for the village to be frozen with."""


class Next(Struct, frozen=True):
    """What a signer is asked for: a step from what it signed last, its proof, the log's keys."""

    keys: tuple[str, ...]
    old: int
    proof: tuple[bytes, ...]
    new: Checkpoint


def next_step(tx: Connection, village: str, held: Checkpoint | None) -> Next | None:
    """Give the step from what the signer remembers (`held`) to the log as it stands.

    None for a log that names no key and that no signer knows: it is not signed at all. Raises
    DoesNotAddUp where the signed log is not this one's beginning, or where entries, stored subtrees
    and the village's state are not of one tree.
    """
    head = notices.head_of(tx, village).village
    if held is None and not head.keys:
        return None
    try:
        if why := testimony.unanswered(tx, head):
            raise DoesNotAddUp(why)
        if held is None:
            raise DoesNotAddUp(LOST)
        if held.size > head.size:
            raise DoesNotAddUp(AHEAD)
        if head.size:
            _last_is_there(tx, village, head.size)
        _goes_on(tx, village, checkpoints.latest(tx, village), held)
        root = _recomputed(tx, village, held, head.size)
        path = tree.reading(tx, village, lambda read: consistency(read, held.size, head.size))
    except KeyError:
        raise DoesNotAddUp(GAP) from None
    if not consistent(held.size, held.root, head.size, root, path):
        raise DoesNotAddUp(CHANGED)
    return Next(head.keys, held.size, tuple(path), Checkpoint(head.origin, head.size, root))


def _last_is_there(tx: Connection, village: str, size: int) -> None:
    """See that the village's state speaks of no entry that is gone, also where all is signed."""
    (leaf,) = tree.leaves(tx, village, size - 1, size)
    (stored,) = tree.hashes(tx, village, 0, size - 1, size)
    if leaf_hash(leaf) != stored:
        raise DoesNotAddUp(CHANGED)


def _goes_on(tx: Connection, village: str, last: Signed | None, held: Checkpoint) -> None:
    """See that what the signer remembers goes on from the checkpoint that is served."""
    if last is None:
        return
    if last.size > held.size:
        inside = tree.root(tx, village, held.size) == held.root
        raise DoesNotAddUp(BEHIND if inside else OTHER)
    if tree.root(tx, village, last.size) != last.root:
        raise DoesNotAddUp(OTHER)


def _recomputed(tx: Connection, village: str, held: Checkpoint, size: int) -> bytes:
    """Compute the root anew from the bytes of the entries since what was signed last.

    Every subtree they complete must be stored as it is computed here: a bit that was flipped on its
    way into the database is found before anybody has signed it.
    """
    peaks = peaks_of(held.size)
    stored = tree.nodes_at(tx, village, peaks)
    grown = Frontier(held.size, [stored[place] for place in peaks])
    if grown.root() != held.root:
        raise DoesNotAddUp(OTHER)
    while grown.size < size:
        _grow(tx, village, grown, min(size, grown.size + PIECE))
    if log.leaf_at(tx, village, size) is not None:
        raise DoesNotAddUp(CHANGED)  # an entry that the village's state does not know of
    return grown.root()


def _grow(tx: Connection, village: str, grown: Frontier, end: int) -> None:
    start, made = grown.size, dict[int, list[bytes]]()
    for leaf in tree.leaves(tx, village, start, end):
        for level, _index, hash_ in grown.append(leaf_hash(leaf)):
            made.setdefault(level, []).append(hash_)
    for level, computed in made.items():
        if computed != tree.hashes(tx, village, level, start >> level, end >> level):
            raise DoesNotAddUp(CHANGED)
