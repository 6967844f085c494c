"""Thawing: a frozen log goes on where it adds up, and what was taken down meanwhile is logged."""

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.board import following, freezing, second_path, taking_down, testimony
from noticeboard.board.board import Board, in_force
from noticeboard.board.finding import index_text
from noticeboard.board.way_out import way_out, wrong
from noticeboard.core.actions import Action, Confirm, Entry, Redact, Unknown, Withdraw, read
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.merkle import Frontier, consistency, leaf_hash
from noticeboard.core.notice import Notice, Published
from noticeboard.core.parts import Committed
from noticeboard.core.problems import NotAllowed, NotFound, NotNow, NotValid
from noticeboard.core.replay import Replay, replay
from noticeboard.core.rules import decode
from noticeboard.signing.signer import Signs
from noticeboard.store import checkpoints, heads, held, log, notices, tree
from noticeboard.store import rules as bundles

# What the comparison with the signer, and with what witnesses showed, finds, and so finds mended.
FOUND = frozenset(
    getattr(second_path, name) for name in ("LOST", "AHEAD", "OTHER", "BEHIND", "GAP", "CHANGED")
) | {testimony.MORE, testimony.ANOTHER}
# Of nothing at all nobody can vouch.
_PRINTED = re.compile(r"([1-9][0-9]{0,17}) ([0-9a-f]{16})", re.ASCII)


class Printed(Struct, frozen=True):
    """A head as a person reads it from the wall: how many entries, and how its root begins."""

    size: int
    root: str


class Undone(Struct, frozen=True):
    """What was taken down while the log was frozen and cannot be logged any more, and why."""

    action: Action
    why: str


class Thawed(Struct, frozen=True):
    """A log that goes on: the indexes of what was logged in catching up, and what could not be.

    `stray` counts what waited beside a log that did not stand still; it was dropped.
    """

    logged: tuple[int, ...]
    undone: tuple[Undone, ...]
    stray: int = 0


def read_printed(text: str) -> Printed:
    """Read `<size> <first 16 hex of the root>` as it is typed; raises NotValid."""
    first, _, rest = " ".join(text.split()).partition(" ")
    found = _PRINTED.fullmatch(f"{first.replace(',', '')} {rest.replace(' ', '').lower()}")
    if found is None:
        fix = "照墙上印的写：条数，空一格，前十六位，例如 --head '1042 9f86d081884c7d65'。"
        raise NotValid("记录头写得不对。", value=text[:60], fix=fix)
    return Printed(int(found[1]), found[2])


def thaw(board: Board, signer: Signs, village: str, printed: Printed | None = None) -> Thawed:
    """Let a frozen log go on, once it is what was signed; then log what was taken down meanwhile.

    Where the signer's memory is missing, or an old one was put in its place, a person vouches with
    a printed head that is no older than what is known here. Raises NotNow where the log is not
    frozen or still does not add up, NotValid for a printed head of another log. What waits to be
    logged beside a log that is not frozen was not done here: it is dropped, and told.
    """
    following.heed(board, signer, village)
    with board.database.read() as tx:
        origin = notices.head_of(tx, village).village.origin
    state = signer.state(origin)
    with board.database.read() as tx:
        strays = not heads.frozen(tx, village) and held.leaves(tx, village)
    if strays:
        return _without_strays(board, village, state)
    with board.database.read() as tx:
        _is_frozen(tx, village, vouched=printed is not None)
        vouched = _vouched(tx, village, printed) if printed else None
        signed = max(filter(None, (state, vouched)), key=lambda one: one.size, default=None)
        _may_be_vouched(tx, village, state)
        adds_up(tx, village, signed)
        proof = _from(tx, village, state, signed) if state and signed else ()
    if state is None and signed is not None:
        signer.restate(origin, signed)
    elif state is not None and signed is not None and signed.size > state.size:
        # The signer takes no word for it: it moves by the proof that this holds what it remembers.
        signer.sign(origin, state.size, proof, signed)
    with board.database.write() as tx:
        notices.lock(tx, village)
        _is_frozen(tx, village, vouched=printed is not None)
        adds_up(tx, village, signed)
        done = go_on(board, tx, village)
    board.heard()
    board.scrub()
    return done


