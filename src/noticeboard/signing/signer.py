"""The signer: puts a log's name under a larger tree only after proof that it holds the old one.

It knows the keys and, for each log, the largest checkpoint it ever signed, in a file that no backup
takes along: whoever rolls the board back cannot roll this back. It never reads the database. The
order is: state durable, then sign; so a note in the world is never larger than the state.
"""

from pathlib import Path
from typing import Protocol

from noticeboard.core.checkpoints import HASH, LARGEST, Checkpoint, read_checkpoint
from noticeboard.core.merkle import consistent
from noticeboard.core.notes import Note, signature
from noticeboard.core.problems import NotNow, NotValid, Problem
from noticeboard.signing.disk import Disk, locked, read_secret, refuse_open
from noticeboard.signing.keys import (
    DISK,
    add_key,
    keys_of,
    lock_of,
    make_folder,
    new_key,
    no_key,
    retire_key,
    state_of,
    stop_of,
)


class Signs(Protocol):
    """What signs for a board: `Signer` in the same process, `Remote` in one of its own."""

    def keys(self, origin: str) -> tuple[str, ...]:
        """Give the verifier texts of the keys that sign for a log now; none for an unknown one."""

    def state(self, origin: str) -> Checkpoint | None:
        """Give the largest checkpoint ever signed; None when that memory is missing or damaged.

        Raises Unavailable when it cannot be asked at the moment, which says nothing of the log.
        """

    def sign(self, origin: str, old: int, proof: tuple[bytes, ...], new: Checkpoint) -> bytes:
        """Sign a checkpoint after `state()`, whose size is `old`, by a consistency proof.

        Gives a note with the log's signature lines only, one for each of its keys. The checkpoint
        that the state names is signed again whenever asked, to the same bytes. Raises NotFound for
        an unknown log; NotNow when the log was stopped, or the state is missing, is not of size
        `old`, or is larger or other at the same size; NotValid when the proof does not hold;
        Unavailable when the disk or the signer is out of reach. Whenever it raises, nothing was
        signed.
        """

    def restate(self, origin: str, checkpoint: Checkpoint) -> None:
        """Begin again from a checkpoint a person vouches for; only where the state is missing.

        The keys may be missing too: `add_key` then makes one. Raises NotNow where there is a state.
        """

    def stop(self, origin: str, successor: str) -> None:
        """Sign a log no more, whatever is brought: from now on `successor` is written instead."""

    def stopped(self, origin: str) -> str:
        """Give the name of the log that follows one that was stopped; "" for one that goes on."""

    def begin(self, origin: str) -> str:
        """Make a new log's first key and its state at size 0; raises NotNow where it has some."""

    def add_key(self, origin: str) -> str:
        """Make one more key that signs from now on; gives its verifier text."""

    def retire_key(self, origin: str, vkey: str) -> str:
        """Let a key sign no more; gives the name of the file in which it lies aside."""


class Signer:
    """The signer on its folder; several may stand on one, in any number of processes."""

    def __init__(self, folder: Path, disk: Disk = DISK) -> None:
        """Stand on `<home>/signer`; `disk` is another one only in tests."""
        self.folder = folder
        self.disk = disk

    def keys(self, origin: str) -> tuple[str, ...]:
        """See `Signs`."""
        return tuple(held.key.text for held in keys_of(self.folder, origin))

    def state(self, origin: str) -> Checkpoint | None:
        """See `Signs`."""
        data = read_secret(state_of(self.folder, origin))
        if data is None:
            return None
        try:
            state = read_checkpoint(data)
        except Problem:
            return None
        return state if state.origin == origin else None

    def sign(self, origin: str, old: int, proof: tuple[bytes, ...], new: Checkpoint) -> bytes:
        """See `Signs`."""
        if new.origin != origin or len(new.root) != HASH or not 0 <= new.size < LARGEST:
            raise NotValid("要签的不是这个日志的记录头。", value=origin)
        refuse_open(self.folder)
        with locked(lock_of(self.folder)):
            held = keys_of(self.folder, origin)
            if not held:
                raise no_key(origin)
            self._refuse_stopped(origin)
            state = self.state(origin)
            if state is None:
                raise NotNow(
                    "签名的记忆不见了，不能再签。",
                    value=str(state_of(self.folder, origin)),
                    fix="请照墙上印的记录头恢复：noticeboard log thaw。",
                )
            if new != state:
                _larger(state, old, proof, new)
                self.disk.put(state_of(self.folder, origin), new.text)
            lines = tuple(signature(one.key, one.private.sign, new.text) for one in held)
        return Note(new.text, lines).write()

    def restate(self, origin: str, checkpoint: Checkpoint) -> None:
        """See `Signs`."""
        if checkpoint.origin != origin or len(checkpoint.root) != HASH:
            raise NotValid("这不是这个日志的记录头。", value=origin)
        make_folder(self.folder)
        refuse_open(self.folder)
        with locked(lock_of(self.folder)):
            self._refuse_stopped(origin)
            state = self.state(origin)
            if state is not None:
                raise NotNow("签名的记忆好好的，不用恢复。", value=str(state.size))
            self.disk.put(state_of(self.folder, origin), checkpoint.text)

    def stop(self, origin: str, successor: str) -> None:
        """See `Signs`."""
        make_folder(self.folder)
        refuse_open(self.folder)
        with locked(lock_of(self.folder)):
            self.disk.put(stop_of(self.folder, origin), f"{origin}\n{successor}\n".encode())

    def stopped(self, origin: str) -> str:
        """See `Signs`."""
        data = read_secret(stop_of(self.folder, origin))
        return "" if data is None else data.decode("utf-8", "replace").partition("\n")[2].strip()

    def _refuse_stopped(self, origin: str) -> None:
        if successor := self.stopped(origin):
            raise NotNow(
                "这个日志停了，不再签：后面的签在 {successor} 里。",
                successor=successor,
                value=origin,
                fix="请看 noticeboard doctor。",
            )

    def begin(self, origin: str) -> str:
        """See `Signs`."""
        return new_key(self.folder, origin, self.disk)

    def add_key(self, origin: str) -> str:
        """See `Signs`."""
        refuse_open(self.folder)
        return add_key(self.folder, origin, self.disk)

    def retire_key(self, origin: str, vkey: str) -> str:
        """See `Signs`."""
        refuse_open(self.folder)
        return str(retire_key(self.folder, origin, vkey, self.disk))


def _larger(state: Checkpoint, old: int, proof: tuple[bytes, ...], new: Checkpoint) -> None:
    """Refuse what is not a larger tree with the signed one inside."""
    if new.size < state.size:
        raise NotNow("已经签过 {size} 条，不能往回签。", size=state.size, value=str(new.size))
    if new.size == state.size:
        raise NotNow("{size} 条已经签过另一个根，不能再签一个。", size=state.size)
    if old != state.size:
        raise NotNow("上次签到 {size} 条，要从那里接着证明。", size=state.size, value=str(old))
    if not consistent(state.size, state.root, new.size, new.root, proof):
        raise NotValid("新的记录头接不上已经签过的 {size} 条，不签。", size=state.size)
