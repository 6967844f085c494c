"""The board and its witnesses: quorum, who is down, what stops a log and what does not."""

import socket
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from noticeboard.board import accusing, checkpoints, cosigning, openlog
from noticeboard.board.witnesses import FIRST_WAIT, FRESH, Witnesses
from noticeboard.core.checkpoints import Checkpoint, open_checkpoint
from noticeboard.core.merkle import ReadNode, consistency
from noticeboard.core.notes import (
    COSIGNATURE,
    ED25519,
    Key,
    Note,
    Signature,
    read_note,
    signature,
)
from noticeboard.core.problems import NotAllowed, NotFound, NotNow, NotValid
from noticeboard.core.witnessing import Offer
from noticeboard.signing.ed25519 import Private, verify
from noticeboard.signing.keys import keys_of
from noticeboard.signing.witness import Witness, make
from noticeboard.store import checkpoints as rows
from noticeboard.store import notices
from noticeboard.store.database import Database
from tests.agent.serving import Neighbours, serving
from tests.cast import VILLAGE
from tests.logs import Written, mth
from tests.signing.logs import Log


class Room:
    """A village whose log is signed, its neighbours, and the board's way to them."""

    def __init__(self, written: Written, folder: Path, *, count: int = 3, quorum: int = 2) -> None:
        self.written, self.board, self.now = written, written.board, 1000.0
        self.neighbours = Neighbours(folder, written.key, count, written.clock)
        checkpoints.set_policy(self.board, self.neighbours.policy(quorum=quorum))
        self.witnesses = self.begin()

    def begin(self) -> Witnesses:
        """Begin as a board that was started anew."""
        return Witnesses(self.board, running=lambda: self.now)

    def to(self, size: int) -> None:
        """Let the log grow to a size and be signed."""
        self.written.grow(size - len(self.written.leaves))
        assert [VILLAGE] == self.written.sign()

    def bring(self) -> int:
        """Let every errand that is due be run; gives how many there were."""
        begun = self.witnesses.look()
        for _ in range(1500):
            if not any(one.busy for one in self.witnesses.contacts.values()):
                return begun
            threading.Event().wait(0.02)
        raise AssertionError("an errand never ended")

    def later(self, seconds: int) -> None:
        """Let time pass, on the wall and while running."""
        self.written.clock.on(seconds)
        self.now += seconds

    def neighbours_again(self) -> None:
        """Let time pass until everybody, each at their own address, is asked again."""
        checkpoints.set_policy(self.board, self.neighbours.policy(quorum=2))
        self.later(int(FRESH))
        self.bring()

    def standing(self) -> tuple[int, int, bool, int | None]:
        """Give size, agreed, met and age as pages say it."""
        with self.board.database.read() as tx:
            policy = checkpoints.policy_of(tx)
            found = checkpoints.witnessed(tx, VILLAGE, policy, self.board.now())
        assert found is not None
        return found.signed.size, found.agreed, found.met, found.age

    def served(self) -> bytes:
        """Give the checkpoint as anybody gets it."""
        with self.board.database.read() as tx:
            note = checkpoints.served(tx, VILLAGE)
        assert note is not None
        return note

    def revision(self) -> int:
        """Give the village's public revision."""
        with self.board.database.read() as tx:
            return notices.head_of(tx, VILLAGE).revision

    def signed(self, leaves: list[bytes], by: Private | None = None) -> Note:
        """Sign any tree under the log's name: as this board did before it was put back."""
        head = Checkpoint(self.written.origin, len(leaves), mth(leaves))
        (held,) = keys_of(self.written.signer.folder, self.written.origin)
        private = by or held.private
        key = Key(self.written.origin, ED25519, private.public)
        return Note(head.text, (signature(key, private.sign, head.text),))

    def why(self, name: str) -> str:
        """Give what the desk is told of a witness."""
        return self.board.watch.failures.get((VILLAGE, f"witness {name}"), "")


@contextmanager
def opened(url: str, folder: Path) -> Iterator[Room]:
    database = Database(url)
    database.upgrade()
    made = Room(Written(database, folder / "signer"), folder)
    yield made
    made.neighbours.close()
    database.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with opened(f"sqlite:///{tmp_path / 'board.db'}", tmp_path) as made:
        yield made


@pytest.fixture
def either(database_url: str, tmp_path: Path) -> Iterator[Room]:
    """Give the room on each kind of database."""
    with opened(database_url, tmp_path) as made:
        yield made


