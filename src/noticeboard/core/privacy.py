"""Leak detection: no full identity, phone or card number may go up, however it is spelled.

What counts as one number. Digits of any script count, full-width ones above all. What only looks
like digits (①, ², ⒊, 三) is read twice: as those digits, and as signs that end a number, for
"①138…" is a number in a list. Marks nobody sees count as nothing here, and `scan` refuses them in
any text: a browser prints what follows U+202E from right to left.

Neighbouring *groups* of digits are joined when one separator stands between them: one or two spaces
of any width, or one hyphen, dash, underscore or dot with at most a space on either side. Groups
with up to eight spaces, line ends, tabs, slashes or such signs between stand far apart, and are
joined only where people would split a number. A comma, letter or Chinese character always ends
one; so do two places (two cells are never joined). What is then a leak, `core/numbers` says.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from functools import lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct

from noticeboard.core.numbers import LONGEST, SHORTEST, Group, Kind, checked_identity, inside, judge
from noticeboard.core.problems import Finding


class Leak(Struct, frozen=True):
    """A full number at `text[start:end]`; `masked` shows its ends only, safe to print.

    `sure` is false of an identity number whose check digit is wrong: it may be something else.
    """

    kind: Kind
    start: int
    end: int
    masked: str
    sure: bool = True


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

    A text with characters nobody sees has one more, with their code points as its value.
    `allowed` holds the phone numbers the village publishes on purpose, digits only.
    """
    return tuple(finding for where, text in places for finding, _sure in told(where, text, allowed))


def told(
    where: str, text: str, allowed: frozenset[str] = frozenset()
) -> Iterator[tuple[Finding, bool]]:
    """Give the findings of one text as `scan` does, each with whether it is surely one."""
    if hidden := unseen(text):
        finding = Finding(
            "有看不见的、会把文字倒过来的字符",
            where,
            " ".join(f"U+{ord(char):04X}" for char in hidden),
            "请删掉这些字符再填；找不到就把这一格重新打一遍。",
        )
        yield finding, True
    for leak in leaks(text, allowed):
        says, fix = _SAYS[leak.kind]
        yield Finding(says, where, leak.masked, fix), leak.sure


