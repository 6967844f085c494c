"""A village's lists: the index by kind, and the projects as lines of time."""

from typing import ClassVar, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.core.particulars import Content, Kind, Project
from noticeboard.show.facts import Facts, Place, facts
from noticeboard.show.kinds import step_of
from noticeboard.show.listing import (
    Item,
    item,
    items,
    listed,
    look_again,
    of,
    page_of,
)
from noticeboard.show.render import Page, View
from noticeboard.show.routes import Corrections, Index, Projects
from noticeboard.show.sentences import KIND_WORDS, told
from noticeboard.show.texts import Words, text
from noticeboard.show.views import Step

ON_A_PAGE: Final = 40
PROJECTS_ON_A_PAGE: Final = 10


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