def test_three_witnesses_agree(either: Room) -> None:
    """Each new head gets three lines; the served note bears them, and all of them check."""
    room = either
    for size in (3, 4, 300):
        room.to(size)
        assert 3 == room.bring()
        assert (size, 3, True, 0) == room.standing()
        keys = [one.key for one in room.neighbours.witnesses]
        found = open_checkpoint(room.served(), [room.written.key], keys, verify)
        assert keys == [one.key for one in found.cosigned]
    assert 0 == room.bring()


def test_a_head_is_cosigned_anew_every_ten_minutes(either: Room) -> None:
    """Nothing new to say, and still the date is renewed; no page is rendered anew for that."""
    room = either
    room.to(3)
    room.bring()
    before = room.revision()
    room.later(FRESH - 1)
    assert 0 == room.bring()
    room.later(1)
    assert 3 == room.bring()
    assert (3, 3, True, 0) == room.standing()
    assert before == room.revision()


def test_a_witness_changes_no_notice_and_no_playlist(room: Room) -> None:
    """The public revision stays: what tells of witnesses is looked at again by itself."""
    room.to(3)
    before = room.revision()
    room.bring()
    assert before == room.revision()


def test_one_that_is_down_holds_nobody_up(room: Room) -> None:
    """Two of three are the quorum; the third is left alone for longer and longer."""
    room.to(3)
    dead = room.neighbours.policy(quorum=2).replace(room.neighbours.urls[2], "http://127.0.0.1:9")
    checkpoints.set_policy(room.board, dead)
    assert 3 == room.bring()
    assert (3, 2, True, 0) == room.standing()
    assert "连不上" in room.why("w3")
    tries = 0
    for _ in range(120):
        room.later(5)
        tries += room.bring()
    # After 5, 10, 20, 40, 80 and 160 seconds; the two others once, after ten minutes.
    assert 6 + 2 == tries
    checkpoints.set_policy(room.board, room.neighbours.policy(quorum=2))
    room.later(int(FRESH))
    room.bring()
    assert (3, 3, True, 0) == room.standing()
    assert room.why("w3") == ""


def test_one_that_is_away_is_asked_by_one_log_for_all(room: Room, tmp_path: Path) -> None:
    """A county's logs do not each wait for the same dead witness."""
    room.to(3)
    for n in range(4):
        one = Written(room.board.database, tmp_path / "signer", f"v{n}")
        one.clock.now = room.written.clock.now
        one.grow()
        one.sign()
    dead = room.neighbours.urls[0]
    room.neighbours.urls = ["http://127.0.0.1:9"] * 3
    checkpoints.set_policy(room.board, room.neighbours.policy(quorum=2))
    room.bring()
    room.later(int(FIRST_WAIT))
    assert 3 == room.bring()
    room.neighbours.urls[0] = dead
    checkpoints.set_policy(room.board, room.neighbours.policy(quorum=2))
    room.later(int(FRESH))
    # One log finds out that it is back; the four others follow.
    assert 3 == room.bring()
    assert 4 == room.bring()


def test_at_a_start_everybody_is_asked(room: Room) -> None:
    """Whatever is stored: a home that was put back is found out before it writes on."""
    room.to(5)
    room.bring()
    more = [*room.written.leaves, b"lost"]
    _cosigned(room, room.neighbours.witnesses[2], 5, more)
    assert 0 == room.bring()
    room.witnesses = room.begin()
    assert 3 == room.bring()
    assert cosigning.MORE == room.written.frozen()


def test_a_start_costs_each_witness_one_question(room: Room) -> None:
    """Nobody's line is lost by it, and then there is nothing more to do."""
    room.to(3)
    room.bring()
    room.witnesses = room.begin()
    assert 3 == room.bring()
    assert (3, 3, True, 0) == room.standing()
    assert 0 == room.bring()


def test_somebody_else_brought_the_witness_further(room: Room) -> None:
    """409 says where it stands; the board goes on from there."""
    room.to(3)
    room.bring()
    room.to(4)
    offer = Offer(3, _proof(room, 3, 4), read_note(room.served()))
    room.neighbours.witnesses[0].add(offer.write())
    room.bring()
    assert (4, 3, True, 0) == room.standing()


def _proof(room: Room, old: int, new: int) -> tuple[bytes, ...]:
    with room.board.database.read() as tx:
        return tuple(openlog.consistency(tx, VILLAGE, old, new) or ())


def test_a_witness_ahead_under_our_own_signature_stops_the_log(room: Room) -> None:
    """A board that was put back to an old copy is found out by any one of its witnesses."""
    room.to(5)
    room.bring()
    more = [*room.written.leaves, b"lost", b"and gone"]
    _cosigned(room, room.neighbours.witnesses[0], 5, more)
    room.later(int(FRESH))
    room.bring()
    assert cosigning.MORE == room.written.frozen()
    assert 0 == room.bring()
    assert "见证“w1”拿出了签过名的 7 条，这里有 5 条。" == stopped_by(room)
    assert {} == wrong(room)


