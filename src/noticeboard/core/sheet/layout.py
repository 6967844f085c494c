"""Where a sheet keeps its tables: which row begins a header, of which kind, under what title."""

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from noticeboard.core.sheet.cells import Sheet, key, origins, words
from noticeboard.core.sheet.choices import About, Choices, SheetChoice
from noticeboard.core.sheet.columns import HeaderReader, begins_header
from noticeboard.core.sheet.headers import SheetKind
from noticeboard.core.sheet.lexicon import Lexicon, sense
from noticeboard.core.sheet.lines import Line, Survey, keys, mark_of, repeats, unpaged
from noticeboard.core.sheet.tables import Apart, Found, Table

__all__ = ["Layout", "Line", "Table"]

# A first header stands within the first lines; below, a line of words is a line of words.
DEEPEST_HEADER = 30
# A plain list's header: so many columns, none with more than a few words, nearly all of them named.
_LEAST_COLUMNS, _LONGEST_WORD, _MOST_NAMED = 2, 20, 0.8
# A line above a header holds a title, and perhaps who made it and in which unit.
_MOST_IN_TITLE = 4
# A header whose kind nobody knows, further down: so many columns, none named with more than a word.
_LEAST_NAMED = 3
_NAME = re.compile(r"[a-z()/\u4e00-\u9fff]{1,12}")
_DIGIT = re.compile(r"\d")
_OWN_TITLE = re.compile(
    r"(?:19|20)\d\d|[一二][〇零○]|\d月|季度|年度|村|社区|收入|支出|\(?[一二三四五六七八九十]+[)、.]"
)


