"""What the columns of a table are: the rows of its header read, and the clerk's choices applied."""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from noticeboard.core.sheet.amounts import WAN, YUAN
from noticeboard.core.sheet.cells import Cell, Merge, Sheet, key, letters, words
from noticeboard.core.sheet.choices import SheetChoice
from noticeboard.core.sheet.headers import Column, SheetKind
from noticeboard.core.sheet.lexicon import Lexicon, Sense, Vocabulary, private_in, reading_of, sense

Origins = Mapping[tuple[int, int], tuple[int, int]]

_LEVELS = 3
_ENOUGH = 3
# The best of all words is the clerk's.
_CHOSEN = -1
_GAPS = 2
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\d{4}年?")

# Without one field of each of these a sheet is not of its kind and cannot be read as such.
NEEDS: dict[SheetKind, tuple[tuple[str, ...], ...]] = {
    "ledger": (("summary",), ("income", "expense", "debit", "credit", "amount")),
    "roster": (("name",), ("amount",)),
    "project": (("name",),),
    "asset": (("name",),),
    "contract": (("subject",),),
    "labour": (("name", "work"), ("amount",)),
    "table": (),
}
# How many of these a sheet needs besides, to be recognised without anybody's word.
_TELLING: dict[SheetKind, tuple[int, frozenset[str]]] = {
    "project": (
        2,
        frozenset(
            "scope place upper budget contract contractor supervisor starts ends term progress "
            "paid accepted final lead care tender".split()
        ),
    ),
    "asset": (1, frozenset("original net acquired spec keeper use".split())),
    "contract": (2, frozenset("party rent total term starts ends signed owed".split())),
    "labour": (1, frozenset({"days"})),
}


class Header(Struct, frozen=True):
    """A header as read: first row, levels, columns, and pairs of columns that mean the same."""

    top: int
    depth: int
    kind: SheetKind
    columns: tuple[Column, ...]
    clashes: tuple[tuple[Column, Column], ...] = ()

    @property
    def known(self) -> int:
        """Give the number of columns that would be taken."""
        return sum(column.fate == "taken" for column in self.columns)

    @property
    def layout(self) -> str:
        """Give the fingerprint of the header's words by column; the year in them does not count."""
        said = (f"{c.letter}:{_YEAR.sub('', key(c.header))}" for c in self.columns)
        return sha256("\n".join(said).encode()).hexdigest()

    @property
    def missing(self) -> tuple[tuple[str, ...], ...]:
        """Give the fields this kind cannot do without, where none of a group is there."""
        there = {column.field for column in self.columns if column.fate == "taken"}
        return tuple(group for group in NEEDS[self.kind] if not there & set(group))

    def fits(self, *, said: bool = False) -> bool:
        """Say whether a sheet with this header is of its kind, as far as columns tell.

        One column less will do where the title has `said` so: 姓名 and 金额 under 补贴名单.
        """
        fields = {c.field for c in self.columns if c.fate in {"taken", "hidden"}}
        if sum(column.fate != "unknown" for column in self.columns) < _ENOUGH - said:
            return False
        least, telling = _TELLING.get(self.kind, (0, frozenset()))
        return len(fields & telling) >= least and all(fields & set(g) for g in NEEDS[self.kind])


def begins_header(row: Sequence[Cell], table: Vocabulary) -> bool:
    """Say whether a row could be a header's top: several texts, most of them header words."""
    texts = [words(cell) for cell in row if key(cell)]
    known = sum(sense([text], table).fate != "unknown" for text in texts)
    return known > 1 and 2 * known >= len(texts)


