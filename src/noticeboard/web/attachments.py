"""A draft's pictures: add photographs and PDFs, cover what nobody may see, take one off."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody
from msgspec.structs import replace

from noticeboard.board import Board, attaching
from noticeboard.core.forms import MOST_TEXT
from noticeboard.core.particulars import Attachment
from noticeboard.core.problems import Finding, NotFound, NotValid
from noticeboard.formats.attachments import clean
from noticeboard.formats.images import PER_MILLE, Box, Cleaned, clean_image
from noticeboard.show.texts import text
from noticeboard.store import blobs
from noticeboard.store.drafts import Draft
from noticeboard.web import forms, uploads
from noticeboard.web.answers import answer, page, script
from noticeboard.web.draft_pages import BoxesPage, FilesPage, address_of
from noticeboard.web.drafts import DRAFT, Answer, Opened, to

# Several photographs in one go; each of them is bounded again when it is cleaned.
MOST_AT_ONCE: Final = 64 * 1024 * 1024
MOST_BOXES: Final = 50
_EDGES: Final = ("left", "top", "right", "bottom")


@get(f"{DRAFT}/files", sync_to_thread=True)
def files(opened: NamedDependency[Opened]) -> Answer:
    """Show a draft's pictures with what can be done to each."""
    return page(_files_page(opened))


def _files_page(
    opened: Opened,
    *,
    caption: str = "",
    captions: Mapping[str, str] | None = None,
    findings: tuple[Finding, ...] = (),
) -> FilesPage:
    """Make the page; `captions` are those that were typed and refused."""
    typed = captions or {}
    return FilesPage(
        desk=opened.around(text("照片和扫描件")),
        address=address_of(opened.draft),
        pictures=tuple(
            replace(file, caption=typed.get(file.c, file.caption)) for file in opened.draft.files
        ),
        caption=caption,
        findings=findings,
    )


@post(f"{DRAFT}/files", sync_to_thread=True, request_max_body_size=MOST_AT_ONCE)
def add(opened: NamedDependency[Opened], request: Request[Any, Any, Any], body: RawBody) -> Answer:
    """Clean what was sent and add it, all of it or nothing; the originals end with this request."""
    board, draft = opened.board, opened.draft
    sent = uploads.read(request.headers.get("content-type", ""), body)
    caption = " ".join(sent.fields.get("caption", "").split())
    try:
        _bounded({"caption": caption})
        cleaned = _new(board, draft, _cleaned(sent.files))
    except NotValid as problem:
        refused = _files_page(opened, caption=caption, findings=problem.findings)
        return page(refused, problem.status)
    if cleaned:
        attaching.attach(board, draft.village, draft.code, opened.number, cleaned, caption)
    return to(draft, "/files")


def _new(board: Board, draft: Draft, cleaned: Sequence[Cleaned]) -> list[Cleaned]:
    """Leave out what hangs on the draft already: cleaned alike, so sent twice."""
    lengths = {file.len for file in draft.files}
    if not any(len(picture.data) in lengths for picture in cleaned):
        return list(cleaned)
    held = {_held(board, draft.village, file.c).data for file in draft.files}
    return [picture for picture in cleaned if picture.data not in held]


def _cleaned(sent: Sequence[uploads.Upload]) -> list[Cleaned]:
    if not sent:
        raise NotValid("还没有选文件。", fix="请先选照片或 PDF。", field="file")
    return [picture for file in sent for picture in clean(file.data, file.name)]


@post(f"{DRAFT}/files/captions", sync_to_thread=True)
def describe(opened: NamedDependency[Opened], body: RawBody) -> Answer:
    """Put what was typed under each picture; then to the picture to cover, or to the form."""
    draft, sent = opened.draft, forms.sent_fields(body)
    typed = _typed(draft, sent)
    try:
        _describe(opened, typed)
    except NotValid as problem:
        refused = _files_page(opened, captions=typed, findings=problem.findings)
        return page(refused, problem.status)
    covered = [file.c for file in draft.files if file.c == sent.get("cover")]
    return to(draft, f"/files/{covered[0]}/boxes" if covered else "")


def _typed(draft: Draft, sent: Mapping[str, str]) -> dict[str, str]:
    return {
        file.c: " ".join(sent[f"caption.{file.c}"].split())
        for file in draft.files
        if f"caption.{file.c}" in sent
    }


def _describe(opened: Opened, typed: Mapping[str, str]) -> None:
    _bounded({f"caption.{c}": caption for c, caption in typed.items()})
    draft = opened.draft
    attaching.describe(opened.board, draft.village, draft.code, opened.number, typed)


def _bounded(captions: Mapping[str, str]) -> None:
    """Refuse captions, by their fields, that no page could print under a picture."""
    long = [field for field, caption in captions.items() if len(caption) > MOST_TEXT]
    if long:
        raise NotValid.of(
            Finding("说明最多 {most} 个字。", field=field, args={"most": MOST_TEXT})
            for field in long
        )


