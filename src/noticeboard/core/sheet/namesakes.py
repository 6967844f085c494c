"""People of one name in one group, told apart by as few digits as will do, and odd numbers told."""

from collections.abc import Sequence

from msgspec.structs import replace

from noticeboard.core.days import local
from noticeboard.core.matching import Marks, mark
from noticeboard.core.particulars import SubsidyRow
from noticeboard.core.sheet import identity
from noticeboard.core.sheet.cells import Cell
from noticeboard.core.sheet.headers import Column
from noticeboard.core.sheet.report import Report
from noticeboard.core.sheet.values import Lines

# A bank account has at least so many digits.
_SHORTEST_CARD = 8


def _card(cell: Cell) -> str:
    digits = "".join(sign for sign in cell if sign.isdigit()) if isinstance(cell, str) else ""
    return digits if len(digits) >= _SHORTEST_CARD else ""


class Namesakes:
    """Holds a roster's identity numbers while it is read; nothing but short tails leaves.

    `places` are the lines that became rows, in the rows' order.
    """

    def __init__(self, lines: Lines, name: Column, places: Sequence[int], report: Report) -> None:
        """Read the identity numbers of all lines that became rows."""
        self._lines = lines
        self._name = name
        self._places = places
        self._report = report
        self._column = lines.table.private("identity")
        none: tuple[str, identity.Health] = ("", "none")
        found, _ = lines.read(lines.cells(self._column), identity.number, none)
        self._found = [found[place] for place in places]
        # One name that spans several lines is one person with several plots.
        self._spans = lines.under(name) | lines.under(self._column)

    def marks(self, key: bytes) -> tuple[Marks, ...]:
        """Give the marks of the rows under a village's key: of identity numbers and of cards.

        A number that lost digits, or cannot be one, tells nobody; nor does a card kept as a number.
        """
        cards = self._lines.cells(self._lines.table.private("card"))
        return tuple(
            Marks(mark(key, "identity", number), mark(key, "card", _card(cards[place])))
            for place, (number, _health) in zip(self._places, self._found, strict=True)
        )

    def check(self) -> None:
        """Note numbers that lost digits, that cannot be, or that stand twice; never print them."""
        if self._column is None:
            return
        self._report.warn_of(
            self._cells("lost"),
            "身份证号按数字存，最后几位已经丢了，没有带入：{cells}",
            "同组没有同名的不用改；有的请按文字重新录入。",
        )
        self._report.warn_of(
            self._cells("wrong"), "身份证号位数、日期或校验码不对：{cells}", "请对照证件核对。"
        )
        seen: set[str] = set()
        twice: list[tuple[int, int]] = []
        for place, (number, _) in zip(self._places, self._found, strict=True):
            if number in seen and place not in self._spans:
                twice.append(self._lines.at(place, self._column))
            elif number:
                seen.add(number)
        self._report.warn_of(twice, "同一个身份证号出现了两次：{cells}", "请核对是不是重复发放。")

    def _cells(self, health: identity.Health) -> list[tuple[int, int]]:
        column = self._column
        judged = zip(self._places, self._found, strict=True)
        return [
            self._lines.at(place, column) for place, (_, found) in judged if found == health
        ] if column else []  # fmt: skip

    def told_apart(self, rows: Sequence[SubsidyRow]) -> tuple[SubsidyRow, ...]:
        """Give the rows with tails where people of one name share a group, in the order met."""
        first: dict[tuple[str, str | None], int] = {}
        alike: dict[int, list[int]] = {}
        for index, row in enumerate(rows):
            met = first.setdefault((row.group, row.name), index)
            if met != index and row.name:
                alike.setdefault(met, [met]).append(index)
        told = list(rows)
        unclear: list[int] = []
        for indexes in alike.values():
            tails = self._tails(indexes)
            if tails is None:
                unclear += indexes
                continue
            for index, tail in zip(indexes, tails, strict=True):
                told[index] = replace(told[index], tail=tail or None)
        self._report.warn_of(
            [self._lines.at(self._places[index], self._name) for index in sorted(unclear)],
            "同组同名，分不清谁是谁：{cells}",
            "请补全身份证号（按文字录入），或在姓名后加一个字区分。",
        )
        return tuple(told)

    def younger(self, years: int, at: int | None) -> list[int]:
        """Give the rows whose identity number says somebody of less than so many years, and say so.

        `at` is when they are read (Unix seconds); without it nobody's age is known.
        """
        if at is None:
            return []
        today = local(at).date()
        young = [
            index
            for index, (number, _health) in enumerate(self._found)
            if number and identity.age(number, today) < years
        ]
        self._report.warn_of(
            [self._lines.at(self._places[index], self._name) for index in young],
            "未满 {years} 岁，不写姓名：{cells}",
            "要写明是哪一户的，存成草稿以后，请在户主一栏写户主姓名（户内未成年人）。",
            years=years,
        )
        return young

    def _tails(self, indexes: Sequence[int]) -> list[str] | None:
        """Give each line's tail, none where all of them are one person; None when unclear."""
        people = [self._person(index) for index in indexes]
        if len(set(people)) == 1:
            return [""] * len(people)
        numbers = {person: self._found[index][0] for person, index in zip(people, indexes)}  # noqa: B905 - one person for each index
        if not all(numbers.values()):
            return None
        tails = identity.tails(list(numbers.values()))
        if tails is None:
            return None
        of = dict(zip(numbers, tails, strict=True))
        return [of[person] for person in people]

    def _person(self, index: int) -> str | int:
        """Give what stands for a row's person: the number, or the first of the name's lines."""
        place = self._places[index]
        return self._found[index][0] or self._spans.get(place, place)
