"""A project list's money: the sources against the budget, what is unpaid against what is due."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from noticeboard.core.sheet.amounts import WAN, YUAN
from noticeboard.core.sheet.cells import Cell, key
from noticeboard.core.sheet.checks import in_yuan
from noticeboard.core.sheet.register import Register

SOURCES = ("upper", "own", "collective")
MONEY = (*SOURCES, "budget", "contract", "paid", "owed", "final")
# What was paid is held against the last of these that is known.
_DUE = ("final", "contract", "budget")


class Costs:
    """Reads the columns of money of a project list; a project may span several lines."""

    def __init__(self, register: Register, aside: set[int]) -> None:
        """Read the columns; what cannot be read is kept in the register."""
        self._register = register
        self._columns = register.columns
        self.read: Mapping[str, list[int | None]] = {f: register.money(f) for f in MONEY}
        for field, values in self.read.items():
            for place, amount in enumerate(values):
                if amount is not None and amount < 0 and place not in aside:
                    at = register.lines.at(place, self._columns[field])
                    register.lines.error(at, "金额不能是负数", "请核对这一格。")

    def of(self, field: str, places: Sequence[int]) -> int | None:
        """Add up what a project's lines say in a column; None where none says anything."""
        said = [amount for p in places if (amount := self.read[field][p]) is not None]
        return sum(said) if said else None

    def check(self, places: Sequence[int]) -> None:
        """Hold a project's sources against its budget, and what is unpaid against what was due."""
        unread = self._register.unread
        if any(p in unread.get(field, ()) for p in places for field in MONEY):
            return
        sources = [field for field in SOURCES if self.of(field, places)]
        budget = self.of("budget", places)
        if budget is not None and sources:
            made = sum(self.of(field, places) or 0 for field in sources)
            if 2 * abs(budget - made) > self._grain(("budget", *sources), places):
                self._register.report.differs(
                    self._at("budget", places),
                    budget - made,
                    "各项资金来源相加是 {expected}，这里是 {said}，差 {gap}",
                    "请核对这一行的各个金额。",
                    label=self._columns["budget"].word,
                    expected=in_yuan(made),
                    said=in_yuan(budget),
                )
        self._check_owed(places)

    def _check_owed(self, places: Sequence[int]) -> None:
        owed, paid = self.of("owed", places), self.of("paid", places) or 0
        rest = {f: due - paid for f in _DUE if (due := self.of(f, places)) is not None}
        if owed is None or not rest:
            return
        nearest = min(rest, key=lambda field: abs(owed - rest[field]))
        if 2 * abs(owed - rest[nearest]) > self._grain(("owed", "paid", nearest), places):
            self._register.report.differs(
                self._at("owed", places),
                owed - rest[nearest],
                "应付减已付是 {expected}，这里是 {said}，差 {gap}",
                "请核对这一行的各个金额。",
                label=self._columns["owed"].word,
                expected=in_yuan(rest[nearest]),
                said=in_yuan(owed),
            )

    def _at(self, field: str, places: Sequence[int]) -> tuple[int, int]:
        place = next(p for p in places if self.read[field][p] is not None)
        return self._register.lines.at(place, self._columns[field])

    def _grain(self, fields: Sequence[str], places: Sequence[int]) -> int:
        """Give how far figures may be apart where some were rounded to 万元 and others were not."""
        heading = self._register.given.heading.unit or YUAN
        units = {f: self._columns[f].unit or heading for f in fields if f in self._columns}
        if len(set(units.values())) == 1:
            return 0
        return sum(
            WAN // 10 ** _places(self._register.lines.own(self._columns[field])[p])
            for field, unit in units.items()
            if unit == WAN
            for p in places
        )


def _places(cell: Cell) -> int:
    """Give how many decimals a cell is written with."""
    if isinstance(cell, Decimal):
        return max(0, -int(cell.as_tuple().exponent))
    return len(key(cell).partition(".")[2]) if isinstance(cell, str) else 0
