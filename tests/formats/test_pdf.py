"""A PDF's pages become pictures and nothing else; what cannot be drawn safely is refused."""

import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from noticeboard.core.problems import NotValid
from noticeboard.formats.images import LONG_SIDE, MAX_BYTES, Box
from noticeboard.formats.pdf import MAX_PAGES, page_images

A4 = (595, 842)
SECRET = b"432502199001011234"


def pdf(
    contents: Sequence[bytes], size: tuple[float, float] = A4, extra: bytes = b"", more: bytes = b""
) -> bytes:
    """Write a PDF by hand: one page for each content stream, with Helvetica as /F.

    `extra` goes into each page's dictionary, `more` into its resources.
    """
    count = len(contents)
    kids = b" ".join(b"%d 0 R" % (4 + 2 * page) for page in range(count))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for page, content in enumerate(contents):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %g %g]/Resources<</Font<</F 3 0 R>>%s>>"
            b"/Contents %d 0 R%s>>" % (*size, more, 5 + 2 * page, extra)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
    body, offsets = b"%PDF-1.7\n", []
    for number, entry in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, entry)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R/Info<</Title(%s)>>>>\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table, len(objects) + 1, SECRET, len(body))
    )


def with_object(data: bytes, entry: bytes) -> bytes:
    """Add object 9, and leave out the table, so that the reader looks for the objects itself."""
    head, rest = data[: data.index(b"xref\n")], data[data.index(b"trailer") :]
    return head + b"9 0 obj\n" + entry + b"\nendobj\n" + rest


RED_BELOW = b"1 0 0 rg 0 0 595 421 re f BT /F 24 Tf 0 g 72 700 Td (" + SECRET + b") Tj ET"


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def dark(image: Image.Image, box: tuple[int, int, int, int]) -> bool:
    return image.convert("L").crop(box).getextrema()[0] < 60


def near(expected: tuple[int, int, int], got: Any) -> bool:
    return all(abs(one - other) <= 24 for one, other in zip(expected, got, strict=True))


def test_pages_become_pictures_without_text() -> None:
    """A4 at 150 dpi; the words are drawn but are no text any more, nor is the title."""
    data = pdf([RED_BELOW, b"0 0 1 rg 0 0 595 842 re f"])
    assert 2 == data.count(SECRET)
    first, second = page_images(data)
    assert (1240, 1755) == (first.width, first.height)
    assert near((255, 0, 0), opened(first.data).getpixel((600, 1500)))
    assert dark(opened(first.data), (150, 230, 700, 310))
    assert near((0, 0, 255), opened(second.data).getpixel((600, 300)))
    for page in (first, second):
        assert page.data.startswith(b"\xff\xd8")
        assert SECRET not in page.data
        assert {"jfif", "jfif_version", "jfif_unit", "jfif_density"} == set(opened(page.data).info)
    assert [first, second] == page_images(data)


def test_boxes_are_burnt_into_their_page_alone() -> None:
    """The number under the box is black on the second page and readable on the first."""
    plain, boxed = page_images(pdf([RED_BELOW, RED_BELOW]), {1: [Box(0, 50, 1000, 250)]})
    assert near((255, 255, 255), opened(plain.data).getpixel((1100, 270)))
    inside = opened(boxed.data).convert("L").crop((0, 92, 1240, 434))
    assert inside.getextrema()[1] <= 24
    assert near((255, 0, 0), opened(boxed.data).getpixel((600, 1500)))


def test_a_turned_page_is_drawn_as_shown() -> None:
    """A page with /Rotate lies across, as every viewer shows it."""
    [page] = page_images(pdf([RED_BELOW], extra=b"/Rotate 90"))
    assert (1755, 1240) == (page.width, page.height)
    assert near((255, 0, 0), opened(page.data).getpixel((300, 600)))


