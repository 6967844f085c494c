"""A draft as phone, hall screen and paper will show it, from the very templates of those pages."""

from collections.abc import Sequence
from typing import ClassVar

from litestar import get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from markupsafe import Markup
from sqlalchemy import Connection

from noticeboard.board import Board, drafting
from noticeboard.core.notice import Edition, Notice, Submitted
from noticeboard.core.particulars import Content
from noticeboard.core.parts import Stated
from noticeboard.core.problems import NotFound, NotValid
from noticeboard.show.facts import Facts, Place, former, place
from noticeboard.show.fitting import frame
from noticeboard.show.foot import File, pictured
from noticeboard.show.judged import judged_draft
from noticeboard.show.poster import poster_draft
from noticeboard.show.render import View
from noticeboard.show.slides import fragments
from noticeboard.show.texts import text
from noticeboard.show.views_notice import draft_view
from noticeboard.store import notices, screens
from noticeboard.store.drafts import Draft
from noticeboard.web.answers import page
from noticeboard.web.draft_pages import UnfinishedPage, address_of
from noticeboard.web.drafts import DRAFT, Answer, Opened


@get(f"{DRAFT}/preview/{{surface:str}}", sync_to_thread=True)
def preview(surface: FromPath[str], opened: NamedDependency[Opened]) -> Answer:
    """Show what is saved as a surface will show it, or what is still missing for that."""
    try:
        content = drafting.read_draft(opened.draft)
    except NotValid as problem:
        around = opened.around(text("还看不了"))
        return page(UnfinishedPage(desk=around, findings=problem.findings))
    return page(shown_as(opened.board, opened.draft, content, surface))


def shown_as(board: Board, draft: Draft, content: Content, surface: str) -> View:
    """Show a draft's content as a surface will show it; raises NotFound for any other name."""
    at = board.now()
    with board.database.read() as tx:
        where = place(tx, draft.village)
        upright = hangs_upright(tx, draft.village)
        notice = notices.get(tx, draft.village, draft.code)
        old = former(tx, where, notice, draft.prev, at) if notice else None
        judged = judged_draft(tx, where, draft.code, content, at)
    before = old.stated.content if old and old.stated else None
    match surface:
        case "phone":
            return draft_view(where, content, at, files=_files(draft), judged=judged)
        case "screen":
            return slides_page(_as_facts(where, draft, content, at), before, upright, "草稿")
        case "paper":
            return poster_draft(where, content, at, before)
    raise NotFound("没有这种预览。", value=surface)


class SlidesPage(View, frozen=True, kw_only=True):
    """The slides of a draft in their order, for a screen that hangs upright or not."""

    template: ClassVar[str] = "desk/preview_screen.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "slide", "preview")

    slides: tuple[Markup, ...]
    upright: bool


def hangs_upright(tx: Connection, village: str) -> bool:
    """Say whether a village's first screen hangs upright; without any they are taken as wide."""
    return any(frame(s.width, s.height).upright for s in screens.of_village(tx, village)[:1])


def slides_page(known: Facts, before: Content | None, upright: bool, mark: str) -> SlidesPage:
    """Make the slides of an edition that is not up, under a mark that says so."""
    shown = frame(1080, 1920) if upright else frame(1920, 1080)
    made = fragments(known, shown, mark=mark, former=before)
    # Our own template's HTML, in which everything typed was escaped.
    return SlidesPage(slides=tuple(Markup(html) for html, _page in made), upright=upright)  # noqa: S704


def _as_facts(where: Place, draft: Draft, content: Content, at: int) -> Facts:
    """Give a draft as the edition it would become: nobody has submitted or seen it yet."""
    edition = Edition(
        ed=draft.ed,
        of=0,
        at=at,
        by=draft.writers[0],
        kind=draft.kind,
        item=content.item,
        publisher=content.publisher,
        covers=content.covers,
        group=content.group,
        writers=draft.writers,
        parts=(),
        files=(),
        prev=draft.prev,
        change=None,
        state=Submitted(),
    )
    return unseen(where, Notice(code=draft.code, editions=(edition,)), content, at)


def unseen(where: Place, notice: Notice, content: Content, at: int) -> Facts:
    """Give the latest edition of a notice in full, though no surface may show it yet."""
    edition = notice.latest
    return Facts(
        place=where,
        notice=notice,
        edition=edition,
        showing="full",
        standing="private",
        stated=Stated(content),
        item=where.rules.catalogue.get(content.item or ""),
        at=at,
    )


def _files(draft: Draft) -> tuple[File, ...]:
    at = f"{address_of(draft)}/files"
    return tuple(
        pictured(file, f"{at}/{file.c}/picture", f"{at}/{file.c}/small") for file in draft.files
    )


HANDLERS: Sequence[HTTPRouteHandler] = (preview,)
