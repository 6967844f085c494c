"""What a log's leaves commit to, and what of it they order to be erased, for whoever has copies."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from noticeboard.core.actions import Entry, Erase, Redact, Return, Submit, Withdraw, read
from noticeboard.core.notice import FileRef, Part
from noticeboard.core.problems import NotValid

ALL: frozenset[int] = frozenset()
is_hash = re.compile(r"[0-9a-f]{64}").fullmatch  # these become names of files


class Table(Struct, frozen=True):
    """A table's row ids and their commitments (hex) in order, as `table/<c>` gives them."""

    ids: tuple[int, ...]
    rows: tuple[str, ...]


class Orders(Struct):
    """Taken from leaves in their order. Commitments are lower-case hex.

    `erased_rows` has the ids erased of a table; the empty set stands for all of them.
    """

    singles: set[str] = msgspec.field(default_factory=set)
    tables: set[str] = msgspec.field(default_factory=set)
    files: set[str] = msgspec.field(default_factory=set)
    rules: set[str] = msgspec.field(default_factory=set)
    erased: set[str] = msgspec.field(default_factory=set)
    erased_rows: dict[str, frozenset[int]] = msgspec.field(default_factory=dict)
    stated: dict[str, list[Part]] = msgspec.field(default_factory=dict)
    attached: dict[str, list[FileRef]] = msgspec.field(default_factory=dict)

    def take(self, leaf: bytes) -> None:
        """Take in one more leaf; what this version cannot read commits to nothing it knows."""
        try:
            entry = read(leaf)
        except NotValid:
            return
        if not isinstance(entry, Entry):
            return
        action: Any = entry.action
        if is_hash(entry.rules):
            self.rules.add(entry.rules)
        code = getattr(action, "code", "")
        if isinstance(action, Redact | Erase):
            self._erase(action)
            return
        for part in getattr(action, "parts", ()):
            if is_hash(part.c):
                (self.tables if part.rows else self.singles).add(part.c)
                if isinstance(action, Submit | Return):
                    self.stated.setdefault(code, []).append(part)
        for file in getattr(action, "files", ()):
            if is_hash(file.c):
                self.files.add(file.c)
                self.attached.setdefault(code, []).append(file)

    def _erase(self, action: Redact | Erase) -> None:
        # What was said before counts, in every edition and what was sent back; nothing after.
        self.erased.update(action.files)
        for part in self.stated.get(action.code, ()):
            if part.name not in action.parts:
                continue
            if not part.rows:
                self.erased.add(part.c)
                continue
            before = self.erased_rows.get(part.c)
            rows = frozenset(action.rows)
            every = not rows or before == ALL
            self.erased_rows[part.c] = ALL if every else rows | (before or ALL)

    def withheld(self, held: Iterable[bytes]) -> "set[str]":
        """Give what acts order to be dropped that wait to be logged while a log is frozen.

        A withdrawal takes all of its notice out of sight: parts, tables and files.
        """
        gone = set[str]()
        for leaf in held:
            try:
                entry = read(leaf)
            except NotValid:
                continue
            if not isinstance(entry, Entry):
                continue
            if isinstance(entry.action, Redact | Erase):
                self._erase(entry.action)
            elif isinstance(entry.action, Withdraw):
                code = entry.action.code
                gone.update(part.c for part in self.stated.get(code, ()))
                gone.update(file.c for file in self.attached.get(code, ()))
        return gone

    def bodies(self, tables: Mapping[str, Table], gone: Iterable[str] = ()) -> set[str]:
        """Give the commitments of bodies that may be held, with `tables` at hand by commitment."""
        away = set(gone) | self.erased
        may = self.singles - away
        for c, table in tables.items():
            if c in away:
                continue
            erased = self.erased_rows.get(c)
            if erased is None:
                may.update(table.rows)
            elif erased != ALL:
                may.update(_left(table, erased))
        return may


def _left(table: Table, erased: frozenset[int]) -> Iterator[str]:
    for id_, c in zip(table.ids, table.rows, strict=False):
        if id_ not in erased:
            yield c
