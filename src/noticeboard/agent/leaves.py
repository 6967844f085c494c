"""What of a mirrored log is public by its leaves alone, whatever its board lists."""

from collections import deque
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from noticeboard.agent.files import read as read_file
from noticeboard.agent.orders import is_hash
from noticeboard.core.actions import Entry, Lose, Unknown, read
from noticeboard.core.notice import published
from noticeboard.core.problems import NotValid
from noticeboard.core.replay import Replay, begun
from noticeboard.core.rules import Rules, bundle_hash, decode
from noticeboard.core.visible import files_of, public_parts, visible

# So far may two honest clocks be apart; around the end of a period either side may be right.
APART: Final = 300


class Contents(Struct):
    """Commitments (hex) of parts that are one body, of tables, of files."""

    singles: set[str] = msgspec.field(default_factory=set)
    tables: set[str] = msgspec.field(default_factory=set)
    files: set[str] = msgspec.field(default_factory=set)


class Public(Struct, frozen=True):
    """What is public at an instant: `surely` by every clock and bundle, `maybe` by one of them.

    `lost` is what the board said by an entry that it lost.
    """

    surely: Contents
    maybe: Contents
    lost: frozenset[str]


class Leaves:
    """The leaves of a log, replayed under the rules bundles that the mirror holds in `rules`."""

    def __init__(self, origin: str, rules: Path) -> None:
        """Stand before the first leaf."""
        self.rules = rules
        self._seen: Replay = begun(origin)
        self._waiting: deque[Entry | Unknown] = deque()
        self._known: dict[str, Rules] = {}
        self._lost: frozenset[str] = frozenset()
        self._last = ""

    def take(self, leaf: bytes) -> None:
        """Take in one more leaf; it is judged when it is asked what is public."""
        try:
            self._waiting.append(read(leaf))
        except NotValid:
            self._waiting.append(Unknown("", 0, "?"))

    def public(self, at: int, now: str) -> Public:
        """Say what is public at an instant, also under the bundle `now` if it is held.

        What ends it is an entry, the date, or rules of which every one says so. Raises NotValid
        while a bundle that an entry names is not held: then nothing can be said.
        """
        self._go_on()
        bundles = [self._known[self._last]] if self._last else []
        if now != self._last and self._holds(now):
            bundles.append(self._known[now])
        surely, maybe = Contents(), Contents()
        moments = (at - APART, at, at + APART)
        for notice in self._seen.notices.values():
            for edition in notice.editions:
                if published(edition) is None:
                    continue
                shown = [
                    visible(notice, edition, "mirror", moment, rules)
                    for moment in moments
                    for rules in bundles
                ]
                files = {ref.c for ref in files_of(notice, edition)}
                parts = [{part.c for part in public_parts(edition, one)} for one in shown]
                tables = {part.c for part in edition.parts if part.rows}
                for into, together in ((surely, set.intersection), (maybe, set.union)):
                    found = together(*parts)
                    into.tables |= found & tables
                    into.singles |= found - tables
                if "full" in shown:
                    maybe.files |= files
                if set(shown) == {"full"}:
                    surely.files |= files
        return Public(surely, maybe, self._lost)

    def _go_on(self) -> None:
        while self._waiting:
            entry = self._waiting[0]
            if isinstance(entry, Entry) and not self._holds(entry.rules):
                raise NotValid(
                    "对方没有给判断记录的那套规则，公开的内容没法核对。", value=entry.rules
                )
            self._judge(self._waiting.popleft())

    def _judge(self, entry: Entry | Unknown) -> None:
        if isinstance(entry, Entry):
            self._last = entry.rules
            if isinstance(entry.action, Lose):
                self._lost |= {*entry.action.bodies, *entry.action.files}
        try:
            self._seen.take(entry, self._known)
        except Exception:  # noqa: BLE001 - an entry that is to break its reader changes nothing
            self._seen.take(Unknown(entry.log, 0, "?"), self._known)

    def _holds(self, hash_: str) -> bool:
        if hash_ in self._known:
            return True
        data = read_file(self.rules / hash_) if is_hash(hash_) else None
        if data is None or bundle_hash(data) != hash_:
            return False
        try:
            self._known[hash_] = decode(data)
        except NotValid:  # of a later program
            return False
        return True
