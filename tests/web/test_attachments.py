"""Pictures of a draft: cleaned, covered, looked at one by one; what was sent leaves no trace."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from noticeboard.store import blobs
from tests.cast import VILLAGE
from tests.web.browsing import at, drawer, fields_of, photo, sent, state
from tests.web.conftest import DESK, Browser, Office

MARK = b"Somebody's camera at 27.70 N 111.66 E"


def told_photo() -> bytes:
    """Make a photograph that tells where and by whom it was taken."""
    image = Image.new("RGB", (400, 300), "grey")
    exif = Image.Exif()
    exif[0x010F] = MARK.decode()
    out = BytesIO()
    image.save(out, "JPEG", exif=exif, comment=MARK)
    return out.getvalue() + MARK


def pdf(pages: int) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def add(browser: Browser, code: str, name: str, data: bytes, caption: str = "") -> Any:
    return browser.post(at(code, "files"), files={"file": (name, data)}, data={"caption": caption})


def pixel(office: Office, c: str, x: int, y: int) -> tuple[int, int, int]:
    with office.board.database.read() as tx:
        held = blobs.file_of(tx, VILLAGE, c)
    assert held is not None
    return Image.open(BytesIO(held.data)).convert("RGB").getpixel((x, y))  # type: ignore[return-value]


def with_photo(office: Office) -> tuple[str, str]:
    """Give a draft with one picture: its code and the picture's."""
    code = office.cast.draft().code
    assert 303 == add(office.browser("anna"), code, "a.jpg", photo(), "硬化以前").status_code
    return code, drawer(office)[0].files[0].c


def test_only_what_can_be_seen_is_kept(office: Office, tmp_path: Path) -> None:
    """Where it was taken and by whom is in no file of the home, nor in what is served."""
    code = office.cast.draft().code
    assert MARK in told_photo()
    anna = office.browser("anna")
    assert 303 == add(anna, code, "a.jpg", told_photo(), "硬化以前").status_code
    picture = drawer(office)[0].files[0]
    assert ("硬化以前", 400, 300) == (picture.caption, picture.width, picture.height)
    for act in ("picture", "small"):
        served = anna.get(at(code, f"files/{picture.c}/{act}"))
        assert "image/jpeg" == served.headers["content-type"]
        assert MARK not in served.content
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert MARK not in kept


def test_each_page_of_a_pdf_becomes_a_picture(office: Office) -> None:
    """A scanned paper comes in as its pages, several files in one go, in their order."""
    code = office.cast.draft().code
    files = [("file", ("scan.pdf", pdf(2))), ("file", ("b.png", photo(form="PNG")))]
    answer = office.browser("anna").post(at(code, "files"), files=files)
    assert 303 == answer.status_code
    pictures = drawer(office)[0].files
    assert ["image/jpeg"] * 3 == [picture.type for picture in pictures]
    assert (400, 300) == (pictures[2].width, pictures[2].height)


REFUSED = {
    "no picture": ("note.jpg", b"hello", "附件只收照片（JPG、PNG）和 PDF"),
    "a workbook": ("a.xlsx", b"PK\x03\x04rest", "附件只收照片（JPG、PNG）和 PDF"),
    "a lying name": ("a.pdf", photo(), "文件名的后缀和内容对不上"),
    "a script in a name": ("a.svg", b"<svg onload='alert(1)'/>", "附件只收照片"),
    "half a picture": ("a.jpg", photo()[:400], "图片"),
    "more than 20 MB": ("a.jpg", b"\xff\xd8\xff" + bytes(20 * 1024 * 1024), "文件超过 20 MB"),
    "nothing": ("a.jpg", b"", "文件是空的"),
}


