"""Pages remembered until they may change, as compressed bytes within a budget."""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from msgspec import Struct

from noticeboard.show.render import Rendered
from noticeboard.show.show import Shown, whole
from noticeboard.show.texts import Lang

Key = tuple[str, Lang]  # canonical address, language
Headers = tuple[tuple[bytes, bytes], ...]

BUDGET: Final = 48 * 1024 * 1024  # bytes of bodies and headers
OVERHEAD: Final = 1_024  # what an entry costs besides its bytes, generously
_PACKED: Final = ("text/", "application/json", "image/svg+xml")


class Entry(Struct, frozen=True):
    """An answer ready to be sent. `body` is gzip when `packed`.

    `headers` go with `body`, `plain_headers` with it unpacked, `unchanged` with a 304. It may be
    sent at `at` while `at < until` (None: for ever) and the village's revision is still `revision`;
    a `village` of None means the board as a whole.
    """

    status: int
    body: bytes
    packed: bool
    etag: bytes
    headers: Headers
    plain_headers: Headers
    unchanged: Headers
    until: int | None
    village: str | None
    revision: int


def entry(shown: Shown) -> Entry:
    """Make an answer of a page, compressed without a time: equal pages are equal bytes."""
    page = shown.rendered
    packed = page.media_type.startswith(_PACKED)
    body = gzip.compress(page.body, 9, mtime=0) if packed else page.body
    etag = b'"' + sha256(page.body).hexdigest()[:32].encode() + b'"'
    common = _common(page, etag)
    encoded = ((b"content-encoding", b"gzip"),) if packed else ()
    return Entry(
        status=shown.status,
        body=body,
        packed=packed,
        etag=etag,
        headers=(*common, *encoded, (b"content-length", b"%d" % len(body))),
        plain_headers=(*common, (b"content-length", b"%d" % len(page.body))),
        unchanged=common,
        until=shown.until,
        village=shown.village,
        revision=shown.revision,
    )


def _common(page: Rendered, etag: bytes) -> Headers:
    # A browser keeps a page and asks each time whether it holds: a withdrawal shows at once.
    given = dict(page.headers)
    defaults = {b"cache-control": b"no-cache", b"vary": b"accept-encoding", b"etag": etag}
    head = ((b"content-type", page.media_type.encode()),)
    return (*head, *({**defaults, **given}).items())


def revision_of(revisions: Mapping[str, int], village: str | None) -> int | None:
    """Give the revision a page rests on, a village's or (None) the board's; None if unknown."""
    return whole(revisions) if village is None else revisions.get(village)


def holds(kept: Entry, at: int, revisions: Mapping[str, int]) -> bool:
    """Say whether an answer is still what would be shown at an instant."""
    fresh = kept.until is None or at < kept.until
    return fresh and revision_of(revisions, kept.village) == kept.revision


class Memo:
    """Remembered answers, safe between threads. Least recently asked for goes first."""

    def __init__(self, budget: int = BUDGET) -> None:
        """Remember up to `budget` bytes."""
        self.budget = budget
        self.bytes = 0
        self._kept: OrderedDict[Key, Entry] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Count the remembered answers."""
        return len(self._kept)

    def get(self, key: Key, at: int, revisions: Mapping[str, int]) -> Entry | None:
        """Give an answer that still holds; one that does not is dropped."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            if holds(kept, at, revisions):
                self._kept.move_to_end(key)
                return kept
            known = revision_of(revisions, kept.village)
            # A reader may be ahead of the watcher: what was rendered later than it knows of stays.
            if known is None or kept.revision <= known:
                self._drop(key)
            return None

    def put(self, key: Key, new: Entry, at: int, revisions: Mapping[str, int]) -> bool:
        """Remember an answer if it is not already outdated; says whether it was kept.

        What was rendered at an older revision than the watcher knows, is over, or alone takes more
        than a quarter of the budget, is not kept.
        """
        known = revision_of(revisions, new.village)
        stale = (new.until is not None and at >= new.until) or (
            known is not None and new.revision < known
        )
        if stale or _size(key, new) > self.budget // 4:
            return False
        with self._lock:
            self._drop(key)
            self._kept[key] = new
            self.bytes += _size(key, new)
            while self.bytes > self.budget:
                self._drop(next(iter(self._kept)))
        return True

    def forget(self, village: str) -> None:
        """Drop every page of a village, so that nothing of what was erased stays in memory."""
        with self._lock:
            for key in [key for key, kept in self._kept.items() if kept.village in (village, None)]:
                self._drop(key)

    def _drop(self, key: Key) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self.bytes -= _size(key, kept)


def _size(key: Key, kept: Entry) -> int:
    return OVERHEAD + len(key[0]) + len(kept.body)
