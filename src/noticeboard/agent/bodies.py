"""A mirror's bodies: only what is public now, only what the leaves commit to, gone when it is not.

The leaves say what is public, replayed here under the rules they name, and the date. What ends by
them is dropped and never fetched again, whatever the board lists in its `public.json`. What is
public by them is kept, whatever the board leaves out: a board that hides is what a mirror is for,
and it is said aloud. The list says what can be fetched. One that is older than the leaves held here
is not followed: a board that was put back to an old copy needs the bodies that only mirrors still
have. What such a board, or any that stands still, takes down and cannot log is dropped all the
same.
"""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from noticeboard.agent.files import SHELF, Shelf, drop, put, read
from noticeboard.agent.leaves import Contents, Leaves, Public
from noticeboard.agent.orders import Orders, Table, is_hash
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.parts import SALT, commitment, table_commitment
from noticeboard.core.problems import UNREADABLE, NotValid
from noticeboard.core.rules import bundle_hash
from noticeboard.core.shapes import Shape
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


_LISTED = Shape(Listed)
_TABLE = Shape(Table)


class Shed(Struct, frozen=True):
    """What was dropped: `done` when it is all that the log's leaves order.

    `listed` is then the list to fetch by, None without one, as far as it `may` be held, less what
    is `gone`. `hidden` are commitments that are public by the leaves and not listed.
    """

    done: bool
    listed: Listed | None = None
    may: Contents = msgspec.field(default_factory=Contents)
    gone: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()


class Bodies:
    """The folders `body`, `table`, `file` and `rules` of a mirror."""

    def __init__(self, folder: Path, shelf: Shelf = SHELF) -> None:
        """Keep them in `folder`."""
        self.folder = folder
        self.shelf = shelf
        self._kept: dict[str, object] | None = None

    def shed(
        self, source: Source, head: Checkpoint, orders: Orders, leaves: Leaves, at: int
    ) -> Shed:
        """Drop what may not be held any more at an instant; `fill` then fetches what may be.

        Raises NotValid for a list of another log and where rules are missing that an entry names,
        Unavailable when the source or the disk is out of reach; what leaves order to be erased is
        dropped even then.
        """
        self._drop_ordered(orders, set())
        data = source.get(LIST, limit=_LIST)
        if data is None:  # whoever lists nothing still has leaves that order something
            self._drop(orders, leaves.public(at, ""), set(), None)
            return Shed(done=True)
        listed = _listed(data, head)
        gone = orders.withheld(leaf.encode() for leaf in listed.held)
        if listed.size < head.size:
            self._drop_ordered(orders, gone)
            return Shed(done=False)
        now = {listed.rules} if is_hash(listed.rules) else set[str]()
        wrong = list(self._bring(source, "rules", orders.rules | now, _is_bundle))
        public = leaves.public(at, listed.rules)
        if listed.size > head.size:  # it speaks of entries that are signed in a moment
            self._drop(orders, public, gone, None)
            return Shed(done=False)
        hidden = self._drop(orders, public, gone, listed)
        if wrong:
            raise _unfit(wrong)
        # Only its moment is another each time: that alone is not worth a memory card's wear.
        said = {**msgspec.json.decode(data), "at": None}
        if said != self._kept or not (self.folder / LIST).exists():
            put(self.shelf, self.folder / LIST, data)
            self._kept = said
        return Shed(True, listed, public.maybe, frozenset(gone), frozenset(hidden))

    def fill(self, source: Source, shed: Shed, orders: Orders) -> None:
        """Fetch what may be held and is not.

        Raises NotValid after all the rest when something does not fit its commitment, or when the
        list leaves out what is public by the leaves.
        """
        listed, gone = shed.listed, shed.gone
        if listed is None:
            return
        tables = set(listed.tables) & shed.may.tables - gone
        wrong = list(self._bring(source, "table", tables, _is_table))
        may = self._bodies(orders, Contents(shed.may.singles, tables), gone) & set(listed.bodies)
        wrong += self._bring(source, "body", may, _commits)
        files = set(listed.files) & shed.may.files - orders.erased - gone
        wrong += self._bring(source, "file", files, _commits)
        if wrong:
            raise _unfit(wrong)
        if shed.hidden:
            raise NotValid(
                "这块公开板把按记录该公开的藏起来了，副本替大家留着。",
                value=f"{len(shed.hidden)} 份：{'、'.join(c[:8] for c in sorted(shed.hidden)[:5])}",
                fix="请告诉监委会和乡镇。",
            )

    def _drop(
        self, orders: Orders, public: Public, gone: AbstractSet[str], listed: Listed | None
    ) -> set[str]:
        """Drop what is not public; where only one of two clocks says so, what is not listed too.

        Gives what is surely public, and neither listed nor lost.
        """
        away = orders.erased | gone
        sure, may = public.surely, public.maybe
        if listed is not None:
            may = Contents(
                sure.singles | may.singles & set(listed.bodies),
                sure.tables | may.tables & set(listed.tables),
                sure.files | may.files & set(listed.files),
            )
        drop(self.shelf, self.folder / "body", frozenset(self._bodies(orders, may, gone)))
        drop(self.shelf, self.folder / "table", frozenset(may.tables - gone))
        drop(self.shelf, self.folder / "file", frozenset(may.files - away))
        if listed is None:
            return set()
        surely = self._bodies(orders, sure, gone) | (sure.tables - gone) | (sure.files - away)
        return surely - {*listed.bodies, *listed.tables, *listed.files, *public.lost}

    def _bodies(self, orders: Orders, may: Contents, gone: AbstractSet[str]) -> set[str]:
        """Give the bodies of some contents, of tables those of rows that were not erased."""
        others = orders.singles - may.singles
        return orders.bodies(self._tables(may.tables - gone), gone) - others

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


def _unfit(paths: list[str]) -> NotValid:
    return NotValid("对方给的内容和记录对不上。", value="、".join(paths[:5]))


def _listed(data: bytes, head: Checkpoint) -> Listed:
    try:
        listed = _LISTED.of_json(data)
    except UNREADABLE as error:
        raise NotValid("对方的公开清单读不懂。", value=str(error)) from None
    if listed.origin != head.origin:
        raise NotValid("对方的公开清单是别的日志的。", value=listed.origin)
    return listed


def _table(data: bytes, c: str) -> Table | None:
    try:
        table = _TABLE.of_json(data)
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
