"""A board that does what its log says is found sound from outside, however it grows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from noticeboard.board import reviewing, taking_down
from noticeboard.core.checkpoints import read_checkpoint
from noticeboard.core.days import DAY
from noticeboard.core.notes import COSIGNATURE, ED25519, Key, read_note, signature
from noticeboard.exporting.log import export
from noticeboard.signing.ed25519 import Private
from tests.cast import ORIGIN, VILLAGE, Cast, cast_in, cast_on
from tests.outside.serving import Reader, Village, lying, served, wrong
from tests.show.standings import Standings


@pytest.fixture
def village(database_url: str, tmp_path: Path) -> Iterator[Village]:
    """Give a village with a lived-in board, on each kind of database."""
    cast = cast_on(database_url)
    lived_in(cast)
    yield Village(cast, tmp_path / "signer")
    cast.audit()
    cast.board.database.close()


def lived_in(cast: Cast) -> None:
    """Do what a village does: publish, correct, redact, withdraw, send back, let a period end."""
    cast.published("subsidy", until=cast.clock.now + DAY)
    ledger = cast.published("spending")
    cast.up(cast.correct(ledger.code, title="2026年一季度财务收支（更正）"))
    erase = {"ground": "person-asked", "parts": ("names",), "rows": (2,)}
    taking_down.redact(cast.board, VILLAGE, ledger.code, cast.anna, **erase)
    gone = cast.published("announcement")
    taking_down.withdraw(cast.board, VILLAGE, gone.code, cast.anna, ground="wrong-facts")
    sent = cast.submitted("project")
    assert sent.notice is not None
    back = {"of": sent.index, "reason": "金额不对"}
    reviewing.send_back(cast.board, VILLAGE, sent.notice.code, cast.ben, **back)
    cast.clock.on(2 * DAY)


def test_a_sound_board_is_found_sound_and_its_growth_proved(
    village: Village, tmp_path: Path
) -> None:
    """Nothing is found; the head is remembered; the next check goes on from there."""
    reader = Reader(village, tmp_path / "reader")
    village.sign()
    with served(village) as url:
        first = reader.verify(url)
        assert [] == wrong(first)
        assert village.cast.entries() == first.entries
        assert (before := reader.seen) is not None
        assert first.roots == {VILLAGE: before.root.hex()}
        village.cast.published("decision")
        village.sign()
        assert [] == wrong(reader.verify(url))
        assert (after := reader.seen) is not None
        assert (before.size + 3, True) == (after.size, before.root != after.root)
    assert [] == reader.kept


def test_every_standing_is_as_the_leaves_say(tmp_path: Path) -> None:
    """Drafts, what waits, what runs, is over, replaced, withdrawn, redacted: all of it fits."""
    cast = cast_in(tmp_path / "home")
    Standings(cast)
    village = Village(cast, tmp_path / "signer")
    village.sign()
    with served(village) as url:
        assert [] == wrong(Reader(village, tmp_path / "reader").verify(url))
    cast.board.database.close()


def test_an_export_is_checked_without_a_board(village: Village, tmp_path: Path) -> None:
    """A folder holds all that the check needs; that no pages were looked at is said."""
    village.sign()
    export(village.board, VILLAGE, tmp_path / "export")
    report = Reader(village, tmp_path / "reader").verify(tmp_path / "export")
    assert ([], village.cast.entries()) == (wrong(report), report.entries)
    assert any("没有看网页" in remark for remark in report.remarks)


def test_a_list_ahead_of_the_signed_head_is_waited_for(village: Village, tmp_path: Path) -> None:
    """Entries are signed some seconds after they are made: that is no finding."""
    village.sign()
    village.cast.published("announcement")
    with served(village) as url:
        report = Reader(village, tmp_path / "reader").verify(url)
    assert ([], village.cast.entries()) == (wrong(report), report.entries)


def test_a_board_may_go_on_while_it_is_looked_at(village: Village, tmp_path: Path) -> None:
    """What changes between the list and the pages is looked at again, and fits."""
    village.sign()
    codes = [village.cast.published("announcement").code for _ in range(3)]
    village.sign()
    changes = iter(
        [
            lambda code: taking_down.withdraw(
                village.board, VILLAGE, code, village.cast.anna, ground="wrong-facts"
            ),
            lambda _code: village.cast.published("project"),
        ]
    )

    def meddle(path: str, status: int, body: bytes) -> tuple[int, bytes]:
        if path == f"/v/{VILLAGE}/notices" and (change := next(changes, None)):
            change(codes.pop())
        return status, body

    with served(village) as url, lying(url, meddle) as through:
        assert [] == wrong(Reader(village, tmp_path / "reader").verify(through))
    assert 1 == len(codes)


def test_two_clocks_may_differ_a_little_at_the_end_of_a_period(
    village: Village, tmp_path: Path
) -> None:
    """Minutes apart either side may be right about what has just ended; hours apart, that is said.

    The board goes by its own clock, and the reader knows of the difference.
    """
    village.cast.published("subsidy", until=village.clock.now + 100)
    village.sign()
    with served(village) as url:
        for ahead in (-200, 200):
            assert [] == wrong(Reader(village, tmp_path / f"{ahead}", ahead=ahead).verify(url))
        village.clock.on(120)
        for ahead in (-200, 200):
            assert [] == wrong(Reader(village, tmp_path / f"{ahead}", ahead=ahead).verify(url))
        far = Reader(village, tmp_path / "far", ahead=7200).verify(url)
    assert [("list", "时钟", "公开板的时钟和这台机器差 7200 秒，请看哪一个不对。")] == wrong(far)


def test_an_entry_from_the_future_is_found(village: Village, tmp_path: Path) -> None:
    """A clock that ran ahead when it was written is seen by whoever has the right time."""
    village.cast.published("announcement")
    village.sign()
    with served(village) as url:
        report = Reader(village, tmp_path / "reader", ahead=-7200).verify(url)
    assert ("lifecycle", "记录的时间", "有一条记录写着将来的时间。") in wrong(report)


def test_signatures_of_strangers_are_passed_over(village: Village, tmp_path: Path) -> None:
    """A greased head, and one with witnesses' lines, is read by the log's own signature."""
    village.sign()
    strangers = [
        Key("grease.example/unknown", ED25519, Private(b"g" * 32).public),
        Key(ORIGIN, ED25519, Private(b"h" * 32).public),
        Key("hall.example/w1", COSIGNATURE, Private(b"w" * 32).public),
    ]

    def grease(path: str, status: int, body: bytes) -> tuple[int, bytes]:
        if path.endswith("/checkpoint"):
            text = read_note(body).text
            for seed, key in zip((b"g", b"h", b"w"), strangers, strict=True):
                line = signature(key, Private(seed * 32).sign, text, village.clock.now).line
                body += line.encode()
        return status, body

    with served(village) as url, lying(url, grease) as through:
        reader = Reader(village, tmp_path / "reader")
        assert [] == wrong(reader.verify(through))
    note = read_note(reader.note)
    assert 4 == len(note.signatures)
    assert reader.seen == read_checkpoint(note.text)