def test_what_was_filled_in_is_drawn() -> None:
    """A form's field is part of what the writer saw; the attested picture shows it too."""
    field = (
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(x)/F 4/Rect[0 0 595 421]/P 4 0 R"
        b"/DA(/F 12 Tf 0 g)/MK<</BG[0 0 1]>>>>"
    )
    form = pdf([b""], extra=b"/Annots[9 0 R]").replace(
        b"/Catalog", b"/Catalog/AcroForm<</Fields[9 0 R]/DR<</Font<</F 3 0 R>>>>>>"
    )
    [page] = page_images(with_object(form, field))
    assert near((0, 0, 255), opened(page.data).getpixel((600, 1500)))


def test_a_large_sheet_is_bounded() -> None:
    """An A0 plan is drawn smaller, never larger than the long side."""
    [page] = page_images(pdf([b""], size=(2384, 3370)))
    assert LONG_SIDE == max(page.width, page.height)


def test_many_threads_may_ask_at_once() -> None:
    """PDFium is not safe in threads; each gets its own pages all the same."""
    colours = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0)]
    files = [pdf([b"%d %d %d rg 0 0 595 842 re f" % colour]) for colour in colours] * 3
    with ThreadPoolExecutor(6) as pool:
        pages = [page for [page] in pool.map(page_images, files)]
    for page, (red, green, blue) in zip(pages, colours * 3, strict=True):
        expected = (255 * red, 255 * green, 255 * blue)
        assert near(expected, opened(page.data).getpixel((600, 600)))


def encrypted() -> bytes:
    """A PDF whose owner's and user's keys are nonsense, so that no empty password opens it."""
    lock = b"/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4/O(%s)/U(%s)>>/ID[(a)(a)]"
    return pdf([b""]).replace(b"trailer<<", b"trailer<<" + lock % (b"o" * 32, b"u" * 32))


def bomb() -> bytes:
    """A page with an embedded picture of 20,000 x 20,000 in a few hundred bytes."""
    body = zlib.compress(bytes(100_000))
    picture = (
        b"<</Type/XObject/Subtype/Image/Width 20000/Height 20000/BitsPerComponent 8"
        b"/ColorSpace/DeviceGray/Filter/FlateDecode/Length %d>>stream\n%s\nendstream"
        % (len(body), body)
    )
    data = pdf([b"595 0 0 842 0 0 cm /I Do"], more=b"/XObject<</I 9 0 R>>")
    return with_object(data, picture)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "文件是空的"),
        (b"%PDF-" + bytes(MAX_BYTES), "超过 20 MB"),
        (b"not a PDF at all", "不完整或已损坏"),
        (b"%PDF-1.7\n%%EOF", "不完整或已损坏"),
        (pdf([RED_BELOW])[:200], "不完整或已损坏"),
        (encrypted(), "设了密码"),
        (pdf([b""] * (MAX_PAGES + 1)), f"有 {MAX_PAGES + 1} 页，一份最多 {MAX_PAGES} 页"),
        (pdf([b""], size=(100_000, 100_000)), "大得不正常"),
        (pdf([b""], size=(14_500, 10)), "大得不正常"),
        (bomb(), "大得不正常"),
    ],
)
def test_what_cannot_be_drawn_is_refused(data: bytes, says: str) -> None:
    """With what, where and what to do, and quickly."""
    with pytest.raises(NotValid, match=says) as refusal:
        page_images(data, where="合同.pdf")
    [finding] = refusal.value.findings
    assert finding.where.startswith("合同.pdf")
    assert "请" in finding.fix


def test_as_many_pages_as_allowed_are_taken() -> None:
    """The limit itself is allowed."""
    assert MAX_PAGES == len(page_images(pdf([b""] * MAX_PAGES, size=(72, 72))))


@pytest.mark.parametrize("page", [-1, 1])
def test_a_box_on_a_missing_page_is_refused(page: int) -> None:
    """A box that would cover nothing must not be taken for one that does."""
    with pytest.raises(NotValid, match="没有的第"):
        page_images(pdf([b""]), {page: [Box(0, 0, 10, 10)]})
