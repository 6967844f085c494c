"""Every log that stands still has a way out that works, and what is said names no other."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Executable, delete, text, update

from noticeboard.auditing import verify
from noticeboard.board import (
    checkpoints,
    cosigning,
    freezing,
    judging,
    succeeding,
    taking_down,
    testimony,
    thawing,
)
from noticeboard.board.board import in_force
from noticeboard.board.second_path import BEHIND, GAP, OTHER
from noticeboard.board.way_out import way_out, wrong
from noticeboard.cli.health import Check, examine
from noticeboard.core.actions import Withdraw
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.merkle import EMPTY
from noticeboard.core.notes import read_note
from noticeboard.core.problems import NotNow, NotValid, Unavailable
from noticeboard.core.witnessing import Offer
from noticeboard.signing.keys import state_of
from noticeboard.signing.witness import Witness, make
from noticeboard.store import checkpoints as rows
from noticeboard.store import held, notices, tree
from noticeboard.store.tables import checkpoint, head
from tests.backups import Backup
from tests.board.test_coming_back import World
from tests.cast import KEY, ORIGIN, VILLAGE, cast_on

DAY = 86_400


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """Give a world on each kind of database; a test ends with both audits."""
    cast = cast_on(database_url)
    yield World(cast, tmp_path)
    cast.audit()
    cast.board.database.close()


def printed(world: World) -> thawing.Printed:
    """Give the head as it is printed on the wall now."""
    with world.board.database.read() as tx:
        size = notices.head_of(tx, VILLAGE).village.size
        return thawing.Printed(size, tree.root(tx, VILLAGE, size).hex()[:16])


def said(world: World, area: str = "日志") -> list[Check]:
    """Give what the doctor finds wrong in an area."""
    found = examine(world.board, world.signer)
    return [one for one in found if one.area.startswith(area) and one.state == "wrong"]


def served(world: World) -> bytes:
    """Give the checkpoint as anybody gets it."""
    with world.board.database.read() as tx:
        return checkpoints.served(tx, VILLAGE) or b""


def shown(world: World, note: bytes) -> str:
    """Let a witness show what this log signed once."""
    with world.board.database.read() as tx:
        head = notices.head_of(tx, VILLAGE).village
    return cosigning.shown(world.board, head, read_note(note))


def follow(world: World, ground: str = "entries-lost") -> succeeding.Succeeded:
    """Let the keeper open the next log."""
    keeper = world.cast.accounts["admin"]
    return succeeding.succeed(world.board, world.signer, VILLAGE, ground=ground, keeper=keeper)


def put_back(world: World) -> bytes:
    """Put a whole home back, the signer's memory too; gives what had been signed since."""
    state = state_of(world.signer.folder, ORIGIN)
    world.cast.published("announcement")
    world.sign()
    kept, backup = state.read_bytes(), Backup(world.board.database)
    world.cast.published("decision")
    world.mirrored()
    note = served(world)
    state.write_bytes(kept)
    world.back_to(backup)
    assert "" == world.reason()
    return note


def test_a_witness_that_saw_more_is_answered_by_the_entries_alone(world: World) -> None:
    """Neither a word nor a typed head lets the log go on; what comes back from a copy does."""
    note = put_back(world)
    assert testimony.MORE == shown(world, note)
    (check,) = said(world)
    assert ("log recover" in check.fix, "log thaw" in check.fix) == (True, False)
    for typed in (None, printed(world)):
        with pytest.raises(NotNow, match="log recover"):
            thawing.thaw(world.board, world.signer, VILLAGE, typed)
    assert testimony.MORE == world.reason()

    assert "" == world.recover().frozen

    assert [] == said(world)
    world.cast.published("project")
    world.sign()
    assert "" == shown(world, note) == world.reason()


def test_what_a_witness_showed_is_said_in_its_own_line(world: World, tmp_path: Path) -> None:
    """Lines that it gave before are true and no comfort: nothing is ticked off as checked."""
    make(tmp_path / "w", "w1.example")
    witness = Witness(tmp_path / "w", clock=world.cast.clock)
    witness.trust([KEY])
    checkpoints.set_policy(world.board, f"witness w1 {witness.key.text}\nquorum w1\n")
    world.cast.published("announcement")
    world.sign()
    line = witness.add(Offer(0, (), read_note(served(world))).write())
    cosigning.hand_in(world.board, VILLAGE, line)
    state = state_of(world.signer.folder, ORIGIN)
    kept, backup = state.read_bytes(), Backup(world.board.database)
    world.cast.published("decision")
    world.mirrored()
    note = served(world)
    state.write_bytes(kept)
    world.back_to(backup)
    assert [] == said(world, "见证")
    shown(world, note)
    assert [testimony.MORE] == [one.said for one in said(world, "见证")]
    areas = [one for one in examine(world.board, world.signer) if one.area.startswith("见证")]
    assert ["wrong"] == [one.state for one in areas]
    world.recover()
    assert testimony.MORE not in [one.said for one in said(world, "见证")]


