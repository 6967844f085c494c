"""Judging: an act asked of the rulebook, and the leaf it is if it may be done."""

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.core.actions import Action, Entry, leaf
from noticeboard.core.lifecycle import acting, step
from noticeboard.core.notice import Notice
from noticeboard.core.people import CLOCK, THE_CLOCK, Village
from noticeboard.core.problems import NotValid
from noticeboard.core.rules import Rules
from noticeboard.store import notices

# An entry bundle of tlog-tiles writes a leaf's length in two bytes.
LONGEST = 65_535


class Judged(Struct, frozen=True):
    """An allowed act: its entry and leaf, the village and the notice after it, by which rules."""

    entry: Entry
    leaf: bytes
    village: Village
    notice: Notice | None
    rules: Rules


def judge(
    tx: Connection,
    village: Village,
    action: Action,
    number: int,
    at: int,
    ruling: tuple[str, Rules],
    before: Notice | None = None,
) -> Judged:
    """Judge an act of a person at an instant under a bundle (its hash and rules).

    `before` is the notice where the caller has read it. Raises the rulebook's Problem.
    """
    rules_hash, rules = ruling
    who = THE_CLOCK if number == CLOCK else acting(village, number, action, rules)
    code = getattr(action, "code", None)
    if before is None and code:
        before = notices.get(tx, village.code, code)
    after, notice = step(village, before, action, who, at, rules)
    entry = Entry(
        log=village.origin, at=at, by=who.number, role=who.role, rules=rules_hash, action=action
    )
    written = leaf(entry)
    if len(written) > LONGEST:
        raise NotValid("一次记不下这么多。", fix="请分成几份。")
    return Judged(entry, written, after, notice, rules)
