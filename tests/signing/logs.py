"""Logs that sign whatever a test asks of them: honest ones, and two faces of one key."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256

from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.merkle import consistency, leaf_hash, root_of
from noticeboard.core.notes import ED25519, Key, Note, read_signatures, signature
from noticeboard.core.tiles import WIDTH, Tile, pack
from noticeboard.core.witnessing import Offer
from noticeboard.signing.ed25519 import Private

ORIGIN = "board.example/v/shili"


class Log:
    """A log over leaves in memory, with its key; `key` may be shared by two that differ."""

    def __init__(self, leaves: Sequence[bytes], origin: str = ORIGIN, seed: str = "log") -> None:
        self.leaves = list(leaves)
        self.private = Private(sha256(seed.encode()).digest())
        self.key = Key(origin, ED25519, self.private.public)
        self.origin = origin

    def node(self, level: int, index: int) -> bytes:
        """Give a perfect subtree's hash."""
        span = 1 << level
        under = self.leaves[index * span : (index + 1) * span]
        assert len(under) == span
        return root_of([leaf_hash(leaf) for leaf in under])

    def head(self, size: int | None = None) -> Checkpoint:
        """Give what the log is at a size."""
        leaves = self.leaves if size is None else self.leaves[:size]
        return Checkpoint(self.origin, len(leaves), root_of([leaf_hash(leaf) for leaf in leaves]))

    def note(self, size: int | None = None) -> Note:
        """Give the signed checkpoint of a size."""
        return self.signed(self.head(size).text)

    def signed(self, text: bytes) -> Note:
        """Sign anything at all."""
        return Note(text, (signature(self.key, self.private.sign, text),))

    def offer(self, old: int, new: int | None = None) -> Offer:
        """Ask to cosign size `new`, proved from `old` as far as it can be."""
        size = len(self.leaves) if new is None else new
        proof = consistency(self.node, old, size) if old <= size else []
        return Offer(old, tuple(proof), self.note(size))

    def tile(self, tile: Tile) -> bytes:
        """Give a tile or a bundle."""
        start = tile.number * WIDTH
        if tile.level is None:
            return pack(self.leaves[start : start + tile.width])
        return b"".join(self.node(8 * tile.level, start + i) for i in range(tile.width))


def leaves(count: int, face: str = "") -> list[bytes]:
    return [f'{{"n":{n},"face":"{face}"}}'.encode() for n in range(count)]


def greased(note: Note) -> Note:
    """Add lines of strangers, as some logs do so that readers stay tolerant."""
    text = f"— grease.example/x {b64encode(bytes(range(80))).decode()}\n".encode()
    stranger = read_signatures(text)
    return Note(note.text, (*stranger, *note.signatures, *stranger))
