"""A file is what its content is; a name that lies is refused and no name leaves with the copy."""

from io import BytesIO

import pytest
from PIL import Image

from noticeboard.core.problems import NotValid
from noticeboard.formats.attachments import clean, sniff
from noticeboard.formats.images import MAX_BYTES, Box

PDF = (
    b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    b"2 0 obj\n<</Type/Pages/Count 2/Kids[3 0 R 3 0 R]>>\nendobj\n"
    b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 144]>>\nendobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(100)
ZIP = b"PK\x03\x04" + bytes(100)


def photo(kind: str = "JPEG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "MPO"])
def test_pictures_are_known_by_their_content(kind: str) -> None:
    """Whatever the name says."""
    assert "image" == sniff(photo(kind))


def test_other_files_are_known_by_their_content() -> None:
    """A PDF may have a few bytes in front; the rest is nothing we take."""
    assert "pdf" == sniff(PDF)
    assert "pdf" == sniff(b"\xef\xbb\xbf\n" + PDF)
    for data in (b"", b"R", HEIC, ZIP, b"RIFF\x00\x00\x00\x00WAVE", b"<html>", bytes(2000) + PDF):
        assert sniff(data) is None


def test_a_photo_gives_one_copy_and_a_pdf_one_a_page() -> None:
    """All of them JPEG."""
    assert 1 == len(clean(photo(), "IMG_1.JPG"))
    assert 2 == len(clean(PDF, "合同.pdf"))
    assert {"image/jpeg"} == {
        page.type for page in (*clean(PDF, "a.PDF"), *clean(photo(), "b.jpg"))
    }


@pytest.mark.parametrize("name", ["wx_camera.png", "photo.jpeg", "没有后缀", "", "C:\\照片\\a.jpg"])
def test_honest_enough_names_are_taken(name: str) -> None:
    """WeChat calls a JPEG .png; a name without an ending claims nothing."""
    assert 1 == len(clean(photo(), name))


def test_boxes_go_to_their_page() -> None:
    """Page 0 is a picture's only one."""
    [boxed] = clean(photo(), "a.jpg", {0: [Box(0, 0, 1000, 1000)]})
    assert Image.open(BytesIO(boxed.data)).convert("L").getextrema()[1] <= 8
    plain, dark = clean(PDF, "a.pdf", {1: [Box(0, 0, 1000, 1000)]})
    assert Image.open(BytesIO(plain.data)).convert("L").getextrema()[0] >= 247
    assert Image.open(BytesIO(dark.data)).convert("L").getextrema()[1] <= 8
    with pytest.raises(NotValid, match="遮盖框"):
        clean(photo(), "a.jpg", {1: [Box(0, 0, 1000, 1000)]})


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (photo(), "合同.pdf", "内容其实是图片"),
        (PDF, "照片.jpg", "内容其实是 PDF"),
        (photo(), "名册.xlsx", "内容其实是图片"),
        (photo(), "setup.exe", "内容其实是图片"),
        (ZIP, "照片.jpg", "只收照片"),
        (b"<script>alert(1)</script>", "a.png", "只收照片"),
        (b"MZ" + bytes(100), "a.pdf", "只收照片"),
        (HEIC, "IMG_0001.HEIC", "HEIC"),
        (HEIC, "IMG_0001.jpg", "HEIC"),
        (b"", "a.jpg", "文件是空的"),
        (photo() + bytes(MAX_BYTES), "a.jpg", "超过 20 MB"),
        (photo()[:200], "a.jpg", "已损坏"),
        (b"BMW", "a.bmp", "不是能用的图片"),
        (PDF[:60], "a.pdf", "已损坏"),
    ],
)
def test_a_wrong_or_lying_file_is_refused(data: bytes, name: str, says: str) -> None:
    """The refusal says what, names the file and gives the next step."""
    with pytest.raises(NotValid, match=says) as refusal:
        clean(data, name)
    [finding] = refusal.value.findings
    assert name == finding.where
    assert "请" in finding.fix


def test_heic_is_told_how_to_become_jpg() -> None:
    """An iPhone's owner needs the word JPG and the way there."""
    with pytest.raises(NotValid, match="请存成 JPG"):
        clean(HEIC, "IMG_0001.HEIC")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\名单.zip", "名单.zip"),
        ("a\x00b\n\u202ec.zip", "abc.zip"),
        ("长" * 300 + ".zip", "长" * 40 + "…" + "长" * 15 + ".zip"),
        ("{0.__class__}.zip", "{0.__class__}.zip"),
    ],
)
def test_a_name_is_only_ever_shown(name: str, shown: str) -> None:
    """Folders, control signs and length are cut; braces are not filled in."""
    with pytest.raises(NotValid) as refusal:
        clean(ZIP, name)
    assert shown == refusal.value.findings[0].where
    assert str(refusal.value).startswith(f"{shown}：")


def test_no_name_leaves_with_the_copy() -> None:
    """The same picture under another name gives the same bytes."""
    assert clean(photo(), "李某身份证.jpg") == clean(photo(), "b.jpg")
