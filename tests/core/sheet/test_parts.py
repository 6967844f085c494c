"""Sheets in parts: receipts above payments, halves of one account, other lists further down."""

from datetime import date
from typing import Any

import pytest

from tests.core.sheet.sheets import errors, sheet, understood

TITLE = "示例村2026年第一季度财务收支公开表"
HEADER = ["日期", "凭证号", "摘要", "金额"]
RECEIPT = [date(2026, 1, 5), "记-1", "林地租金", 2000]
PAYMENT = [date(2026, 1, 20), "记-2", "修机耕路", 500]


def part(name: str, line: list[Any]) -> list[list[Any]]:
    return [[name], HEADER, line, ["合计", None, None, line[3]]]


@pytest.mark.parametrize("sheet_name", ["收支", "Sheet1", "支出"])
def test_the_words_above_a_part_say_which_way_its_money_went(sheet_name: str) -> None:
    """一、收入 and 二、支出 of one sheet, each with one column of amounts."""
    rows = [[TITLE], ["单位：元"], *part("一、收入部分", RECEIPT), *part("二、支出部分", PAYMENT)]
    found = understood(sheet(sheet_name, rows))
    assert [] == errors(found)
    assert [(200_000, 0), (0, 50_000)] == [
        (reading.income_fen, reading.expense_fen) for reading in found.sheets
    ]
