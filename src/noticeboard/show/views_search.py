"""What words find on a village's board: notices and their rows, and never a person by name."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.core.codes import is_code, normal
from noticeboard.core.money import yuan
from noticeboard.core.particulars import AssetRow, Row, TableRow
from noticeboard.core.parts import Stated
from noticeboard.show import addresses
from noticeboard.show.facts import Place, facts
from noticeboard.show.lines import signed
from noticeboard.show.listing import Item, Listed, item, of, page_of
from noticeboard.show.render import Page, View
from noticeboard.show.routes import Search
from noticeboard.show.texts import text
from noticeboard.store import heads, notices, search

MOST_FOUND: Final = 40
ROWS_FOUND: Final = 3
_REGISTER = re.compile(r"\d{4}-\d{3,5}")


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
    """What was found. `count` is None while nothing was asked; `more` says the list was cut.

    `former` are the addresses at which the same is looked for in former logs.
    """

    template: ClassVar[str] = "public/search.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "days", "board")

    page: Page
    search: str
    words: str
    count: int | None
    more: bool
    found: tuple[Found, ...]
    former: tuple[str, ...]


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
        former=tuple(replace(route, village=old).address for old in heads.archives(tx, where.code)),
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
    values = [getattr(row, name) for name in fields]
    cells = row.cells if isinstance(row, TableRow) else ()
    return "\n".join(value for value in (*values, *cells) if isinstance(value, str))


def _what(row: Row) -> str:
    if isinstance(row, TableRow):
        return next((cell for cell in row.cells if isinstance(cell, str)), "")
    if isinstance(row, AssetRow):
        return row.name
    named = (getattr(row, name, "") for name in ("summary", "text", "subject", "work", "group"))
    return next((str(said) for said in named if said), "")


def _amount(row: Row) -> str:
    if hasattr(row, "expense"):
        return signed(row.income, row.expense)  # type: ignore[attr-defined]  # a ledger's row has both
    stated = (getattr(row, name, None) for name in ("amount", "net", "original", "rent", "total"))
    amount = next((amount for amount in stated if amount is not None), None)
    return yuan(amount).replace("-", "−") if isinstance(amount, int) else ""
