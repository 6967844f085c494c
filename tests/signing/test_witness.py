"""A witness: what it cosigns, what it refuses and keeps, and what it never does."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from noticeboard.core.checkpoints import Checkpoint, open_checkpoint
from noticeboard.core.notes import COSIGNATURE, Key, Note, Signature, read_signatures, signed_by
from noticeboard.core.problems import NotFound, NotNow, NotValid, Unavailable
from noticeboard.core.witnessing import Offer, Refused
from noticeboard.signing import witness_book
from noticeboard.signing.ed25519 import Private, verify
from noticeboard.signing.witness import Witness, make
from tests.signing.logs import ORIGIN, Log, greased, leaves

NAME = "w1.example"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_800_000_000

    def __call__(self) -> int:
        """Give the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def witness(tmp_path: Path, clock: Clock) -> Witness:
    make(tmp_path / "w", NAME)
    made = Witness(tmp_path / "w", clock=clock)
    made.trust([Log([]).key])
    return made


def signed_at(witness: Witness, note: Note, answer: bytes) -> int:
    """Check an answer as a board does and give its date."""
    lines = read_signatures(answer)
    (one,) = signed_by(Note(note.text, lines), [witness.key], verify)
    assert one.at is not None
    return one.at


def code_of(act: Callable[[], object]) -> int:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def test_it_cosigns_what_grows(witness: Witness, clock: Clock) -> None:
    """From nothing, then on from what it holds; what it answered it remembers."""
    log = Log(leaves(300))
    for old, new in ((0, 1), (1, 7), (7, 256), (256, 257), (257, 300)):
        offer = log.offer(old, new)
        assert clock.now == signed_at(witness, offer.note, witness.add(offer.write()))
        assert log.head(new) == witness.held(ORIGIN)
    assert witness.held("other.example") is None


def test_what_it_monitors_bears_both_signatures(witness: Witness) -> None:
    """The kept note opens under the log's key, with the witness's own line and no stranger's."""
    log = Log(leaves(5))
    offer = log.offer(0)
    witness.add(Offer(0, (), greased(offer.note)).write())
    (held,) = witness.everything()
    found = open_checkpoint(held.note, [log.key], [witness.key], verify)
    assert (log.head(), [witness.key]) == (found.checkpoint, [one.key for one in found.cosigned])
    assert len(found.note.signatures) == 2


def test_the_same_tree_again_is_dated_anew(witness: Witness, clock: Clock) -> None:
    """The same size and root is the heartbeat: a fresh date, nothing else changes."""
    log = Log(leaves(9))
    witness.add(log.offer(0).write())
    clock.now += 600
    again = log.offer(9)
    assert clock.now == signed_at(witness, again.note, witness.add(again.write()))


def test_it_never_dates_before_its_last_cosignature(witness: Witness, clock: Clock) -> None:
    """Whatever its clock does, and over a restart: no date is before the last one."""
    log, first = Log(leaves(20)), clock.now
    witness.add(log.offer(0, 10).write())
    clock.now -= 86_400
    offer = log.offer(10)
    assert first == signed_at(witness, offer.note, witness.add(offer.write()))
    clock.now = 0
    other = Log(leaves(3), "other.example")
    reopened = Witness(witness.folder, clock=clock)
    reopened.trust([other.key])
    offer = other.offer(0)
    assert first == signed_at(reopened, offer.note, reopened.add(offer.write()))


