"""A mirror of one log: every leaf for ever, and the bodies that are public now, as plain files.

The folder has the paths of the open log, so any static web server can serve it, and a board that
lost entries can come back from it. Nothing is written before it is known to belong to the head
that the log signed, and the head is written last: what it says is always there.
"""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from noticeboard.agent.bodies import Bodies, Shed
from noticeboard.agent.files import SHELF, Shelf, put, read
from noticeboard.agent.leaves import Leaves
from noticeboard.agent.orders import Orders
from noticeboard.agent.published import Published
from noticeboard.core.checkpoints import Checkpoint, Opened, read_checkpoint
from noticeboard.core.merkle import Frontier, leaf_hash
from noticeboard.core.notes import read_note
from noticeboard.core.problems import NotNow, NotValid
from noticeboard.core.tiles import WIDTH, Tile, bundles, edge, pack, unpack
from noticeboard.core.tree import Tree

_TILE_LEVELS = 8
# No village comes near it in a century; a log that signs more is to fill disks, and for ever.
MOST = 1 << 24


class _Grown(Struct):
    """A tree as far as it has been read: its peaks, the open row of each level of tiles."""

    frontier: Frontier
    rows: list[list[bytes]]
    orders: Orders
    leaves: Leaves

    def take(self, leaf: bytes) -> None:
        """Go on by one leaf."""
        for level, _index, hash_ in self.frontier.append(leaf_hash(leaf)):
            if level % _TILE_LEVELS == 0:
                above = level // _TILE_LEVELS
                if above == len(self.rows):
                    self.rows.append([])
                row = self.rows[above]
                if len(row) == WIDTH:
                    row.clear()
                row.append(hash_)
        self.orders.take(leaf)
        self.leaves.take(leaf)


class Mirror:
    """A mirror in its folder; one process writes it."""

    def __init__(self, folder: Path, origin: str, shelf: Shelf = SHELF) -> None:
        """Keep the log of this name in `folder`; `shelf` is another one only in tests."""
        self.folder = folder
        self.shelf = shelf
        self.origin = origin
        self._grown: _Grown | None = None
        self._bodies = Bodies(folder, shelf)
        self._shed = Shed(done=False)

    def head(self) -> Checkpoint | None:
        """Give the head up to which every leaf is held, or None before the first."""
        data = read(self.folder / "checkpoint")
        return None if data is None else read_checkpoint(read_note(data).text)

    def grow(self, found: Opened, tree: Tree, published: Published) -> None:
        """Take in the leaves up to a head that was checked; afterwards they are on the disk.

        `tree` is the head's.

        Raises NotNow for a head older than the one held, NotValid when the entries do not make its
        root or do not go on from what is held, Unavailable when one cannot be had or kept.
        """
        new, held = found.checkpoint, self.head()
        if new.size > MOST:
            raise NotValid("对方说有这么多条记录，副本不存。", value=str(new.size))
        if held is not None and new.size < held.size:
            raise NotNow("对方的记录比副本里的少。", value=f"{new.size} < {held.size}")
        grown = self._grown or self._again(held)
        self._grown = None  # until the root is right, nothing that was read is known
        self._read(grown, tree, published)
        if grown.frontier.root() != new.root:
            raise NotValid("对方的记录不是从副本里的长出来的。", value=new.origin)
        if held != new:
            for tile in edge(new.size):
                put(self.shelf, self.folder / tile.path, b"".join(grown.rows[tile.level or 0]))
        note = found.note.write()
        if read(self.folder / "checkpoint") != note:
            put(self.shelf, self.folder / "checkpoint", note)
        self._tidy(new, held)
        self._grown = grown

    def shed(self, published: Published, at: int) -> int | None:
        """Drop what may not be held now; gives the size up to which every order was done, or None.

        None: the board's list is not of the leaves here, so the rest of it is not followed.
        """
        head = self.head()
        if head is None:
            return None
        self._grown = self._grown or self._again(head)
        grown = self._grown
        self._shed = self._bodies.shed(published.source, head, grown.orders, grown.leaves, at)
        return head.size if self._shed.done else None

    def fill(self, published: Published) -> None:
        """Fetch what is public by the list that `shed` followed; raises NotValid, Unavailable."""
        if self._grown is not None:
            self._bodies.fill(published.source, self._shed, self._grown.orders)
        self._shed = Shed(done=False)

    def _again(self, held: Checkpoint | None) -> _Grown:
        """Read our own copy again; a damaged one is begun anew, and must come to the same head."""
        grown = self._none()
        if held is None:
            return grown
        try:
            for bundle in bundles(held.size):
                data = read(self.folder / bundle.path)
                for leaf in unpack(data or b"", bundle.width):
                    grown.take(leaf)
        except NotValid:
            return self._none()
        sound = grown.frontier.root() == held.root
        return grown if sound else self._none()

    def _none(self) -> _Grown:
        leaves = Leaves(self.origin, self.folder / "rules")
        return _Grown(Frontier(), [[]], Orders(), leaves)

    def _read(self, grown: _Grown, tree: Tree, published: Published) -> None:
        for bundle in bundles(tree.head.size):
            start = bundle.number * WIDTH
            if start + bundle.width <= grown.frontier.size:
                continue
            leaves = published.leaves(bundle)
            if not tree.has(bundle, leaves):
                raise NotValid("对方的记录和它签名的记录头对不上。", value=bundle.path)
            for leaf in leaves[max(0, grown.frontier.size - start) :]:
                grown.take(leaf)
            put(self.shelf, self.folder / bundle.path, pack(leaves))
            if bundle.width == WIDTH:
                self._full(grown, bundle.number)

    def _full(self, grown: _Grown, number: int) -> None:
        """Write the tiles that a full bundle completes."""
        for level, row in enumerate(grown.rows):
            if len(row) < WIDTH:
                return
            put(
                self.shelf,
                self.folder / Tile(level, number >> _TILE_LEVELS * level).path,
                b"".join(row),
            )

    def _tidy(self, new: Checkpoint, held: Checkpoint | None) -> None:
        """Drop the partial tiles of the former head; whoever asks for one falls back to more."""
        if held is None:
            return
        kept = {tile.path for tile in _partial(new.size)}
        for tile in _partial(held.size):
            if tile.path not in kept:
                self.shelf.remove(self.folder / tile.path)


def _partial(size: int) -> Iterator[Tile]:
    yield from edge(size)
    if rest := size % WIDTH:
        yield Tile(None, size // WIDTH, rest)
