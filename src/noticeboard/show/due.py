"""Duties in words: which period, by when, who has to see to it, and what the day rests on."""

from datetime import date

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.core import packs, periods
from noticeboard.core.days import DAY, local, starts
from noticeboard.core.duties import Duty
from noticeboard.core.packs import Deadline
from noticeboard.core.rules import Body, Rules
from noticeboard.show.basis import words as basis
from noticeboard.show.facts import Place
from noticeboard.show.numbers import covers
from noticeboard.show.texts import Text, Words, day, text
from noticeboard.store import assignments
from noticeboard.store import duties as store

# How far a page looks back for what was met, and ahead for what is coming.
BACK = 100 * DAY
AHEAD = 45 * DAY


class Standing(Struct, frozen=True, kw_only=True):
    """A village's calendar at a moment: what is late, and what fell and falls due around now.

    `near` is in order of its last days, met or not; what is late stands in `late` alone. `own` and
    `others` tell the village's duties from those of township and county.
    """

    at: int
    rules: Rules
    late: tuple[Duty, ...]
    near: tuple[Duty, ...]

    def own(self, duty: Duty) -> bool:
        """Say whether the village itself answers for a duty."""
        return level(self.rules, duty) == "village"

    @property
    def own_late(self) -> tuple[Duty, ...]:
        """Give what the village itself is late with, the longest first."""
        return tuple(duty for duty in self.late if self.own(duty))

    def month(self) -> tuple[Duty, ...]:
        """Give the village's own duties whose last day is in this month."""
        month = periods.of("month", local(self.at).date())
        return tuple(
            duty
            for duty in (*self.late, *self.near)
            if self.own(duty) and periods.holds(month, duty.last_day.isoformat())
        )


def standing(tx: Connection, where: Place, at: int) -> Standing | None:
    """Read a village's calendar; None where it has none."""
    if not where.profile.duties or not store.has_any(tx, where.code):
        return None
    late = store.late_of(tx, where.code, at)
    # Whole months, so that what is counted of a month is all of it.
    since = starts(local(at - BACK).date().replace(day=1))
    near = store.due_between(tx, where.code, since, at + AHEAD)
    gone = {(duty.item, duty.period) for duty in late}
    return Standing(
        at=at,
        rules=where.rules,
        late=tuple(late),
        near=tuple(duty for duty in near if (duty.item, duty.period) not in gone),
    )


def level(rules: Rules, duty: Duty) -> str:
    """Say under whom a duty stands: village, township or county."""
    body = rules.bodies.get(duty.body)
    return body.level if body else "village"


def item_words(rules: Rules, item: str) -> Words:
    """Name an item of the catalogue."""
    found = rules.catalogue.get(item)
    return Text(found.name, english=found.english) if found else item


def post_words(rules: Rules, code: str) -> Words:
    """Name who has to see to it: a post of the village, else the body itself."""
    body = rules.bodies.get(code) or Body(name=code, full=code, english=code)
    if body.post:
        return Text(body.post, english=body.english_post)
    return Text(body.name, english=body.english)


def period_words(duty: Duty, at: int) -> Words:
    """Name the period or the recorded day that a duty is about, its year where it is another."""
    if duty.of_event:
        return text("{day}的事", day=day(duty.day, at))
    name, year = covers(duty.period), duty.period[:4]
    if "-" in duty.period and int(year) != local(at).year:
        return text("{year}年{period}", year=year, period=name)
    return name


def by_words(duty: Duty, at: int) -> Text:
    """Say by when: a day that binds, or one that is only planned."""
    last = day(duty.last_day.isoformat(), at)
    if duty.binding:
        return text("{day}以前", day=last)
    return text("计划{day}", day=last)


def rule_words(rules: Rules, duty: Duty) -> Words:
    """Say how the last day is counted."""
    rule, item = duty.rule, rules.catalogue.get(duty.item)
    if rule.on:
        month_day = date(2000, int(rule.on[:2]), int(rule.on[3:]))
        return text("每年{day}以前", day=_month_day(month_day))
    if duty.of_event:
        return _event_words(rule)
    if item is not None and item.plan:
        return text("时期开始后 {days}", days=_days(rule))
    return text("时期结束后 {days}", days=_days(rule))


def _event_words(rule: Deadline) -> Text:
    if rule.before:
        return text("那一天以前 {days}", days=_days(rule))
    return text("当天") if not rule.days else text("那一天以后 {days}", days=_days(rule))


def _days(rule: Deadline) -> Text:
    if rule.unit == "working-day":
        return text("{n} 个工作日", n=rule.days)
    return text("{n} 天", n=rule.days)


def _month_day(value: date) -> Text:
    args = day(value.isoformat()).args
    return text("{month}月{day}日", **args)


def force_words(duty: Duty, document: str) -> Words:
    """Say whether the day binds, and by what; `document` is the one by which the village joined."""
    if not duty.binding:
        if duty.rule.force == "practice":
            return text("只是计划的日子，过了不算迟")
        return text("那时候村里还没有按这个规定算，过了不算迟")
    if duty.rule.force == "law":
        return text("本地法规定的日子，过了就是迟")
    paper = duty.rule.document or document
    return text("县里定的日子（{document}），过了就是迟", document=paper)


def mark(rule: Deadline) -> Text:
    """Say in a word how far a day's source is known."""
    match rule.verified:
        case "yes":
            return text("读过全文")
        case "general-knowledge":
            return text("通用做法，未核")
    return text("未核")


def counting_words(tx: Connection, where: Place, at: int) -> tuple[Words, ...]:
    """Say by which pack a village goes since when, how days are counted there, and by what."""
    goes_by = assignments.at(tx, where.code, at)
    pack = where.rules.packs.get(goes_by.pack)
    name = Text(pack.name, english=pack.english) if pack else goes_by.pack
    said: list[Words] = []
    since = day(goes_by.joined, at)
    if goes_by.document:
        said.append(
            text(
                "这个村从{day}起按“{pack}”算（{document}）。",
                day=since,
                pack=name,
                document=goes_by.document,
            )
        )
    else:
        said.append(text("这个村从{day}起按“{pack}”算。", day=since, pack=name))
    counting = packs.counting(where.rules, goes_by.pack)
    if counting.first_day_counts:
        said.append(text("开始的那一天算第一天，到最后一天 24:00 为止。"))
    else:
        said.append(text("开始的那一天不算，到最后一天 24:00 为止。"))
    if counting.moves_on:
        said.append(text("最后一天放假的，顺到下一个工作日。"))
    rests_on = basis(where.rules, counting.source, counting.verified)
    said.append(text("日子这样数的依据：{basis}。", basis=rests_on))
    return tuple(said)