def _refusals() -> dict[str, tuple[int, Callable[[Log], bytes]]]:
    """Each status with a request for it, at a witness that holds 8 of the log's 20 entries."""
    fork = Log([*leaves(7), *leaves(13, "fork")])
    unknown = Log(leaves(9), "unknown.example")
    thief = Log(leaves(20), seed="thief")
    empty = Checkpoint(ORIGIN, 0, bytes(32))
    return {
        "no request": (400, lambda _: b"hello\n"),
        "nothing": (400, lambda _: b""),
        "leading zero": (400, lambda log: b"old 08\n" + log.offer(8).write()[6:]),
        "plus": (400, lambda log: b"old +8\n" + log.offer(8).write()[6:]),
        "other digits": (400, lambda log: "old ８\n".encode() + log.offer(8).write()[6:]),
        "carriage return": (400, lambda log: log.offer(8).write().replace(b"\n", b"\r\n")),
        "64 lines": (400, lambda log: Offer(8, (bytes(32),) * 64, log.note()).write()),
        "short hash": (400, lambda log: Offer(8, (bytes(31),), log.note()).write()),
        "extension": (400, lambda log: Offer(8, (), log.signed(log.head().text + b"x\n")).write()),
        "too long": (400, lambda log: log.offer(8).write() + b"x" * 1_000_001),
        "broken and unknown": (400, lambda _: Offer(0, (), unknown.signed(b"u\n1\n")).write()),
        "unknown": (404, lambda _: unknown.offer(0).write()),
        "thief": (403, lambda _: thief.offer(8).write()),
        "no signature of ours": (
            403,
            lambda log: Offer(8, (), Note(log.head().text, thief.note().signatures)).write(),
        ),
        "moved signature": (
            403,
            lambda log: Offer(8, (), Note(log.head().text, log.note(3).signatures)).write(),
        ),
        "thief before old": (403, lambda _: Offer(99, (), thief.note(20)).write()),
        "old beyond size": (400, lambda log: Offer(9, (), log.note(8)).write()),
        "old is other": (409, lambda log: log.offer(7).write()),
        "never seen": (409, lambda log: log.offer(0).write()),
        "no proof": (422, lambda log: Offer(8, (), log.note()).write()),
        "cut proof": (422, lambda log: Offer(8, log.offer(8).proof[:-1], log.note()).write()),
        "other root at the size": (422, lambda _: Offer(8, (), fork.note(8)).write()),
        "fork": (422, lambda _: fork.offer(8).write()),
        "older": (400, lambda log: Offer(8, (), log.note(5)).write()),
        "empty with a root": (409, lambda log: Offer(0, (), log.signed(empty.text)).write()),
    }


REFUSALS = _refusals()


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals_come_with_the_status_of_the_specification(witness: Witness, name: str) -> None:
    """In its order: 400, 404, 403, 400, 409, 422; and nothing of what is held changes."""
    log = Log(leaves(20))
    witness.add(log.offer(0, 8).write())
    before = witness.everything()
    status, request = REFUSALS[name]
    assert status == code_of(lambda: witness.add(request(log)))
    assert before == witness.everything()
    witness.add(log.offer(8).write())


def test_a_log_that_was_never_seen_begins_at_nothing(witness: Witness) -> None:
    """With old 0 no proof may stand, an empty tree has one root, and 409 says 0."""
    log = Log(leaves(5))
    with pytest.raises(Refused) as caught:
        witness.add(log.offer(3).write())
    assert (409, 0) == (caught.value.code, caught.value.size)
    proved = Offer(0, (bytes(32),), log.note())
    assert code_of(lambda: witness.add(proved.write())) == 422
    empty = Offer(0, (), log.signed(Checkpoint(ORIGIN, 0, bytes(32)).text))
    assert code_of(lambda: witness.add(empty.write())) == 422
    witness.add(log.offer(0, 0).write())
    witness.add(log.offer(0, 5).write())
    assert log.head() == witness.held(ORIGIN)


def test_refused_forks_are_kept_and_bounded(witness: Witness) -> None:
    """Both signed faces are there to be shown; many later ones do not push out the first."""
    log = Log(leaves(8))
    witness.add(log.offer(0).write())
    forks = [Log([*leaves(7), f"fork {n}".encode()]) for n in range(40)]
    for fork in [*forks, *forks]:
        code_of(lambda fork=fork: witness.add(Offer(8, (), fork.note()).write()))
    # Somebody who only has honest checkpoints cannot push them out either.
    for fork in forks:
        code_of(lambda fork=fork: witness.add(Offer(8, (), fork.signed(fork.head(7).text)).write()))
    kept = witness.refused(ORIGIN)
    assert [fork.head().root for fork in forks[: witness_book.MOST]] == [e.root for e in kept]
    for one in kept:
        ours = open_checkpoint(one.held, [log.key], [witness.key], verify)
        theirs = open_checkpoint(one.note, [log.key], [], verify)
        assert ours.checkpoint.size == theirs.checkpoint.size
        assert ours.checkpoint.root != theirs.checkpoint.root


def test_a_fork_is_seen_even_where_the_answer_is_409(witness: Witness) -> None:
    """Another root at the size that is held proves a fork whatever `old` says."""
    witness.add(Log(leaves(8)).offer(0).write())
    fork = Log(leaves(8, "fork"))
    assert code_of(lambda: witness.add(fork.offer(0).write())) == 409
    assert ["fork"] == [one.kind for one in witness.refused(ORIGIN)]


