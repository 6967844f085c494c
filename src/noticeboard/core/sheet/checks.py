"""What a sheet says of its own sums: page sums, subtotals, totals, and the balance line by line."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate

from msgspec import Struct

from noticeboard.core.money import yuan
from noticeboard.core.sheet.left_out import LeftOut
from noticeboard.core.sheet.lines import Line

# The marks whose sum begins anew after each of them; the others sum from the first line.
_FAR = 1 << 30
_PARTS = ("page", "month", "subtotal")


def in_yuan(amount: int) -> str:
    """Print an amount for a person."""
    return f"{yuan(amount)} 元"


class Part(Struct, frozen=True):
    """What a sum line stands for: lines by place, `start` to before `end`, and rows in between."""

    start: int
    end: int
    above: int
    below: int


class Sum(Struct, frozen=True, kw_only=True):
    """A sum that stands on the sheet, and what its lines (places `start` to before `end`) make."""

    at: tuple[int, int]
    label: str
    field: str
    start: int
    end: int
    said: int
    due: int

    @property
    def gap(self) -> int:
        """Give how much more it says than its lines make."""
        return self.said - self.due


class Sums:
    """Adds up the columns of a sheet, in whatever unit they count, for each kind of sum line.

    Where a line could not be read, no sum that contains it can be judged. A sum is right with the
    rows that were `left_out` and without them.
    """

    def __init__(
        self,
        columns: Mapping[str, Sequence[int]],
        left_out: LeftOut,
        unread: Collection[int] = (),
        lines: Sequence[Line] = (),
    ) -> None:
        """Take the columns, each with a number for every line, and the lines that are unread.

        `lines` are all of the table: they tell which sums stand above what they sum up.
        """
        self._up_to = {field: [0, *accumulate(column)] for field, column in columns.items()}
        self._left_out = left_out
        self._unread = sorted(unread)
        self._began = dict.fromkeys((*_PARTS, "total"), (0, -1))
        self.fields = tuple(columns)
        self._lines = max(map(len, columns.values()), default=0)
        self._above = _above(lines)

    def parts(self, line: Line, end: int) -> list[Part]:
        """Give the lines that a sum line may stand for, and begin its part anew.

        After a total there may be two: some sheets begin anew after each month's.
        """
        if line.mark == "total" and not end and self._lines:
            # It stands above its lines.
            return [Part(0, self._lines, -1, _FAR), Part(0, 0, -1, line.row)]
        if part := self._above.get(line.row):
            return [part]
        if line.mark not in self._began:
            return [Part(0, end, -1, line.row)]
        began, self._began[line.mark] = self._began[line.mark], (end, line.row)
        part = Part(began[0], end, began[1], line.row)
        return [part] if line.mark in _PARTS else [Part(0, end, -1, line.row), part]

    def is_known(self, part: Part) -> bool:
        """Say whether all these lines could be read."""
        first = bisect_left(self._unread, part.start)
        return first == len(self._unread) or self._unread[first] >= part.end

    def sum(self, field: str, said: int, line: Line, column: int, parts: Sequence[Part]) -> Sum:
        """Hold what stands in a column of a sum line against the lines it may stand for.

        Where it fits none of them, it is the nearest to what is said, of the first part.
        """
        dues = [due for part in parts for due in self._dues(field, part)]
        nearest = min(dues[: len(self._dues(field, parts[0]))], key=lambda d: abs(said - d[0]))
        due, part, left = next((d for d in dues if d[0] == said), nearest)
        if left:
            self._left_out.holds(f"“{line.label}”")
        return Sum(at=(line.row, column), label=line.label, field=field, start=part.start,
                   end=part.end, said=said, due=due)  # fmt: skip

    def _dues(self, field: str, part: Part) -> list[tuple[int, Part, int]]:
        """Give what lines make, without the rows that were left out and with them."""
        made = self._up_to[field][part.end] - self._up_to[field][part.start]
        left = self._left_out.of(field, part.above, part.below)
        return [(made, part, 0), (made + left, part, left)] if left else [(made, part, 0)]


def _above(lines: Sequence[Line]) -> dict[int, Part]:
    """Give by row the parts whose sums stand above them: the first before any line, none last."""
    found: dict[int, Part] = {}
    sums: dict[str, list[tuple[int, int]]] = {mark: [] for mark in _PARTS}
    end = 0
    for line in lines:
        if line.mark == "data":
            end += 1
        elif line.mark in sums:
            sums[line.mark].append((end, line.row))
    for marked in sums.values():
        if marked and marked[0][0] == 0 and marked[-1][0] < end:
            ends = [*marked[1:], (end, _FAR)]
            found |= {
                row: Part(start, until, row, below)
                for (start, row), (until, below) in zip(marked, ends, strict=True)
            }
    return found


def roots(sums: Sequence[Sum]) -> list[Sum]:
    """Give the differences that are not explained by differences of narrower sums within them.

    One wrong line makes the page's, the month's and the sheet's sum wrong; the narrowest is told.
    """
    told: list[Sum] = []
    for wide in sorted((s for s in sums if s.gap), key=lambda s: s.end - s.start):
        inside = [s for s in told if _is_within(s, wide) and s.field == wide.field]
        if wide.gap != sum(s.gap for s in inside):
            told.append(wide)
    return sorted(told, key=lambda s: s.at)


def _is_within(narrow: Sum, wide: Sum) -> bool:
    return wide.start <= narrow.start and narrow.end <= wide.end


def borne_out(
    sums: Sequence[Sum], corrections: Mapping[int, tuple[str, int]]
) -> tuple[set[int], list[Sum]]:
    """Judge suspicions against single lines by the sums that contain them.

    `corrections` give by place the field and what would have to be added. Returns the places that
    every such sum bears out, and the sums that are still to be judged when these are put right.
    """
    guilty = {
        place
        for place, (field, _) in corrections.items()
        if (around := [s for s in sums if _is_of(s, field) and s.start <= place < s.end])
        and all(s.gap == _missing(s, corrections) for s in around)
    }
    kept = {place: corrections[place] for place in guilty}
    return guilty, [s for s in sums if not s.gap or s.gap != _missing(s, kept)]


def _missing(total: Sum, corrections: Mapping[int, tuple[str, int]]) -> int:
    inside = (c for place, c in corrections.items() if total.start <= place < total.end)
    return sum(amount for field, amount in inside if _is_of(total, field))


def _is_of(total: Sum, field: str) -> bool:
    # One column of amounts holds receipts and payments, and so does its sum.
    return total.field in {field, "both"}


class Balance(Struct, frozen=True):
    """A balance that stands on the sheet after so many lines; `place` is its line of data.

    `left` is what it holds of rows that were left out.
    """

    at: tuple[int, int]
    end: int
    said: int
    place: int | None = None
    left: int = 0


class Break(Struct, frozen=True):
    """A balance that does not follow; `lasting` when the next ones go on from it."""

    balance: Balance
    due: int
    lasting: bool

    @property
    def gap(self) -> int:
        """Give how much more it says than follows."""
        return self.balance.said - self.due


def rolled(
    opening: int, moved: Sequence[int], balances: Iterable[Balance], unread: Collection[int]
) -> list[Break]:
    """Roll a balance from line to line and give where the sheet says otherwise.

    `moved` is the sum of receipts less payments after so many lines. One wrong figure breaks once:
    where the next balance agrees with the true one again, the roll goes on from there; where it
    goes on from the wrong one, so does the roll. After an unread line it goes on as the sheet says.
    """
    breaks: list[Break] = []
    lost = sorted(unread)
    drift = begun = 0
    # What the unread lines must have moved, if the balances below them are right.
    hidden = 0
    for balance in balances:
        true = opening + moved[balance.end] + hidden + balance.left
        if balance.said == true + drift and not drift:
            continue
        if lost and bisect_left(lost, begun) < bisect_left(lost, balance.end):
            hidden, drift, begun = hidden + balance.said - true, 0, balance.end
        elif balance.said == true:
            drift = 0
            last = breaks[-1] if breaks else None
            if last and last.lasting:
                breaks[-1] = Break(last.balance, last.due, lasting=False)
        elif balance.said != true + drift:
            breaks.append(Break(balance, true + drift, lasting=True))
            drift = balance.said - true
    return breaks
