"""A browser's part in a form: what it would send of a page, and what lies in a village's drawer."""

from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from PIL import Image

from noticeboard.store import drafts
from noticeboard.store.drafts import Draft
from tests.cast import VILLAGE
from tests.web.conftest import DESK, Office


class _Form(HTMLParser):
    """Reads the controls of the form with an id, as a browser sends them."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted, self.inside = wanted, False
        self.fields: dict[str, str] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == self.wanted
        if not self.inside or "form" in given:
            return
        name = given.get("name", "")
        if tag == "input" and given.get("type") not in ("checkbox", "radio", "file"):
            self.fields[name] = given.get("value", "")
        elif tag == "textarea":
            self._area = name
            self.fields[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in given or self._select not in self.fields):
            self.fields[self._select] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            # A browser drops the first new line of a text area.
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")
            self._area = ""
        if tag == "form":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data


def fields_of(html: str, form: str = "draft") -> dict[str, str]:
    """Give the fields a browser would send of a page's form, by name."""
    reader = _Form(form)
    reader.feed(html)
    assert reader.fields, html[:2000]
    return reader.fields


def drawer(office: Office) -> list[Draft]:
    """Give the village's drafts."""
    with office.board.database.read() as tx:
        return list(drafts.of_village(tx, VILLAGE))


def state(office: Office) -> tuple[Any, ...]:
    """Give everything a writing view could have changed, without when and how often."""
    seen = [(d.code, d.typed, [(file.c, file.caption) for file in d.files]) for d in drawer(office)]
    return sorted(seen, key=lambda one: one[0]), office.cast.entries()


def photo(colour: str = "grey", size: tuple[int, int] = (400, 300), form: str = "JPEG") -> bytes:
    """Make a picture of one colour."""
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, form)
    return out.getvalue()


def at(code: str, act: str = "") -> str:
    """Give the address of a draft, or of something done to it."""
    return f"{DESK}/drafts/{code}" + (f"/{act}" if act else "")


def sent(office: Office, code: str, **typed: str) -> dict[str, str]:
    """Give what Anna's browser would send of a draft's form after she typed."""
    page = office.browser("anna").get(at(code))
    assert 200 == page.status_code
    return fields_of(page.text) | typed
