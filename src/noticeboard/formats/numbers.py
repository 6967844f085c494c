"""A workbook's binary fractions as the decimal numbers that were meant."""

import math
from decimal import Decimal
from functools import lru_cache

# Up to here a binary fraction counts whole numbers one by one.
EXACT = 2**53


@lru_cache(maxsize=1 << 16)
def from_float(value: float) -> int | Decimal | str:
    """Give a number with the shortest digits that mean it; what is no number, in words."""
    if not math.isfinite(value):
        return str(value)
    whole = value.is_integer() and abs(value) < EXACT
    return int(value) if whole else Decimal(repr(value))
