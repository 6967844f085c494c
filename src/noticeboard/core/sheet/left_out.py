"""Hidden rows that the clerk leaves out: their money, and which sums of the sheet still hold it."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from noticeboard.core.money import yuan

# What is made of the columns of a ledger: all that one column of amounts holds, and a balance.
_MADE_OF = {"both": {"income": 1, "expense": 1}, "balance": {"income": 1, "expense": -1}}


class LeftOut:
    """The rows of one table that go no further, from 0, each with the reason that is published.

    A sum that holds them differs from the lines that are published; `holds` notes which one, and
    `told` says it all, so that nobody has to explain by hand what the clerk has decided.
    """

    def __init__(self, reasons: Mapping[int, str]) -> None:
        """Take the rows; nothing is known of their money yet."""
        self._reasons = dict(sorted(reasons.items()))
        self._numbers: dict[str, dict[int, int]] = {}
        self._money: dict[str, str] = {}
        self._holding: dict[str, None] = {}

    def take(self, field: str, numbers: Mapping[int, int], word: str = "") -> None:
        """Take what the rows say in a column; `word` is what it is called, if it holds money."""
        self._numbers[field] = dict(numbers)
        if word:
            self._money[field] = word

    def of(self, field: str, above: int, below: int) -> int:
        """Add up a column over the rows between two others."""
        if field in _MADE_OF:
            parts = _MADE_OF[field].items()
            return sum(sign * self.of(part, above, below) for part, sign in parts)
        said = self._numbers.get(field, {})
        return sum(number for row, number in said.items() if above < row < below)

    def all_of(self, field: str) -> int:
        """Add up a column over all rows; `households` counts them, in thousandths."""
        if field == "households":
            return 1000 * len(self._reasons)
        return self.of(field, -1, max(self._reasons, default=0) + 1)

    def each_of(self, field: str) -> list[int]:
        """Give what each row says in a column."""
        if field == "households":
            return [1000] * len(self._reasons)
        return [self.of(field, row - 1, row + 1) for row in self._reasons]

    def holds(self, named: str) -> None:
        """Note that what is named so on the sheet holds rows that were left out."""
        self._holding[named] = None

    def told(self) -> list[str]:
        """Say in sentences which rows with how much money are missing, why, and from what."""
        by_reason = sorted(self._reasons, key=lambda row: (self._reasons[row], row))
        told = []
        for reason, together in groupby(by_reason, key=self._reasons.__getitem__):
            rows = list(together)
            numbers = "、".join(str(row + 1) for row in rows)
            told.append(f"表中第 {numbers} 行{self._worth(rows)}没有列入：{reason}。")
        if told and self._holding:
            which = "这一行" if len(self._reasons) == 1 else "这些行"
            told.append(f"表上的{'、'.join(self._holding)}包括{which}。")
        return told

    def _worth(self, rows: Sequence[int]) -> str:
        sums = (
            (word, sum(self._numbers[field].get(row, 0) for row in rows))
            for field, word in self._money.items()
        )
        said = "、".join(f"{word} {yuan(amount)} 元" for word, amount in sums if amount)
        return f"（{'共 ' if len(rows) > 1 else ''}{said}）" if said else ""
