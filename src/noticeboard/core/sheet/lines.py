"""What each line of a sheet is: data, a sum, a header printed again, a signature, nothing."""

import re
from collections.abc import Sequence
from datetime import date
from types import NoneType

from msgspec import Struct

from noticeboard.core.sheet import labels
from noticeboard.core.sheet.cells import Cell, Sheet, folded, key
from noticeboard.core.sheet.lexicon import ODD, UNIT_SAID, Lexicon, Vocabulary, sense

# Fewer filled cells than these are a title, a group's name or a remark, or need a closer look.
_FEW = 3
# So many rows are looked at as one text first: nearly all of a long sheet go no further.
_TOGETHER = 50
# 2026年 and 1月 stand in headers; any other digit is data.
_NUMBER = re.compile(r"\d(?!\d*[年月])")
_HEADING = re.compile(r"\(?[一二三四五六七八九十]+[)、.]")
# 合计(大写):壹佰元整 is a total whose amount may stand in figures beside it.
_IN_CAPITALS = re.compile(r"(?P<mark>[^():]{1,8})(?:\(?(?:人民币)?大写\)?|:人民币).*")
_DAY = re.compile(
    r"[\d〇零○o一二三四五六七八九]{4}[-./年][\d一二三四五六七八九十]+[-./月][\d一二三四五六七八九十]+[日号]?"
)
_PAGE = re.compile(r"\(?续表?\)?|\(?第?\d+页,?(?:[/共]?\d+页)?\)?|-\d+-")


class Line(Struct, frozen=True):
    """A line under the header: its row from 0, and `data` or the mark it is.

    Marks: opening, carried, page, month, subtotal, total, cumulative, closing. `label` is the text
    that made it one.
    """

    row: int
    mark: str
    label: str = ""


class Survey:
    """One look over all rows of a sheet, quick enough for a hundred thousand of them.

    A row is `empty`, `plain` (several filled cells with a number among them and no word that could
    make it anything but data), or else has to be looked at closely.
    """

    def __init__(self, sheet: Sheet, lexicon: Lexicon) -> None:
        """Look."""
        self.sheet = sheet
        self.lexicon = lexicon
        # 0 is empty, 1 is plain, 2 is anything else.
        self._kinds = bytearray()
        for start in range(0, len(sheet.rows), _TOGETHER):
            rows = sheet.rows[start : start + _TOGETHER]
            everyday = self._is_everyday([c for row in rows for c in row if type(c) is str])
            self._kinds += bytes(self._kind(row, everyday=everyday) for row in rows)

    def _kind(self, row: Sequence[Cell], *, everyday: bool) -> int:
        """Look at a row; `everyday` says that none of its words could make it anything but data."""
        types = list(map(type, row))
        filled = len(row) - types.count(NoneType)
        if filled < _FEW:
            return 2 if filled else 0
        if everyday and types.count(str) < filled:
            return 1
        texts = [cell for cell in row if type(cell) is str]
        has_number = len(texts) < filled or any(map(_NUMBER.search, texts))
        return 1 if has_number and (everyday or self._is_data(texts)) else 2

    def _is_everyday(self, texts: Sequence[str]) -> bool:
        """Say whether no words of many rows could make one of them anything but data."""
        said = "|".join((*texts, ""))
        return "计|" not in said and self._is_quiet(said, texts)

    def _is_data(self, texts: Sequence[str]) -> bool:
        ends = next(filter(None, texts), "").endswith("计")
        return not ends and self._is_quiet("|".join(texts), texts)

    def _is_quiet(self, said: str, texts: Sequence[str]) -> bool:
        return (
            ODD.search(said) is None
            and labels.TELLING.search(said) is None
            and self.lexicon.marks.keys().isdisjoint(texts)
        )

    def is_empty(self, row: int) -> bool:
        """Say whether nothing stands in a row."""
        return not self._kinds[row] or (
            self._kinds[row] == 2 and not any(map(key, self.sheet.rows[row]))  # noqa: PLR2004
        )

    def is_plain(self, row: int) -> bool:
        """Say whether a row is data without a closer look."""
        return self._kinds[row] == 1

    def odd(self, start: int, end: int) -> list[int]:
        """Give the rows that want a closer look."""
        return [row for row in range(start, end) if self._kinds[row] > 1]

    def is_footer(self, row: int) -> bool:
        """Say whether a line holds signatures or remarks: a known word and a colon begin a cell.

        A line that names the body, the period or the unit stands above a table.
        """
        written = keys(self.sheet.rows[row])
        starts = [_before_colon(text) for text in written]
        if any(start in self.lexicon.labels or start == "单位" for start in starts):
            return False
        return any(start in self.lexicon.footers for start in starts) or self._signs(row, written)

    def _signs(self, row: int, written: Sequence[str]) -> bool:
        """Say whether a line holds signatures in cells of their own: 制表, a name, 审核, a name.

        It stands below all data. One such word alone may be an office in a list of people.
        """
        words = [text.split("(")[0] in self.lexicon.footers for text in written]
        signs = sum(words) > 1 and (all(words) or all(words[::2]))
        return signs and self._kinds.rfind(1) < row

    def closes(self, row: int, end: int) -> bool:
        """Say whether from here down a sheet only says who made it and when, without a label."""
        return self._names_maker(row) and all(
            self.is_empty(below) or self._names_maker(below) or self.is_footer(below)
            for below in range(row + 1, end)
        )

    def _names_maker(self, row: int) -> bool:
        cells = [cell for cell in self.sheet.rows[row] if key(cell)]
        makers = self.lexicon.headers.makers
        return bool(cells) and all(
            isinstance(cell, date)
            or _DAY.fullmatch(key(cell))
            or labels.bare(cell).endswith(makers)
            for cell in cells
        )

    def is_unit(self, row: int) -> bool:
        """Say whether a line under a table says in which unit it is: words alone, and 单位:元."""
        cells = [cell for cell in self.sheet.rows[row] if key(cell)]
        texts = all(isinstance(cell, str) for cell in cells)
        return texts and any(UNIT_SAID.search(folded(cell)) for cell in cells)


def _before_colon(text: str) -> str:
    word, colon, _ = text.partition(":")
    return word.split("(")[0] if colon else ""


def keys(row: Sequence[Cell]) -> tuple[str, ...]:
    """Give what is written in a row, ready to compare."""
    return tuple(text for cell in row if (text := key(cell)))


def unpaged(texts: Sequence[str]) -> frozenset[str]:
    """Give texts ready to compare, without 第2页 and (续) and what is left empty by that."""
    return frozenset(bare for text in texts if (bare := _PAGE.sub("", key(text))))


def repeats(written: Sequence[str], table: Vocabulary) -> bool:
    """Say whether a line is a header, or its second level, printed again on a later page."""
    return len(written) > 1 and all(sense([text], table).fate != "unknown" for text in written)


def heads_lines(text: str) -> bool:
    """Say whether words alone head the lines below: 一、收入; with a number they tell more."""
    plain = folded(text)
    return _HEADING.match(plain) is not None and not any(char.isdigit() for char in plain)


def mark_of(row: Sequence[Cell], lexicon: Lexicon) -> tuple[str, str]:
    """Say what a line is by the words in it that are a mark, else `data`."""
    texts = [key(cell).strip(":()[]【】") for cell in row if isinstance(cell, str) and key(cell)]
    if texts and (capital := _IN_CAPITALS.match(texts[0])):
        texts[0] = capital["mark"]
    for text in texts:
        if text in lexicon.marks:
            return lexicon.marks[text], text
    return labels.named(row, lexicon)
