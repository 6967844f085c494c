"""The desk's pages to read: which village, the inbox, a notice, its review, pictures in full."""

from collections.abc import Sequence
from typing import Any, ClassVar

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody
from msgspec import Struct

from noticeboard.board import Board, accounts, accusing, attaching
from noticeboard.core.problems import NotFound
from noticeboard.show.facts import place
from noticeboard.show.standing_still import for_good, in_short
from noticeboard.show.texts import Words, text
from noticeboard.store import blobs, people
from noticeboard.store.people import Account
from noticeboard.web.answers import DeskView, answer, desk, onward, page
from noticeboard.web.forms import sent_fields
from noticeboard.web.inbox import Row, inbox
from noticeboard.web.paper import paper
from noticeboard.web.review import as_shown, review


class Choice(Struct, frozen=True):
    """A village to go to, and how much waits there.

    `stopped` says since when and why its log stands still, `lying` which witnesses answered what
    cannot be.
    """

    code: str
    name: str
    mine: int
    late: int
    stopped: Words
    lying: tuple[str, ...]


class Villages(DeskView, frozen=True, kw_only=True):
    """The desk of somebody with offices in several villages: what is late anywhere comes first."""

    template: ClassVar[str] = "desk/villages.html"

    villages: tuple[Choice, ...]
    late: tuple[tuple[str, Row], ...]


@get("/desk", sync_to_thread=True)
def choose(board: NamedDependency[Board], me: NamedDependency[Account]) -> Response[bytes]:
    """Go to the one village somebody has an office in, or show all of theirs."""
    with board.database.read() as tx:
        members = people.villages_of(tx, me.id)
        where = desk(board, tx, me, text("您的村"))
    seats = [member for member in members if accounts.sits(board, me.id, member.village)]
    if len(seats) == 1:
        return onward(f"/desk/{seats[0].village}")
    choices, late = [], []
    for member in seats:
        there = inbox(board, me, member.village)
        rows = [row for row in (*there.mine, *there.others) if row.late]
        late += [(member.village_name, row) for row in rows]
        with board.database.read() as tx:
            stands, lying = place(tx, member.village), accusing.wrong(tx, member.village)
        stopped = "" if for_good(stands) else in_short(stands, board.now())
        name, mine = member.village_name, len(there.mine)
        choices.append(Choice(member.village, name, mine, len(rows), stopped, tuple(lying)))
    return page(Villages(desk=where, villages=tuple(choices), late=tuple(late)))


@get("/desk/{village:str}", sync_to_thread=True)
def show_inbox(
    village: FromPath[str], board: NamedDependency[Board], me: NamedDependency[Account]
) -> Response[bytes]:
    """Show a village's inbox."""
    return page(inbox(board, me, village))


@get("/desk/{village:str}/notices/{code:str}", sync_to_thread=True)
def show_notice(
    village: FromPath[str],
    code: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    request: Request[Any, Any, Any],
) -> Response[bytes]:
    """Show everything about one notice, and what may be done with it now."""
    done = request.query_params.get("done", "")
    return page(paper(board, me, village, code, done=int(done) if done.isdecimal() else None))


@post("/desk/{village:str}/notices/{code:str}/find", sync_to_thread=True)
def find_rows(
    village: FromPath[str],
    code: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    body: RawBody,
) -> Response[bytes]:
    """Show a form with the rows that were looked for, and all that is filled in.

    Nothing is done. What is looked for may be the name that must go: no address carries it.
    """
    sent = sent_fields(body)
    return page(paper(board, me, village, code, act=sent.get("act", ""), typed=sent), again=True)


@get("/desk/{village:str}/notices/{code:str}/review", sync_to_thread=True)
def show_review(
    village: FromPath[str],
    code: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
) -> Response[bytes]:
    """Show what waits for a second person, as it will be shown."""
    return page(review(board, me, village, code))


@get("/desk/{village:str}/notices/{code:str}/preview/{surface:str}", sync_to_thread=True)
def show_preview(
    village: FromPath[str],
    code: FromPath[str],
    surface: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
) -> Response[bytes]:
    """Show what was submitted last as its page or its paper will show it."""
    return page(as_shown(board, me, village, code, surface))


@get("/desk/{village:str}/files/{c:str}", sync_to_thread=True)
def show_file(
    village: FromPath[str],
    c: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
) -> Response[bytes]:
    """Give a cleaned picture at full size; one of a draft only to those who may submit."""
    number = accounts.seat(board, me.id, village)
    with board.database.read() as tx:
        private = c in attaching.private(tx, village)
        if private and "submit" not in place(tx, village).verbs(number):
            raise NotFound("没有这个附件，可能已经删除。", value=c[:16])
        held = blobs.file_of(tx, village, c)
    if held is None:
        raise NotFound("没有这个附件，可能已经删除。", value=c[:16])
    return answer(held.data, held.type, 200, {"content-disposition": "inline"})


@post("/desk/{village:str}/clock", sync_to_thread=True)
def confirm_clock(
    village: FromPath[str], board: NamedDependency[Board], me: NamedDependency[Account]
) -> Response[bytes]:
    """Let the clock go on: somebody has looked and says that it is right."""
    accounts.seat(board, me.id, village)
    board.confirm_clock()
    return onward(f"/desk/{village}")


HANDLERS: Sequence[HTTPRouteHandler] = (
    choose,
    show_inbox,
    show_notice,
    find_rows,
    show_review,
    show_preview,
    show_file,
    confirm_clock,
)
