"""A roster's money: quantity × standard = amount on every line, and the sums below."""

from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec import Struct

from noticeboard.core.money import times
from noticeboard.core.problems import NotValid
from noticeboard.core.sheet import amounts
from noticeboard.core.sheet.cells import Cell
from noticeboard.core.sheet.checks import Sum, Sums, borne_out, in_yuan, roots
from noticeboard.core.sheet.headers import Column
from noticeboard.core.sheet.heading import Heading
from noticeboard.core.sheet.labels import is_label
from noticeboard.core.sheet.lines import Line
from noticeboard.core.sheet.report import Level, Report
from noticeboard.core.sheet.values import Lines

_WHOLE_YUAN = 100
# So many products are told one by one.
_MOST_TOLD = 5


class Paid(Struct, frozen=True):
    """What each line says, by place: fen, thousandths, fen per unit; the amount is nought if none.

    `unread` are lines whose amount could not be read, `empty` those without one, `under` those
    whose amount is merged with the line of their household above.
    """

    amount: list[int]
    quantity: list[int | None]
    standard: list[int | None]
    unread: set[int]
    empty: set[int]
    under: Mapping[int, int]


class Product(Struct, frozen=True):
    """A line whose amount is not what quantity and standard make."""

    place: int
    said: int
    due: int


