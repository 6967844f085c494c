"""What a village has to publish this week, each with one touch to a draft that is begun for it."""

import re
from collections.abc import Container, Iterable
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.core import periods
from noticeboard.core.days import DAY, day_of
from noticeboard.core.duties import Duty
from noticeboard.core.fulfilment import NIL
from noticeboard.core.particulars import KINDS, Kind
from noticeboard.core.rules import CatalogueItem
from noticeboard.show import due
from noticeboard.show.facts import Place
from noticeboard.show.texts import Words
from noticeboard.web.forms import new

WEEK: Final = 7 * DAY
# What is longest late comes first; the whole list is the public page's.
MOST: Final = 12
_ASIDE: Final = re.compile(r"[ （/“].*")
_PUBLISHERS: Final = ("committee", "collective")


class ToPublish(Struct, frozen=True, kw_only=True):
    """One duty of the week: what, by when and whose; `begin` is where one touch begins its draft.

    `days` are those left, the last one included, or those it is late already.
    """

    title: Words
    line: tuple[Words, ...]
    days: int
    late: bool
    begin: str


class Week(Struct, frozen=True, kw_only=True):
    """The duties of the week that nobody has in hand.

    `more` are not listed; `page` has them all. `records` is where this person says what happened
    that has to be published.
    """

    duties: tuple[ToPublish, ...] = ()
    more: int = 0
    page: str = ""
    records: str = ""


def week(
    tx: Connection, where: Place, at: int, in_hand: Iterable[tuple[str, str]], verbs: Container[str]
) -> Week:
    """Give what falls due within seven days and what is late, of the village's own.

    `in_hand` are (item, period) of drafts and of what waits for somebody: these stand in the inbox
    already. What was only planned and has passed is never pressed here. `verbs` are those of the
    person who asks.
    """
    found = due.standing(tx, where, at)
    records = f"/desk/{where.code}/happened" if "event" in verbs else ""
    if found is None:
        return Week(records=records if where.profile.duties else "")
    held = set(in_hand)
    soon = (duty for duty in found.near if at < duty.due <= at + WEEK and duty.met is None)
    open_ = [
        duty
        for duty in (*found.late, *soon)
        if found.own(duty) and (duty.item, "" if duty.of_event else duty.period) not in held
    ]
    told = tuple(_told(where, duty, at, writes="submit" in verbs) for duty in open_[:MOST])
    more, page = len(open_) - len(told), f"/v/{where.code}/due"
    return Week(duties=told, more=more, page=page, records=records)


def _told(where: Place, duty: Duty, at: int, *, writes: bool) -> ToPublish:
    late = duty.days_late(at)
    begins = writes and kind_for(where.rules.catalogue.get(duty.item)) is not None
    line = (
        due.period_words(duty, at),
        due.by_words(duty, at),
        due.post_words(where.rules, duty.body),
    )
    return ToPublish(
        title=due.item_words(where.rules, duty.item),
        line=line,
        days=late or (duty.last_day - day_of(at)).days + 1,
        late=bool(late),
        begin=f"/desk/{where.code}/duties/{duty.item}/{duty.period}" if begins else "",
    )


def kind_for(item: CatalogueItem | None) -> Kind | None:
    """Give the kind of notice by which an item is usually published, or None for none of ours."""
    named = item.kinds if item else ()
    return next((kind for name in named if name != NIL for kind in KINDS if kind == name), None)


def typed_for(where: Place, duty: Duty, kind: Kind) -> dict[str, Any]:
    """Give the form of a notice that fulfils a duty, with what is known of it filled in."""
    item = where.rules.catalogue[duty.item]
    own = next((body for body in item.bodies if body in _PUBLISHERS), _PUBLISHERS[0])
    typed = {**new(kind), "item": duty.item, "publisher": own, "title": _title(where, duty, item)}
    return typed if duty.of_event else {**typed, "covers": duty.period}


def _title(where: Place, duty: Duty, item: CatalogueItem) -> str:
    """Say what the notice is, as its heading would: 示例村2026年一季度财务收支明细."""
    span = "" if duty.of_event else periods.in_words(duty.period)
    return f"{where.profile.name}{span}{_ASIDE.sub('', item.name)}"