@get(f"{DRAFT}/files/{{c:str}}/picture", sync_to_thread=True)
def picture(c: FromPath[str], opened: NamedDependency[Opened]) -> Answer:
    """Give the cleaned bytes of a draft's picture, to its writers alone."""
    _picture_of(opened.draft, c)
    held = _held(opened.board, opened.draft.village, c)
    return answer(held.data, held.type)


@get(f"{DRAFT}/files/{{c:str}}/small", sync_to_thread=True)
def small(c: FromPath[str], opened: NamedDependency[Opened]) -> Answer:
    """Give the small copy of a draft's picture."""
    _picture_of(opened.draft, c)
    with opened.board.database.read() as tx:
        thumb = blobs.thumb_of(tx, opened.draft.village, c)
    if thumb is None:
        return to(opened.draft, f"/files/{c}/picture")
    return answer(thumb, "image/jpeg")


def _picture_of(draft: Draft, c: str) -> Attachment:
    found = next((file for file in draft.files if file.c == c), None)
    if found is None:
        raise NotFound("这张图片已经不在草稿里了。", fix="请刷新再看。")
    return found


def _held(board: Board, village: str, c: str) -> blobs.Held:
    with board.database.read() as tx:
        held = blobs.file_of(tx, village, c)
    if held is None:
        raise NotFound("这张图片已经不在草稿里了。", fix="请刷新再看。")
    return held


@post(f"{DRAFT}/files/{{c:str}}/remove", sync_to_thread=True)
def remove(c: FromPath[str], opened: NamedDependency[Opened], body: RawBody) -> Answer:
    """Take a picture off the draft; a second time it is gone already, and stays so.

    What was typed under the others is kept.
    """
    draft = opened.draft
    _describe(opened, _typed(draft, forms.sent_fields(body)))
    if any(file.c == c for file in draft.files):
        attaching.detach(opened.board, draft.village, draft.code, opened.number, c)
    return to(draft, "/files")


@get(f"{DRAFT}/files/{{c:str}}/boxes", sync_to_thread=True)
def boxes(c: FromPath[str], opened: NamedDependency[Opened]) -> Answer:
    """Show a picture at full size, to draw what must be covered."""
    return page(_boxes_page(opened, c))


def _boxes_page(opened: Opened, c: str, findings: tuple[Finding, ...] = ()) -> BoxesPage:
    found = _picture_of(opened.draft, c)
    return BoxesPage(
        desk=opened.around(text("遮住不该看到的")),
        address=address_of(opened.draft),
        picture=found,
        number=opened.draft.files.index(found) + 1,
        run=(script("boxes"),),
        findings=findings,
    )


@post(f"{DRAFT}/files/{{c:str}}/boxes", sync_to_thread=True)
def burn(c: FromPath[str], opened: NamedDependency[Opened], body: RawBody) -> Answer:
    """Burn the boxes into the picture: a new file in its place, and the uncovered one is erased."""
    board, draft = opened.board, opened.draft
    _picture_of(draft, c)
    try:
        wanted = boxes_in(forms.sent_fields(body))
        covered = clean_image(_held(board, draft.village, c).data, wanted)
    except NotValid as problem:
        return page(_boxes_page(opened, c, problem.findings), problem.status)
    attaching.cover(board, draft.village, draft.code, opened.number, c, covered)
    return to(draft, "/files")


def boxes_in(sent: Mapping[str, str]) -> tuple[Box, ...]:
    """Read the boxes of a form: `boxes.<n>.left` and so on, thousandths of width and height.

    Raises NotValid when there is none, too many, or one that is not in the picture.
    """
    found = []
    for n in range(MOST_BOXES):
        edges = [sent.get(f"boxes.{n}.{edge}", "").strip() for edge in _EDGES]
        if not any(edges):
            continue
        if not all(edge.isascii() and edge.isdigit() and len(edge) <= 4 for edge in edges):  # noqa: PLR2004 - 1000
            raise NotValid(
                "四条边要填 0 到 1000 的整数。", where=f"第{n + 1}块", field=f"boxes.{n}.left"
            )
        box = Box(*(int(edge) for edge in edges))
        if not (box.left < box.right <= PER_MILLE and box.top < box.bottom <= PER_MILLE):
            raise NotValid(
                "这一块不在图片里，或者没有大小。",
                where=f"第{n + 1}块",
                fix="左要小于右，上要小于下，最大 1000。",
                field=f"boxes.{n}.left",
            )
        found.append(box)
    if not found:
        raise NotValid(
            "还没有画要遮的地方。", fix="请在图上拖出方块，或填四个数。", field="boxes.0.left"
        )
    return tuple(found)


HANDLERS: Sequence[HTTPRouteHandler] = (files, add, describe, picture, small, remove, boxes, burn)
