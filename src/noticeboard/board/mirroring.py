"""Mirrors of a log: who is listed, what they confirm, and which have not heard of an erasure yet.

A mirror confirms that it holds every entry up to a size and has dropped what they order. Copies
that others took are beyond anybody's reach; the pages say so.
"""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board.board import Board
from noticeboard.core.actions import Entry, Erase, Redact, read
from noticeboard.core.mirrors import read_mirrored
from noticeboard.core.notes import COSIGNATURE, read_key, read_note, signed_by
from noticeboard.core.problems import NotAllowed, NotFound, NotNow, NotValid
from noticeboard.signing.ed25519 import refuse_weak, verify
from noticeboard.store import log, mirrors, notices
from noticeboard.store.mirrors import Mirror

MOST_BYTES = 8 * 1024


class Told(Struct, frozen=True):
    """How far an erasure has come: names of the mirrors that confirmed it, and of the others."""

    confirmed: tuple[str, ...]
    waiting: tuple[str, ...]


def add(board: Board, village: str, text: str) -> Mirror:
    """List a mirror by its verifier key; raises NotValid, NotFound, NotNow where it is listed."""
    key = read_key(text)
    if key.kind != COSIGNATURE:
        raise NotValid("这把公钥不是见证的。", value=text, fix="用 noticeboard witness show 看。")
    refuse_weak([key])
    with board.database.write() as tx:
        notices.lock(tx, village)
        if any(one.name == key.name for one in mirrors.of_village(tx, village)):
            raise NotNow("这个副本已经列着了。", value=key.name)
        mirrors.add(tx, village, key.name, key.text)
    return Mirror(key.name, key.text, 0, None)


def remove(board: Board, village: str, name: str) -> None:
    """Strike a mirror out that is no more; raises NotFound."""
    with board.database.write() as tx:
        notices.lock(tx, village)
        if not mirrors.remove(tx, village, name):
            raise NotFound("没有列这个副本。", value=name)


def confirm(board: Board, village: str, data: bytes) -> int:
    """Take a mirror's signed word; gives for how many listed mirrors it is a later one.

    Raises NotFound, NotValid, NotAllowed for one not listed.
    """
    if len(data) > MOST_BYTES:
        raise NotValid("交来的太长。", value=str(len(data)))
    note = read_note(data)
    word = read_mirrored(note.text)
    with board.database.read() as tx:
        head = notices.head_of(tx, village).village
        before = {one.name: one for one in mirrors.of_village(tx, village)}
    listed = [read_key(one.key) for one in before.values()]
    if not village or word.origin != head.origin:
        raise NotValid("这是别的日志的。", value=word.origin)
    if word.size > head.size:
        raise NotValid("这里没有这么多记录。", value=f"{word.size} > {head.size}")
    signed = signed_by(note, listed, verify)
    if not signed:
        raise NotAllowed("这里没有列这个副本。")
    known = {name: (one.size, one.at or 0) for name, one in before.items()}
    news = [one for one in signed if (word.size, word.at) > known[one.key.name]]
    if news:
        with board.database.write() as tx:
            for one in news:
                mirrors.confirm(tx, village, one.key.name, word.size, word.at)
    return len(news)


def told(tx: Connection, village: str, index: int) -> Told:
    """Say which mirrors have confirmed the entry `index` and what it orders."""
    listed = mirrors.of_village(tx, village)
    return Told(
        tuple(one.name for one in listed if one.size > index),
        tuple(one.name for one in listed if one.size <= index),
    )


def unconfirmed(tx: Connection, village: str) -> Sequence[tuple[int, str, Told]]:
    """Give (leaf, notice, how far) of every erasure that a listed mirror has not confirmed."""
    listed = mirrors.of_village(tx, village)
    behind = min((one.size for one in listed), default=None)
    if behind is None:
        return []
    found = []
    for index, leaf in log.leaves(tx, village, behind):
        entry = read(leaf)
        if isinstance(entry, Entry) and isinstance(entry.action, Redact | Erase):
            found.append((index, entry.action.code, told(tx, village, index)))
    return found
