"""What a writer attaches, cleaned: photographs and PDF pages become pictures, all else is refused.

A file's name is compared with its content and shown in a refusal; it is never a path and never
leaves with the clean copies.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from noticeboard.core.problems import NotValid
from noticeboard.formats.images import Box, Cleaned, bounded, clean_image
from noticeboard.formats.pdf import page_images

Sort = Literal["image", "pdf"]

# WeChat and phones call a JPEG .png and the reverse; among pictures that deceives nobody, as all
# are drawn anew.
_ENDINGS: Final[dict[str, Sort]] = {
    "jpg": "image",
    "jpeg": "image",
    "png": "image",
    "webp": "image",
    "gif": "image",
    "bmp": "image",
    "pdf": "pdf",
}
_PDF_HEAD: Final = 1024  # readers allow the mark anywhere in here
_APPLE: Final = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis", b"avif")
_NAME_LENGTH: Final = 60
_NO_BOXES: Final[Mapping[int, Sequence[Box]]] = {}


def sniff(data: bytes) -> Sort | None:
    """Say by the content's first bytes what it claims to be; cleaning shows whether it is."""
    if (
        data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"BM"))
        or data[:4] + data[8:12] == b"RIFFWEBP"
    ):
        return "image"
    return "pdf" if b"%PDF-" in data[:_PDF_HEAD] else None


def clean(
    data: bytes, name: str, boxes: Mapping[int, Sequence[Box]] = _NO_BOXES
) -> tuple[Cleaned, ...]:
    """Make the clean copies of one attached file: one picture, or one for each PDF page.

    `boxes` are by page from 0; a picture is page 0. Raises NotValid with the file's name as the
    place: not a picture or PDF, content that the name's ending denies, and whatever `clean_image`
    and `page_images` refuse.
    """
    where = _shown(name)
    bounded(data, where)
    sort = sniff(data)
    if sort is None:
        raise _refused(data, where)
    _, dot, ending = where.rpartition(".")
    if dot and _ENDINGS.get(ending.lower()) != sort:
        raise NotValid(
            "文件名的后缀和内容对不上，内容其实是{sort}",
            where=where,
            fix="请核对是不是选错了文件，改好后缀再传。",
            sort="图片" if sort == "image" else " PDF",
        )
    if sort == "pdf":
        return tuple(page_images(data, boxes, where))
    if any(page != 0 for page in boxes):
        raise NotValid("图片只有一页，遮盖框画在别的页上", where=where, fix="请重新画框。")
    return (clean_image(data, boxes.get(0, ()), where),)


def _refused(data: bytes, where: str) -> NotValid:
    if data[4:8] == b"ftyp" and data[8:12] in _APPLE:
        return NotValid(
            "手机的 HEIC 照片这里打不开",
            where=where,
            fix="请存成 JPG：在微信里发给自己再保存，或把手机相机格式设为“兼容性最佳”。",
        )
    return NotValid(
        "附件只收照片（JPG、PNG）和 PDF",
        where=where,
        fix="请拍成照片，或另存为 PDF 再传。",
    )


def _shown(name: str) -> str:
    """Give the last part of a file's name, printable and short, ending kept."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(char for char in last if char.isprintable()).strip()
    return plain if len(plain) <= _NAME_LENGTH else f"{plain[:40]}…{plain[-19:]}"
