"""The desk as one Litestar app: every route, what each is given, and how a refusal is answered."""

from collections.abc import Sequence
from typing import Any, Final

from litestar import Litestar, Request, Response, Router, get
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.types import Message

from noticeboard.board import Board
from noticeboard.core.problems import Problem
from noticeboard.store.people import Account
from noticeboard.web import (
    acts,
    assessments,
    attachments,
    beginning,
    desk,
    drafts,
    happenings,
    imports,
    overseeing,
    people,
    previews,
    registers,
    signin,
    submitting,
    templates,
)
from noticeboard.web.answers import (
    answer,
    refuse,
    refuse_http,
    refuse_unknown,
    script_file,
)
from noticeboard.web.guards import OPEN, OurOwn, SignInFirst, signed_in
from noticeboard.web.held import Shelf

# A ledger of 140 rows with every field filled is about 100 kB; uploads say more for themselves.
FORM_BYTES: Final = 2 * 1024 * 1024


class Desk(Litestar):
    """An app that answers HEAD wherever it answers GET: link checkers and previews ask so."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request; of HEAD the body is left out."""
        if scope.get("method") != "HEAD":
            await super().__call__(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        asked: Any = {**scope, "method": "GET"}
        await super().__call__(asked, receive, without_body)


def create_app(board: Board, *, secure: bool) -> Desk:
    """Make the app of the desk. `secure` says that browsers reach it by https."""

    def the_board() -> Board:
        return board

    def me(request: Request[Any, Any, Any]) -> Account:
        account: Account = request.scope["user"]
        return account

    shelf = Shelf(board)

    def the_shelf() -> Shelf:
        return shelf

    # In one router: the app itself would register a GET again with each POST of the same path, and
    # the second time a handler that runs in a thread gives nobody its answer.
    routes = Router("/", route_handlers=[health, script, *signin.HANDLERS, *HANDLERS])
    return Desk(
        route_handlers=[routes],
        state=State({"board": board, "secure": secure}),
        dependencies={
            "board": Provide(the_board, sync_to_thread=False),
            "me": Provide(me, sync_to_thread=False),
            "opened": Provide(drafts.opened, sync_to_thread=True),
            "shelf": Provide(the_shelf, sync_to_thread=False),
            "book": Provide(imports.held, sync_to_thread=True),
        },
        guards=[signed_in(board)],
        middleware=[OurOwn(secure=secure)],
        exception_handlers={
            SignInFirst: signin.sign_in_first,
            Problem: refuse,
            HTTPException: refuse_http,
            Exception: refuse_unknown,
        },
        request_max_body_size=FORM_BYTES,
        openapi_config=None,
        logging_config=None,
    )


@get("/health", opt=OPEN, sync_to_thread=True)
def health(board: NamedDependency[Board]) -> Response[bytes]:
    """Say that the program runs and its database can be read."""
    with board.database.read() as tx:
        tx.exec_driver_sql("select 1")
    return answer(b"ok\n", "text/plain; charset=utf-8")


@get("/desk/assets/{name:str}", opt=OPEN, sync_to_thread=True)
def script(name: FromPath[str]) -> Response[bytes]:
    """Give one of our own scripts, under the hash of what it says."""
    return script_file(name)


HANDLERS: Final[Sequence[HTTPRouteHandler]] = (
    *desk.HANDLERS,
    *acts.HANDLERS,
    *people.HANDLERS,
    *assessments.HANDLERS,
    *overseeing.HANDLERS,
    *registers.HANDLERS,
    *happenings.HANDLERS,
    *beginning.HANDLERS,
    *drafts.HANDLERS,
    *submitting.HANDLERS,
    *attachments.HANDLERS,
    *previews.HANDLERS,
    *imports.HANDLERS,
    *templates.HANDLERS,
)
