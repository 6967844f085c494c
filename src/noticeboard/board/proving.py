"""What can be proved of one edition here and now: its content, its entry, who saw the log with it.

The content is compared with the commitments of the publish leaf, the leaf with the signed head by
the path between them, as anybody outside would do it.
"""

from collections.abc import Iterable

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board import openlog
from noticeboard.board.checkpoints import policy_of
from noticeboard.board.covering import about, erased_by
from noticeboard.board.keyring import named
from noticeboard.core.actions import Entry, Publish, read
from noticeboard.core.checkpoints import Opened, read_checkpoint
from noticeboard.core.notes import Key, read_key
from noticeboard.core.notice import Edition, Notice, Part, published
from noticeboard.core.parts import commitment, table_commitment
from noticeboard.core.people import Village
from noticeboard.core.problems import NotFound, NotValid, Unavailable
from noticeboard.core.proofs import Proof, check
from noticeboard.signing.ed25519 import verify
from noticeboard.store import blobs, log


class Content(Struct, frozen=True):
    """How many bodies and files are as committed, erased by an entry, and neither.

    `lost` are those of the `wrong` that are not there any more.
    """

    same: int
    erased: int
    wrong: int
    lost: int = 0


class Proven(Struct, frozen=True, kw_only=True):
    """What was found of an edition: its publish leaf as stored, and whether it binds what is said.

    `signed` says whether a head covers the leaf; `opened` is that head when the path of `proof` and
    every signature hold, else None.
    """

    index: int
    leaf: bytes
    bound: bool
    content: Content
    signed: bool
    proof: Proof | None
    opened: Opened | None

    @property
    def sound(self) -> bool:
        """Say whether nothing that could be checked was found wrong."""
        held = self.opened is not None or not self.signed
        return self.bound and not self.content.wrong and held


def proven(tx: Connection, village: Village, notice: Notice, edition: Edition) -> Proven:
    """Check an edition that went up; raises NotFound for one that never did."""
    up = published(edition)
    if up is None:
        raise NotFound("这份公示没有公开过这一版。")
    leaf = log.leaf_at(tx, village.code, up.publish) or b""
    try:
        proof = openlog.proof(tx, village.code, up.publish)
    except (NotFound, NotValid, Unavailable):  # no head yet; or a damaged one, or over lost entries
        proof = None
    return Proven(
        index=up.publish,
        leaf=leaf,
        bound=_bound(leaf, village, notice, edition),
        content=content(tx, village, notice, edition),
        signed=openlog.published(tx, village.code) > up.publish,
        proof=proof,
        opened=_opened(tx, village, proof, leaf) if proof else None,
    )


def _opened(tx: Connection, village: Village, proof: Proof, leaf: bytes) -> Opened | None:
    try:
        return check(proof, leaf, _keys(tx, village, proof), policy_of(tx).keys, verify)
    except NotValid:
        return None


def _keys(tx: Connection, village: Village, proof: Proof) -> list[Key]:
    """Give the keys that may have signed a proof's head: those in force when it was signed.

    For some seconds after a key was retired its last head is the newest there is.
    """
    keys = [read_key(key) for key in village.keys]
    if not {key.id for key in keys} & {line.id for line in proof.note.signatures}:
        size = read_checkpoint(proof.note.text).size
        keys = [read_key(key) for key in named(tx, village.code, size)]
    return keys


def _bound(leaf: bytes, village: Village, notice: Notice, edition: Edition) -> bool:
    """Say whether a leaf publishes exactly this edition."""
    try:
        entry = read(leaf)
    except NotValid:
        return False
    action = entry.action if isinstance(entry, Entry) and entry.log == village.origin else None
    if not isinstance(action, Publish):
        return False
    said = (action.code, action.ed, action.parts, action.files)
    return said == (notice.code, edition.ed, edition.parts, edition.files)


def content(tx: Connection, village: Village, notice: Notice, edition: Edition) -> Content:
    """Compare what is stored of an edition with what its leaf commits to."""
    tables = blobs.tables_of(tx, village.code, edition.parts)
    wanted, wrong, lost = [part.c for part in edition.parts if not part.rows], 0, 0
    for part in edition.parts:
        table = tables.get(part.c)
        if part.rows and table is not None and _whole(part, table):
            wanted += table.rows
        elif part.rows:
            wrong += part.rows
            lost += part.rows if table is None else 0
    found = {**_bodies(tx, village, wanted), **_files(tx, village, edition)}
    gone = {c for c, kept in found.items() if kept is None}
    erased = gone & _erased(tx, village, notice) if gone else gone
    wrong += len(gone - erased) + sum(kept is False for kept in found.values())
    lost += len(gone - erased)
    return Content(sum(kept is True for kept in found.values()), len(erased), wrong, lost)


def _whole(part: Part, table: blobs.Table) -> bool:
    rows = [bytes.fromhex(c) for c in table.rows]
    return part.rows == len(rows) == len(table.ids) and table_commitment(rows).hex() == part.c


def _bodies(tx: Connection, village: Village, wanted: Iterable[str]) -> dict[str, bool | None]:
    """Say of each body whether it opens its commitment, or None where there is none any more."""
    held = blobs.bodies_by(tx, village.code, wanted)
    return {c: _opens(held[c].salt, held[c].body, c) if c in held else None for c in wanted}


def _files(tx: Connection, village: Village, edition: Edition) -> dict[str, bool | None]:
    held = {ref.c: blobs.file_of(tx, village.code, ref.c) for ref in edition.files}
    return {c: _opens(file.salt, file.data, c) if file else None for c, file in held.items()}


def _opens(salt: bytes, body: bytes, c: str) -> bool:
    try:
        return commitment(salt, body).hex() == c
    except ValueError:  # a salt of another length
        return False


def _erased(tx: Connection, village: Village, notice: Notice) -> set[str]:
    try:
        return set(erased_by(tx, village.code, about(tx, village.code, notice.code)))
    except NotValid:  # an entry that cannot be read covers nothing
        return set()
