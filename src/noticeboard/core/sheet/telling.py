"""What a sheet would tell of somebody whatever it is called: help they were given, an illness."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from noticeboard.core.particulars import Particulars, Titled
from noticeboard.core.sheet.cells import Cell, key, words
from noticeboard.core.sheet.headers import Column, Headers
from noticeboard.core.sheet.limits import longest
from noticeboard.core.sheet.reading import Given, Stated


def refuse_relief(
    given: Given, persons: Sequence[Column], money: Sequence[Column], *, work: bool = False
) -> None:
    """Note that a list of people who are given money is to be read as nothing else.

    As a roster it follows what is laid down of its programme; as any other list, or as one of
    `work` done, it would get around that.
    """
    headers, policy = given.headers, given.about.masking
    if not persons or not money:
        return
    heading = given.heading
    said = " ".join((heading.text, heading.programme, given.title, words(given.table.sheet.name)))
    whole = " ".join((said, *(column.header for column in (*persons, *money))))
    relief = any(word in whole for word in headers.relief)
    called = policy.called(said) if policy else None
    relief = relief or (called is not None and (called[1].sensitive or called[1].names != "full"))
    paid = work or any(word in said for word in headers.wages)
    given_away = any(word in whole for word in headers.subsidy) or any(
        key(column.word) in _beneficiaries(headers) for column in persons
    )
    if relief or (given_away and not paid):
        given.report.error(
            (given.table.header, persons[0].index),
            "这是发给个人的钱，只能当作补贴名单带入",
            "请在“这是”里选补贴名单。没有登记公开口径的，只带入各组合计，不带姓名。",
        )


def _beneficiaries(headers: Headers) -> frozenset[str]:
    """Give how a column is called whose people are given something; 姓名 alone says nothing."""
    return frozenset(map(key, headers.roster["name"])) - {"姓名"}


def look_for_conditions(given: Given, stated: Sequence[Stated]) -> None:
    """Note the cells of free words that tell of an illness or a disability.

    Where a list of any other kind names persons, that is an error: there it is told of them.
    """
    policy, table = given.about.masking, given.table
    if policy is None:
        return
    columns = [
        column
        for column in table.columns
        if column.fate == "taken"
        and column.letter not in given.report.withheld
        and longest(table.kind, column.field) is not None
    ]
    found = list(_found(given, columns, _pattern(policy.conditions.words)))
    named = any(_names_somebody(each.particulars) for each in stated)
    if not named:
        given.report.warn_of(
            found,
            "这里写了病情等个人情况：{cells}",
            "请删去这几个字，例如只写“慰问五保户一户”。这些一律不公开。",
        )
        return
    for at in found:
        given.report.error(at, "这里写了病情等个人情况，不能公开", "请删去这几个字。")
    _look_for_hints(given, columns, found)


def _look_for_hints(
    given: Given, columns: list[Column], found: Collection[tuple[int, int]]
) -> None:
    """Note, where persons are named, words that may tell of them, and a title that does."""
    headers = given.headers
    likely = _found(given, columns, _pattern(headers.within["health"]))
    given.report.warn_of(
        [at for at in likely if at not in found],
        "旁边有姓名，这里好像写了个人情况：{cells}",
        "是病情、残疾、困难原因的，请删去。",
    )
    said = " ".join((given.heading.text, given.title, words(given.table.sheet.name)))
    word = next((word for word in headers.relief if word in said), "")
    if word:
        given.report.warn(
            None,
            "这张表有姓名，题目里有“{word}”，一公开，大家就知道这些人的情况",
            "没有文件要求公开姓名的，请把姓名那一列改成不带入。",
            word=word,
        )


def _found(
    given: Given, columns: list[Column], pattern: re.Pattern[str]
) -> Iterator[tuple[int, int]]:
    sheet = given.table.sheet
    places = [column.index for column in columns]
    # A long list says the same few things very often.
    said = set[Cell]().union(*given.table.said(places).values())
    telling = {cell for cell in said if type(cell) is str and pattern.search(words(cell))}
    if telling:
        yield from (
            (line.row, at)
            for line in given.table.lines
            for at in places
            if sheet.at(line.row, at) in telling
        )


def _names_somebody(particulars: Particulars) -> bool:
    return isinstance(particulars, Titled) and any(c.read == "person" for c in particulars.columns)


@lru_cache(maxsize=4)
def _pattern(listed: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, listed)))