def _without_strays(board: Board, village: str, state: Checkpoint | None) -> Thawed:
    """Drop what waits beside a log that goes on, and put its notices back as the log says them."""
    with board.database.write() as tx:
        notices.lock(tx, village)
        adds_up(tx, village, state)
        leaves = held.leaves(tx, village)
        waiting = [entry for entry in map(_readable, leaves) if isinstance(entry, Entry)]
        held.drop(tx, village)
        said = replayed(tx, village)
        codes = {str(getattr(entry.action, "code", "")) for entry in waiting}
        put_back(tx, village, said, codes)
        for code in codes:
            _found_again(board, tx, village, said.notices.get(code))
        heads.reveal(tx, village)
    board.heard()
    undone = tuple(Undone(entry.action, "日志里没有这一件。") for entry in waiting)
    return Thawed((), undone, len(leaves))


def _readable(leaf: bytes) -> Entry | Unknown | None:
    try:
        return read(leaf)
    except NotValid:
        return None


def _is_frozen(tx: Connection, village: str, *, vouched: bool) -> None:
    reason = heads.frozen(tx, village)
    if not reason:
        raise NotNow("这个村的日志没有停住。", value=village)
    if freezing.for_good(village, reason):
        raise NotNow(freezing.STOPPED, value=village)
    if reason == freezing.FOLLOWED:
        raise NotNow(reason, value=village, fix=way_out(village, reason))
    # That no log follows this machine sees by itself, and the signer says it: nobody need vouch.
    if reason not in (*FOUND, freezing.STOPPED) and not vouched:
        raise NotNow(
            reason,
            fix="请从副本取回：noticeboard log recover；副本都没有，"
            "照墙上印的写：noticeboard log thaw --head '条数 前十六位'。",
        )


def _may_be_vouched(tx: Connection, village: str, state: Checkpoint | None) -> None:
    """Refuse where more is wrong than that the signer's memory is missing or old."""
    why = wrong(tx, village, state)
    if why not in ("", second_path.LOST, second_path.BEHIND):
        raise NotNow(why, value=village, fix=way_out(village, why))


def _vouched(tx: Connection, village: str, printed: Printed) -> Checkpoint:
    """Give the head a person vouches for, as this log has it.

    One older than what this log has already shown to others would say nothing of what came since.
    """
    head = notices.head_of(tx, village).village
    if printed.size > head.size:
        raise NotNow(
            "墙上印的有 {printed} 条，这里只有 {here} 条，少了记录。",
            printed=printed.size,
            here=head.size,
            fix="请从副本取回：noticeboard log recover；哪里都没有：noticeboard log successor。",
        )
    grown = Frontier()
    for index, raw in log.leaves(tx, village):
        if index < printed.size:
            grown.append(leaf_hash(raw))
    root = grown.root().hex()
    if not root.startswith(printed.root):
        raise NotValid(
            "墙上印的记录头和这里的对不上。",
            value=f"{root[:16]} ≠ {printed.root}",
            fix="请再看一遍墙上的；没有抄错，这里的记录就被改过：请恢复备份，再从副本取回。",
        )
    reached = checkpoints.reached(tx, village)
    if printed.size < reached:
        raise NotNow(
            "您写的是 {printed} 条的，这里已经签给别人看过 {reached} 条，旧的作不了证。",
            printed=printed.size,
            reached=reached,
            fix="请照最近的写：墙上新印的，见证那边 noticeboard witness show 说的，"
            "别人存着的证明里的；都没有：noticeboard log successor。",
        )
    return Checkpoint(head.origin, printed.size, grown.root())


def _from(tx: Connection, village: str, old: Checkpoint, new: Checkpoint) -> tuple[bytes, ...]:
    return tuple(tree.reading(tx, village, lambda read: consistency(read, old.size, new.size)))


