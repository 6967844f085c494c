"""A published log as an outsider reads it: a board, a mirror or a folder, many files at once."""

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, Self, TypeVar
from urllib.parse import quote

from msgspec import Struct

from noticeboard.core.notes import LONGEST
from noticeboard.core.problems import NotFound, NotValid, Unavailable
from noticeboard.core.rules import Rules, bundle_hash, decode
from noticeboard.core.tiles import LONGEST_LEAF, WIDTH, Tile, hashes_in, pack, unpack
from noticeboard.net.client import Answer, Caller
from noticeboard.net.sources import HttpSource, Source, source_of

T = TypeVar("T")
U = TypeVar("U")

LARGE: Final = 64 * 1024 * 1024
_BUNDLE: Final = WIDTH * (2 + LONGEST_LEAF)
_HASH: Final = re.compile(r"[0-9a-f]{64}")
# A board that shows auditors something else must not know them by the name they give.
_PHONE: Final = {
    "User-Agent": (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/124.0.0.0 Mobile Safari/537.36"
    ),
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
}
_THREADS: Final = 6
_TRIES: Final = 3
_SUCCESSORS: Final = 100


class Place(Struct, frozen=True):
    """Where a log is: its own address or folder, and the board's where pages stand beside it.

    `pages` is "" for a mirror or a folder, which has none.
    """

    log: str
    pages: str = ""


def find(where: str, village: str | None, origin: str) -> Place:
    """Find a log at what a person named: a board's address, or the log's own; raises NotFound.

    On a board it is looked for under the village's code, or what the origin ends with.
    """
    where = where.rstrip("/")
    places = []
    for code in [village] if village else _endings(origin):
        below = f"{where}/log/{quote(code)}"
        places.append(Place(below, where if where.startswith(("http://", "https://")) else ""))
    for place in [*places, Place(where)]:
        named = _named(place.log)
        if named is not None:
            if named != origin:
                _elsewhere(place, named, origin)
            return place
    raise NotFound(
        "在这里没有找到这个村的记录。",
        value=where,
        fix="请看网址对不对；一个网址上有几个村的，请加 --village 村代码。",
    )


def _endings(origin: str) -> list[str]:
    # A log that was begun anew is called as before, with its number behind.
    return [piece for piece in reversed(origin.split("/")[-2:]) if piece]


def _elsewhere(place: Place, named: str, origin: str) -> None:
    """Raise NotFound where a log stands under another code since another one goes on for it."""
    code = place.log.rpartition("/")[2]
    for number in range(1, _SUCCESSORS) if place.pages else ():
        stands = _named(f"{place.log}.{number}")
        if stands is None:
            return
        if stands == origin:
            raise NotFound(
                "这是以前那个日志的公钥，它停了，现在放在 {place}；这里现在的日志是 {named}。",
                place=f"/log/{code}.{number}",
                named=named,
                fix=f"核对以前的，请加 --village {code}.{number}；核对现在的，请用现在墙上的公钥。",
            )


def _named(where: str) -> str | None:
    """Give the name that the head at an address says it is of; None where there is no head."""
    try:
        source = source_of(where)
    except NotFound:
        return None
    try:
        head = source.get("checkpoint", limit=LONGEST)
        return None if head is None else head.partition(b"\n")[0].decode("utf-8", "replace")
    finally:
        if isinstance(source, HttpSource):
            source.close()


