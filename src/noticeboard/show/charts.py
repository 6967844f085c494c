"""Pictures that only repeat what the figures say: bars and seats, as numbers for SVG templates."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from noticeboard.core.money import yuan
from noticeboard.core.particulars import DecisionRow
from noticeboard.show.texts import Words, text

MOST_BARS: Final = 6
SEATS_IN_A_ROW: Final = 20


class Bar(Struct, frozen=True):
    """One bar: its label, the amount printed above it, its length in thousandths of the longest."""

    label: Words
    amount: str
    length: int


def bars(named: Iterable[tuple[str, int]]) -> tuple[Bar, ...]:
    """Give sorted bars of amounts in fen added up by name; the smallest together as 其余.

    A single name needs no picture, so it gives none. Amounts of zero and less are left out.
    """
    sums: defaultdict[str, int] = defaultdict(int)
    for name, amount in named:
        sums[name] += amount
    order: list[tuple[Words, int]] = sorted(
        ((name, amount) for name, amount in sums.items() if name and amount > 0),
        key=lambda pair: -pair[1],
    )
    if len(order) > MOST_BARS:
        rest = order[MOST_BARS - 1 :]
        label = text("其余 {n} 项", n=len(rest))
        order = [*order[: MOST_BARS - 1], (label, sum(amount for _name, amount in rest))]
    return drawn(order)


def drawn(order: list[tuple[Words, int]]) -> tuple[Bar, ...]:
    """Give bars in the given order, as long as their amounts in fen; fewer than two are none."""
    if len(order) < 2:  # noqa: PLR2004 - one bar compares nothing
        return ()
    longest = max(amount for _label, amount in order) or 1
    return tuple(Bar(label, yuan(amount), amount * 1000 // longest) for label, amount in order)


class Seats(Struct, frozen=True):
    """A meeting as seats: SVG path data of those in favour, other votes and empty chairs.

    Seats are squares of 8 in a grid of 10, `width` by `height` units in all.
    """

    favour: str
    other: str
    empty: str
    width: int
    height: int
    others: int
    absent: int


def seats(vote: DecisionRow) -> Seats | None:
    """Give the seats of a vote whose heads are all known; None otherwise, or beyond 400 heads."""
    if vote.due is None or vote.present is None or vote.in_favour is None:
        return None
    if not 0 < vote.due <= 400:  # noqa: PLR2004 - more squares than a phone can show apart
        return None
    present, favour = vote.present, vote.in_favour
    return Seats(
        favour=_squares(range(favour)),
        other=_squares(range(favour, present)),
        empty=_squares(range(present, vote.due)),
        width=SEATS_IN_A_ROW * 10,
        height=-(-vote.due // SEATS_IN_A_ROW) * 10,
        others=present - favour,
        absent=vote.due - present,
    )


def _squares(places: range) -> str:
    return "".join(
        f"M{place % SEATS_IN_A_ROW * 10 + 1} {place // SEATS_IN_A_ROW * 10 + 1}h8v8h-8z"
        for place in places
    )
