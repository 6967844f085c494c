"""A workbook at the desk: dropped, looked at, mended or explained, and kept as drafts at last."""

import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody

from noticeboard import importing
from noticeboard.board import Board
from noticeboard.core.notice import published
from noticeboard.core.particulars import kind_of
from noticeboard.core.problems import NotFound, NotNow, NotValid
from noticeboard.formats.marking import Mark, marked
from noticeboard.formats.understanding import File
from noticeboard.formats.workbook import MOST_BYTES
from noticeboard.importing import Checked
from noticeboard.store import notices
from noticeboard.store.drafts import Draft
from noticeboard.store.people import Account
from noticeboard.web import import_choices, uploads
from noticeboard.web.answers import answer, onward, page, whole
from noticeboard.web.drafts import Answer, writer
from noticeboard.web.forms import sent_fields
from noticeboard.web.held import Shelf, Workbook
from noticeboard.web.import_pages import address_of_held, done_page, import_page, reading_page
from noticeboard.web.previews import shown_as

# The form around the file; a file that is too large is then refused in words that help.
_MOST_SENT: Final = MOST_BYTES + 2_000_000
HELD: Final = "/desk/{village:str}/import/{token:str}"
# Most workbooks are read in less; who waits longer sees how far it is.
_PATIENCE: Final = 2.0
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ANEW: Final = re.compile(r"anew\.(\d{1,4})")


def held(
    village: FromPath[str],
    token: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    shelf: NamedDependency[Shelf],
) -> Workbook:
    """Take the workbook of an address from the shelf; raises NotAllowed, and NotFound."""
    writer(board, village, me)
    return shelf.get(token, me.id, village)


@post("/desk/{village:str}/import", sync_to_thread=True, request_max_body_size=_MOST_SENT)
def take(
    village: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    shelf: NamedDependency[Shelf],
    request: Request[Any, Any, Any],
    body: RawBody,
) -> Answer:
    """Hold a workbook in memory, begin to read it, and go to its preview; nothing is kept."""
    writer(board, village, me)
    sent = uploads.read(request.headers.get("content-type", ""), body)
    if not sent.files:
        raise NotValid("还没有选文件。", fix="请先选乡镇给的 Excel 表格。", field="file")
    book = shelf.put(me.id, village, sent.files[0].name, sent.files[0].data)
    shelf.wait(book, _PATIENCE)
    return onward(address_of_held(book))


@get(HELD, sync_to_thread=True)
def preview(
    book: NamedDependency[Workbook],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    shelf: NamedDependency[Shelf],
    request: Request[Any, Any, Any],
) -> Answer:
    """Show what a workbook says and what is wrong with it, or how far it is read."""
    if book.codes is not None:
        return page(done_page(board, me, book))
    if not shelf.wait(book, _PATIENCE):
        return page(reading_page(board, me, book))
    if book.trouble is not None:
        raise book.trouble
    asked = request.query_params.get("notice", "")
    nth = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 0  # noqa: PLR2004 - below 10,000
    return page(import_page(board, me, book, nth))


@post(f"{HELD}/change", sync_to_thread=True)
def change(book: NamedDependency[Workbook], shelf: NamedDependency[Shelf], body: RawBody) -> Answer:
    """Have it read as the clerk says: a column, a kind, a unit, an answer, an explanation."""
    sent = sent_fields(body)
    choices, anew = book.choices, set(book.anew)
    for field, value in sent.items():
        if match := _ANEW.fullmatch(field):
            (anew.add if value == "yes" else anew.discard)(int(match[1]))
    if sent.get("sheet"):
        sheets = book.checked.sheets if book.checked else ()
        choices = import_choices.changed(choices, sent, sheets)
    if choices != book.choices or anew != book.anew:
        shelf.change(book, choices, frozenset(anew), whole(sent, "version", "请刷新页面再试。"))
        shelf.wait(book, _PATIENCE)
    return onward(address_of_held(book))


