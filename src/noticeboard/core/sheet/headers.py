"""The words of village sheets as data, and a column as it was understood by them."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from msgspec import Struct

from noticeboard.core.sheet.cells import folded, letters

SheetKind = Literal["ledger", "roster", "project", "asset", "contract", "labour", "table"]
KINDS: tuple[SheetKind, ...] = get_args(SheetKind)
_IN_BRACKETS = re.compile(r"\([^()]*\)")
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
    plain: tuple[str, ...]
    kinds: dict[SheetKind, tuple[str, ...]]
    instructions: tuple[str, ...]
    lists: tuple[str, ...]
    summary: dict[str, tuple[str, ...]]
    summaries: tuple[str, ...]
    private: dict[str, tuple[str, ...]]
    within: dict[str, tuple[str, ...]]
    quiet: tuple[str, ...]
    marks: dict[str, tuple[str, ...]]
    footers: tuple[str, ...]
    makers: tuple[str, ...]
    labels: dict[str, tuple[str, ...]]
    title_endings: tuple[str, ...]
    title_marks: tuple[str, ...]
    programme_endings: tuple[str, ...]
    journals: tuple[str, ...]
    collective: tuple[str, ...]
    relief: tuple[str, ...]
    wages: tuple[str, ...]
    subsidy: tuple[str, ...]
    lumps: tuple[str, ...]
    remarks: dict[str, tuple[str, ...]]
    items: dict[str, str]
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
    header names its own unit or the clerk did. `by` says who understood it so: the header's words,
    or a choice; what else it could be is in `Headers.fields`. `index` counts from 0.
    """

    index: int
    header: str
    fate: Fate
    field: str = ""
    unit: int | None = None
    by: Literal["words", "choice"] = "words"

    @property
    def letter(self) -> str:
        """Name the column as Excel does."""
        return letters(self.index)

    @property
    def word(self) -> str:
        """Give its own word: the lowest level of its header, without a unit."""
        lowest = folded(self.header.split(" ")[-1])
        return _IN_BRACKETS.sub("", lowest).strip(":*") or self.header
