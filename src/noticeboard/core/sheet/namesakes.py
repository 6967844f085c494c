"""People of one name in one group, told apart by as few digits as will do, and odd numbers told."""

from collections.abc import Sequence

import msgspec

from noticeboard.core.particulars import SubsidyRow
from noticeboard.core.sheet import identity
from noticeboard.core.sheet.layout import Table
from noticeboard.core.sheet.report import Report


class Namesakes:
    """Holds a roster's identity numbers while it is read; nothing but short tails leaves."""

    def __init__(self, table: Table, report: Report) -> None:
        """Meet nobody yet."""
        self._table = table
        self._report = report
        self._column = table.private("identity")
        self._places: list[int] = []
        self._numbers: list[tuple[str, identity.Health]] = []

    def meet(self, row: int) -> None:
        """Read the identity number of a line that became a row."""
        self._places.append(row)
        self._numbers.append(identity.number(self._table.value(row, self._column)))

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
        first: dict[str, int] = {}
        twice = [
            (place, self._column.index)
            for place, (number, _) in zip(self._places, self._numbers, strict=True)
            if number and first.setdefault(number, place) != place
        ]
        self._report.warn_of(twice, "同一个身份证号出现了两次：{cells}", "请核对是不是重复发放。")

    def _cells(self, health: identity.Health) -> list[tuple[int, int]]:
        column = self._column.index if self._column else 0
        judged = zip(self._places, self._numbers, strict=True)
        return [(place, column) for place, (_, found) in judged if found == health]

    def told_apart(self, rows: Sequence[SubsidyRow]) -> tuple[SubsidyRow, ...]:
        """Give the rows with tails where people of one name share a group, in the order met."""
        alike: dict[tuple[str, str | None], list[int]] = {}
        for index, row in enumerate(rows):
            alike.setdefault((row.group, row.name), []).append(index)
        told = list(rows)
        for (_, name), indexes in alike.items():
            if len(indexes) == 1 or name is None:
                continue
            numbers = [self._numbers[index][0] for index in indexes]
            tails = identity.tails(numbers) if all(numbers) else None
            if tails is None:
                self._cannot_tell(indexes)
                continue
            for index, tail in zip(indexes, tails, strict=True):
                told[index] = msgspec.structs.replace(told[index], tail=tail)
        return tuple(told)

    def _cannot_tell(self, indexes: Sequence[int]) -> None:
        column = self._table.column("name")
        self._report.warn_of(
            [(self._places[index], column.index if column else 0) for index in indexes],
            "同组同名，分不清谁是谁：{cells}",
            "请补全身份证号（按文字录入），或在姓名后加一个字区分。",
        )
