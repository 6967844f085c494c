"""Only what can be seen survives; boxes are black; bombs and broken files are refused in words."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageFile, PngImagePlugin

from noticeboard.core.problems import NotValid
from noticeboard.formats.images import (
    LONG_SIDE,
    MAX_BYTES,
    THUMB_BYTES,
    Box,
    Cleaned,
    clean_image,
)

SECRET = b"432502199001011234"  # an identity number nobody has; its check digit is wrong
FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "MPO"]


def picture(width: int = 300, height: int = 200) -> Image.Image:
    """Left half red, right half blue, a white corner top left."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    image.paste("white", (0, 0, width // 10, height // 10))
    return image


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def near(expected: tuple[int, int, int], got: Any, by: int = 24) -> bool:
    return all(abs(one - other) <= by for one, other in zip(expected, got, strict=True))


def markers(data: bytes) -> list[int]:
    """List a JPEG's segments up to the scan, and insist that nothing follows its end."""
    assert data.startswith(b"\xff\xd8")
    assert data.endswith(b"\xff\xd9")
    assert 1 == data.count(b"\xff\xd9")
    found, at = [], 2
    while True:
        assert 0xFF == data[at]
        found.append(data[at + 1])
        if data[at + 1] == 0xDA:
            return found
        at += 2 + int.from_bytes(data[at + 2 : at + 4])


def assert_clean(cleaned: Cleaned) -> None:
    """JFIF header, tables, one frame, one scan; no application data, no comment."""
    for data in (cleaned.data, cleaned.thumb):
        assert {0xE0, 0xDB, 0xC0, 0xC4, 0xDA} == set(markers(data))
        assert {"jfif", "jfif_version", "jfif_unit", "jfif_density"} == set(opened(data).info)
        assert SECRET not in data
    assert "image/jpeg" == cleaned.type
    assert (cleaned.width, cleaned.height) == opened(cleaned.data).size
    assert len(cleaned.thumb) <= THUMB_BYTES


def test_nothing_hidden_in_a_jpeg_survives() -> None:
    """EXIF with GPS, XMP, a comment, a profile and bytes after the end are all gone."""
    image = picture()
    exif = image.getexif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[2] = (27.0, 41.0, 30.0)
    planted = saved(
        image,
        exif=exif,
        xmp=b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>",
        comment=SECRET,
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )
    planted += SECRET
    assert 4 == planted.count(SECRET)
    cleaned = clean_image(planted)
    assert_clean(cleaned)
    assert (300, 200) == (cleaned.width, cleaned.height)
    assert near((255, 0, 0), opened(cleaned.data).getpixel((75, 100)))
    assert near((0, 0, 255), opened(cleaned.data).getpixel((225, 100)))


