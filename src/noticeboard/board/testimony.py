"""Testimony: what a witness showed under our own signature; the log must hold it to go on.

It is kept when it stops a log, so that this machine can tell by itself whether what was lost came
back: a log that goes on without it would be stopped again by the next look of the same witness.
"""

from sqlalchemy import Connection

from noticeboard.core.checkpoints import Checkpoint, read_checkpoint
from noticeboard.core.people import Village
from noticeboard.core.problems import NotValid
from noticeboard.store import screens, tree

MORE = "见证那里有这个日志签过的、比这里更多的记录：这里丢了记录，或者被换回旧的了。"
ANOTHER = "见证那里有这个日志签过的记录，和这里的不一样。"

# The setting that holds, for a village, the largest such checkpoint.
_SHOWN = "shown {}"


def against(tx: Connection, village: Village, checkpoint: Checkpoint) -> str:
    """Say how a checkpoint that this log signed speaks against it, or ""."""
    if checkpoint.origin != village.origin:
        return ""
    if checkpoint.size > village.size:
        return MORE
    return "" if tree.root(tx, village.code, checkpoint.size) == checkpoint.root else ANOTHER


def keep(tx: Connection, village: Village, checkpoint: Checkpoint) -> None:
    """Keep what stops a log, unless larger is kept already."""
    before = shown(tx, village)
    if before is None or before.size < checkpoint.size:
        screens.tell(tx, _SHOWN.format(village.code), checkpoint.text.decode())


def shown(tx: Connection, village: Village) -> Checkpoint | None:
    """Give the largest checkpoint that ever stopped this log, or None."""
    said = screens.told(tx, _SHOWN.format(village.code))
    try:
        checkpoint = read_checkpoint(said.encode()) if said else None
    except NotValid:
        return None
    return checkpoint if checkpoint and checkpoint.origin == village.origin else None


def unanswered(tx: Connection, village: Village) -> str:
    """Say how what was shown still speaks against the log as it is now, or ""."""
    checkpoint = shown(tx, village)
    return against(tx, village, checkpoint) if checkpoint else ""
