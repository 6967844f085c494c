"""Where a sheet keeps its heading, its header, its lines and its signatures."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from noticeboard.core.sheet.cells import Cell, Sheet, key, origins, words
from noticeboard.core.sheet.choices import SheetChoice
from noticeboard.core.sheet.headers import Column, Headers, Sense, SheetKind, sense, vocabulary

# A header stands within the first lines; below, a line of words is a line of words.
DEEPEST_HEADER = 30
_LEVELS = 3
_ENOUGH = 3
_LONGEST_MARK = 10

Vocabulary = Mapping[str, Sense]
Origins = Mapping[tuple[int, int], tuple[int, int]]


class Line(Struct, frozen=True):
    """A line under the header: its row from 0, and `data` or the mark it is.

    Marks: opening, carried, page, month, subtotal, total, cumulative, closing. `label` is the text
    that made it one.
    """

    row: int
    mark: str
    label: str = ""


class Table(Struct, frozen=True, kw_only=True):
    """A sheet taken apart. `titles` are the texts above the header, top to bottom."""

    sheet: Sheet
    kind: SheetKind
    header: int
    titles: tuple[str, ...]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    clashes: tuple[tuple[Column, Column], ...] = ()
    signed: bool = False
    choice: SheetChoice
    merged: dict[tuple[int, int], tuple[int, int]] = {}

    def value(self, row: int, column: Column | None) -> Cell:
        """Give a cell's own value; None for a column that is not there."""
        return self.sheet.at(row, column.index) if column else None

    def text(self, row: int, column: Column | None) -> str:
        """Give a cell's words; a cell merged with those above it says what the first one says."""
        if column is None:
            return ""
        top, left = self.merged.get((row, column.index), (row, column.index))
        return words(self.sheet.at(top, left)) if left == column.index else ""

    def column(self, field: str) -> Column | None:
        """Give the column that was taken for a field."""
        return next((c for c in self.columns if c.fate == "taken" and c.field == field), None)

    def private(self, field: str) -> Column | None:
        """Give a column that is read for checks alone and never leaves."""
        return next((c for c in self.columns if c.fate == "private" and c.field == field), None)


class _Header(Struct, frozen=True):
    """A header as read: first row, levels, columns, and pairs of columns that mean the same."""

    top: int
    depth: int
    columns: tuple[Column, ...]
    clashes: tuple[tuple[Column, Column], ...]

    @property
    def known(self) -> int:
        return sum(column.fate == "taken" for column in self.columns)


def find(
    sheet: Sheet, headers: Headers, kinds: Sequence[SheetKind], choice: SheetChoice
) -> Table | None:
    """Take a sheet apart; None when it is of none of the kinds."""
    merged = origins(sheet)
    tables = {kind: vocabulary(headers, kind) for kind in kinds}
    for row in range(min(DEEPEST_HEADER, len(sheet.rows))):
        fitting = [
            (kind, header)
            for kind in kinds
            if _begins_header(sheet.rows[row], tables[kind])
            and _is_header(kind, (header := _header(sheet, row, tables[kind], merged)).columns)
        ]
        if fitting:
            # A roster with a column 说明 could pass for a ledger; the kind that knows more wins.
            kind, header = max(fitting, key=lambda found: found[1].known)
            return _taken_apart(sheet, headers, kind, header, tables[kind], merged, choice)
    return None


def _begins_header(row: Sequence[Cell], table: Vocabulary) -> bool:
    """Say whether a row could be a header's top: several texts, most of them header words."""
    texts = [words(cell) for cell in row if key(cell)]
    known = sum(sense([text], table).fate != "unknown" for text in texts)
    return known > 1 and 2 * known >= len(texts)


def _is_header(kind: SheetKind, columns: Sequence[Column]) -> bool:
    fields = {column.field for column in columns if column.fate in {"taken", "hidden"}}
    known = sum(column.fate != "unknown" for column in columns)
    if known < _ENOUGH:
        return False
    if kind == "ledger":
        flows = {"income", "expense", "debit", "credit", "amount"}
        return "summary" in fields and bool(flows & fields)
    return {"name", "amount"} <= fields


