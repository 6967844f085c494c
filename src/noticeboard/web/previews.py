"""A draft as phone, hall screen and paper will show it, from the very templates of those pages."""

from collections.abc import Sequence

from litestar import get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from noticeboard.board import Board, drafting
from noticeboard.core.particulars import Content
from noticeboard.core.problems import NotFound, NotValid
from noticeboard.show.facts import place
from noticeboard.show.foot import File
from noticeboard.show.render import View
from noticeboard.show.texts import text
from noticeboard.show.views_notice import draft_view
from noticeboard.store.drafts import Draft
from noticeboard.store.people import Account
from noticeboard.web.answers import desk, page
from noticeboard.web.draft_pages import UnfinishedPage, address_of
from noticeboard.web.drafts import DRAFT, Answer, draft_of, writer


@get(f"{DRAFT}/preview/{{surface:str}}", sync_to_thread=True)
def preview(
    village: FromPath[str],
    code: FromPath[str],
    surface: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
) -> Answer:
    """Show what is saved as a surface will show it, or what is still missing for that."""
    writer(board, village, me)
    draft = draft_of(board, village, code)
    try:
        content = drafting.read_draft(draft)
    except NotValid as problem:
        with board.database.read() as tx:
            around = desk(board, tx, me, text("还看不了"), village)
        return page(UnfinishedPage(desk=around, findings=problem.findings))
    return page(_view(board, draft, content, surface))


def _view(board: Board, draft: Draft, content: Content, surface: str) -> View:
    with board.database.read() as tx:
        where = place(tx, draft.village)
    match surface:
        case "phone":
            return draft_view(where, content, board.now(), files=_files(draft))
    raise NotFound("没有这种预览。", value=surface)


def _files(draft: Draft) -> tuple[File, ...]:
    at = f"{address_of(draft)}/files"
    return tuple(
        File(
            href=f"{at}/{file.c}/picture",
            thumb=f"{at}/{file.c}/small",
            caption=file.caption,
            width=file.width,
            height=file.height,
            kilobytes=-(-file.len // 1024),
        )
        for file in draft.files
    )


HANDLERS: Sequence[HTTPRouteHandler] = (preview,)