def wrong(room: Room) -> dict[str, str]:
    """Give the witnesses that are named for what they answered, as any process knows them."""
    with room.board.database.read() as tx:
        return accusing.wrong(tx, VILLAGE)


def stopped_by(room: Room) -> str:
    """Give the sentence that names who stopped the log."""
    with room.board.database.read() as tx:
        by = accusing.stopper(tx, notices.head_of(tx, VILLAGE).village)
    assert by is not None
    return by.sentence


def _cosigned(room: Room, witness: Witness, old: int, leaves: list[bytes]) -> bytes:
    """Let a witness cosign a tree that the log signed and that is not here; gives the note."""
    offer = Offer(old, tuple(consistency(_nodes(leaves), old, len(leaves))), room.signed(leaves))
    witness.add(offer.write())
    return witness.note(sha256(room.written.origin.encode()).hexdigest()) or b""


def _nodes(leaves: list[bytes]) -> ReadNode:
    return lambda level, index: mth(leaves[index << level : (index + 1) << level])


def test_a_witness_that_holds_another_past_of_ours_stops_the_log(room: Room) -> None:
    """The same size under another root, both signed by us: 422, and the log stands still."""
    room.to(5)
    fork = [*room.written.leaves[:4], b"another"]
    _cosigned(room, room.neighbours.witnesses[1], 0, fork)
    room.bring()
    assert cosigning.ANOTHER == room.written.frozen()
    assert "见证“w2”拿出了签过名的 5 条，这里有 5 条。" == stopped_by(room)


def test_what_is_not_signed_by_us_stops_nothing(room: Room) -> None:
    """A witness may claim what it likes, and show what others signed: the log goes on."""
    room.to(5)
    thief = room.signed([b"x"] * 9, Private(sha256(b"thief").digest()))

    async def liar(scope: Any, receive: Any, send: Any) -> None:
        body = b"9000\n" if scope["method"] == "POST" else thief.write()
        status = 409 if scope["method"] == "POST" else 200
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body})

    with serving(liar) as url:
        lying = room.neighbours.policy(quorum=2).replace(room.neighbours.urls[0], url)
        checkpoints.set_policy(room.board, lying)
        room.bring()
        assert (5, 2, True, 0) == room.standing()
        assert room.why("w1")
        assert room.written.frozen() == ""
        assert {"w1": "见证说它有的和这里不一样，却拿不出我们的签名。（9000 条）"} == wrong(room)
        room.neighbours_again()
        assert {} == wrong(room)


@pytest.mark.parametrize(
    "said",
    [
        (200, b""),
        (200, b"hello\n"),
        (200, "— w1.example AAAA\n".encode()),
        (200, b"x" * 100_000),
        (409, b"-1\n"),
        (409, "９\n".encode()),
        (409, b"0\n"),
        (422, b""),
        (404, b"who\n"),
        (500, b""),
        (302, b""),
    ],
    ids=str,
)
def test_whatever_a_witness_answers_the_others_count(room: Room, said: tuple[int, bytes]) -> None:
    """Nonsense is said in words at the desk and holds nobody up."""
    room.to(5)

    async def fool(scope: Any, receive: Any, send: Any) -> None:
        status = said[0] if scope["method"] == "POST" else 404
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": said[1]})

    with serving(fool) as url:
        lying = room.neighbours.policy(quorum=2).replace(room.neighbours.urls[0], url)
        checkpoints.set_policy(room.board, lying)
        room.bring()
    assert (5, 2, True, 0) == room.standing()
    # One that does not know the log, or cannot be heard out, is not wrong.
    unheard = said[0] in (404, 500) or len(said[1]) > 64 * 1024
    assert unheard != ("w1" in wrong(room))
    assert room.why("w1")
    assert room.written.frozen() == ""


