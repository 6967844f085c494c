"""The check from outside: with one public key, is what a board shows what its log says?

Nothing is believed that can be computed: every entry is fetched and hashed again, the root must be
the signed one, the acts are replayed through the rulebook, and what must then be public is compared
with the list, the bodies and the pages. The head seen last is remembered and must have grown. What
no entry ever spoke of cannot be missed here, and that content is true cannot be seen.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from noticeboard.auditing import following, ruled
from noticeboard.auditing.listed import APART, Judge, compare
from noticeboard.auditing.opened import Opening
from noticeboard.auditing.pages import Pages
from noticeboard.auditing.reading import Bundles, Place, Reader
from noticeboard.auditing.report import Audit, Report, Where
from noticeboard.auditing.seen import Seen, claimed, sound_keys
from noticeboard.auditing.settled import Machine, Settled
from noticeboard.auditing.walking import Stopped, Walk, held_after
from noticeboard.auditing.witnesses import unchecked, unsound
from noticeboard.board.freezing import STOPPED
from noticeboard.board.public import Listing
from noticeboard.core.checkpoints import Checkpoint, Opened, opened, read_checkpoint
from noticeboard.core.notes import Key, Note
from noticeboard.core.policy import Policy
from noticeboard.core.problems import NotFound, NotValid
from noticeboard.signing.ed25519 import verify as signed_with

# A board goes on while it is looked at; what does not fit is looked at again so many times.
ROUNDS = 3


def verify(
    place: Place,
    key: Key,
    home: Path,
    machine: Machine,
    others: Sequence[bytes] = (),
    policy: Policy | None = None,
) -> Report:
    """Check a log at a place that `reading.find` has found, from its first entry on.

    The head seen last is remembered under `home`. `others` are signed heads that other readers were
    shown; of the witnesses in `policy` the lines under the head are checked. Raises Unavailable
    where the log cannot be reached, NotValid for a head among `others` that the log did not sign.
    """
    with Reader(place) as reader:
        check = _Check(reader, key, Seen(home, key.name), machine)
        check.run([claimed(data, key.name) for data in others])
        check.witnesses(policy or Policy())
        return check.report


class _Check:
    def __init__(self, reader: Reader, key: Key, seen: Seen, machine: Machine) -> None:
        self.reader, self.seen, self.machine = reader, seen, machine
        self.settled = Settled(reader, (key, *seen.keys()), machine)
        self.report = Report()
        self.rules = Bundles(reader)
        self.walk = Walk(reader, key.name, self.rules)
        self.head: Opened | None = None

    def run(self, others: list[Note]) -> None:
        """Do all of it, as far as it goes; raises NotValid for a head that the log did not sign."""
        before = self.seen.last()
        self.report.before = before.size if before else None
        marks = {read_checkpoint(other.text).size for other in others}
        marks |= {before.size} if before else set()
        try:
            head, listing = self._go_on(marks)
            if listing is not None:
                head = self._look(head, listing)
        except (Stopped, NotValid, NotFound) as problem:
            self._found("log", ("记录", str(problem)))
            return
        self.head = head
        self._rules(listing)
        self._follows(listing.village if listing else self.walk.seen.village.code)
        self._heads(head, before, [self._signed(other) for other in others])
        if listing is None:
            self._no_list()
        if self.walk.latest > self.machine.clock() + APART:
            self._found("lifecycle", ("记录的时间", "有一条记录写着将来的时间。"))
        for hash_ in self.rules.wrong:
            self._found("log", (f"规则 {hash_[:8]}", "规则的内容和编号对不上。"))

    def witnesses(self, policy: Policy) -> None:
        """Check the witnesses' lines under the last head that was read."""
        if self.head is not None:
            self._found("head", *unsound(self.head, policy))
            self.report.remarks += unchecked(self.head, policy)

    def _found(self, audit: Audit, *wrong: Where) -> None:
        # Where nothing could be read, only the log's name is known.
        village = self.walk.seen.village
        self.report.found(village.code or village.origin, audit, wrong)

    def _go_on(self, marks: set[int]) -> tuple[Opened, Listing | None]:
        """Read head and list, and walk to the head; raises Stopped, NotValid and NotFound."""
        head, listing = self.settled.both()
        marks = marks | {one.size for one in self.settled.heads}
        marks |= {listing.size} if listing else set()
        self.walk.on(head.checkpoint.size, marks, self.report, partial(self.machine.say, "记录"))
        village = self.walk.seen.village
        self.report.roots = {village.code or village.origin: self.walk.tree.root().hex()}
        return head, listing

    def _signed(self, other: Note) -> Opened:
        """Read a head that somebody was shown by the keys that the log named at its size.

        So one from before keys were exchanged is checked by whoever was told of the new key only.
        """
        state = self.walk.states.get(read_checkpoint(other.text).size)
        named = (state.village if state else self.walk.seen.village).keys
        return opened(other, (*self.settled.keys, *sound_keys(named)), (), signed_with)

    def _heads(self, head: Opened, before: Checkpoint | None, others: list[Opened]) -> None:
        """Compare every head with the tree that was computed; remember the last if it fits."""
        now, named = head.checkpoint, self.walk.seen.village.keys
        wrong = [
            ("记录头", f"签名的是 {_words(one)}，照记录算出来的根是 {root[:16]}。")
            for one in dict.fromkeys(self.settled.heads)
            if (root := self._root(one.size)) != one.root.hex()
        ]
        if before is not None and (said := self._against(before, now)):
            kept = self.seen.keep(head)
            wrong.append(
                ("上次见到的记录头", f"{said}上次的留在 {self.seen.note}，这次的留在 {kept}。")
            )
        if named and not any(one.key.text in named for one in head.log):
            wrong.append(("记录头", "签名用的钥匙，日志自己说已经不用了。"))
        if not wrong:
            self.seen.remember(head.note.write(), named, self.report.rules)
        for other in others:
            if said := self._against(other.checkpoint, now):
                kept = self.seen.keep(other)
                wrong.append(("别人见到的记录头", f"{said}两个都有签名：另一个留在 {kept}。"))
        self._found("head", *wrong)

    def _rules(self, listing: Listing | None) -> None:
        """Name the rules that the log was kept under, and say that they changed."""
        used, now = self.walk.bundles, listing.rules if listing else self.walk.bundle
        self.report.rules = tuple(dict.fromkeys((*used, now)))
        self.report.remarks += ruled.changed(now, self.walk.bundle, used, self.seen.rules())

    def _follows(self, village: str) -> None:
        """Name the log that this one goes on from, and compare it with what was seen of it."""
        genesis = self.walk.genesis
        try:
            said = following.predecessor(genesis)
        except NotValid as problem:
            self._found("log", ("前一个日志", str(problem)))
            return
        if genesis is None or said is None:
            return
        rules = self.rules.get(self.walk.bundle)
        ground = rules.grounds.get("genesis", {}).get(str(genesis.ground)) if rules else None
        self.report.remarks.append(
            f"这个日志接着 {said.origin}，它到第 {said.size} 条停了，"
            f"因为{ground.text if ground else genesis.ground}。"
        )
        seen = self.seen.of(said.origin)
        self._found("head", *following.followed(self.reader, village, said, seen))

    def _root(self, size: int) -> str:
        root = self.walk.roots.get(size)
        return root.hex() if root is not None else ""

    def _against(self, known: Checkpoint, now: Checkpoint) -> str:
        """Say how a head that is known contradicts the log as it is now, or nothing."""
        if known.size > now.size:
            return f"记录变少了：见过 {_words(known)}，现在只有 {_words(now)}。"
        if self._root(known.size) != known.root.hex():
            return f"以前的记录变了：见过 {_words(known)}，现在是 {_words(now)}，接不上。"
        return ""

    def _no_list(self) -> None:
        if self.reader.place.pages:
            self._found("list", ("公开的目录", "取不到。"))
        else:
            self.report.remarks.append("这一份里没有公开目录，只核对了记录，没有核对公开的内容。")

    def _look(self, head: Opened, listing: Listing) -> Opened:
        """Compare what is public with the leaves; what differs while the log moves, again.

        Gives the head that was compared with last.
        """
        for turn in range(ROUNDS):
            found = Report()
            self._compare(head.checkpoint.size, listing, found)
            if found.ok or not self.reader.place.pages or turn == ROUNDS - 1:
                break
            again = self.settled.listing()
            if again is None or replace(again, at=listing.at) == listing:
                break
            head, moved = self._go_on(set())
            listing = moved or listing
        self.report.problems += found.problems
        self.report.remarks += found.remarks
        return head

    def _compare(self, signed: int, listing: Listing, report: Report) -> None:
        code, rules = self.walk.seen.village.code, self.rules.get(listing.rules)
        state = self.walk.states.get(listing.size)
        report.found(code, "list", self._beside(signed, listing))
        report.found(code, "list", self._stopped(signed, listing, report))
        if state is None or rules is None:
            return
        if listing.held:
            try:
                state = held_after(state, listing.held, self.rules)
            except NotValid as problem:
                report.found(code, "list", [("公开的目录", str(problem))])
                return
        judge = Judge(state, rules, self._now(listing))
        last = self.rules.get(self.walk.bundle)
        if listing.rules not in self.walk.bundles and last is not None:
            before = Judge(state, last, judge.at)
            report.found(code, "list", ruled.hidden(judge, before, listing.rules))
        report.found(code, "list", compare(judge, listing))
        opening = Opening(self.reader, judge, listing)
        pages = Pages(self.reader, judge, listing) if self.reader.place.pages else None
        count = sum(1 for _ in judge.editions())
        for done, read in enumerate(opening.editions(), 1):
            self.machine.say("公示", done, count)
            if pages is not None:
                report.found(code, "list", pages.data(read))
                report.found(code, "list", pages.words(read))
        report.found(code, "content", opening.wrong)
        report.found(code, "list", opening.finish())
        if pages is None:
            report.remarks.append("这不是一块公开板，只核对了它那时的目录，没有看网页。")
            return
        report.found(code, "list", pages.index())
        report.found(code, "list", pages.board())
        report.found(code, "list", pages.notices())

    def _beside(self, signed: int, listing: Listing) -> Iterator[Where]:
        """Say what is wrong with a list before anything on it is compared."""
        where, village = "公开的目录", self.walk.seen.village.code
        if listing.village != village and not listing.village.startswith(f"{village}."):
            yield where, f"是另一个村的：{listing.village}。"
        if listing.size > signed:
            yield where, f"已经到第 {listing.size} 条记录，签名的记录头只到 {signed} 条。"
        elif listing.size < signed and self.reader.place.pages:
            yield where, f"只到第 {listing.size} 条记录，比签名的记录头（{signed} 条）旧。"
        if self.rules.get(listing.rules) is None:
            yield where, f"它依据的规则 {listing.rules[:8]} 取不到。"
        apart = listing.at - self.machine.clock()
        if self.reader.place.pages and abs(apart) > APART:
            yield "时钟", f"公开板的时钟和这台机器差 {abs(apart)} 秒，请看哪一个不对。"

    def _stopped(self, signed: int, listing: Listing, report: Report) -> Iterator[Where]:
        """Say why nothing is appended; that a log stopped for good only its successor proves."""
        where, after = "公开的目录", ""
        if listing.frozen == STOPPED and self.reader.place.pages:
            head = Checkpoint(self.walk.seen.village.origin, signed, self.walk.roots[signed])
            after = following.successor(self.reader, listing.village, head)
            if not after:
                yield where, "说这个日志停了，却没有一个日志从它这里接下去。"
        if listing.frozen == STOPPED:
            report.remarks.append(f"{STOPPED}接着它的是 {after}。" if after else STOPPED)
        elif listing.frozen:
            yield where, f"这个村的记录冻结了：{listing.frozen}"
        if listing.held and after:
            count = len(listing.held)
            report.remarks.append(f"停了以后撤下了 {count} 件，写在目录里，没有签名。")
        elif listing.held:
            yield where, f"有 {len(listing.held)} 件撤下还没有记进日志。"

    def _now(self, listing: Listing) -> int:
        """Give the moment to judge by: the list's own, unless a board's clock is far off."""
        now = self.machine.clock()
        far = self.reader.place.pages and abs(listing.at - now) > APART
        return now if far else listing.at


def _words(head: Checkpoint) -> str:
    root = head.root.hex()
    return f"{head.size} 条 {root[:4]} {root[4:8]} {root[8:12]} {root[12:16]}"
