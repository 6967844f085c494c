"""What a hall screen says, before it is cut into slides: a number, figures, lines, a text."""

from typing import Final

from msgspec import Struct

from noticeboard.core.particulars import Fact
from noticeboard.core.parts import Stated
from noticeboard.show.numbers import Number

HIDDEN: Final = "姓名已隐去"
LOST: Final = "内容丢了"


class Line(Struct, frozen=True, kw_only=True):
    """One row as a screen says it; `plus` and `minus` are what it adds to the page's sums, in fen.

    `named` says that a villager is named in it.
    """

    what: str
    when: str = ""
    who: str = ""
    amount: str = ""
    plus: int = 0
    minus: int = 0
    named: bool = False


class Sheet(Struct, frozen=True, kw_only=True):
    """A notice as a screen says it, before it is cut into slides.

    `number` stands large; `figures` are (label, value) beside it; `heads` are the
    columns when, what, who, amount; `sums` name the page sums of what is added and taken away.
    `summary` is the whole in a sentence that names no villager.
    """

    summary: str = ""
    number: Number | None = None
    figures: tuple[tuple[str, str], ...] = ()
    heads: tuple[str, str, str, str] = ("", "", "", "")
    sums: tuple[str, str] = ("", "")
    lines: tuple[Line, ...] = ()
    nothing: str = ""
    facts: tuple[Fact, ...] = ()
    text: str = ""


def iso_day(iso: str | None) -> str:
    """Say an ISO date as `1月15日`; nothing where there is none."""
    if not iso:
        return ""
    _year, month, day = iso.split("-")
    return f"{int(month)}月{int(day)}日"


def gone(stated: Stated, row_id: int) -> str:
    """Say why a row names nobody any more; nothing where nobody is missing in it."""
    if row_id in stated.vanished:
        return LOST
    return HIDDEN if row_id in stated.nameless else ""


def thousandths(quantity: int) -> str:
    """Print thousandths of a unit without needless zeros: 3500 is `3.5`."""
    whole, part = divmod(abs(quantity), 1000)
    tail = f".{part:03d}".rstrip("0") if part else ""
    return f"{'-' if quantity < 0 else ''}{whole:,}{tail}"
