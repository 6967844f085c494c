"""Who is asking, and whether our own page sent it: signing in, and requests from other sites.

A guard asks only whether somebody is signed in; what a person may do is the rulebook's.
"""

import asyncio
import re
from collections.abc import Mapping
from typing import Any, Final

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Guard, Receive, Scope, Send

from noticeboard.board import Board, accounts
from noticeboard.core.problems import NotAllowed
from noticeboard.store.people import Account
from noticeboard.web.forms import sent_fields

COOKIE: Final = "desk"
OPEN: Final = {"open": True}
_LOOPBACK: Final = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?")
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

Asked = Request[Account, Any, State]


class SignInFirst(Exception):  # noqa: N818 - not an error: the way leads over the sign-in page
    """Nobody is signed in, and the page is not for everybody.

    `typed` are the fields of a form that came too late: they wait beside the sign-in.
    """

    def __init__(self, typed: Mapping[str, str] | None = None) -> None:
        """Keep what was typed, if a form was sent."""
        super().__init__("sign in first")
        self.typed = dict(typed or {})


def signed_in(board: Board) -> Guard:
    """Make the guard of the whole desk: every route is closed that does not say it is open."""

    async def guard(
        connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        if handler.opt.get("open"):
            return
        token = connection.cookies.get(COOKIE, "")
        account = await asyncio.to_thread(accounts.signed_in, board, token) if token else None
        if account is None:
            raise SignInFirst(await _typed(connection))
        connection.scope["user"] = account

    return guard


async def _typed(connection: ASGIConnection[Any, Any, Any, Any]) -> dict[str, str]:
    urlencoded = "application/x-www-form-urlencoded"
    if not isinstance(connection, Request) or connection.method != "POST":
        return {}
    if connection.headers.get("content-type", "").partition(";")[0].strip() != urlencoded:
        return {}
    return sent_fields(await connection.body())


def ours(method: str, headers: Mapping[str, str], scheme: str) -> bool:
    """Say whether a request that may write comes from a page of our own.

    `Origin` decides where a browser sends it, else `Sec-Fetch-Site`. Plain HTTP on a LAN has no
    Sec-Fetch-Site, so whoever brings a sign-in cookie must bring one of the two.
    """
    if method in SAFE:
        return True
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None:
        return origin == f"{scheme}://{headers.get('host', '')}"
    if site is not None:
        return site in ("same-origin", "none")
    cookies = headers.get("cookie", "")
    return all(part.strip().partition("=")[0] != COOKIE for part in cookies.split(";"))


def on_this_machine(headers: Mapping[str, str]) -> bool:
    """Say whether a page asks that was opened on the machine itself, by plain http.

    Nobody listens between a program and its own machine, so there https is not needed.
    """
    host = headers.get("host", "")
    return _LOOPBACK.fullmatch(host) is not None and headers.get("origin") == f"http://{host}"


class OurOwn(ASGIMiddleware):
    """Refuse requests that another site made somebody's browser send."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, *, secure: bool) -> None:
        """Expect `https` in Origin where the board is served so, whatever a proxy speaks to us."""
        self.secure = secure

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Let a request pass, or refuse it before anything of it is read."""
        headers: dict[str, str] = {}
        for raw, value in scope["headers"]:
            name = raw.decode("latin-1").lower()
            # Of a header sent twice none is to be believed.
            headers[name] = "" if name in headers and name != "cookie" else value.decode("latin-1")
        scheme = "https" if self.secure else scope["scheme"]
        method = str(scope.get("method", "GET"))
        if not ours(method, headers, scheme) and not on_this_machine(headers):
            raise NotAllowed(
                "这个请求不是从这里的页面发出来的，没有办。", fix="请打开这里的页面再办一次。"
            )
        await next_app(scope, receive, send)
