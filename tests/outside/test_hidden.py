"""A board that hides by lawful-looking means what it once showed: each way is named."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from noticeboard.auditing import verify
from noticeboard.board import founding
from noticeboard.board.checkpoints import EVERY
from noticeboard.core.actions import Lose
from noticeboard.core.days import DAY
from noticeboard.core.particulars import Kind
from noticeboard.core.parts import Committed, canonical
from noticeboard.core.people import CLOCK
from noticeboard.core.rules import AfterEnd, bundle_hash, decode
from noticeboard.exporting.log import export
from noticeboard.formats.rules import load
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


def test_an_entry_that_says_lost_of_what_was_never_public(village: Village, tmp_path: Path) -> None:
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


def ruled(village: Village, **changed: Any) -> str:
    """Let the board adopt rules of its own making, as a changed program would; gives the hash."""
    bundle = canonical(replace(decode(load()), **changed))
    founding.renew(village.board, bundle=bundle, software="test")
    village.clock.on(EVERY)
    return bundle_hash(bundle)


def hiding(shown: Literal["figures", "nothing"]) -> dict[str, AfterEnd]:
    """Give rules by which hardly anything remains after the end of a period."""
    ends = decode(load()).after_end
    return {kind: replace(end, page=shown, lists=shown) for kind, end in ends.items()}


@pytest.mark.parametrize(("kind", "shown"), [("decision", "nothing"), ("announcement", "figures")])
def test_rules_that_no_entry_names_take_nothing_away(
    village: Village, tmp_path: Path, kind: Kind, shown: Literal["figures", "nothing"]
) -> None:
    """What the entries' own rules leave to be seen after its end stays, until an entry says so."""
    code = village.cast.published(kind, until=village.clock.now + DAY).code
    village.clock.on(2 * DAY)
    village.sign()
    reader = Reader(village, tmp_path / "reader")
    with served(village) as url:
        assert ([], []) == (wrong(report := reader.verify(url)), report.remarks)
    assert (bundle_hash(load()),) == report.rules
    hash_ = ruled(village, after_end=hiding(shown))
    with served(village) as url:
        report = reader.verify(url)
        ((audit, where, what),) = wrong(report)
        assert ("list", True) == (audit, code in where)
        assert f"照 {hash_[:8]} 就少了" in what
        said = [one for one in report.remarks if one.startswith("规则换过")]
        assert [True] * 3 == [hash_[:8] in one for one in said]
        village.cast.published("project")
        village.sign()
        report = reader.verify(url)
    assert [] == wrong(report)
    assert hash_ in report.rules
    assert any("不是这个程序带来的" in one for one in report.remarks)


def test_other_rules_that_hide_nothing_are_only_told_of(village: Village, tmp_path: Path) -> None:
    """An upgrade changes rules lawfully: a warning that stays, and is once said to be new."""
    reader = Reader(village, tmp_path / "reader")
    with served(village) as url:
        assert [] == reader.verify(url).remarks
    hash_ = ruled(village, holiday_years=())
    with served(village) as url:
        report = reader.verify(url)
        assert ([], 3) == (wrong(report), len(report.remarks))
        again = reader.verify(url)
    assert ([], 2) == (wrong(again), len(again.remarks))
    assert all(hash_[:8] in one for one in again.remarks)