def _header(sheet: Sheet, top: int, table: Vocabulary, merged: Origins) -> _Header:
    """Read what would be the header if it began at a row."""
    depth = 1
    while depth < _LEVELS and _is_level(sheet, top + depth, table, merged):
        depth += 1
    found: list[tuple[Column, Sense]] = []
    above = ""
    for index in range(sheet.width):
        texts = _levels(sheet, top, depth, index, merged)
        # Without merged ranges (a CSV) an empty place beside a heading still lies under it.
        if depth > 1 and texts and not words(sheet.at(*merged.get((top, index), (top, index)))):
            texts = [above, *texts]
        elif texts:
            above = texts[0]
        if texts:
            meaning = sense(texts, table)
            found.append((_column(sheet, index, texts, meaning), meaning))
    columns, clashes = _settled(found)
    return _Header(top, depth, columns, clashes)


def _levels(sheet: Sheet, top: int, depth: int, index: int, merged: Origins) -> list[str]:
    """Give a column's header texts from the top level down, each merged text once."""
    texts: dict[tuple[int, int], str] = {}
    for row in range(top, top + depth):
        at = merged.get((row, index), (row, index))
        if at[0] >= top and (text := words(sheet.at(*at))):
            texts[at] = text
    return list(texts.values())


def _column(sheet: Sheet, index: int, texts: Sequence[str], meaning: Sense) -> Column:
    fate = "hidden" if index in sheet.hidden_columns else meaning.fate
    header = " ".join(dict.fromkeys(texts))
    return Column(index, header, fate, meaning.field, meaning.unit)


def _is_level(sheet: Sheet, row: int, table: Vocabulary, merged: Origins) -> bool:
    """Say whether a row goes on with the header: it has words, and all of them are header words."""
    own = [
        words(sheet.at(row, column)) for column in range(sheet.width) if (row, column) not in merged
    ]
    texts = [text for text in own if text]
    return bool(texts) and all(sense([text], table).fate != "unknown" for text in texts)


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
        else Column(column.index, column.header, "quiet", "", column.unit)
        for column, _ in found
    )
    return columns, tuple(clashes)


def _taken_apart(
    sheet: Sheet,
    headers: Headers,
    kind: SheetKind,
    header: _Header,
    table: Vocabulary,
    merged: dict[tuple[int, int], tuple[int, int]],
    choice: SheetChoice,
) -> Table:
    titles = tuple(
        text for row in sheet.rows[: header.top] for cell in row if (text := words(cell))
    )
    below = header.top + header.depth
    # On paper every page begins with the same heading and header.
    again = {_keys(row) for row in sheet.rows[:below]}
    marks = {key(word): mark for mark, listed in headers.marks.items() for word in listed}
    lines: list[Line] = []
    signed = False
    for row in range(below, len(sheet.rows)):
        keys = _keys(sheet.rows[row])
        if not keys or keys in again or _repeats(keys, table):
            continue
        if _is_footer(keys, headers.footers):
            signed = True
            continue
        mark, label = _mark(sheet.rows[row], marks)
        if mark not in {"blank", "carried"}:
            lines.append(Line(row, mark, label))
    return Table(
        sheet=sheet, kind=kind, header=below - 1, titles=titles, columns=header.columns,
        lines=tuple(lines), clashes=header.clashes, signed=signed, merged=merged, choice=choice,
    )  # fmt: skip


def _keys(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(text for cell in row if (text := key(cell)))


def _repeats(written: Sequence[str], table: Vocabulary) -> bool:
    """Say whether a line is a header, or its second level, printed again on a later page."""
    return len(written) > 1 and all(sense([text], table).fate != "unknown" for text in written)


def _is_footer(written: Sequence[str], footers: Sequence[str]) -> bool:
    """Say whether a line holds signatures or remarks: a known word and a colon begin a cell."""
    for text in written:
        word, colon, _ = text.partition(":")
        bare = word.split("(")[0]
        if colon and bare in footers:
            return True
    return False


def _mark(row: Sequence[Cell], marks: Mapping[str, str]) -> tuple[str, str]:
    """Say what a line is by the words in it that are a mark, else `data`."""
    texts = [key(cell).strip(":()[]【】") for cell in row if isinstance(cell, str) and key(cell)]
    for text in texts:
        if text in marks:
            return marks[text], text
    # 一组小计 and 3月合计 begin their line; in the middle of one, such words are a summary.
    if texts and texts[0].endswith(("小计", "合计")) and len(texts[0]) <= _LONGEST_MARK:
        if texts[0].endswith("小计"):
            return "subtotal", texts[0]
        return "month" if "月" in texts[0] else "total", texts[0]
    return "data", ""
