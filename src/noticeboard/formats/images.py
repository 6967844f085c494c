"""Photographs in, clean copies out: pixels only, upright, bounded, with black boxes burnt in.

Nothing of the file that came in survives but what can be seen: the picture is decoded, drawn anew
and encoded as JPEG, so metadata, comments, thumbnails and trailing bytes have nowhere to stay.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from msgspec import Struct
from PIL import Image, ImageCms, ImageDraw, ImageFile, ImageOps, UnidentifiedImageError

from noticeboard.core.problems import NotValid

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_PIXELS: Final = 52_000_000  # the largest usual phone photograph has 8192 x 6144
LONG_SIDE: Final = 2400
QUALITY: Final = 85
THUMB_BYTES: Final = 25_000
PER_MILLE: Final = 1000
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP")


class Box(Struct, frozen=True):
    """A part to black out, in thousandths of the upright picture's width and height."""

    left: int
    top: int
    right: int
    bottom: int


class Cleaned(Struct, frozen=True):
    """A clean picture: JPEG bytes, its media type, its size in pixels, a JPEG thumbnail."""

    data: bytes
    type: str
    width: int
    height: int
    thumb: bytes


def clean_image(data: bytes, boxes: Sequence[Box] = (), where: str = "") -> Cleaned:
    """Decode a JPEG, PNG, WebP, GIF (its first frame) or BMP and make a clean copy.

    The type is what the content is. Raises NotValid at `where` when the bytes are too many, are no
    such picture, are cut short or broken, or would unfold to more than MAX_PIXELS, which is read
    from the header before anything is decoded. The same bytes give the same copy.
    """
    bounded(data, where)
    try:
        with _opened(data, where) as image:
            if not boxes:
                # libjpeg can decode at a half or a quarter, in as much less memory. Not with
                # boxes: they must cover the pixels as they were taken.
                image.draft(None, (LONG_SIDE, LONG_SIDE))
            upright = _upright(image)
    except NotValid:
        raise
    except Exception as error:  # decoders raise whatever their parsers stumble over
        raise NotValid(
            "图片不完整或已损坏", where=where, fix="请重新拍照，或从原来的地方再发一次。"
        ) from error
    return redrawn(upright, boxes, where)


def redrawn(image: Image.Image, boxes: Sequence[Box], where: str = "") -> Cleaned:
    """Burn the boxes into a decoded RGB picture, bound it, and encode it and its thumbnail.

    Raises NotValid at `where` for a box outside the picture or without an inside.
    """
    for box in boxes:
        _burn(image, box, where)
    image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    return Cleaned(_jpeg(image, QUALITY), "image/jpeg", *image.size, _thumbnail(image))


def bounded(data: bytes, where: str) -> None:
    """Refuse an empty file and one of more than MAX_BYTES with NotValid."""
    if not data:
        raise NotValid("文件是空的", where=where, fix="请重新选择文件。")
    if len(data) > MAX_BYTES:
        raise NotValid(
            "文件超过 {limit} MB",
            where=where,
            fix="照片请用手机发“标准”大小，扫描件请降低清晰度或分成几份。",
            limit=MAX_BYTES // 1024**2,
        )


def _opened(data: bytes, where: str) -> Image.Image:
    """Read the header only, and refuse what is no picture or would be too large a one."""
    # Pillow's switch is for the whole process, and the PDF writer turns it on when it is imported:
    # then half a picture would pass as a whole one.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        image = Image.open(BytesIO(data), formats=_FORMATS)
        bomb = image.width * image.height > MAX_PIXELS
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        bomb = True
    except UnidentifiedImageError:
        raise NotValid("这不是能用的图片", where=where, fix="请存成 JPG 或 PNG 再传。") from None
    if bomb:
        raise NotValid(
            "图片尺寸太大，超过 {limit} 万像素",
            where=where,
            fix="请缩小后再传，或对着它重新拍一张。",
            limit=MAX_PIXELS // 10_000,
        )
    return image


def _upright(image: Image.Image) -> Image.Image:
    """Decode, turn as EXIF says, and give RGB in sRGB, on white where it was transparent."""
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode.startswith("I"):  # 16 bits of grey, which convert() would clip to white
        return image.point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if image.has_transparency_data:
        above = image.convert("RGBA")
        flat = Image.new("RGB", image.size, "white")
        flat.paste(above, mask=above.getchannel("A"))
        return flat
    return _in_srgb(image, image.info.get("icc_profile"))


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Turn the colours into sRGB by the embedded profile, or plainly where that is of no use."""
    if profile and image.mode in {"RGB", "L", "CMYK"}:
        try:
            srgb = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(image, BytesIO(profile), srgb, outputMode="RGB")
        except ImageCms.PyCMSError:  # a broken profile; the picture can still be seen
            turned = None
        if turned is not None:
            return turned
    return image.convert("RGB")


def _burn(image: Image.Image, box: Box, where: str) -> None:
    """Black out every pixel that the box touches."""
    if not (0 <= box.left < box.right <= PER_MILLE and 0 <= box.top < box.bottom <= PER_MILLE):
        raise NotValid("遮盖框不在图片里", where=where, fix="请重新画框，盖住要遮的地方。")
    first = (box.left * image.width // PER_MILLE, box.top * image.height // PER_MILLE)
    # Rounded up, then one less: the library draws the last pixel too.
    last = (
        -(-box.right * image.width // PER_MILLE) - 1,
        -(-box.bottom * image.height // PER_MILLE) - 1,
    )
    ImageDraw.Draw(image).rectangle((*first, *last), fill="black")


def _jpeg(image: Image.Image, quality: int) -> bytes:
    """Encode pixels alone: a new picture carries no comment, profile or EXIF into the file."""
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    out = BytesIO()
    bare.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _thumbnail(image: Image.Image) -> bytes:
    """Make the largest and best small copy that has at most THUMB_BYTES."""
    for side in (480, 360, 240, 160):
        small = image.copy()
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        for quality in (75, 60, 45):
            if len(thumb := _jpeg(small, quality)) <= THUMB_BYTES:
                return thumb
    raise AssertionError("160 x 160 pixels of anything have fewer bytes")
