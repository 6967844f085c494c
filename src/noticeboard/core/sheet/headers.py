"""The words of village sheets as data, and what a column's header means by them."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from msgspec import Struct

from noticeboard.core.sheet.amounts import WAN, YUAN
from noticeboard.core.sheet.cells import key, letters

SheetKind = Literal["ledger", "roster", "project", "asset", "contract", "labour", "table"]
KINDS: tuple[SheetKind, ...] = get_args(SheetKind)
Fate = Literal["taken", "private", "hidden", "quiet", "unknown"]


class Programme(Struct, frozen=True, forbid_unknown_fields=True):
    """A subsidy programme: its full name, words it is known by, its catalogue item, its unit."""

    name: str
    words: tuple[str, ...]
    item: str | None = None
    unit: str = "亩"


class Headers(Struct, frozen=True, forbid_unknown_fields=True):
    """`data/headers.yaml`, all of it; the file's comments say what each list is for."""

    ledger: dict[str, tuple[str, ...]]
    roster: dict[str, tuple[str, ...]]
    project: dict[str, tuple[str, ...]]
    asset: dict[str, tuple[str, ...]]
    contract: dict[str, tuple[str, ...]]
    labour: dict[str, tuple[str, ...]]
    table: dict[str, tuple[str, ...]]
    kinds: dict[SheetKind, tuple[str, ...]]
    summary: dict[str, tuple[str, ...]]
    summaries: tuple[str, ...]
    private: dict[str, tuple[str, ...]]
    quiet: tuple[str, ...]
    marks: dict[str, tuple[str, ...]]
    footers: tuple[str, ...]
    labels: dict[str, tuple[str, ...]]
    title_endings: tuple[str, ...]
    title_marks: tuple[str, ...]
    programme_endings: tuple[str, ...]
    journals: tuple[str, ...]
    collective: tuple[str, ...]
    subsidy: tuple[str, ...]
    lumps: tuple[str, ...]
    remarks: dict[str, tuple[str, ...]]
    ledger_item: str
    programmes: tuple[Programme, ...]
    firms: tuple[str, ...]
    surnames: str

    def words_of(self, kind: SheetKind) -> Mapping[str, Sequence[str]]:
        """Give the header words of each field of a kind, the best word first."""
        found: dict[str, tuple[str, ...]] = getattr(self, kind)
        return found

    def fields(self, kind: SheetKind) -> dict[str, str]:
        """Give the fields a column of such a sheet can be, each with its name in Chinese."""
        return {field: listed[0] for field, listed in self.words_of(kind).items()}


class Column(Struct, frozen=True):
    """A column as it was understood: letter, header as printed, what becomes of it.

    `field` is the canonical name when it is `taken` or `private`; `unit` is fen per unit when the
    header names its own unit. `index` counts from 0.
    """

    index: int
    header: str
    fate: Fate
    field: str = ""
    unit: int | None = None

    @property
    def letter(self) -> str:
        """Name the column as Excel does."""
        return letters(self.index)


class Sense(Struct, frozen=True):
    """What a header text means: field, rank of the word in its list (0 is best), unit in fen."""

    fate: Fate
    field: str = ""
    rank: int = 0
    unit: int | None = None


_UNIT = re.compile(r"\((?:单位:)?(?P<unit>[^()]*)\)|/(?P<bare>万?元)$|:?单位:(?P<said>万?元)$")
_UNKNOWN = Sense("unknown")


def vocabulary(headers: Headers, kind: SheetKind) -> dict[str, Sense]:
    """Make one look-up table of header words for a kind of sheet, as `sense` wants it."""
    table: dict[str, Sense] = {key(word): Sense("quiet") for word in headers.quiet}
    groups: tuple[tuple[Fate, Mapping[str, Sequence[str]]], ...] = (
        ("private", headers.private),
        ("taken", headers.words_of(kind)),
    )
    for fate, lists in groups:
        for field, synonyms in lists.items():
            table |= {key(word): Sense(fate, field, rank) for rank, word in enumerate(synonyms)}
    return table


def sense(texts: Sequence[str], table: Mapping[str, Sense]) -> Sense:
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
    last = next((table[word] for word in whole[::-1] if word in table), _UNKNOWN)
    return Sense(last.fate, last.field, last.rank, unit)


def _unit(text: str) -> int | None:
    match = _UNIT.search(text)
    return unit_named(next(filter(None, match.groups()), "")) if match else None


def unit_named(text: str) -> int | None:
    """Give the fen of the unit a text names (元, 万元, 元/亩, 元、亩), None when it names none."""
    if text.startswith("万元"):
        return WAN
    return YUAN if text.startswith("元") or text == "人民币元" else None
