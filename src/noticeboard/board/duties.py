"""Calendars of duties kept: with what goes up and comes down, with the rules, and as time passes.

The log decides, here is only what follows from it: a calendar can be worked out anew at any time.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import Connection

from noticeboard.core import periods
from noticeboard.core.actions import (
    Action,
    Adopt,
    Assign,
    Entry,
    Establish,
    Genesis,
    Happen,
    Publish,
    Withdraw,
    read,
)
from noticeboard.core.days import day_of, starts
from noticeboard.core.duties import Duty, Event, Regime, duties, met_by
from noticeboard.core.fulfilment import Fulfilled, Register
from noticeboard.core.notice import Edition, Ended, Notice, published
from noticeboard.store import assignments, heads, log, notices
from noticeboard.store import duties as store
from noticeboard.store import rules as bundles
from noticeboard.store.database import Database

# So many villages a tick: the month begins for all of them at once, and writers wait meanwhile.
AT_ONCE = 10
_MOST = 100_000
_AGAIN = 600
_LOG = logging.getLogger("noticeboard")


def follow(tx: Connection, village: str, action: Action, notice: Notice | None) -> None:
    """Let the calendars follow an act, in its own transaction."""
    match action:
        case Genesis() | Establish() | Assign():
            if action.village:
                store.mark(tx, action.village)
        case Adopt():
            store.mark_all(tx)
        case Happen():
            store.mark(tx, village)
        case Publish() | Withdraw():
            if notice is not None:
                settle(tx, village, notice)
        case _:
            pass


def settle(tx: Connection, village: str, notice: Notice) -> None:
    """Look anew at what a notice that went up or came down may fulfil."""
    items = {one.item for edition in notice.editions for one in _said(edition)}
    found = store.of_items(tx, village, items) if items else []
    if not found:
        return
    regimes = regimes_of(tx, village)
    ever = [one for one in store.published(tx, village, items) if one.code != notice.code]
    register = Register(_fulfilled([*ever, notice]))
    looked = ((old, met_by(old, regimes, register)) for old in found)
    store.put(tx, village, [new for old, new in looked if new != old])


def roll(database: Database, at: int) -> int:
    """Work out anew the calendars that must be by now; gives how many."""
    with database.read() as tx:
        waiting = store.stale(tx, at, AT_ONCE)
    for village in waiting:
        try:
            with database.write() as tx:
                notices.lock(tx, village)
                rebuild(tx, village, at)
        except Exception:  # noqa: BLE001 - one calendar that cannot be read holds back no other
            _LOG.exception("%s", village)
            with database.write() as tx:
                store.mark(tx, village, at + _AGAIN)
    return len(waiting)


def rebuild(tx: Connection, village: str, at: int) -> None:
    """Work out a village's calendar from the log and the rules, up to a day.

    A village without a duty calendar has an empty one, and so has a log that stopped for ever.
    """
    today, after = day_of(at), None
    found: tuple[Duty, ...] = ()
    if "." not in village and notices.head_of(tx, village).profile.duties:
        went_up = _fulfilled(notices.shown(tx, village, _MOST))
        found = duties(regimes_of(tx, village), went_up, events(tx, village), today)
        # Whatever has a period has one that begins with a month.
        after = starts(periods.start(periods.following(periods.of("month", today))))
    if store.put_all(tx, village, found):
        heads.reveal(tx, village)
    store.settled(tx, village, after)


def regimes_of(tx: Connection, village: str) -> list[Regime]:
    """Give by what a village's duties were and are judged: its packs, each under the bundles."""
    changes = {one.at for one in assignments.adoptions(tx)}
    said = assignments.history(tx, village)
    changes |= {one.at for one in said}
    found = []
    for at in sorted(changes):
        bundle, goes_by = assignments.bundle_at(tx, at), assignments.at(tx, village, at)
        if bundle is not None:
            found.append(
                Regime(
                    since=at,
                    rules=bundles.get(tx, bundle),
                    pack=goes_by.pack,
                    joined=date.fromisoformat(goes_by.joined),
                    document=goes_by.document,
                )
            )
    return found


def events(tx: Connection, village: str) -> list[Event]:
    """Give what was recorded to have happened, without what was taken back or put right."""
    gone, found = set[int](), list[Event]()
    for index, raw in reversed(log.of_acts(tx, village, ("event",))):
        entry = read(raw)
        if not isinstance(entry, Entry) or not isinstance(entry.action, Happen):
            continue
        action = entry.action
        if action.day is not None and index not in gone:
            found.append(Event(index, action.item, date.fromisoformat(action.day), entry.at))
        if action.of is not None:
            gone.add(action.of)
    return found


def _fulfilled(found: Sequence[Notice]) -> Iterator[Fulfilled]:
    for notice in found:
        current = notice.current
        if current is None or _withdrawn(current):
            continue
        since = _since(notice, current)
        for one in _said(current):
            yield Fulfilled(one.item, one.kind, one.publisher, one.covers, notice.code, since)


def _since(notice: Notice, current: Edition) -> int:
    """Give since when a notice says what it says of an item and period: corrections go on."""
    since = 0
    for edition in reversed(notice.editions):
        up = published(edition)
        if up is None:
            continue
        if edition is not current and (_withdrawn(edition) or _about(edition) != _about(current)):
            break
        since = up.at
    return since


def _about(edition: Edition) -> tuple[str | None, str | None, str, str]:
    return edition.item, edition.covers, edition.kind, edition.publisher


def _withdrawn(edition: Edition) -> bool:
    return isinstance(edition.state, Ended) and edition.state.how == "withdrawn"


def _said(edition: Edition) -> Iterator[Fulfilled]:
    if edition.item:
        yield Fulfilled(edition.item, edition.kind, edition.publisher, edition.covers, "", 0)
