"""A published log walked from its first entry: every tile computed again, every act replayed."""

from collections.abc import Callable, Collection, Iterator, Mapping

from msgspec import Struct

from noticeboard.auditing.content import lost_remark
from noticeboard.auditing.reading import Bundles, Reader
from noticeboard.auditing.report import Report, Where
from noticeboard.board.freezing import HELD
from noticeboard.core.actions import Entry, Erase, Genesis, Lose, Publish, Redact, Unknown, read
from noticeboard.core.codes import fingerprint
from noticeboard.core.merkle import EMPTY, leaf_hash
from noticeboard.core.notice import Notice
from noticeboard.core.people import Village
from noticeboard.core.problems import NotValid
from noticeboard.core.recomputing import Recomputed
from noticeboard.core.replay import begun
from noticeboard.core.tiles import WIDTH, Tile, bundles, unpack

# Told how many entries are done, and of how many.
Say = Callable[[int, int], None]
# Somebody who changes everything would fill the report: of each kind so many are named.
_NAMED = 20


class State(Struct, frozen=True):
    """What the leaves up to a size say: the village, its notices, and what was to be erased.

    `erasing` has the acts of each notice with their indexes, `printed` by the index of each publish
    leaf the fingerprint that paper and pages carry. `lost` has the commitments of what a board said
    it had lost when it came back without it, bodies, tables and files, with the entry's index.
    """

    village: Village
    notices: dict[str, Notice]
    erasing: dict[str, list[tuple[int, Redact | Erase]]]
    printed: Mapping[int, str]
    lost: Mapping[str, int]


class Stopped(Exception):  # noqa: N818 - it is a place in a log, and the walk ends there
    """Entries that cannot be had or read as a bundle: nothing behind them can be known."""


class Walk:
    """A log as far as it was walked; it can go on when the log has grown.

    `roots` and `states` are what was asked to be remembered on the way, by size. `latest` is the
    latest time that an entry says, `bundle` the rules that the last one was judged by, `bundles`
    all that entries name, in order.
    """

    def __init__(self, reader: Reader, origin: str, rules: Bundles) -> None:
        """Stand before the first entry."""
        self.reader, self.rules = reader, rules
        self.tree = Recomputed()
        self.seen = begun(origin)
        self.erasing: dict[str, list[tuple[int, Redact | Erase]]] = {}
        self.printed: dict[int, str] = {}
        self.lost: dict[str, int] = {}
        self.roots = {0: EMPTY}
        self.states: dict[int, State] = {}
        self.latest = 0
        self.genesis: Genesis | None = None
        self.bundle = ""
        self.bundles: dict[str, None] = {}
        self._audited = 0

    def on(self, size: int, marks: Collection[int], report: Report, say: Say) -> None:
        """Walk on to `size`, remembering roots and states at `marks`; raises Stopped.

        What is not as it must be is put into the report, and the walk goes on.
        """
        wrong: list[Where] = []
        try:
            wrong.extend(self._walked(size, {*marks, size}, report, say))
        finally:
            # Where its first entry cannot be read only the log's name is known.
            code = self.seen.village.code or self.seen.village.origin
            report.found(code, "log", wrong[:_NAMED])
            if len(wrong) > _NAMED:
                report.found(code, "log", [("记录树", f"还有 {len(wrong) - _NAMED} 处不一样。")])
            report.entries = self.tree.size
            found = self.seen.findings[self._audited :]
            self._audited = len(self.seen.findings)
            unlawful = [(f"第 {one.index} 条记录", one.what) for one in found]
            report.found(code, "lifecycle", unlawful[: 5 * _NAMED])
            report.unknown = len(self.seen.unknown)

    def _walked(
        self, size: int, marks: Collection[int], report: Report, say: Say
    ) -> Iterator[Where]:
        first = self.tree.size // WIDTH
        fetched = self.reader.tiles(_in_order(first, size))
        for bundle in bundles(size):
            if bundle.number < first:
                continue
            leaves = _leaves(bundle, next(fetched))
            if self.tree.size % WIDTH:
                leaves = leaves[self.tree.size % WIDTH :]
            for piece in _pieces(leaves, self.tree.size, marks):
                for tile, made in self.tree.add(piece):
                    yield from _same(tile, made, next(fetched))
                yield from self._replayed(piece, report)
                if self.tree.size in marks:
                    self._remember()
            say(self.tree.size, size)
        for tile, made in self.tree.ends():
            yield from _same(tile, made, next(fetched))

    def _remember(self) -> None:
        seen, size = self.seen, self.tree.size
        self.roots[size] = self.tree.root()
        erasing = {code: list(acts) for code, acts in self.erasing.items()}
        self.states[size] = State(
            seen.village, dict(seen.notices), erasing, self.printed, dict(self.lost)
        )

    def _replayed(self, leaves: list[bytes], report: Report) -> Iterator[Where]:
        for leaf in leaves:
            index = self.seen.village.size
            entry: Entry | Unknown
            try:
                entry = read(leaf)
            except NotValid as problem:
                yield f"第 {index} 条记录", str(problem)
                entry = Unknown("", 0, "?")
            self.latest = max(self.latest, entry.at)
            if isinstance(entry, Entry):
                self.bundle = entry.rules
                self.bundles[entry.rules] = None
            match entry:
                case Entry(action=Redact() | Erase() as action):
                    self.erasing.setdefault(action.code, []).append((index, action))
                case Entry(action=Genesis() as action) if not index:
                    self.genesis = action
                case Entry(action=Lose() as action):
                    self.lost |= dict.fromkeys((*action.bodies, *action.files), index)
                    report.remarks.append(lost_remark(index, action))
                case Entry(action=Publish()):
                    self.printed[index] = fingerprint(leaf_hash(leaf))
            try:
                self.seen.take(entry, self.rules)
            except Exception as error:  # noqa: BLE001 - a log that is to break its reader is a finding
                yield f"第 {index} 条记录", f"读它的时候出错：{error!r}"
                self.seen.take(Unknown(entry.log, 0, "?"), self.rules)