def test_two_truths_are_ended_by_another_log_alone(world: World) -> None:
    """A home that was copied and signed on both sides: only the next log leads out."""
    state = state_of(world.signer.folder, ORIGIN)
    world.cast.published("announcement")
    world.sign()
    kept, backup = state.read_bytes(), Backup(world.board.database)
    world.cast.published("decision")
    world.mirrored()
    note = served(world)
    state.write_bytes(kept)
    world.back_to(backup)
    for kind in ("project", "subsidy"):
        world.cast.published(kind)  # type: ignore[arg-type]
    world.sign()

    assert testimony.ANOTHER == shown(world, note)
    (check,) = said(world)
    assert "successor" in check.fix
    assert "log thaw" not in check.fix
    with pytest.raises(NotNow, match="successor"):
        thawing.thaw(world.board, world.signer, VILLAGE, printed(world))
    with pytest.raises(NotValid, match="不一样"):
        world.recover()
    assert f"{ORIGIN}/2" == follow(world, "does-not-add-up").origin
    world.sign()
    assert [] == said(world)


def test_an_old_memory_moves_by_the_newest_head_alone(world: World) -> None:
    """Restored from an older backup, the signer goes on from a head that somebody read."""
    state = state_of(world.signer.folder, ORIGIN)
    world.cast.published("announcement")
    world.sign()
    kept, old = state.read_bytes(), printed(world)
    world.cast.published("decision")
    world.sign()
    state.write_bytes(kept)
    checkpoints.look(world.board, world.signer)
    assert BEHIND == world.reason()
    (check,) = said(world)
    assert "--head" in check.fix
    assert "successor" in check.fix
    for typed, why in ((None, "--head"), (old, "旧的作不了证")):
        with pytest.raises(NotNow, match=why):
            thawing.thaw(world.board, world.signer, VILLAGE, typed)
    assert kept == state.read_bytes()

    newest = printed(world)
    thawing.thaw(world.board, world.signer, VILLAGE, newest)
    remembered = world.signer.state(ORIGIN)
    assert remembered is not None
    assert newest.size == remembered.size
    world.cast.published("project")
    world.sign()
    assert [] == said(world)


def test_an_old_memory_of_another_past_does_not_move(world: World) -> None:
    """Smaller than what is served, and not inside it: that is no old backup."""
    state = state_of(world.signer.folder, ORIGIN)
    world.cast.published("announcement")
    world.sign()
    state.write_bytes(Checkpoint(ORIGIN, 2, bytes(32)).text)
    checkpoints.look(world.board, world.signer)
    assert OTHER == world.reason()
    with pytest.raises(NotNow, match="successor"):
        thawing.thaw(world.board, world.signer, VILLAGE, printed(world))
    follow(world, "does-not-add-up")


def test_a_memory_at_nothing_is_an_old_one(world: World) -> None:
    """As it was when the log began: everybody's beginning."""
    world.cast.published("announcement")
    world.sign()
    state_of(world.signer.folder, ORIGIN).write_bytes(Checkpoint(ORIGIN, 0, EMPTY).text)
    checkpoints.look(world.board, world.signer)
    assert BEHIND == world.reason()
    thawing.thaw(world.board, world.signer, VILLAGE, printed(world))
    assert "" == world.reason()


def test_a_last_entry_that_is_gone_stops_a_log_that_is_all_signed(world: World) -> None:
    """Nothing is to be signed, nothing grew: the start sees that what is counted is not there."""
    world.cast.published("announcement")
    world.sign()
    backup = Backup(world.board.database)
    last = len(world.leaves()) - 1
    with world.board.database.write() as tx:
        if tx.dialect.name == "sqlite":
            tx.execute(text("drop trigger entry_delete"))
        else:
            tx.execute(text("alter table entry disable trigger all"))
        tx.execute(
            text("delete from entry where village = :v and idx = :i"), {"v": VILLAGE, "i": last}
        )
    checkpoints.look(world.board, world.signer)
    assert GAP == world.reason()
    (check,) = said(world)
    assert "恢复备份" in check.fix
    with world.board.database.write() as tx:
        if tx.dialect.name != "sqlite":
            tx.execute(text("alter table entry enable trigger all"))
    backup.restore(world.board.database)


@pytest.mark.parametrize(
    "harm",
    [
        delete(checkpoint).where(checkpoint.c.village == VILLAGE),
        update(checkpoint).where(checkpoint.c.village == VILLAGE).values(note=b"hello"),
    ],
)
def test_a_head_that_is_stored_no_more_is_signed_again(world: World, harm: Executable) -> None:
    """Gone or garbled: to the same bytes, though no entry waits."""
    world.cast.published("announcement")
    world.sign()
    note = served(world)
    with world.board.database.write() as tx:
        tx.execute(harm)
    assert note != served(world)
    checkpoints.look(world.board, world.signer)
    world.sign()
    assert note == served(world)
    with world.board.database.read() as tx:
        assert rows.reached(tx, VILLAGE) == len(world.leaves())


