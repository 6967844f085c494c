"""A tree computed again from its entries: the tiles and the root that RFC 6962 and C2SP say."""

from hashlib import sha256

import pytest

from noticeboard.core.merkle import leaf_hash, root_of
from noticeboard.core.recomputing import Recomputed
from noticeboard.core.tiles import WIDTH, hash_tiles

BORDERS = (255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537)


def leaves_of(size: int) -> list[bytes]:
    return [b'{"n":%d}' % n for n in range(size)]


def tiles_of(leaves: list[bytes], step: int = WIDTH) -> tuple[dict[str, bytes], bytes]:
    """Compute a tree, taking at most `step` entries at a time; give its tiles and its root."""
    tree, tiles = Recomputed(), {}
    while rest := leaves[tree.size : tree.size + min(step, tree.room)]:
        tiles.update((tile.path, data) for tile, data in tree.add(rest))
    tiles.update((tile.path, data) for tile, data in tree.ends())
    return tiles, tree.root()


@pytest.mark.parametrize("size", [*range(131), *BORDERS])
def test_the_root_and_the_tiles_are_those_of_the_entries(size: int) -> None:
    """The root is RFC 6962's, the tiles those that C2SP names, level 0 the leaf hashes in order."""
    leaves = leaves_of(size)
    hashes = [leaf_hash(leaf) for leaf in leaves]
    tiles, root = tiles_of(leaves)
    assert root_of(hashes) == root
    assert {tile.path: tile.width * 32 for tile in hash_tiles(size)} == {
        path: len(data) for path, data in tiles.items()
    }
    level_0 = [tiles[tile.path] for tile in hash_tiles(size) if tile.level == 0]
    assert b"".join(hashes) == b"".join(level_0)


def test_a_tile_holds_the_roots_of_the_tiles_below_it() -> None:
    """Each hash of a higher level is the root over 256 of the level below, to the third level."""
    tiles, _root = tiles_of(leaves_of(65_537))
    for path in ("tile/1/000", "tile/2/000.p/1"):
        data = tiles[path]
        for n in range(len(data) // 32):
            below = tiles[f"tile/{int(path[5]) - 1}/{n:03}"]
            hashes = [below[at : at + 32] for at in range(0, len(below), 32)]
            assert root_of(hashes) == data[32 * n : 32 * n + 32]


@pytest.mark.parametrize("step", [1, 100, 255])
def test_it_does_not_matter_in_which_steps_entries_come(step: int) -> None:
    """A root between two bundles is had by stopping there; what follows is the same."""
    leaves = leaves_of(700)
    assert tiles_of(leaves) == tiles_of(leaves, step)


def test_a_flipped_bit_changes_tile_and_root() -> None:
    """No entry can be changed without its own tile, and the root, becoming others."""
    leaves = leaves_of(300)
    tiles, root = tiles_of(leaves)
    leaves[7] = bytes([leaves[7][0] ^ 1]) + leaves[7][1:]
    other, other_root = tiles_of(leaves)
    assert root != other_root
    assert {"tile/0/000", "tile/1/000.p/1"} == {
        path for path in tiles if tiles[path] != other[path]
    }
    assert sha256(b"\x00" + leaves[7]).digest() == other["tile/0/000"][7 * 32 : 8 * 32]
