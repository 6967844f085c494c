"""A village's lists: the index by kind, what words find, the projects as lines of time."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.core.codes import is_code, normal
from noticeboard.core.money import yuan
from noticeboard.core.particulars import Content, Kind, Project, Row
from noticeboard.core.parts import Stated
from noticeboard.show import addresses
from noticeboard.show.facts import Facts, Place, facts
from noticeboard.show.kinds import step_of
from noticeboard.show.lines import signed
from noticeboard.show.listing import (
    Item,
    Listed,
    item,
    items,
    listed,
    look_again,
    of,
    page_of,
)
from noticeboard.show.render import Page, View
from noticeboard.show.routes import Corrections, Index, Projects, Search
from noticeboard.show.sentences import KIND_WORDS, told
from noticeboard.show.texts import Words, text
from noticeboard.show.views import Step
from noticeboard.store import notices, search

ON_A_PAGE: Final = 40
PROJECTS_ON_A_PAGE: Final = 10
MOST_FOUND: Final = 40
ROWS_FOUND: Final = 3
_REGISTER = re.compile(r"\d{4}-\d{3,5}")


class Turn(Struct, frozen=True):
    """Which page of how many this is, and where the ones beside it are; "" where there is none."""

    page: int
    pages: int
    before: str
    after: str


class IndexView(View, frozen=True, kw_only=True):
    """A village's notices, all or of one kind, with what became of each."""

    template: ClassVar[str] = "public/index.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "days", "board")

    page: Page
    title: Words
    items: tuple[Item, ...]
    count: int
    turn: Turn


class Hit(Struct, frozen=True):
    """A row in which the words stand."""

    href: str
    what: str
    amount: str


class Found(Struct, frozen=True):
    """A notice in which the words stand, and at most three of the rows that say them."""

    item: Item
    hits: tuple[Hit, ...]


class SearchView(View, frozen=True, kw_only=True):
    """What was found. `count` is None while nothing was asked; `more` says the list was cut."""

    template: ClassVar[str] = "public/search.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "days", "board")

    page: Page
    search: str
    words: str
    count: int | None
    more: bool
    found: tuple[Found, ...]


class ProjectLine(Struct, frozen=True):
    """A project in one sentence and as its line of time."""

    item: Item
    sentence: Words
    steps: tuple[Step, ...]


class ProjectsView(View, frozen=True, kw_only=True):
    """A village's projects, newest first."""

    template: ClassVar[str] = "public/projects.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "board")

    page: Page
    projects: tuple[ProjectLine, ...]
    turn: Turn


