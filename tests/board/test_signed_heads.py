"""The signed heads a home keeps, as its own audit reads them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from noticeboard.auditing import verify
from noticeboard.board import checkpoints
from noticeboard.board.checkpoints import EVERY
from noticeboard.core.actions import Key as KeyAct
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.notes import Note, signature
from noticeboard.signing.ed25519 import Private
from noticeboard.signing.signer import Signer
from noticeboard.store.tables import checkpoint, entry
from tests.cast import KEY, ORIGIN, SEED, VILLAGE, Cast, cast_on, signer_in
from tests.logs import behind_its_back


class Home:
    """The cast's board and its signer."""

    def __init__(self, cast: Cast, signer: Signer) -> None:
        self.cast, self.signer = cast, signer

    def sign(self) -> int:
        """Let time pass and sign what has grown; gives the size."""
        self.cast.clock.on(EVERY)
        assert [VILLAGE] == checkpoints.sign_due(self.cast.board, self.signer)
        return self.cast.entries()

    def found(self) -> list[tuple[str, str]]:
        """Give (where, what) of what the audit of the heads found."""
        report = verify(self.cast.board, VILLAGE, self.signer)
        return [(one.where, one.what) for one in report.problems if one.audit == "head"]

    def put(self, size: int, note: bytes) -> None:
        """Put another note in the place of a stored one."""
        with self.cast.board.database.write() as tx:
            tx.execute(update(checkpoint).where(checkpoint.c.size == size).values(note=note))


@pytest.fixture
def home(database_url: str, tmp_path: Path) -> Iterator[Home]:
    """Give a board with two signed heads, on each kind of database."""
    cast = cast_on(database_url)
    home = Home(cast, signer_in(tmp_path / "signer"))
    for _ in range(2):
        cast.published("announcement")
        home.sign()
    yield home
    cast.board.database.close()


def test_sound_heads_are_found_sound(home: Home) -> None:
    """Also with entries behind the last one, and after the keys were exchanged."""
    assert [] == home.found()
    home.cast.published("announcement")
    assert [] == home.found()
    new = home.signer.add_key(ORIGIN)
    home.cast.board.act(VILLAGE, KeyAct(change="add", key=new), home.cast.admin)
    home.sign()
    home.signer.retire_key(ORIGIN, KEY.text)
    home.cast.board.act(VILLAGE, KeyAct(change="drop", key=KEY.text), home.cast.admin)
    home.sign()
    assert [] == home.found()


def test_a_head_whose_signature_does_not_hold(home: Home) -> None:
    """A note that was touched, or that another key signed, is named by its size."""
    size = home.cast.entries()
    head = Checkpoint(ORIGIN, size, b"r" * 32)
    other = Private(b"x" * 32)
    for key in (other, Private(SEED)):
        home.put(size, Note(head.text, (signature(KEY, key.sign, head.text),)).write())
        ((where, _what),) = home.found()
        assert f"记录头 {size} 条" == where
    home.put(size, b"nothing\n")
    assert [f"记录头 {size} 条"] == [where for where, _what in home.found()]


@pytest.mark.parametrize("all_of_them", [True, False])
def test_a_head_that_was_taken_away_is_missed(home: Home, all_of_them: bool) -> None:
    """The signer remembers it; a start signs it again. What waits to be signed is no finding."""
    last = home.cast.entries()
    gone = delete(checkpoint).where(checkpoint.c.village == VILLAGE)
    with home.cast.board.database.write() as tx:
        tx.execute(gone if all_of_them else gone.where(checkpoint.c.size == last))
    ((where, what),) = home.found()
    assert "记录头" == where
    assert f"签到了 {last} 条" in what
    checkpoints.look(home.cast.board, home.signer)
    assert [] == home.found()
    assert last == home.sign()
    assert [] == home.found()


def test_a_log_that_is_shorter_than_what_was_signed(home: Home) -> None:
    """Entries cut off behind the board's back: the head beyond the end says so, and the signer."""
    size = home.cast.entries()
    with home.cast.board.database.write() as tx:
        behind_its_back(tx)
        tx.execute(delete(entry).where(entry.c.village == VILLAGE, entry.c.idx >= size - 1))
    short = f"{size} 条，这里只有 {size - 1} 条，少了记录。"
    assert [
        (f"记录头 {size} 条", f"签过名的 {short}"),
        ("签名的记忆", f"签到了 {short}"),
    ] == home.found()


def test_a_log_that_was_changed_after_it_was_signed(home: Home) -> None:
    """However its own hashes are made to fit: the roots signed before are others."""
    with home.cast.board.database.write() as tx:
        behind_its_back(tx)
        tx.execute(update(entry).where(entry.c.idx == 9).values(leaf=b"{}"))
    wrong = home.found()
    assert ["签名的记忆"] == [where for where, _what in wrong if not where.startswith("记录头")]
    assert 3 == len(wrong)
