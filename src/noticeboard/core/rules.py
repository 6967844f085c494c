"""A rules bundle as frozen values: what may be published by whom, for how long, and by what source.

A bundle is canonical JSON bytes made once from the files under `data/` and kept for ever under its
hash; every leaf names the hash of the bundle it was judged by. Later bundles only ever gain fields,
each with a default that means "this check does not run", so old bundles keep their meaning.
"""

from bisect import bisect_left
from datetime import date
from hashlib import sha256
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from noticeboard.core.hints import HintRule
from noticeboard.core.masking import Masking
from noticeboard.core.packs import Counting, Deadline, NoticeDays, Pack, Retention
from noticeboard.core.powers import Actor, Power, Reading
from noticeboard.core.problems import UNREADABLE, NotValid
from noticeboard.core.shapes import Shape
from noticeboard.core.sourced import Code, IsoDate, ItemId, Source, Sourced, Span, Tag, Text

Kind = Literal[
    "spending",
    "subsidy",
    "project",
    "decision",
    "asset",
    "contract",
    "labour",
    "table",
    "roster",
    "announcement",
    "answer",
    "nil",
]
Mode = Literal["公示", "公开", "公告"]
Category = Literal[
    "制度",
    "村务",
    "选举",
    "财务",
    "党务",
    "集体",
    "三资",
    "监督",
    "项目",
    "土地",
    "惠民",
    "政务",
]
# A slash means one of the two, as the local rule says.
Cadence = Literal[
    "month",
    "quarter",
    "half-year",
    "year",
    "event",
    "term",
    "long-term",
    "month/quarter",
    "quarter/year",
    "year/half-year",
]
Verb = Literal[
    "submit",
    "return",
    "approve",
    "withdraw",
    "confirm",
    "redact",
    "extend",
    "erase",
    "post",
    "appoint",
    "dismiss",
    "key",
    "publish",
    "clear",
    "assess",
    "event",
]
GroundedAct = Literal["withdraw", "redact", "extend", "erase", "genesis"]


class CatalogueItem(Sourced, frozen=True, kw_only=True):
    """One of the things a village has to publish; `kinds` has the usual shape first."""

    name: Text
    english: Text
    category: Category
    bodies: Annotated[tuple[Text, ...], Meta(min_length=1)]
    cadence: Annotated[tuple[Cadence, ...], Meta(min_length=1)]
    kinds: Annotated[tuple[Kind, ...], Meta(min_length=1)]
    mode: Mode
    audience: Literal["villagers", "members"]
    # Proposals that a pack's own word overrides; the further ones are of other rhythms than the
    # first. A plan speaks of the period that is coming.
    plan: bool = False
    deadline: Deadline | None = None
    further_deadlines: dict[Text, Deadline] = field(default_factory=dict)
    notice: NoticeDays | None = None
    retention: Retention | None = None
    since: Annotated[int, Meta(ge=0)] = 0
    until: Annotated[int, Meta(ge=0)] = 0


class Body(Struct, frozen=True, kw_only=True):
    """Who answers for something: the short name as said, the full one as on a seal.

    `post` is who there has to see to it. `level` says whose lateness it is: a township's stands
    under the township, and a `board` publishes what it says of itself by being there.
    """

    name: Text
    full: Text
    english: Text
    post: str = ""
    english_post: str = ""
    level: Literal["village", "township", "county", "board"] = "village"


class Office(Sourced, frozen=True, kw_only=True):
    """An office people act under, as `printed`; `of_supervision` lets a page say 监委会审核."""

    name: Text
    printed: Text
    english: Text
    body: Text
    may: tuple[Verb, ...]
    of_supervision: bool = False


class Ground(Sourced, frozen=True, kw_only=True):
    """A listed cause; `text` is what a tombstone prints, without the title if `self_leaking`."""

    text: Text
    english: Text
    self_leaking: bool = False


class AfterEnd(Sourced, frozen=True, kw_only=True):
    """What remains of a kind once its period is over: on its own page, and on lists and feeds.

    Screens show nothing of it in any case.
    """

    page: Literal["full", "figures", "nothing"]
    lists: Literal["full", "figures", "nothing"]


class PlainWords(Sourced, frozen=True, kw_only=True):
    """What an account of the books is in a neighbour's words: 管理费用 is what the office costs."""

    plain: Text
    english: Text


class Changes(Sourced, frozen=True, kw_only=True):
    """Which fields of a kind are only its wording; whatever else a correction touches is substance.

    A bundle that has this table also holds every approval to the least time of its notice.
    """

    wording: dict[Kind, tuple[Text, ...]]


class Rules(Struct, frozen=True, kw_only=True):
    """A decoded bundle.

    `holidays` are ISO dates of public holidays on weekdays, `workdays` weekend days that are worked
    instead; both stand in order and are known for `holiday_years` alone.
    """

    v: Literal[1] = 1
    sources: dict[Tag, Source]
    catalogue: dict[ItemId, CatalogueItem]
    bodies: dict[Code, Body]
    offices: dict[Code, Office]
    grounds: dict[GroundedAct, dict[Code, Ground]]
    confirm_within: dict[Literal["withdraw", "redact", "erase"], Span]
    counting: Counting
    suggestions: dict[Mode, Span]
    after_end: dict[Kind, AfterEnd]
    holidays: tuple[IsoDate, ...]
    workdays: tuple[IsoDate, ...]
    holiday_years: tuple[int, ...]
    holiday_basis: Sourced
    packs: dict[Code, Pack] = {}
    actors: dict[Code, Actor] = {}
    powers: dict[ItemId, Power] = {}
    readings: dict[Code, Reading] = {}
    masking: Masking | None = None
    hints: dict[ItemId, HintRule] = {}
    accounts: dict[Text, PlainWords] = {}
    changes: Changes | None = None


_RULES = Shape(Rules)


def decode(bundle: bytes) -> Rules:
    """Read a stored bundle; raises NotValid for bytes that are none, or from a later program."""
    try:
        return _RULES.of_json(bundle)
    except UNREADABLE as error:
        raise NotValid(
            "这套规则读不出来。", value=str(error), fix="请更新程序，或换一份完整的规则。"
        ) from None


def bundle_hash(bundle: bytes) -> str:
    """Give the name of a bundle: SHA-256 of its bytes in lower-case hex."""
    return sha256(bundle).hexdigest()


def knows(rules: Rules, year: int) -> bool:
    """Say whether the bundle has the year's holidays; without them weekdays are taken as worked."""
    return year in rules.holiday_years


def working_day(rules: Rules, iso_date: str) -> bool:
    """Say whether a day (`2026-02-17`) is worked: public holidays are not, make-up days are.

    Of a year the bundle does not know, Monday to Friday; raises ValueError if there is no such day.
    """
    weekday = date.fromisoformat(iso_date).weekday() < 5  # noqa: PLR2004 - Monday is 0
    return not _among(rules.holidays, iso_date) if weekday else _among(rules.workdays, iso_date)


def _among(ordered: tuple[str, ...], day: str) -> bool:
    place = bisect_left(ordered, day)
    return place < len(ordered) and ordered[place] == day
