"""Logs that were changed, cut, forked or signed anew: what each reader can see of it.

Whoever holds the key can sign anything; what then catches them is what somebody has seen before.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from shutil import copyfile, copytree

import pytest
from msgspec.structs import replace

from noticeboard.core.actions import Entry, Publish, Withdraw, leaf, read
from noticeboard.core.merkle import leaf_hash
from noticeboard.core.particulars import Kind
from noticeboard.core.tiles import WIDTH, bundles, hash_tiles
from noticeboard.exporting.log import export
from tests.cast import ORIGIN, VILLAGE, cast_in
from tests.outside.files import changed, leaves_in, plain, rewritten, write
from tests.outside.serving import Reader, Village, wrong

# Enough for a full and a partial tile on two levels, and for one on the third.
LARGE = WIDTH * WIDTH + WIDTH + 44
KINDS: tuple[Kind, ...] = ("spending", "subsidy", "announcement")


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Village]:
    """Give a village whose log lies exported beside its home, to be changed."""
    cast = cast_in(tmp_path_factory.mktemp("village") / "home")
    assert cast.board.database.path is not None
    home = cast.board.database.path.parent
    for kind in KINDS:
        cast.published(kind)
        cast.clock.on(60)
    village = Village(cast, home / "signer")
    village.sign()
    export(village.board, VILLAGE, home.with_name("export"))
    yield village
    cast.board.database.close()


@pytest.fixture
def exported(village: Village) -> Path:
    assert village.board.database.path is not None
    return village.board.database.path.parent.with_name("export")


@pytest.fixture
def leaves(village: Village, exported: Path) -> list[bytes]:
    return leaves_in(exported, village.cast.entries())


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a log with every kind of tile, of entries that say nothing to this version."""
    folder = tmp_path_factory.mktemp("large")
    write(folder, plain(LARGE))
    return folder


def index_of(leaves: list[bytes], act: type, nth: int = 0) -> int:
    """Give the index of the nth entry of an act."""
    found = [n for n, one in enumerate(leaves) if isinstance(read(one), Entry)]
    return [n for n in found if isinstance(getattr(read(leaves[n]), "action", None), act)][nth]


