"""Signing: what adds up is signed in time, what does not is never signed and the village frozen."""

import errno
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, event, insert, select, text, update

from noticeboard.board import checkpoints
from noticeboard.board.second_path import AHEAD, BEHIND, CHANGED, GAP, LOST, OTHER
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.merkle import leaf_hash, node_hash
from noticeboard.core.notes import ED25519, Key, Note, read_note, signature
from noticeboard.core.problems import NotNow, Unavailable
from noticeboard.signing.disk import Disk
from noticeboard.signing.ed25519 import Private
from noticeboard.signing.keys import state_of
from noticeboard.signing.signer import Signer
from noticeboard.store import checkpoints as rows
from noticeboard.store import notices
from noticeboard.store.checkpoints import Signed
from noticeboard.store.database import Database
from noticeboard.store.tables import checkpoint, entry, head, node
from tests.cast import VILLAGE
from tests.logs import Mirror, Written, append, behind_its_back, mth


@pytest.fixture
def written(database_url: str, tmp_path: Path) -> Iterator[Written]:
    """Give a village with a log, on each kind of database."""
    database = Database(database_url)
    database.upgrade()
    yield Written(database, tmp_path / "signer")
    database.close()


def test_each_growth_is_signed_once(written: Written) -> None:
    """The head served is the root over the bytes; with nothing new nothing is signed."""
    for size in (1, 2, 7, 8, 20):
        written.grow(size - len(written.leaves))
        assert [VILLAGE] == written.sign()
        assert Checkpoint(written.origin, size, mth(written.leaves)) == written.served()
        assert [] == written.sign()


def test_entries_are_signed_in_batches(written: Written) -> None:
    """Within five seconds of a checkpoint none is made; then one covers all that came."""
    written.grow()
    assert [VILLAGE] == checkpoints.sign_due(written.board, written.signer)
    for _ in range(checkpoints.EVERY - 1):
        written.clock.on()
        written.grow()
        assert [] == checkpoints.sign_due(written.board, written.signer)
    written.clock.on()
    assert [VILLAGE] == checkpoints.sign_due(written.board, written.signer)
    assert checkpoints.EVERY == written.served().size


def test_a_clock_set_back_holds_no_signing_up(written: Written) -> None:
    """A checkpoint that says it is from tomorrow does not silence the log until tomorrow."""
    written.grow()
    written.sign()
    written.clock.on(-86_400)
    written.grow()
    assert [VILLAGE] == checkpoints.sign_due(written.board, written.signer)


def test_villages_sign_apart(written: Written) -> None:
    """One village that does not add up, or has no key, holds back no other."""
    database, folder = written.board.database, written.signer.folder
    second = Written(database, folder, "430000102")
    third = Written(database, folder, "430000103")
    for one in (written, second, third):
        one.grow(3)
    state_of(folder, second.origin).unlink()
    assert [VILLAGE, "430000103"] == written.sign()
    assert [LOST, ""] == [second.frozen(), third.frozen()]


def test_an_idle_second_reads_only_who_waits(written: Written) -> None:
    """Who waits is found by the index that holds nobody else, however many villages there are."""
    with written.board.database.write() as tx:
        if tx.dialect.name == "postgresql":
            tx.execute(text("set enable_seqscan = off"))
        asked = rows._DUE.params(after=1, now=2)
        sql = str(asked.compile(tx, compile_kwargs={"literal_binds": True}))
        explain = "explain" if tx.dialect.name == "postgresql" else "explain query plan"
        plan = tx.execute(text(f"{explain} {sql}"))
        assert "ix_head_unsigned" in str(plan.all())


# What somebody does to the database between two signings, and why the village is frozen then.
# The log has 11 entries, of which 8 are signed.
Change = Callable[[Connection, Written], object]


def flip_leaf(tx: Connection, _: Written) -> None:
    """Change an entry that nobody has signed yet."""
    tx.execute(update(entry).where(entry.c.idx == 9).values(leaf=b'{"n":-9}'))


