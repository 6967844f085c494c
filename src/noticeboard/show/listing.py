"""Notices as lists show them: title, number, dates, what became of each; no rows are read."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.core.days import days_left, midnight_after
from noticeboard.core.notice import Edition, Ended, Notice, published
from noticeboard.core.rules import Mode
from noticeboard.core.visible import Showing, Standing, Surface, changes_at, standing, visible
from noticeboard.show import addresses
from noticeboard.show.facts import Place
from noticeboard.show.head import ending
from noticeboard.show.render import Page
from noticeboard.show.sentences import KIND_WORDS
from noticeboard.show.standing_still import in_short
from noticeboard.show.texts import Text, Words, day, text
from noticeboard.store import blobs, notices

# A village writes some hundreds of notices in ten years; a list never reads more than this.
MOST = 5_000


class Listed(Struct, frozen=True):
    """A notice that a list may show at a moment, its title not yet read."""

    notice: Notice
    edition: Edition
    showing: Showing
    standing: Standing
    mode: Mode

    @property
    def up_at(self) -> int:
        """Give when the current edition went up."""
        shown = published(self.edition)
        return shown.at if shown else 0

    @property
    def until(self) -> int | None:
        """Give when its period ends."""
        shown = published(self.edition)
        return shown.period.until if shown else None

    @property
    def asks(self) -> bool:
        """Say whether it is up for objections, and for how long."""
        return self.standing == "up" and self.mode == "公示" and self.until is not None


class Item(Struct, frozen=True, kw_only=True):
    """One entry of a day list for `_days.html`; a `foreign` title is somebody's own Chinese."""

    href: str
    title: Words
    line: tuple[Words, ...] = ()
    word: Words = ""
    figure: str = ""
    unit: Words = ""
    late: bool = False
    foreign: bool = True


def listed(
    tx: Connection, where: Place, surface: Surface, at: int, most: int = MOST
) -> list[Listed]:
    """Give what a list surface may show now of every notice that was ever public, newest first."""
    found = []
    for notice in notices.shown(tx, where.code, most):
        edition = notice.current
        if edition is None:
            continue
        showing = visible(notice, edition, surface, at, where.rules)
        if showing != "nothing":
            found.append(of(where, notice, edition, showing, at))
    return found


def of(where: Place, notice: Notice, edition: Edition, showing: Showing, at: int) -> Listed:
    """Make a list's entry of an edition."""
    item = where.rules.catalogue.get(edition.item or "")
    mode = item.mode if item else "公开"
    return Listed(notice, edition, showing, standing(notice, edition, at), mode)


def page_of(where: Place, at: int, title: Words, section: Words, query: str = "") -> Page:
    """Give what stands around a page of a village."""
    root, log = where.root, text("记录还没有签名")
    if root:
        log = text("记录 {root}", root=f"{root[:4]} {root[4:8]}")
    return Page(
        title=title,
        at=at,
        section=section,
        village=where.profile.name,
        home=addresses.village(where.code),
        mark=where.profile.mark,
        log=log,
        frozen=in_short(where, at),
        query=query,
    )


def look_again(found: Iterable[Notice], at: int) -> int:
    """Give the next moment at which time alone may change a page with these notices.

    Days left are counted to midnight, so that is the latest.
    """
    ends = (changes_at(notice, at) for notice in found)
    return min([midnight_after(at), *(end for end in ends if end is not None)])


def titles(tx: Connection, where: Place, found: Sequence[Listed]) -> dict[str, str]:
    """Read titles by code: only of what may still be titled. What was erased has none."""
    told = [one for one in found if titled(where, one)]
    parts = [part for one in told for part in one.edition.parts if part.name == "text"]
    bodies = blobs.texts(tx, where.code, parts, "text")
    read: dict[str, str] = {}
    for one in told:
        for part in one.edition.parts:
            if part.name == "text" and part.c in bodies:
                head: dict[str, Any] = msgspec.json.decode(bodies[part.c])
                read[one.notice.code] = str(head["title"])
    return read


def titled(where: Place, one: Listed) -> bool:
    """Say whether the title may stand: on a tombstone only where it is not itself the leak."""
    if one.showing != "tombstone":
        return True
    # An old edition went with its notice: the ground stands where that was withdrawn.
    current = one.notice.current
    state = current.state if current else None
    ground = where.rules.grounds["withdraw"].get(state.ground) if isinstance(state, Ended) else None
    return ground is not None and not ground.self_leaking


def items(tx: Connection, where: Place, found: Sequence[Listed], at: int) -> tuple[Item, ...]:
    """Give the entries of a day list, with days left where a period is running."""
    read = titles(tx, where, found)
    return tuple(item(where, one, read.get(one.notice.code), at) for one in found)


def item(where: Place, one: Listed, title: str | None, at: int) -> Item:
    """Give one entry of a day list; without a title it says what it is by kind and number."""
    number = one.notice.number or ""
    word: Words = ""
    figure = ""
    unit: Words = ""
    if one.standing == "up" and one.until is not None:
        soon = ending(at, one.until)
        if soon is not None:
            word, figure, unit = soon.day, soon.clock, text("结束")
        else:
            left = days_left(at, one.until)
            word, figure, unit = text("还剩"), str(left), text("天", n=left)
    return Item(
        href=addresses.notice(one.notice.code),
        title=title or text("{kind} {number}", kind=kind_word(one.edition), number=number),
        line=tuple(line(where, one, at, number if title else "")),
        word=word,
        figure=figure,
        unit=unit,
        foreign=title is not None,
    )


def line(where: Place, one: Listed, at: int, number: str = "") -> Iterable[Words]:
    """Say in pieces: for which group, what kind, since when, and what has become of it."""
    group = group_name(where, one.edition.group)
    if group:
        yield group
    yield kind_word(one.edition)
    state = one.edition.state
    if isinstance(state, Ended) and one.standing == "withdrawn":
        ground = where.rules.grounds["withdraw"].get(state.ground)
        why = Text(ground.text, english=ground.english) if ground else ""
        yield text("{day}撤下：{ground}", day=day(state.at, at), ground=why)
    else:
        up = day(one.up_at, at)
        yield text("{day}公示", day=up) if one.mode == "公示" else text("{day}公开", day=up)
        if one.edition.prev is not None:
            yield text("已更正")
        if one.standing == "expired" and one.until is not None:
            yield text("{day}期满", day=day(one.until - 1, at))
    if number:
        yield text("{number}号", number=number)


def kind_word(edition: Edition) -> Text:
    """Name an edition's kind."""
    return next(word for kind, word in KIND_WORDS.items() if kind == edition.kind)


def group_name(where: Place, code: str | None) -> str:
    """Name the 村民小组 a notice is for; nothing when it is for the whole village."""
    names = {group.code: group.name for group in where.profile.groups}
    return names.get(code or "", code or "")
