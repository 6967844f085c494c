"""What a text says of somebody at home: a household's address, a listed person, a condition.

Numbers are `core/privacy`'s. A villagers' group is no address (三组), a house in it is (三组12号,
王建军家旁). Names are looked for only where a text speaks of a sensitive programme: those who stand
on such a list of the village, and whoever is called its recipient (低保户张大山).
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Final, Literal

from msgspec import Struct

from noticeboard.core.masking import Masking
from noticeboard.core.problems import Finding

Sort = Literal["address", "person", "condition"]

_DIGITS: Final = "0-9０-９一二三四五六七八九十百零〇两"
_SENTENCE: Final = re.compile("[。！？；\n!?;]+")
_HAN: Final = "\u4e00-\u9fff"


class Spot(Struct, frozen=True):
    """What was found at `text[start:end]`, and which sort of thing it is."""

    sort: Sort
    start: int
    end: int


class _Patterns(Struct, frozen=True):
    house: re.Pattern[str]
    beside: re.Pattern[str]
    recipient: re.Pattern[str]
    sensitive: re.Pattern[str]
    condition: re.Pattern[str]


_SAYS: Final[dict[Sort, tuple[str, str]]] = {
    "address": ("像是哪一家的住址", "住在哪里只写到组，例如：三组。"),
    "person": ("写了受助人的姓名", "请删去姓名；受助人只列在名单里。"),
    "condition": ("写了病情、残疾或困难原因", "请删去。这些一律不公开。"),
}


def finding(spot: Spot, text: str, where: str) -> Finding:
    """Say what was found, where, and what to do."""
    says, fix = _SAYS[spot.sort]
    return Finding(says, where, text[spot.start : spot.end], fix)


def spots(
    text: str,
    masking: Masking,
    listed: Collection[str] = (),
    *,
    sensitive: bool = False,
) -> Iterator[Spot]:
    """Find what a free text says of people at home; `listed` are names on sensitive lists.

    `sensitive` says that the whole notice is about such a programme, so that every sentence is.
    """
    patterns = _patterns_of(masking)
    for pattern in (patterns.house, patterns.beside):
        for found in pattern.finditer(text):
            yield Spot("address", *found.span())
    start = 0
    for piece in [*_SENTENCE.finditer(text), None]:
        end = piece.start() if piece else len(text)
        sentence = text[start:end]
        if sensitive or patterns.sensitive.search(sentence):
            yield from _people(sentence, start, patterns, listed)
        start = piece.end() if piece else end


def _people(
    sentence: str, offset: int, patterns: _Patterns, listed: Collection[str]
) -> Iterator[Spot]:
    """Find people, and beside them what is never said of anybody: of nobody it may be policy."""
    named = {match.span("name") for match in patterns.recipient.finditer(sentence)}
    for name in listed:
        at = sentence.find(name)
        if at >= 0:
            named.add((at, at + len(name)))
    yield from (Spot("person", a + offset, b + offset) for a, b in sorted(named))
    for match in patterns.condition.finditer(sentence) if named else ():
        yield Spot("condition", match.start() + offset, match.end() + offset)


@lru_cache(maxsize=4)
def _patterns(surnames: str, places: str, words: str, conditions: str) -> _Patterns:
    number = rf"[{_DIGITS}]{{1,4}}"
    group = rf"[{_DIGITS}]{{1,3}}\s*(?:村民小组|小组|组|队)|[{_HAN}]{{1,2}}(?:湾|冲|坳|垅|屋场)"
    elsewhere = rf"(?:[{_HAN}]{{0,2}}(?:{places})|前(?![面边门]))"
    house = re.compile(
        # Of what has the number 12 in a group, a pond or a day, nobody lives in it.
        rf"(?:{group})\s*第?\s*{number}(?:\s*-\s*\d+)?\s*号(?!\s*{elsewhere})"
        rf"|门牌(?:号码|号)?\s*[:：为是]?\s*第?\s*[{_DIGITS}]+|{number}号门牌"
        rf"|\d+\s*[栋幢座]\s*(?:\d+\s*单元\s*)?\d{{2,4}}\s*[室号户]|\d+\s*单元\s*\d{{2,4}}"
        rf"|(?:家住|住址|现住|家庭地址|户籍地)[^，。；\n]{{0,16}}?{number}\s*[号室]"
    )
    side = "旁边?|边上|隔壁|对面|门口|门前|门外|屋后|屋前|后面|前面|附近|背后|侧边"
    own = "(?<![大国人公自各农哪一几每谁你我他咱全])(?:家|家里|屋里)"
    person = rf"(?:{surnames})(?!家)[{_HAN}]{{1,2}}?"
    beside = re.compile(rf"(?:{person}|[老小](?:{surnames})){own}(?:{side})")
    recipient = re.compile(
        rf"(?:{words})(?:户主|户|对象|人员|家庭|老人|儿童)[:：]?\s*(?P<name>(?:{surnames})"
        rf"[{_HAN}]{{1,2}})(?<![户家员人组村的])(?=[，、。；（(\s]|等|家|同志|户|来|去|在|是|已|$)"
    )
    return _Patterns(house, beside, recipient, re.compile(words), re.compile(conditions))


def _patterns_of(masking: Masking) -> _Patterns:
    sensitive = (p.words for p in masking.programmes.values() if p.sensitive)
    return _patterns(
        _either(masking.surnames.words),
        _either(masking.places.words),
        _either(word for words in sensitive for word in words),
        _either(masking.conditions.words),
    )


def _either(words: Collection[str] | Iterator[str]) -> str:
    """Give a pattern of any of these words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
