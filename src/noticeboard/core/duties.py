"""What a village has to publish and by when: planned, due, met or late, from the rules alone.

A duty is one item for one period or one recorded event. It is judged by the regime in force at its
deadline. Late it can be only where the deadline is local law or was adopted by the county under a
document's number, and only for a period or an event after the village joined; everything else has
a planned day, and missing that is never called late.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from noticeboard.core import packs, periods, working
from noticeboard.core.days import day_of, starts
from noticeboard.core.fulfilment import Fulfilled, Met, Register
from noticeboard.core.packs import Counting, Deadline
from noticeboard.core.rules import CatalogueItem, Rules
from noticeboard.core.working import Counted

Standing = Literal["met", "late", "due", "planned"]
EVENT: Final = "e"
# Rhythms without an end of their own: what they ask for follows a day that somebody records.
_BY_EVENT: Final = ("event", "term")


class Regime(Struct, frozen=True, kw_only=True):
    """What duties are judged by from the instant `since` on, until the next regime begins.

    `document` is the number of the paper by which the county had the village take part.
    """

    since: int
    rules: Rules
    pack: str
    joined: date
    document: str = ""


class Event(Struct, frozen=True):
    """Something that happened on a `day`, or will, of which an item speaks: leaf `index` says it.

    `at` is when it was recorded.
    """

    index: int
    item: str
    day: date
    at: int


class Duty(Struct, frozen=True, kw_only=True):
    """One item to be published for a period, or after an event (`e12`: the one of leaf 12).

    `day` (ISO) is what is counted from, `due` 24:00 of the last day. A notice counts that went up
    since `opens`. `binding` says that it can be late. `known` is false where a year's holidays were
    not known and weekdays were taken. `rule` has the basis.
    """

    item: str
    body: str
    period: str
    day: str
    due: int
    opens: int
    binding: bool
    rule: Deadline
    known: bool = True
    met: Met | None = None

    @property
    def last_day(self) -> date:
        """Give the last day on which it is in time."""
        return day_of(self.due - 1)

    @property
    def of_event(self) -> bool:
        """Say whether it follows an event instead of a period."""
        return self.period.startswith(EVENT)

    def standing(self, at: int) -> Standing:
        """Say how it stands at an instant; late begins with the first minute after the end."""
        if self.met is not None:
            return "met"
        if not self.binding:
            return "planned"
        return "late" if at >= self.due else "due"

    def days_late(self, at: int) -> int:
        """Count the days it is late, or was when it was met; 0 where it cannot be."""
        when = self.met.at if self.met is not None else at
        return max(0, (day_of(when) - self.last_day).days) if self.binding else 0


class _Ruling(Struct, frozen=True):
    """What one regime says of one rhythm of an item."""

    regime: Regime
    item: CatalogueItem
    rule: Deadline
    counting: Counting

    def binds(self, day: date) -> bool:
        rule = self.rule
        law = rule.force == "law"
        county = rule.force == "county" and bool(rule.document or self.regime.document)
        return (law or county) and day >= self.regime.joined

    def of_period(self, id_: str, period: str) -> Duty | None:
        first, year = periods.start(period), int(period[:4])
        if not _valid(self.item, year):
            return None
        base = first if self.item.plan else periods.end(period)
        return self._duty(id_, period, base, self._last(base), first, starts(first))

    def of_event(self, event: Event) -> Duty | None:
        if not _valid(self.item, event.day.year):
            return None
        last, opens = self._last(event.day), starts(event.day)
        if self.rule.before:
            last = self._before(event.day)
            opens = min(event.at, starts(last.day))
        period = f"{EVENT}{event.index}"
        return self._duty(event.item, period, event.day, last, event.day, opens)

    def _duty(self, id_: str, period: str, base: date, last: Counted, of: date, opens: int) -> Duty:
        return Duty(
            item=id_,
            body=self.item.bodies[0],
            period=period,
            day=base.isoformat(),
            due=last.until,
            opens=opens,
            binding=self.binds(of),
            rule=self.rule,
            known=last.known,
        )

    def _last(self, base: date) -> Counted:
        rule, rules = self.rule, self.regime.rules
        if rule.on:
            return working.on(rules, self.counting, base, rule.on)
        return working.counted(rules, self.counting, base, rule.days, rule.unit)

    def _before(self, day: date) -> Counted:
        return working.before(self.regime.rules, day, self.rule.days, self.rule.unit)


def duties(
    regimes: Sequence[Regime],
    fulfilled: Iterable[Fulfilled],
    events: Iterable[Event],
    today: date,
) -> tuple[Duty, ...]:
    """Give every duty of a village whose period has begun or whose event is recorded, by its end.

    `regimes` stand in order of time; the first period of an item is the first that begins on or
    after the earliest joining day. `fulfilled` is what went up and is not withdrawn.
    """
    register, happened = Register(fulfilled), list(events)
    found = (met_by(duty, regimes, register) for duty in owed(regimes, happened, today))
    return tuple(sorted(found, key=lambda duty: (duty.due, duty.item, duty.period)))


def met_by(duty: Duty, regimes: Sequence[Regime], register: Register) -> Duty:
    """Give a duty with what fulfilled it, or with nothing."""
    item = in_force(regimes, duty.due - 1).rules.catalogue.get(duty.item)
    if item is None:
        return replace(duty, met=None)
    if duty.of_event:
        before = duty.rule.before
        met = register.of_event(duty.item, item, duty.day, duty.opens, before=before)
        return replace(duty, met=met)
    return replace(duty, met=register.of_period(duty.item, item, duty.period))


def in_force(regimes: Sequence[Regime], at: int) -> Regime:
    """Give the regime in force at an instant; before the first, the first."""
    begun = [regime for regime in regimes if regime.since <= at]
    return begun[-1] if begun else regimes[0]


def owed(regimes: Sequence[Regime], events: Sequence[Event], today: date) -> Iterator[Duty]:
    """Give the duties themselves, met or not, in no order."""
    first = min((regime.joined for regime in regimes), default=today)
    for id_ in sorted({id_ for regime in regimes for id_ in regime.rules.catalogue}):
        for every in periods.RHYTHMS:
            said = [_ruling(regime, id_, every) for regime in regimes]
            if not any(said):
                continue
            for period in periods.between(every, first, today):
                duty = _judged(
                    regimes, [one.of_period(id_, period) if one else None for one in said]
                )
                if duty is not None:
                    yield duty
    for event in events:
        ruled = [_of_events(regime, event.item) for regime in regimes]
        duty = _judged(regimes, [one.of_event(event) if one else None for one in ruled])
        if duty is not None:
            yield duty


def _ruling(regime: Regime, id_: str, every: str) -> _Ruling | None:
    """Give what a regime says of a rhythm with periods, unless it waits for an event."""
    item = _asked(regime, id_)
    if item is None or every not in packs.rhythms(regime.rules, regime.pack, id_):
        return None
    rule = packs.deadline(regime.rules, regime.pack, id_, every)
    if rule is None or rule.event or rule.before:
        return None
    return _Ruling(regime, item, rule, packs.counting(regime.rules, regime.pack))


def _of_events(regime: Regime, id_: str) -> _Ruling | None:
    """Give what a regime says of the days that are recorded of an item."""
    item = _asked(regime, id_)
    if item is None:
        return None
    for word in packs.rhythms(regime.rules, regime.pack, id_):
        rule = packs.deadline(regime.rules, regime.pack, id_, word)
        if rule is not None and (word in _BY_EVENT or rule.event):
            return _Ruling(regime, item, rule, packs.counting(regime.rules, regime.pack))
    return None


def of_events(regime: Regime) -> tuple[str, ...]:
    """Give the items whose duties wait for a recorded day."""
    return tuple(id_ for id_ in regime.rules.catalogue if _of_events(regime, id_) is not None)


def _asked(regime: Regime, id_: str) -> CatalogueItem | None:
    """Give an item that somebody publishes; what the board says of itself is no duty."""
    item = regime.rules.catalogue.get(id_)
    body = regime.rules.bodies.get(item.bodies[0]) if item else None
    return item if body is not None and body.level != "board" else None


def _judged(regimes: Sequence[Regime], said: Sequence[Duty | None]) -> Duty | None:
    """Choose among what each regime says the word of the one in force at its own deadline.

    Where a regime came when its own deadline was over already, nobody was ever held to that one:
    the day is only planned.
    """
    ends_at = [*(regime.since for regime in regimes[1:]), None]
    for regime, duty, end in zip(regimes, said, ends_at, strict=True):
        if duty is not None and (end is None or duty.due <= end):
            held = duty.due > regime.since
            return duty if held or not duty.binding else replace(duty, binding=False)
    return None


def _valid(item: CatalogueItem, year: int) -> bool:
    return item.since <= year and (not item.until or year <= item.until)
