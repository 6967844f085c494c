"""Signing in and out, the first sign-in with a code, one's own account."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import RawBody

from noticeboard.board import Board, accounts
from noticeboard.core.problems import Finding, Problem
from noticeboard.show.texts import Words, text
from noticeboard.store.people import Account
from noticeboard.web.answers import (
    Desk,
    DeskView,
    desk,
    onward,
    page,
    problem_json,
    wants_json,
)
from noticeboard.web.forms import sent_fields
from noticeboard.web.guards import COOKIE, OPEN, SignInFirst, on_this_machine

Pairs = tuple[tuple[str, str], ...]
# What waits beside a sign-in is sent along under names of its own.
KEPT: Final = "kept."


class SignIn(DeskView, frozen=True, kw_only=True):
    """The sign-in form. `typed` waits to be sent to `to` once somebody is signed in."""

    template: ClassVar[str] = "desk/signin.html"

    login: str = ""
    to: str = "/desk"
    typed: Pairs = ()


class WithCode(DeskView, frozen=True, kw_only=True):
    """The first sign-in: login, one-time code, a password of one's own."""

    template: ClassVar[str] = "desk/code.html"

    login: str = ""


class GoOn(DeskView, frozen=True, kw_only=True):
    """Signed in again: what was typed before can now be sent to `to`."""

    template: ClassVar[str] = "desk/goon.html"

    to: str
    typed: Pairs


class OwnAccount(DeskView, frozen=True, kw_only=True):
    """One's own account: login, and a new password."""

    template: ClassVar[str] = "desk/account.html"

    login: str
    changed: bool = False


@get("/desk/signin", opt=OPEN, sync_to_thread=True)
def ask(board: NamedDependency[Board], request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show the sign-in form."""
    to = inside(request.query_params.get("to", ""))
    return page(SignIn(desk=_bare(board, text("登录")), to=to))


@post("/desk/signin", opt=OPEN, sync_to_thread=True)
def sign_in(
    board: NamedDependency[Board], body: RawBody, request: Request[Any, Any, Any]
) -> Response[bytes]:
    """Sign in and go where somebody wanted to go, with what they had typed."""
    sent = sent_fields(body)
    to, typed, login = inside(sent.get("to", "")), _kept(sent), sent.get("login", "")
    try:
        token = accounts.sign_in(
            board, login, sent.get("password", ""), address=_address(request), old=_token(request)
        )
    except Problem as problem:
        if wants_json(request):
            raise
        view = SignIn(
            desk=_bare(board, text("登录")),
            findings=problem.findings,
            login=login,
            to=to,
            typed=typed,
        )
        return page(view, problem.status)
    if not typed:
        return _with(request, token, onward(to))
    return _with(request, token, page(GoOn(desk=_bare(board, text("接着办")), to=to, typed=typed)))


@get("/desk/signin/code", opt=OPEN, sync_to_thread=True)
def ask_code(board: NamedDependency[Board]) -> Response[bytes]:
    """Show the form for a first sign-in."""
    return page(WithCode(desk=_bare(board, text("第一次登录"))))


@post("/desk/signin/code", opt=OPEN, sync_to_thread=True)
def redeem(
    board: NamedDependency[Board], body: RawBody, request: Request[Any, Any, Any]
) -> Response[bytes]:
    """Set a password with a one-time code, and sign in."""
    sent = sent_fields(body)
    try:
        token = accounts.redeem(
            board,
            sent.get("login", ""),
            sent.get("code", ""),
            sent.get("password", ""),
            address=_address(request),
            old=_token(request),
        )
    except Problem as problem:
        if wants_json(request):
            raise
        view = WithCode(
            desk=_bare(board, text("第一次登录")),
            findings=problem.findings,
            login=sent.get("login", ""),
        )
        return page(view, problem.status)
    return _with(request, token, onward("/desk"))


@post("/desk/signout", sync_to_thread=True)
def sign_out(board: NamedDependency[Board], request: Request[Any, Any, Any]) -> Response[bytes]:
    """Sign out of this browser."""
    accounts.sign_out(board, _token(request))
    response = onward("/desk/signin")
    response.headers["clear-site-data"] = '"cache"'
    response.delete_cookie(COOKIE, path="/desk")
    return response


@get("/desk/account", sync_to_thread=True)
def account(
    board: NamedDependency[Board], me: NamedDependency[Account], request: Request[Any, Any, Any]
) -> Response[bytes]:
    """Show one's own account."""
    return page(_own(board, me, changed="done" in request.query_params))


@post("/desk/account/password", sync_to_thread=True)
def change_password(
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    body: RawBody,
    request: Request[Any, Any, Any],
) -> Response[bytes]:
    """Change one's own password; other browsers are signed out by it."""
    sent = sent_fields(body)
    old, new = sent.get("old", ""), sent.get("password", "")
    try:
        token = accounts.change_password(board, me, old, new, address=_address(request))
    except Problem as problem:
        if wants_json(request):
            raise
        return page(_own(board, me, problem.findings), problem.status)
    return _with(request, token, onward("/desk/account?done=1"))


def sign_in_first(request: Request[Any, Any, Any], first: SignInFirst) -> Response[bytes]:
    """Show the way to the sign-in page and back; what was typed waits there."""
    finding = Finding("请先登录。")
    if wants_json(request):
        return problem_json((finding,), 401)
    path = request.url.path
    if not first.typed:
        to = path if request.method in ("GET", "HEAD") else "/desk"
        return onward("/desk/signin" if to == "/desk" else f"/desk/signin?to={quote(to)}")
    view = SignIn(
        desk=_bare(request.app.state.board, text("登录")),
        findings=(Finding("登录过期了。", fix="请重新登录；刚才填的都还在，登录以后接着交。"),),
        to=path,
        typed=tuple(first.typed.items()),
    )
    return page(view, 401)


def inside(address: str) -> str:
    """Give an address within the desk; any other would let a link send people elsewhere."""
    plain = address.startswith("/desk/") and not set(address) & set("\\\r\n\t ")
    return address if plain and not address.startswith("/desk/signin") else "/desk"


def _own(
    board: Board, me: Account, findings: tuple[Finding, ...] = (), *, changed: bool = False
) -> OwnAccount:
    with board.database.read() as tx:
        where = desk(board, tx, me, text("我的账号"))
    return OwnAccount(desk=where, login=me.login, findings=findings, changed=changed)


def _bare(board: Board, title: Words) -> Desk:
    return Desk(title=title, at=board.now(), form="")


def _kept(sent: Mapping[str, str]) -> Pairs:
    return tuple((name[len(KEPT) :], v) for name, v in sent.items() if name.startswith(KEPT))


def _token(request: Request[Any, Any, Any]) -> str:
    return request.cookies.get(COOKIE, "")


def _address(request: Request[Any, Any, Any]) -> str:
    return request.client.host if request.client else ""


def _with(
    request: Request[Any, Any, Any], token: str, response: Response[bytes]
) -> Response[bytes]:
    cookie = Cookie(
        key=COOKIE,
        value=token,
        path="/desk",
        max_age=accounts.SESSION,
        httponly=True,
        samesite="lax",
        secure=request.app.state.secure and not on_this_machine(request.headers),
    )
    response.set_cookie(cookie)
    return response


HANDLERS: Sequence[HTTPRouteHandler] = (
    ask,
    sign_in,
    ask_code,
    redeem,
    sign_out,
    account,
    change_password,
)
