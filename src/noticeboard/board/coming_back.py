"""Coming back: the entries a log has lost, byte for byte from a copy, with what was public.

All or nothing, and nothing on a copy's word: what comes back folds into the root that the signer
remembers, under the log's own signature, and every body opens its commitment.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.board import covering, fetching, following
from noticeboard.board.board import Board
from noticeboard.board.fetching import Tell
from noticeboard.board.restoring import Fetched, Here, Recovered, restore
from noticeboard.core.actions import Entry, Unknown, read
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.notes import Key, read_key
from noticeboard.core.notice import FileRef, Part
from noticeboard.core.problems import NotNow, NotValid
from noticeboard.net.sources import Source
from noticeboard.signing.signer import Signs
from noticeboard.store import checkpoints, log, notices
from noticeboard.store import rules as bundles


def recover(
    board: Board,
    signer: Signs,
    village: str,
    source: Source,
    tell: Tell = lambda _done, _all: None,
    vouched: Sequence[Key] = (),
) -> Recovered:
    """Take the entries a log has lost, and contents that are public, from a copy; then thaw it.

    Raises NotNow for a copy that has not everything that was signed, NotValid for one that was
    changed; then nothing is different here. Where the signer's memory is missing the log stays
    frozen until somebody vouches with the printed head. `vouched` are keys of this log that a
    person knows from elsewhere: a backup from before they were exchanged knows only the older.
    """
    following.heed(board, signer, village)
    here = _here(board, village)
    here = replace(here, keys=(*here.keys, *(key.text for key in vouched)))
    state = signer.state(here.origin)
    with tempfile.TemporaryDirectory(prefix="noticeboard-") as folder:
        found = _fetch(board, signer, village, here, state, source, Path(folder), tell)
        with board.database.write() as tx:
            done = restore(board, tx, village, here, state, found)
    board.heard()
    board.scrub()
    return done


def _here(board: Board, village: str) -> Here:
    with board.database.read() as tx:
        head = notices.head_of(tx, village).village
        return Here(
            head.origin,
            head.keys,
            tuple(raw for _index, raw in log.leaves(tx, village)),
            checkpoints.latest(tx, village),
            frozenset(hash_ for hash_, _raw in bundles.stored(tx)),
        )


def _fetch(
    board: Board,
    signer: Signs,
    village: str,
    here: Here,
    state: Checkpoint | None,
    source: Source,
    folder: Path,
    tell: Tell,
) -> Fetched:
    keys = {read_key(text) for text in (*here.keys, *signer.keys(here.origin))}
    head = fetching.head(source, here.origin, keys)
    target = head.checkpoint
    # An older copy can bring nothing but contents, and does where no entry is missing.
    if state is not None and target.size < state.size > len(here.leaves):
        raise NotNow(
            "这个副本只到 {copy} 条，签过名的有 {signed} 条。",
            copy=target.size,
            signed=state.size,
            fix="请换一个更全的副本。",
        )
    came = _new(here, source, target, tell)
    whole = (*here.leaves, *came)
    wanted = [target, *([state] if state else [])]
    if here.last is not None:
        wanted.append(Checkpoint(here.origin, here.last.size, here.last.root))
    fetching.consistent(fetching.roots(whole, [one.size for one in wanted]), *wanted)
    entries = [read(raw) for raw in came]
    _known(entries)
    hashes = {entry.rules for entry in entries if isinstance(entry, Entry)} - here.rules
    fetched = tuple(fetching.rules(source, hash_) for hash_ in sorted(hashes))
    with board.database.read() as tx:
        parts, files = _wanted(tx, village, [read(raw) for raw in whole])
    contents = fetching.contents(source, parts, files, folder, tell)
    return Fetched(head, came, fetched, contents)


def _new(here: Here, source: Source, target: Checkpoint, tell: Tell) -> tuple[bytes, ...]:
    """Fetch the entries behind ours; raises NotValid where the copy's earlier ones are others."""
    size, came = len(here.leaves), []
    for index, leaf in fetching.leaves(source, target.size, size, tell):
        if index >= size:
            came.append(leaf)
        elif leaf != here.leaves[index]:
            raise NotValid(
                "这里的第 {index} 条记录和副本的不一样，接不上。",
                index=index,
                fix="副本是对的，就先恢复一份更早的备份再来；不然换一个副本；"
                "都不行：noticeboard log successor。",
            )
    return tuple(came)


def _known(entries: Sequence[Entry | Unknown]) -> None:
    for entry in entries:
        if isinstance(entry, Unknown):
            raise NotNow(
                "取回的记录是更新的程序写的，这个程序不认识。",
                value=entry.act,
                fix="请先换成新版本，再来一次。",
            )


def _wanted(
    tx: Connection, village: str, entries: Sequence[Entry | Unknown]
) -> tuple[list[Part], list[FileRef]]:
    """Give the parts and files some entries commit to of which anything is missing here."""
    parts, files = fetching.parts_of(entries), fetching.files_of(entries)
    erased = set(covering.erased_by(tx, village, entries))
    gone = covering.missing(tx, village, parts.values(), files).without(erased)
    return (
        [part for c, part in parts.items() if c in gone.parts],
        [ref for c, ref in files.items() if c in gone.files],
    )
