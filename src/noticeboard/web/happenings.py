"""What happened that has to be published: recorded at the desk, put right, or taken back."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody
from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board import Board, accounts, happening
from noticeboard.core.problems import Finding, NotAllowed, NotValid, Problem
from noticeboard.show import due
from noticeboard.show.facts import Place, place
from noticeboard.show.texts import Words, day, text
from noticeboard.store.people import Account
from noticeboard.web.answers import DeskView, desk, onward, page, typed_once, wants_json, whole
from noticeboard.web.forms import sent_fields

HAPPENED: Final = "/desk/{village:str}/happened"


class Kept(Struct, frozen=True, kw_only=True):
    """One thing that was recorded: what in whose words, when, which item waits for it."""

    index: int
    item: str
    name: Words
    text: str
    day: str
    on: Words
    by: str


class Happenings(DeskView, frozen=True, kw_only=True):
    """What was recorded, and the form; `typed` is what stood in a form that was refused."""

    template: ClassVar[str] = "desk/happened.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "desk", "form")

    kept: tuple[Kept, ...]
    items: tuple[tuple[str, Words], ...]
    typed: Mapping[str, str]
    longest: int = happening.MOST_TEXT


def _seat(board: Board, me: Account, village: str) -> int:
    """Give the number of somebody who may record here; raises NotAllowed."""
    number = accounts.seat(board, me.id, village)
    with board.database.read() as tx:
        if "event" not in place(tx, village).verbs(number):
            raise NotAllowed("您在这个村不能记这件事。", fix="请找报账员或者监委会的人。")
    return number


def _page(
    board: Board,
    me: Account,
    village: str,
    typed: Mapping[str, str] | None = None,
    findings: Sequence[Finding] = (),
) -> Happenings:
    _seat(board, me, village)
    with board.database.read() as tx:
        where = place(tx, village)
        items = happening.items_of(tx, village)
        return Happenings(
            desk=desk(board, tx, me, text("记一件事"), village),
            findings=tuple(findings),
            kept=tuple(_kept(tx, where, board.now())),
            items=tuple((item, due.item_words(where.rules, item)) for item in items),
            typed=typed or {},
        )


def _kept(tx: Connection, where: Place, at: int) -> list[Kept]:
    return [
        Kept(
            index=one.event.index,
            item=one.event.item,
            name=due.item_words(where.rules, one.event.item),
            text=one.text,
            day=one.event.day.isoformat(),
            on=day(one.event.day.isoformat(), at),
            by=where.people.get(one.by, ""),
        )
        for one in happening.of_village(tx, where.code)
    ]


@get(HAPPENED, sync_to_thread=True)
def show_happened(
    village: FromPath[str], board: NamedDependency[Board], me: NamedDependency[Account]
) -> Response[bytes]:
    """Show what was recorded, and the form."""
    return page(_page(board, me, village))


@post(HAPPENED, sync_to_thread=True)
def record(
    village: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    body: RawBody,
    request: Request[Any, Any, Any],
) -> Response[bytes]:
    """Record something; with `of` put right what an entry says, without a day take it back."""
    sent = sent_fields(body)
    try:
        number = _seat(board, me, village)
        of = whole(sent, "of") if sent.get("of") else None
        gone = of is not None and sent.get("act") == "gone"
        happening.record(
            board,
            village,
            number,
            item=sent.get("item", ""),
            day=None if gone else sent.get("day", "").strip(),
            text=sent.get("text", ""),
            of=of,
            sent=typed_once(sent, me, "event"),
        )
    except Problem as problem:
        if wants_json(request) or not isinstance(problem, NotValid):
            raise
        return page(_page(board, me, village, sent, problem.findings), problem.status)
    return onward(f"/desk/{village}/happened")


HANDLERS: Final[Sequence[HTTPRouteHandler]] = (show_happened, record)
