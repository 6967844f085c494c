"""A mirror's bodies: only what is public now, only what the leaves commit to, gone when it is not.

At each contact the log's `public.json` is followed: what it does not list any more is dropped, and
what a leaf orders to be erased is dropped and never fetched again, whatever is listed. A list that
is older than the leaves held here is not followed: a board that was put back to an old copy needs
the bodies that only mirrors still have. What was taken down on such a board is dropped all the
same.
"""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from noticeboard.agent.files import SHELF, Shelf, drop, put, read
from noticeboard.agent.orders import Orders, Table, is_hash
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.parts import SALT, commitment, table_commitment
from noticeboard.core.problems import UNREADABLE, NotValid
from noticeboard.core.rules import bundle_hash
from noticeboard.net.sources import Source

_LIST: Final = 64 * 1024 * 1024
_BODY: Final = 64 * 1024 * 1024
LIST: Final = "public.json"

Sound = Callable[[bytes, str], bool]


class Listed(Struct, frozen=True):
    """What a board says is public of its log, as far as a mirror asks."""

    origin: str
    size: int
    bodies: tuple[str, ...]
    tables: tuple[str, ...]
    files: tuple[str, ...]
    rules: str = ""
    held: tuple[str, ...] = ()


class Shed(Struct, frozen=True):
    """What was dropped: `done` when it is all that the log's list and leaves order.

    `listed` is then the list to fetch by, None without one, less what is `gone`.
    """

    done: bool
    listed: Listed | None = None
    gone: frozenset[str] = frozenset()


class Bodies:
    """The folders `body`, `table`, `file` and `rules` of a mirror."""

    def __init__(self, folder: Path, shelf: Shelf = SHELF) -> None:
        """Keep them in `folder`."""
        self.folder = folder
        self.shelf = shelf
        self._kept: dict[str, object] | None = None

    def shed(self, source: Source, head: Checkpoint, orders: Orders) -> Shed:
        """Drop what may not be held any more; `fill` then fetches what may be.

        Raises NotValid for a list of another log, Unavailable when the source or the disk is out
        of reach; what leaves order is dropped even then.
        """
        self._drop_ordered(orders, set())
        data = source.get(LIST, limit=_LIST)
        if data is None:
            return Shed(done=True)  # whoever lists nothing still has leaves that order something
        listed = _listed(data, head)
        gone = orders.withheld(leaf.encode() for leaf in listed.held)
        if listed.size < head.size:
            self._drop_ordered(orders, gone)
            return Shed(done=False)
        self._drop(listed, orders, gone)
        if listed.size > head.size:
            return Shed(done=False)  # it speaks of entries that are signed in a moment
        # Only its moment is another each time: that alone is not worth a memory card's wear.
        said = {**msgspec.json.decode(data), "at": None}
        if said != self._kept or not (self.folder / LIST).exists():
            put(self.shelf, self.folder / LIST, data)
            self._kept = said
        return Shed(True, listed, frozenset(gone))

    def fill(self, source: Source, shed: Shed, orders: Orders) -> None:
        """Fetch what may be held and is not.

        Raises NotValid after all the rest when something does not fit its commitment.
        """
        listed, gone = shed.listed, shed.gone
        if listed is None:
            return
        wrong: list[str] = []
        now = {listed.rules} if is_hash(listed.rules) else set[str]()
        wrong += self._bring(source, "rules", orders.rules | now, _is_bundle)
        tables = set(listed.tables) & orders.tables - gone
        wrong += self._bring(source, "table", tables, _is_table)
        may = orders.bodies(self._tables(tables), gone) & set(listed.bodies)
        wrong += self._bring(source, "body", may, _commits)
        files = set(listed.files) & orders.files - orders.erased - gone
        wrong += self._bring(source, "file", files, _commits)
        if wrong:
            raise NotValid("对方给的内容和记录对不上。", value="、".join(wrong[:5]))

    def _drop(self, listed: Listed, orders: Orders, gone: AbstractSet[str]) -> None:
        tables = self._tables(set(listed.tables) & orders.tables - gone)
        may = orders.bodies(tables, gone) & set(listed.bodies)
        drop(self.shelf, self.folder / "body", frozenset(may))
        drop(self.shelf, self.folder / "table", frozenset(tables))
        files = set(listed.files) & orders.files - orders.erased - gone
        drop(self.shelf, self.folder / "file", frozenset(files))

    def _drop_ordered(self, orders: Orders, gone: AbstractSet[str]) -> None:
        tables = self._tables(orders.tables - gone)
        drop(self.shelf, self.folder / "body", frozenset(orders.bodies(tables, gone)))
        drop(self.shelf, self.folder / "file", frozenset(orders.files - orders.erased - gone))

    def _tables(self, wanted: Iterable[str]) -> dict[str, Table]:
        found = {}
        for c in wanted:
            data = read(self.folder / "table" / c)
            table = _table(data, c) if data is not None else None
            if table is not None:
                found[c] = table
        return found

    def _bring(
        self, source: Source, kind: str, wanted: AbstractSet[str], sound: Sound
    ) -> Iterator[str]:
        """Fetch what is not there yet, and give the paths of what was not what it should be."""
        for name in sorted(wanted):
            path = f"{kind}/{name}"
            data = None if (self.folder / path).exists() else source.get(path, limit=_BODY)
            # What is not there has stopped being public since the list was made.
            if data is None:
                continue
            if sound(data, name):
                put(self.shelf, self.folder / path, data)
            else:
                yield path


def _listed(data: bytes, head: Checkpoint) -> Listed:
    try:
        listed = msgspec.json.decode(data, type=Listed)
    except UNREADABLE as error:
        raise NotValid("对方的公开清单读不懂。", value=str(error)) from None
    if listed.origin != head.origin:
        raise NotValid("对方的公开清单是别的日志的。", value=listed.origin)
    return listed


def _table(data: bytes, c: str) -> Table | None:
    try:
        table = msgspec.json.decode(data, type=Table)
        rows = [bytes.fromhex(row) for row in table.rows]
    except UNREADABLE:
        return None
    sound = len(table.ids) == len(rows) and table_commitment(rows).hex() == c
    return table if sound and [row.hex() for row in rows] == list(table.rows) else None


def _is_table(data: bytes, c: str) -> bool:
    return _table(data, c) is not None


def _is_bundle(data: bytes, hash_: str) -> bool:
    return bundle_hash(data) == hash_


def _commits(data: bytes, c: str) -> bool:
    return len(data) >= SALT and commitment(data[:SALT], data[SALT:]).hex() == c
