"""PDF in, clean page pictures out: no text layer, no attachments, no comments, no scripts.

PDFium is not safe in several threads, so everything that touches it stands under one lock and is
closed before the lock is let go.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from threading import Lock
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from noticeboard.core.problems import NotValid
from noticeboard.formats.images import LONG_SIDE, Box, Cleaned, bounded, redrawn

MAX_PAGES: Final = 40
DPI: Final = 150
MAX_POINTS: Final = 14_400  # 200 inches, the largest page that PDF allows for
MAX_EMBEDDED_PIXELS: Final = 100_000_000  # an A3 scan of 600 dpi has 70 million
_POINTS_PER_INCH: Final = 72
_NO_BOXES: Final[Mapping[int, Sequence[Box]]] = {}
_one_at_a_time = Lock()


def page_images(
    data: bytes, boxes_by_page: Mapping[int, Sequence[Box]] = _NO_BOXES, where: str = ""
) -> list[Cleaned]:
    """Draw every page at 150 dpi, at most LONG_SIDE pixels long, with its boxes burnt in.

    Pages count from 0 in `boxes_by_page`. Raises NotValid at `where` when the file has too many
    bytes or pages, needs a password, is broken or no PDF, has a page or an embedded picture of a
    gigantic size, or when boxes are meant for a page that is not there.
    """
    bounded(data, where)
    with _one_at_a_time, closing(_opened(data, where)) as document:
        count = len(document)
        if not 0 < count <= MAX_PAGES:
            raise NotValid(
                "PDF 有 {count} 页，一份最多 {limit} 页",
                where=where,
                fix="请分成几份再传。",
                count=count,
                limit=MAX_PAGES,
            )
        if stray := [page for page in boxes_by_page if not 0 <= page < count]:
            raise NotValid(
                "遮盖框画在没有的第 {page} 页上",
                where=where,
                fix="请重新画框。",
                page=stray[0] + 1,
            )
        document.init_forms()  # filled-in fields are part of what the page shows
        return list(_drawn(document, boxes_by_page, where))


def _opened(data: bytes, where: str) -> Any:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}:
            raise NotValid(
                "PDF 设了密码，打不开", where=where, fix="请去掉密码，另存一份再传。"
            ) from error
        raise _broken(where) from error


def _drawn(
    document: Any, boxes_by_page: Mapping[int, Sequence[Box]], where: str
) -> Iterator[Cleaned]:
    for number in range(len(document)):
        place = f"{where} 第 {number + 1} 页".strip()
        try:
            with closing(document[number]) as page:
                scale = _scale(page, place)
                with closing(page.render(scale=scale)) as bitmap:
                    picture = bitmap.to_pil().convert("RGB")
        except pypdfium2.PdfiumError as error:
            raise _broken(place) from error
        yield redrawn(picture, boxes_by_page.get(number, ()), place)


def _scale(page: Any, where: str) -> float:
    """Give the pixels per point, after looking that drawing the page takes bounded memory."""
    width, height = page.get_size()
    embedded = (
        picture.get_px_size() for picture in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])
    )
    if not (1 <= width <= MAX_POINTS and 1 <= height <= MAX_POINTS) or any(
        across * down > MAX_EMBEDDED_PIXELS for across, down in embedded
    ):
        raise NotValid(
            "PDF 的页面或里面的图片大得不正常",
            where=where,
            fix="请按 A4 重新扫描，或拍成照片再传。",
        )
    return float(min(DPI / _POINTS_PER_INCH, LONG_SIDE / max(width, height)))


def _broken(where: str) -> NotValid:
    return NotValid(
        "PDF 不完整或已损坏", where=where, fix="请重新扫描或另存一份再传；也可以拍成照片。"
    )
