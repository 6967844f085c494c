"""The words of village sheets made ready to look up, once for a workbook."""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from noticeboard.core.sheet.amounts import YUAN
from noticeboard.core.sheet.cells import key
from noticeboard.core.sheet.headers import KINDS, Fate, Headers, SheetKind

_UNIT = re.compile(r"\((?:单位:)?(?P<unit>[^()]*)\)|/(?P<bare>万?元)$|:?单位:(?P<said>万?元)$")
# 填报单位:某某村 names no unit; 4月10日单位:元 does, however close together.
UNIT_SAID = re.compile(
    r"(?:(?<![\u4e00-\u9fff])|(?<=日))(?:(?:金额|计量|货币|计价|币种|本位币)?单位|金额|币种)"
    r"\s*(?::\s*|\()(?P<unit>(?:人民币)?\s*(?:(?:百万|[百千万亿])?\s*[元圆]|万(?![\u4e00-\u9fff])))"
)
_MONEY = re.compile(r"(?:人民币)?(?P<times>百万|[百千万亿])?(?:[元圆]|(?<=万)$)")
_TIMES = {"": 1, "百": 100, "千": 1000, "万": 10_000, "百万": 1_000_000, "亿": 100_000_000}
# Of these a number of people or a sum of money tells nothing of anybody.
_COUNTED = frozenset({"card", "phone", "health"})
# A cell with one of these may be a footer, or a mark that looks otherwise once spaces, brackets,
# characters that are not seen and Chinese characters of other forms are folded away.
ODD = re.compile(
    r"[\s:()\[\]：（）［］【】\x00-\x1f\x7f-\xa0\xad\u061c\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    r"\u2e80-\u2fff\u3200-\u33ff\uf900-\ufaff\ufe00-\ufe6f\ufff0-\uffff]"
)


class Sense(Struct, frozen=True):
    """What a header text means: field, rank of the word in its list (0 is best), unit in fen."""

    fate: Fate
    field: str = ""
    rank: int = 0
    unit: int | None = None


Vocabulary = Mapping[str, Sense]
UNKNOWN = Sense("unknown")


class Lexicon:
    """The look-up tables of a `Headers`: header words by kind, marks of lines, words of titles."""

    def __init__(self, headers: Headers) -> None:
        """Make the tables."""
        self.headers = headers
        self.kinds: dict[SheetKind, Vocabulary] = {k: vocabulary(headers, k) for k in KINDS}
        self.summary = _vocabulary(headers.private, headers.summary, headers.quiet)
        self.marks = {key(word): mark for mark, listed in headers.marks.items() for word in listed}
        self.footers = frozenset(headers.footers)
        self.labels = frozenset(key(word) for listed in headers.labels.values() for word in listed)

    def weight(self, kind: SheetKind, said: str) -> int:
        """Say how strongly a title speaks for a kind: the length of its longest word there."""
        return max((len(w) for w in self.headers.kinds.get(kind, ()) if w in said), default=0)


def vocabulary(headers: Headers, kind: SheetKind) -> Vocabulary:
    """Make one look-up table of header words for a kind of sheet, as `sense` wants it."""
    # In a list of any other kind no column is beside the matter but its numbering.
    quiet = headers.ledger["seq"] if kind == "table" else headers.quiet
    return _vocabulary(headers.private, headers.words_of(kind), quiet)


def _vocabulary(
    private: Mapping[str, Sequence[str]], taken: Mapping[str, Sequence[str]], quiet: Sequence[str]
) -> Vocabulary:
    table: dict[str, Sense] = {key(word): Sense("quiet") for word in quiet}
    groups: tuple[tuple[Fate, Mapping[str, Sequence[str]]], ...] = (
        ("private", private),
        ("taken", taken),
    )
    for fate, lists in groups:
        for field, synonyms in lists.items():
            table |= {key(word): Sense(fate, field, rank) for rank, word in enumerate(synonyms)}
    return table


def sense(texts: Sequence[str], table: Vocabulary) -> Sense:
    """Say what a column means by its header texts, from the top level down.

    The lowest level speaks first (支出 under 金额), then all levels as one word, then the top.
    """
    unit = next((fen for text in reversed(texts) if (fen := _unit(key(text)))), None)
    bare = [_UNIT.sub("", key(text)).strip(":*") for text in texts]
    for word in (*bare[-1:], "".join(bare), *bare[:1]):
        for form in (word, word.replace("(", "").replace(")", "")):
            if found := table.get(form):
                return Sense(found.fate, found.field, found.rank, unit)
    whole = [key(text).strip(":*") for text in texts]
    last = next((table[word] for word in whole[::-1] if word in table), UNKNOWN)
    return Sense(last.fate, last.field, last.rank, unit)


def reading_of(texts: Sequence[str], headers: Headers) -> Sense:
    """Say how a column of any other list is read: by the word that its header ends in, else text.

    `table` of the vocabulary knows what numbers the lines; ask `sense` first. 户主的身份证号 is as
    private as 身份证号 is.
    """
    unit = next((fen for text in reversed(texts) if (fen := _unit(key(text)))), None)
    if field := private_in(texts, headers):
        return Sense("private", field)
    bare = _bare(texts)
    found = max(
        (
            (len(word), field)
            for field, listed in headers.table.items()
            for word in listed
            if bare.endswith(word)
        ),
        default=(0, "money" if unit else "text"),
    )
    return Sense("taken", found[1], 0, unit)


def private_in(texts: Sequence[str], headers: Headers, *, counted: bool = False) -> str:
    """Give what a header says that is private, wherever in it: health of 户主致残原因; else "".

    With `counted` also where it may count people or money: what stands there must be numbers then.
    """
    bare = _bare(texts)
    last = next((f for f, words in headers.private.items() if bare.endswith(words)), "")
    if last:
        return last
    numbers = (*headers.table["money"], *headers.table["quantity"], "费", "数")
    counts = bare.endswith(numbers) or any(_unit(key(text)) for text in texts)
    whole = "".join(key(text) for text in texts)
    for field, words in headers.within.items():
        if any(word in whole for word in words) and not (
            counts and not counted and field in _COUNTED
        ):
            return field
    return ""


def _bare(texts: Sequence[str]) -> str:
    return _UNIT.sub("", key(texts[-1])).strip(":*") if texts else ""


def _unit(text: str) -> int | None:
    match = _UNIT.search(text)
    return unit_named(next(filter(None, match.groups()), "")) if match else None


def unit_named(text: str) -> int | None:
    """Give the fen of the unit that a text names: 元, 万元, 人民币千元, 元/亩; None for none."""
    match = _MONEY.match("".join(text.split()))
    return _TIMES[match["times"] or ""] * YUAN if match else None
