"""The signed heads of a home: each under the log's own keys, over the tree its entries make."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from noticeboard.auditing.report import Where
from noticeboard.auditing.seen import sound_keys
from noticeboard.board import Board
from noticeboard.core.actions import Entry, Genesis, Key, Unknown
from noticeboard.core.checkpoints import Checkpoint, open_checkpoint
from noticeboard.core.problems import Problem
from noticeboard.signing.ed25519 import verify
from noticeboard.signing.signer import Signs
from noticeboard.store import checkpoints, notices

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


def remembered(board: Board, signer: Signs | None) -> dict[str, Checkpoint]:
    """Give what a signer remembers of each village's log, where it can be asked.

    It is asked before the entries are read: what grows meanwhile is then ahead of it.
    """
    if signer is None:
        return {}
    with board.database.read() as tx:
        origins = {head.village.code: head.village.origin for head in notices.villages(tx)}
    states = {code: _state(signer, origin) for code, origin in origins.items()}
    return {code: state for code, state in states.items() if state is not None}


def _state(signer: Signs, origin: str) -> Checkpoint | None:
    try:
        return signer.state(origin)
    except Problem:
        return None  # it says nothing of the log
