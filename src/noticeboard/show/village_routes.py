"""The public addresses of one village, and how one is read."""

import re
from collections.abc import Mapping
from typing import ClassVar

from noticeboard.show.route import Route
from noticeboard.show.sentences import KIND_WORDS

MOST_ASKED = 40  # characters of a search: longer than any line of a ledger says
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
_POWER = re.compile(r"[A-Z][0-9]{2,3}")
_READING = re.compile(r"[a-z]+(-[a-z]+)*")


class OfVillage(Route, frozen=True):
    """A page of a village."""

    village: str


class VillageBoard(OfVillage, frozen=True):
    """A village's board."""

    shape: ClassVar[str] = "/v/{village}"


class Search(OfVillage, frozen=True):
    """What a village's public notices say about some words."""

    shape: ClassVar[str] = "/v/{village}/search"
    asks: ClassVar[Mapping[str, str]] = {"q": "words"}
    remembered: ClassVar[bool] = False

    words: str = ""


class Corrections(OfVillage, frozen=True):
    """Every correction, withdrawal and redaction of a village, newest first."""

    shape: ClassVar[str] = "/v/{village}/corrections"
    asks: ClassVar[Mapping[str, str]] = {"page": "page"}

    page: int = 1


class Projects(OfVillage, frozen=True):
    """A village's projects as lines of time."""

    shape: ClassVar[str] = "/v/{village}/projects"
    asks: ClassVar[Mapping[str, str]] = {"page": "page"}

    page: int = 1


class Index(OfVillage, frozen=True):
    """A village's notices, all or of one kind."""

    shape: ClassVar[str] = "/v/{village}/notices"
    asks: ClassVar[Mapping[str, str]] = {"kind": "kind", "page": "page"}

    kind: str = ""
    page: int = 1


class Powers(OfVillage, frozen=True):
    """A village's powers, by category or as a place reads them."""

    shape: ClassVar[str] = "/v/{village}/powers"
    asks: ClassVar[Mapping[str, str]] = {"list": "reading"}

    reading: str = ""


class PowerPage(OfVillage, frozen=True):
    """One power step by step."""

    shape: ClassVar[str] = "/v/{village}/powers/{power}"

    power: str


class Due(OfVillage, frozen=True):
    """What a village has to publish and by when: late, coming, published, planned."""

    shape: ClassVar[str] = "/v/{village}/due"


class Calendar(OfVillage, frozen=True):
    """The same as a file for a telephone's calendar."""

    shape: ClassVar[str] = "/v/{village}/calendar.ics"


class Keys(OfVillage, frozen=True):
    """A village's public keys and today's head of its log, to be printed for the hall's wall."""

    shape: ClassVar[str] = "/v/{village}/keys"


def of_village(village: str, rest: list[str], asked: Mapping[str, str]) -> Route | None:
    """Say what an address under a village's code asks for, or None for no page."""
    page = _page(asked)
    match rest:
        case []:
            return VillageBoard(village)
        case ["search"]:
            words = " ".join(asked.get("q", "").split())
            return Search(village, words[:MOST_ASKED].strip())
        case ["corrections"]:
            return Corrections(village, page)
        case ["projects"]:
            return Projects(village, page)
        case ["powers"]:
            reading = asked.get("list", "")
            return Powers(village, reading if _READING.fullmatch(reading) else "")
        case ["powers", code] if _POWER.fullmatch(code.upper()):
            return PowerPage(village, code.upper())
        case ["due"]:
            return Due(village)
        case ["calendar.ics"]:
            return Calendar(village)
        case ["keys"]:
            return Keys(village)
        case ["notices"]:
            kind = asked.get("kind", "")
            return Index(village, kind if kind in KIND_WORDS else "", page)
    return None


def _page(asked: Mapping[str, str]) -> int:
    page = asked.get("page", "1")
    return int(page) if _NUMBER.fullmatch(page) else 1
