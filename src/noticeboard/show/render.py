"""A view becomes bytes: one template, its style in one element, and the headers that allow only it.

A page is one answer: no second request, no `style=` attribute, no font; and no script but the check
of a notice's own proof.
"""

import re
from base64 import b64encode
from functools import cache, partial
from hashlib import sha256
from typing import ClassVar, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup
from msgspec import Struct

from noticeboard import shipped
from noticeboard.core.money import wan, yuan
from noticeboard.show.breaking import broken
from noticeboard.show.texts import Lang, Words, day, moment, said, worded

HTML: Final = "text/html; charset=utf-8"


class View(Struct, frozen=True, kw_only=True):
    """What one template is given: exactly the fields of its class, as plain frozen values.

    `sheets` names the style sheets under `templates/assets` that the page needs, in order; `script`
    is the address of a script of ours that the page runs, "" for none.
    """

    template: ClassVar[str]
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base")
    script: ClassVar[str] = ""
    media_type: ClassVar[str] = HTML
    status: ClassVar[int] = 200


class Page(Struct, frozen=True, kw_only=True):
    """What `base.html` prints around a page.

    `at` is the moment shown as 数据截至, `log` says the head of the village's log, `frozen` since
    when and why nothing is written into it any more, `mark` a demo's band, `query` what the address
    has after `?` besides the language. `languages` says that the page can be had in both of them.
    """

    title: Words
    at: int
    section: Words = ""
    village: str = ""
    home: str = "/"
    mark: str = ""
    log: Words = ""
    frozen: Words = ""
    query: str = ""
    languages: bool = True


class Rendered(Struct, frozen=True):
    """An answer: body, media type, the headers that belong to it, HTTP status."""

    body: bytes
    media_type: str
    headers: tuple[tuple[bytes, bytes], ...]
    status: int = 200


def render(view: View, lang: Lang = "zh") -> Rendered:
    """Render a view. The same view in the same language always gives the same bytes."""
    style = _style(view.sheets, scripted=bool(view.script))
    fields = {name: getattr(view, name) for name in view.__struct_fields__}
    page = environment(lang).get_template(view.template).render(fields, style=style.sheet)
    return Rendered(page.encode(), view.media_type, style.headers, view.status)


class _Style(Struct, frozen=True):
    sheet: Markup
    headers: tuple[tuple[bytes, bytes], ...]


@cache
def _style(sheets: tuple[str, ...], *, scripted: bool) -> _Style:
    folder = shipped("templates") / "assets"
    sheet = "".join(tight((folder / f"{name}.css").read_text("utf-8")) for name in sheets)
    digest = b64encode(sha256(sheet.encode()).digest()).decode()
    script = "script-src 'self'; " if scripted else ""
    policy = (
        f"default-src 'none'; {script}style-src 'sha256-{digest}'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    )
    headers = (
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
    )
    return _Style(Markup(sheet), headers)  # noqa: S704 - our own style sheets


def tight(css: str) -> str:
    """Take comments and needless space out of a style sheet; strings are left as they are."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,>]) ?", r"\1", css)
    return re.sub(r"(?<=[\w-]): ", ":", css).replace(";}", "}").strip()


class Flush(Extension):
    """Templates are indented for their readers; the indentation never reaches the page."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 - Jinja's signature
        """Strip each line of a template's source, so that users' own text keeps its spaces."""
        return re.sub(r"^[ \t]+|[ \t]+$", "", source, flags=re.MULTILINE)


@cache
def environment(lang: Lang) -> Environment:
    """Give the one Jinja environment of a language; made once."""
    env = Environment(
        loader=FileSystemLoader(shipped("templates")),
        extensions=[Flush],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        auto_reload=False,
    )
    env.globals |= {
        "_": partial(worded, lang),
        "lang": lang,
        # Chinese sentences follow one another without a space.
        "gap": " " if lang == "en" else "",
        # Chinese words on an English page say so, for a screen reader's voice.
        "zh": Markup(' lang="zh-Hans"') if lang == "en" else "",
    }
    env.filters |= {
        "yuan": yuan,
        "wan": wan,
        "date": lambda value, at=None: said(day(value, at), lang),
        "moment": lambda value, at=None: said(moment(value, at), lang),
        "to": partial(_to, lang),
        "tied": tied,
        "broken": broken,
    }
    return env


def tied(sentence: str) -> str:
    """Keep a number and the word it counts on one line."""
    return re.sub(r"(?<=\d) (?=[元人户亩天笔万口立])", "\u00a0", sentence)


def _to(lang: Lang, address: str) -> str:
    """Keep the reader's language along a link within the board."""
    if lang == "zh":
        return address
    path, mark, anchor = address.partition("#")
    return f"{path}{'&' if '?' in path else '?'}lang={lang}{mark}{anchor}"
