"""A village's powers in one list, by category or as a place reads it."""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.core.powers import Power, PowerCategory, Said, exercised
from noticeboard.core.problems import NotFound
from noticeboard.core.rules import Rules
from noticeboard.show import addresses
from noticeboard.show.basis import words as basis
from noticeboard.show.facts import Place
from noticeboard.show.listing import Listed, listed, look_again, page_of
from noticeboard.show.render import Page, View
from noticeboard.show.routes import Powers
from noticeboard.show.texts import Text, Words, day, text
from noticeboard.show.views import Tab

CATEGORIES: Final[dict[PowerCategory, Text]] = {
    "重大决策": text("重大决策"),
    "项目采购": text("项目采购"),
    "三资": text("三资"),
    "财务": text("财务"),
    "惠民": text("惠民"),
    "服务组织": text("服务组织"),
}


class PowerLine(Struct, frozen=True, kw_only=True):
    """A power in the list: where its page is, its name, and a grey line in pieces."""

    href: str
    name: Words
    line: tuple[Words, ...]


class PowerGroup(Struct, frozen=True):
    """Powers under one head: a category, or one line of a reading."""

    name: Words
    powers: tuple[PowerLine, ...]


class PowersView(View, frozen=True, kw_only=True):
    """All powers of a village; `label` says whose reading it is."""

    template: ClassVar[str] = "public/powers.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "board", "power")

    page: Page
    count: int
    tabs: tuple[Tab, ...]
    label: Words
    rests_on: Words
    groups: tuple[PowerGroup, ...]


def powers_view(tx: Connection, where: Place, route: Powers, at: int) -> tuple[PowersView, int]:
    """Give the list and the moment it must be looked at again; raises NotFound for no reading."""
    rules, found = where.rules, listed(tx, where, "feed", at)
    if route.reading and route.reading not in rules.readings:
        raise NotFound("没有这种看法的权力清单。", value=route.reading)
    latest = _latest(rules, found)
    said = {code: _line(where, code, latest.get(code), at) for code in rules.powers}
    reading = rules.readings.get(route.reading)
    if reading is not None:
        label: Words = worded(reading.label)
        rests_on = basis(rules, reading.source, reading.verified)
        named = [(Text(one.name, {}, one.english), one.powers) for one in reading.lines]
    else:
        label, rests_on = "", ""
        named = [
            (word, tuple(code for code in rules.powers if rules.powers[code].category == category))
            for category, word in CATEGORIES.items()
        ]
    title = text("村里的权力清单")
    view = PowersView(
        page=page_of(where, at, title, text("权力清单"), route.query),
        count=len(rules.powers),
        tabs=tuple(_tabs(where, route)) if rules.readings else (),
        label=label,
        rests_on=rests_on,
        groups=tuple(
            PowerGroup(name, tuple(said[code] for code in codes if code in said))
            for name, codes in named
            if codes
        ),
    )
    return view, look_again((one.notice for one in found), at)


def _tabs(where: Place, route: Powers) -> Iterator[Tab]:
    yield Tab(text("按类看"), Powers(where.code).address, not route.reading)
    for code, one in where.rules.readings.items():
        word = Text(one.name, {}, one.english)
        yield Tab(word, Powers(where.code, code).address, route.reading == code)


def _latest(rules: Rules, found: Iterable[Listed]) -> dict[str, Listed]:
    """Give the newest notice of each power that was ever exercised."""
    latest: dict[str, Listed] = {}
    for one in up_now(found):
        for code in exercised(rules.powers, one.edition.item, one.edition.kind):
            latest.setdefault(code, one)
    return latest


def up_now(found: Iterable[Listed]) -> Iterator[Listed]:
    """Leave out what was withdrawn."""
    return (one for one in found if one.standing != "withdrawn")


def _line(where: Place, code: str, newest: Listed | None, at: int) -> PowerLine:
    power = where.rules.powers[code]
    line: list[Words] = [code, text("{n} 步", n=len(power.steps))]
    if newest is not None:
        line.append(text("最近 {day}公开", day=day(newest.up_at, at)))
    return PowerLine(href=addresses.power(where.code, code), name=name_of(power), line=tuple(line))


def name_of(power: Power) -> Text:
    """Name a power in both languages."""
    return Text(power.name, {}, power.english)


def worded(words: Said) -> Text:
    """Give a sentence of the rules in both languages."""
    return Text(words.text, {}, words.english)
