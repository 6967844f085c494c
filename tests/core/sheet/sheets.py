"""Sheets for tests, written as lists of rows the way a person would type them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import yaml

from noticeboard import shipped
from noticeboard.core.shapes import Shape
from noticeboard.core.sheet import About, Book, Choices, Headers, Sheet, Understood, understand
from noticeboard.core.sheet.cells import Merge
from noticeboard.core.sheet.headers import KINDS, SheetKind
from noticeboard.core.sheet.layout import Layout
from noticeboard.core.sheet.lexicon import Lexicon
from noticeboard.core.sheet.tables import Table

GROUPS = ("第一村民小组", "第二村民小组")
ABOUT = About(village="示例村", groups=GROUPS)
_HEADERS = Shape(Headers)

Rows = Sequence[Sequence[Any]]


@cache
def headers() -> Headers:
    text = (shipped("data") / "headers.yaml").read_text(encoding="utf-8")
    return _HEADERS.of_plain(yaml.safe_load(text))


@cache
def lexicon() -> Lexicon:
    return Lexicon(headers())


def sheet(name: str, rows: Rows, **more: Any) -> Sheet:
    """Make a sheet; floats stand for what a person typed, a merge is (top, left, bottom, right)."""
    plain = tuple(
        tuple(Decimal(repr(cell)) if isinstance(cell, float) else cell for cell in row)
        for row in rows
    )
    merged = tuple(Merge(*place) for place in more.pop("merged", ()))
    return Sheet(name=name, rows=plain, merged=merged, **more)


def book(*sheets: Sheet, name: str = "") -> Book:
    return Book(sheets, name=name)


def understood(*sheets: Sheet, name: str = "", **more: Any) -> Understood:
    about = more.pop("about", ABOUT)
    return understand(book(*sheets, name=name), headers(), about, Choices(**more))


def tables(
    one: Sheet, kinds: Sequence[SheetKind] = KINDS, about: About = ABOUT, **more: Any
) -> list[Table]:
    return list(Layout(one, lexicon(), kinds, about, Choices(**more)).tables())


def errors(found: Understood) -> list[tuple[str, str, str]]:
    return [(p.sheet, p.cell, p.problem) for p in found.problems if p.level == "error"]


def warnings(found: Understood) -> list[str]:
    return [p.problem for p in found.problems if p.level == "warning"]


# A small ledger and a small roster with nothing wrong about them.


def ledger(title: str = "示例村2026年第一季度财务收支明细表", month: int = 1) -> list[list[Any]]:
    return [
        [title],
        ["填报单位：示例村村民委员会", None, None, "单位：元"],
        ["日期", "凭证号", "摘要", "收入", "支出", "余额"],
        [None, None, "上期结转", None, None, 1000],
        [date(2026, month, 5), f"记-{month}1", "林地租金", 2000, None, 3000],
        [date(2026, month, 20), f"记-{month}2", "修机耕路", None, 500, 2500],
        ["合计", None, None, 2000, 500, 2500],
        ["村主任：", None, "报账员：", None, "监督电话：12388"],
    ]


def roster(title: str = "示例村2026年耕地地力保护补贴发放名单") -> list[list[Any]]:
    return [
        [title],
        ["单位：元、亩"],
        ["序号", "组别", "户主姓名", "面积（亩）", "标准（元/亩）", "金额（元）"],
        [1, "一组", "石立秋", 2, 105, 210],
        [2, "一组", "田谷雨", 3, 105, 315],
        [3, "二组", "石磊", 4, 105, 420],
        ["合计", None, None, 9, None, 945],
    ]
