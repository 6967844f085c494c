"""Amounts and quantities as village sheets write them, read exactly or not at all."""

import re
from decimal import Decimal

from noticeboard.core.money import MOST
from noticeboard.core.problems import NotValid
from noticeboard.core.sheet.cells import Cell, folded
from noticeboard.core.sheet.numerals import capital

# Fen in one of the sheet's unit.
YUAN = 100
WAN = 1_000_000
# Binary fractions leave dust in the last digits of a number cell: 0.30000000000000004. So far from
# a value with two decimals a number still is that value; anything further away was meant.
DUST = Decimal("0.000001")

_BLANK = re.compile(r"[-—–―_/\\·.、无]*")
_LOOSE = re.compile(r"(?<![\d.]) | (?![\d.])")
_NUMBER = re.compile(
    r"(?P<sign>[-−+]?)(?P<money>(?:¥|rmb|人民币)?)(?P<inner>-?)"
    r"(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d*)?|\.\d+)"
    r"(?P<unit>万元|万|元整|元正|圆整|元|圆)?整?"
)


def fen(cell: Cell, unit: int = YUAN) -> int | None:
    """Read an amount as fen; None for an empty cell, a dash or a slash.

    `unit` is what a bare number counts in; `3.5万` and `1200元` say so themselves. Raises NotValid
    for what is no exact amount (`1200左右`), has parts of a fen, or is beyond what is kept exactly.
    """
    if isinstance(cell, int | Decimal):
        return _whole(Decimal(cell) * unit, cell, DUST * YUAN)
    text = _bare(cell)
    if _BLANK.fullmatch(text):
        return None
    negative = text.startswith("(") and text.endswith(")")
    text = text[1:-1] if negative else text
    match = _NUMBER.fullmatch(text)
    if match is None:
        amount = capital(text)
        if amount is None:
            raise _unclear(cell)
    else:
        if match["sign"] and match["inner"]:
            raise _unclear(cell)
        said = match["unit"] or ""
        factor = WAN if said.startswith("万") else YUAN if said else unit
        amount = _whole(Decimal(re.sub("[, ]", "", match["digits"])) * factor, cell, Decimal(0))
        negative = negative != ("-" in match["inner"] or match["sign"] in {"-", "−"})
    return -amount if negative else amount


def thousandths(cell: Cell) -> int | None:
    """Read a quantity (`3.25`, `3.25亩`) as thousandths; None when empty; raises NotValid."""
    if isinstance(cell, int | Decimal):
        return _whole(Decimal(cell) * 1000, cell, DUST * 1000)
    text = _bare(cell)
    if _BLANK.fullmatch(text):
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?|\.\d+)(?:亩|人|户|株|头|台|只|个|平方米|m2)?", text)
    if match is None:
        raise NotValid("这个数量读不出来", value=str(cell), fix="请只填数字，最多三位小数。")
    return _whole(Decimal(match[1]) * 1000, cell, Decimal(0))


def _bare(cell: Cell) -> str:
    """Take off what Excel or a careful hand puts around a number."""
    # A space between two digits stays: it may stand for a thousands comma, and anything else
    # (`12 34`) is not one number. An apostrophe marks a number kept as text.
    return _LOOSE.sub("", folded(cell)).strip("'’‘`")


def _whole(value: Decimal, cell: Cell, dust: Decimal) -> int:
    nearest = int(value.to_integral_value())
    if abs(value - nearest) > dust:
        raise NotValid("小数位数太多，不是准确的数", value=str(cell), fix="请核对后填准确数字。")
    if abs(nearest) > MOST:
        raise NotValid("数字太大", value=str(cell), fix="请核对小数点的位置。")
    return nearest


def _unclear(cell: Cell) -> NotValid:
    return NotValid(
        "这个金额读不出来", value=str(cell), fix="请填准确数字，最多两位小数，例如 1,234.50。"
    )