def flip_node(level: int, index: int) -> Change:
    """Change one stored subtree."""

    def change(tx: Connection, _: Written) -> None:
        where = (node.c.level == level, node.c.idx == index)
        hash_ = tx.execute(select(node.c.hash).where(*where)).scalar_one()
        tx.execute(update(node).where(*where).values(hash=bytes([hash_[0] ^ 1]) + hash_[1:]))

    return change


def remove_leaf(index: int) -> Change:
    """Take an entry away; nothing else."""
    return lambda tx, _: tx.execute(delete(entry).where(entry.c.idx == index))


def remove_node(level: int, index: int) -> Change:
    """Take a stored subtree away."""
    return lambda tx, _: tx.execute(delete(node).where(node.c.level == level, node.c.idx == index))


def rewrite(index: int) -> Change:
    """Change an entry together with every subtree above it, as one who knows how would."""

    def change(tx: Connection, written: Written) -> None:
        tx.execute(delete(entry))
        tx.execute(delete(node))
        leaves = [*written.leaves]
        leaves[index] = b'{"forged":true}'
        append(tx, VILLAGE, [], leaves)

    return change


def truncate(size: int) -> Change:
    """Take the last entries away, their subtrees, and the village's word of them."""

    def change(tx: Connection, written: Written) -> None:
        tx.execute(delete(entry))
        tx.execute(delete(node))
        append(tx, VILLAGE, [], written.leaves[:size])
        state = tx.execute(select(head.c.state)).scalar_one()
        tx.execute(update(head).values(state=state.replace(b'"size":11', b'"size":%d' % size)))

    return change


def one_more(tx: Connection, written: Written) -> None:
    """Put an entry behind the last that the village's state does not know of."""
    append(tx, VILLAGE, written.leaves, [b'{"n":11}'])


def other_checkpoint(tx: Connection, _: Written) -> None:
    """Change the root of the checkpoint that is served."""
    tx.execute(update(checkpoint).values(root=bytes(32)))


def larger_checkpoint(tx: Connection, written: Written) -> None:
    """Serve a checkpoint beyond what the signer remembers."""
    tx.execute(
        insert(checkpoint),
        {"village": VILLAGE, "size": 10, "root": mth(written.leaves[:10]), "note": b"", "at": 1},
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(flip_leaf, CHANGED, id="an entry flipped"),
        pytest.param(flip_node(0, 8), CHANGED, id="a leaf's hash flipped"),
        pytest.param(flip_node(1, 4), CHANGED, id="a subtree flipped"),
        pytest.param(flip_node(0, 10), CHANGED, id="the last hash flipped"),
        pytest.param(flip_node(3, 0), OTHER, id="a signed subtree flipped"),
        pytest.param(remove_leaf(8), GAP, id="an entry removed"),
        pytest.param(remove_leaf(10), GAP, id="the last entry removed"),
        pytest.param(remove_node(1, 4), GAP, id="a subtree removed"),
        pytest.param(remove_node(3, 0), GAP, id="a signed subtree removed"),
        pytest.param(rewrite(0), OTHER, id="the first entry rewritten with all above"),
        pytest.param(rewrite(7), OTHER, id="the last signed entry rewritten with all above"),
        pytest.param(truncate(7), AHEAD, id="one signed entry cut off"),
        pytest.param(truncate(0), AHEAD, id="everything cut off"),
        pytest.param(one_more, CHANGED, id="an entry that no act made"),
        pytest.param(other_checkpoint, OTHER, id="another root served"),
        pytest.param(larger_checkpoint, BEHIND, id="more served than the signer remembers"),
    ],
)
def test_what_does_not_add_up_is_never_signed(
    written: Written, change: Change, reason: str
) -> None:
    """The signer is not asked, the village is frozen with the reason, what was served stays."""
    written.grow(8)
    written.sign()
    before = written.served()
    written.grow(3)
    with written.board.database.write() as tx:
        behind_its_back(tx)
        change(tx, written)
    assert [] == written.sign()
    assert reason == written.frozen()
    assert before == written.signer.state(written.origin)
    if change is not larger_checkpoint:
        assert before == written.served()
    # Once frozen it is left alone, however much it grows.
    assert [] == written.sign()


