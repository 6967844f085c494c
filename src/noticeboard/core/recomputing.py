"""A whole tree computed again from its entries, a bundle at a time: every tile it must have.

Nothing is believed that is not computed here: a reader who looks up hashes in tiles can be shown an
entry that was changed together with its hash.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from noticeboard.core.merkle import EMPTY
from noticeboard.core.tiles import WIDTH, Tile


class Recomputed:
    """The tree over the entries given so far; at most 256 hashes of each level are kept."""

    def __init__(self) -> None:
        """Begin with no entries."""
        self.size = 0
        self._levels: list[list[bytes]] = [[]]
        self._done = [0]

    @property
    def room(self) -> int:
        """Give how many entries complete the bundle that the next one belongs to."""
        return WIDTH - self.size % WIDTH

    def add(self, leaves: Sequence[bytes]) -> Iterator[tuple[Tile, bytes]]:
        """Go on by at most `room` entries; gives each full tile that they complete, as its bytes.

        It must be run to its end.
        """
        self.size += len(leaves)
        made, level = [sha256(b"\x00" + leaf).digest() for leaf in leaves], 0
        while made:
            if level == len(self._levels):
                self._levels.append([])
                self._done.append(0)
            row = self._levels[level]
            row += made
            if len(row) < WIDTH:
                return
            yield Tile(level, self._done[level]), b"".join(row)
            self._done[level] += 1
            self._levels[level] = []
            made, level = [_fold(row)], level + 1

    def ends(self) -> Iterator[tuple[Tile, bytes]]:
        """Give the partial tile at the end of each level that has one."""
        for level, row in enumerate(self._levels):
            if row:
                yield Tile(level, self._done[level], len(row)), b"".join(row)

    def root(self) -> bytes:
        """Give the root of the tree so far."""
        # What is not a whole tile at the end of a level hangs on the next level's last hash.
        rest: list[bytes] = []
        for row in self._levels:
            if row or rest:
                rest = [_fold([*row, *rest])]
        return rest[0] if rest else EMPTY


def _fold(row: list[bytes]) -> bytes:
    """Give the root over neighbouring subtrees: all of one height, only the last may be lower."""
    while len(row) > 1:
        odd, one = row[-1:] if len(row) % 2 else [], iter(row)
        pairs = zip(one, one, strict=False)
        row = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
        row += odd
    return row[0]