def test_nothing_hidden_in_a_png_survives() -> None:
    """Texts plain, compressed and international, EXIF and trailing bytes are gone."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", SECRET.decode())
    texts.add_text("Packed", SECRET.decode(), zip=True)
    texts.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    planted = saved(picture(), "PNG", pnginfo=texts) + SECRET
    assert 3 == planted.count(SECRET)
    assert_clean(clean_image(planted))


def test_an_embedded_thumbnail_does_not_survive() -> None:
    """What a box covers must not live on in the small picture inside EXIF."""
    image = picture()
    exif = image.getexif()
    exif.get_ifd(0x8769)[0x927C] = SECRET  # the maker's note, where cameras put previews
    planted = saved(image, exif=exif)
    assert SECRET in planted
    cleaned = clean_image(planted, [Box(0, 0, 500, 1000)])
    assert_clean(cleaned)
    assert near((0, 0, 0), opened(cleaned.thumb).getpixel((20, 100)))


@pytest.mark.parametrize("kind", FORMATS)
def test_every_usual_format_is_taken(kind: str) -> None:
    """What went in can be seen in what came out, and the same bytes give the same copy."""
    data = saved(picture(), kind)
    cleaned = clean_image(data)
    assert_clean(cleaned)
    assert near((255, 0, 0), opened(cleaned.data).getpixel((75, 100)))
    assert near((0, 0, 255), opened(cleaned.data).getpixel((225, 100)))
    assert cleaned == clean_image(data)


def test_a_moving_picture_gives_its_first_frame() -> None:
    """Later frames could show what nobody attested."""
    frames = [Image.new("RGB", (40, 40), "green")]
    data = saved(picture(40, 40), "GIF", save_all=True, append_images=frames)
    assert near((0, 0, 255), opened(clean_image(data).data).getpixel((30, 30)))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright(orientation: int) -> None:
    """However the camera was held, the white corner is where a viewer shows it; so are boxes."""
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    lying = picture() if undo is None else picture().transpose(undo)
    exif = lying.getexif()
    exif[0x0112] = orientation
    shown = opened(clean_image(saved(lying, exif=exif), [Box(900, 900, 1000, 1000)]).data)
    assert (300, 200) == shown.size
    assert near((255, 255, 255), shown.getpixel((10, 8)))
    assert near((255, 0, 0), shown.getpixel((75, 150)))
    assert near((0, 0, 0), shown.getpixel((288, 192)))


@pytest.mark.parametrize("size", [(300, 200), (5000, 3100)])
def test_a_box_is_black(size: tuple[int, int]) -> None:
    """Every pixel inside, in the copy and in the thumbnail, and nothing far outside."""
    white = saved(Image.new("RGB", size, "white"))
    cleaned = clean_image(white, [Box(101, 203, 307, 409), Box(600, 600, 601, 601)])
    for data in (cleaned.data, cleaned.thumb):
        shown = opened(data)
        left, top = 101 * shown.width // 1000 + 2, 203 * shown.height // 1000 + 2
        right, bottom = 307 * shown.width // 1000 - 2, 409 * shown.height // 1000 - 2
        inside = shown.convert("L").crop((left, top, right, bottom))
        assert inside.getextrema()[1] <= 24
        assert near((255, 255, 255), shown.getpixel((left - 12, top)))
        assert near((255, 255, 255), shown.getpixel((right + 14, bottom)))
    assert max(opened(cleaned.data).size) <= LONG_SIDE


@pytest.mark.parametrize(
    "box", [Box(-1, 0, 10, 10), Box(0, 0, 1001, 10), Box(5, 0, 5, 10), Box(0, 10, 10, 9)]
)
def test_a_box_outside_the_picture_is_refused(box: Box) -> None:
    """A box that would cover nothing must not be taken for one that does."""
    with pytest.raises(NotValid, match="遮盖框"):
        clean_image(saved(picture()), [box])


def test_large_pictures_are_bounded() -> None:
    """The long side is at most 2,400 pixels, small ones are not blown up, slivers survive."""
    big = clean_image(saved(picture(4000, 3000)))
    assert (2400, 1800) == (big.width, big.height)
    small = clean_image(saved(picture(30, 20)))
    assert (30, 20) == (small.width, small.height)
    sliver = clean_image(saved(Image.new("RGB", (20_000, 2)), "PNG"))
    assert (2400, 1) == (sliver.width, sliver.height)


def test_the_worst_thumbnail_still_fits() -> None:
    """Noise compresses worst."""
    noise = Image.merge("RGB", [Image.effect_noise((900, 900), 200) for _ in range(3)])
    assert len(clean_image(saved(noise, quality=95)).thumb) <= THUMB_BYTES


def test_transparent_parts_become_white() -> None:
    """A stamp on a clear ground is read on white, not on black."""
    stamp = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    assert near((255, 255, 255), opened(clean_image(saved(stamp, "PNG")).data).getpixel((9, 9)))


def test_other_kinds_of_colour_are_seen_right() -> None:
    """Sixteen bits of grey, print colours, and a profile that is nonsense."""
    grey = clean_image(saved(Image.new("I;16", (20, 20), 32768), "PNG"))
    assert near((128, 128, 128), opened(grey.data).getpixel((9, 9)))
    cmyk = clean_image(saved(Image.new("CMYK", (20, 20), (0, 255, 255, 0))))
    assert near((255, 0, 0), opened(cmyk.data).getpixel((9, 9)), by=40)
    broken = clean_image(saved(picture(), icc_profile=b"not a profile"))
    assert near((255, 0, 0), opened(broken.data).getpixel((75, 100)))


def test_colours_are_turned_into_srgb() -> None:
    """A camera's own numbers are translated by its profile, which is then dropped."""
    grey = Image.new("RGB", (20, 20), (90, 90, 90))
    turned = clean_image(saved(grey, "PNG", icc_profile=straight_profile()))
    assert_clean(turned)
    assert near((161, 161, 161), opened(turned.data).getpixel((9, 9)), by=3)  # 90 as light, in sRGB


def straight_profile() -> bytes:
    """Make sRGB's own profile one without its curves: numbers are amounts of light."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for at in range(132, 132 + 12 * int.from_bytes(data[128:132]), 12):
        if bytes(data[at : at + 4]) in {b"rTRC", b"gTRC", b"bTRC"}:
            curve = int.from_bytes(data[at + 4 : at + 8])
            data[curve : curve + 16] = b"para" + bytes(8) + struct.pack(">i", 65536)
    return bytes(data)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises many pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(8000, 8000), (12_000, 12_000), (30_000, 30_000), (2**30, 2**30)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    """Refused for its size, so before the far too short body was looked at."""
    with pytest.raises(NotValid, match="尺寸太大"):
        clean_image(bomb(*size), where="大图.png")


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_cut_short_is_refused(kind: str) -> None:
    """Half a picture is refused with its place, also after the PDF writer was imported."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True  # what importing weasyprint leaves behind
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    data = saved(noise, kind)
    with pytest.raises(NotValid, match=r"^照片\.x：图片不完整或已损坏") as refusal:
        clean_image(data[: len(data) // 2], where="照片.x")
    assert refusal.value.findings[0].fix


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "文件是空的"),
        (b"\xff\xd8\xff" + bytes(MAX_BYTES), "超过 20 MB"),
        (b"MZ" + bytes(500), "不是能用的图片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是能用的图片"),
        (saved(picture(), "TIFF"), "不是能用的图片"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "图片"),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 60, "图片"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes, says: str) -> None:
    """Every refusal says what, where and what to do."""
    with pytest.raises(NotValid, match=says) as refusal:
        clean_image(data, where="照片.jpg")
    [finding] = refusal.value.findings
    assert "照片.jpg" == finding.where
    assert finding.fix.startswith(("请", "照片请"))
