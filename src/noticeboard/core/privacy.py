"""Leak detection: no full identity, phone or card number may go up, however it is spelled.

What counts as one number. Digits of any script count, full-width ones above all; characters
nobody sees (zero-width, keycap marks) count as nothing. Neighbouring *groups* of digits are joined
when exactly one separator stands between them: one or two spaces of any width, or one hyphen,
dash, underscore or dot with at most a space on either side. A comma, tab, line break, letter or
Chinese character always ends a number; so do two places (two cells are never joined).

What counts as a leak, from the surest to the least sure:

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

Two amounts with only a space between can look like a number in two pieces ("13800 138000"); the
scan prefers to ask, and the fix says to put a 、 between them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from functools import lru_cache
from itertools import accumulate
from typing import Final, Literal, NamedTuple

import msgspec
from msgspec import Struct

from noticeboard.core.problems import Finding

Kind = Literal["identity", "phone", "card"]


class Leak(Struct, frozen=True):
    """A full number at `text[start:end]`; `masked` shows its ends only, safe to print."""

    kind: Kind
    start: int
    end: int
    masked: str


_SAYS: Final[dict[Kind, tuple[str, str]]] = {
    "identity": ("有一个完整的身份证号", "请删去，确要区分同名的人时只留后四位。"),
    "phone": (
        "有一个手机号",
        "请删去；村里对外的电话请先登记为村的联系电话。若是几个数挨在一起，请用顿号隔开。",
    ),
    "card": (
        "有一个完整的银行卡号",
        "请删去，或只留后四位。若是几个数挨在一起，请用顿号隔开。",
    ),
}


def scan(
    places: Iterable[tuple[str, str]], allowed: frozenset[str] = frozenset()
) -> tuple[Finding, ...]:
    """Look through (where, text) pairs; give one finding a leak: what, where, masked, the fix.

    `allowed` holds the phone numbers the village publishes on purpose, digits only.
    """
    return tuple(
        Finding(_SAYS[leak.kind][0], where, leak.masked, _SAYS[leak.kind][1])
        for where, text in places
        for leak in leaks(text, allowed)
    )


def texts(
    value: object, where: str = "", names: Mapping[str, str] | None = None
) -> Iterator[tuple[str, str]]:
    """Walk a value of the core and give every text in it with its place, for `scan`.

    Integers (fen, counts, numbers given by the board), booleans, dates and None are typed and are
    not text: twelve digits of fen are an amount. `names` gives a field's Chinese name. Raises
    TypeError for a type it does not know, so that nothing passes unread.
    """
    names = names or {}
    match value:
        case Enum():
            yield from texts(value.value, where, names)
        case str():
            yield where, value
        case None | int() | date():
            return
        case Struct():
            for field, inner in msgspec.structs.asdict(value).items():
                yield from texts(inner, f"{where} {names.get(field, field)}".strip(), names)
        case Mapping():
            for key, inner in value.items():
                yield from texts(key, where, names)
                yield from texts(inner, f"{where} {names.get(str(key), key)}".strip(), names)
        case list() | tuple() | set() | frozenset():
            for number, inner in enumerate(value, 1):
                yield from texts(inner, f"{where} 第 {number} 项".strip(), names)
        case _:
            raise TypeError(f"{where}: {type(value).__name__} cannot be scanned")


def leaks(text: str, allowed: frozenset[str] = frozenset()) -> tuple[Leak, ...]:
    """Find every full identity, mobile phone and card number, in order, none overlapping.

    `allowed` as in `scan`. The rules stand at the head of this module.
    """
    signs = [(sign, at) for at, char in enumerate(text) if (sign := _sign(char))]
    plain = "".join(sign for sign, _ in signs)
    if sum(map(str.isdigit, plain)) < _SHORTEST:
        return ()
    typed = bytearray(len(plain))
    for match in _TYPED.finditer(plain):
        typed[slice(*match.span())] = b"\1" * len(match[0])
    hits = [hit for run in _RUN.finditer(plain) for hit in _hits(_groups(run, typed))]
    found: list[_Hit] = []
    taken = bytearray(len(plain))
    for hit in sorted(hits):
        if not any(taken[hit.start : hit.end]):
            found.append(hit)
            taken[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
    return tuple(
        Leak(hit.kind, signs[hit.start][1], signs[hit.end - 1][1] + 1, _masked(hit.number))
        for hit in sorted(found, key=lambda hit: hit.start)
        if hit.kind != "phone" or hit.number not in allowed
    )


# --- reading: characters, groups, runs ---

_SHORTEST, _LONGEST = 11, 19  # a mobile number, a card


@lru_cache(maxsize=4096)
def _sign(char: str) -> str:
    """Fold a character to a digit, X, one of the separators, itself, or nothing if unseen."""
    digit = unicodedata.decimal(char, None)
    category = unicodedata.category(char)
    if digit is not None:
        return str(digit)
    if char in "xXｘＸⅹⅩхХ×":  # the last sign of an identity number, as keyboards and OCR give it
        return "X"
    if category in {"Cf", "Mn", "Me"}:
        return ""
    if category == "Zs":
        return " "
    if category == "Pd" or char in "_＿−":
        return "-"
    if char in ".．·•‧∙・･":
        return "."
    return "," if char == "，" else char


_GAP = r"(?: ?[-.] ?| {1,2})"
_RUN = re.compile(rf"[0-9](?:{_GAP}?[0-9])*(?:{_GAP}?X)?")
_GROUP = re.compile(r"[0-9]+X?|X")
_YEAR, _MONTH, _DAY = r"(?:19[5-9]|20\d)\d", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_TYPED = re.compile(
    rf"(?<!\d){_YEAR} ?[-.] ?{_MONTH}(?: ?[-.] ?{_DAY})?(?!\d)"  # 2026-01-15, 2026.1
    rf"|(?<!\d){_YEAR}(?=\d{{4}}(?!\d)){_MONTH}{_DAY}(?!\d)"  # 20260115
    r"|(?<!\d)\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?(?!\d)"  # 12,345.00
    r"|(?<!\d)(?<!\d[-.])\d+\.\d\d(?!\d|[-.]\d)"  # 1286.50, but not a dotted phone number
    r"|[记收付转银现](?:字第?|-) ?\d{1,4}(?!\d| ?[-.]\d)"  # 记-5
)


class _Group(NamedTuple):
    number: str
    start: int
    end: int
    typed: bool


class _Hit(NamedTuple):
    """Sorts by how sure it is, then by place, the longer first."""

    doubt: int
    start: int
    shortness: int
    end: int
    kind: Kind
    number: str


def _groups(run: re.Match[str], typed: bytearray) -> list[_Group]:
    return [
        _Group(
            group[0],
            start := run.start() + group.start(),
            run.start() + group.end(),
            bool(typed[start]),
        )
        for group in _GROUP.finditer(run[0])
    ]


def _hits(groups: list[_Group]) -> Iterator[_Hit]:
    """Judge every row of neighbouring groups, and identity numbers inside an overlong group."""
    for first, group in enumerate(groups):
        lengths = accumulate(len(other.number) for other in groups[first:])
        for count, length in enumerate(lengths, 1):
            if length > _LONGEST:
                break
            row = groups[first : first + count]
            number = "".join(other.number for other in row)
            if length >= _SHORTEST and (judged := _judge(number, row)):
                kind, doubt, bare = judged
                yield _Hit(doubt, group.start, -length, row[-1].end, kind, bare)
        for offset in range(len(group.number) - 17 if len(group.number) > 18 else 0):  # noqa: PLR2004
            window = group.number[offset : offset + 18]
            if _born(window) and _checked(window):
                start = group.start + offset
                yield _Hit(0, start, -18, start + 18, "identity", window)


# --- judging ---


def _judge(number: str, row: list[_Group]) -> tuple[Kind, int, str] | None:
    """Say what a row of groups is, how doubtful (0 is sure) and the number without its prefix."""
    born, checked, alone = _born(number), _checked(number), len(row) == 1
    phone = _MOBILE.fullmatch(number)
    card = _is_card(number) and not _is_credit_code(number)
    half_proved = alone and checked and _province(number) and not _is_credit_code(number)
    if not (born or phone or card or half_proved):  # as nearly every row: soon done
        return None
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
    if not (16 <= len(number) <= _LONGEST and _CARD.fullmatch(number)):  # noqa: PLR2004
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


def _masked(number: str) -> str:
    head = 3 if len(number) == _SHORTEST else 4
    return f"{number[:head]}…{number[-2:]}"
