"""`kill -9` while a board comes back or exchanges keys: all of it or nothing, and again it goes."""

import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from noticeboard.auditing import verify
from noticeboard.board import (
    Board,
    attaching,
    checkpoints,
    drafting,
    freezing,
    keyring,
    taking_down,
)
from noticeboard.board.keeping import sweep
from noticeboard.board.second_path import AHEAD, LOST
from noticeboard.core.merkle import leaf_hash, root_of
from noticeboard.core.notes import read_key
from noticeboard.core.problems import NotNow
from noticeboard.exporting.log import export
from noticeboard.signing.keys import state_of
from noticeboard.signing.signer import Signer
from noticeboard.store import checkpoints as rows
from noticeboard.store import drafts, heads, log, notices
from noticeboard.store.database import Database
from noticeboard.store.schema import metadata
from tests.cast import FORMS, ORIGIN, VILLAGE, Cast, Clock, Picture, cast_in, signer_in
from tests.faults.coming_life import do
from tests.logs import Mirror

ROOT = Path(__file__).parents[2]
ARCHIVE = f"{VILLAGE}.1"
NAME = "欧阳翠翠"


class Errand:
    """A home before an errand, and what must be true of it whenever the errand was broken off."""

    what = ""
    goes_on = VILLAGE  # where the log stands at the end
    note = b""  # the last head that anybody outside has seen

    def __init__(self, folder: Path) -> None:
        self.home, self.copy = folder / "home", folder / "copy"
        self.told: dict[str, Any] = {"what": self.what}
        cast = cast_in(self.home)
        self.signer = signer_in(self.home / "signer")
        self.prepare(cast)
        cast.board.database.scrub()
        cast.board.database.close()
        board = opened(self.home)
        self.before = everything(board)
        self.entries = leaves(board)
        self.told["at"] = board.clock()
        self.note = self.note or served(board)
        board.database.close()

    def prepare(self, cast: Cast) -> None:
        """Bring the home to where the errand begins."""

    def done(self, board: Board, signer: Signer) -> bool:
        """Say whether all of it is done."""
        raise NotImplementedError

    def whole(self, board: Board, signer: Signer) -> None:
        """Check what else must be true at the end."""


def opened(home: Path) -> Board:
    """Open a home as the next start does, some time later."""
    board = Board(Database(f"sqlite:///{home / 'board.db'}"), home=home)
    with board.database.read() as tx:
        signed = rows.latest(tx, VILLAGE)
        last = max(notices.head_of(tx, VILLAGE).village.last_at, signed.at if signed else 0)
    board.clock = Clock(last + checkpoints.EVERY)
    checkpoints.look(board, Signer(home / "signer"))
    return board


def everything(board: Board) -> dict[str, list[str]]:
    """Give every row of every table."""
    with board.database.read() as tx:
        return {
            table.name: sorted(map(repr, tx.execute(select(table))))
            for table in metadata.sorted_tables
        }


def served(board: Board) -> bytes:
    """Give the head that anybody gets."""
    with board.database.read() as tx:
        note = checkpoints.served(tx, VILLAGE)
    assert note is not None
    return note


def leaves(board: Board, village: str = VILLAGE) -> list[bytes]:
    """Give a log's bytes."""
    with board.database.read() as tx:
        return [raw for _index, raw in log.leaves(tx, village)]


def reason(board: Board) -> str:
    """Give why the village's log is frozen, or ""."""
    with board.database.read() as tx:
        return heads.frozen(tx, VILLAGE)


def lived(cast: Cast) -> tuple[str, str]:
    """Live a while: gives the codes of two notices that are up, beside drafts with pictures."""
    form = [dict(row) for row in FORMS["spending"]["rows"]]
    form[1]["payee"] = NAME
    up = cast.published("spending", rows=form).code
    other = cast.published("announcement").code
    for draft in (cast.draft("decision"), drafting.reopen(cast.board, VILLAGE, other, cast.anna)):
        attaching.attach(cast.board, VILLAGE, draft.code, cast.anna, [Picture(b"jpeg" * 99)], "水")
    cast.sign()
    return up, other


