"""Judging: whether groups of digits that stand together are an identity, phone or card number.

From the surest to the least sure, for groups one separator apart (`core/privacy` says which):

* 20 digits whose first 18 have a province and a real date and whose last two are a kind (1 to 7)
  and a grade (1 to 4) of disability: the number of a disability certificate;
* 18 places with a province, a real date of 1900 to 2100 and the right check digit: anywhere inside
  one group of more than 18 digits, or joined from whole groups in any way but from a typed one to
  a typed one (*typed*: a date, an amount, a voucher number, which are not joined with neighbours);
* one group, or groups that neither begin nor end with a typed one: 18 places with a province and a
  real date;
* one group of 18 with a province and the right check digit, unless it is an organisation's credit
  code (GB 32100), which is public;
* one group, or groups that neither begin nor end with a typed one and are split as people split
  numbers (at most four groups, or all but the first and last equally long): 15 digits with a
  province and a real date, a mobile number with or without 86, 0086 or 0 in front;
* one group, fours, or other equally long groups that neither begin nor end with a typed one, with
  any last one: a bank card, 16 to 19 digits by Luhn that begin as cards in China do. Shorter cards
  (13 to 15) are not looked for: villages have none, and old business licence numbers have 15.

Groups *far* apart (a line's end, a slash, several spaces) are a number only in the very groups
that people write, 138 1234 5678, or digit by digit; an identity number with the right check digit
also in any two. Three or more numbers each on its own line are a column, where only an identity
number with the right check digit counts.

Two amounts with only a space between can look like a number in two pieces ("13800 138000"); the
scan prefers to ask, and the fix says to put a 、 between them.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, Literal, NamedTuple

Kind = Literal["identity", "phone", "card"]
SHORTEST, LONGEST = 11, 19  # a mobile number, a card


class Group(NamedTuple):
    """Digits at `[start:end]`, perhaps with the X of an identity number; `gap` stands before."""

    number: str
    start: int
    end: int
    typed: bool
    gap: str


def judge(row: list[Group]) -> tuple[Kind, int, str] | None:
    """Say what a row of groups is, how doubtful (0 is sure) and the number without its prefix."""
    number = "".join(group.number for group in row)
    born, checked, alone = _born(number), _checked(number), len(row) == 1
    phone = _MOBILE.fullmatch(number)
    card = _is_card(number) and not _is_credit_code(number)
    half_proved = alone and checked and _province(number) and not _is_credit_code(number)
    if not (born or phone or card or half_proved):  # as nearly every row: soon done
        return None
    if not all(map(_NEAR.fullmatch, (group.gap for group in row[1:]))):
        kind = _judge_far(number, row)
        doubt = 0 if born and checked else 2
        return (kind, doubt, phone[1] if phone else number) if kind else None
    begins, ends = (not alone and group.typed for group in (row[0], row[-1]))
    if born and checked and not (begins and ends):
        return "identity", 0, number
    doubt = 1 if alone else 2
    sizes = [len(group.number) for group in row]
    fours = len(row) > 3 and set(sizes[:-1]) == {4}  # noqa: PLR2004 - as printed on the card
    if (begins or ends) and not fours:
        return None
    evenly = len(row) <= 4 or len(set(sizes[1:-1])) == 1  # noqa: PLR2004 - 138 00 138 000
    if half_proved or (born and (evenly or len(number) == 18)):  # noqa: PLR2004 - not the old 15
        return "identity", doubt, number
    if phone and evenly:
        return "phone", doubt, phone[1]
    if card and len(set(sizes[:-1])) <= 1:
        return "card", doubt, number
    return None


def checked_identity(number: str) -> bool:
    """Whether 18 places are an identity number beyond doubt."""
    return _born(number) and _checked(number)


def inside(number: str) -> Iterator[tuple[int, str]]:
    """Give each identity number that one overlong group surely holds, with its place in it.

    A disability certificate's number is its bearer's identity with the kind and grade behind it.
    """
    if _CERTIFIED.fullmatch(number) and _born(number[:18]):
        yield 0, number
    for offset in range(len(number) - 17 if len(number) > 18 else 0):  # noqa: PLR2004
        if checked_identity(number[offset : offset + 18]):
            yield offset, number[offset : offset + 18]


# An identity number with the kind (1 to 7) and the grade (1 to 4) of a disability.
_CERTIFIED = re.compile(r"\d{18}[1-7][1-4]")
_NEAR = re.compile(r" ?[-.] ?| {1,2}")
# The groups that people write, by their lengths.
_WRITTEN: Final[dict[Kind, frozenset[tuple[int, ...]]]] = {
    "identity": frozenset(
        {(6, 8, 4), (6, 4, 4, 4), (6, 12), (14, 4), (6, 4, 2, 2, 4), (3, 3, 4, 4, 4)}
        | {(4, 4, 4, 4, 2), (6, 6, 6), (6, 6, 3)}
    ),
    "phone": frozenset({(3, 4, 4), (3, 8)}),
    "card": frozenset({(4,) * 4, *((4, 4, 4, 4, last) for last in (1, 2, 3)), (6, 13)}),
}


def _judge_far(number: str, row: list[Group]) -> Kind | None:
    """Judge groups far apart, which are a number only where people would split one."""
    if row[0].typed or row[-1].typed:
        return None
    breaks = ["\n" in group.gap or "\t" in group.gap for group in row[1:]]
    column = all(breaks) and len(breaks) > 1
    sizes = tuple(len(group.number) for group in row)
    singly = set(sizes) == {1} and not any(breaks)
    if _born(number):
        written = sizes in _WRITTEN["identity"]
        if _checked(number) and (written or singly or len(row) == 2):  # noqa: PLR2004
            return "identity"
        # Without the check digit a date between two amounts looks like it, and so do old ones.
        dated = len(number) != 18 or any(group.typed for group in row)  # noqa: PLR2004
        if (written or singly) and not column and not (any(breaks) and dated):
            return "identity"
    if column:
        return None
    if _MOBILE.fullmatch(number):
        first = sizes[0] - (len(number) - SHORTEST)  # without 86
        bare = sizes[1:] if first == 0 else (first, *sizes[1:])
        return "phone" if singly or bare in _WRITTEN["phone"] else None
    return "card" if _is_card(number) and (singly or sizes in _WRITTEN["card"]) else None


_MOBILE = re.compile(r"(?:86|0086|0)?(1[3-9]\d{9})")
# GB/T 2260: the first two digits of an identity number; 71, 81, 82, 83 Taiwan, Hong Kong, Macau;
# 91 foreigners' permanent residence.
_PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91")
# UnionPay 62, Visa 4, MasterCard 5 and 2221-2720, and what Chinese banks made before: 3 and 6 to 9,
# 103. So a serial number that begins with a year is no card.
_CARD = re.compile(r"(?:[3-9]|103|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d+")
_CREDIT_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100


def _province(number: str) -> bool:
    return _PROVINCE.match(number) is not None


def _born(number: str) -> bool:
    """Whether 18 places or 15 digits hold a province and a real date of birth."""
    match len(number):
        case 18 if number[:17].isdigit():
            birthday = number[6:14]
        case 15 if number.isdigit():
            birthday = "19" + number[6:12]
        case _:
            return False
    year, month, day = int(birthday[:4]), int(birthday[4:6]), int(birthday[6:])
    if not (_province(number) and 1900 <= year <= 2100):  # noqa: PLR2004
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _checked(number: str) -> bool:
    """Whether 18 places end in the right check digit of ISO 7064 MOD 11-2."""
    if len(number) != 18 or not number[:17].isdigit():  # noqa: PLR2004
        return False
    values = [10 if sign == "X" else int(sign) for sign in number]
    return sum(value << 17 - place for place, value in enumerate(values)) % 11 == 1


def _is_card(number: str) -> bool:
    """Whether 16 to 19 digits begin like a card and satisfy Luhn."""
    if not (16 <= len(number) <= LONGEST and _CARD.fullmatch(number)):  # noqa: PLR2004
        return False
    digits = [int(sign) for sign in reversed(number)]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0


def _is_credit_code(number: str) -> bool:
    """Whether 18 places are an organisation's unified social credit code, which is public."""
    if len(number) != 18 or number[0] not in "159" or not _province(number[2:]):  # noqa: PLR2004
        return False
    values = [_CREDIT_SIGNS.index(sign) for sign in number]
    total = sum(value * pow(3, place, 31) for place, value in enumerate(values[:17]))
    return (total + values[17]) % 31 == 0
