"""Pages that say what is not here: an unknown address, and what is no longer to be printed."""

from typing import ClassVar

from msgspec import Struct

from noticeboard.core.problems import Finding
from noticeboard.show import addresses, routes
from noticeboard.show.facts import Place
from noticeboard.show.listing import page_of
from noticeboard.show.render import Page, View
from noticeboard.show.texts import Text, Words, text


class Way(Struct, frozen=True):
    """Where to go from here."""

    href: str
    word: Words


class MessageView(View, frozen=True, kw_only=True):
    """A page that is not there: what happened, and where to go."""

    template: ClassVar[str] = "public/message.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "board")
    status: ClassVar[int] = 404

    page: Page
    says: tuple[Words, ...]
    links: tuple[Way, ...]


class GoneView(MessageView, frozen=True, kw_only=True):
    """A page that was there and will not come back."""

    status: ClassVar[int] = 410


def missing_view(found: Finding, at: int, *, gone: bool = True) -> MessageView:
    """Say a refusal as a page; what was typed is not repeated, so that nothing can be planted.

    What is not `gone` cannot be shown at the moment.
    """
    section = text("没有找到") if gone else text("现在显示不出来")
    code = text("请核对纸上的编号：八个字母和数字，没有 I、L、O、U。")
    says: Words = Text(found.fix, found.args) if found.fix else code
    return MessageView(
        page=Page(title=Text(found.text, found.args), at=at, section=section),
        says=(says,),
        links=(Way("/", text("看各村的公示")),),
    )


def gone_view(where: Place, code: str, at: int, title: Words, *says: Words) -> GoneView:
    """Say that a notice has no such page any more, and lead to what it has."""
    return GoneView(
        page=page_of(where, at, title, text("公示")),
        says=says,
        links=(
            Way(addresses.notice(code), text("看这份公示")),
            Way(addresses.village(where.code), text("看村里现在的公示")),
        ),
    )


def by_browser_view(where: Place, code: str, at: int) -> MessageView:
    """Say, where no PDF can be made, how a browser prints the same paper or saves it as one."""
    return MessageView(
        page=page_of(where, at, text("这里不能直接做 PDF"), text("公示")),
        says=(
            text("先打开打印页，再在浏览器的菜单里选“打印”，纸张选 A4，缩放选 100%。"),
            text("想存成文件，打印机那一栏选“另存为 PDF”。"),
        ),
        links=(
            Way(routes.Poster(code).path, text("打开打印页")),
            Way(addresses.notice(code), text("看这份公示")),
        ),
    )
