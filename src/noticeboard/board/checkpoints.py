"""Checkpoints: every log's head signed in time, what is served of it, and who has checked it."""

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board import following
from noticeboard.board.board import Board
from noticeboard.board.freezing import freeze
from noticeboard.board.quorums import freshest, genuine, of_policy
from noticeboard.board.second_path import DoesNotAddUp, Next, next_step
from noticeboard.core.checkpoints import Checkpoint, open_checkpoint
from noticeboard.core.merkle import EMPTY
from noticeboard.core.notes import read_key, read_note
from noticeboard.core.people import Village
from noticeboard.core.policy import Policy, read_policy
from noticeboard.core.problems import NotValid, Unavailable
from noticeboard.signing.ed25519 import refuse_weak, verify
from noticeboard.signing.signer import Signs
from noticeboard.store import checkpoints, heads, log, notices, screens
from noticeboard.store.checkpoints import Cosigned, Signed

# A village's entries are signed in batches: at most so often, in seconds.
EVERY = 5
# A signer signs within seconds; entries that wait longer have nobody who signs them.
LATE = 12 * EVERY
# So many checkpoints of a village are kept, and the last one that its quorum has cosigned.
KEPT = 64
# A witness's clock may be so many seconds before ours: what it dates later counts for nothing.
AHEAD = 300
# The setting that holds the policy file as it was when the board was last started.
POLICY = "policy"
NO_POLICY = "quorum none\n"
# The setting that the migration leaves where a board ran before logs were signed.
NEVER_SIGNED = "never-signed"


class Standing(Struct, frozen=True):
    """How a log stands with its witnesses: the largest head that a quorum cosigned, else the last.

    `agreed` of `of` witnesses of the policy have cosigned it; `met` says whether that is the
    quorum. `age` is how many seconds ago the latest-coming of the freshest quorum looked (of all
    that cosigned, where they are none), None when nobody has. All of it is of `signed`, and of no
    other head: `behind` is how many entries the last head has beyond it.
    """

    signed: Signed
    agreed: int
    of: int
    met: bool
    age: int | None
    behind: int = 0


class Waiting(Struct, frozen=True):
    """Entries that nobody has signed for longer than it takes: how many, and since when."""

    entries: int
    since: int


def sign_due(board: Board, signer: Signs) -> list[str]:
    """Sign every village's log that has grown, at most every `EVERY` seconds; gives their codes.

    A log that does not add up is frozen instead. One that cannot be signed now (a full disk, a
    signer that is away) waits for the next time and holds back no other.
    """
    with board.database.read() as tx:
        due = checkpoints.due(tx, board.now(), EVERY)
    return [village for village in due if _signed(board, signer, village)]


def look(board: Board, signer: Signs) -> None:
    """Compare every log with what its signer remembers, as at each start; freezes what differs.

    Where a head that was signed is stored no more, or other than it was signed, it is to be signed
    again, to the same bytes.

    A signer that is away says nothing; it is asked again before anything is signed.
    """
    with board.database.read() as tx:
        villages = [head.village for head in notices.villages(tx)]
        first = screens.told(tx, NEVER_SIGNED)
    with suppress(Unavailable):
        if first is not None:
            _begin(board, signer, [village.origin for village in villages], first)
        for village in villages:
            step = _next(board, signer, village.code)
            if step is not None:
                _unpublished(board, village, step.new.size)


def _begin(board: Board, signer: Signs, origins: Sequence[str], first: str) -> None:
    """Let the logs of a board from before logs were signed begin at size 0, once."""
    for origin in origins:
        if signer.keys(origin) and signer.state(origin) is None:
            signer.restate(origin, Checkpoint(origin, 0, EMPTY))
    with board.database.write() as tx:
        screens.forget(tx, NEVER_SIGNED, first)


def _unpublished(board: Board, village: Village, size: int) -> None:
    with board.database.read() as tx:
        last, waits = checkpoints.latest(tx, village.code), checkpoints.waits(tx, village.code)
    if not waits and (last is None or last.size < size or not _as_signed(last, village)):
        with board.database.write() as tx:
            checkpoints.unsettle(tx, village.code)


def _as_signed(last: Signed, village: Village) -> bool:
    try:
        head = open_checkpoint(last.note, map(read_key, village.keys), (), verify).checkpoint
    except NotValid:
        return False
    return (head.origin, head.size, head.root) == (village.origin, last.size, last.root)


def _signed(board: Board, signer: Signs, village: str) -> bool:
    try:
        step = _next(board, signer, village)
        if step is None:
            return False
        note = signer.sign(step.new.origin, step.old, step.proof, step.new)
        _sound(note, step)
        with board.database.write() as tx:
            _publish(tx, village, Signed(step.new.size, step.new.root, note, board.now()))
    except Exception as problem:  # noqa: BLE001 - whatever is wrong with one, the others go on
        # Another process signed in between, or the disk is full: the next second tries again.
        board.watch.failed(village, "", str(problem))
        return False
    board.watch.went_up(village, "")
    return True


def _sound(note: bytes, step: Next) -> None:
    """See that a note is what was asked for, under a key that the log itself names."""
    keys = [read_key(key) for key in step.keys]
    opened = open_checkpoint(note, keys, (), verify).checkpoint
    if opened != step.new:
        raise NotValid("签名程序签的是别的。", value=step.new.origin)


def _publish(tx: Connection, village: str, signed: Signed) -> None:
    head = notices.lock(tx, village)
    last = checkpoints.latest(tx, village)
    if last is None or last.size <= signed.size:
        checkpoints.put(tx, village, signed)
    if head.village.size == signed.size:
        checkpoints.settle(tx, village)


