"""A calendar of the cast's village, for tests: rules of a county, moments, what is late then."""

from dataclasses import dataclass
from typing import Any

import msgspec

from noticeboard.board import adopting
from noticeboard.core.days import instant
from noticeboard.core.duties import Duty
from noticeboard.store import duties as store
from tests.cast import VILLAGE, Cast, bundle

PAPER = "示例农发〔2026〕1号"


def rules(days: int = 15) -> bytes:
    """Give today's rules with a county's own pack."""
    plain = msgspec.json.decode(bundle())
    rule = {"days": days, "force": "county", "source": ["general-knowledge"], "verified": "no"}
    county: dict[str, Any] = {
        "name": "示例县",
        "english": "Example County",
        "jurisdiction": "示例县",
        "deadlines": {"D17": rule, "D07": {**rule, "days": 10}},
    }
    packs = {**plain.get("packs", {}), "national": {**county, "deadlines": {}}, "county": county}
    return msgspec.json.encode({**plain, "packs": packs}, order="sorted")


@dataclass
class Calendar:
    """What the board keeps of the cast's village."""

    cast: Cast

    def at(self, day: str, clock: str = "00:00") -> None:
        """Let it be that moment, and the clock tick once."""
        self.cast.clock.now = instant(day, clock)
        self.cast.board.tick()

    def late(self) -> list[tuple[str, str]]:
        """Give the item and period of what is late now."""
        with self.cast.board.database.read() as tx:
            return [
                (duty.item, duty.period)
                for village, duty in store.late(tx, self.cast.clock.now)
                if village == VILLAGE
            ]

    def one(self, item: str, period: str) -> Duty | None:
        """Give one duty."""
        with self.cast.board.database.read() as tx:
            return store.one(tx, VILLAGE, item, period)

    def all(self) -> list[Duty]:
        """Give every duty."""
        with self.cast.board.database.read() as tx:
            return store.due_between(tx, VILLAGE, 0, 2**40)


def calendar_of(cast: Cast) -> Calendar:
    """Let the village go by its county's pack since New Year."""
    adopting.adopt(cast.board, rules(), document=PAPER)
    adopting.assign(cast.board, VILLAGE, pack="county", joined="2026-01-01", document=PAPER)
    return Calendar(cast)
