"""Rule packs: the numbers of one place, each with its source, laid over those of its parent.

A county's or a village's own numbers are a pack over the province's; the nearest pack that says
something of an item wins, and the catalogue's own proposal comes last.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from noticeboard.core.sourced import Code, Force, Sourced, Span, Text

MonthDay = Annotated[str, Meta(pattern=r"^(\d{2}-\d{2})?$")]
# A share of a denominator, "more than" or "at least".
Share = Annotated[str, Meta(pattern=r"^(>|>=)[1-9]/[1-9] (members|adults|households|due|present)$")]
# The rhythms that have a period; everything else follows an event.
PERIODIC = ("month", "quarter", "half-year", "year")


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
    """So many days that bind as `force` says; `document` is the county's paper by number."""

    force: Force = "practice"
    document: str = ""


class Deadline(Sourced, frozen=True, kw_only=True):
    """By when an item is to be public.

    `days` after the period's end or the event, or `before` it; with `on` instead, by that day of
    the year (`04-08`), the first at or after the period's end.
    """

    days: Annotated[int, Meta(ge=0)] = 0
    unit: Literal["day", "working-day"] = "day"
    on: MonthDay = ""
    before: bool = False
    force: Force = "practice"
    document: str = ""


class NoticeDays(Days, frozen=True, kw_only=True):
    """The least time a 公示 stays; who may shorten it; how long it stays again after an objection.

    `shorten`: `never`, `urgent` where the rule itself lets urgent relief be posted afterwards,
    `reason` where a written reason that is published is enough.
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
    """The rules of a place. `deadlines` go by item or by rhythm, an item before a rhythm."""

    name: Text
    english: Text
    jurisdiction: Text
    parent: str = ""
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
