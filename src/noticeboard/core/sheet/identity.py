"""Identity numbers, read only to tell two people of one name apart; they go no further."""

from calendar import isleap
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from operator import mul
from typing import Literal

from noticeboard.core.sheet.cells import Cell, key

Health = Literal["good", "none", "lost", "wrong"]

# GB 11643: weights 2^(17-i) modulo 11, and the check character for each remainder.
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECK = "10x98765432"
# Digits are added up as their ASCII codes, which are too large by the code of 0 each.
_OF_NOUGHTS = ord("0") * sum(_WEIGHTS)
_DAYS = frozenset(f"{date(2001, 1, 1) + timedelta(days=day):%m%d}" for day in range(365))
# From here on a number cell no longer holds every digit.
_EXACT = 10**15
LONGEST_TAIL = 4
_FIFTEEN, _EIGHTEEN = 15, 18


def number(cell: Cell) -> tuple[str, Health]:
    """Read an identity number and say what can be relied on.

    `lost`: kept as a number, so its last digits are gone and are never invented. `wrong`: the
    length, the date or the check character cannot be.
    """
    if cell is None:
        return "", "none"
    if isinstance(cell, int | Decimal):
        # Fifteen digits survive as a number; eighteen do not.
        return ("", "lost") if cell >= _EXACT else _judged(str(cell))
    plain = isinstance(cell, str) and cell.isascii() and cell.isalnum()
    text = str(cell).lower() if plain else key(cell).strip("'’‘`").replace("-", "")
    # As a cell of a CSV shows a number that it no longer holds: 4.325E+17.
    if "e+" in text:
        return "", "lost"
    return _judged(text) if text else ("", "none")


def _judged(text: str) -> tuple[str, Health]:
    if len(text) == _EIGHTEEN and text.isascii() and text[:17].isdigit():
        if _CHECK[checksum(text)] == text[17] and _is_day(text[6:14]):
            return text, "good"
    elif len(text) == _FIFTEEN and text.isascii() and text.isdigit() and _is_day("19" + text[6:12]):
        return text, "good"
    return "", "wrong"


def checksum(text: str) -> int:
    """Give the remainder that picks the check character for the first 17 digits."""
    weighed: int = sum(map(mul, text.encode("ascii"), _WEIGHTS))
    return (weighed - _OF_NOUGHTS) % 11


def _is_day(digits: str) -> bool:
    if digits[4:] == "0229":
        return isleap(int(digits[:4]))
    return digits[4:] in _DAYS


def age(text: str, today: date) -> int:
    """Give the whole years of somebody by a number that is good."""
    day = text[6:14] if len(text) == _EIGHTEEN else "19" + text[6:12]
    had = (today.month, today.day) >= (int(day[4:6]), int(day[6:]))
    return today.year - int(day[:4]) - (not had)


def tails(numbers: Sequence[str]) -> tuple[str, ...] | None:
    """Give the shortest endings, at most four characters, that tell all of them apart, or None."""
    for length in range(1, LONGEST_TAIL + 1):
        cut = tuple(text[-length:].upper() for text in numbers)
        if len(set(cut)) == len(cut):
            return cut
    return None
