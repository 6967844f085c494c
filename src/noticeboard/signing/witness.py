"""A witness: cosigns what grows from the largest tree it has seen, of each log it is told of.

It follows C2SP tlog-witness and tlog-cosignature v1 (Ed25519). What it answers rests on its
database, so key and database belong together: whoever lost the one, or put an older one in its
place, retires the other and begins anew under another name.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_bytes
from typing import Final

from noticeboard.core.checkpoints import Checkpoint, Opened, opened, read_checkpoint
from noticeboard.core.merkle import EMPTY
from noticeboard.core.notes import (
    COSIGNATURE,
    ED25519,
    Key,
    Note,
    Signature,
    Signed,
    is_name,
    read_key,
    signature,
    signed_by,
)
from noticeboard.core.problems import NotFound, NotNow, NotValid, Unavailable
from noticeboard.core.witnessing import Offer, Refused, judge, origin_of, read_offer
from noticeboard.signing import witness_book as book
from noticeboard.signing.disk import Disk, locked, read_secret
from noticeboard.signing.ed25519 import SEED, Private, refuse_weak, verify
from noticeboard.signing.witness_book import Book, Evidence, Seen

KEY, BOOK, LOGS = "witness.key", "witness.db", "logs"
RETIRE: Final = "这把钥匙请不要再用：换一个文件夹，用新的名字重新开一个见证，再把新公钥告诉各村。"


def make(folder: Path, name: str, disk: Disk | None = None) -> None:
    """Make a witness of this name: its key, and the empty database that belongs to it.

    Raises NotValid for what cannot be a key's name, NotNow where a witness is already.
    """
    if not is_name(name):
        raise NotValid(
            "见证的名字不能空，也不能有空格和加号。", value=name, fix="例如 w1.example。"
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    disk = disk or Disk()
    with locked(folder / "lock"):
        if (folder / KEY).exists():
            raise NotNow("这里已经有一个见证。", value=str(folder))
        if (folder / BOOK).exists() and _has_cosigned(folder):
            raise NotNow("见证的钥匙不见了，数据库还在。", value=str(folder), fix=RETIRE)
        seed = token_bytes(SEED)
        key = Key(name, COSIGNATURE, Private(seed).public)
        book.make(folder / BOOK, key.text)
        # The key comes last: a stop before it leaves nothing that anybody could have trusted.
        disk.put(folder / KEY, f"{name}\n{seed.hex()}\n".encode())


def _has_cosigned(folder: Path) -> bool:
    found = Book(folder / BOOK)
    try:
        with found.read() as tx:
            return book.last_at(tx) > 0
    finally:
        found.close()


class Witness:
    """A witness in its folder, for any number of threads and processes at once."""

    def __init__(
        self, folder: Path, *, clock: Callable[[], int] = lambda: int(time.time())
    ) -> None:
        """Open it; raises NotFound where there is none and NotNow where its database is lost."""
        self.folder = folder
        self.clock = clock
        self._private, self.key = _read_key(folder)
        if not (folder / BOOK).exists():
            raise NotNow("见证的数据库不见了，不能再用这把钥匙签。", value=str(folder), fix=RETIRE)
        self._book = Book(folder / BOOK)
        if self._book.key != self.key.text:
            self._book.close()
            raise NotNow("见证的数据库不是这把钥匙的。", value=str(folder), fix=RETIRE)
        self._logs: tuple[object, dict[str, list[Key]]] = (None, {})
        self._read_logs()

    def close(self) -> None:
        """Close the database."""
        self._book.close()

    def trust(self, keys: Iterable[Key]) -> None:
        """Cosign from now on for these logs' keys too; several of one origin are exchanged keys.

        They stand in the file `logs`, a verifier key a line, and may be struck out there. Raises
        NotValid for a key that is no log's.
        """
        new = list(keys)
        for key in new:
            if key.kind != ED25519:
                raise NotValid("这把公钥不是日志的。", value=key.text)
        refuse_weak(new)
        with locked(self.folder / "lock"):
            before = _lines(self.folder / LOGS)
            added = [key.text for key in new if key.text not in before]
            if added:
                text = "".join(f"{line}\n" for line in [*before, *dict.fromkeys(added)])
                Disk().put(self.folder / LOGS, text.encode())
        self._logs = (None, {})
        self._read_logs()

    def trusted(self, origin: str) -> Sequence[Key]:
        """Give the keys that may sign for a log; none for one that is not witnessed here.

        While the list cannot be read, what it said last holds.
        """
        with suppress(NotValid):
            self._read_logs()
        return self._logs[1].get(origin, [])

    def _read_logs(self) -> None:
        path = self.folder / LOGS
        changed = _state_of(path)
        if changed != self._logs[0]:
            found: dict[str, list[Key]] = {}
            for line in _lines(path):
                if line and not line.startswith("#"):
                    key = read_key(line)
                    found.setdefault(key.name, []).append(key)
            self._logs = changed, found

    def add(self, request: bytes) -> bytes:
        """Answer an `add-checkpoint` request with this witness's signature line.

        What it signs is durable before it is given away. Raises Refused with the status of the
        specification; what the log signed and must not be cosigned is kept as evidence. Raises
        Unavailable when the disk does not take it, or once this witness has seen that its own
        database is older than its word.
        """
        offer = read_offer(request)
        try:
            read_checkpoint(offer.note.text)
        except NotValid as problem:
            raise Refused(400, "请求写得不对。", value=str(problem)) from None
        origin = origin_of(offer)
        keys = self.trusted(origin)
        if not keys:
            raise Refused(404, "这里不见证这个日志。", value=origin)
        with self._book.write() as tx:
            held = book.seen(tx, origin)
            answer = self._answer(tx, offer, held, keys)
        if isinstance(answer, Refused):
            raise answer
        if isinstance(answer, str):
            raise Unavailable(answer, fix=RETIRE)
        return answer.line.encode()

    def _answer(
        self, tx: book.Tx, offer: Offer, held: Seen | None, keys: Sequence[Key]
    ) -> Signature | Refused | str:
        if older := book.retired(tx) or self._older(tx, offer.note, held):
            book.retire(tx, older)
            return older
        try:
            found = judge(offer, held.checkpoint if held else None, keys, verify)
        except Refused as refused:
            self._remember(tx, offer, held, keys, refused)
            return refused
        # A clock that went back must not make an old tree look newer than a newer one.
        at = max(self.clock(), book.last_at(tx))
        text = found.checkpoint.text
        mine = signature(self.key, self._private.sign, text, at)
        note = Note(text, (*(one.signature for one in found.log), mine))
        book.keep(tx, Seen(found.checkpoint, note.write()), at)
        return mine

    def _older(self, tx: book.Tx, note: Note, held: Seen | None) -> str:
        """Say that the database was put back, when a note bears a later word of our own.

        Nobody else can write such a line; so this is not a way to silence a witness.
        """
        head = read_checkpoint(note.text)
        size, root = (held.checkpoint.size, held.checkpoint.root) if held else (0, EMPTY)
        beyond = head.size > size or (head.size == size and head.root != root)
        if any(beyond or at > book.last_at(tx) for at in self.dates(note)):
            return "这个见证签过比数据库里更新的东西：数据库丢过，或者被旧的换掉了。"
        return ""

    def dates(self, note: Note) -> list[int]:
        """Give the dates of this witness's own lines under a note; false ones are passed over."""
        found: list[Signed] = []
        for line in note.signatures:
            with suppress(NotValid):
                found += signed_by(Note(note.text, (line,)), [self.key], verify)
        return [one.at for one in found if one.at is not None]

    def _remember(
        self,
        tx: book.Tx,
        offer: Offer,
        held: Seen | None,
        keys: Sequence[Key],
        refused: Refused,
    ) -> None:
        """Keep what the log did sign and was refused, unless it may well be honest and old."""
        try:
            found: Opened = opened(offer.note, keys, (), verify)
        except NotValid:
            return
        new, size = found.checkpoint, held.checkpoint.size if held else 0
        root = held.checkpoint.root if held else EMPTY
        fork = new.size == size and new.root != root
        known = held is not None and new == held.checkpoint
        if known or not (fork or refused.code == _UNPROVEN):
            return
        note = Note(new.text, tuple(one.signature for one in found.log)).write()
        kept = Evidence(
            "fork" if fork else "unproven",
            new.size,
            new.root,
            max(self.clock(), 0),
            note,
            held.note if held else b"",
        )
        book.keep_refused(tx, new.origin, kept)

    def held(self, origin: str) -> Checkpoint | None:
        """Give the largest tree of a log that was cosigned, or None before the first."""
        with self._book.read() as tx:
            found = book.seen(tx, origin)
        return found.checkpoint if found else None

    def note(self, hash_: str) -> bytes | None:
        """Give the latest cosigned checkpoint of the log with this SHA-256 of its origin (hex)."""
        with self._book.read() as tx:
            return book.note_of(tx, hash_)

    def everything(self) -> Sequence[Seen]:
        """Give what is held of every log."""
        with self._book.read() as tx:
            return book.all_seen(tx)

    def refused(self, origin: str) -> Sequence[Evidence]:
        """Give the evidence that is kept against a log, the oldest first."""
        with self._book.read() as tx:
            return book.refused(tx, origin)

    def confirm(self, text: bytes, at: int) -> Note:
        """Sign, dated `at`, something that is no checkpoint: those are cosigned by `add` alone."""
        try:
            read_checkpoint(text)
        except NotValid:
            return Note(text, (signature(self.key, self._private.sign, text, at),))
        raise ValueError("a checkpoint is cosigned by `add` alone")


_UNPROVEN: Final = 422


def _read_key(folder: Path) -> tuple[Private, Key]:
    data = read_secret(folder / KEY)
    if data is None:
        raise NotFound(
            "这里没有见证。", value=str(folder), fix="请加 --name 起个名字，例如 w1.example。"
        )
    try:
        name, seed, end = data.decode().split("\n")
        private = Private(bytes.fromhex(seed))
    except ValueError:
        raise Unavailable("见证的钥匙坏了。", value=str(folder / KEY), fix=RETIRE) from None
    if end or not is_name(name):
        raise Unavailable("见证的钥匙坏了。", value=str(folder / KEY), fix=RETIRE)
    return private, Key(name, COSIGNATURE, private.public)


def _state_of(path: Path) -> tuple[int, int, int]:
    """Give what differs once a file was changed; a clock's tick alone is too coarse for that."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0, 0)
    return found.st_ino, found.st_size, found.st_mtime_ns


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text("utf-8").splitlines()]
    except FileNotFoundError:
        return []
