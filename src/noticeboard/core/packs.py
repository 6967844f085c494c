"""Rule packs: the numbers of one place, each with its source, laid over those of its parent.

A county's or a village's own numbers are a pack over the province's. What a pack says of an item
goes before what any says of a rhythm, the nearest pack first; the catalogue's own proposal is last.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from msgspec import Meta, Struct
from msgspec.structs import replace

from noticeboard.core.sourced import Code, Force, ItemId, Sourced, Span, Text

if TYPE_CHECKING:
    from noticeboard.core.rules import Rules

MonthDay = Annotated[str, Meta(pattern=r"^(\d{2}-\d{2})?$")]
# A share of a denominator, "more than" or "at least".
Share = Annotated[str, Meta(pattern=r"^(>|>=)[1-9]/[1-9] (members|adults|households|due|present)$")]
# The rhythms that have a period; everything else follows an event.
PERIODIC = ("month", "quarter", "half-year", "year")
# What a pack says of everything it does not name.
DEFAULT = "default"
COUNTRY = "全国"
# Where the catalogue leaves two rhythms to the place and the place says nothing, the slower one.
_SLOWER = {"month/quarter": "quarter", "quarter/year": "year", "year/half-year": "year"}

T = TypeVar("T")


class Counting(Sourced, frozen=True, kw_only=True):
    """How the days of a period are counted; a choice of one is what the program can do today.

    `moves_on`: a period whose last day is no working day ends with the next one that is.
    """

    first_day_counts: bool
    ends_at: Literal["24:00"]
    days: Literal["whole"]
    zone: Literal["Asia/Shanghai"]
    moves_on: bool = False


class Days(Span, frozen=True, kw_only=True):
    """So many days that bind as `force` says; `document` is the county's paper by number.

    `name` says of what the days are, where its place among the others does not.
    """

    name: str = ""
    english: str = ""
    force: Force = "practice"
    document: str = ""


class Deadline(Sourced, frozen=True, kw_only=True):
    """By when an item is to be public.

    `days` after the period's end or the event, or `before` it; with `on` instead, by that day of
    the year (`04-08`), the first at or after the period's end. `event` names what the days are
    counted from where it is not the item's own event: an assembly, an election. What has an `event`
    is due only once such a day was recorded, even if the item has a period.
    """

    days: Annotated[int, Meta(ge=0)] = 0
    unit: Literal["day", "working-day"] = "day"
    on: MonthDay = ""
    before: bool = False
    event: str = ""
    force: Force = "practice"
    document: str = ""


class Rhythm(Sourced, frozen=True, kw_only=True):
    """How often an item is to be published where the place says so itself."""

    cadence: Annotated[
        tuple[Literal["month", "quarter", "half-year", "year", "event", "term", "long-term"], ...],
        Meta(min_length=1),
    ]
    force: Force = "practice"
    document: str = ""


class NoticeDays(Days, frozen=True, kw_only=True):
    """The least time a 公示 stays; who may shorten it; how long it stays again after an objection.

    `shorten`: `never`, `urgent` where the rule itself lets urgent relief be posted afterwards,
    `reason` where a written reason that is published is enough. `name` says which of an item's
    notices is meant where it has several (征地补偿安置方案).
    """

    shorten: Literal["never", "urgent", "reason"] = "reason"
    restart: bool = True
    again: Annotated[int, Meta(ge=0)] = 0


class Retention(Sourced, frozen=True, kw_only=True):
    """How long the archive keeps it: in years, or `permanent`; a slash leaves it to the place."""

    term: Literal["permanent", "30", "10", "10/30", "30/permanent", "permanent/30"]


class Quorum(Sourced, frozen=True, kw_only=True):
    """Who must be there and who must agree, as shares of a denominator.

    A meeting is valid by any one of `attended`, and without any where it is empty: `>=2/3 members`,
    `>1/2 adults`. It resolves by `passed`: `>1/2 present`, `>=2/3 members`.
    """

    name: Text
    english: Text
    attended: tuple[Share, ...] = ()
    passed: Share


class Threshold(Sourced, frozen=True, kw_only=True):
    """A limit in fen above which another way applies; set by the county where `fen` is 0."""

    name: Text
    english: Text
    fen: Annotated[int, Meta(ge=0)] = 0
    force: Force = "practice"
    document: str = ""


class Figure(Sourced, frozen=True, kw_only=True):
    """Any other number of the place, said in words with its unit."""

    name: Text
    english: Text
    value: Text


class Pack(Struct, frozen=True, kw_only=True):
    """The rules of a place.

    `deadlines` go by item (`D17`), by one rhythm of an item (`D27-quarter`) or by rhythm
    (`quarter`); `notices` by item, with a word for one of several (`D46-compensation`); `stays`
    and `retention` by item; those three may have a `default`.
    """

    name: Text
    english: Text
    jurisdiction: Text
    parent: str = ""
    cadences: dict[ItemId, Rhythm] = {}
    deadlines: dict[Text, Deadline] = {}
    notices: dict[Text, NoticeDays] = {}
    stays: dict[Text, Days] = {}
    retention: dict[Text, Retention] = {}
    answers: dict[Code, Days] = {}
    meetings: dict[Code, Days] = {}
    quorums: dict[Code, Quorum] = {}
    thresholds: dict[Code, Threshold] = {}
    figures: dict[Code, Figure] = {}
    counting: Counting | None = None


def chain(packs: Mapping[str, Pack], code: str) -> Iterator[Pack]:
    """Give a pack and its parents, the nearest first; nothing for an unknown code."""
    seen = set()
    while code in packs and code not in seen:
        seen.add(code)
        yield packs[code]
        code = packs[code].parent


def rhythms(rules: "Rules", pack: str, item_id: str) -> tuple[str, ...]:
    """Give how often an item is published: what the pack says, else the catalogue.

    Of two that the catalogue leaves to the place the slower one: nobody is late by a rhythm that
    no rule of the place asks for. Empty for an unknown item.
    """
    own = _nearest(rules, pack, lambda it: it.cadences.get(item_id))
    if own is not None:
        return own.cadence
    item = rules.catalogue.get(item_id)
    return tuple(_SLOWER.get(word, word) for word in item.cadence) if item else ()


def deadline(rules: "Rules", pack: str, item_id: str, rhythm: str = "") -> Deadline | None:
    """Give by when an item is to be public in one of its rhythms, by default its first.

    The nearest pack that names the item wins, then the nearest that names the rhythm, then the
    catalogue's proposal; None where nobody says anything. `source` and `verified` stand in it.
    A law on all of a rhythm binds only what some law valid there says is to be published at all;
    for the rest of the catalogue its number is a good habit.
    """
    rhythm = rhythm or next(iter(rhythms(rules, pack, item_id)), "")
    item = rules.catalogue.get(item_id)
    own = _nearest(
        rules,
        pack,
        lambda it: it.deadlines.get(f"{item_id}-{rhythm}") or it.deadlines.get(item_id),
    )
    if own is None:
        own = _nearest(rules, pack, lambda it: it.deadlines.get(rhythm))
        if own is not None and own.force == "law" and not required(rules, pack, item_id):
            own = replace(own, force="practice")
    if own is None and item is not None:
        own = item.further_deadlines.get(rhythm) or item.deadline
    return own


def required(rules: "Rules", pack: str, item_id: str) -> bool:
    """Say whether a law that was read, of the country or of the place, names the item."""
    item = rules.catalogue.get(item_id)
    places = {place.jurisdiction for place in chain(rules.packs, pack)} | {COUNTRY}
    cited = [rules.sources.get(text.split(" ")[0]) for text in item.source] if item else []
    return any(it is not None and it.extent == "full" and it.within(places) for it in cited)


def notice_days(rules: "Rules", pack: str, item_id: str, case: str = "") -> NoticeDays | None:
    """Give the least time a 公示 of an item stays; None where there is no such rule.

    `case` is one of `notice_cases`. A pack's word for the item goes before the catalogue's
    proposal, and only what is a 公示 at all falls back to the pack's `default`.
    """
    key = f"{item_id}-{case}" if case else item_id
    own = _nearest(rules, pack, lambda it: it.notices.get(key))
    item = rules.catalogue.get(item_id)
    if own is None and item is not None and not case:
        own = item.notice
    if own is None and item is not None and item.mode == "公示":
        own = _nearest(rules, pack, lambda it: it.notices.get(DEFAULT))
    return own


def notice_cases(rules: "Rules", pack: str, item_id: str) -> dict[str, NoticeDays]:
    """Give the notices of an item that have a time of their own, by the word behind its id."""
    cases: dict[str, NoticeDays] = {}
    for place in chain(rules.packs, pack):
        for key, days in place.notices.items():
            of, _, case = key.partition("-")
            if of == item_id and case:
                cases.setdefault(case, days)
    return cases


def stay(rules: "Rules", pack: str, item_id: str) -> Days | None:
    """Give the least time an item stays on the board, or None."""
    own = _nearest(rules, pack, lambda it: it.stays.get(item_id))
    return own or _nearest(rules, pack, lambda it: it.stays.get(DEFAULT))


def retention(rules: "Rules", pack: str, item_id: str) -> Retention | None:
    """Give how long the archive keeps an item: the pack's word, else the catalogue's, or None."""
    own = _nearest(rules, pack, lambda it: it.retention.get(item_id))
    item = rules.catalogue.get(item_id)
    if own is None and item is not None:
        own = item.retention
    return own or _nearest(rules, pack, lambda it: it.retention.get(DEFAULT))


def answer_days(rules: "Rules", pack: str, code: str) -> Days | None:
    """Give how long who `code` names has to answer: `village`, `township`, …; or None."""
    return _nearest(rules, pack, lambda it: it.answers.get(code))


def meeting_days(rules: "Rules", pack: str, code: str) -> Days | None:
    """Give how long before a meeting it is called: `villagers`, `representatives`, …; or None."""
    return _nearest(rules, pack, lambda it: it.meetings.get(code))


def quorum(rules: "Rules", pack: str, code: str) -> Quorum | None:
    """Give who must come and agree to a meeting: `representatives`, `party`, …; or None."""
    return _nearest(rules, pack, lambda it: it.quorums.get(code))


def threshold(rules: "Rules", pack: str, code: str) -> Threshold | None:
    """Give a limit in fen; `fen` is 0 where the county has yet to set it; or None."""
    return _nearest(rules, pack, lambda it: it.thresholds.get(code))


def figure(rules: "Rules", pack: str, code: str) -> Figure | None:
    """Give any other number of the place in its words, or None."""
    return _nearest(rules, pack, lambda it: it.figures.get(code))


def counting(rules: "Rules", pack: str) -> Counting:
    """Give how days are counted there: the nearest pack that says so, else the bundle."""
    return _nearest(rules, pack, lambda it: it.counting) or rules.counting


def _nearest(rules: "Rules", pack: str, asked: Callable[[Pack], T | None]) -> T | None:
    answers = (asked(place) for place in chain(rules.packs, pack))
    return next((answer for answer in answers if answer is not None), None)