def redact(cast: Cast, code: str) -> None:
    """Take somebody's name off a notice."""
    what: dict[str, Any] = {"ground": "personal-data", "parts": ("names",), "rows": (2,)}
    taking_down.redact(cast.board, VILLAGE, code, cast.anna, **what)


class Recover(Errand):
    """A restored backup: what was lost comes from a copy, what was taken down since goes again."""

    what = "recover"

    def prepare(self, cast: Cast) -> None:
        """Lose a quarter, with a redaction in it, and take something down while frozen."""
        up, other = lived(cast)
        assert cast.board.database.path is not None
        cast.board.database.scrub()
        kept = self.home.with_name("kept.db")
        shutil.copy(cast.board.database.path, kept)
        redact(cast, up)
        cast.published("subsidy")
        cast.submitted("project")
        cast.sign()
        export(cast.board, VILLAGE, self.copy)
        self.told["copy"], self.full = str(self.copy), leaves(cast.board)
        self.note = served(cast.board)
        cast.board.database.close()
        for file in self.home.glob("board.db*"):
            file.unlink()
        shutil.copy(kept, self.home / "board.db")
        again = opened(self.home)
        assert AHEAD == reason(again)
        taking_down.withdraw(again, VILLAGE, other, cast.anna, ground="wrong-facts")
        again.database.close()

    def done(self, board: Board, signer: Signer) -> bool:
        """The log goes on: every entry, then what was taken down, then what is lost."""
        now = leaves(board)
        whole = self.full == now[: len(self.full)] and len(self.full) + 2 == len(now)
        return whole and not reason(board)

    def whole(self, board: Board, signer: Signer) -> None:
        """The name that a lost entry erased is in no file."""
        sweep(board)
        assert board.database.path is not None
        data = b"".join(path.read_bytes() for path in board.database.path.parent.glob("board.db*"))
        assert NAME.encode() not in data


class Thaw(Errand):
    """The signer's memory is gone, and somebody types the head from the wall."""

    what = "thaw"

    def prepare(self, cast: Cast) -> None:
        """Lose the memory, and take something down while frozen."""
        up, _other = lived(cast)
        state_of(self.signer.folder, ORIGIN).unlink()
        checkpoints.look(cast.board, self.signer)
        assert LOST == reason(cast.board)
        now = leaves(cast.board)
        root = root_of([leaf_hash(leaf) for leaf in now]).hex()
        self.told["printed"] = f"{len(now)} {root[:16]}"
        redact(cast, up)

    def done(self, board: Board, signer: Signer) -> bool:
        """The log goes on, with what was taken down."""
        return not reason(board) and len(self.entries) + 1 == len(leaves(board))


class Successor(Recover):
    """Nobody has the missing entries: another log goes on."""

    what = "successor"
    goes_on = ARCHIVE

    def prepare(self, cast: Cast) -> None:
        """Restore a backup of which nobody has what came after; the head behind it is lost."""
        super().prepare(cast)
        self.note = b""

    def done(self, board: Board, signer: Signer) -> bool:
        """The old log stands whole under its new code, the village in a log of its own."""
        with board.database.read() as tx:
            moved = [ARCHIVE] == heads.archives(tx, VILLAGE)
        return moved and self.entries == leaves(board, ARCHIVE) and not reason(board)

    def whole(self, board: Board, signer: Signer) -> None:
        """No draft and no picture is lost, and each is where it belongs."""
        with board.database.read() as tx:
            here = [draft.prev for draft in drafts.of_village(tx, VILLAGE)]
            there = [draft.prev is not None for draft in drafts.of_village(tx, ARCHIVE)]
        assert ([None], [True]) == (here, there)
        assert len(self.before["chunk"]) == len(everything(board)["chunk"])


class Rotate(Errand):
    """A second key."""

    what = "rotate"
    keys = 2

    def prepare(self, cast: Cast) -> None:
        """Have a log that is signed."""
        lived(cast)

    def done(self, board: Board, signer: Signer) -> bool:
        """The log names as many keys as there must be."""
        with board.database.read() as tx:
            return self.keys == len(notices.head_of(tx, VILLAGE).village.keys)

    def whole(self, board: Board, signer: Signer) -> None:
        """What signs is what the log names, and it said so once."""
        with board.database.read() as tx:
            village = notices.head_of(tx, VILLAGE).village
        assert set(village.keys) == set(signer.keys(ORIGIN))
        assert len(self.entries) + 1 == village.size