def test_an_entry_changed_before_it_was_signed_with_all_above_is_another_history(
    written: Written,
) -> None:
    """Who changes entries nobody has signed yet, and all subtrees rightly, leaves no trace here.

    That is the boundary: what is not signed is not promised yet. It is why signing does not wait.
    """
    written.grow(8)
    written.sign()
    written.grow(3)
    with written.board.database.write() as tx:
        behind_its_back(tx)
        rewrite(9)(tx, written)
    assert [VILLAGE] == written.sign()


def test_a_lost_memory_freezes_at_the_start(written: Written) -> None:
    """Before anything is answered: a log with entries whose signer remembers nothing."""
    written.grow(3)
    written.sign()
    state_of(written.signer.folder, written.origin).unlink()
    checkpoints.look(written.board, written.signer)
    assert LOST == written.frozen()


def test_an_untouched_log_starts_as_it_was(written: Written) -> None:
    """Looking changes nothing where everything adds up, and signs nothing."""
    written.grow(3)
    checkpoints.look(written.board, written.signer)
    assert "" == written.frozen()
    written.sign()
    checkpoints.look(written.board, written.signer)
    assert ("", 3) == (written.frozen(), written.served().size)


class Dark(Signer):
    """A signer that is out of reach, or has its disk full, until the light comes back."""

    dark = True

    def state(self, origin: str) -> Checkpoint | None:
        """Raise as the socket of a stopped signer does."""
        if self.dark:
            raise Unavailable("签名程序没有开。")
        return super().state(origin)


def test_a_signer_that_is_away_freezes_nothing(written: Written) -> None:
    """Neither at the start nor later; when it is back, everything is signed at once."""
    written.grow(3)
    dark = Dark(written.signer.folder)
    checkpoints.look(written.board, dark)
    assert [] == checkpoints.sign_due(written.board, dark)
    assert "" == written.frozen()
    dark.dark = False
    assert [VILLAGE] == checkpoints.sign_due(written.board, dark)


