"""Logs that follow one another: which one goes on, and whether it goes on from what was seen.

What a board says of itself proves nothing here: that a log stopped is read from the first entry of
the one that names its head, and that nothing seen was dropped between them from a proof.
"""

import re
from collections.abc import Iterator
from typing import Final

from noticeboard.auditing.reading import Bundles, Place, Reader
from noticeboard.auditing.report import Report, Where
from noticeboard.auditing.seen import Seen, claimed, sound_keys
from noticeboard.auditing.seen import opened as opened_by
from noticeboard.auditing.walking import Stopped, Walk
from noticeboard.core.actions import Genesis
from noticeboard.core.checkpoints import Checkpoint, read_checkpoint
from noticeboard.core.merkle import consistent
from noticeboard.core.notes import read_note
from noticeboard.core.problems import NotFound, NotValid
from noticeboard.core.proofs import read_steps

_OLD: Final = "前一个日志"
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
# More logs one after the other no village has; a board that goes on naming them is not believed.
_MOST: Final = 100


def successor(reader: Reader, village: str, head: Checkpoint) -> str:
    """Give the name of a log at the same board whose first entry goes on from a head, or "".

    `village` is the code that the stopped log stands under. The other one is read whole: its root
    and signature must be those of the entries, by keys that they name themselves.
    """
    base, _, number = village.partition(".")
    later = [f"{base}.{int(number) + 1}"] if _NUMBER.fullmatch(number) else []
    for code in (*later, base):
        with Reader(_beside(reader.place, code)) as other:
            try:
                walk = _walked(other)
                said = predecessor(walk.genesis) if walk else None
                if walk and said and said.origin == head.origin and _holds(reader, said, head):
                    return walk.seen.village.origin
            except (Stopped, NotValid, NotFound):
                continue
    return ""


def predecessor(genesis: Genesis | None) -> Checkpoint | None:
    """Give the head that a log says it goes on from; raises NotValid for one that is none."""
    if genesis is None or genesis.predecessor is None:
        return None
    return read_checkpoint(genesis.predecessor.encode())


def followed(reader: Reader, village: str, said: Checkpoint, seen: Seen) -> Iterator[Where]:
    """Compare the head a log goes on from with the one remembered of the log before it."""
    last = seen.last()
    if last is None:
        return
    if last.size > said.size:
        yield _OLD, f"见过它有 {last.size} 条记录，这个日志的开头说只有 {said.size} 条。"
        return
    if last.size == said.size:
        if last.root != said.root:
            yield _OLD, f"见过的第 {last.size} 条的记录头，和这个日志开头写的不一样。"
        return
    for code in _archives(reader.place, village):
        with Reader(_beside(reader.place, code)) as other:
            try:
                head = opened_by(other.get("checkpoint") or b"", seen.keys()).checkpoint
            except NotValid:
                continue
            if head.origin != said.origin:
                continue
            # What was lost nobody can prove; then it goes as far as the old log is still there.
            target = said if said.size <= head.size else head
            if last.size <= target.size and not _holds(other, last, target):
                yield _OLD, f"见过的 {last.size} 条，和它现在留着的接不上。"
            elif last.size > target.size:
                yield _OLD, f"见过它有 {last.size} 条，现在只留着 {target.size} 条。"
            return
    yield _OLD, f"见过它有 {last.size} 条，现在这里找不到它。"


def _beside(place: Place, code: str) -> Place:
    return Place(f"{place.pages}/log/{code}", place.pages)


def _archives(place: Place, village: str) -> Iterator[str]:
    """Name the codes of logs that stopped at a board, as far as there are any."""
    base = village.partition(".")[0]
    for number in range(1, _MOST) if place.pages else ():
        code = f"{base}.{number}"
        with Reader(_beside(place, code)) as other:
            if other.get("checkpoint") is None:
                return
        yield code


def _walked(reader: Reader) -> Walk | None:
    """Walk a log that no key is known of; None where it is not what it signed."""
    data = reader.get("checkpoint")
    if data is None:
        return None
    note = read_note(data)
    said = read_checkpoint(note.text)
    claimed(data, said.origin)
    walk = Walk(reader, said.origin, Bundles(reader))
    walk.on(said.size, (), report := Report(), lambda _done, _of: None)
    opened_by(data, sound_keys(walk.seen.village.keys))
    return walk if report.ok and walk.tree.root() == said.root else None


def _holds(reader: Reader, old: Checkpoint, new: Checkpoint) -> bool:
    """Say whether one head of a log begins another; true where the old one is the larger.

    A log that goes on where entries were lost names more of them than are left.
    """
    if old.size >= new.size:
        return old.size > new.size or old.root == new.root
    data = reader.get(f"consistency/{old.size}/{new.size}") or b""
    try:
        path = read_steps(data.decode("ascii", "replace").split("\n")[:-1])
    except NotValid:
        return False
    return consistent(old.size, old.root, new.size, new.root, path)
