"""Identity numbers, read only to tell two people of one name apart; they go no further."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from noticeboard.core.sheet.cells import Cell, key

Health = Literal["good", "none", "lost", "wrong"]

# GB 11643: weights 2^(17-i) modulo 11, and the check character for each remainder.
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECK = "10x98765432"
# From here on a number cell no longer holds every digit.
_EXACT = 10**15
LONGEST_TAIL = 4


def number(cell: Cell) -> tuple[str, Health]:
    """Read an identity number and say what can be relied on.

    `lost`: kept as a number, so its last digits are gone and are never invented. `wrong`: the
    length, the date or the check character cannot be.
    """
    if isinstance(cell, int | Decimal):
        # Fifteen digits survive as a number; eighteen do not.
        return ("", "lost") if cell >= _EXACT else _judged(str(cell))
    text = key(cell).strip("'’‘`").replace("-", "")
    if "e+" in text:
        return "", "lost"
    return _judged(text) if text else ("", "none")


def _judged(text: str) -> tuple[str, Health]:
    if len(text) == len("YYMMDD") + 9 and text.isdigit():
        return (text, "good") if _is_day("19" + text[6:12]) else ("", "wrong")
    if len(text) == len("YYYYMMDD") + 10 and text[:17].isdigit():
        good = _CHECK[checksum(text)] == text[17] and _is_day(text[6:14])
        return (text, "good") if good else ("", "wrong")
    return "", "wrong"


def checksum(text: str) -> int:
    """Give the remainder that picks the check character for the first 17 digits."""
    return sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False)) % 11


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def tails(numbers: Sequence[str]) -> tuple[str, ...] | None:
    """Give the shortest endings, at most four characters, that tell all of them apart, or None."""
    for length in range(1, LONGEST_TAIL + 1):
        cut = tuple(text[-length:].upper() for text in numbers)
        if len(set(cut)) == len(cut):
            return cut
    return None
