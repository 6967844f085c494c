"""What witnesses say of a log: their lines are kept, and what they show against it stops it.

Nobody is believed here for who they are: a line counts under the key of a witness of the policy, a
checkpoint counts against a log under the log's own signature, whoever brings either.
"""

from collections.abc import Iterable

from sqlalchemy import Connection

from noticeboard.board import accusing, testimony
from noticeboard.board.board import Board
from noticeboard.board.checkpoints import AHEAD, policy_of
from noticeboard.board.freezing import freeze
from noticeboard.board.testimony import ANOTHER, MORE, against
from noticeboard.core.checkpoints import Checkpoint, opened, read_checkpoint
from noticeboard.core.notes import Note, Signed, read_key, read_note, read_signatures, signed_by
from noticeboard.core.people import Village
from noticeboard.core.problems import NotAllowed, NotFound, NotNow, NotValid
from noticeboard.signing.ed25519 import verify
from noticeboard.store import checkpoints, notices, screens
from noticeboard.store.checkpoints import Cosigned

__all__ = ["ANOTHER", "HASTY", "MORE", "MOST_BYTES", "hand_in", "keep", "shown"]

# What is handed in: a whole cosigned checkpoint, or the lines alone. No policy has more witnesses.
MOST_BYTES = 64 * 1024

# The setting that says of a witness by how many minutes its clock was last before ours.
HASTY = "clock of {}"


def hand_in(board: Board, village: str, data: bytes) -> int:
    """Take what a witness that pulls hands in; gives how many lines were kept.

    `data` is a cosigned checkpoint, or signature lines for the newest one. Raises NotFound for an
    unknown village, NotValid for what cannot be read or does not check, NotAllowed where no line is
    of a witness of the policy, NotNow for a checkpoint that is no longer kept, or when it shows
    that this log must stop.
    """
    if len(data) > MOST_BYTES:
        raise NotValid("交来的太长。", value=str(len(data)))
    with board.database.read() as tx:
        head = _head(tx, village)
        keys, last = policy_of(tx).keys, checkpoints.latest(tx, village)
    if b"\n\n" in data:
        note = read_note(data)
        if why := shown(board, head, note):
            raise NotNow(why)
    elif last is None:
        raise NotNow("这个日志还没有签过。", value=village)
    else:
        note = Note(read_note(last.note).text, read_signatures(data))
    checkpoint = read_checkpoint(note.text)
    if checkpoint.origin != head.origin:
        raise NotValid("这是别的日志的。", value=checkpoint.origin)
    lines = [one for one in signed_by(note, keys, verify) if one.at is not None]
    if not lines:
        raise NotAllowed("这里没有列这个见证。", fix="请管这块板的人把它的公钥写进 policy。")
    return keep(board, village, checkpoint, lines)


def _head(tx: Connection, village: str) -> Village:
    if not village:
        raise NotFound("没有这个村。", value=village)
    return notices.head_of(tx, village).village


def keep(board: Board, village: str, checkpoint: Checkpoint, lines: Iterable[Signed]) -> int:
    """Keep checked lines under a checkpoint that is still kept; gives how many are new.

    The public revision stays: a page that tells of witnesses holds for seconds, a screen asks each
    minute, and neither a notice nor a playlist is another one for it. Raises NotNow, and NotValid
    where all are dated more than `AHEAD` seconds from now: they would stay fresh for as long.
    """
    lines = _in_time(board, lines)
    with board.database.write() as tx:
        notices.lock(tx, village)
        held = checkpoints.at_size(tx, village, checkpoint.size)
        if held is None or held.root != checkpoint.root:
            raise NotNow("这个记录头这里已经不存了，请取新的。", value=str(checkpoint.size))
        return sum(_keep(tx, village, checkpoint.size, one) for one in lines)


def _in_time(board: Board, lines: Iterable[Signed]) -> list[Signed]:
    """Give the lines that are not dated ahead of our clock; what was of whom is remembered."""
    now, good, hasty = board.now(), list[Signed](), dict[str, int]()
    for one in lines:
        minutes = ((one.at or 0) - now) // 60
        if (one.at or 0) <= now + AHEAD:
            good.append(one)
        else:
            hasty[one.key.name] = minutes
    with board.database.read() as tx:
        told = {one.key.name: screens.told(tx, HASTY.format(one.key.name)) for one in good}
    if hasty or any(told.values()):
        with board.database.write() as tx:
            for name, minutes in hasty.items():
                screens.tell(tx, HASTY.format(name), str(minutes))
            for name, said in told.items():
                if said is not None and name not in hasty:
                    screens.forget(tx, HASTY.format(name), said)
    if hasty and not good:
        name, minutes = hasty.popitem()
        raise NotValid(
            "这一行的日期在以后，不收。",
            value=f"{name} 快了 {minutes} 分钟",
            fix="请校准见证那台的时钟；它没有错，就看公开栏这台的。",
        )
    return good


def _keep(tx: Connection, village: str, size: int, one: Signed) -> bool:
    at, name = one.at or 0, one.key.name
    before = {line.name: line.at for line in checkpoints.cosigned(tx, village, size)}
    if before.get(name, -1) >= at:
        return False
    checkpoints.cosign(tx, village, Cosigned(size, name, one.signature.line, at))
    return True


def shown(board: Board, head: Village, note: Note, by: str = "") -> str:
    """Hold a note against a log; gives why it was frozen, or "".

    It counts only under the log's own valid signature: then it is what this log once said, and the
    log as it stands here must hold it. `by` is the witness that was asked, "" where somebody came.
    """
    keys = [read_key(key) for key in head.keys]
    try:
        checkpoint = opened(note, keys, (), verify).checkpoint
    except NotValid:
        return ""
    # Anybody can show what was served to anybody: only what speaks against the log takes its lock.
    with board.database.read() as tx:
        why = against(tx, notices.head_of(tx, head.code).village, checkpoint)
    if not why:
        return ""
    with board.database.write() as tx:
        now = notices.lock(tx, head.code).village
        why = against(tx, now, checkpoint)
        if why:
            testimony.keep(tx, now, checkpoint)
            accusing.stopped(tx, now, note, checkpoint.size, by)
            freeze(tx, head.code, why, board.now())
    if why:
        board.heard()
    return why