def adds_up(tx: Connection, village: str, signed: Checkpoint | None) -> None:
    """See that a log goes on from what was signed; raises NotNow with what is still wrong."""
    try:
        second_path.next_step(tx, village, signed)
    except second_path.DoesNotAddUp as why:
        fix = way_out(village, str(why))
        raise NotNow(str(why), value=village, fix=fix) from None


def go_on(board: Board, tx: Connection, village: str) -> Thawed:
    """Thaw a log that adds up, in the caller's transaction, and log what is held."""
    size = notices.head_of(tx, village).village.size
    waiting = freezing.entries(tx, village)
    if waiting:
        put_back(tx, village, replayed(tx, village), freezing.codes(tx, village))
    heads.thaw(tx, village)
    return again(board, tx, village, size, waiting)


def replayed(tx: Connection, village: str) -> Replay:
    """Replay a village's log as it is stored."""
    origin = notices.head_of(tx, village).village.origin
    entries = (read(raw) for _index, raw in log.leaves(tx, village))
    return replay(origin, entries, {hash_: decode(raw) for hash_, raw in bundles.stored(tx)})


def put_back(tx: Connection, village: str, said: Replay, codes: Iterable[str]) -> None:
    """Store notices as the log alone says they are."""
    for code in sorted(said.notices.keys() & set(codes)):
        last = read(log.of_notice(tx, village, code)[-1][1])
        notices.put(tx, village, said.notices[code], last.at)


def again(
    board: Board, tx: Connection, village: str, size: int, waiting: Sequence[Entry | Unknown]
) -> Thawed:
    """Do once more what was held, on the log as it is now: log it, or hold it anew while frozen.

    The notices stand as the log says them; `size` is where the would-be leaves began. What is taken
    down stays so: it is asked of the edition that is up by now, and is no refusal where entries
    that came back had taken it down already.
    """
    held.drop(tx, village)
    places: dict[int, int] = {}
    logged: list[int] = []
    undone: list[Undone] = []
    for would_be, entry in enumerate(waiting, size):
        if not isinstance(entry, Entry):
            continue
        here = notices.lock(tx, village).village
        notice = _notice(tx, village, entry.action)
        action = _fitted(entry.action, notice, places)
        try:
            done = board.append(tx, here, action, entry.by, Committed())
        except (NotAllowed, NotFound, NotNow, NotValid) as problem:
            index = _standing(action, notice)
            if index is None:
                undone.append(Undone(action, str(problem)))
                _found_again(board, tx, village, notice)
            else:
                places[would_be] = index
            continue
        places[would_be] = done.index
        logged.append(done.index)
        if isinstance(action, Redact):
            taking_down.follow(tx, village, action, done)
    return Thawed(tuple(logged), tuple(undone))


def _found_again(board: Board, tx: Connection, village: str, notice: Notice | None) -> None:
    if notice is not None:
        index_text(tx, village, notice, board.now(), in_force(tx)[1])


def _notice(tx: Connection, village: str, action: Action) -> Notice | None:
    code = getattr(action, "code", None)
    return notices.get(tx, village, code) if code else None


def _fitted(action: Action, notice: Notice | None, places: Mapping[int, int]) -> Action:
    if isinstance(action, Confirm):
        return replace(action, of=places.get(action.of, action.of))
    if isinstance(action, Withdraw | Redact) and notice is not None:
        return replace(action, ed=(notice.current or notice.latest).ed)
    return action


def _standing(action: Action, notice: Notice | None) -> int | None:
    """Give the entry that did already what an act would do, or None."""
    for down in reversed(notice.taken_down if notice else ()):
        match action:
            case Withdraw() if down.act == "withdraw" and _is_down(notice):
                return down.index
            case Confirm(of=of) if of == down.index and down.confirmed_by is not None:
                return down.index
    return None


def _is_down(notice: Notice | None) -> bool:
    current = notice.current if notice else None
    return current is None or not isinstance(current.state, Published)
