"""Freezing: a log that does not add up is read and taken down from, and nothing else."""

from sqlalchemy import Connection

from noticeboard.store import checkpoints


def freeze(tx: Connection, village: str, reason: str) -> None:
    """Let nothing be appended to a village's log any more; `reason` is a whole sentence.

    The first reason stays. The village's pages say so, so their revision rises.
    """
    checkpoints.freeze(tx, village, reason)