def _next(board: Board, signer: Signs, village: str) -> Next | None:
    """Give the next step of a log; None for one that nobody signs, or frozen, now or before."""
    if following.heed(board, signer, village):
        return None
    with board.database.read() as tx:
        origin = notices.head_of(tx, village).village.origin
    held = signer.state(origin)
    while True:
        try:
            with board.database.read() as tx:
                return None if heads.frozen(tx, village) else next_step(tx, village, held)
        except DoesNotAddUp as why:
            # Another process may have signed since the signer was asked. Its memory only grows: if
            # it is the same before and after, it was so while the database was read.
            before, held = held, signer.state(origin)
            if held == before:
                _freeze(board, village, str(why))
                return None


def _freeze(board: Board, village: str, why: str) -> None:
    with board.database.write() as tx:
        freeze(tx, village, why, board.now())
    board.heard()


def overdue(tx: Connection, village: Village, at: int) -> Waiting | None:
    """Say which entries of a log should long be signed, None where all is as it should be.

    A log that names no key, or is frozen, is not signed; that is said elsewhere.
    """
    if not village.keys or heads.frozen(tx, village.code):
        return None
    last = checkpoints.latest(tx, village.code)
    size = last.size if last else 0
    since = log.time_of(tx, village.code, size)
    if since is None or at - since <= LATE:
        return None
    return Waiting(village.size - size, since)


def served(tx: Connection, village: str) -> bytes | None:
    """Give the checkpoint as anybody gets it, with the cosignatures held; None before the first."""
    last = checkpoints.latest(tx, village)
    return None if last is None else with_lines(last, lines_of(tx, village, last, policy_of(tx)))


def lines_of(tx: Connection, village: str, signed: Signed, policy: Policy) -> tuple[Cosigned, ...]:
    """Give the lines kept under a head, each checked again: rows can be changed behind our back."""
    return genuine(signed, checkpoints.cosigned(tx, village, signed.size), policy)


def with_lines(signed: Signed, cosigned: Sequence[Cosigned]) -> bytes:
    """Write a signed note with the witnesses' lines below the log's own."""
    return signed.note + "".join(one.line for one in cosigned).encode()


def policy_of(tx: Connection) -> Policy:
    """Give the policy the board was started with; without one there are no witnesses."""
    return board_policy(screens.told(tx, POLICY) or "")


@lru_cache(maxsize=8)
def board_policy(text: str) -> Policy:
    """Read a board's policy file; one that says nothing, or is not there, names no witness.

    Raises NotValid.
    """
    says = any(line.partition("#")[0].strip() for line in text.split("\n"))
    return read_policy(text if says else NO_POLICY)


def set_policy(board: Board, text: str) -> None:
    """Take over the text of a policy file, "" for none.

    Raises NotValid for one that cannot be read, or that trusts a key under which anybody can sign.
    """
    policy = board_policy(text)
    refuse_weak(policy.keys)
    with board.database.read() as tx:
        held = screens.told(tx, POLICY) or ""
    if held != text:
        with board.database.write() as tx:
            screens.tell(tx, POLICY, text)


def witnessed(tx: Connection, village: str, policy: Policy, at: int) -> Standing | None:
    """Say how a log stands with its witnesses at an instant; None before its first head.

    What is dated more than `AHEAD` seconds later is nobody's word yet.
    """
    until = at + AHEAD
    signed, cosigned = best(tx, village, policy, until)
    last = checkpoints.latest(tx, village)
    if signed is None or last is None:
        return None
    agreed = of_policy(cosigned, policy, until)
    met, oldest = freshest(agreed, policy)
    age = None if oldest is None else max(0, at - oldest)
    behind = last.size - signed.size
    return Standing(signed, len(agreed), len(policy.witnesses), met, age, behind)


def best(
    tx: Connection, village: str, policy: Policy, until: int | None = None
) -> tuple[Signed | None, Sequence[Cosigned]]:
    """Give the largest checkpoint that the quorum cosigned, else the last, with its lines.

    With `until` lines that are dated later do not make a quorum; they are given all the same.
    Behind the last one only those count that a key signed which the log still names: whoever was
    told of the new key alone could not check the others.
    """
    last = checkpoints.latest(tx, village)
    lines = lines_of(tx, village, last, policy) if last else ()
    # Mostly the last one has it; only where it has not, older ones are looked at.
    if last is None or policy.met(of_policy(lines, policy, until)):
        return last, lines
    keys = {key.id for key in map(read_key, notices.head_of(tx, village).village.keys)}
    for signed, kept in checkpoints.by_size(tx, village):
        cosigned = genuine(signed, kept, policy)
        if policy.met(of_policy(cosigned, policy, until)) and _by(keys, signed):
            return signed, cosigned
    return last, lines


def _by(ids: set[bytes], signed: Signed) -> bool:
    return any(one.id in ids for one in read_note(signed.note).signatures)


def prune(board: Board) -> None:
    """Drop old checkpoints beyond `KEPT`, never the last one that its quorum has cosigned."""
    with board.database.read() as tx:
        crowded = checkpoints.crowded(tx, KEPT + 1)
    for village in crowded:
        with board.database.write() as tx:
            notices.lock(tx, village)
            signed, _cosigned = best(tx, village, policy_of(tx))
            below = checkpoints.newest(tx, village, KEPT)[-1].size
            checkpoints.prune(tx, village, below, signed.size if signed else below)
