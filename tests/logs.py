"""A village whose log is written straight into the tables, and an outside mirror that watches it.

For what is about trees, tiles and heads; what entries mean does not matter there.
"""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from msgspec.structs import replace
from sqlalchemy import Connection, insert, text

from noticeboard.board import Board, checkpoints, openlog
from noticeboard.core.checkpoints import Checkpoint, open_checkpoint
from noticeboard.core.merkle import Frontier, consistent, leaf_hash
from noticeboard.core.notes import Key, read_key
from noticeboard.core.people import Profile, Village
from noticeboard.core.tiles import bundles, unpack
from noticeboard.signing.ed25519 import verify
from noticeboard.signing.keys import new_key
from noticeboard.signing.signer import Signer
from noticeboard.store import notices
from noticeboard.store.database import Database
from noticeboard.store.tables import entry, node
from tests.cast import ORIGIN, VILLAGE, Clock

SLICE = 50_000  # entries written in one statement


def mth(leaves: Sequence[bytes]) -> bytes:
    """Give the tree's root as RFC 6962 section 2.1 defines it, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


class Written:
    """A village with a log of any size, a key, and a board whose clock goes on when told."""

    def __init__(self, database: Database, folder: Path, code: str = VILLAGE) -> None:
        self.clock, self.code = Clock(), code
        self.origin = ORIGIN if code == VILLAGE else f"board.example/v/{code}"
        self.board = Board(database, clock=self.clock)
        self.key = read_key(new_key(folder, self.origin))
        self.signer = Signer(folder)
        self.leaves: list[bytes] = []
        with database.write() as tx:
            village = Village(code=code, origin=self.origin, keys=(self.key.text,))
            notices.found(tx, village, Profile(name="示例村"))

    def grow(self, count: int = 1) -> None:
        """Append so many entries, each saying only which it is."""
        with self.board.database.write() as tx:
            head = notices.lock(tx, self.code).village
            new = [
                b'{"n":%d,"of":"%s"}' % (head.size + n, self.code.encode()) for n in range(count)
            ]
            append(tx, self.code, self.leaves, new, self.clock.now)
            size = head.size + count
            notices.advance(tx, replace(head, size=size, last_at=self.clock.now), visible=False)
        self.leaves += new

    def sign(self) -> list[str]:
        """Let time pass and sign what has grown; gives the villages that were signed."""
        self.clock.on(checkpoints.EVERY)
        return checkpoints.sign_due(self.board, self.signer)

    def served(self) -> Checkpoint:
        """Give the checkpoint that anybody gets, its signature checked."""
        with self.board.database.read() as tx:
            note = checkpoints.served(tx, self.code)
        assert note is not None
        return open_checkpoint(note, [self.key], (), verify).checkpoint

    def frozen(self) -> str:
        """Give why the village is frozen, or ""."""
        with self.board.database.read() as tx:
            return str(
                tx.execute(
                    text("select frozen from head where village = :v"), {"v": self.code}
                ).scalar()
            )


def append(
    tx: Connection, code: str, before: Sequence[bytes], new: Sequence[bytes], when: int = 1
) -> None:
    """Write entries and the subtrees they complete into the tables, many at a time."""
    tree = Frontier()
    for leaf in before:
        tree.append(leaf_hash(leaf))
    for at in range(0, len(new), SLICE):
        _append(tx, code, tree, new[at : at + SLICE], when)


def _append(tx: Connection, code: str, tree: Frontier, new: Sequence[bytes], when: int) -> None:
    rows, made = [], []
    for leaf in new:
        row = {"village": code, "idx": tree.size, "leaf": leaf, "act": "note", "code": None}
        rows.append({**row, "at": when})
        for level, index, hash_ in tree.append(leaf_hash(leaf)):
            made.append({"village": code, "level": level, "idx": index, "hash": hash_})
    tx.execute(insert(entry), rows)
    tx.execute(insert(node), made)


def behind_its_back(tx: Connection) -> None:
    """Take away what keeps entries and subtrees from being changed below the board."""
    for table in ("entry", "node"):
        if tx.dialect.name == "postgresql":
            tx.execute(text(f"drop trigger if exists {table}_append_only on {table}"))
        else:
            for verb in ("update", "delete"):
                tx.execute(text(f"drop trigger if exists {table}_{verb}"))


class Mirror:
    """Somebody outside: keeps every checkpoint it ever saw served, and wants each to go on.

    It knows the log's key and asks for nothing but what is served to anybody.
    """

    def __init__(self, key: Key, code: str = VILLAGE) -> None:
        self.key, self.code = key, code
        self.seen: dict[int, Checkpoint] = {}

    def saw(self, note: bytes) -> Checkpoint:
        """Take a served checkpoint; the same size must always have had the same root."""
        found = open_checkpoint(note, [self.key], (), verify).checkpoint
        assert found == self.seen.setdefault(found.size, found), "a fork"
        return found

    def look(self, tx: Connection) -> Checkpoint | None:
        """Fetch head and entries, compute the tree anew, and prove each head seen to be in it."""
        note = checkpoints.served(tx, self.code)
        if note is None:
            assert {} == self.seen, "a signed checkpoint was lost"
            return None
        head = self.saw(note)
        assert max(self.seen) == head.size, "a signed checkpoint was lost"
        leaves = self._leaves(tx, head.size)
        roots = {0: Frontier().root()}
        tree = Frontier()
        for leaf in leaves:
            tree.append(leaf_hash(leaf))
            if tree.size in self.seen:
                roots[tree.size] = tree.root()
        for size, known in self.seen.items():
            assert known.root == roots[size], f"entry changed below {size}"
            path = openlog.consistency(tx, self.code, size, head.size)
            assert path is not None
            assert consistent(size, known.root, head.size, head.root, path)
        return head

    def _leaves(self, tx: Connection, size: int) -> list[bytes]:
        found = []
        for bundle in bundles(size):
            data = openlog.tile(tx, self.code, bundle)
            assert data is not None, bundle.path
            found += unpack(data, bundle.width)
        return found