def test_what_is_proved_later_is_no_evidence(witness: Witness) -> None:
    """An honest checkpoint with a wrong proof is forgotten once the right one is shown."""
    log = Log(leaves(20))
    witness.add(log.offer(0, 8).write())
    code_of(lambda: witness.add(Offer(8, (), log.note()).write()))
    code_of(lambda: witness.add(Offer(8, (bytes(32),), log.note(8)).write()))
    assert ["unproven"] == [one.kind for one in witness.refused(ORIGIN)]
    witness.add(log.offer(8).write())
    assert [] == witness.refused(ORIGIN)


def test_what_somebody_else_signed_is_no_evidence(witness: Witness) -> None:
    """Only the log's own signature can be held against it."""
    witness.add(Log(leaves(8)).offer(0).write())
    code_of(lambda: witness.add(Log(leaves(8, "x"), seed="thief").offer(8).write()))
    assert [] == witness.refused(ORIGIN)


def test_of_two_that_race_from_the_same_size_one_wins(witness: Witness) -> None:
    """Threads: exactly one fork is cosigned, however many are offered at once."""
    for round_ in range(5):
        origin = f"race{round_}.example"
        faces = [Log(leaves(9, str(face)), origin) for face in range(8)]
        witness.trust([faces[0].key])
        with ThreadPoolExecutor(8) as pool:
            asked = [pool.submit(witness.add, face.offer(0).write()) for face in faces]
        won = [face for face, one in zip(faces, asked, strict=True) if one.exception() is None]
        assert len(won) == 1
        assert won[0].head() == witness.held(origin)
        lost = [one.exception() for one in asked if one.exception() is not None]
        assert [409] * 7 == [one.code for one in lost if isinstance(one, Refused)]
        assert len(witness.refused(origin)) == 7


RACER = """
import sys
from pathlib import Path
from noticeboard.core.witnessing import Refused
from noticeboard.signing.witness import Witness
from tests.signing.logs import Log, leaves

witness = Witness(Path(sys.argv[1]))
print("ready", flush=True)
for line in sys.stdin:
    face, size = line.split()
    log = Log(leaves(int(size), face), "race.example")
    try:
        witness.add(log.offer(0 if witness.held(log.origin) is None else int(size) - 1).write())
        print("won", flush=True)
    except Refused as refused:
        print(refused.code, flush=True)
"""


def test_of_two_processes_that_race_one_wins(witness: Witness) -> None:
    """Two programs on one folder: one cosigns, the other refuses."""
    witness.trust([Log([], "race.example").key])
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(witness.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(4)
    ]
    pipes = [(racer.stdin, racer.stdout) for racer in racers]
    assert ["ready\n"] * 4 == [out.readline() for _in, out in pipes if out]
    for n, (told, _out) in enumerate(pipes):
        assert told is not None
        told.write(f"face{n} 9\n")
        told.flush()
    said = sorted(out.readline().strip() for _in, out in pipes if out)
    for racer in racers:
        racer.communicate(timeout=30)
    assert {"409", "422"} >= set(said[:3])
    assert said[3] == "won"
    assert len(witness.refused("race.example")) == 3


def test_a_lost_database_is_not_begun_again(witness: Witness, tmp_path: Path) -> None:
    """The key without its database, or with another's, refuses to start and says what to do."""
    witness.close()
    kept = tmp_path / "w" / "witness.db"
    aside = kept.rename(tmp_path / "aside.db")
    with pytest.raises(NotNow, match="新的名字"):
        Witness(tmp_path / "w")
    with pytest.raises(NotNow):
        make(tmp_path / "w", NAME)
    make(tmp_path / "other", "w2.example")
    shutil.copy(tmp_path / "other" / "witness.db", kept)
    with pytest.raises(NotNow, match="新的名字"):
        Witness(tmp_path / "w")
    kept.write_bytes(b"")
    with pytest.raises(NotNow):
        Witness(tmp_path / "w")
    aside.rename(kept)
    Witness(tmp_path / "w").close()


def test_a_lost_key_is_not_made_again(witness: Witness, tmp_path: Path) -> None:
    """A database that has cosigned and no key: retire it. One that never has: begin anew."""
    witness.add(Log(leaves(3)).offer(0).write())
    witness.close()
    (tmp_path / "w" / "witness.key").unlink()
    with pytest.raises(NotFound):
        Witness(tmp_path / "w")
    with pytest.raises(NotNow, match="新的名字"):
        make(tmp_path / "w", NAME)
    make(tmp_path / "half", "w2.example")
    (tmp_path / "half" / "witness.key").unlink()
    make(tmp_path / "half", "w2.example")
    Witness(tmp_path / "half").close()


