"""Money: whole fen as int, never a float; read strictly, printed exactly."""

import re

from noticeboard.core.problems import NotValid

_YUAN = re.compile(r"(?P<sign>-?)(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d{1,2}))?")
# 2**53 - 1 fen is the largest integer that every JSON reader keeps exactly.
MOST = 2**53 - 1


def fen(text: str) -> int:
    """Read an amount in yuan (`1,234.50`, `-3`, `0.5`) as fen.

    Raises NotValid for anything else: more than two decimals, commas out of place, words.
    The importer's wider reading of village sheets stands in `core.sheet.amounts`.
    """
    match = _YUAN.fullmatch(text.strip())
    if match is None:
        raise NotValid("请填准确数字，最多两位小数。", value=text, fix="例如 1,234.50。")
    whole = int(match["whole"].replace(",", ""))
    part = int((match["part"] or "").ljust(2, "0"))
    amount = whole * 100 + part
    if amount > MOST:
        raise NotValid("金额太大。", value=text, fix="请核对小数点的位置。")
    return -amount if match["sign"] else amount


def yuan(amount: int) -> str:
    """Print fen as yuan with two decimals and thousands commas: 123450 is `1,234.50`."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100:,}.{abs(amount) % 100:02d}"


def wan(amount: int) -> str:
    """Print fen as 万元 for a second line, half up to two decimals: 33600000000 is `33,600 万`."""
    hundredths = (abs(amount) + 5_000) // 10_000
    sign = "-" if amount < 0 else ""
    whole, part = divmod(hundredths, 100)
    tail = f".{part:02d}".rstrip("0").rstrip(".") if part else ""
    return f"{sign}{whole:,}{tail} 万"


def times(quantity: int, standard: int) -> int:
    """Multiply a quantity in thousandths by a standard in fen, half up to the fen."""
    product = quantity * standard
    sign = -1 if product < 0 else 1
    return sign * ((abs(product) + 500) // 1000)


def share(amount: int, among: int) -> int:
    """Divide an amount among so many households, half up to the whole yuan, in fen."""
    yuan_each = (abs(amount) * 2 + among * 100) // (among * 200)
    return yuan_each * 100 * (-1 if amount < 0 else 1)
