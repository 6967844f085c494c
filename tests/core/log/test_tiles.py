"""Tiles and bundles: their names, which there are at a size, and what is in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from noticeboard.core.problems import NotValid
from noticeboard.core.tiles import Tile, bundles, hash_tiles, hashes_in, pack, read_path, unpack
from tests.core.log.noted import KNOWN, VECTORS

LOG5 = VECTORS / "log5" / "tile"


def test_the_published_paths_come_out() -> None:
    """Three digits a piece, an x before all but the last."""
    for number, path in KNOWN["tile_paths"].items():
        assert f"tile/0/{path}" == Tile(0, int(number)).path
        assert f"tile/entries/{path}.p/7" == Tile(None, int(number), 7).path


@pytest.mark.parametrize("size", [256, 257, 70_000])
def test_the_published_lists_of_tiles_come_out(size: int) -> None:
    """Full ones and the one that is not yet full, at every level that has any."""
    named = [tile.path for tile in hash_tiles(size)]
    listed = KNOWN[f"tiles_for_{size}"]
    assert listed == named[-len(listed) :]
    assert len(named) == len(set(named))


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65_535, 65_536, 65_537])
def test_tiles_hold_every_subtree_once(size: int) -> None:
    """At each level as many hashes as there are whole subtrees; as many entries as leaves."""
    for level in range(4):
        widths = [tile.width for tile in hash_tiles(size) if tile.level == level]
        assert size // 256**level == sum(widths)
        assert all(width == 256 for width in widths[:-1])
    assert size == sum(tile.width for tile in bundles(size))
    assert all(tile.needs <= size for tile in [*hash_tiles(size), *bundles(size)])


def test_a_tile_is_not_there_before_its_size() -> None:
    """A hash at level L needs 256^L leaves, and a tile all of its hashes."""
    assert [1, 256, 257] == [Tile(0, 0, 1).needs, Tile(0, 0).needs, Tile(0, 1, 1).needs]
    assert [256, 65_536, 65_792] == [Tile(1, 0, 1).needs, Tile(1, 0).needs, Tile(1, 1, 1).needs]
    assert 257 == Tile(None, 1, 1).needs


BAD_PATHS = [
    *("", "checkpoint", "tile", "tile/0", "tile/0/0", "tile/0/0000", "tile/0/1000"),
    *("tile/00/000", "tile/-1/000", "tile/64/000", "tile/100/000", "tile/0/x000/000"),
    *("tile/0/x000/001", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01"),
    *("tile/0/000.p/", "tile/0/000/", "/tile/0/000", "tile/0/٠٠٠", "tile/data/000"),
    *("tile/8/0/000", "tile/0/000\n", "tile/entries/000.p/-1", "tile/0/000.p/1.p/1"),
    *("tile/0/x000/" * 12, "tile/0/" + "x999/" * 1500 + "999"),
]


@pytest.mark.parametrize("path", BAD_PATHS)
def test_a_path_written_otherwise_is_none(path: str) -> None:
    """One tile has one address, so that nothing is cached twice."""
    with pytest.raises(NotValid):
        read_path(path)


@given(some.integers(0, 63) | some.none(), some.integers(0, 10**9), some.integers(1, 256))
def test_a_path_is_read_as_it_was_written(level: int | None, number: int, width: int) -> None:
    """Any level, number and width."""
    tile = Tile(level, number, width)
    assert tile == read_path(tile.path)


def test_the_published_bundle_comes_out() -> None:
    """Each entry behind its length; the tile beside holds their hashes."""
    leaves = [entry.encode() for entry in KNOWN["log5"]["entries"]]
    raw = (LOG5 / "entries" / "000.p" / "5").read_bytes()
    assert raw == pack(leaves)
    assert leaves == unpack(raw, 5)
    tile = (LOG5 / "0" / "000.p" / "5").read_bytes()
    assert bytes.fromhex(KNOWN["log5"]["tile0_hex"]) == tile == b"".join(hashes_in(tile, 5))


@given(some.lists(some.binary(max_size=300), max_size=8), some.integers(1, 8))
def test_a_cut_bundle_is_refused(leaves: list[bytes], cut: int) -> None:
    """Also one with an entry more or fewer than it should have."""
    raw = pack(leaves)
    assert leaves == unpack(raw, len(leaves))
    with pytest.raises(NotValid):
        unpack(raw, len(leaves) + 1)
    with pytest.raises(NotValid):
        unpack(raw + b"\0" * cut, len(leaves))
    with pytest.raises(NotValid):
        unpack(raw[:-cut], len(leaves)) if raw[:-cut] != raw else unpack(b"", 1)


def test_the_longest_leaf_fits() -> None:
    """65,535 bytes; the length has two bytes and no more."""
    longest = b"x" * 65_535
    assert [longest] == unpack(pack([longest]), 1)
    with pytest.raises(OverflowError):
        pack([longest + b"x"])


@pytest.mark.parametrize("length", [0, 31, 33, 5 * 32 - 1, 6 * 32])
def test_a_tile_of_another_length_is_refused(length: int) -> None:
    """A tile of five has 160 bytes."""
    with pytest.raises(NotValid):
        hashes_in(bytes(length), 5)
