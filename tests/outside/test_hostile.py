"""Logs and lists that are made to break their reader: always a report, never a crash."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.parts import canonical
from noticeboard.exporting.log import export
from tests.cast import ORIGIN, VILLAGE, cast_in
from tests.outside.files import leaves_in, rewritten, signed
from tests.outside.serving import Reader, Village

EXTREMES: tuple[Any, ...] = (0, -1, 2**53 - 1, "", "x" * 300, None, [], {}, True, "2026-000", [0])


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Village]:
    """Give a village with an export beside its home."""
    cast = cast_in(tmp_path_factory.mktemp("village") / "home")
    cast.published("subsidy", until=cast.clock.now + 86_400)
    cast.published("spending")
    assert cast.board.database.path is not None
    home = cast.board.database.path.parent
    village = Village(cast, home / "signer")
    village.sign()
    export(village.board, VILLAGE, home.with_name("export"))
    yield village
    cast.board.database.close()


@pytest.fixture
def exported(village: Village) -> Path:
    assert village.board.database.path is not None
    return village.board.database.path.parent.with_name("export")


def test_any_field_of_any_entry(
    village: Village, exported: Path, tmp_path: Path, rng: Random, counts: Callable[[int], int]
) -> None:
    """Whatever an entry says in whatever field: the check comes to its end.

    Some of it would have been lawful; but a reader who saw the log before sees that it is another.
    """
    reader = Reader(village, tmp_path / "reader")
    assert reader.verify(exported).ok
    leaves = leaves_in(exported, village.cast.entries())
    places = [(n, key) for n, one in enumerate(leaves) for key in json.loads(one)]
    for turn in range(counts(600)):
        index, key = rng.choice(places)
        fields = json.loads(leaves[index])
        fields[key] = rng.choice([value for value in EXTREMES if value != fields[key]])
        forged = [*leaves[:index], canonical(fields), *leaves[index + 1 :]]
        folder = rewritten(exported, tmp_path / str(turn), forged)
        report = reader.verify(folder)
        assert (False, len(leaves)) == (report.ok, report.entries), (index, key, fields[key])


def test_any_byte_of_any_file(
    village: Village, exported: Path, tmp_path: Path, rng: Random, counts: Callable[[int], int]
) -> None:
    """A changed, cut or doubled file under any path: a report, and it is not ok."""
    files = [path.relative_to(exported) for path in exported.rglob("*") if path.is_file()]
    leaves = leaves_in(exported, village.cast.entries())
    for turn in range(counts(400)):
        folder = rewritten(exported, tmp_path / str(turn), leaves)
        place = folder / rng.choice(files)
        whole = place.read_bytes()
        at = rng.randrange(len(whole))
        other = bytes([whole[at] ^ 1 << rng.randrange(8)])
        changes = [whole[:at], whole + whole, whole[:at] + other + whole[at + 1 :]]
        # Of when an export was made nobody outside can know, so a digit of it may be another.
        place.write_bytes(rng.choice(changes[:2] if place.name == "public.json" else changes))
        report = Reader(village, tmp_path / f"reader{turn}").verify(folder)
        assert not report.ok, place


@pytest.mark.parametrize("size", [0, 1, 2**40, 2**63 - 1])
def test_a_head_of_any_size(village: Village, exported: Path, tmp_path: Path, size: int) -> None:
    """A head larger than what is served, or of nothing: that is said, and nothing runs for ever."""
    folder = rewritten(exported, tmp_path / "log", leaves_in(exported, village.cast.entries()))
    (folder / "checkpoint").write_bytes(signed(Checkpoint(ORIGIN, size, b"r" * 32)))
    assert not Reader(village, tmp_path / "reader").verify(folder).ok
