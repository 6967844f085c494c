"""Every correction, withdrawal and redaction of a village at one address, counted by quarter."""

from collections import Counter
from collections.abc import Iterator
from typing import ClassVar, Final, Literal

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.core.days import day_of
from noticeboard.core.notice import Edition, TakenDown, published
from noticeboard.core.visible import Standing
from noticeboard.show import addresses
from noticeboard.show.corrections import corrected, why
from noticeboard.show.facts import Place, facts
from noticeboard.show.head import ground_words
from noticeboard.show.listing import Listed, kind_word, listed, look_again, page_of, titles
from noticeboard.show.render import Page, View
from noticeboard.show.routes import Corrections
from noticeboard.show.texts import Text, Words, day, text
from noticeboard.show.views_lists import Turn, turned

ON_A_PAGE: Final = 30
Sort = Literal["correct", "withdraw", "redact"]
WORDS: Final[dict[Sort, Text]] = {
    "correct": text("更正"),
    "withdraw": text("撤下"),
    "redact": text("隐去"),
}


class Change(Struct, frozen=True, kw_only=True):
    """One change of what had been public: when, of what, and in one sentence what and why."""

    at: int
    day: Text
    sort: Sort
    word: Text
    href: str
    title: Words
    foreign: bool
    number: str
    says: tuple[Words, ...]


class Quarter(Struct, frozen=True):
    """How often in a quarter something was corrected, withdrawn, redacted."""

    name: Text
    counts: tuple[int, int, int]


class CorrectionsView(View, frozen=True, kw_only=True):
    """All changes, newest first, and their numbers."""

    template: ClassVar[str] = "public/corrections.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "board")

    page: Page
    quarters: tuple[Quarter, ...]
    changes: tuple[Change, ...]
    turn: Turn


class _Event(Struct, frozen=True):
    """A change not yet put into words."""

    at: int
    sort: Sort
    one: Listed
    edition: Edition | None = None
    down: TakenDown | None = None


def corrections_view(
    tx: Connection, where: Place, route: Corrections, at: int
) -> tuple[CorrectionsView, int]:
    """Give the page and the moment it must be looked at again."""
    found = listed(tx, where, "feed", at)
    events = sorted((e for one in found for e in _events(one)), key=lambda e: -e.at)
    turn = turned(route, len(events), ON_A_PAGE)
    shown = events[(turn.page - 1) * ON_A_PAGE : turn.page * ON_A_PAGE]
    read = titles(tx, where, [event.one for event in shown])
    title = text("更正和撤下")
    view = CorrectionsView(
        page=page_of(where, at, title, title, route.query),
        quarters=_quarters(events),
        changes=tuple(_change(tx, where, event, read, at) for event in shown),
        turn=turn,
    )
    return view, look_again((one.notice for one in found), at)


def _events(one: Listed) -> Iterator[_Event]:
    for edition in one.notice.editions:
        up = published(edition)
        if up is not None and edition.prev is not None:
            yield _Event(up.at, "correct", one, edition=edition)
    for down in one.notice.taken_down:
        yield _Event(down.at, "withdraw" if down.act == "withdraw" else "redact", one, down=down)


def count_of(one: Listed) -> int:
    """Count the changes of a notice as this page lists them."""
    return sum(1 for _event in _events(one))


def _quarters(events: list[_Event]) -> tuple[Quarter, ...]:
    counted: Counter[tuple[int, int, Sort]] = Counter()
    for event in events:
        then = day_of(event.at)
        counted[then.year, (then.month + 2) // 3, event.sort] += 1
    known = sorted({(year, quarter) for year, quarter, _sort in counted}, reverse=True)
    return tuple(
        Quarter(
            text("{year}年{name}季度", year=year, name="一二三四"[n - 1], n=n),
            (
                counted[year, n, "correct"],
                counted[year, n, "withdraw"],
                counted[year, n, "redact"],
            ),
        )
        for year, n in known
    )


def _change(tx: Connection, where: Place, event: _Event, read: dict[str, str], at: int) -> Change:
    code = event.one.notice.code
    title = read.get(code)
    number = event.one.notice.number or ""
    if event.edition is not None:
        says = _corrected(tx, where, event.one, event.edition, at)
    else:
        says = _down(where, event.down) if event.down else ()
    return Change(
        at=event.at,
        day=day(event.at),
        sort=event.sort,
        word=WORDS[event.sort],
        href=addresses.notice(code),
        title=title or kind_word(event.one.edition),
        foreign=title is not None,
        number=number,
        says=tuple(words for words in says if words),
    )


_READABLE: Final[tuple[Standing, ...]] = ("up", "expired")


def _corrected(
    tx: Connection, where: Place, one: Listed, edition: Edition, at: int
) -> tuple[Words, ...]:
    # Of what was withdrawn nothing may be told, neither before nor after the correction.
    if one.standing not in _READABLE:
        return ()
    notice = one.notice
    former = next((e for e in notice.editions if _publish(e) == edition.prev), None)
    if former is None:
        return ()
    old = facts(tx, where, notice, former, "edition", at)
    new = facts(tx, where, notice, edition, "edition", at)
    if old.stated is None or new.stated is None:
        return ()
    content = new.stated.content
    return corrected(old.stated.content, content), why(content)


def _publish(edition: Edition) -> int | None:
    up = published(edition)
    return up.publish if up else None


def _down(where: Place, down: TakenDown) -> tuple[Words, ...]:
    known = next((g for act, g in where.rules.grounds.items() if act == down.act), {})
    says = [ground_words(known.get(down.ground))]
    if down.rows:
        says.append(text("隐去了 {n} 行。", n=len(down.rows)))
    if down.confirmed_at is not None:
        says.append(text("{day}由另一个人确认。", day=day(down.confirmed_at)))
    else:
        says.append(text("还没有另一个人确认。"))
    return tuple(says)
