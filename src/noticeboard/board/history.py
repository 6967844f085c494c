"""What the log remembers of a notice, in order, and which takings down nobody has confirmed."""

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board import freezing
from noticeboard.core.actions import Entry, Return, read, verb
from noticeboard.core.days import DAY, working_days_after
from noticeboard.core.notice import Notice, TakenDown
from noticeboard.core.problems import NotFound
from noticeboard.core.rules import Rules, working_day
from noticeboard.core.shapes import Shape
from noticeboard.store import blobs, log, notices

_TEXT = Shape(str)
TAKING_DOWN = ("withdraw", "redact", "erase")


class Remembered(Struct, frozen=True):
    """One entry about a notice: its leaf's index, the entry, and why, where a reason is kept."""

    index: int
    entry: Entry
    reason: str = ""

    @property
    def act(self) -> str:
        """Give the word of the log for it."""
        return verb(self.entry.action)


def named(tx: Connection, village: str, code: str) -> Notice:
    """Read the notice of a code; raises NotFound."""
    notice = notices.get(tx, village, code)
    if notice is None:
        raise NotFound("没有这份公示。", value=code)
    return notice


def of_notice(tx: Connection, village: str, code: str) -> list[Remembered]:
    """Give every entry about a notice that this version can read, the oldest first.

    What was taken down while the log is frozen stands behind, as the entries it will be.
    """
    logged = [(index, read(raw)) for index, raw in log.of_notice(tx, village, code)]
    logged += freezing.about(tx, village, code)
    return [
        Remembered(index, entry, _reason(tx, village, entry))
        for index, entry in logged
        if isinstance(entry, Entry)
    ]


def _reason(tx: Connection, village: str, entry: Entry) -> str:
    if not isinstance(entry.action, Return):
        return ""
    held = blobs.texts(tx, village, entry.action.parts, "reason")
    return "".join(_TEXT.of_json(body) for body in held.values())


def last_reason(tx: Connection, village: str, code: str) -> str:
    """Give why a notice was last sent back, or "" when it was not or the reason is erased."""
    returned = [found for found in of_notice(tx, village, code) if found.act == "return"]
    return returned[-1].reason if returned else ""


class Unconfirmed(Struct, frozen=True):
    """A taking down that waits for a second person; `by` is the end of the time the rules give."""

    notice: Notice
    down: TakenDown
    by: int | None

    def late(self, at: int) -> bool:
        """Say whether the time to confirm it is over."""
        return self.by is not None and at >= self.by


def unconfirmed(tx: Connection, village: str, rules: Rules) -> list[Unconfirmed]:
    """Give the takings down of a village that nobody has confirmed, the oldest first."""
    codes = {*log.codes_of(tx, village, TAKING_DOWN), *freezing.codes(tx, village)}
    found = [notices.get(tx, village, code) for code in sorted(codes)]
    waiting = [
        Unconfirmed(notice, down, confirm_by(down, rules))
        for notice in found
        if notice is not None
        for down in notice.taken_down
        if down.confirmed_by is None
    ]
    return sorted(waiting, key=lambda one: one.down.index)


def confirm_by(down: TakenDown, rules: Rules) -> int | None:
    """Give the instant by which the rules want a second person, or None where they name no time."""
    span = next((span for act, span in rules.confirm_within.items() if act == down.act), None)
    if span is None:
        return None
    if span.unit == "working-day":
        return working_days_after(down.at, span.n, lambda day: working_day(rules, day))
    return down.at + span.n * DAY
