"""A tree read from tiles: every subtree of it, and no tile that the head does not hold."""

from collections.abc import Callable
from hashlib import sha256
from random import Random

import pytest

from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.merkle import Frontier, consistency, leaf_hash, peaks_of, root_of
from noticeboard.core.mirrors import Mirrored, read_mirrored
from noticeboard.core.problems import NotValid
from noticeboard.core.tiles import Tile, bundles, hash_tiles
from noticeboard.core.tree import Tree

BORDERS = (255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 65_792, 131_073)


class Grown:
    """The nodes and tiles of a log whose entry n is the decimal n, up to the largest size."""

    def __init__(self, size: int, face: bytes = b"") -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.roots = {0: Frontier().root()}
        tree = Frontier()
        for n in range(size):
            for level, index, hash_ in tree.append(leaf_hash(b"%d%s" % (n, face))):
                self.nodes[level, index] = hash_
            if size < 3000 or tree.size in BORDERS:
                self.roots[tree.size] = tree.root()

    def head(self, size: int) -> Checkpoint:
        """Give what the log is at a size."""
        return Checkpoint("board.example/v/1", size, self.roots[size])

    def tile(self, tile: Tile) -> bytes:
        """Give a tile of hashes."""
        start, level = tile.number * 256, 8 * (tile.level or 0)
        return b"".join(self.nodes[level, start + i] for i in range(tile.width))


@pytest.fixture(scope="module")
def small() -> Grown:
    return Grown(1100)


@pytest.fixture(scope="module")
def large() -> Grown:
    return Grown(131_073)


def test_every_subtree_of_every_small_tree(small: Grown) -> None:
    """For each size up to two tiles every perfect subtree is the tree's own."""
    for size in [*range(1, 70), *range(250, 262), *range(505, 520), 1024, 1100]:
        tree = Tree(small.head(size), small.tile)
        for (level, index), hash_ in small.nodes.items():
            if (index + 1) << level <= size:
                assert hash_ == tree.node(level, index)


def test_proofs_over_the_borders_of_tiles(large: Grown) -> None:
    """Between any two border sizes the proof is the log's own, and holds."""
    for new in BORDERS:
        for old in (0, 1, *BORDERS):
            if old > new or old not in large.roots:
                continue
            holds, path = Tree(large.head(new), large.tile).proof(large.head(old))
            own = consistency(lambda level, index: large.nodes[level, index], old, new)
            assert (True, own) == (holds, list(path))
        assert (True, ()) == Tree(large.head(new), large.tile).proof(None)


def test_another_past_is_a_fork(small: Grown) -> None:
    """Where the proof does not hold every hash in it still belongs to the head."""
    other = Grown(1100, b"x")
    for old, new in ((1, 2), (255, 256), (256, 1000), (300, 300), (700, 1100)):
        assert not Tree(small.head(new), small.tile).proof(other.head(old))[0]


@pytest.mark.parametrize("size", [1, 5, 256, 257, 1000, 65_536, 65_537, 131_073])
def test_a_flipped_bit_in_any_tile_is_refused(large: Grown, small: Grown, size: int) -> None:
    """Whichever tile is read, full or partial, at any level."""
    log, dice = (small if size <= 1100 and size not in BORDERS else large), Random(size)
    head = Checkpoint("board.example/v/1", size, _root(log, size))

    def read_all(fetch: Callable[[Tile], bytes]) -> None:
        tree = Tree(head, fetch)
        for tile in tiles:
            tree.node(8 * (tile.level or 0), tile.number * 256)

    every = list(hash_tiles(size))
    tiles = every if len(every) < 12 else [*dice.sample(every, 6), *every[-4:]]
    read_all(log.tile)
    for wrong in tiles:
        for _ in range(3):
            place = dice.randrange(wrong.width * 32)

            def lying(tile: Tile, wrong: Tile = wrong, place: int = place) -> bytes:
                data = bytearray(log.tile(tile))
                if tile == wrong:
                    data[place] ^= 1 << dice.randrange(8)
                return bytes(data)

            with pytest.raises(NotValid):
                read_all(lying)
    for cut in (lambda data: data[:-1], lambda data: data + b"x", lambda _: b""):
        with pytest.raises(NotValid):
            Tree(head, lambda tile, cut=cut: cut(log.tile(tile))).node(0, 0)


def _root(log: Grown, size: int) -> bytes:
    from noticeboard.core.merkle import root_from

    assert all(peak in log.nodes for peak in peaks_of(size))
    return root_from(lambda level, index: log.nodes[level, index], size)


def test_an_entry_changed_together_with_its_hash_is_refused(small: Grown) -> None:
    """The consistent forgery: the tile says of the changed entry what its bytes hash to."""
    size = 700
    forged = [b"%d" % n for n in range(256)]
    forged[7] = b"forged"
    hashes = b"".join(leaf_hash(leaf) for leaf in forged)

    def lying(tile: Tile) -> bytes:
        return hashes if tile == Tile(0, 0) else small.tile(tile)

    tree = Tree(small.head(size), lying)
    assert not tree.has(Tile(None, 0), forged)
    with pytest.raises(NotValid):
        tree.node(0, 7)

    def higher(tile: Tile) -> bytes:
        above = root_of([leaf_hash(leaf) for leaf in forged])
        return above + lying(tile)[32:] if tile.level == 1 else lying(tile)

    with pytest.raises(NotValid):
        Tree(small.head(size), higher)


def test_bundles_are_the_heads_or_not(small: Grown) -> None:
    """Every bundle of a size is known for what it is; one entry changed, moved or cut is not."""
    for size in (1, 255, 256, 257, 700):
        tree = Tree(small.head(size), small.tile)
        for bundle in bundles(size):
            start = bundle.number * 256
            leaves = [b"%d" % n for n in range(start, start + bundle.width)]
            assert tree.has(bundle, leaves)
            for wrong in (leaves[:-1], [*leaves, b"x"], [*leaves[:-1], b"x"], []):
                assert not tree.has(bundle, wrong)


def test_a_mirrors_word_has_one_way_to_be_written() -> None:
    """What is read is what was written; anything else is refused."""
    word = Mirrored("board.example/v/1", 7, 1_800_000_000)
    assert word == read_mirrored(word.text)
    for text in (
        b"",
        word.text[:-1],
        word.text + b"\n",
        word.text.replace(b"v1", b"v2"),
        word.text.replace(b"\n7\n", b"\n07\n"),
        word.text.replace(b"\n7\n", b"\n+7\n"),
        word.text.replace(b"\n7\n", "\n７\n".encode()),
        word.text.replace(b"\n", b"\r\n"),
        sha256(b"").digest(),
    ):
        with pytest.raises(NotValid):
            read_mirrored(text)