def test_a_false_line_is_not_kept(room: Room) -> None:
    """A line that is not by the witness's key never reaches what is served."""
    room.to(5)
    other = Private(sha256(b"other").digest())
    key = Key("w1.example", COSIGNATURE, other.public)
    line = signature(key, other.sign, read_note(room.served()).text, room.board.now())

    async def false(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": line.line.encode()})

    with serving(false) as url:
        lying = room.neighbours.policy(quorum=2).replace(room.neighbours.urls[0], url)
        checkpoints.set_policy(room.board, lying)
        room.bring()
    assert line.line.encode() not in room.served()


def test_a_witness_that_hangs_holds_nothing_up(room: Room) -> None:
    """Signing goes on and the others answer while one witness never does."""
    room.to(3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hanging = f"http://127.0.0.1:{silent.getsockname()[1]}"
        room.witnesses.timeout = 2.0
        policy = room.neighbours.policy(quorum=2)
        checkpoints.set_policy(room.board, policy.replace(room.neighbours.urls[1], hanging))
        began = time.monotonic()
        room.witnesses.look()
        assert time.monotonic() - began < 1
        while room.standing()[1] < 2:
            assert time.monotonic() - began < 10
            threading.Event().wait(0.02)
        room.to(4)
        room.bring()
    assert "太久" in room.why("w2")


def test_a_witness_that_pulls_hands_its_line_in(room: Room, tmp_path: Path) -> None:
    """The whole cosigned checkpoint, or the line alone; grease is passed over."""
    room.to(5)
    witness = room.neighbours.witnesses[0]
    answer = witness.add(Offer(0, (), read_note(room.served())).write())
    note = witness.note(sha256(room.written.origin.encode()).hexdigest()) or b""
    stranger = b"\xe2\x80\x94 grease.example/x " + b64encode(bytes(90)) + b"\n"
    assert 1 == cosigning.hand_in(room.board, VILLAGE, stranger + answer)
    assert 0 == cosigning.hand_in(room.board, VILLAGE, note)
    assert 0 == cosigning.hand_in(room.board, VILLAGE, note + stranger)
    assert (5, 1, False, 0) == room.standing()
    room.to(6)
    # It was signed for the head before; as a whole it says so itself, alone it fits nothing.
    room.later(3)
    late = witness.add(Offer(5, (), read_note(note)).write())
    with pytest.raises(NotValid):
        cosigning.hand_in(room.board, VILLAGE, late)
    whole = witness.note(sha256(room.written.origin.encode()).hexdigest()) or b""
    assert 1 == cosigning.hand_in(room.board, VILLAGE, whole)


def test_what_is_handed_in_must_be_a_listed_witnesss(room: Room, tmp_path: Path) -> None:
    """A stranger's line, a false one, nonsense and other logs' are refused and nothing is kept."""
    room.to(5)
    make(tmp_path / "stranger", "w1.example")
    stranger = Witness(tmp_path / "stranger", clock=room.written.clock)
    stranger.trust([room.written.key])
    line = stranger.add(Offer(0, (), read_note(room.served())).write())
    with pytest.raises(NotAllowed):
        cosigning.hand_in(room.board, VILLAGE, line)
    false = Signature("w1.example", room.neighbours.witnesses[0].key.id, bytes(72)).line
    other = Log([b"x"], "other.example")
    for data in (false.encode(), b"", b"x", b"x" * 70_000, other.note().write()):
        with pytest.raises(NotValid):
            cosigning.hand_in(room.board, VILLAGE, data)
    for village in ("", "none"):
        with pytest.raises(NotFound):
            cosigning.hand_in(room.board, village, line)
    assert (5, 0, False, None) == room.standing()


def test_a_checkpoint_of_ours_that_is_ahead_stops_the_log_whoever_hands_it_in(either: Room) -> None:
    """Our own signature is enough; a thief's stops nothing."""
    room = either
    room.to(5)
    more = [*room.written.leaves, b"lost"]
    thief = room.signed(more, Private(sha256(b"thief").digest()))
    with pytest.raises(NotAllowed):
        cosigning.hand_in(room.board, VILLAGE, thief.write())
    assert room.written.frozen() == ""
    with pytest.raises(NotNow):
        cosigning.hand_in(room.board, VILLAGE, room.signed(more).write())
    assert cosigning.MORE == room.written.frozen()


def test_older_heads_of_ours_stop_nothing(room: Room) -> None:
    """Whatever we signed on the way is in the log."""
    for size in (2, 5, 9):
        room.to(size)
        note = room.served()
        with pytest.raises(NotAllowed):
            cosigning.hand_in(room.board, VILLAGE, note)
    assert room.written.frozen() == ""


def test_a_clock_that_went_back_keeps_the_later_line(either: Room) -> None:
    """A line dated before the one that is held does not take its place."""
    room = either
    room.to(5)
    room.bring()
    with room.board.database.read() as tx:
        before = rows.cosigned(tx, VILLAGE, 5)
    room.written.clock.on(-5000)
    room.now += FRESH
    room.bring()
    with room.board.database.read() as tx:
        assert before == rows.cosigned(tx, VILLAGE, 5)