@pytest.mark.parametrize("later", ["larger", "dated"])
def test_a_database_that_was_put_back_is_noticed(
    witness: Witness, clock: Clock, tmp_path: Path, later: str
) -> None:
    """A checkpoint that bears our own later word shows it: nothing is cosigned from then on."""
    log = Log(leaves(20))
    witness.add(log.offer(0, 8).write())
    witness.close()
    shutil.copytree(tmp_path / "w", tmp_path / "copy")
    clock.now += 100
    whole = Witness(tmp_path / "w", clock=clock)
    offer = log.offer(8, 20 if later == "larger" else 8)
    (mine,) = read_signatures(whole.add(offer.write()))
    back = Witness(tmp_path / "copy", clock=clock)
    shown = Offer(8, offer.proof, Note(offer.note.text, (*offer.note.signatures, mine)))
    with pytest.raises(Unavailable, match="新的名字"):
        back.add(shown.write())
    with pytest.raises(Unavailable):
        back.add(log.offer(8, 9).write())
    size = offer.old if later == "dated" else 20
    whole.add(Offer(size, (), shown.note).write())


def test_nobody_else_can_make_it_believe_that(witness: Witness) -> None:
    """A line under our name that is not ours changes nothing."""
    log = Log(leaves(20))
    witness.add(log.offer(0, 8).write())
    offer = log.offer(8)
    false = Signature(NAME, witness.key.id, bytes(72))
    offer = Offer(8, offer.proof, Note(offer.note.text, (*offer.note.signatures, false)))
    witness.add(offer.write())
    assert log.head() == witness.held(ORIGIN)


def test_keys_of_a_log_are_exchanged(witness: Witness) -> None:
    """Two keys of one origin share what is held; one that is struck out signs no more."""
    first, second = Log(leaves(9)), Log(leaves(9), seed="second")
    witness.add(first.offer(0, 4).write())
    witness.trust([second.key])
    witness.add(second.offer(4, 6).write())
    witness.add(first.offer(6, 7).write())
    (witness.folder / "logs").write_text(f"# old one gone\n{second.key.text}\n")
    assert code_of(lambda: witness.add(first.offer(7).write())) == 403
    witness.add(second.offer(7).write())


def test_only_sound_log_keys_are_trusted(witness: Witness) -> None:
    """A witness's key, and a key anybody can sign under, are refused."""
    with pytest.raises(NotValid):
        witness.trust([Key("w2.example", COSIGNATURE, Private(bytes(32)).public)])
    with pytest.raises(NotValid):
        witness.trust([Key("weak.example", 1, bytes(32))])
    for name in ("", "a b", "a+b"):
        with pytest.raises(NotValid):
            make(witness.folder.parent / "named", name)


def test_a_damaged_list_of_logs_is_said(witness: Witness) -> None:
    """A line that is no key is refused in words when the witness starts."""
    (witness.folder / "logs").write_text("board.example+00000000+AAAA\n")
    with pytest.raises(NotValid):
        Witness(witness.folder)
    # Whoever runs meanwhile goes on with what the list said last.
    witness.add(Log(leaves(3)).offer(0).write())


def test_a_thousand_random_requests_leave_one_history(witness: Witness, clock: Clock) -> None:
    """Honest and forked offers in any order: what was cosigned is always one line of growth."""
    dice, cosigned = Random(3), list[Checkpoint]()
    faces = [Log(leaves(40)), Log([*leaves(20), *leaves(20, "f")]), Log(leaves(40, "g"))]
    for _ in range(400):
        log, new = dice.choice(faces), dice.randrange(41)
        held = witness.held(ORIGIN)
        old = held.size if held and dice.random() < 0.8 else dice.randrange(41)
        clock.now += dice.randrange(-5, 9)
        try:
            witness.add(log.offer(old, new).write())
        except Refused:
            continue
        cosigned.append(log.head(new))
    assert any(cosigned[-1] == log.head(cosigned[-1].size) for log in faces)
    final = next(log for log in faces if cosigned[-1] == log.head(cosigned[-1].size))
    assert [final.head(head.size) for head in cosigned] == cosigned
    assert sorted(head.size for head in cosigned) == [head.size for head in cosigned]
