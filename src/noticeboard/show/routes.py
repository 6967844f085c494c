"""Every public address of the board, and how one is read."""

import re
from collections.abc import Mapping
from typing import ClassVar, Literal
from urllib.parse import parse_qsl, unquote_to_bytes

from noticeboard.core.codes import ALPHABET, is_code, normal
from noticeboard.core.shapes import Shape
from noticeboard.show.fixed import Name
from noticeboard.show.route import Route
from noticeboard.show.texts import Lang
from noticeboard.show.village_routes import (
    MOST_ASKED,
    Calendar,
    Corrections,
    Due,
    Index,
    Keys,
    OfVillage,
    PowerPage,
    Powers,
    Projects,
    Search,
    VillageBoard,
    of_village,
)

# What stands under a village is read here too: there is one map of the board.
__all__ = [
    "MOST_ASKED",
    "Calendar",
    "Corrections",
    "Due",
    "Index",
    "Keys",
    "OfVillage",
    "PowerPage",
    "Powers",
    "Projects",
    "Search",
    "VillageBoard",
    "of_village",
]
_PLACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
# Also one that begins above 7, as none of ours does: whoever holds such a paper must be told so.
_PRINT = re.compile(f"[{ALPHABET}]{{26}}")
# What is left of one of which some is cut off or unread; paper has it all in large letters.
_CUT = re.compile(f"[{ALPHABET}]{{3,25}}")
_COMMITMENT = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_EDITION_FILE = re.compile(rf"{_NUMBER.pattern}\.(json|csv|xlsx|tlog-proof)")
EditionForm = Literal["json", "csv", "xlsx", "tlog-proof"]
_FORM: Shape[EditionForm] = Shape(EditionForm)  # type: ignore[arg-type]
_SECTION = re.compile(r"[0-9]{1,4}(-[0-9]{2})?(\.[0-9]{1,2})?")


class Home(Route, frozen=True):
    """The villages of this board."""

    shape: ClassVar[str] = "/"


class OfNotice(Route, frozen=True):
    """A page under a code."""

    code: str


class NoticePage(OfNotice, frozen=True):
    """A notice as it stands; `section` is one part of one that is split."""

    shape: ClassVar[str] = "/n/{code}"
    asks: ClassVar[Mapping[str, str]] = {"m": "section"}

    section: str = ""


class PaperCheck(OfNotice, frozen=True):
    """A notice asked for from paper: its QR carries the fingerprint of a publish leaf."""

    shape: ClassVar[str] = "/n/{code}/{fingerprint}"

    fingerprint: str


class RowPage(OfNotice, frozen=True):
    """One row of a notice."""

    shape: ClassVar[str] = "/n/{code}/r/{row}"

    row: int


class EditionPage(OfNotice, frozen=True):
    """An edition of a notice, current or old."""

    shape: ClassVar[str] = "/n/{code}/e/{ed}"

    ed: int


class Verify(OfNotice, frozen=True):
    """What was checked of a notice, by whom, and what that does not prove."""

    shape: ClassVar[str] = "/n/{code}/verify"


class Poster(OfNotice, frozen=True):
    """A notice on A4 paper, to be printed."""

    shape: ClassVar[str] = "/n/{code}/poster"


class Data(OfNotice, frozen=True):
    """A notice as a file."""

    shape: ClassVar[str] = "/n/{code}.{form}"

    form: Literal["json", "csv", "xlsx", "pdf", "tlog-proof"]


class EditionData(OfNotice, frozen=True):
    """An edition of a notice, current or old, as a file."""

    shape: ClassVar[str] = "/n/{code}/e/{ed}.{form}"

    ed: int
    form: EditionForm


class Attached(OfNotice, frozen=True):
    """A cleaned attachment by its commitment."""

    shape: ClassVar[str] = "/n/{code}/f/{c}"

    c: str


class AttachedSmall(Attached, frozen=True):
    """An attachment's small picture."""

    shape: ClassVar[str] = "/n/{code}/f/{c}/small"


class Patterns(Route, frozen=True):
    """Every component and state of the board's looks."""

    shape: ClassVar[str] = "/patterns"


class Plain(Route, frozen=True):
    """A small fixed file."""

    shape: ClassVar[str] = "/{name}"

    name: Name


def parse(path: str, query: str = "") -> Route | None:
    """Say what an address asks for, or None for no page of the board.

    `path` may be percent-encoded or not; `query` is as after `?`. Codes are read as people type
    them: small letters, I for 1, O for 0.
    """
    asked = _asked(query)
    pieces = unquote_to_bytes(path).decode("utf-8", "replace").strip("/").split("/")
    match pieces:
        case [""]:
            return Home()
        case ["patterns"]:
            return Patterns()
        case [("robots.txt" | "favicon.svg" | "check.js") as name]:
            return Plain(name)
        case [("v" | "V"), village, *rest] if _PLACE.fullmatch(village):
            return of_village(village, rest, asked)
        case [("n" | "N"), code, *rest]:
            return _of_notice(code, rest, asked)
    return None


def lang_of(query: str) -> Lang:
    """Give the language an address asks for: English by `lang=en`, else Chinese."""
    return "en" if _asked(query).get("lang") == "en" else "zh"


def _asked(query: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(query, max_num_fields=8))
    except ValueError:
        return {}


def _of_notice(first: str, rest: list[str], asked: Mapping[str, str]) -> Route | None:
    typed, _, form = first.partition(".")
    code = normal(typed)
    if not is_code(code):
        return None
    typed_rest, rest = rest, [piece.lower() for piece in rest]
    match form.lower(), rest:
        case "", []:
            section = asked.get("m", "")
            return NoticePage(code, section if _SECTION.fullmatch(section) else "")
        case ("json" | "csv" | "xlsx" | "pdf" | "tlog-proof") as known, []:
            return Data(code, known)
        case "", ["poster"]:
            return Poster(code)
        case "", ["verify"]:
            return Verify(code)
        case "", ["r", number] if _NUMBER.fullmatch(number):
            return RowPage(code, int(number))
        case "", ["e", number] if _NUMBER.fullmatch(number):
            return EditionPage(code, int(number))
        case "", ["e", piece] if _EDITION_FILE.fullmatch(piece):
            number, _, word = piece.partition(".")
            return EditionData(code, int(number), _FORM.of_plain(word))
        case "", ["f", c] if _COMMITMENT.fullmatch(c):
            return Attached(code, c)
        case "", ["f", c, "small"] if _COMMITMENT.fullmatch(c):
            return AttachedSmall(code, c)
        case "", [piece] if _PRINT.fullmatch(normal(piece)):
            return PaperCheck(code, normal(piece))
        case "", [_] if _CUT.fullmatch(typed_rest[0]):
            return PaperCheck(code, typed_rest[0])
    return None
