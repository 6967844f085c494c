"""Drafts at the desk: type, save, throw away. Each handler reads, asks the board, shows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody
from msgspec import Struct

from noticeboard.board import Board, accounts, drafting
from noticeboard.core.days import local
from noticeboard.core.problems import NotNow
from noticeboard.show.texts import Words
from noticeboard.store import drafts
from noticeboard.store.drafts import Draft
from noticeboard.store.people import Account
from noticeboard.web import forms
from noticeboard.web.answers import Desk, desk, onward, page, whole
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


class Opened(Struct, frozen=True):
    """A draft in the hands of somebody who may write it, and the number they write under."""

    board: Board
    me: Account
    number: int
    draft: Draft

    def around(self, title: Words) -> Desk:
        """Give what the desk prints around a page of this draft."""
        with self.board.database.read() as tx:
            return desk(self.board, tx, self.me, title, self.draft.village)


def opened(
    village: FromPath[str],
    code: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
) -> Opened:
    """Open the draft of an address; raises NotAllowed, and NotFound."""
    return Opened(board, me, writer(board, village, me), draft_of(board, village, code))


class Typing(Struct, frozen=True):
    """A form that somebody sent of a draft: what is in it, over which version."""

    opened: Opened
    sent: Mapping[str, str]
    seen: int

    @property
    def draft(self) -> Draft:
        """Give the draft as it was stored when the form came."""
        return self.opened.draft

    @property
    def typed(self) -> dict[str, Any]:
        """Give the fields as they are stored."""
        return forms.typed_of(forms.kind_named(self.draft.kind), self.sent)


def typing_of(opened: Opened, body: bytes) -> Typing:
    """Read a sent form of a draft; raises NotValid where it is none of ours."""
    sent = forms.sent_fields(body)
    return Typing(opened, sent, whole(sent, "version", "请刷新页面再试。"))


def saved(typing: Typing) -> Draft:
    """Save what was typed; raises NotNow when somebody else was faster with something else.

    What is stored already, because the form was sent twice, needs no saving.
    """
    by, draft, typed = typing.opened, typing.draft, typing.typed
    try:
        return drafting.save(by.board, draft.village, draft.code, by.number, typed, typing.seen)
    except NotNow:
        stored = draft_of(by.board, draft.village, draft.code)
        if stored.typed != typed:
            raise
        return stored


def clashing(typing: Typing, problem: NotNow) -> FormPage:
    """Show both texts where somebody else was faster: theirs beside, one's own in the form."""
    by = typing.opened
    stored = draft_of(by.board, typing.draft.village, typing.draft.code)
    kind, typed = forms.kind_named(stored.kind), typing.typed
    return form_page(
        by.board,
        by.me,
        stored,
        typed=typed,
        findings=problem.findings,
        clashes=forms.clashes(kind, stored.typed, typed),
    )


@get(DRAFT, sync_to_thread=True)
def form(opened: NamedDependency[Opened], request: Request[Any, Any, Any]) -> Answer:
    """Show a draft's form as it was last saved."""
    asked = request.query_params.get("empty", "")
    empty = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else None  # noqa: PLR2004 - below 1,000
    like = "like" in request.query_params
    return page(form_page(opened.board, opened.me, opened.draft, empty=empty, like=like))


@post(f"{DRAFT}/save", sync_to_thread=True)
def save(opened: NamedDependency[Opened], body: RawBody) -> Answer:
    """Save as typed, complete or not; then show the form again, or the pictures."""
    typing = typing_of(opened, body)
    try:
        draft = saved(typing)
    except NotNow as problem:
        return page(clashing(typing, problem), problem.status)
    return to(draft, "/files" if typing.sent.get("then") == "files" else "")


@post(f"{DRAFT}/rows", sync_to_thread=True)
def add_rows(opened: NamedDependency[Opened], body: RawBody) -> Answer:
    """Save, and show so many empty rows below."""
    typing = typing_of(opened, body)
    try:
        draft = saved(typing)
    except NotNow as problem:
        return page(clashing(typing, problem), problem.status)
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
def autosave(opened: NamedDependency[Opened], body: RawBody) -> Autosaved:
    """Save as typed, for a script; raises NotNow when somebody else was faster."""
    draft = saved(typing_of(opened, body))
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
    form,
    save,
    add_rows,
    autosave,
    discard,
)