@post(f"{HELD}/confirm", sync_to_thread=True)
def confirm(
    village: FromPath[str],
    book: NamedDependency[Workbook],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    shelf: NamedDependency[Shelf],
    body: RawBody,
) -> Answer:
    """Make the drafts, all or none, and let go of the file; a second time nothing is done."""
    number = writer(board, village, me)
    seen = whole(sent_fields(body), "version", "请刷新页面再试。")
    with book.confirming:
        checked = book.checked
        if book.codes is None:
            if checked is None or book.version != seen:
                raise NotNow("这一页刚刚变过。", fix="请看一遍现在的，再存。")
            try:
                made = importing.keep(board, checked, number)
            except NotNow as problem:
                # Somebody was faster: what is new about it has to be looked at again.
                shelf.again(book)
                shelf.wait(book, 10 * _PATIENCE)
                if book.checked is None:
                    raise
                return page(import_page(board, me, book, 0, problem.findings), problem.status)
            book.codes, book.data, book.checked = tuple(draft.code for draft in made), b"", None
    return onward(address_of_held(book))


@post(f"{HELD}/forget", sync_to_thread=True)
def forget(
    village: FromPath[str], book: NamedDependency[Workbook], shelf: NamedDependency[Shelf]
) -> Answer:
    """Let go of a workbook of which nothing is wanted."""
    shelf.drop(book)
    return onward(f"/desk/{village}")


@get(f"{HELD}/marked", sync_to_thread=True)
def give_marked(book: NamedDependency[Workbook], shelf: NamedDependency[Shelf]) -> Answer:
    """Give the clerk their own workbook back with what is wrong coloured and said at each cell."""
    checked = _read(book, shelf)
    marks = [
        Mark(p.sheet, cell, f"{p.problem} {p.fix}".strip(), error=p.level == "error")
        for p in checked.listed
        for cell in (p.cell, *p.others)
        if cell
    ]
    body = marked(File(book.data, book.name), marks)
    name = quote(f"{book.name.rpartition('.')[0] or book.name}-标出问题.xlsx")
    given = {"content-disposition": f"attachment; filename=marked.xlsx; filename*=UTF-8''{name}"}
    return answer(body, _XLSX, 200, given)


@get(f"{HELD}/preview/{{nth:str}}/{{surface:str}}", sync_to_thread=True)
def show_as(
    nth: FromPath[str],
    surface: FromPath[str],
    book: NamedDependency[Workbook],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    shelf: NamedDependency[Shelf],
) -> Answer:
    """Show one of the notices to come as a surface will show it."""
    plans = _read(book, shelf).plans
    if not (nth.isascii() and nth.isdigit() and len(nth) < 5 and int(nth) < len(plans)):  # noqa: PLR2004 - below 10,000
        raise NotFound("没有这种预览。", value=nth[:8])
    plan = plans[int(nth)]
    draft = _as_draft(board, book, plan, writer(board, book.village, me))
    return page(shown_as(board, draft, plan.content, surface))


def _as_draft(board: Board, book: Workbook, plan: importing.Plan, number: int) -> Draft:
    """Give the draft that a plan would become, for its looks only: a correction says what of."""
    with board.database.read() as tx:
        notice = notices.get(tx, book.village, plan.goes_on) if plan.goes_on else None
    current = published(notice.current) if notice and notice.current else None
    return Draft(
        village=book.village,
        code=plan.goes_on,
        ed=1,
        kind=kind_of(plan.content),
        typed={},
        writers=(number,),
        prev=current.publish if current else None,
        at=board.now(),
    )


def _read(book: Workbook, shelf: Shelf) -> Checked:
    shelf.wait(book, 10 * _PATIENCE)
    if book.checked is None:
        raise NotNow("这份表格还没有读完。", fix="请过一会儿再试。")
    return book.checked


HANDLERS: Sequence[HTTPRouteHandler] = (
    take,
    preview,
    change,
    confirm,
    forget,
    give_marked,
    show_as,
)
