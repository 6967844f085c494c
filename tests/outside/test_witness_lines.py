"""From outside, the witnesses' lines under a head: checked by whoever knows their keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from noticeboard.board import checkpoints
from noticeboard.core.policy import read_policy
from tests.cast import cast_in
from tests.outside.serving import Reader, Village, lying, served, wrong
from tests.witnessed import POLICY, SCREEN, TOWN


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """Give a village whose head two of its witnesses cosigned."""
    cast = cast_in(tmp_path / "home")
    cast.published("announcement")
    village = Village(cast, tmp_path / "home" / "signer")
    checkpoints.set_policy(village.board, POLICY)
    village.sign()
    for witness in (TOWN, SCREEN):
        witness.cosign(cast)
    yield village
    cast.board.database.close()


def test_lines_of_known_witnesses_are_checked(village: Village, tmp_path: Path) -> None:
    """A line that a board put under another head is found, with the witness's name."""
    reader = Reader(village, tmp_path / "reader")
    reader.policy = read_policy(POLICY)

    def older(path: str, status: int, body: bytes) -> tuple[int, bytes]:
        if not path.endswith("/checkpoint"):
            return status, body
        before, name, line = body.decode().partition(f"— {TOWN.key.name} ")
        other = "A" if line[20] != "A" else "B"
        return status, f"{before}{name}{line[:20]}{other}{line[21:]}".encode()

    with served(village) as url:
        report = reader.verify(url)
        assert ([], []) == (wrong(report), [one for one in report.remarks if "没有核对" in one])
        with lying(url, older) as through:
            ((audit, where, what),) = wrong(reader.verify(through))
    assert ("head", "记录头上见证的签名") == (audit, where)
    assert TOWN.key.name in what


def test_lines_of_strangers_are_only_said(village: Village, tmp_path: Path) -> None:
    """Nobody who was given the log's key alone can tell, so nothing is claimed of them."""
    with served(village) as url:
        report = Reader(village, tmp_path / "reader").verify(url)
    assert [] == wrong(report)
    (said,) = [one for one in report.remarks if "没有核对" in one]
    assert TOWN.key.name in said
    assert SCREEN.key.name in said
    assert "--policy" in said