def test_entries_that_wait_too_long_are_overdue(written: Written) -> None:
    """From the first that nobody signed, however many come after it; none once it is signed."""

    def overdue() -> checkpoints.Waiting | None:
        with written.board.database.read() as tx:
            village = notices.head_of(tx, VILLAGE).village
            return checkpoints.overdue(tx, village, written.clock.now)

    written.grow()
    written.sign()
    dark = Dark(written.signer.folder)
    start = written.clock.now
    for _ in range(checkpoints.LATE // checkpoints.EVERY):
        written.grow()
        written.clock.on(checkpoints.EVERY)
        assert [] == checkpoints.sign_due(written.board, dark)
        assert overdue() is None
    written.clock.on()
    assert checkpoints.Waiting(12, start) == overdue()
    dark.dark = False
    assert [VILLAGE] == checkpoints.sign_due(written.board, dark)
    assert overdue() is None


class FullDisk(Disk):
    """A disk that is full when its call `at` is made, until there is room again."""

    def __init__(self, at: str) -> None:
        self.at = at

    def _full(self, call: str) -> None:
        if call == self.at:
            raise OSError(errno.ENOSPC, "No space left on device")

    def write(self, handle: int, data: bytes) -> None:
        """Write half of it where there is no room for more."""
        if self.at == "write":
            super().write(handle, data[: len(data) // 2])
        self._full("write")
        super().write(handle, data)

    def fsync(self, handle: int) -> None:
        """Sync if there is room."""
        self._full("fsync")
        super().fsync(handle)

    def rename(self, old: Path, new: Path) -> None:
        """Rename if there is room."""
        self._full("rename")
        super().rename(old, new)


@pytest.mark.parametrize("at", ["write", "fsync", "rename"])
def test_a_full_disk_of_the_signer_loses_nothing(written: Written, at: str) -> None:
    """Nothing is signed and nothing frozen; when there is room, the log goes on."""
    written.grow(3)
    written.sign()
    written.grow(2)
    disk = FullDisk(at)
    signer = Signer(written.signer.folder, disk)
    written.clock.on(checkpoints.EVERY)
    assert [] == checkpoints.sign_due(written.board, signer)
    assert ("", 3) == (written.frozen(), written.served().size)
    disk.at = ""
    assert [VILLAGE] == checkpoints.sign_due(written.board, signer)
    assert 5 == written.served().size


def test_a_full_disk_of_the_board_loses_nothing(tmp_path: Path) -> None:
    """The head is signed and cannot be stored: later the same one is, to the same bytes."""
    database = Database(f"sqlite:///{tmp_path / 'board.db'}")
    database.upgrade()
    written = Written(database, tmp_path / "signer")
    written.grow(300)
    written.sign()
    written.grow(2)
    event.listen(database.engine, "connect", _full)
    database.engine.dispose()
    written.clock.on(checkpoints.EVERY)
    assert [] == checkpoints.sign_due(written.board, written.signer)
    signed = written.signer.state(written.origin)
    assert signed is not None
    assert ("", 302, 300) == (written.frozen(), signed.size, written.served().size)
    assert "磁盘满了" in written.board.watch.failures[VILLAGE, ""]
    event.remove(database.engine, "connect", _full)
    database.engine.dispose()
    assert [VILLAGE] == checkpoints.sign_due(written.board, written.signer)
    assert signed == written.served()
    database.close()


def _full(raw: Any, _record: Any) -> None:
    # No page may be added, and a trigger makes the checkpoint need more than there is.
    cursor = raw.cursor()
    cursor.execute(
        "create temp trigger fills after insert on checkpoint begin"
        " update checkpoint set note = zeroblob(4000000) where size = new.size; end"
    )
    pages = cursor.execute("pragma page_count").fetchone()[0]
    cursor.execute(f"pragma max_page_count = {pages}")
    cursor.close()


class Racing(Signer):
    """A signer before which another process signs a larger head in the last moment."""

    def __init__(self, written: Written) -> None:
        super().__init__(written.signer.folder)
        self.written, self.raced = written, False

    def sign(self, origin: str, old: int, proof: tuple[bytes, ...], new: Checkpoint) -> bytes:
        """Let the other one sign first, once."""
        if not self.raced:
            self.raced = True
            self.written.grow(2)
            assert [VILLAGE] == checkpoints.sign_due(self.written.board, self.written.signer)
        return super().sign(origin, old, proof, new)


def test_two_that_sign_at_once_do_no_harm(written: Written) -> None:
    """The one that comes late signs nothing and freezes nothing; the next second all is well."""
    written.grow(5)
    racing = Racing(written)
    assert [] == checkpoints.sign_due(written.board, racing)
    assert ("", 7) == (written.frozen(), written.served().size)
    written.grow()
    written.clock.on(checkpoints.EVERY)
    assert [VILLAGE] == checkpoints.sign_due(written.board, racing)


class Overtaken(Signer):
    """A signer asked by one process; before that one reads the database, another one signs."""

    def __init__(self, written: Written) -> None:
        super().__init__(written.signer.folder)
        self.written, self.overtaken = written, False

    def state(self, origin: str) -> Checkpoint | None:
        """Answer, and let the other sign before the answer is used."""
        held = super().state(origin)
        if not self.overtaken:
            self.overtaken = True
            self.written.grow(2)
            assert [VILLAGE] == self.written.sign()
        return held


def test_who_is_overtaken_does_not_freeze(written: Written) -> None:
    """A checkpoint served beyond an answer that is old by now is no sign of a lost memory."""
    written.grow(5)
    written.sign()
    checkpoints.look(written.board, Overtaken(written))
    assert ("", 7) == (written.frozen(), written.served().size)


class Stranger(Signer):
    """A signer with a key that the log does not name."""

    def sign(self, origin: str, old: int, proof: tuple[bytes, ...], new: Checkpoint) -> bytes:
        """Sign with that key only."""
        note = read_note(super().sign(origin, old, proof, new))
        private = Private(bytes(32))
        key = Key(origin, ED25519, private.public)
        return Note(note.text, (signature(key, private.sign, note.text),)).write()


def test_a_note_that_nobody_could_check_is_not_served(written: Written) -> None:
    """The log names its keys; a checkpoint under another one is kept back, and nothing frozen."""
    written.grow(5)
    assert [] == checkpoints.sign_due(written.board, Stranger(written.signer.folder))
    assert [VILLAGE] == written.sign()
    assert ("", 5) == (written.frozen(), written.served().size)


def test_a_log_that_names_no_key_is_not_signed(written: Written) -> None:
    """Such a board was never asked to sign; it is not frozen for it either."""
    bare = Written(written.board.database, written.signer.folder, "430000102")
    state_of(bare.signer.folder, bare.origin).unlink()
    with bare.board.database.write() as tx:
        state = tx.execute(select(head.c.state).where(head.c.village == bare.code)).scalar_one()
        keyless = re.sub(rb',"keys":\[[^]]*\]', b"", state)
        assert keyless != state
        tx.execute(update(head).where(head.c.village == bare.code).values(state=keyless))
    bare.grow(3)
    assert bare.code not in bare.sign()
    assert "" == bare.frozen()


def test_what_the_signer_signed_and_nobody_stored_is_signed_again(written: Written) -> None:
    """A crash after the state was durable: the same bytes come out, or a larger tree over it."""
    written.grow(4)
    root = mth(written.leaves)
    written.signer.sign(written.origin, 0, (), Checkpoint(written.origin, 4, root))
    written.grow(3)
    assert [VILLAGE] == written.sign()
    assert 7 == written.served().size


def test_an_older_note_never_takes_the_place_of_a_newer(written: Written) -> None:
    """What is served only grows, also when a slow process comes with its note at last."""
    written.grow(4)
    written.sign()
    late = Signed(2, mth(written.leaves[:2]), b"late", 1)
    with written.board.database.write() as tx:
        checkpoints._publish(tx, VILLAGE, late)
    assert 4 == written.served().size


def test_a_board_from_before_logs_were_signed_begins(written: Written) -> None:
    """Its key has no memory yet; that is said by the migration, once, and never again."""
    written.grow(6)
    state = state_of(written.signer.folder, written.origin)
    state.unlink()
    with written.board.database.write() as tx:
        tx.execute(text("insert into setting (key, value) values ('never-signed', 'yes')"))
    checkpoints.look(written.board, written.signer)
    assert [VILLAGE] == written.sign()
    state.unlink()
    checkpoints.look(written.board, written.signer)
    assert LOST == written.frozen()


def test_a_mirror_agrees_with_every_head_in_turn(written: Written) -> None:
    """From any head it ever saw to the newest there is a proof, and the bytes give its root."""
    mirror = Mirror(written.key)
    for count in (1, 1, 2, 3, 9, 200, 41, 300):
        written.grow(count)
        written.sign()
        with written.board.database.read() as tx:
            head = mirror.look(tx)
        assert head is not None
        assert len(written.leaves) == head.size


def test_the_signer_goes_back_for_nobody(written: Written) -> None:
    """Asked past the board, it refuses a smaller tree and another one of the same size."""
    written.grow(4)
    written.sign()
    for size, root in ((3, mth(written.leaves[:3])), (4, bytes(32))):
        with pytest.raises(NotNow):
            written.signer.sign(written.origin, 4, (), Checkpoint(written.origin, size, root))


def test_forged_subtrees_over_true_leaves_are_found(written: Written) -> None:
    """A hash that is right for its children, which are wrong, passes no second path."""
    written.grow(8)
    written.sign()
    written.grow(2)
    false = leaf_hash(b"false")
    with written.board.database.write() as tx:
        behind_its_back(tx)
        right = tx.execute(
            select(node.c.hash).where(node.c.level == 0, node.c.idx == 9)
        ).scalar_one()
        tx.execute(update(node).where(node.c.level == 0, node.c.idx == 8).values(hash=false))
        tx.execute(
            update(node)
            .where(node.c.level == 1, node.c.idx == 4)
            .values(hash=node_hash(false, right))
        )
    assert [] == written.sign()
    assert CHANGED == written.frozen()