class Retire(Rotate):
    """The first key goes."""

    what = "retire"
    keys = 1

    def prepare(self, cast: Cast) -> None:
        """Have two keys."""
        super().prepare(cast)
        keyring.rotate(cast.board, self.signer, VILLAGE, cast.admin)
        cast.sign()


@pytest.fixture
def kills() -> Iterator[Callable[..., tuple[str, int]]]:
    """Give a function that lets an errand be done in a process of its own, until it dies."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.coming_life"],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", "PATH": "/usr/bin:/bin"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        say, hear = nursery.stdin, nursery.stdout

        def killed(**told: object) -> tuple[str, int]:
            say.write(json.dumps(told) + "\n")
            say.flush()
            how, count = json.loads(hear.readline())
            return how, count

        yield killed
        say.close()


@pytest.mark.parametrize("sort", [Recover, Thaw, Successor, Rotate, Retire])
def test_an_errand_may_be_killed_anywhere(
    tmp_path: Path,
    rng: random.Random,
    counts: Callable[[int], int],
    kills: Callable[..., tuple[str, int]],
    sort: type[Errand],
) -> None:
    """Every row is as it was, or all is done; done once more it is whole, signed, and verified.

    It dies before a statement or a call to the disk that dice choose, or at a moment they choose.
    """
    errand = sort(tmp_path)
    started = time.monotonic()
    how, steps = kills(**errand.told, home=str(_copied(errand, tmp_path, "whole")))
    took = time.monotonic() - started
    assert ("ended", True) == (how, steps > 0)
    _check(errand, tmp_path / "whole")
    for life in range(counts(120)):
        home = _copied(errand, tmp_path, f"life-{life}")
        if life % 3:
            # Most is read and computed first; what is written comes late.
            moment: dict[str, Any] = {"die": steps - int(steps * rng.random() ** 3)}
        else:
            moment = {"seconds": rng.random() * took}
        how, _steps = kills(**errand.told, home=str(home), **moment)
        assert "killed" == how or "seconds" in moment
        _check(errand, home)
        shutil.rmtree(home)


def _copied(errand: Errand, folder: Path, name: str) -> Path:
    return Path(shutil.copytree(errand.home, folder / name))


def _check(errand: Errand, home: Path) -> None:
    board, signer = opened(home), Signer(home / "signer")
    done = errand.done(board, signer)
    before, now = (_but_for_the_reason(board, one) for one in (errand.before, everything(board)))
    assert done or before == now
    # The board was started, and signs, before somebody comes to do it again.
    assert isinstance(board.clock, Clock)
    checkpoints.sign_due(board, signer)
    if done:
        _again(errand, board, signer)
    else:
        do(board, signer, errand.told)
    assert errand.done(board, signer)
    errand.whole(board, signer)
    board.clock.on(checkpoints.EVERY)
    checkpoints.sign_due(board, signer)
    assert [] == verify(board, signer=signer).problems
    with board.database.read() as tx:
        village = notices.head_of(tx, errand.goes_on).village
        mirror = Mirror(read_key(village.keys[0]), errand.goes_on)
        mirror.saw(errand.note)
        head = mirror.look(tx)
        assert head is not None
        assert village.size == head.size or errand.goes_on == ARCHIVE
        size = notices.head_of(tx, VILLAGE).village.size
        last = rows.latest(tx, VILLAGE)
    assert last is not None
    assert size == last.size
    board.database.close()


def _but_for_the_reason(board: Board, found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Leave out why the log stands still, and that its pages were told so.

    The signer hears before anything else that a log is to stop, and who starts in between takes
    that for the reason.
    """
    return {**found, "head": []} if reason(board) == freezing.FOLLOWED else found


def _again(errand: Errand, board: Board, signer: Signer) -> None:
    """Done once more, it says that it is done, and changes nothing."""
    if errand.what == "recover":
        assert 0 == do(board, signer, errand.told).came
    else:
        with pytest.raises(NotNow):
            do(board, signer, errand.told)