def turned(route: Index | Projects | Corrections, count: int, size: int) -> Turn:
    """Give the place of a page among so many entries; a page beyond the end is the last one."""
    pages = max(1, -(-count // size))
    page = min(route.page, pages)

    def address(other: int) -> str:
        return msgspec.structs.replace(route, page=other).address if 0 < other <= pages else ""

    return Turn(page, pages, address(page - 1), address(page + 1))


def index_view(tx: Connection, where: Place, route: Index, at: int) -> tuple[IndexView, int]:
    """Give the index and the moment it must be looked at again."""
    found = listed(tx, where, "feed", at)
    chosen = [one for one in found if route.kind in ("", one.edition.kind)]
    turn = turned(route, len(chosen), ON_A_PAGE)
    start = (turn.page - 1) * ON_A_PAGE
    shown = chosen[start : start + ON_A_PAGE]
    title = _kind_word(route.kind) if route.kind else text("全部公示")
    view = IndexView(
        page=page_of(where, at, title, text("目录"), route.query),
        title=title,
        items=items(tx, where, shown, at),
        count=len(chosen),
        turn=turn,
    )
    return view, look_again((one.notice for one in found), at)


def _kind_word(kind: str) -> Words:
    known: Kind = kind  # type: ignore[assignment]  # routes let only kinds pass
    return KIND_WORDS[known]


def search_view(tx: Connection, where: Place, route: Search, at: int) -> SearchView:
    """Give what a village's public notices say about some words; never by a villager's name."""
    found = [one for one in _found(tx, where, route.words, at) if one.showing != "tombstone"]
    title = text("找“{words}”", words=route.words) if route.words else text("找公示")
    return SearchView(
        page=page_of(where, at, title, text("找公示"), route.query),
        search=route.path,
        words=route.words,
        count=len(found) if route.words else None,
        more=len(found) > MOST_FOUND,
        found=tuple(_hit(tx, where, one, route.words, at) for one in found[:MOST_FOUND]),
    )


def _found(tx: Connection, where: Place, words: str, at: int) -> Iterator[Listed]:
    codes = list(search.find(tx, where.code, words, MOST_FOUND + 1)) if words else []
    typed = normal(words)
    if is_code(typed) and typed not in codes:
        codes.insert(0, typed)
    if _REGISTER.fullmatch(words):
        numbered = (n.code for n in notices.shown(tx, where.code) if n.number == words)
        codes = [*numbered, *codes]
    for code in dict.fromkeys(codes):
        notice = notices.get(tx, where.code, code)
        current = notice.current if notice else None
        if notice is None or current is None:
            continue
        read = facts(tx, where, notice, current, "search", at)
        if read.stated is not None:
            yield of(where, notice, current, read.showing, at)


def _hit(tx: Connection, where: Place, one: Listed, words: str, at: int) -> Found:
    stated = facts(tx, where, one.notice, one.edition, "search", at).stated
    title = stated.content.title if stated else None
    hits = _rows(one.notice.code, stated, words) if stated else ()
    return Found(item(where, one, title, at), hits)


def _rows(code: str, stated: Stated, words: str) -> tuple[Hit, ...]:
    wanted = words.lower().split()
    hits = []
    for row in stated.content.particulars.rows:
        said = said_without_names(row)
        if all(word in said.lower() for word in wanted):
            hits.append(Hit(addresses.row(code, row.id), _what(row), _amount(row)))
    return tuple(hits[:ROWS_FOUND])


def said_without_names(row: Row) -> str:
    """Give the words of a row without any person's name: nobody is to be looked up here."""
    fields = (name for name in row.__struct_fields__ if name not in row.NAMES)
    values = (getattr(row, name) for name in fields)
    return "\n".join(value for value in values if isinstance(value, str))


def _what(row: Row) -> str:
    return str(getattr(row, "summary", "") or getattr(row, "text", "") or getattr(row, "group", ""))


def _amount(row: Row) -> str:
    if hasattr(row, "expense"):
        return signed(row.income, row.expense)  # type: ignore[attr-defined]  # a ledger's row has both
    amount = getattr(row, "amount", None)
    return yuan(amount).replace("-", "−") if isinstance(amount, int) else ""


def projects_view(
    tx: Connection, where: Place, route: Projects, at: int
) -> tuple[ProjectsView, int]:
    """Give the projects as lines of time and the moment they must be looked at again."""
    found = listed(tx, where, "feed", at)
    chosen = [one for one in found if one.edition.kind == "project" and one.showing != "tombstone"]
    turn = turned(route, len(chosen), PROJECTS_ON_A_PAGE)
    start = (turn.page - 1) * PROJECTS_ON_A_PAGE
    read = (
        facts(tx, where, one.notice, one.edition, "feed", at)
        for one in chosen[start : start + PROJECTS_ON_A_PAGE]
    )
    title = text("项目进展")
    view = ProjectsView(
        page=page_of(where, at, title, text("项目"), route.query),
        projects=tuple(_project(one, at) for one in read if one.stated is not None),
        turn=turn,
    )
    return view, look_again((one.notice for one in found), at)


def _project(read: Facts, at: int) -> ProjectLine:
    assert read.stated is not None  # the caller has chosen those
    content: Content = read.stated.content
    project = content.particulars
    assert isinstance(project, Project)
    one = of(read.place, read.notice, read.edition, read.showing, at)
    return ProjectLine(
        item(read.place, one, content.title, at),
        told(content, read.place.profile.households, at).sentence,
        tuple(step_of(row, at) for row in project.rows),
    )