def _in_order(first: int, size: int) -> Iterator[Tile]:
    """Name bundles from number `first` on, each before the tiles that it completes."""
    for bundle in bundles(size):
        if bundle.number < first:
            continue
        yield bundle
        level, done = 0, bundle.number + 1
        while bundle.width == WIDTH:
            yield Tile(level, done - 1)
            if done % WIDTH:
                break
            level, done = level + 1, done // WIDTH
    level, hashes = 0, size
    while hashes:
        if hashes % WIDTH:
            yield Tile(level, hashes // WIDTH, hashes % WIDTH)
        level, hashes = level + 1, hashes // WIDTH


def _leaves(bundle: Tile, data: bytes | None) -> list[bytes]:
    start = bundle.number * WIDTH
    where = f"第 {start} 至 {start + bundle.width - 1} 条记录"
    if data is None:
        raise Stopped(f"{where}取不到。")
    try:
        return unpack(data, bundle.width)
    except NotValid as problem:
        raise Stopped(f"{where}：{problem}") from None


def _pieces(leaves: list[bytes], start: int, marks: Collection[int]) -> Iterator[list[bytes]]:
    """Cut the rest of a bundle at the sizes that are to be remembered."""
    cuts = sorted(mark - start for mark in marks if 0 < mark - start < len(leaves))
    if not cuts:
        yield leaves
        return
    for begin, end in zip([0, *cuts], [*cuts, len(leaves)], strict=True):
        yield leaves[begin:end]


def _same(tile: Tile, made: bytes, served: bytes | None) -> Iterator[Where]:
    if served is None:
        yield tile.path, "这一块取不到。"
    elif len(served) != len(made):
        yield tile.path, f"这一块的长度不对：{len(served)} ≠ {len(made)}。"
    elif served != made:
        for n in range(tile.width):
            if served[32 * n : 32 * n + 32] != made[32 * n : 32 * n + 32]:
                start = (tile.number * WIDTH + n) * tile.span
                where = f"第 {start} 条记录" if not tile.level else f"第 {start} 条记录起的子树"
                yield f"{tile.path} {where}", "和算出来的哈希不一样。"


def held_after(state: State, leaves: tuple[str, ...], rules: Bundles) -> State:
    """Give a state after the takings down that a frozen log holds back; raises NotValid.

    They are believed as far as `step` would let them happen, since a frozen board shows them.
    """
    seen, lost = begun(state.village.origin), dict(state.lost)
    seen.village, seen.notices = state.village, dict(state.notices)
    erasing = {code: list(acts) for code, acts in state.erasing.items()}
    for leaf in leaves:
        entry = read(leaf.encode())
        match entry:
            case Entry(action=Redact() | Erase() as action):
                erasing.setdefault(action.code, []).append((seen.village.size, action))
            case Entry(action=Lose() as action):
                lost |= dict.fromkeys((*action.bodies, *action.files), seen.village.size)
        if not isinstance(entry, Entry) or not isinstance(entry.action, HELD):
            raise NotValid("压着没有记的，不都是撤下。", value=leaf[:200])
        seen.take(entry, rules)
    if seen.findings:
        raise NotValid("压着没有记的撤下不合规矩。", value=seen.findings[0].what)
    return State(seen.village, seen.notices, erasing, state.printed, lost)
