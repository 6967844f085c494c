"""What the rules of its own day say of an edition: how long it stays at least, how it was decided.

An edition is judged by the bundle and the pack of the moment at which it was agreed to: a rule that
came later changes no page.
"""

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.core.noticing import Least, least, rule_for
from noticeboard.core.packs import NoticeDays
from noticeboard.core.particulars import Content, Decision
from noticeboard.core.rules import Rules
from noticeboard.show.basis import words as basis
from noticeboard.show.deciding import Weighed, money_of, weigh
from noticeboard.show.facts import Facts, Place
from noticeboard.show.texts import Text, Words, text
from noticeboard.store import assignments
from noticeboard.store import rules as bundles


class Term(Struct, frozen=True, kw_only=True):
    """The least time of an edition, said with its source; `anew` says what a correction does to it.

    `short` stands where it is shorter: on what, and its writer's reason.
    """

    least: Words
    anew: Words = ""
    short: tuple[Words, ...] = ()


class Judged(Struct, frozen=True, kw_only=True):
    """What an edition is held against; both empty where the rules of its day say nothing."""

    term: Term | None = None
    weighed: Weighed | None = None


def judged(tx: Connection, facts: Facts) -> Judged:
    """Judge a public edition by the rules under which it was agreed to."""
    up, stated = facts.up, facts.stated
    if up is None or stated is None:
        return Judged()
    where = facts.place
    rules, pack = of_day(tx, where, up.approved_at)
    found = least(rules, pack, facts.notice, facts.edition, up.planned)
    term = None
    if found is not None:
        term = Term(
            least=least_words(rules, found.rule),
            anew=anew_words(found) if facts.edition.prev is not None else "",
            short=_short(stated.content, found, up.period.until),
        )
    particulars = stated.content.particulars
    if not isinstance(particulars, Decision):
        return Judged(term=term)
    money = money_of(tx, where, facts.notice.code, particulars, facts.at)
    return Judged(term=term, weighed=weigh(rules, pack, particulars, money))


def judged_draft(tx: Connection, where: Place, code: str, content: Content, at: int) -> Judged:
    """Judge what is not public yet by the rules of now."""
    rules, pack = of_day(tx, where, at)
    rule = rule_for(rules, pack, content.item, content.case)
    term = None
    if rule is not None:
        term = Term(least=least_words(rules, rule), short=_reason(content))
    particulars = content.particulars
    if not isinstance(particulars, Decision):
        return Judged(term=term)
    money = money_of(tx, where, code, particulars, at)
    return Judged(term=term, weighed=weigh(rules, pack, particulars, money))


def of_day(tx: Connection, where: Place, at: int) -> tuple[Rules, str]:
    """Give the rules and the village's pack that were in force at an instant."""
    bundle = assignments.bundle_at(tx, at)
    rules = bundles.get(tx, bundle) if bundle else where.rules
    return rules, assignments.at(tx, where.code.partition(".")[0], at).pack


def least_words(rules: Rules, rule: NoticeDays) -> Text:
    """Say how long such a notice stays at least, and what that rests on."""
    rests_on = basis(rules, rule.source, rule.verified)
    if rule.unit == "working-day":
        return text("这类公示最少 {n} 个工作日：{basis}", n=rule.n, basis=rests_on)
    return text("这类公示最少 {n} 天：{basis}", n=rule.n, basis=rests_on)


def anew_words(found: Least) -> Text:
    """Say whether the time of a corrected notice began anew with it."""
    if found.anew:
        return text("改了内容，公示的天数从头算。")
    return text("没有改内容，公示的天数接着算。")


def _short(content: Content, found: Least, until: int | None) -> tuple[Words, ...]:
    return _reason(content) if until is not None and until < found.until else ()


def _reason(content: Content) -> tuple[Words, ...]:
    said: list[Words] = [text("急难救助，先办后公示。")] if content.short == "urgent" else []
    if content.short and content.short_reason:
        said.append(text("原因：{reason}", reason=content.short_reason))
    return tuple(said)
