"""The check from outside: its hash pass beside the bare two hashes per entry, and its replay."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from statistics import median
from time import perf_counter, sleep, thread_time

from bench.audits import written
from bench.figures import Figure, Line, at_least
from bench.running import folder
from noticeboard.auditing import outside, reading
from noticeboard.auditing.reading import Bundles, Place, Reader
from noticeboard.auditing.report import Report, Where
from noticeboard.auditing.settled import Machine
from noticeboard.auditing.walking import Walk
from noticeboard.board import checkpoints
from noticeboard.core.recomputing import Recomputed
from noticeboard.core.tiles import WIDTH, Tile, bundles, pack
from noticeboard.exporting.log import export
from tests.cast import KEY, ORIGIN, VILLAGE, Cast, cast_on, signer_in
from tests.outside.files import leaves_in

ENTRIES, REPLAYED, ROUNDS = 250_000, 20_000, 7
FLOOR = 0.6


def run(*, small: bool) -> Sequence[Line]:
    """Export a log that the board wrote, check it whole, and hash so many entries of its kind."""
    with folder() as home:
        cast = cast_on(f"sqlite:///{home / 'board.db'}")
        entries, _short, _long = written(cast, 300 if small else REPLAYED)
        _export(cast, home)
        cast.board.database.close()
        whole = median(_checked(cast, home, n) for n in range(ROUNDS))
        replayed = median(_replayed(home / "export", entries) for _ in range(ROUNDS))
        kinds = leaves_in(home / "export", entries)
    many = 20_000 if small else ENTRIES
    bare, passed = _hashed([b"%b%d" % (kinds[n % entries], n) for n in range(many)])
    ratio = median(b / p for b, p in zip(bare, passed, strict=True))
    peer = "the bare two hashes an entry needs"
    rate = many / median(passed)
    return [
        at_least(f"hash pass over {many:,} entries", rate, "entries/s", ratio, peer, FLOOR),
        Figure("the same with every act replayed", entries / replayed, "entries/s"),
        Figure("and every public body opened: the whole check", entries / whole, "entries/s"),
        Figure(f"that of {entries:,} entries in a folder", whole, "s"),
    ]


def _export(cast: Cast, home: Path) -> None:
    signer = signer_in(home / "signer")
    cast.clock.on(checkpoints.EVERY)
    assert checkpoints.sign_due(cast.board, signer) == [VILLAGE]
    export(cast.board, VILLAGE, home / "export")


def _checked(cast: Cast, home: Path, reader: int) -> float:
    place = reading.find(str(home / "export"), None, ORIGIN)
    begun = perf_counter()
    report = outside.verify(place, KEY, home / str(reader), Machine(cast.clock, sleep))
    took = perf_counter() - begun
    assert report.ok, "the check found something"
    return took


def _replayed(export: Path, entries: int) -> float:
    with Reader(Place(str(export))) as reader:
        walk, report = Walk(reader, ORIGIN, Bundles(reader)), Report()
        begun = perf_counter()
        walk.on(entries, (), report, lambda _done, _of: None)
        took = perf_counter() - begun
    assert report.ok, "the walk found something"
    return took


class _Memory(Reader):
    """Files that are there already: what is measured is the hashing, not the disk."""

    def __init__(self, files: dict[Tile, bytes]) -> None:
        super().__init__(Place(""))
        self.held = files

    def tiles(self, wanted: Iterable[Tile]) -> Iterator[bytes | None]:
        """Give each from memory."""
        return (self.held[tile] for tile in wanted)


class _HashPass(Walk):
    """A walk that fetches, unpacks, hashes and compares, and replays nothing."""

    def _replayed(self, _leaves: list[bytes]) -> Iterator[Where]:
        return iter(())


def _hashed(leaves: list[bytes]) -> tuple[list[float], list[float]]:
    """Give the processor's seconds of the bare loop and of the pass, measured in turn."""
    tree, files = Recomputed(), dict[Tile, bytes]()
    for bundle in bundles(len(leaves)):
        some = leaves[bundle.number * WIDTH : bundle.number * WIDTH + bundle.width]
        files[bundle] = pack(some)
        files.update(tree.add(some))
    files.update(tree.ends())
    bare, passed = [], []
    with _Memory(files) as reader:
        for _ in range(ROUNDS):
            begun = thread_time()
            for one in leaves:
                hashed = sha256(b"\x00" + one).digest()
                sha256(b"\x01" + hashed + hashed).digest()
            bare.append(thread_time() - begun)
            begun = thread_time()
            walk, report = _HashPass(reader, ORIGIN, Bundles(reader)), Report()
            walk.on(len(leaves), (), report, lambda _done, _of: None)
            passed.append(thread_time() - begun)
            assert (report.ok, walk.tree.root()) == (True, tree.root())
    return bare, passed