class Payments:
    """Reads the columns of money of a roster and holds its sums against its lines."""

    def __init__(
        self, lines: Lines, columns: Mapping[str, Column], heading: Heading, report: Report
    ) -> None:
        """Prepare to read."""
        self._lines = lines
        self._columns = columns
        self._unit = heading.unit or amounts.YUAN
        self._report = report
        self._unread: set[int] = set()
        self.summed = False

    def read(self) -> Paid:
        """Read amounts, quantities and standards; what cannot be read is noted."""
        lines, column = self._lines, self._columns["amount"]
        found, unread = lines.money(column, self._fen(column))
        quantity, wrong = lines.numbers(self._columns.get("quantity"), amounts.thousandths)
        lines.leave_out(column, "amount", self._fen(column), money=True)
        if "quantity" in self._columns:
            counted = self._columns["quantity"]
            lines.leave_out(counted, "quantity", amounts.thousandths, money=False)
        by = self._columns.get("standard")
        standard, _ = lines.numbers(by, self._rate(by or column))
        self._unread = wrong
        empty = {place for place, amount in enumerate(found) if amount is None} - unread
        broken = {place for place in empty if lines.is_broken(place, column)}
        empty -= broken
        under = {place: top for place, top in lines.under(column).items() if place in empty}
        for place, top in under.items():
            # The household is paid once for all its members; each may bring a plot of its own.
            if (more := quantity[place]) is not None:
                quantity[top] = (quantity[top] or 0) + more
                quantity[place] = None
        return Paid([a or 0 for a in found], quantity, standard, unread | broken, empty, under)

    def _fen(self, column: Column) -> Callable[[Cell], int | None]:
        unit = column.unit or self._unit
        return lambda cell: amounts.fen(cell, unit)

    def _rate(self, column: Column) -> Callable[[Cell], int | None]:
        unit = column.unit or self._unit
        return lambda cell: amounts.rate(cell, unit)

    # Sums.

    def check(self, paid: Paid) -> None:
        """Note what does not add up, each wrong number once and where it most likely stands."""
        sums = self._sums(paid)
        self._lines.tell()
        products = self._products(paid)
        rounded = self._rounded(products, paid.amount)
        wrong = [product for product in products if product.place not in rounded]
        suspected = {p.place: ("amount", p.due - p.said) for p in wrong}
        guilty, left = borne_out(sums, suspected)
        doubtful = self._quantities(paid, [p for p in wrong if p.place not in guilty], left)
        odd, left = borne_out(left, doubtful)
        certain = {p.place for p in wrong if p.place in guilty and _is_inside(p, sums)}
        for product in wrong:
            if product.place in odd:
                self._tell_quantity(paid, product, doubtful[product.place][1])
            elif product.place in certain:
                self._tell_product(product, "error")
        self._tell_doubts([p for p in wrong if p.place not in odd | certain])
        self._tell_rounded(rounded)
        self._tell_sums(left)

    def _sums(self, paid: Paid) -> list[Sum]:
        columns = {"amount": paid.amount, "quantity": [q or 0 for q in paid.quantity]}
        adding = Sums(
            {field: column for field, column in columns.items() if field in self._columns},
            self._report.left_out,
            paid.unread | self._unread,
            self._lines.table.lines,
        )
        found: list[Sum] = []
        end = 0
        for line in self._lines.table.lines:
            if line.mark == "data":
                end += 1
                continue
            self.summed = True
            parts = adding.parts(line, end)
            for field in adding.fields:
                said = self._said(line, field)
                if said is not None and adding.is_known(parts[0]):
                    column = self._columns[field].index
                    found.append(adding.sum(field, said, line, column, parts))
        return found

    def _said(self, line: Line, field: str) -> int | None:
        column = self._columns[field]
        cell: Cell = self._lines.table.value(line.row, column)
        if cell is None or is_label(cell, line.label):
            return None
        try:
            return amounts.thousandths(cell) if field == "quantity" else self._fen(column)(cell)
        except NotValid as problem:
            self._lines.refuse((line.row, column.index), problem)
            return None

    def _tell_sums(self, sums: Sequence[Sum]) -> None:
        for wrong in roots(sums):
            money = wrong.field == "amount"
            show = in_yuan if money else _plain
            self._report.differs(
                wrong.at,
                wrong.gap if money else _plain(wrong.gap),
                "“{label}”对不上：各行相加是 {expected}，表上是 {said}，差 {gap}",
                "请核对各行和这一格。",
                label=wrong.label,
                line=f"“{wrong.label}”一行",
                column=self._columns[wrong.field].word,
                expected=show(wrong.due),
                said=show(wrong.said),
            )

    # Products.

    def _products(self, paid: Paid) -> list[Product]:
        """Give the lines whose amount is not quantity × standard, half up to the fen."""
        if not {"quantity", "standard"} <= self._columns.keys():
            return []
        told = zip(paid.quantity, paid.standard, paid.amount, strict=True)
        return [
            Product(place, amount, times(quantity, standard))
            for place, (quantity, standard, amount) in enumerate(told)
            if quantity is not None
            and standard is not None
            and (quantity * standard + 500) // 1000 != amount
            and place not in paid.unread
            and place not in paid.empty
        ]

    @staticmethod
    def _rounded(products: Sequence[Product], paid: Sequence[int]) -> Collection[int]:
        """Give the lines that were rounded to the yuan, if the whole sheet was paid like that."""
        rounded = {p.place for p in products if p.said == _whole_yuan(p.due)}
        others = {p.place for p in products} - rounded
        whole = all(a % _WHOLE_YUAN == 0 for place, a in enumerate(paid) if place not in others)
        return rounded if whole else ()

    def _quantities(
        self, paid: Paid, wrong: Sequence[Product], sums: Sequence[Sum]
    ) -> dict[int, tuple[str, int]]:
        """Give the quantities that a sum doubts, where the right one would make the amount."""
        doubtful: dict[int, tuple[str, int]] = {}
        for product in wrong:
            place = product.place
            quantity, standard = paid.quantity[place] or 0, paid.standard[place] or 0
            around = [s for s in sums if s.field == "quantity" and s.start <= place < s.end]
            if around:
                missing = min(around, key=lambda s: s.end - s.start).gap
                if missing and times(quantity + missing, standard) == product.said:
                    doubtful[place] = ("quantity", missing)
        return doubtful

    def _tell_quantity(self, paid: Paid, product: Product, missing: int) -> None:
        said = paid.quantity[product.place] or 0
        self._report.differs(
            self._lines.at(product.place, self._columns["quantity"]),
            _plain(-missing),
            "这个数和金额、合计都对不上：应为 {expected}，表上是 {said}，差 {gap}",
            "请核对这一行的数量。",
            label=self._columns["quantity"].word,
            line=self._named(product.place),
            expected=_plain(said + missing),
            said=_plain(said),
        )

    def _tell_doubts(self, doubts: Sequence[Product]) -> None:
        """Note products that only their own lines speak against: what was paid may be right."""
        for product in doubts[:_MOST_TOLD]:
            self._tell_product(product, "warning")
        if more := doubts[_MOST_TOLD:]:
            self._report.warn_of(
                [self._lines.at(p.place, self._columns["amount"]) for p in more],
                "这些行的“{amount}”也不是“{quantity}”乘“{standard}”：{cells}",
                "请核对；确实是这样发放的，请写明原因，会一起公开。",
                **self._words(),
            )

    def _tell_product(self, product: Product, level: Level) -> None:
        self._report.differs(
            self._lines.at(product.place, self._columns["amount"]),
            product.said - product.due,
            "“{quantity}”乘“{standard}”应为 {expected}，表上是 {said}，差 {gap}",
            "请核对这一行的三个数。"
            if level == "error"
            else "请核对；确实是这样发放的，请写明原因，会一起公开。",
            label=self._columns["amount"].word,
            line=self._named(product.place),
            level=level,
            expected=in_yuan(product.due),
            said=in_yuan(product.said),
            **self._words(),
        )

    def _words(self) -> dict[str, str]:
        """Give what the sheet itself calls the columns that make a product."""
        fields = ("quantity", "standard", "amount")
        return {field: self._columns[field].word for field in fields}

    def _named(self, place: int) -> str:
        """Name a line without naming a person: what is published of it cannot be taken back."""
        return f"表中第 {self._lines.rows[place] + 1} 行"

    def _tell_rounded(self, rounded: Collection[int]) -> None:
        self._report.warn_of(
            [self._lines.at(place, self._columns["amount"]) for place in sorted(rounded)],
            "金额都四舍五入到了元：{cells}",
            "如果就是这样发放的，不用改；会一起写明。",
        )
        if rounded:
            self._report.explanations.append(f"“{self._columns['amount'].word}”四舍五入到了元。")


def _is_inside(product: Product, sums: Sequence[Sum]) -> bool:
    """Say whether a sum that is wrong holds a line."""
    return any(s.gap and s.field == "amount" and s.start <= product.place < s.end for s in sums)


def _whole_yuan(amount: int) -> int:
    return (amount + 50) // _WHOLE_YUAN * _WHOLE_YUAN


def _plain(quantity: int) -> str:
    """Print thousandths without needless noughts."""
    sign = "-" if quantity < 0 else ""
    return f"{sign}{abs(quantity) // 1000}.{abs(quantity) % 1000:03d}".rstrip("0").rstrip(".")
