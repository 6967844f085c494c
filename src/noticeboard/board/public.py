"""What of a village's log is public now, besides its leaves: the list of editions, and the bytes.

One table decides, `core.visible` with the surface "mirror": who mirrors a board holds what anybody
may read now and no more, and who checks it compares this list with what the leaves say.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from itertools import islice
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board.board import Board, in_force
from noticeboard.core.notice import FileRef, Part, published
from noticeboard.core.problems import NotFound
from noticeboard.core.visible import (
    Standing,
    changes_at,
    files_of,
    public_parts,
    standing,
    visible,
)
from noticeboard.store import blobs, heads, held, notices
from noticeboard.store import rules as bundles
from noticeboard.store.blobs import Table

FORMAT: Final = "noticeboard-public-1"
# No village writes so many in a lifetime; a list that were cut would be a lie.
MOST: Final = 1_000_000
_VILLAGES: Final = 64
_SLICE: Final = 500


class Shown(Struct, frozen=True):
    """An edition of which something is public: `publish` is its leaf, `no` its register number.

    `showing` is full, or figures: all but the part `names` and the files.
    """

    code: str
    ed: int
    no: str
    publish: int
    standing: Standing
    showing: Literal["full", "figures"]


class Listing(Struct, frozen=True, kw_only=True):
    """What is public of a log from `at` on, until something changes or the instant `until`.

    It follows from the first `size` leaves under the bundle `rules`. `bodies`, `tables` and `files`
    are the commitments of what is there to be had. `frozen` says why nothing is appended, or "";
    `held` are then the takings down that wait to be logged, as the leaves they would be.
    """

    format: str = FORMAT
    origin: str
    village: str
    size: int
    at: int
    until: int | None
    rules: str
    frozen: str
    held: tuple[str, ...]
    notices: tuple[Shown, ...]
    bodies: tuple[str, ...]
    tables: tuple[str, ...]
    files: tuple[str, ...]


def listing(tx: Connection, village: str, at: int) -> Listing:
    """Work out what of a village's log is public at an instant; raises NotFound."""
    head = notices.head_of(tx, village).village
    rules_hash, rules = in_force(tx)
    ever, shown = notices.shown(tx, village, MOST), list[Shown]()
    parts: dict[str, Part] = {}
    files: dict[str, FileRef] = {}
    for notice in ever:
        for edition in notice.editions:
            up, showing = published(edition), visible(notice, edition, "mirror", at, rules)
            if up is None or showing not in ("full", "figures"):
                continue
            stands = standing(notice, edition, at)
            full: Literal["full", "figures"] = "full" if showing == "full" else "figures"
            shown.append(Shown(notice.code, edition.ed, up.no, up.publish, stands, full))
            parts.update((part.c, part) for part in public_parts(edition, full))
            if full == "full":
                files.update((ref.c, ref) for ref in files_of(notice, edition))
    tables = _tables(tx, village, parts.values())
    singles = [part.c for part in parts.values() if not part.rows]
    rows = (c for table in tables.values() for c in table.rows)
    ends = (changes_at(notice, at) for notice in ever)
    return Listing(
        origin=head.origin,
        village=village,
        size=head.size,
        at=at,
        until=min((end for end in ends if end is not None), default=None),
        rules=rules_hash,
        frozen=heads.frozen(tx, village),
        held=tuple(leaf.decode() for leaf in held.leaves(tx, village)),
        notices=tuple(sorted(shown, key=lambda one: one.publish)),
        bodies=tuple(sorted(blobs.bodies_held(tx, village, {*singles, *rows}))),
        tables=tuple(sorted(tables)),
        files=tuple(sorted(blobs.files_held(tx, village, files))),
    )


def _tables(tx: Connection, village: str, parts: Iterable[Part]) -> dict[str, Table]:
    found: dict[str, Table] = {}
    rest = iter([part for part in parts if part.rows])
    while wanted := list(islice(rest, _SLICE)):
        found.update(blobs.tables_of(tx, village, wanted))
    return found


class Window:
    """The public bytes of a board's logs; what is public is worked out once for each change."""

    def __init__(self, board: Board) -> None:
        """Stand before a board."""
        self.board = board
        self._known: OrderedDict[str, tuple[Any, _Opened]] = OrderedDict()
        self._lock = threading.Lock()

    def listing(self, village: str) -> bytes:
        """Give the list as JSON, said now; raises NotFound for a village without a public log."""
        at = self.board.now()
        with self.board.database.read() as tx:
            found = self._opened(tx, village, at).listing
        return msgspec.json.encode(msgspec.structs.replace(found, at=at))

    def body(self, village: str, c: str) -> bytes:
        """Give a body behind its 32 bytes of salt; raises NotFound for what is not public now."""
        at = self.board.now()
        with self.board.database.read() as tx:
            public = c in self._opened(tx, village, at).bodies
            kept = blobs.bodies_by(tx, village, [c]).get(c) if public else None
        if kept is None:
            raise _nothing()
        return kept.salt + kept.body

    def table(self, village: str, c: str) -> bytes:
        """Give a table's row ids and their commitments (hex) in order, as JSON; raises NotFound."""
        at = self.board.now()
        with self.board.database.read() as tx:
            public = c in self._opened(tx, village, at).tables
            found = _tables(tx, village, [Part("", c, 1)]).get(c) if public else None
        if found is None:
            raise _nothing()
        return msgspec.json.encode({"ids": found.ids, "rows": found.rows})

    def file(self, village: str, c: str) -> bytes:
        """Give a cleaned file behind its 32 bytes of salt; raises NotFound."""
        at = self.board.now()
        with self.board.database.read() as tx:
            public = c in self._opened(tx, village, at).files
            kept = blobs.file_of(tx, village, c) if public else None
        if kept is None:
            raise _nothing()
        return kept.salt + kept.data

    def rules(self, hash_: str) -> bytes:
        """Give a rules bundle by its hash; raises NotFound."""
        with self.board.database.read() as tx:
            bundle = bundles.bundle(tx, hash_)
        if bundle is None:
            raise _nothing()
        return bundle

    def _opened(self, tx: Connection, village: str, at: int) -> "_Opened":
        if not village:
            raise _nothing()  # the instance's log has no public face
        head = notices.head_of(tx, village)
        key = (head.village.size, head.revision, in_force(tx)[0])
        with self._lock:
            known = self._known.get(village)
        if known is not None and known[0] == key and known[1].holds(at):
            return known[1]
        opened = _Opened(listing(tx, village, at))
        with self._lock:
            self._known[village] = (key, opened)
            self._known.move_to_end(village)
            while len(self._known) > _VILLAGES:
                self._known.popitem(last=False)
        return opened


class _Opened:
    """A listing with what it lists as sets."""

    def __init__(self, found: Listing) -> None:
        self.listing = found
        self.bodies = frozenset(found.bodies)
        self.tables = frozenset(found.tables)
        self.files = frozenset(found.files)

    def holds(self, at: int) -> bool:
        """Say whether time alone has not changed it."""
        until = self.listing.until
        return self.listing.at <= at and (until is None or at < until)


def _nothing() -> NotFound:
    return NotFound("这里没有这个内容，或者它已经不公开了。")