@pytest.mark.parametrize(("name", "data", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_picture_is_refused_in_words(
    office: Office, name: str, data: bytes, said: str
) -> None:
    """The page says what, where and what next; the caption typed is still there."""
    code = office.cast.draft().code
    before = state(office)
    answer = add(office.browser("anna"), code, name, data, "硬化以前")
    assert 422 == answer.status_code
    assert said in answer.text
    assert name in answer.text
    assert 'value="硬化以前"' in answer.text
    assert before == state(office)


def test_a_bomb_is_refused_before_it_unfolds(office: Office) -> None:
    """A small file that would fill the memory is judged by its header."""
    out = BytesIO()
    Image.new("1", (60_000, 60_000)).save(out, "PNG")
    assert len(out.getvalue()) < 2_000_000
    code = office.cast.draft().code
    answer = add(office.browser("anna"), code, "bomb.png", out.getvalue())
    assert 422 == answer.status_code
    assert "图片尺寸太大" in answer.text
    assert () == drawer(office)[0].files


def test_one_bad_file_keeps_none_of_them(office: Office) -> None:
    """Files sent together are added together or not at all."""
    code = office.cast.draft().code
    files = [("file", ("a.jpg", photo())), ("file", ("b.jpg", b"hello"))]
    assert 422 == office.browser("anna").post(at(code, "files"), files=files).status_code
    assert () == drawer(office)[0].files


def test_a_box_is_burnt_in_and_what_it_covered_is_gone(office: Office) -> None:
    """Covered pixels are black in the only picture left, in the same place with its caption."""
    code, c = with_photo(office)
    add(office.browser("anna"), code, "b.jpg", photo("white"))
    box = {"left": "100", "top": "100", "right": "500", "bottom": "500"}
    form = {f"boxes.0.{edge}": value for edge, value in box.items()}
    anna = office.browser("anna")
    assert 303 == anna.post(at(code, f"files/{c}/boxes"), data=form).status_code
    covered, other = drawer(office)[0].files
    assert ("硬化以前", "") == (covered.caption, other.caption)
    assert max(pixel(office, covered.c, 100, 100)) < 20
    assert min(pixel(office, covered.c, 350, 250)) > 100
    with office.board.database.read() as tx:
        assert blobs.file_of(tx, VILLAGE, c) is None
    assert 404 == anna.get(at(code, f"files/{c}/picture")).status_code


EDGES = ("left", "top", "right", "bottom")
NO_BOXES = {
    "none": {},
    "outside": {"boxes.0.left": "0", "boxes.0.top": "0", "boxes.0.right": "1200"},
    "without size": dict.fromkeys(
        [f"boxes.0.{e}" for e in ("left", "top", "right", "bottom")], "5"
    ),
    "words": {"boxes.0.left": "左边"},
}


@pytest.mark.parametrize("form", NO_BOXES.values(), ids=NO_BOXES.keys())
def test_a_box_that_is_none_changes_nothing(office: Office, form: dict[str, str]) -> None:
    """The page comes back and says what is wrong with the box."""
    code, c = with_photo(office)
    before = state(office)
    answer = office.browser("anna").post(at(code, f"files/{c}/boxes"), data=form)
    assert 422 == answer.status_code
    assert "没有遮上" in answer.text
    assert before == state(office)


# --- the same five questions to each writing view of a picture ---


def _remove(code: str, c: str) -> tuple[str, dict[str, str]]:
    return at(code, f"files/{c}/remove"), {}


def _burn(code: str, c: str) -> tuple[str, dict[str, str]]:
    edges = {"left": "0", "top": "0", "right": "500", "bottom": "500"}
    return at(code, f"files/{c}/boxes"), {f"boxes.0.{e}": v for e, v in edges.items()}


def _caption(code: str, c: str) -> tuple[str, dict[str, str]]:
    return at(code, "files/captions"), {f"caption.{c}": "硬化以后"}


View = Callable[[str, str], tuple[str, dict[str, str]]]


@pytest.mark.parametrize("view", [_remove, _burn, _caption])
def test_a_picture_is_changed_by_its_writers_alone_and_once(office: Office, view: View) -> None:
    """It does it; not on GET; not for others; for whoever may write; a second time is harmless."""
    code, c = with_photo(office)
    path, form = view(code, c)
    before = state(office)
    office.browser("anna").get(path)
    assert 403 == office.browser("ben").post(path, data=form).status_code
    assert 403 == office.browser("dan").post(path, data=form).status_code
    assert office.browser().post(path, data=form).status_code in (303, 401)
    assert before == state(office)
    cleo = office.browser("cleo")
    assert 303 == cleo.post(path, data=form).status_code
    once = state(office)
    assert before != once
    assert cleo.post(path, data=form).status_code in (303, 404)
    assert once == state(office)


def test_a_picture_of_a_draft_is_for_its_writers(office: Office) -> None:
    """Not even the reviewer sees a picture before it is submitted."""
    code, c = with_photo(office)
    for act in ("picture", "small", "boxes"):
        assert 403 == office.browser("ben").get(at(code, f"files/{c}/{act}")).status_code
    for who, expected in (("ben", 404), ("mei", 404), ("dan", 403), ("anna", 200)):
        assert expected == office.browser(who).get(f"{DESK}/files/{c}").status_code


def test_a_picture_of_another_draft_is_not_given(office: Office) -> None:
    """The address of a picture is worth nothing under another draft."""
    _code, c = with_photo(office)
    other = office.cast.draft().code
    assert 404 == office.browser("anna").get(at(other, f"files/{c}/picture")).status_code


def test_each_picture_is_ticked_before_it_is_submitted(office: Office) -> None:
    """The form leads to the pictures at full size; one tick missing, and nothing is submitted."""
    code, _c = with_photo(office)
    anna = office.browser("anna")
    add(anna, code, "b.jpg", photo("white"))
    answer = anna.post(at(code, "submit"), data=sent(office, code))
    assert at(code, "check") == answer.headers["location"]
    page = anna.get(at(code, "check"))
    first, second = drawer(office)[0].files
    assert f'src="{at(code, f"files/{first.c}/picture")}"' in page.text
    one = anna.post(at(code, "submit"), data={**_hidden(page.text), f"seen.{first.c}": "yes"})
    assert 422 == one.status_code
    assert "请逐张看过原图" in one.text
    assert f'name="seen.{first.c}" value="yes" checked' in one.text
    assert ["<details>", "<details open>"] == re.findall(r"<details[^>]*>", one.text)
    assert ["1", "2"] == re.findall(r'href="#picture-(\d)"', one.text)[:2]
    before = office.cast.entries()
    both = {f"seen.{first.c}": "yes", f"seen.{second.c}": "yes"}
    done = anna.post(at(code, "submit"), data={**_hidden(one.text), **both})
    assert f"{DESK}/notices/{code}" == done.headers["location"]
    assert before + 1 == office.cast.entries()
    assert [first.c, second.c] == [file.c for file in office.cast.notice(code).latest.files]


def _hidden(html: str) -> dict[str, str]:
    return {
        name: value
        for name, value in fields_of(html, "ticks").items()
        if name in ("version", "form", "looked")
    }


def test_captions_are_mended_after_the_upload(office: Office) -> None:
    """All that was typed is kept at once; what is too long comes back with what to do."""
    code, c = with_photo(office)
    anna = office.browser("anna")
    add(anna, code, "b.png", photo("white", form="PNG"))
    page = anna.get(at(code, "files")).text
    assert f'name="caption.{c}" form="captions" value="硬化以前"' in page
    _first, second = drawer(office)[0].files
    typed = {f"caption.{c}": " 硬化\r\n以后 ", f"caption.{second.c}": "晒谷坪", "caption.x": "别的"}
    assert at(code) == anna.post(at(code, "files/captions"), data=typed).headers["location"]
    assert ["硬化 以后", "晒谷坪"] == [file.caption for file in drawer(office)[0].files]
    cover = {f"caption.{c}": "路面", "cover": c}
    onward = anna.post(at(code, "files/captions"), data=cover)
    assert at(code, f"files/{c}/boxes") == onward.headers["location"]
    gone = {f"caption.{c}": "硬化 以后", f"caption.{second.c}": "不要了"}
    assert 303 == anna.post(at(code, f"files/{second.c}/remove"), data=gone).status_code
    assert [(c, "硬化 以后")] == [(file.c, file.caption) for file in drawer(office)[0].files]
    long = anna.post(at(code, "files/captions"), data={f"caption.{c}": "长" * 121})
    assert 422 == long.status_code
    assert "说明最多 120 个字" in long.text
    assert f'href="#caption.{c}"' in long.text
    assert f'value="{"长" * 121}"' in long.text
    assert "硬化 以后" == drawer(office)[0].files[0].caption
    assert 422 == add(anna, code, "c.jpg", photo("black"), "长" * 121).status_code


def test_a_leak_in_a_caption_is_refused(office: Office) -> None:
    """What stands under a picture is public as well."""
    code = office.cast.draft().code
    anna = office.browser("anna")
    add(anna, code, "a.jpg", photo(), "有事找13912345678")
    answer = anna.post(at(code, "submit"), data=sent(office, code))
    assert 422 == answer.status_code
    assert "有一个手机号" in answer.text
    assert '<a href="#files">' in answer.text
