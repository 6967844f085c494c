"""Drafts at the desk: begin, type, save, throw away. Each handler reads, asks the board, shows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody
from msgspec import Struct

from noticeboard.board import Board, accounts, drafting
from noticeboard.core.days import local
from noticeboard.core.notice import Published
from noticeboard.core.particulars import Content, Kind, kind_of
from noticeboard.core.problems import NotFound, NotNow
from noticeboard.store import drafts, notices
from noticeboard.store.drafts import Draft
from noticeboard.store.people import Account
from noticeboard.web import forms
from noticeboard.web.alike import next_after, sort_of
from noticeboard.web.answers import onward, page, whole
from noticeboard.web.draft_pages import FormPage, address_of, form_page
from noticeboard.web.sums import sentence, sums

DRAFT: Final = "/desk/{village:str}/drafts/{code:str}"
_MOST_ADDED: Final = 200
Answer = Response[bytes]


def writer(board: Board, village: str, me: Account) -> int:
    """Give the number of somebody who may write here; raises NotAllowed.

    Private paper is only for those who could submit it.
    """
    return accounts.seat(board, me.id, village, "submit")


def draft_of(board: Board, village: str, code: str) -> Draft:
    """Read a draft; raises NotFound."""
    with board.database.read() as tx:
        return drafts.get(tx, village, code)


def to(draft: Draft, where: str = "") -> Answer:
    """Send the browser on to a page of a draft."""
    return onward(f"{address_of(draft)}{where}")


class Typing(Struct, frozen=True):
    """A form that somebody sent: who, as which number, on which draft, what, over which version."""

    me: Account
    number: int
    draft: Draft
    sent: Mapping[str, str]
    seen: int

    @property
    def typed(self) -> dict[str, Any]:
        """Give the fields as they are stored."""
        return forms.typed_of(forms.kind_named(self.draft.kind), self.sent)


def typing_of(board: Board, village: str, code: str, me: Account, body: bytes) -> Typing:
    """Read a sent form of a draft; raises a Problem where it may not be, or is none of ours."""
    number = writer(board, village, me)
    sent = forms.sent_fields(body)
    draft = draft_of(board, village, code)
    return Typing(me, number, draft, sent, whole(sent, "version", "请刷新页面再试。"))


def saved(board: Board, typing: Typing) -> Draft:
    """Save what was typed; raises NotNow when somebody else was faster with something else.

    What is stored already, because the form was sent twice, needs no saving.
    """
    draft, typed = typing.draft, typing.typed
    try:
        return drafting.save(board, draft.village, draft.code, typing.number, typed, typing.seen)
    except NotNow:
        stored = draft_of(board, draft.village, draft.code)
        if stored.typed != typed:
            raise
        return stored


def clashing(board: Board, typing: Typing, problem: NotNow) -> FormPage:
    """Show both texts where somebody else was faster: theirs beside, one's own in the form."""
    stored = draft_of(board, typing.draft.village, typing.draft.code)
    kind, typed = forms.kind_named(stored.kind), typing.typed
    return form_page(
        board,
        typing.me,
        stored,
        typed=typed,
        findings=problem.findings,
        clashes=forms.clashes(kind, stored.typed, typed),
    )


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
    former = _last_like(board, village, code)
    return to(_begun(board, village, kind_of(former), number, next_after(former)))


def _last_like(board: Board, village: str, code: str) -> Content:
    """Read the newest published content of a notice's sort; never a withdrawn one."""
    with board.database.read() as tx:
        named = notices.get(tx, village, code)
        if named is None:
            raise NotFound("没有这份公示。", value=code)
        alike = sort_of(named.latest)
        for notice in notices.shown(tx, village, 1_000):
            edition = notice.current
            if (
                edition is not None
                and isinstance(edition.state, Published)
                and sort_of(edition) == alike
            ):
                return drafting.content_of(tx, village, edition)
    raise NotFound("没有可以照着写的上一期。", value=code)


@get(DRAFT, sync_to_thread=True)
def form(
    village: FromPath[str],
    code: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    request: Request[Any, Any, Any],
) -> Answer:
    """Show a draft's form as it was last saved."""
    writer(board, village, me)
    asked = request.query_params.get("empty", "")
    empty = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else None  # noqa: PLR2004 - below 1,000
    return page(form_page(board, me, draft_of(board, village, code), empty=empty))


@post(f"{DRAFT}/save", sync_to_thread=True)
def save(
    village: FromPath[str],
    code: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    body: RawBody,
) -> Answer:
    """Save as typed, complete or not; then show the form again, or the pictures."""
    typing = typing_of(board, village, code, me, body)
    try:
        draft = saved(board, typing)
    except NotNow as problem:
        return page(clashing(board, typing, problem), problem.status)
    return to(draft, "/files" if typing.sent.get("then") == "files" else "")


@post(f"{DRAFT}/rows", sync_to_thread=True)
def add_rows(
    village: FromPath[str],
    code: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    body: RawBody,
) -> Answer:
    """Save, and show so many empty rows below."""
    typing = typing_of(board, village, code, me, body)
    try:
        draft = saved(board, typing)
    except NotNow as problem:
        return page(clashing(board, typing, problem), problem.status)
    asked = typing.sent.get("add", "")
    empty = min(int(asked), _MOST_ADDED) if asked.isascii() and asked.isdigit() else 10
    return to(draft, f"?empty={empty}#rows.{len(draft.typed.get('rows', ()))}")


class Autosaved(Struct, frozen=True):
    """What the small script is told: the version it may save over next, when, the sums."""

    version: int
    saved_at: str
    sums: str
    even: str


@post(f"{DRAFT}/autosave", sync_to_thread=True, status_code=200)
def autosave(
    village: FromPath[str],
    code: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    body: RawBody,
) -> Autosaved:
    """Save as typed, for a script; raises NotNow when somebody else was faster."""
    draft = saved(board, typing_of(board, village, code, me, body))
    total = sums(forms.kind_named(draft.kind), draft.typed)
    said = (sentence(total), total.even) if total else ("", "")
    return Autosaved(draft.version, f"{local(draft.at):%H:%M}", *said)


@post(f"{DRAFT}/discard", sync_to_thread=True)
def discard(
    village: FromPath[str],
    code: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
) -> Answer:
    """Throw a draft away, pictures and all."""
    writer(board, village, me)
    drafting.discard(board, village, code)
    return onward(f"/desk/{village}")


HANDLERS: Sequence[HTTPRouteHandler] = (
    begin,
    begin_like,
    form,
    save,
    add_rows,
    autosave,
    discard,
)
