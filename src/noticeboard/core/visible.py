"""What may be seen where and when: one table, state × surface, asked at read time."""

from collections.abc import Iterator
from typing import Literal

from noticeboard.core.notice import (
    Edition,
    Ended,
    FileRef,
    Notice,
    Part,
    Published,
    expired,
    published,
)
from noticeboard.core.rules import Rules

Surface = Literal[
    "page",
    "edition",
    "json",
    "csv",
    "file",
    "search",
    "feed",
    "playlist",
    "poster",
    "export",
    "mirror",
]
SURFACES: tuple[Surface, ...] = Surface.__args__  # type: ignore[attr-defined]  # a Literal lists its words there
Showing = Literal["full", "figures", "tombstone", "nothing"]
Remains = Literal["page", "lists"]
Cell = Showing | Remains
Standing = Literal["private", "up", "expired", "superseded", "superseded-expired", "withdrawn"]

_FULL: dict[Surface, Cell] = dict.fromkeys(SURFACES, "full")
_NOTHING: dict[Surface, Cell] = dict.fromkeys(SURFACES, "nothing")

# The rows are standings, the columns surfaces. What is withdrawn keeps a tombstone wherever
# somebody may still look for it. What remains after the end differs by kind and is data
# (`after_end`): the cells `page` and `lists` ask it.
TABLE: dict[Standing, dict[Surface, Cell]] = {
    "private": _NOTHING,
    "up": _FULL,
    "expired": {
        "page": "page",
        "edition": "page",
        "json": "page",
        "csv": "page",
        "file": "page",
        "search": "lists",
        "feed": "lists",
        "playlist": "nothing",
        "poster": "nothing",
        "export": "lists",
        "mirror": "page",
    },
    "superseded": {
        "page": "nothing",
        "edition": "full",
        "json": "full",
        "csv": "full",
        "file": "full",
        "search": "nothing",
        "feed": "nothing",
        "playlist": "nothing",
        "poster": "nothing",
        "export": "nothing",
        "mirror": "full",
    },
    "superseded-expired": {
        "page": "nothing",
        "edition": "page",
        "json": "page",
        "csv": "page",
        "file": "page",
        "search": "nothing",
        "feed": "nothing",
        "playlist": "nothing",
        "poster": "nothing",
        "export": "nothing",
        "mirror": "page",
    },
    "withdrawn": {
        "page": "tombstone",
        "edition": "tombstone",
        "json": "tombstone",
        "csv": "tombstone",
        "file": "nothing",
        "search": "nothing",
        "feed": "tombstone",
        "playlist": "nothing",
        "poster": "nothing",
        "export": "tombstone",
        "mirror": "nothing",
    },
}


def standing(notice: Notice, edition: Edition, at: int) -> Standing:
    """Say how an edition stands at an instant. Appearing needs the publish entry, ending the date.

    An old edition follows its notice: when the current one is withdrawn or over, so is the old one.
    """
    match edition.state:
        case Published():
            return "expired" if expired(edition, at) else "up"
        case Ended(how="withdrawn"):
            return "withdrawn"
        case Ended():
            current = notice.current
            if current is None or current.ed == edition.ed:
                return "superseded"
            now = standing(notice, current, at)
            if now == "withdrawn":
                return "withdrawn"
            return "superseded" if now == "up" else "superseded-expired"
    return "private"


def visible(notice: Notice, edition: Edition, surface: Surface, at: int, rules: Rules) -> Showing:
    """Say what a surface may show of an edition at an instant under the rules in force."""
    end = next((end for kind, end in rules.after_end.items() if kind == edition.kind), None)
    match TABLE[standing(notice, edition, at)][surface]:
        case "page":
            remains: Showing = end.page if end else "figures"
        case "lists":
            remains = end.lists if end else "figures"
        case fixed:
            return fixed
    # A picture cannot be reduced to its figures, so it goes with the names.
    return "nothing" if surface == "file" and remains != "full" else remains


def public_parts(edition: Edition, showing: Showing) -> list[Part]:
    """Give the parts of an edition that may be had: with figures alone, nobody's names."""
    if showing not in ("full", "figures"):
        return []
    return [part for part in edition.parts if showing == "full" or part.name != "names"]


def files_of(notice: Notice, edition: Edition) -> Iterator[FileRef]:
    """Give the files of an edition, and the photographs of its paper on walls."""
    yield from edition.files
    up = published(edition)
    for posted in notice.posted:
        if up is not None and posted.of == up.publish:
            yield from posted.files


def changes_at(notice: Notice, at: int) -> int | None:
    """Give the next instant after `at` at which time alone changes what may be seen, or None."""
    current = notice.current
    if current is None or not isinstance(current.state, Published):
        return None
    until = current.state.period.until
    return until if until is not None and until > at else None