class Layout:
    """Takes one sheet apart; `tables` are what was recognised in it, from the top."""

    def __init__(
        self,
        sheet: Sheet,
        lexicon: Lexicon,
        kinds: Sequence[SheetKind],
        about: About,
        choices: Choices,
    ) -> None:
        """Prepare; only `kinds` are looked for."""
        self.sheet = sheet
        self.name = words(sheet.name)
        self.lexicon = lexicon
        self.kinds = kinds
        self.about = about
        self.choices = choices
        self.merged = origins(sheet)
        self.headers = HeaderReader(sheet, lexicon, self.merged)
        self.survey = Survey(sheet, lexicon)
        # On paper every page begins with the same heading and header.
        self._printed: set[tuple[str, ...]] = set()

    def tables(self) -> Iterator[Table]:
        """Give the sheet's tables from the top."""
        found = self._first()
        found = self._above(found) or found if found else None
        number, start = 1, 0
        base: tuple[str, ...] = ()
        while found is not None:
            top = found.header.top
            titles = self._titles(start, top)
            following = self._next(found, {*unpaged(titles), *unpaged(base)}, number + 1)
            ends = following[0] if following else len(self.sheet.rows)
            yield self._apart(found, start, (*titles, *base), ends)
            base = base or titles
            found, start, number = (following[1] if following else None), ends, number + 1

    def offered(self) -> Table | None:
        """Give a sheet that was not recognised as a plain list, if it has a clear header."""
        top = self._plain_header()
        if top is None:
            return None
        choice = self.choices.of(self.name)
        header = self.headers.at(top, "table", choice)
        titles = self._titles(0, top)
        return self._apart(Found(header, choice), 0, titles, len(self.sheet.rows))

    def _apart(self, found: Found, start: int, titles: tuple[str, ...], ends: int) -> Table:
        below = found.header.top + found.header.depth
        self._printed |= {keys(row) for row in self.sheet.rows[start:below]}
        apart = Apart(self.survey, self.lexicon, found, self._printed)
        return apart.table(titles, start, ends, self.merged)

    # Headers.

    def _first(self) -> Found | None:
        rows = range(min(DEEPEST_HEADER, len(self.sheet.rows)))
        odd = [row for row in rows if not self.survey.is_plain(row)]
        found = next((found for row in odd if (found := self._best(row, 0, 1))), None)
        chosen = self.choices.of(self.name).kind
        named: SheetKind | None = "table" if key(self.name) in self.lexicon.headers.lists else None
        kind = chosen or self.choices.kind or named
        if found is None and kind and kind != "skip":
            return self._forced(kind, odd)
        return found or self._remembered()

    def _remembered(self) -> Found | None:
        """Read a plain list as what it was said to be when it came last."""
        top = self._plain_header() if self.about.remembered else None
        if top is None:
            return None
        found = self._read(top, "table", self.choices.of(self.name))
        return found if found.forced else None

    def _best(self, row: int, start: int, number: int) -> Found | None:
        """Give the header that begins at a row, of the kind that its words and titles speak for."""
        choice = self.choices.of(self.name, number)
        wanted = self._known(choice)
        if wanted and self._could_begin(row):
            return self._read(row, wanted, choice, forced=True)
        said = " ".join((*self._titles(start, row), self.name))
        fitting: list[tuple[bool, int, Found]] = []
        for kind in self.kinds:
            if kind != "table" and begins_header(self.sheet.rows[row], self.lexicon.kinds[kind]):
                found = self._read(row, kind, choice)
                weight = self.lexicon.weight(kind, said)
                if found.forced or found.header.fits(said=weight > 0):
                    asked = found.forced or kind == self.choices.kind
                    fitting.append((asked, weight + found.header.known, found))
        # A roster with a column 说明 could pass for a ledger: who knows more and is said to be it.
        return max(fitting, key=lambda one: one[:2])[2] if fitting else None

    def _read(
        self, row: int, kind: SheetKind, choice: SheetChoice, *, forced: bool = False
    ) -> Found:
        """Read a header, with what was decided for an earlier sheet that had the same."""
        header = self.headers.at(row, kind, choice)
        before = self.about.remembered.get(header.layout)
        both = choice.over(before) if before else choice
        if both == choice:
            return Found(header, choice, forced=forced)
        known = self._known(both)
        header = self.headers.at(row, known or kind, both)
        return Found(header, both, remembered=True, forced=forced or known is not None)

    def _known(self, choice: SheetChoice) -> SheetKind | None:
        return choice.kind if choice.kind != "skip" and choice.kind in self.kinds else None

    def _forced(self, kind: SheetKind, odd: Sequence[int]) -> Found | None:
        """Read a sheet as the kind it was said to be, though its words do not tell."""
        choice = self.choices.of(self.name)
        vocabulary = self.lexicon.kinds[kind]
        top = next((r for r in odd if begins_header(self.sheet.rows[r], vocabulary)), None)
        if top is None or kind == "table":
            top = self._plain_header()
        if top is None:
            return None
        return self._read(top, kind, choice, forced=True)

    def _plain_header(self) -> int | None:
        """Find the header of a plain list: the first line of several short words over fuller ones.

        Everything above it must be titles, and what stands below must not be broader.
        """
        rows = self.sheet.rows
        for row in range(min(DEEPEST_HEADER, len(rows))):
            texts = [cell for cell in rows[row] if key(cell)]
            if len(texts) < _LEAST_COLUMNS:
                continue
            short = all(isinstance(c, str) and len(words(c)) <= _LONGEST_WORD for c in texts)
            distinct = len(set(map(key, texts))) == len(texts)
            if short and distinct and not any(":" in key(cell) for cell in texts):
                below = [r for r in rows[row + 1 : row + 50] if any(map(key, r))]
                used = {c for r in below for c, cell in enumerate(r) if key(cell)}
                named = len(self.headers.at(row, "table", self.choices.of(self.name)).columns)
                enough = used and named >= _MOST_NAMED * len(used)
                return row if enough else None
            if len(texts) > _MOST_IN_TITLE:
                return None
        return None

    # Tables one below the other.

    def _next(self, found: Found, titles: set[str], number: int) -> tuple[int, Found] | None:
        """Find the next table: the first row that belongs to it, and its header.

        A header that comes again is another page of the same table, unless a title of its own
        stands above it.
        """
        ours = self.lexicon.kinds[found.header.kind]
        first = found.header.top + found.header.depth
        again = {keys(row) for row in self.sheet.rows[found.header.top : first]}
        for row in self.survey.odd(first, len(self.sheet.rows)):
            written = keys(self.sheet.rows[row])
            same = written in again or repeats(written, ours)
            start = self._titles_from(row, first)
            if not (same or self._could_begin(row)):
                if other := self._unknown(row, start, number):
                    return start, other
                continue
            own = unpaged(self._titles(start, row)) - titles
            if same and not any(_OWN_TITLE.search(title) for title in own):
                continue
            other = self._best(row, start, number)
            if other is None and not same:
                other = self._unknown(row, start, number)
            if other and (own or not same):
                return start, other
        return None

    def _above(self, found: Found) -> Found | None:
        """Find a table of no known kind above the first one that is known."""
        rows = range(found.header.top)
        others = (self._unknown(row, self._titles_from(row, 0), 1) for row in rows)
        return next(filter(None, others), None)

    def _unknown(self, row: int, start: int, number: int) -> Found | None:
        """Read a header of no known kind, unless the clerk has said of which; None if it is none.

        It has several short words, an end above it, and lines as broad as itself below.
        """
        if not (self._ends_above(start) and self._looks_like_header(row)):
            return None
        choice = self.choices.of(self.name, number)
        wanted = self._known(choice)
        found = self._read(row, wanted or "table", choice, forced=wanted is not None)
        return replace(found, known=found.forced)

    def _ends_above(self, start: int) -> bool:
        if start == 0 or self.survey.is_empty(start - 1) or self.survey.is_footer(start - 1):
            return True
        return mark_of(self.sheet.rows[start - 1], self.lexicon)[0] != "data"

    def _looks_like_header(self, row: int) -> bool:
        rows = self.sheet.rows
        named = {at: cell for at, cell in enumerate(rows[row]) if key(cell)}
        said = [key(cell) for cell in named.values()]
        if len(said) < _LEAST_NAMED or len(set(said)) < len(said):
            return False
        if not all(isinstance(cell, str) and _NAME.fullmatch(key(cell)) for cell in named.values()):
            return False
        if any(text in self.lexicon.footers or text in self.lexicon.marks for text in said):
            return False
        below = next((r for r in range(row + 1, len(rows)) if not self.survey.is_empty(r)), None)
        if below is None or self._could_begin(below):
            return False
        filled = {at: cell for at, cell in enumerate(rows[below]) if key(cell)}
        # A name over each of its cells, and nearly no name without one.
        if not filled.keys() <= named.keys() or 3 * len(filled) < 2 * len(named):
            return False
        numbers = any(not isinstance(c, str) or _DIGIT.search(c) for c in filled.values())
        return numbers or any(self._is_word(text) for text in said)

    def _is_word(self, text: str) -> bool:
        """Say whether a text heads columns in any kind of sheet."""
        kinds = (sense([text], self.lexicon.kinds[kind]) for kind in self.kinds)
        return any(meaning.fate != "unknown" for meaning in kinds)

    def _could_begin(self, row: int) -> bool:
        cells = self.sheet.rows[row]
        return any(begins_header(cells, self.lexicon.kinds[kind]) for kind in self.kinds)

    def _titles_from(self, row: int, first: int) -> int:
        """Go up from a header to the first of the lines that belong to it: titles and nothing.

        Above a gap, a line of several words without a colon is the last one of another list.
        """
        start, gap = row, False
        for above in range(row - 1, first - 1, -1):
            if self.survey.is_empty(above):
                gap = True
                continue
            texts = [cell for cell in self.sheet.rows[above] if key(cell)]
            title = len(texts) <= _MOST_IN_TITLE and all(isinstance(c, str) for c in texts)
            marked = mark_of(self.sheet.rows[above], self.lexicon)[0] != "data"
            listed = gap and len(texts) >= _LEAST_NAMED and not any(":" in key(c) for c in texts)
            if not title or marked or listed or self.survey.is_footer(above):
                break
            start = above
        return start

    def _titles(self, start: int, top: int) -> tuple[str, ...]:
        rows = self.sheet.rows[start:top]
        return tuple(text for row in rows for cell in row if (text := words(cell)))
