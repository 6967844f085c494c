"""What the open log gives to anybody: its head, tiles, bundles and proofs, never beyond its head.

The head that is served is the largest signed checkpoint. An entry behind it is nobody's yet.
"""

from collections.abc import Sequence

from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.board.checkpoints import best, lines_of, policy_of, with_lines
from noticeboard.board.quorums import needed
from noticeboard.core.merkle import consistency as consistency_path
from noticeboard.core.merkle import inclusion
from noticeboard.core.notes import Note, read_key, read_note
from noticeboard.core.problems import NotFound, Unavailable
from noticeboard.core.proofs import Proof
from noticeboard.core.tiles import WIDTH, Tile, pack
from noticeboard.store import checkpoints, log, notices, tree
from noticeboard.store.checkpoints import Cosigned, Signed

# What a proof file should stay below, in bytes, at a million entries: there its path has so many
# steps, each a line of so many bytes. What is in it does not change while a log grows to that.
SMALL = 1_600
_STEPS, _STEP = 20, 45
# What somebody who reads can do where what is stored is damaged.
TELL = "请告诉村里：请管机器的人运行 noticeboard verify。"


def published(tx: Connection, village: str) -> int:
    """Give the size up to which a village's log is served: that of its largest checkpoint, or 0."""
    last = checkpoints.latest(tx, village)
    return last.size if last else 0


def tile(tx: Connection, village: str, asked: Tile) -> bytes | None:
    """Give a tile or a bundle as it is served; None beyond the published size."""
    return tile_of(tx, village, asked) if asked.needs <= published(tx, village) else None


def tile_of(tx: Connection, village: str, asked: Tile) -> bytes | None:
    """Give a tile or a bundle of the stored log, for whoever knows up to where; None if damaged."""
    start = asked.number * WIDTH
    end = start + asked.width
    try:
        if asked.level is None:
            return pack(tree.leaves(tx, village, start, end))
        return b"".join(tree.hashes(tx, village, 8 * asked.level, start, end))
    except KeyError:
        return None


def consistency(tx: Connection, village: str, old: int, new: int) -> Sequence[bytes] | None:
    """Give the proof that the log of `old` entries begins that of `new`; None where it cannot be.

    It cannot where `old` is larger than `new`, or `new` than what is published.
    """
    if not 0 <= old <= new <= published(tx, village):
        return None
    try:
        return tree.reading(tx, village, lambda read: consistency_path(read, old, new))
    except KeyError:
        return None


def proof(tx: Connection, village: str, index: int) -> Proof:
    """Prove that entry `index` is in the log, under the best head that covers it, else the last.

    The best is the largest that a quorum cosigned. Raises NotFound where no head covers it yet,
    Unavailable where what is stored of the tree is damaged.
    """
    signed, cosigned = _covering(tx, village, index)
    return _proof(tx, village, index, signed, cosigned)


def proof_file(tx: Connection, village: str, index: int) -> bytes:
    """Give the bytes of an entry's `.tlog-proof` file; raises NotFound as `proof`.

    Of the witnesses' lines it has those of the freshest quorum, more nobody needs who trusts the
    policy; all where there is no quorum. While keys are exchanged either key alone checks it, and
    the newest alone where both lines would make it larger than `SMALL` at a million entries. So it
    stays below with a quorum of three; each further line that the quorum needs is 0.12 kB more.
    """
    signed, cosigned = _covering(tx, village, index)
    made = _proof(tx, village, index, signed, needed(cosigned, policy_of(tx)))
    data = made.write()
    if len(data) + _STEP * max(0, _STEPS - len(made.path)) < SMALL:
        return data
    return replace(made, note=_by_the_newest(tx, village, made.note)).write()


def _by_the_newest(tx: Connection, village: str, note: Note) -> Note:
    """Leave out the lines of the log's older keys, if its newest has signed too."""
    head = notices.head_of(tx, village).village
    newest = read_key(head.keys[-1]).id if head.keys else b""
    if newest not in {line.id for line in note.signatures}:
        return note
    lines = (one for one in note.signatures if one.name != head.origin or one.id == newest)
    return Note(note.text, tuple(lines))


def published_hash(tx: Connection, village: str, code: str, index: int) -> bytes:
    """Give the stored hash of the leaf that published a notice, as paper and pages print it.

    Raises Unavailable where it is not there, or the entry is about something else: then the notice
    was moved, and what would be printed under it is another's.
    """
    stored = notices.leaf_hashes(tx, village, [index]).get(index)
    if stored is None or log.code_at(tx, village, index) != code:
        raise Unavailable("这份公示和村里的记录对不上，现在不能显示。", value=code, fix=TELL)
    return stored


def _covering(tx: Connection, village: str, index: int) -> tuple[Signed, Sequence[Cosigned]]:
    policy = policy_of(tx)
    signed, cosigned = best(tx, village, policy)
    if signed is None or signed.size <= index:
        signed = checkpoints.latest(tx, village)
        cosigned = lines_of(tx, village, signed, policy) if signed else ()
    if signed is None or not 0 <= index < signed.size:
        raise NotFound("这条记录还没有签名，请过几秒再试。", value=str(index))
    return signed, cosigned


def _proof(
    tx: Connection, village: str, index: int, signed: Signed, cosigned: Sequence[Cosigned]
) -> Proof:
    size = signed.size
    try:
        path = tree.reading(tx, village, lambda read: inclusion(read, index, size))
    except KeyError:
        raise Unavailable(
            "证明现在做不出来：这里存的记录缺了一块。", value=village, fix=TELL
        ) from None
    return Proof(index, tuple(path), read_note(with_lines(signed, cosigned)))
