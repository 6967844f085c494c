"""Any other list with a header put together as a Titled; what its columns are, its cells show."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from noticeboard.core.columns import MOST_COLUMNS
from noticeboard.core.forms import MOST_LABEL
from noticeboard.core.holdings import ColumnRead
from noticeboard.core.particulars import TableColumn, TableRow, Titled
from noticeboard.core.privacy import leaks
from noticeboard.core.problems import NotValid
from noticeboard.core.serials import may_be_long
from noticeboard.core.sheet import amounts
from noticeboard.core.sheet.cells import Cell, folded, key, words
from noticeboard.core.sheet.headers import Column
from noticeboard.core.sheet.lexicon import private_in
from noticeboard.core.sheet.looking import WHY
from noticeboard.core.sheet.reading import Given, Stated
from noticeboard.core.sheet.register import Register
from noticeboard.core.sheet.telling import refuse_relief
from noticeboard.core.sheet.terms import point

_UNIT = re.compile(r"[(（](?:单位[:：])?万?元[)）]|[:：]?单位[:：]万?元$")
# Identity and card numbers even where a digit is wrong, mobile phones, and phones with an area.
_NUMBER = re.compile(
    r"\d{17}x|\d{14,}|(?:\+?86)?1[3-9]\d{9}|\(?0\d{2,3}\)?-?[2-8]\d{6,7}|.*\de\+\d+"
)
_NAME = re.compile(r"[\u3400-\u9fff]{2,3}|[\u3400-\u9fff]{2,}[·•][\u3400-\u9fff]{2,}")
_WHOLE_DAY = re.compile(r"\d{4}[-./年]\d{1,2}[-./月]\d{1,2}|\d{8}$")
_COUNT = re.compile(r"(?:0|[1-9]\d*)(?:\.\d{1,3})?")
# Numbers under such a head count nothing.
_NO_COUNT = ("年", "年份", "年度", "月", "月份", "期", "号", "编号", "编码", "代码", "序号")
# A column is what its head says when half of its cells agree; one of names may have a few others.
_HALF, _MOSTLY = 0.5, 0.8

Values = Sequence[str | int | None]


class TitledTable(Register):
    """Reads one list of any kind; `read` does all of it. Its columns go by their letters."""

    def __init__(self, given: Given) -> None:
        """Prepare to read."""
        super().__init__(given)
        self.columns = {c.letter: c for c in given.table.columns if c.fate == "taken"}

    def read(self) -> Titled | None:
        """Read all lines; None when there is nothing that could be stated."""
        aside = self.aside()
        places = [p for p in range(len(self.lines)) if p not in aside]
        self.report.behind = [self.lines.rows[p] for p in places]
        reads = {column.letter: how for column, how in self._decided(places)}
        self.columns = {letter: self.columns[letter] for letter in reads}
        self._fits()
        values = {letter: self._values(letter, how, aside) for letter, how in reads.items()}
        numbers = {
            letter: [value if isinstance(value, int) else None for value in values[letter]]
            for letter, how in reads.items()
            if how in {"money", "quantity"}
        }
        counts = [letter for letter, how in reads.items() if how == "quantity"]
        self.check(numbers, quantities=counts)
        if not reads or not places:
            if not self.report.failed:
                self.report.error(None, "没有读到可以公开的内容", "请核对表头和下面各行。")
            return None
        persons = [how == "person" for how in reads.values()]
        return Titled(
            columns=tuple(TableColumn(self._label(letter), how) for letter, how in reads.items()),
            rows=tuple(
                _row(number, [column[p] for column in values.values()], persons)
                for number, p in enumerate(places, 1)
            ),
        )

    def _values(self, letter: str, how: ColumnRead, aside: set[int]) -> Values:
        column = self.columns[letter]
        match how:
            case "money":
                return self.money(letter)
            case "quantity":
                return self.quantities(letter)
            case "date":
                return self.points(column, aside)
            case "person":
                return [name or None for name in self.people(column, aside)]
        return [text or None for text in self.lines.texts(column)]

    # Columns.

    def _decided(self, places: Sequence[int]) -> list[tuple[Column, ColumnRead]]:
        """Give the columns that are taken, each with how it is read.

        Beside persons, words under a head that does not say what they are about stay behind until
        the clerk takes them: nobody else can tell 附注 of a form from 附注 of an illness.
        """
        declared = list(self._declared(places))
        persons = [column for column, how in declared if how == "person"]
        sums = (*self.given.headers.relief, *self.given.headers.subsidy)
        money = [
            column
            for column, how in declared
            if how == "money" or (how == "quantity" and any(w in column.header for w in sums))
        ]
        refuse_relief(self.given, persons, money)
        if not persons:
            return declared
        plain = self.given.headers.plain
        vague = [
            column
            for column, how in declared
            if how == "text"
            and column.by == "words"
            and not self._label(column.letter).endswith(plain)
            and any(key(cell) for cell in self.lines.cells(column))
        ]
        for column in vague:
            self.report.withheld[column.letter] = "unknown"
            self.report.leave(f"{column.letter}列“{column.header}”：旁边有姓名，不知道写的是什么")
        self.report.warn_of(
            [(self.table.header, column.index) for column in vague],
            "旁边有姓名，这些列可能写了个人情况，没有带入：{cells}",
            "没有病情、困难原因、家庭情况的，请把这一列改成“文字”再读一遍；"
            "也可以改用常见的表头，例如 事由、内容、用途。",
        )
        return [(column, how) for column, how in declared if column not in vague]

    def _declared(self, places: Sequence[int]) -> Iterator[tuple[Column, ColumnRead]]:
        """Give the columns that may be public, each with how it is read."""
        for column in self.columns.values():
            own = self.lines.cells(column)
            filled = [p for p in places if key(own[p]) and not self.lines.is_broken(p, column)]
            cells = [own[p] for p in filled]
            numbered = may_be_long("", column.header)
            secret = [p for p in filled if _is_number(own[p], numbered=numbered)]
            if secret and len(secret) >= _HALF * len(filled):
                self._withhold(column, "像是身份证号、电话或卡号，不公开")
                continue
            how = self._reading(column, cells)
            field = private_in([column.header], self.given.headers, counted=True)
            if field and how not in {"money", "quantity"}:
                self._withhold(column, WHY[field])
                continue
            for place in secret:
                # In words such a number is found when the notice is scanned; typed it is no text.
                if how in {"money", "quantity"} or not isinstance(own[place], str):
                    self.lines.error(
                        self.lines.at(place, column),
                        "这一格像是身份证号、电话或卡号，不能公开",
                        "请删去这个号码。",
                    )
            yield column, how

    def _withhold(self, column: Column, why: str) -> None:
        self.report.withheld[column.letter] = "private"
        self.report.leave(f"{column.letter}列“{column.header}”：{why}")

    def _reading(self, column: Column, cells: Sequence[Cell]) -> ColumnRead:
        """Say how a column is read: as chosen, as its head says if its cells agree, as they are."""
        said: ColumnRead = column.field  # type: ignore[assignment]  # the fields of such a list
        if column.by == "choice" or said == "person" or not cells:
            return said
        if said != "text":
            # A unit in the head leaves no doubt.
            agree = sum(_can(_READ[said], cell) for cell in cells)
            return said if column.unit or agree >= _HALF * len(cells) else "text"
        if all(_is_day(cell) for cell in cells):
            return "date"
        counts = not folded(self._label(column.letter)).endswith(_NO_COUNT)
        if counts and all(_is_count(cell) for cell in cells):
            return "quantity"
        surnames = self.given.headers.surnames
        names = sum(_is_name(cell, surnames) for cell in cells)
        return "person" if names >= _MOSTLY * len(cells) else "text"

    def _label(self, letter: str) -> str:
        header = self.columns[letter].header
        return words(_UNIT.sub("", header)) or f"{letter}列"

    def _fits(self) -> None:
        """Note heads that a notice has no room for, and two that are the same."""
        header = self.table.header
        before: set[str] = set()
        for number, (letter, column) in enumerate(self.columns.items()):
            at, label = (header, column.index), self._label(letter)
            if number == MOST_COLUMNS:
                self.report.error(
                    at, "列数太多，最多 {most} 列", "请选几列不带入，或者分成两张表。",
                    most=MOST_COLUMNS,
                )  # fmt: skip
            if len(label) > MOST_LABEL:
                self.report.error(
                    at, "这一列的名字太长，最多 {most} 个字", "请写短一些。", most=MOST_LABEL
                )
            if label in before:
                self.report.error(at, "两列叫一样的名字", "请把两列的表头写得不同。", label)
            before.add(label)


def _row(number: int, values: Values, persons: Sequence[bool]) -> TableRow:
    """Give a line with the persons it names apart from its other cells."""
    people = tuple(
        value if person and isinstance(value, str) else None
        for value, person in zip(values, persons, strict=True)
    )
    cells = tuple(None if person else value for value, person in zip(values, persons, strict=True))
    return TableRow(id=number, cells=cells, people=people if any(people) else None)


_READ: dict[str, Callable[[Cell], object]] = {
    "money": amounts.fen,
    "quantity": amounts.thousandths,
    "date": point,
}


def _can(read: Callable[[Cell], object], cell: Cell) -> bool:
    try:
        return read(cell) is not None
    except NotValid:
        return False


def _is_number(cell: Cell, *, numbered: bool = False) -> bool:
    """Say whether a cell looks like somebody's number, even one with a slip in it.

    `numbered` says that what the column lists goes by long numbers of its own.
    """
    if numbered:
        return bool(leaks(words(cell)))
    text = key(cell).strip("'’‘`")
    bare = text.replace("-", "").replace(".0", "")
    return any(_NUMBER.fullmatch(form) for form in (text, bare)) or bool(leaks(words(cell)))


def _is_day(cell: Cell) -> bool:
    if isinstance(cell, date):
        return True
    return (
        isinstance(cell, str) and _WHOLE_DAY.match(folded(cell)) is not None and _can(point, cell)
    )


def _is_count(cell: Cell) -> bool:
    if isinstance(cell, int | Decimal):
        return cell >= 0 and _can(amounts.thousandths, cell)
    return isinstance(cell, str) and _COUNT.fullmatch(cell) is not None


def _is_name(cell: Cell, surnames: str) -> bool:
    text = key(cell)
    return bool(text) and _NAME.fullmatch(text) is not None and text[0] in surnames


def titled(given: Given) -> Sequence[Stated]:
    """Read any other list: posts, certificates, a register of seals."""
    stated = TitledTable(given).read()
    return () if stated is None else (Stated(title=given.title, particulars=stated),)