def lied(world: World) -> None:
    """Write into the village's row that its log stopped for good."""
    with world.board.database.write() as tx:
        tx.execute(update(head).where(head.c.village == VILLAGE).values(frozen=freezing.STOPPED))


def test_a_log_that_only_its_row_says_has_stopped_goes_on(world: World) -> None:
    """No log follows it: doctor and audit say so and name thawing, which works without a head."""
    world.cast.published("announcement")
    world.sign()
    lied(world)

    (check,) = said(world)
    assert f"停住了：{freezing.UNFOUNDED}" == check.said
    (found,) = verify(world.board, VILLAGE, world.signer).problems
    assert (freezing.UNFOUNDED, check.fix) == (found.what, found.fix)
    assert f"noticeboard log thaw --village {VILLAGE}" in check.fix
    with pytest.raises(Unavailable, match="noticeboard doctor"):
        world.board.writable(VILLAGE)
    assert "记录停了" in world.plain(f"/v/{VILLAGE}")

    thawing.thaw(world.board, world.signer, VILLAGE)
    assert [] == said(world)
    assert [] == verify(world.board, VILLAGE, world.signer).problems
    world.cast.published("decision")


def test_a_lie_that_a_log_stopped_hides_nothing_else(world: World) -> None:
    """What is missing is said and comes back; a log that another does follow stays followed."""
    world.cast.published("announcement")
    world.sign()
    backup = Backup(world.board.database)
    world.cast.published("decision")
    world.mirrored()
    world.back_to(backup)
    lied(world)
    (check,) = said(world)
    assert "log recover" in check.fix
    with pytest.raises(NotNow, match="log recover"):
        thawing.thaw(world.board, world.signer, VILLAGE)
    assert "" == world.recover().frozen == world.reason()

    lied(world)
    before = Backup(world.board.database)
    follow(world)
    world.sign()
    before.restore(world.board.database)
    (check,) = said(world)
    assert freezing.FOLLOWED in check.said
    with pytest.raises(NotNow, match="恢复另开以后的备份"):
        thawing.thaw(world.board, world.signer, VILLAGE)
    assert f"{ORIGIN}/3" == follow(world).origin


@pytest.mark.parametrize("readable", [True, False])
def test_what_waits_beside_a_log_that_goes_on_is_dropped(world: World, readable: bool) -> None:
    """Doctor and audit see it and name one way out, which works and says what to do again."""
    notice = world.cast.published("announcement")
    world.sign()
    act = Withdraw(code=notice.code, ed=1, ground="wrong-facts")
    with world.board.database.write() as tx:
        village = notices.head_of(tx, VILLAGE).village
        one = judging.judge(tx, village, act, world.cast.anna, world.board.now(), in_force(tx))
        held.keep(tx, VILLAGE, 0, one.leaf if readable else b"{")
    (check,) = said(world)
    found = verify(world.board, VILLAGE, world.signer).problems
    assert check.fix in [one.fix for one in found if one.where == "等着记的撤下"]
    assert f"noticeboard log thaw --village {VILLAGE}" in check.fix
    size = len(world.leaves())

    done = thawing.thaw(world.board, world.signer, VILLAGE)
    assert (1, [act] if readable else []) == (done.stray, [one.action for one in done.undone])
    assert size == len(world.leaves())
    assert [] == said(world)
    assert [] == verify(world.board, VILLAGE, world.signer).problems
    assert "停水通知" in world.plain(f"/n/{notice.code}")
    with pytest.raises(NotNow, match="没有停住"):
        thawing.thaw(world.board, world.signer, VILLAGE)


def test_what_was_taken_down_while_a_log_stood_still_is_not_dropped_before_it_adds_up(
    world: World,
) -> None:
    """Though somebody wrote into its row that it goes on: its own start stops it again."""
    notice = world.cast.published("announcement")
    world.sign()
    state_of(world.signer.folder, ORIGIN).unlink()
    checkpoints.look(world.board, world.signer)
    taking_down.withdraw(world.board, VILLAGE, notice.code, world.cast.anna, ground="wrong-facts")
    with world.board.database.write() as tx:
        tx.execute(update(head).where(head.c.village == VILLAGE).values(frozen=""))
    with pytest.raises(NotNow, match="log thaw"):
        thawing.thaw(world.board, world.signer, VILLAGE)
    checkpoints.look(world.board, world.signer)
    assert 1 == len(thawing.thaw(world.board, world.signer, VILLAGE, printed(world)).logged)


def test_nothing_wrong_needs_no_more_than_a_word(world: World) -> None:
    """What was mended by itself is thawed without a head."""
    world.cast.published("announcement")
    world.sign()
    with world.board.database.read() as tx:
        assert "" == wrong(tx, VILLAGE, world.signer.state(ORIGIN))
    assert "log thaw" in way_out(VILLAGE, "")
