"""Drafts begun at the desk: empty, like the last notice of a sort, or for a duty."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from litestar import post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody
from sqlalchemy import Connection

from noticeboard.board import Board, drafting, history
from noticeboard.core.notice import Edition, Published
from noticeboard.core.particulars import Content, Kind, kind_of
from noticeboard.core.problems import NotFound
from noticeboard.show.facts import place
from noticeboard.store import drafts, notices
from noticeboard.store import duties as calendar
from noticeboard.store.drafts import Draft
from noticeboard.store.people import Account
from noticeboard.web import forms
from noticeboard.web.alike import COMES_AGAIN, next_after, sort_of
from noticeboard.web.drafts import Answer, to, writer
from noticeboard.web.week import kind_for, typed_for

# What stands in both of these is a line that comes again.
_LOOKED_BACK: Final = 2
_LOOKED_AT: Final = 1_000


@post("/desk/{village:str}/drafts", sync_to_thread=True)
def begin(
    village: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    body: RawBody,
) -> Answer:
    """Begin an empty draft of the kind that was chosen."""
    number = writer(board, village, me)
    kind = forms.kind_named(forms.sent_fields(body).get("kind", ""))
    return to(_begun(board, village, kind, number, forms.new(kind)))


def _begun(board: Board, village: str, kind: Kind, number: int, typed: dict[str, Any]) -> Draft:
    """Begin a draft, or go on with one that was begun just so and never touched."""
    with board.database.read() as tx:
        for held in drafts.of_village(tx, village):
            same = (held.kind, held.typed, held.writers) == (kind, typed, (number,))
            if same and held.version == 0:
                return held
    return drafting.start(board, village, kind, number, typed)


@post("/desk/{village:str}/drafts/like/{code:str}", sync_to_thread=True)
def begin_like(
    village: FromPath[str],
    code: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
) -> Answer:
    """Begin a draft like the last notice of the same sort as `code`."""
    number = writer(board, village, me)
    with board.database.read() as tx:
        alike = sort_of(history.named(tx, village, code).latest)
        found = _last(tx, village, lambda edition: sort_of(edition) == alike)
    if not found:
        raise NotFound("没有可以照着写的上一期。", value=code)
    former, *earlier = found
    typed = next_after(former, *earlier)
    return to(_begun(board, village, kind_of(former), number, typed), "?like=former")


@post("/desk/{village:str}/duties/{item:str}/{period:str}", sync_to_thread=True)
def begin_duty(
    village: FromPath[str],
    item: FromPath[str],
    period: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
) -> Answer:
    """Begin the draft that fulfils a duty: like the last notice of its item, or filled in."""
    number = writer(board, village, me)
    with board.database.read() as tx:
        where, duty = place(tx, village), calendar.one(tx, village, item, period)
        kind = kind_for(where.rules.catalogue.get(item))
        if duty is None or kind is None:
            raise NotFound("公开日历里没有这一项。", value=item)
        again = kind in COMES_AGAIN and not duty.of_event
        found = (
            _last(tx, village, lambda one: (one.item, one.kind) == (item, kind)) if again else []
        )
    if not found:
        return to(_begun(board, village, kind, number, typed_for(where, duty, kind)))
    typed = next_after(*found, period=period)
    return to(_begun(board, village, kind, number, typed), "?like=former")


def _last(tx: Connection, village: str, fits: Callable[[Edition], bool]) -> list[Content]:
    """Read the newest two published contents that fit, of one sort; never a withdrawn one."""
    found: list[Content] = []
    sort = None
    for notice in notices.shown(tx, village, _LOOKED_AT):
        edition = notice.current
        if edition is None or not isinstance(edition.state, Published) or not fits(edition):
            continue
        sort = sort or sort_of(edition)
        if sort_of(edition) == sort:
            found.append(drafting.content_of(tx, village, edition))
        if len(found) == _LOOKED_BACK:
            break
    return found


HANDLERS: Final[Sequence[HTTPRouteHandler]] = (begin, begin_like, begin_duty)
