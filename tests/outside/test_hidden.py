"""A board that hides by lawful-looking means what it once showed: each way is named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from noticeboard.auditing import verify
from noticeboard.core.actions import Lose
from noticeboard.core.parts import Committed
from noticeboard.core.people import CLOCK
from noticeboard.exporting.log import export
from noticeboard.store import notices
from tests.cast import VILLAGE, cast_in
from tests.outside.serving import Reader, Village, served, wrong


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """Give a village with a ledger up, signed."""
    cast = cast_in(tmp_path / "home")
    cast.published("spending")
    village = Village(cast, tmp_path / "home" / "signer")
    village.sign()
    yield village
    cast.board.database.close()


def lost(village: Village, word: str) -> tuple[str, ...]:
    """Delete every body with a word, and let an entry claim that it was lost."""
    with village.board.database.write() as tx:
        found = text("select c from body where instr(body, :word) > 0")
        gone = tuple(tx.execute(found, {"word": word}).scalars())
        for c in gone:
            tx.execute(text("delete from body where c = :c"), {"c": c})
        head = notices.lock(tx, VILLAGE).village
        village.board.append(tx, head, Lose(bodies=gone, files=()), CLOCK, Committed())
    return gone


def test_an_entry_that_says_lost_of_what_was_public(village: Village, tmp_path: Path) -> None:
    """It takes nothing away without a ground: at home, at the board, in an export it is found."""
    (c,) = lost(village, "王建军")
    village.sign()
    index = village.cast.entries() - 1
    said = f"内容公开过，现在丢了（第 {index} 条记录说丢了，没有人决定删除它）。"
    home = verify(village.board)
    assert [("content", said)] == [(audit, what) for audit, _where, what in wrong(home)]
    export(village.board, VILLAGE, tmp_path / "export")
    with served(village) as url:
        for place in (url, tmp_path / "export"):
            report = Reader(village, tmp_path / "reader").verify(place)
            assert {
                ("content", said),
                ("list", said),
            } == {(audit, what) for audit, _where, what in wrong(report)}
            assert f"公开的内容 {c[:8]}" in [where for _audit, where, _what in wrong(report)]
            assert any(f"第 {index} 条记录说" in one for one in report.remarks)


def test_an_entry_that_says_lost_of_what_was_never_public(
    village: Village, tmp_path: Path
) -> None:
    """A submission that a recovery could not bring back is a remark."""
    village.cast.submitted("announcement", title="还没有公开")
    assert 1 == len(lost(village, "还没有公开"))
    village.sign()
    index = village.cast.entries() - 1
    home = verify(village.board)
    assert ([], True) == (wrong(home), any(f"第 {index} 条记录说" in one for one in home.remarks))
    with served(village) as url:
        report = Reader(village, tmp_path / "reader").verify(url)
    assert [] == wrong(report)
    assert any(f"第 {index} 条记录说" in one for one in report.remarks)
