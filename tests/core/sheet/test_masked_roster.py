"""A roster read under the shipped masking policy: what of its people becomes a Subsidy."""

from typing import Any

import pytest

from noticeboard.core.days import instant
from noticeboard.core.masking import Masking
from noticeboard.core.particulars import Subsidy, SubsidyRow
from noticeboard.core.rules import decode
from noticeboard.core.sheet import About, Book, Headers, Sheet, Understood, understand
from noticeboard.formats import workbook
from noticeboard.formats.rules import load

AT = instant("2026-04-08", "09:00")
# Area code 439999 is nobody's; the check characters are made right.
GROWN, CHILD, EIGHTEEN = "43999919680512001", "43999920100601001", "43999920080408001"


@pytest.fixture(scope="module")
def headers() -> Headers:
    return workbook.headers()


@pytest.fixture(scope="module")
def policy() -> Masking:
    found = decode(load()).masking
    assert found is not None
    return found


def good(first: str) -> str:
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(first))
    return first + "10X98765432"[total % 11]


def read(headers: Headers, policy: Masking, title: str, *rows: list[Any], name: str) -> Understood:
    about = About(village="示例村", groups=("一组", "三组"), at=AT, masking=policy)
    head = ("组别", name, "身份证号", "金额(元)", "备注")
    total = sum(row[3] for row in rows)
    lines = ((title,), head, *map(tuple, rows), ("合计", None, None, total))
    return understand(Book((Sheet(name="名单", rows=lines),)), headers, about)


def rows_of(understood: Understood) -> list[SubsidyRow]:
    particulars = understood.contents[0].particulars
    assert isinstance(particulars, Subsidy)
    return list(particulars.rows)


def test_a_low_income_list_comes_in_by_name_and_says_no_more(
    headers: Headers, policy: Masking
) -> None:
    """The law asks for who and how much; why stays behind."""
    rows = [["一组", "石磊", good(GROWN), 300, "新增"], ["三组", "石强", None, 400, "因病致贫"]]
    understood = read(headers, policy, "示例村2026年3月低保金发放名单", *rows, name="姓名")
    assert [("石磊", None), ("石强", None)] == [(r.name, r.remark) for r in rows_of(understood)]
    assert "D51" == understood.contents[0].item


def test_medical_relief_comes_in_as_sums_alone(headers: Headers, policy: Masking) -> None:
    """That somebody was ill is nobody's business; the clerk is told why no name is there."""
    rows = [["一组", "石磊", None, 300, None], ["一组", "石强", None, 400, None]]
    understood = read(headers, policy, "示例村2026年3月医疗救助发放名单", *rows, name="姓名")
    assert [("一组", None, 70_000)] == [(r.group, r.name, r.amount) for r in rows_of(understood)]
    said = "“医疗救助”只公开合计，只带入各组合计，不带姓名"
    assert [said] == [problem.problem for problem in understood.problems]


def test_a_pupil_goes_by_the_head_of_the_household(headers: Headers, policy: Masking) -> None:
    """Where the column is one of heads; else not even that is known."""
    row = ["三组", "石磊", None, 1500, None]
    title = "示例村2026年春季雨露计划补助发放名单"
    by_head = read(headers, policy, title, row, name="户主姓名")
    assert ["石磊（户内未成年人）"] == [one.name for one in rows_of(by_head)]
    by_name = read(headers, policy, title, row, name="姓名")
    assert ["户内未成年人"] == [one.name for one in rows_of(by_name)]


def test_nobody_below_eighteen_is_named_anywhere(headers: Headers, policy: Masking) -> None:
    """Their number says so: on the day they are eighteen they are named, two in a group or not."""
    rows = [
        ["三组", "石小明", good(CHILD), 105, None],
        ["三组", "石小明", good(CHILD[:-1] + "2"), 105, None],
        ["三组", "石成年", good(EIGHTEEN), 105, None],
    ]
    understood = read(headers, policy, "示例村2026年耕地地力保护补贴名单", *rows, name="姓名")
    found = [(one.name, one.tail) for one in rows_of(understood)]
    assert [("户内未成年人", None), ("户内未成年人", None), ("石成年", None)] == found
    assert "未满 18 岁，不写姓名：B3、B4" in [problem.problem for problem in understood.problems]
