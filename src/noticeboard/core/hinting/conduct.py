"""What the log itself tells of how notices were handled: F26 of a notice, F28 of a reviewer.

For reviewers and township only. Times of the log say when two acts were, never how long somebody
looked: a reviewer may have read a draft on paper before.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from noticeboard.core import packs
from noticeboard.core.days import DAY, day_of, local
from noticeboard.core.hinting.look import Task, applied
from noticeboard.core.hints import Applied, Hint, HintRule
from noticeboard.core.notice import Edition, Ended, Notice, Scheduled, published
from noticeboard.core.packs import NoticeDays
from noticeboard.core.rules import working_day

# The rules of this room: of a notice, and of a reviewer.
HANDLED, HASTY = "F26", "F28"
_ROUND = 100


class Approval(Struct, frozen=True):
    """One approval: by whom, of which notice, how many seconds after it was submitted."""

    by: int
    code: str
    seconds: int


def handled(task: Task, notice: Notice, late: int = 0) -> Iterator[Hint]:
    """F26: published late, too short, changed while it was up, taken off early, or at night.

    Its rows are editions. `late` is by how many days a duty that binds was met too late.
    """
    if late:
        yield task.hint("late", days=late)
    for edition in notice.editions:
        yield from _of_edition(task, notice, edition)


def _of_edition(task: Task, notice: Notice, edition: Edition) -> Iterator[Hint]:
    up, rule = published(edition), _rule(task, edition)
    if up is None:
        return
    ed = (edition.ed,)
    if rule is not None and up.period.until is not None:
        days = (up.period.until - up.period.start) // DAY
        if edition.change not in ("typo", "redaction") and rule.unit == "day" and days < rule.n:
            limit = _applied(rule)
            yield task.hint("short", ed, limit, days=days, least=rule.n, no=up.no)
    running = edition.prev is not None and edition.change == "substance"
    if running and _was_running(notice, edition, up.at):
        yield task.hint("changed", ed, no=up.no)
    match edition.state:
        case Ended(how="withdrawn", at=at) if up.period.until and at < up.period.until:
            left = max(1, (up.period.until - at) // DAY)
            yield task.hint("early", ed, days=left, no=up.no)
    then, from_, until = local(up.at), task.limit("evening"), task.limit("morning")
    hour = then.hour * _ROUND + then.minute
    if not working_day(task.look.rules, day_of(up.at).isoformat()) and (
        hour >= from_.n or hour < until.n
    ):
        clock = f"{then.hour}:{then.minute:02d}"
        day = day_of(up.at).isoformat()
        yield task.hint("night", ed, from_, until, day=day, clock=clock, no=up.no)


def _was_running(notice: Notice, edition: Edition, at: int) -> bool:
    for former in notice.editions:
        up = published(former)
        if up is not None and up.publish == edition.prev:
            return up.period.until is not None and at < up.period.until
    return False


def _rule(task: Task, edition: Edition) -> NoticeDays | None:
    item, look = edition.item, task.look
    if item is None:
        return None
    own = packs.notice_days(look.rules, look.pack, item, edition.case) if edition.case else None
    return own or packs.notice_days(look.rules, look.pack, item)


def _applied(rule: NoticeDays) -> Applied:
    return Applied(
        name=rule.name or "公示最少几天",
        english=rule.english or "Least days of a notice",
        n=rule.n,
        unit="day",
        source=rule.source,
        verified=rule.verified,
    )


def approvals(notices: Iterable[Notice]) -> Iterator[Approval]:
    """Give the approvals that notices tell of."""
    for notice in notices:
        for edition in notice.editions:
            up = published(edition)
            if up is not None:
                yield Approval(up.by, notice.code, up.approved_at - edition.at)
            elif isinstance(edition.state, Scheduled):
                yield Approval(edition.state.by, notice.code, edition.state.at - edition.at)


def hasty(rule: HintRule, given: Iterable[Approval], by: int) -> Iterator[Hint]:
    """F28: a reviewer whose approvals almost all came within a minute of the submission."""
    soon, least, most = (applied(rule, code) for code in ("soon", "least", "part"))
    own = [one for one in given if one.by == by]
    quick = [one for one in own if one.seconds < soon.n]
    if len(own) >= least.n and len(quick) * 1000 >= len(own) * most.n:
        yield Hint(
            rule=HASTY,
            case="soon",
            said={"count": len(quick), "of": len(own)},
            limits=(soon, least, most),
            elsewhere=tuple((one.code, 0) for one in quick),
        )