def harmless(texts: Collection[str]) -> bool:
    """Say at a glance that `scan` would find nothing in these texts; False says nothing.

    Ten thousand texts of everyday signs, none with as many digits as a phone number, take no time.
    """
    together = "\0".join(texts)
    return (
        _EVERYDAY.fullmatch(together) is not None
        and together.count("\0") == max(len(texts) - 1, 0)
        and _MANY_DIGITS.search(together) is None
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


def unseen(text: str) -> tuple[str, ...]:
    """Give each character once that nobody sees and that may hide or turn round what is printed.

    Tabs and line ends pass, and joiners between the letters and pictures that need them.
    """
    rest = dict.fromkeys(_JOINED.sub("", text))
    return tuple(
        char
        for char in rest
        if char in _BLANK or (unicodedata.category(char) in {"Cc", "Cf"} and char not in "\n\t")
    )


def leaks(text: str, allowed: frozenset[str] = frozenset()) -> tuple[Leak, ...]:
    """Find every full identity, mobile phone and card number, in order, none overlapping.

    `allowed` as in `scan`. The rules stand at the head of this module and of `core/numbers`.
    """
    signs = [
        (sign, digit, at)
        for at, char in enumerate(text)
        for sign, digit in zip(*_read(char), strict=True)
    ]
    # As written, and with the signs that only look like digits read as digits.
    readings = dict.fromkeys(
        ("".join(sign for sign, _, _ in signs), "".join(digit for _, digit, _ in signs))
    )
    if all(sum(map(str.isdigit, reading)) < SHORTEST for reading in readings):
        return ()
    typed = bytearray(len(signs))
    for reading in readings:
        for match in _TYPED.finditer(reading):
            typed[slice(*match.span())] = b"\1" * len(match[0])
    found: list[_Hit] = []
    taken = bytearray(len(signs))
    for reading in readings:
        for hit in sorted(_hits(reading, typed)):
            if not any(taken[hit.start : hit.end]):
                found.append(hit)
                taken[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
    return tuple(
        Leak(
            hit.kind,
            signs[hit.start][2],
            signs[hit.end - 1][2] + 1,
            _masked(hit.number),
            hit.kind != "identity" or len(hit.number) != 18 or checked_identity(hit.number),  # noqa: PLR2004
        )
        for hit in sorted(found, key=lambda hit: hit.start)
        if hit.kind != "phone" or hit.number not in allowed
    )


def masked(text: str) -> str:
    """Repeat a text with … where a full number of somebody stands."""
    for leak in reversed(leaks(text)):
        text = f"{text[: leak.start]}…{text[leak.end :]}"
    return text


# --- reading: characters, groups, rows ---

# Letters and a pattern that are drawn as nothing.
_BLANK: Final = "\u115f\u1160\u2800\u3164\uffa0"
# Joiners shape Uyghur, Mongolian and the scripts of India, and make one picture of several emoji.
_SHAPED = "[\u0600-\u1aff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]"
_JOINED = re.compile(f"(?<={_SHAPED})[\u180e\u200c\u200d](?={_SHAPED})")


# Signs that are seen, and are read as themselves or as one digit; full-width ones are not among
# them. Of the Chinese characters these are numbers.
_EVERYDAY = re.compile("[\0 -~·—、。〃《》“”（），：；￥\u4e00-\u9fff]*+")
_NUMERALS = "".join(
    c for c in map(chr, range(0x4E00, 0xA000)) if unicodedata.numeric(c, None) is not None
)
_MANY_DIGITS = re.compile(f"(?:[0-9{_NUMERALS}][^0-9{_NUMERALS}\0]*+){{{SHORTEST}}}")


@lru_cache(maxsize=4096)
def _read(char: str) -> tuple[str, str]:
    """Read a character as a sign, and as the digits it may look like; both equally long.

    A sign is a digit, X, one of the separators, the character itself, or nothing if unseen.
    """
    folded = unicodedata.normalize("NFKC", char)
    sign = _sign(folded) if len(folded) == 1 else char
    value = unicodedata.numeric(char, -1)
    # ⑬ and ² are numbers, 三 is a letter; 十 and above are not written one by one.
    most = 50 if unicodedata.category(char) == "No" else 9
    if unicodedata.decimal(char, None) is None and value in range(most + 1):
        digits = str(int(value))
        return char * len(digits), digits
    return sign, sign


def _sign(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    category = unicodedata.category(char)
    if digit is not None:
        return str(digit)
    if char in "xXхХχΧ×":  # the last sign of an identity number, as keyboards and OCR give it
        return "X"
    if category in {"Cf", "Mn", "Me"} or char in _BLANK:
        return ""
    if category == "Zs":
        return " "
    if category == "Pd" or char in "_−":
        return "-"
    if char in ".·•‧∙・":
        return "."
    if char in "/\\|⁄∕":
        return "/"
    return "\n" if char in "\r\v\f\x85\u2028\u2029" else char


_RUN = re.compile(r"[0-9](?:[-. \n\t/]{0,8}[0-9])*(?:[-. \n\t/]{0,8}X)?")
_GROUP = re.compile(r"([-. \n\t/]*)([0-9]+X?|X)")
_YEAR, _MONTH, _DAY = r"(?:19[5-9]|20\d)\d", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_TYPED = re.compile(
    rf"(?<!\d){_YEAR} ?[-.] ?{_MONTH}(?: ?[-.] ?{_DAY})?(?!\d)"  # 2026-01-15, 2026.1
    rf"|(?<!\d){_YEAR}(?=\d{{4}}(?!\d)){_MONTH}{_DAY}(?!\d)"  # 20260115
    r"|(?<!\d)\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?(?!\d)"  # 12,345.00
    r"|(?<!\d)(?<!\d[-.])\d+\.\d\d(?!\d|[-.]\d)"  # 1286.50, but not a dotted phone number
    r"|[记收付转银现](?:字第?|-) ?\d{1,4}(?!\d| ?[-.]\d)"  # 记-5
)


class _Hit(NamedTuple):
    """Sorts by how sure it is, then by place, the longer first."""

    doubt: int
    start: int
    shortness: int
    end: int
    kind: Kind
    number: str


def _hits(reading: str, typed: bytearray) -> Iterator[_Hit]:
    for run in _RUN.finditer(reading):
        yield from _hits_among(
            [
                Group(group[2], *group.span(2), any(typed[slice(*group.span(2))]), group[1])
                for group in _GROUP.finditer(reading, *run.span())
            ]
        )


def _hits_among(groups: list[Group]) -> Iterator[_Hit]:
    """Judge every row of neighbouring groups, and identity numbers inside an overlong group."""
    for first, group in enumerate(groups):
        lengths = accumulate(len(other.number) for other in groups[first : first + LONGEST])
        for count, length in enumerate(lengths, 1):
            if length > LONGEST:
                break
            row = groups[first : first + count]
            if length >= SHORTEST and (judged := judge(row)):
                kind, doubt, bare = judged
                yield _Hit(doubt, group.start, -length, row[-1].end, kind, bare)
        for offset, number in inside(group.number):
            start = group.start + offset
            yield _Hit(0, start, -len(number), start + len(number), "identity", number)


def _masked(number: str) -> str:
    head = 3 if len(number) == SHORTEST else 4
    return f"{number[:head]}…{number[-2:]}"
