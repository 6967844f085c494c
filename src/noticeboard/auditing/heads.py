"""The signed heads of a home: each under the log's own keys, over the tree its entries make."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from sqlalchemy import Connection

from noticeboard.auditing.report import Where
from noticeboard.auditing.seen import sound_keys
from noticeboard.board import Board
from noticeboard.board.checkpoints import policy_of
from noticeboard.board.quorums import unsound
from noticeboard.core.actions import Entry, Genesis, Key, Unknown
from noticeboard.core.checkpoints import Checkpoint, open_checkpoint
from noticeboard.core.problems import Problem
from noticeboard.signing.ed25519 import verify
from noticeboard.signing.signer import Signs
from noticeboard.store import checkpoints
from noticeboard.store import heads as heads_of

MANY = 1_000_000


def sizes(tx: Connection, code: str, state: Checkpoint | None) -> set[int]:
    """Give the sizes at which somebody has put a name under a village's log."""
    signed = {one.size for one in checkpoints.newest(tx, code, MANY)}
    return signed | ({state.size} if state else set())


def heads(
    tx: Connection,
    code: str,
    entries: Sequence[Entry | Unknown],
    roots: Mapping[int, bytes],
    state: Checkpoint | None,
) -> Iterator[Where]:
    """Check every stored head, and what the signer remembers, against the roots at their sizes.

    `roots` has the root that the entries make at each of `sizes` that there are so many of.
    """
    keys = sound_keys(list(_named(entries)))
    for signed in checkpoints.newest(tx, code, MANY):
        where = f"记录头 {signed.size} 条"
        try:
            head = open_checkpoint(signed.note, keys, (), verify).checkpoint
        except Problem as problem:
            yield where, str(problem)
            continue
        if (head.size, head.root) != (signed.size, signed.root):
            yield where, f"签名的是 {head.size} 条，和存的不一样。"
        yield from _over(where, "签过名的", signed.size, signed.root, len(entries), roots)
    if state is not None:
        yield from _over("签名的记忆", "签到了", state.size, state.root, len(entries), roots)
        if state.size <= len(entries):
            yield from _lost(tx, code, state)


def _lost(tx: Connection, code: str, state: Checkpoint) -> Iterator[Where]:
    """See that the last head that was signed is kept, unless one is just being signed."""
    last = checkpoints.latest(tx, code)
    kept = last.size if last else 0
    if kept < state.size and not checkpoints.waits(tx, code):
        fix = "请查是谁删的；把 noticeboard serve 关了再打开，它会照原样再签一次。"
        said = f"签到了 {state.size} 条，存着的只到 {kept} 条：后面的记录头不见了。{fix}"
        yield "记录头", said


def cosigned(tx: Connection, code: str) -> Iterator[Where]:
    """Check every witness's line that is kept, under the policy's keys; others say nothing here."""
    policy = policy_of(tx)
    kept = {signed.size: signed for signed in checkpoints.newest(tx, code, MANY)}
    for size, lines in checkpoints.lines(tx, code).items():
        where = f"记录头 {size} 条的见证"
        if size not in kept:
            yield where, "它核对的记录头不在了。"
        else:
            yield from ((where, said) for said in unsound(kept[size], lines, policy))


def strangers(tx: Connection, code: str) -> Iterator[str]:
    """Name in a sentence the witnesses whose lines are kept and whose keys nobody here knows."""
    known = {key.name for key in policy_of(tx).keys}
    held = checkpoints.lines(tx, code).values()
    names = sorted({line.name for lines in held for line in lines} - known)
    if names:
        yield f"{code}：{'、'.join(names)} 的签名没有核对：policy 里没有这几把公钥。"


def _named(entries: Sequence[Entry | Unknown]) -> Iterator[str]:
    """Give every key that the log ever named; older heads are signed by those it has dropped."""
    for entry in entries:
        match entry:
            case Entry(action=Genesis(keys=keys)):
                yield from keys
            case Entry(action=Key(change="add", key=key)):
                yield key


def _over(
    where: str, word: str, size: int, root: bytes, entries: int, roots: Mapping[int, bytes]
) -> Iterator[Where]:
    if size > entries:
        yield where, f"{word} {size} 条，这里只有 {entries} 条，少了记录。"
    elif roots.get(size) != root:
        yield where, f"{word} {size} 条，根和记录算出来的不一样。"


def remembered(board: Board, signer: Signs | None) -> dict[str, Checkpoint | None]:
    """Give what a signer remembers of each village's log: None where it forgot.

    One that cannot be asked says nothing, and its logs are not among them. It is asked before the
    entries are read: what grows meanwhile is then ahead of it.
    """
    if signer is None:
        return {}
    with board.database.read() as tx:
        origins = {code: origin for origin, code in heads_of.origins(tx).items()}
    states: dict[str, Checkpoint | None] = {}
    for code, origin in origins.items():
        if code and "." not in code:
            with suppress(Problem):
                states[code] = signer.state(origin)
    return states