def flip(path: Path, at: int, bit: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1 << bit
    path.write_bytes(bytes(data))


def test_every_kind_of_tile_is_there(large: Path) -> None:
    """The large log has full and partial tiles on two levels, a third level, and both bundles."""
    paths = {tile.path for tile in (*hash_tiles(LARGE), *bundles(LARGE))}
    for path in FLIPPED:
        assert path in paths
        assert (large / path).is_file()


FLIPPED = (
    *("tile/0/000", "tile/0/007", "tile/0/257.p/44", "tile/1/000", "tile/1/001.p/1"),
    *("tile/2/000.p/1", "tile/entries/000", "tile/entries/130", "tile/entries/257.p/44"),
)


@pytest.mark.parametrize("path", FLIPPED)
def test_a_flipped_bit_is_found_in_every_kind_of_tile(
    village: Village, large: Path, tmp_path: Path, rng: Random, path: str
) -> None:
    """Full or partial, leaf hashes or higher, hashes or entries: one bit is a finding."""
    place = large / path
    whole = place.read_bytes()
    at = rng.randrange(len(whole))
    flip(place, at, rng.randrange(8))
    try:
        found = wrong(Reader(village, tmp_path).verify(large))
    finally:
        place.write_bytes(whole)
    if "entries" not in path:
        assert [True] == [path in where for _audit, where, _what in found]
    assert {"log", "head"} >= {audit for audit, _where, _what in found} != set()


def test_the_large_log_is_sound_unflipped(village: Village, large: Path, tmp_path: Path) -> None:
    """Nothing is found in it; that its acts are unknown is said, and how many.

    Where no entry tells of which village it is, it goes by the name of its log.
    """
    report = Reader(village, tmp_path).verify(large)
    assert ([], LARGE, LARGE) == (wrong(report), report.entries, report.unknown)
    assert [ORIGIN] == list(report.roots)


def test_a_tile_that_is_not_there(village: Village, large: Path, tmp_path: Path) -> None:
    """A missing tile is named; behind a missing bundle nothing can be known, and that is said."""
    hidden = tmp_path / "hidden"
    for path in ("tile/1/000", "tile/entries/001"):
        place = large / path
        place.rename(hidden)
        try:
            found = wrong(Reader(village, tmp_path / "reader").verify(large))
        finally:
            hidden.rename(place)
        assert any(path in where or "第 256 至 511 条" in what for _audit, where, what in found)


def test_a_partial_tile_that_gave_way_to_the_full_one(village: Village, tmp_path: Path) -> None:
    """A mirror that keeps only full tiles is read as well: the first so many of it count."""
    leaves = plain(WIDTH)
    write(tmp_path / "log", leaves[:200])
    for tile in ("tile/0/000.p/200", "tile/entries/000.p/200"):
        (tmp_path / "log" / tile).unlink()
    write(tmp_path / "full", leaves)
    for path in ("tile/0/000", "tile/entries/000"):
        copyfile(tmp_path / "full" / path, tmp_path / "log" / path)
    assert [] == wrong(Reader(village, tmp_path / "reader").verify(tmp_path / "log"))


def test_an_entry_changed_together_with_its_hash(
    village: Village, exported: Path, leaves: list[bytes], tmp_path: Path
) -> None:
    """The consistent forgery: an entry and its hash in the tile, or all hashes above it too."""
    index = index_of(leaves, Publish)
    forged = changed(leaves, index, no="2026-009")
    copytree(exported, tmp_path / "tile")
    bundle = tmp_path / "tile" / next(bundles(len(leaves))).path
    bundle.write_bytes(bundle.read_bytes().replace(leaves[index], forged[index]))
    tile = tmp_path / "tile" / next(hash_tiles(len(leaves))).path
    hashes = tile.read_bytes().replace(leaf_hash(leaves[index]), leaf_hash(forged[index]))
    tile.write_bytes(hashes)
    true = (exported / "checkpoint").read_bytes()
    (rewritten(exported, tmp_path / "tree", forged) / "checkpoint").write_bytes(true)
    for folder in ("tile", "tree"):
        found = wrong(Reader(village, tmp_path / "reader").verify(tmp_path / folder))
        assert ("head", "记录头") == found[-1][:2], found


def test_a_register_number_that_is_left_out(
    village: Village, exported: Path, leaves: list[bytes], tmp_path: Path
) -> None:
    """Signed as it may be: a number that does not follow the last one was given by no clock."""
    index = index_of(leaves, Publish, 1)
    gap = rewritten(exported, tmp_path / "gap", changed(leaves, index, no="2026-003"))
    found = wrong(Reader(village, tmp_path / "reader").verify(gap))
    assert ("lifecycle", f"第 {index} 条记录", "公开的内容必须和同意的一样。") in found


def earlier(leaves: list[bytes]) -> list[bytes]:
    index = index_of(leaves, Publish, 2)
    entry = read(leaves[index])
    return changed(leaves, index, at=entry.at - 60)


def removed(leaves: list[bytes]) -> list[bytes]:
    """Leave out everything about the last notice: what remains is lawful."""
    return leaves[:-3]


def otherwise(leaves: list[bytes]) -> list[bytes]:
    """Say in the place of the last publication that the one before was withdrawn."""
    before, last = read(leaves[index_of(leaves, Publish, 1)]), read(leaves[-1])
    assert isinstance(before, Entry)
    assert isinstance(last, Entry)
    clerk = read(leaves[index_of(leaves, Publish, 1) - 2])
    assert isinstance(clerk, Entry)
    action = Withdraw(code=before.action.code, ed=1, ground="wrong-facts")  # type: ignore[union-attr]
    return [*leaves[:-1], leaf(replace(clerk, at=last.at, action=action))]


@pytest.mark.parametrize("history", [earlier, removed, otherwise])
def test_another_past_is_caught_by_whoever_saw_the_first(
    village: Village,
    exported: Path,
    leaves: list[bytes],
    tmp_path: Path,
    history: Callable[[list[bytes]], list[bytes]],
) -> None:
    """Back-dated, cut or told otherwise, all signed anew: the head seen before does not fit to it.

    Both heads are named, the one seen first stays, and the other one is kept beside it.
    """
    reader = Reader(village, tmp_path / "reader")
    assert [] == wrong(reader.verify(exported))
    seen = reader.seen
    assert seen is not None
    other = rewritten(exported, tmp_path / "other", history(leaves))
    found = [one for one in wrong(reader.verify(other)) if one[1] == "上次见到的记录头"]
    ((_audit, _where, what),) = found
    assert f"{seen.size} 条 {seen.root.hex()[:4]}" in what
    assert (seen, 1) == (reader.seen, len(reader.kept))
    # It goes on as it was: then nothing is wrong, and the evidence stays.
    assert [] == wrong(reader.verify(exported))
    assert 1 == len(reader.kept)


def test_a_fork_shown_to_half_the_readers(
    village: Village, exported: Path, leaves: list[bytes], tmp_path: Path
) -> None:
    """Each half finds its own log sound; two readers who compare their heads find the fork."""
    fork = rewritten(exported, tmp_path / "fork", otherwise(leaves))
    here, there = (Reader(village, tmp_path / name) for name in ("here", "there"))
    assert [] == [one for one in wrong(here.verify(exported)) if one[0] != "list"]
    assert [] == [one for one in wrong(there.verify(fork)) if one[0] not in ("list", "content")]
    assert here.seen != there.seen
    assert [] == wrong(here.verify(exported, here.note))
    for reader, log, other in ((here, exported, there), (there, fork, here)):
        found = wrong(reader.verify(log, other.note))
        assert ["别人见到的记录头"] == [where for audit, where, _ in found if audit == "head"]
        assert 1 == len(reader.kept)


def test_a_reader_who_saw_less_is_proved_the_growth(
    village: Village, exported: Path, leaves: list[bytes], tmp_path: Path
) -> None:
    """Every smaller head of the same log is in the larger one, at every size."""
    for size in range(1, len(leaves)):
        reader = Reader(village, tmp_path / str(size))
        write(tmp_path / f"log{size}", leaves[:size])
        reader.verify(tmp_path / f"log{size}")
        assert size == reader.seen.size if reader.seen else 0
        assert [] == [one for one in wrong(reader.verify(exported)) if one[0] == "head"]
        assert [] == reader.kept
