"""A log's tree read from tiles that nobody vouches for: no hash is used before the head holds it.

The tiles at the right edge hold the peaks of the tree; they are believed when the root computed of
them is the head's. Any other tile is believed when the tile above it, believed before, holds its
root. A reader that skips this can be shown an entry changed together with its hash.
"""

from collections.abc import Callable, Sequence

from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.merkle import consistency, consistent, leaf_hash, root_from, root_of
from noticeboard.core.problems import NotValid
from noticeboard.core.tiles import WIDTH, Tile, edge, hashes_in

_BITS = 8  # levels of the tree in one tile

Fetch = Callable[[Tile], bytes]


class Tree:
    """The perfect subtrees of a log at `head`, from tiles that `fetch` brings."""

    def __init__(self, head: Checkpoint, fetch: Fetch) -> None:
        """Read the right edge; raises NotValid when it does not belong to the head."""
        self.head = head
        self._fetch = fetch
        self._held: dict[tuple[int, int], list[bytes]] = {}
        for tile in edge(head.size):
            self._held[tile.level or 0, tile.number] = self._read(tile)
        if root_from(self._known, head.size) != head.root:
            raise NotValid("这些记录块和记录头对不上。", value=head.origin)

    def node(self, level: int, index: int) -> bytes:
        """Give the hash of a perfect subtree; raises NotValid for a tile that does not belong."""
        above, within = divmod(level, _BITS)
        start = index << within
        self._believe(above, start // WIDTH)
        return self._known(level, index)

    def _known(self, level: int, index: int) -> bytes:
        above, within = divmod(level, _BITS)
        number, start = divmod(index << within, WIDTH)
        return root_of(self._held[above, number][start : start + (1 << within)])

    def _believe(self, level: int, number: int) -> None:
        if (level, number) in self._held:
            return
        hashes = self._read(Tile(level, number))
        if root_of(hashes) != self.node((level + 1) * _BITS, number):
            raise NotValid("这一块记录和上面的对不上。", value=Tile(level, number).path)
        self._held[level, number] = hashes

    def _read(self, tile: Tile) -> list[bytes]:
        return list(hashes_in(self._fetch(tile), tile.width))

    def proof(self, old: Checkpoint | None) -> tuple[bool, tuple[bytes, ...]]:
        """Build the proof that the head goes on from `old`, and say whether it holds.

        Every hash in it belongs to the head: where it does not hold, the log has forked.
        """
        size = old.size if old else 0
        if old is None or size == 0:
            return True, ()
        path = tuple(consistency(self.node, size, self.head.size))
        return consistent(size, old.root, self.head.size, self.head.root, path), path

    def has(self, bundle: Tile, leaves: Sequence[bytes]) -> bool:
        """Say whether a bundle's entries are the ones the head holds."""
        hashes, start = [leaf_hash(leaf) for leaf in leaves], bundle.number * WIDTH
        if bundle.width == WIDTH:
            return root_of(hashes) == self.node(_BITS, bundle.number)
        return hashes == [self.node(0, start + i) for i in range(bundle.width)]