class Reader:
    """Reads the files of a log, each thread over a connection of its own; `with` ends it.

    What cannot be had now is asked for three times before Unavailable is raised.
    """

    def __init__(self, place: Place) -> None:
        """Read at a place that `find` has found."""
        self.place = place
        self._own = threading.local()
        self._lines: list[HttpSource | Caller] = []
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="reading")

    def __enter__(self) -> Self:
        """Begin; at the end of the block what was asked for and not yet read is let go."""
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)
        for line in self._lines:
            line.close()

    def get(self, path: str, *, limit: int = LARGE) -> bytes | None:
        """Give a file below the log's own address, or None; raises Unavailable."""
        return _patiently(lambda: self._source().get(path, limit=limit))

    def page(self, path: str) -> Answer:
        """Give what the board answers to an address of its own when a phone asks for it."""
        url = f"{self.place.pages}{path}"
        return _patiently(lambda: self._caller().fetch(url, limit=LARGE, headers=_PHONE))

    def tile(self, tile: Tile) -> bytes | None:
        """Give a tile or a bundle, cut from the full one where the partial one is gone."""
        limit = _BUNDLE if tile.level is None else WIDTH * 32
        found = self.get(tile.path, limit=limit)
        if found is not None or tile.width == WIDTH:
            return found
        whole = self.get(Tile(tile.level, tile.number).path, limit=limit)
        if whole is None:
            return None
        try:
            if tile.level is None:
                return pack(unpack(whole, WIDTH)[: tile.width])
            return b"".join(hashes_in(whole, WIDTH)[: tile.width])
        except NotValid:
            return whole

    def tiles(self, wanted: Iterable[Tile]) -> Iterator[bytes | None]:
        """Give tiles and bundles in the order wanted, a few of them asked for beforehand."""
        return self._ahead(self.tile, wanted)

    def files(self, paths: Iterable[str]) -> Iterator[bytes | None]:
        """Give files in the order of their paths, a few of them asked for beforehand."""
        return self._ahead(self.get, paths)

    def pages(self, paths: Iterable[str]) -> Iterator[Answer]:
        """Give the board's answers in the order of their paths."""
        return self._ahead(self.page, paths)

    def _ahead(self, ask: Callable[[T], U], wanted: Iterable[T]) -> Iterator[U]:
        asked: deque[Future[U]] = deque()
        for one in wanted:
            asked.append(self._threads.submit(ask, one))
            if len(asked) > 2 * _THREADS:
                yield asked.popleft().result()
        while asked:
            yield asked.popleft().result()

    def _source(self) -> Source:
        if not hasattr(self._own, "source"):
            self._own.source = source_of(self.place.log)
            if isinstance(self._own.source, HttpSource):
                self._lines.append(self._own.source)
        source: Source = self._own.source
        return source

    def _caller(self) -> Caller:
        if not hasattr(self._own, "caller"):
            self._own.caller = Caller()
            self._lines.append(self._own.caller)
        caller: Caller = self._own.caller
        return caller


def _patiently(ask: Callable[[], T]) -> T:
    for turn in range(1, _TRIES):
        try:
            return ask()
        except Unavailable:
            time.sleep(turn)
    return ask()


class Bundles(Mapping[str, Rules]):
    """The rules bundles of a log by their hash, each fetched when it is first asked for.

    `wrong` are the hashes of those that are not what their name says, or cannot be read.
    """

    def __init__(self, reader: Reader) -> None:
        """Fetch by a reader."""
        self._reader = reader
        self._known: dict[str, Rules | None] = {}
        self.wrong: list[str] = []

    def __getitem__(self, hash_: str) -> Rules:
        """Give a bundle; raises KeyError where there is none that has this hash."""
        if hash_ not in self._known:
            self._known[hash_] = self._fetched(hash_)
        found = self._known[hash_]
        if found is None:
            raise KeyError(hash_)
        return found

    def _fetched(self, hash_: str) -> Rules | None:
        raw = self._reader.get(f"rules/{hash_}") if _HASH.fullmatch(hash_) else None
        if raw is None:
            return None
        try:
            if bundle_hash(raw) == hash_:
                return decode(raw)
        except NotValid:
            pass  # of a later program, or none at all
        self.wrong.append(hash_)
        return None

    def __iter__(self) -> Iterator[str]:
        """Name those fetched so far."""
        return iter([hash_ for hash_, found in self._known.items() if found is not None])

    def __len__(self) -> int:
        """Count those fetched so far."""
        return len(list(iter(self)))
