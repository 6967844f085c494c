"""What a witness remembers: one SQLite file that belongs to one key and never goes back."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct

from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.problems import NotNow, Unavailable

# Of each log so many proven forks are kept, the first ones, and so many that only were not proven
# to go on, the last ones: anybody can offer an honest checkpoint with a wrong proof.
MOST: Final = 16
_BUSY: Final = 30_000  # milliseconds
_TABLES: Final = """
create table witness (
    id integer primary key check (id = 1),
    key text not null,            -- the verifier key this file belongs to
    at integer not null,          -- the last cosignature's date, whatever the log
    retired text not null         -- why it cosigns nothing any more, or ''
) strict;
create table seen (
    origin text primary key,
    hash text not null unique,    -- hex SHA-256 of the origin: its monitoring address
    size integer not null,
    root blob not null,
    note blob not null            -- the log's signatures and this witness's own
) strict;
create table refused (
    id integer primary key,
    origin text not null,
    kind text not null check (kind in ('fork', 'unproven')),
    size integer not null,
    root blob not null,
    at integer not null,
    note blob not null,           -- what the log signed and was not cosigned
    held blob not null,           -- what was held then, cosigned
    unique (origin, size, root)
) strict;
"""

Kind = Literal["fork", "unproven"]
Tx = sqlite3.Connection


class Seen(Struct, frozen=True):
    """The largest tree of a log that was cosigned; `note` is it with both sides' signatures."""

    checkpoint: Checkpoint
    note: bytes


class Evidence(Struct, frozen=True):
    """A checkpoint under the log's signature that was refused at Unix second `at`.

    A `fork` has another root at the size that was held: two signatures that prove it. `unproven`
    is everything else that no proof was shown for. `held` is what was cosigned at that time.
    """

    kind: Kind
    size: int
    root: bytes
    at: int
    note: bytes
    held: bytes


class Book:
    """The witness's database, for any number of threads; other processes may have it open too."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises NotNow when it is not there or is no such file."""
        self.path = path
        self._lock = threading.Lock()
        address = f"{path.absolute().as_uri()}?mode=rw"
        try:
            self._db = sqlite3.connect(
                address, uri=True, isolation_level=None, check_same_thread=False
            )
            self._db.execute(f"pragma busy_timeout={_BUSY}")
            self._db.execute("pragma journal_mode=wal")
            # An answer must not outlive what it rests on, not even in a power cut.
            self._db.execute("pragma synchronous=full")
            self.key: str = self._db.execute("select key from witness").fetchone()[0]
        except (sqlite3.Error, TypeError) as error:
            raise NotNow("见证的数据库打不开。", value=f"{path}：{error}") from None

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """Read; nobody in this process writes meanwhile."""
        with self._lock, _said():
            yield self._db

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """Read and write alone among all processes; durable when it ends, or nothing happened.

        Raises Unavailable when the disk does not take it.
        """
        with self._lock, _said():
            self._db.execute("begin immediate")
            try:
                yield self._db
                self._db.execute("commit")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("rollback")
                raise


def make(path: Path, key: str) -> None:
    """Make an empty book for a new key, whole or not at all.

    Raises Unavailable when the disk does not take it.
    """
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    with _said(), closing(sqlite3.connect(beside, isolation_level=None)) as db:
        beside.chmod(0o600)
        db.execute("pragma synchronous=full")
        db.executescript(f"begin; {_TABLES} commit;")
        db.execute("insert into witness values (1, ?, 0, '')", (key,))
    for left in ("-wal", "-shm"):
        path.with_name(path.name + left).unlink(missing_ok=True)
    beside.replace(path)


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise Unavailable(
            "见证的数据库现在写不进去，没有签。", value=str(error), fix="请看看磁盘满了没有。"
        ) from None


def seen(tx: Tx, origin: str) -> Seen | None:
    """Give the largest tree of a log that was cosigned, or None before the first."""
    row = tx.execute("select size, root, note from seen where origin = ?", (origin,)).fetchone()
    return None if row is None else Seen(Checkpoint(origin, row[0], row[1]), row[2])


def note_of(tx: Tx, hash_: str) -> bytes | None:
    """Give the cosigned note of the log whose origin has this SHA-256 (hex), or None."""
    row = tx.execute("select note from seen where hash = ?", (hash_,)).fetchone()
    return None if row is None else bytes(row[0])


def all_seen(tx: Tx) -> Sequence[Seen]:
    """Give what is held of every log, by origin."""
    rows = tx.execute("select origin, size, root, note from seen order by origin")
    return [Seen(Checkpoint(origin, size, root), note) for origin, size, root, note in rows]


def keep(tx: Tx, new: Seen, at: int) -> None:
    """Remember a cosigned checkpoint and its date."""
    head = new.checkpoint
    hash_ = sha256(head.origin.encode()).hexdigest()
    tx.execute(
        "insert into seen values (?, ?, ?, ?, ?) on conflict (origin) do update"
        " set size = excluded.size, root = excluded.root, note = excluded.note",
        (head.origin, hash_, head.size, head.root, new.note),
    )
    tx.execute("update witness set at = ?", (at,))
    # What could not be proved then has been proved now.
    tx.execute(
        "delete from refused where origin = ? and size = ? and root = ?",
        (head.origin, head.size, head.root),
    )


def last_at(tx: Tx) -> int:
    """Give the date of the last cosignature, 0 before the first."""
    return int(tx.execute("select at from witness").fetchone()[0])


def retired(tx: Tx) -> str:
    """Give why nothing is cosigned any more, or ""."""
    return str(tx.execute("select retired from witness").fetchone()[0])


def retire(tx: Tx, reason: str) -> None:
    """Cosign nothing any more under this key."""
    tx.execute("update witness set retired = ?", (reason,))


def keep_refused(tx: Tx, origin: str, found: Evidence) -> None:
    """Keep a refused checkpoint, each once and of each log so many."""
    tx.execute(
        "insert or ignore into refused (origin, kind, size, root, at, note, held)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        (origin, found.kind, found.size, found.root, found.at, found.note, found.held),
    )
    for kind, kept in (("fork", "id asc"), ("unproven", "id desc")):
        tx.execute(
            "delete from refused where origin = ? and kind = ? and id not in"  # noqa: S608 - ours
            f" (select id from refused where origin = ? and kind = ? order by {kept} limit {MOST})",
            (origin, kind, origin, kind),
        )


def refused(tx: Tx, origin: str) -> Sequence[Evidence]:
    """Give what was refused of a log, the oldest first."""
    rows = tx.execute(
        "select kind, size, root, at, note, held from refused where origin = ? order by id",
        (origin,),
    )
    return [Evidence(*row) for row in rows]
