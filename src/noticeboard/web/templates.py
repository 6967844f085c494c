"""Empty workbooks to fill in, one of each kind, with the village's name and groups."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from litestar import get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from noticeboard.board import Board
from noticeboard.core.problems import NotFound
from noticeboard.core.sheet import About
from noticeboard.formats.exports import XLSX
from noticeboard.formats.templates import template, templates
from noticeboard.store import notices
from noticeboard.store.people import Account
from noticeboard.web.answers import answer
from noticeboard.web.drafts import Answer, writer

_ENDING: Final = ".xlsx"


@get("/desk/{village:str}/template/{name:str}", sync_to_thread=True)
def give(
    village: FromPath[str],
    name: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
) -> Answer:
    """Give the empty workbook of a kind, `ledger.xlsx`, to whoever may write here."""
    writer(board, village, me)
    kind = next((k for k in templates().kinds if name == f"{k}{_ENDING}"), None)
    if kind is None:
        raise NotFound("没有这一种表。", value=name)
    with board.database.read() as tx:
        profile = notices.head_of(tx, village).profile
    groups = tuple(group.name for group in profile.groups)
    body = template(kind, About(village=profile.name, groups=groups, at=board.now()))
    called = quote(f"{profile.name}{templates().kinds[kind].sheet}{_ENDING}")
    saved_as = f"attachment; filename={name}; filename*=UTF-8''{called}"
    return answer(body, XLSX, 200, {"content-disposition": saved_as})


HANDLERS: Final[Sequence[HTTPRouteHandler]] = (give,)
