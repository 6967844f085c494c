"""A workbook sent to the desk: drafts at once if nothing is wrong, else everything that is."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody
from msgspec import Struct

from noticeboard import importing
from noticeboard.board import Board, accounts
from noticeboard.core.problems import NotValid
from noticeboard.core.sheet import Reading, SheetProblem
from noticeboard.formats.workbook import ENDINGS, MOST_BYTES
from noticeboard.show.texts import Words, text
from noticeboard.store.drafts import Draft
from noticeboard.store.people import Account
from noticeboard.web import uploads
from noticeboard.web.alike import period
from noticeboard.web.answers import DeskView, desk, page
from noticeboard.web.draft_pages import SHEETS, address_of
from noticeboard.web.drafts import Answer

# The form around the file; a file that is too large is then refused in words that help.
_MOST_SENT: Final = MOST_BYTES + 2_000_000


class Made(Struct, frozen=True):
    """A draft that came of a sheet: its address and title."""

    href: str
    title: str


class Seen(Struct, frozen=True):
    """A sheet as it was understood, with its kind, its period and what it comes to in words."""

    sheet: Reading
    kind: Words
    period: str
    money: str


class ImportPage(DeskView, frozen=True, kw_only=True):
    """What a workbook was understood to say, what is wrong with it, which drafts came of it."""

    template: ClassVar[str] = "desk/import.html"
    sheets: ClassVar[tuple[str, ...]] = SHEETS

    name: str
    endings: str
    seen: tuple[Seen, ...]
    dropped: tuple[str, ...]
    errors: tuple[SheetProblem, ...]
    warnings: tuple[SheetProblem, ...]
    made: tuple[Made, ...]


@post("/desk/{village:str}/import", sync_to_thread=True, request_max_body_size=_MOST_SENT)
def take(
    village: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    request: Request[Any, Any, Any],
    body: RawBody,
) -> Answer:
    """Read a workbook and make its drafts, all or none; the file ends with this request."""
    number = accounts.seat(board, me.id, village, "submit")
    sent = uploads.read(request.headers.get("content-type", ""), body)
    if not sent.files:
        raise NotValid("还没有选文件。", fix="请先选乡镇给的 Excel 表格。", field="file")
    file = sent.files[0]
    checked = importing.check(board, village, file.data, file.name)
    drafts = importing.keep(board, checked, number) if checked.ok else []
    status = 200 if drafts else NotValid.status
    return page(_page(board, me, file.name, checked, drafts), status, again=True)


def _page(
    board: Board, me: Account, name: str, checked: importing.Checked, drafts: Sequence[Draft]
) -> ImportPage:
    title = text("已存成草稿") if drafts else text("还没有存，请先改好表格")
    with board.database.read() as tx:
        around = desk(board, tx, me, title, checked.village)
    return ImportPage(
        desk=around,
        name=name,
        endings=",".join(ENDINGS),
        seen=tuple(
            Seen(sheet, importing.word_of(sheet.kind), _period(sheet), importing.money_of(sheet))
            for sheet in checked.sheets
            if sheet.kind is not None
        ),
        dropped=checked.dropped,
        errors=checked.errors,
        warnings=tuple(p for p in checked.problems if p.level == "warning"),
        made=tuple(Made(address_of(d), str(d.typed.get("title", ""))) for d in drafts),
    )


def _period(sheet: Reading) -> str:
    return period(sheet.covers) if sheet.covers else ""


HANDLERS: Sequence[HTTPRouteHandler] = (take,)