class HeaderReader:
    """Reads what would be a header if it began at a row, for any kind."""

    def __init__(self, sheet: Sheet, lexicon: Lexicon, merged: Origins) -> None:
        """Prepare for a sheet; `merged` are its `origins`."""
        self.sheet = sheet
        self.lexicon = lexicon
        self.merged = merged
        self._depths: dict[int, int] = {}
        for merge in sheet.merged:
            self._depths[merge.top] = max(self._depths.get(merge.top, 1), self._levels_of(merge))

    @staticmethod
    def _levels_of(merge: Merge) -> int:
        """Give the levels a merged range speaks for: those it spans, and one below a broad one."""
        broad = merge.right > merge.left and merge.bottom == merge.top
        return min(_LEVELS, merge.bottom - merge.top + 1 + broad)

    def at(self, top: int, kind: SheetKind, choice: SheetChoice) -> Header:
        """Read the header that begins at a row, with the clerk's choices for its columns."""
        table = self.lexicon.kinds[kind]
        depth = self._depth(top, kind, table)
        found: list[tuple[Column, Sense]] = []
        above = ""
        for index in range(self.sheet.width):
            texts = self._texts(top, depth, index)
            # Without merged ranges (a CSV) an empty place beside a heading still lies under it.
            if depth > 1 and texts and not self._own(top, index):
                texts = [above, *texts] if above else texts
            elif texts:
                above = texts[0]
            if texts or letters(index) in choice.columns:
                found.append(self._column(index, texts, kind, choice))
        columns, clashes = _settled(found) if kind != "table" else (tuple(c for c, _ in found), ())
        return Header(top, depth, kind, columns, clashes)

    def _own(self, row: int, index: int) -> str:
        return words(self.sheet.at(*self.merged.get((row, index), (row, index))))

    def _depth(self, top: int, kind: SheetKind, table: Vocabulary) -> int:
        depth = self._merged_depth(top)
        depth += depth == 1 and self._fills_gaps(top)
        if kind == "table":
            return depth
        while depth < _LEVELS and self._is_level(top + depth, table):
            depth += 1
        return depth

    def _merged_depth(self, top: int) -> int:
        """Give the levels that merged ranges speak for, as long as these rows hold no numbers."""
        depth = 1
        while depth < self._depths.get(top, 1):
            row = self.sheet.rows[top + depth] if top + depth < len(self.sheet.rows) else ()
            texts = [cell for cell in row if key(cell)]
            if not texts or not all(isinstance(cell, str) for cell in texts):
                break
            depth += 1
        return depth

    def _fills_gaps(self, top: int) -> bool:
        """Say whether the row below names columns that the first row leaves open, as a CSV does."""
        rows = self.sheet.rows
        if top + 2 >= len(rows):
            return False
        above = {at for at, cell in enumerate(rows[top]) if key(cell)}
        below = {at: cell for at, cell in enumerate(rows[top + 1]) if key(cell)}
        names = all(isinstance(c, str) and not _DIGIT.search(c) for c in below.values())
        return names and len(below.keys() - above) >= _GAPS

    def _is_level(self, row: int, table: Vocabulary) -> bool:
        """Say whether a row goes on with the header: words, and all of them header words."""
        cells = self.sheet.rows[row] if row < len(self.sheet.rows) else ()
        own = (words(cell) for at, cell in enumerate(cells) if (row, at) not in self.merged)
        texts = [text for text in own if text]
        return bool(texts) and all(sense([text], table).fate != "unknown" for text in texts)

    def _texts(self, top: int, depth: int, index: int) -> list[str]:
        """Give a column's header texts from the top level down, each merged text once."""
        texts: dict[tuple[int, int], str] = {}
        for row in range(top, top + depth):
            at = self.merged.get((row, index), (row, index))
            if at[0] >= top and (text := words(self.sheet.at(*at))):
                texts[at] = text
        return list(texts.values())

    def _column(
        self, index: int, texts: Sequence[str], kind: SheetKind, choice: SheetChoice
    ) -> tuple[Column, Sense]:
        meaning = sense(texts, self.lexicon.kinds[kind])
        if kind == "table" and meaning.fate in {"taken", "unknown"}:
            meaning = reading_of(texts, self.lexicon.headers)
        elif meaning.fate == "unknown" and (field := private_in(texts, self.lexicon.headers)):
            meaning = Sense("private", field)
        header = " ".join(dict.fromkeys(texts))
        if index in self.sheet.hidden_columns:
            meaning = replace(meaning, fate="hidden")
        column = Column(index, header, meaning.fate, meaning.field, meaning.unit)
        return self._chosen(column, meaning, kind, choice)

    def _chosen(
        self, column: Column, meaning: Sense, kind: SheetKind, choice: SheetChoice
    ) -> tuple[Column, Sense]:
        """Apply what the clerk chose; what is private or hidden stays so, whatever was chosen."""
        field = choice.flows.get(column.letter) or choice.columns.get(column.letter)
        if column.fate in {"private", "hidden"}:
            return column, meaning
        if unit := choice.units.get(column.letter):
            column = replace(column, unit=WAN if unit == "wan" else YUAN)
        if field == "drop":
            return replace(column, fate="quiet", field="", by="choice"), meaning
        if field and field in self.lexicon.headers.words_of(kind):
            column = replace(column, fate="taken", field=field, by="choice")
            return column, Sense("taken", field, _CHOSEN, column.unit)
        return column, meaning


def _settled(
    found: Sequence[tuple[Column, Sense]],
) -> tuple[tuple[Column, ...], tuple[tuple[Column, Column], ...]]:
    """Give each field one column: the better word wins, equal words clash."""
    best: dict[str, tuple[Column, Sense]] = {}
    clashes: list[tuple[Column, Column]] = []
    for column, meaning in found:
        if column.fate != "taken":
            continue
        held = best.get(column.field)
        if held is None or meaning.rank < held[1].rank:
            best[column.field] = (column, meaning)
        elif meaning.rank == held[1].rank:
            clashes.append((held[0], column))
    chosen = {column.index for column, _ in best.values()}
    columns = tuple(
        column
        if column.fate != "taken" or column.index in chosen
        else replace(column, fate="quiet", field="")
        for column, _ in found
    )
    return columns, tuple(clashes)
