"""What fulfils a duty: a notice of the item and a fitting kind, of the period, by its publisher."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from noticeboard.core import periods
from noticeboard.core.rules import CatalogueItem

NIL: Final = "nil"
_PUBLISHERS: Final = frozenset({"committee", "collective"})


class Fulfilled(Struct, frozen=True):
    """An item that a notice publishes: since when without a break, of what kind, for which period.

    A zero report of several items is one of these for each; its kind is `nil`.
    """

    item: str
    kind: str
    publisher: str
    covers: str | None
    code: str
    at: int


class Met(Struct, frozen=True):
    """By which notice a duty was met and when it went up; `nil` says that there was nothing."""

    code: str
    at: int
    nil: bool = False


class Register:
    """What a village has published, by item and period."""

    def __init__(self, fulfilled: Iterable[Fulfilled]) -> None:
        """Keep in order of time what fulfils."""
        self._by: dict[tuple[str, str | None], list[Fulfilled]] = {}
        for one in sorted(fulfilled, key=lambda one: (one.at, one.code)):
            self._by.setdefault((one.item, one.covers), []).append(one)

    def of_period(self, id_: str, item: CatalogueItem, period: str) -> Met | None:
        """Give what published an item for a period: in one, or for each of the shorter ones in it.

        Of several the first; of the pieces the last, by which it was whole.
        """
        for one in self._by.get((id_, period), ()):
            if _fits(item, one):
                return Met(one.code, one.at, one.kind == NIL)
        for cut in periods.pieces(period):
            found = [self.of_period(id_, item, piece) for piece in cut]
            met = [one for one in found if one is not None]
            if len(met) == len(cut):
                last = max(met, key=lambda one: one.at)
                return Met(last.code, last.at, all(one.nil for one in met))
        return None

    def of_event(
        self, id_: str, item: CatalogueItem, day: str, since: int, *, before: bool = False
    ) -> Met | None:
        """Give the first notice of an item since an instant that is not of another time.

        One that names a period counts where the event's day (ISO) lies in it; of what is due
        `before` the event also where the day lies in the next, and whenever it went up.
        """

        def near(covers: str | None) -> bool:
            if covers is None or periods.holds(covers, day):
                return True
            return before and periods.holds(periods.following(covers), day)

        found = (
            one
            for (of, covers), several in self._by.items()
            if of == id_ and near(covers)
            for one in several
            if (one.at >= since or (before and covers)) and one.kind != NIL and _fits(item, one)
        )
        first = min(found, key=lambda one: (one.at, one.code), default=None)
        return Met(first.code, first.at) if first else None


def _fits(item: CatalogueItem, one: Fulfilled) -> bool:
    # What neither of the two answers for is published by whichever keeps the board.
    own = _PUBLISHERS.intersection(item.bodies)
    return one.kind in item.kinds and (not own or one.publisher in own)
