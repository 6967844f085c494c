"""The least time of a 公示: how long an edition has to stay, since when that is counted, and why.

It is judged when a period is chosen, by the pack of that moment, which the approval names. Whether
a correction begins it anew is for the fields that differ to decide (`core/changes`), for nobody
else.
"""

from msgspec import Struct

from noticeboard.core import packs
from noticeboard.core.days import day_of
from noticeboard.core.notice import Edition, Ended, Notice, Published, Shortening, published
from noticeboard.core.packs import NoticeDays
from noticeboard.core.problems import NotValid
from noticeboard.core.rules import Rules
from noticeboard.core.working import counted


class Least(Struct, frozen=True, kw_only=True):
    """The least time of an edition: `until` (Unix seconds) at the earliest, counted from `since`.

    `anew` says whether it begins with this edition; `known` is false where working days of a year
    were counted whose holidays the bundle does not know.
    """

    rule: NoticeDays
    since: int
    until: int
    anew: bool
    known: bool = True


def least(rules: Rules, pack: str, notice: Notice, edition: Edition, start: int) -> Least | None:
    """Give how long an edition that begins at `start` has to stay at least; None without a rule."""
    rule = rule_for(rules, pack, edition.item, edition.case)
    if rule is None:
        return None
    since = _since(notice, edition, rule)
    place = packs.counting(rules, pack)
    first = start if since is None else since
    until = counted(rules, place, day_of(first), rule.n, rule.unit)
    return Least(rule=rule, since=first, until=until.until, anew=since is None, known=until.known)


def rule_for(rules: Rules, pack: str, item: str | None, case: str | None) -> NoticeDays | None:
    """Give the least time of an item, or of that one of its notices which `case` names."""
    if item is None:
        return None
    own = packs.notice_days(rules, pack, item, case) if case else None
    return own or packs.notice_days(rules, pack, item)


def may_shorten(rule: NoticeDays) -> tuple[Shortening, ...]:
    """Give on what a least time may be shortened: one that binds only where it says so itself.

    One that is only usual gives way to any reason that is written down and published.
    """
    if rule.force == "practice":
        return ("urgent", "reason")
    return ("urgent",) if rule.shorten == "urgent" else ()


def long_enough(least: Least, short: Shortening | None, until: int | None) -> bool:
    """Say whether a period that ends at `until` is one that may be chosen."""
    return until is None or until >= least.until or short in may_shorten(least.rule)


def hold(rules: Rules, pack: str, notice: Notice, start: int, until: int | None) -> None:
    """Refuse a period of the latest edition that is shorter than the place allows.

    Raises NotValid. A bundle without a table of changes asks for nothing.
    """
    edition = notice.latest
    if rules.changes is None or edition.item is None:
        return
    if not pack:
        raise NotValid("没有写照哪一套规则包。", field="days")
    asked = least(rules, pack, notice, edition, start)
    if asked is None or long_enough(asked, edition.short, until):
        return
    text = "这类公示最少 {n} 天，要到 {day}。"
    if asked.rule.unit == "working-day":
        text = "这类公示最少 {n} 个工作日，要到 {day}。"
    fix = "这个天数是当地规定的，不能缩短。"
    if may_shorten(asked.rule):
        fix = "要缩短，请退回，让起草的人写明原因。"
    last = day_of(asked.until - 1).isoformat()
    raise NotValid(text, where="公开几天", fix=fix, field="days", n=asked.rule.n, day=last)


def _since(notice: Notice, edition: Edition, rule: NoticeDays) -> int | None:
    """Give since when the time of a correction has been running, None where it begins anew.

    It goes on from edition to edition as long as each took the place of one that was up and changed
    nothing of substance.
    """
    since = None
    while not rule.restart or edition.change in ("typo", "redaction"):
        former = next((one for one in notice.editions if _is(one, edition.prev)), None)
        up = published(former) if former else None
        if former is None or up is None or not _went_on(former):
            break
        since, edition = up.period.start, former
    return since


def _is(edition: Edition, publish: int | None) -> bool:
    up = published(edition)
    return up is not None and up.publish == publish


def _went_on(edition: Edition) -> bool:
    match edition.state:
        case Ended(how=how):
            return how == "superseded"
        case state:
            return isinstance(state, Published)
