"""What a sheet says of its own sums: page sums, subtotals, totals, and the balance line by line."""

from collections.abc import Mapping

from noticeboard.core.money import yuan
from noticeboard.core.sheet.report import Report

# The marks whose sum begins anew after each of them; the others sum from the first line.
_PARTS = ("page", "month", "subtotal")


def in_yuan(amount: int) -> str:
    """Print an amount for a person."""
    return f"{yuan(amount)} 元"


class Sums:
    """Adds up the columns of a sheet, in whatever unit they count, for each kind of sum line.

    Once a cell could not be read, no sum that contains it can be judged: `spoil` says so.
    """

    def __init__(self, fields: tuple[str, ...]) -> None:
        """Begin every column at nought."""
        self._sums = {mark: dict.fromkeys(fields, 0) for mark in (*_PARTS, "total")}
        self._spoilt: set[str] = set()

    def add(self, amounts: Mapping[str, int]) -> None:
        """Count a line of data."""
        for sums in self._sums.values():
            for field, amount in amounts.items():
                sums[field] += amount

    def spoil(self) -> None:
        """Say that a line could not be read."""
        self._spoilt |= self._sums.keys()

    def of(self, mark: str) -> dict[str, int] | None:
        """Give the sums a line of this mark must show, and begin its part anew; None if unknown."""
        kept = mark if mark in _PARTS else "total"
        sums = None if kept in self._spoilt else dict(self._sums[kept])
        if kept in _PARTS:
            self._spoilt.discard(kept)
            self._sums[kept] = dict.fromkeys(self._sums[kept], 0)
        return sums

    @property
    def total(self) -> dict[str, int]:
        """Give the sums of all lines so far."""
        return dict(self._sums["total"])


class Roll:
    """Rolls a balance from line to line and compares it with what the sheet says.

    One wrong figure is reported once: if the next line agrees with the true balance again, the roll
    goes on from there; if it goes on from the wrong one, so does the roll.
    """

    def __init__(self, report: Report) -> None:
        """Begin without an opening balance; it may come as a line or follow from the first one."""
        self._report = report
        self._net = 0
        self._drift = 0
        self._blind = False
        self.opening: int | None = None

    def move(self, amount: int) -> None:
        """Count a receipt (positive) or a payment (negative)."""
        self._net += amount

    def lose(self) -> None:
        """Say that a line's amount could not be read: the next balance is taken as it stands."""
        self._blind = True

    @property
    def balance(self) -> int:
        """Give the balance after the lines so far, by addition."""
        return (self.opening or 0) + self._net

    def check(self, at: tuple[int, int], said: int) -> None:
        """Compare the balance that stands at a cell with the one that must be there."""
        if self.opening is None:
            self.opening = said - self._net
        expected = self.balance + self._drift
        if self._blind:
            self._drift, self._blind = said - self.balance, False
        elif said == self.balance:
            self._drift = 0
        elif said != expected:
            self._report.error(
                at,
                "余额对不上：应为 {expected}，表上是 {said}，差 {gap}",
                "请核对这一行的金额和余额。",
                expected=in_yuan(expected),
                said=in_yuan(said),
                gap=in_yuan(said - expected),
            )
            self._drift = said - self.balance
