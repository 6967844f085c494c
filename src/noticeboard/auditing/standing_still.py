"""Logs that stand still: that nothing is written into one is a finding, until it goes on.

Only of a log that another one goes on from it is as it should be, and then only said.
"""

from collections.abc import Iterator

from sqlalchemy import Connection

from noticeboard.auditing.report import Report
from noticeboard.board import freezing
from noticeboard.board.way_out import way_out, wrong
from noticeboard.core.actions import Entry, Genesis, read
from noticeboard.core.checkpoints import Checkpoint, read_checkpoint
from noticeboard.core.problems import NotValid
from noticeboard.store import heads, held, log

_ASK = "请管机器的人运行 noticeboard doctor，照它说的做。"


def standing_still(
    tx: Connection, code: str, report: Report, states: dict[str, Checkpoint | None]
) -> None:
    """Put down why nothing is appended to a log, what waits, and the way out of it.

    `states` has what a signer remembers of each village that it could be asked about.
    """
    reason = heads.frozen(tx, code)
    waits = _waiting(tx, code)
    if not reason:
        return
    if reason == freezing.STOPPED:
        if heads.origin(tx, code) in set(_followed(tx)):
            report.remarks.append(f"{code}：{reason}{waits}")
            return
        reason = freezing.UNFOUNDED
    fix = _ASK
    if code in states:
        fix = way_out(code, wrong(tx, code, states[code]))
    report.found(code, "lifecycle", [("停住了", f"{reason}{waits}")], fix)


def _waiting(tx: Connection, code: str) -> str:
    count = len(held.leaves(tx, code))
    if not count:
        return ""
    try:
        about = "、".join(sorted(freezing.codes(tx, code)))
    except NotValid:  # one that cannot be read is named where they are replayed
        about = "有读不懂的"
    return f"停住以后撤下、遮去的 {count} 件还没有记进日志（{about}）。"


def _followed(tx: Connection) -> Iterator[str]:
    """Give the names of the logs here that another log here goes on from."""
    for village in heads.origins(tx).values():
        try:
            first = read(log.leaf_at(tx, village, 0) or b"")
            action = first.action if isinstance(first, Entry) else None
            if isinstance(action, Genesis) and action.predecessor is not None:
                yield read_checkpoint(action.predecessor.encode()).origin
        except NotValid:
            continue
