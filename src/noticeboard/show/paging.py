"""A notice cut into slides: which rows, sums, facts and words stand on which page.

Heights and widths are in units of a 1080th of the screen's shorter side; `slide.css` has the same
numbers. Everything that could be wrong about money is decided here, in integers.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from noticeboard.core.money import yuan
from noticeboard.core.particulars import Fact
from noticeboard.show.breaking import pieces
from noticeboard.show.fitting import MORE as CUT
from noticeboard.show.fitting import Frame, clipped, cut, dealt, ems, wrapped
from noticeboard.show.sheets import Line, Sheet

SIDES: Final = 56
BESIDE: Final = 496  # landscape: the column with number and QR, and the space before it
TOP, BAND, NUMBER, SLIP, AIR = 115, 60, 150, 385, 12
BAND_LINE, BAND_AIR, BAND_SIDES = 54, 8, 40  # of the band that says a correction
TITLE: Final = {True: 176, False: 108}
FOOT: Final = {True: 136, False: 88}
MARK: Final = {True: 80, False: 176}
TEXT, SMALL, GAP = 44, 40, 24
FOUR_COLUMNS: Final = 1100  # wide: below this, four leave no room for words
HEAD, SUM, ROW, ROW_OF_TWO, MORE = 56, 66, 74, 126, 54
FEW_FACTS: Final = 3
# Running text from far to near: letters and lines. What the largest cannot hold, the next may.
SIZES: Final = ((96, 132), (80, 112), (64, 92), (52, 76))


class Row(Struct, frozen=True):
    """A line as it fits: `lines` of its purpose, and how tall it stands."""

    line: Line
    lines: int
    height: int


class Page(Struct, frozen=True, kw_only=True):
    """One slide of a notice: rows with their sums, or facts, or paragraphs in letters of `size`.

    `columns` is 4, or 2 where the screen is narrow; `widths` are the classes of their widths.
    """

    rows: tuple[Row, ...] = ()
    columns: int = 0
    widths: tuple[int, int, int] = (0, 0, 0)
    sums: tuple[tuple[str, str], ...] = ()
    facts: tuple[Fact, ...] = ()
    paragraphs: tuple[str, ...] = ()
    size: int = 0

    @property
    def names(self) -> bool:
        """Say whether a villager is named on this page."""
        return any(row.line.named for row in self.rows)


def room(frame: Frame, *, number: bool, correction: int, band: bool) -> int:
    """Give the height that a screen leaves for rows or text under everything that is always there.

    The number, the demo's band and the slip with the QR stand beside the table in landscape.
    `correction` is how many lines the band of a corrected edition has.
    """
    taken = TOP + TITLE[frame.upright] + AIR + FOOT[frame.folded]
    taken += (BAND_LINE * correction + BAND_AIR) * bool(correction)
    if frame.upright:
        taken += SLIP + NUMBER * number + BAND * band
    return frame.tall - taken


def breadth(frame: Frame) -> int:
    """Give the width of the table or text."""
    return frame.wide - 2 * SIDES - (0 if frame.upright else BESIDE)


def titled(title: str, frame: Frame) -> tuple[str, bool]:
    """Give a title for its place and whether it is set small: at 60 first, then cut at 48.

    Its lines end between words, as `broken` lets them.
    """
    width, most = breadth(frame) - MARK[frame.upright], 2 if frame.upright else 1
    if len(wrapped(title, width / 60, pieces)) <= most:
        return title, False
    return clipped(title, width / 48, most + 1, pieces)[0], True


def paged(said: Sheet, frame: Frame, height: int) -> list[Page]:
    """Cut a sheet into pages: its table first, then its facts and its text; at least one."""
    pages = list(_tables(said, breadth(frame), height)) if said.lines else []
    if said.text or said.facts or not pages:
        pages += _told(said, breadth(frame), height)
    return pages


def _tables(said: Sheet, width: int, height: int) -> Iterator[Page]:
    when = _step(max(ems(line.when) for line in said.lines), 5)
    amount = _step(max(ems(line.amount) for line in said.lines), 12)
    if width >= FOUR_COLUMNS:
        who, rows = _four(said.lines, width - when - amount)
    else:
        who, rows = 0, [_two(line, width) for line in said.lines]
    below = height - HEAD
    if any(said.sums) or sum(row.height for row in rows) > below:
        below -= SUM
    for page in dealt([row.height for row in rows], below):
        chosen = tuple(rows[at] for at in page)
        yield Page(
            rows=chosen,
            columns=4 if width >= FOUR_COLUMNS else 2,
            widths=(when, who, amount),
            sums=sums(said, [row.line for row in chosen]),
        )


def _step(needed: float, most: float) -> int:
    """Give a column's width: what its longest entry needs, in the steps that the sheet has."""
    if needed == 0:
        return 0
    return -(-int(min(needed, most) * TEXT + GAP) // 40) * 40


def _four(lines: Sequence[Line], width: int) -> tuple[int, list[Row]]:
    """Share a width between purpose and who: the least is cut, then the rows stand lowest."""
    longest = max(ems(line.who) for line in lines)
    widths = sorted({_step(longest, most) for most in range(4, 14)}, reverse=True)
    tried = [(who, [_one(line, width - who, who) for line in lines]) for who in widths]
    return min(tried, key=lambda each: (_cut(each[1]), sum(row.height for row in each[1])))


def _cut(rows: Sequence[Row]) -> int:
    return sum(words.endswith(CUT) for row in rows for words in (row.line.what, row.line.who))


def _one(line: Line, what: int, who: int) -> Row:
    """Fit a line into its columns: purpose and who take two lines each, at most."""
    words, lines = clipped(line.what, (what - GAP) / TEXT, 2)
    whose, more = clipped(line.who, max(who - GAP, TEXT) / TEXT, 2)
    lines = max(lines, more)
    return Row(_fitting(line, words, whose), lines, ROW + MORE * (lines - 1))


def _two(line: Line, width: int) -> Row:
    """Fit a line where when and who stand below the purpose; its amount takes what it needs."""
    what = width - _step(ems(line.amount), 12)
    words, lines = clipped(line.what, (what - GAP) / TEXT, 2)
    whose = cut(line.who, width / SMALL - ems(line.when) - 2)
    return Row(_fitting(line, words, whose), lines, ROW_OF_TWO + MORE * (lines - 1))


def _fitting(line: Line, what: str, who: str) -> Line:
    return replace(line, what=what, when=cut(line.when, 5), who=who)


def sums(said: Sheet, lines: Sequence[Line]) -> tuple[tuple[str, str], ...]:
    """Give the sums of a page as (word, yuan); what the sheet does not add has none."""
    plus, minus = sum(line.plus for line in lines), sum(line.minus for line in lines)
    named = ((said.sums[0], plus), (said.sums[1], minus))
    return tuple((word, yuan(amount)) for word, amount in named if word and amount)


def _told(said: Sheet, width: int, height: int) -> Iterator[Page]:
    facts, text = said.facts, said.text or ("" if said.facts or said.lines else said.nothing)
    if len(facts) > FEW_FACTS:
        for page in dealt([_fact_height(fact, width) for fact in facts], height - SUM):
            yield Page(facts=tuple(facts[at] for at in page))
        facts = ()
    if not text:
        if facts:
            yield Page(facts=facts)
        return
    above = sum(_fact_height(fact, width) for fact in facts)
    below = height - above - (AIR if facts else 0)
    letters, line = next(
        (size for size in SIZES if _lines(text, width, size) <= below - SUM), SIZES[-1]
    )
    while text:
        paragraphs, text = _split(text, width / letters, (below - SUM) // line)
        yield Page(facts=facts, paragraphs=paragraphs, size=letters)
        facts, below = (), height


def _lines(text: str, width: int, size: tuple[int, int]) -> int:
    return len(wrapped(text, width / size[0])) * size[1]


def _fact_height(fact: Fact, width: int) -> int:
    value = clipped(fact.value, width / 56 - 5, 2)[1]
    return 24 + 76 * value + (MORE if fact.note else 0)


def _split(text: str, across: float, lines: int) -> tuple[tuple[str, ...], str]:
    """Take from a text what fits into so many lines; gives its paragraphs and the rest."""
    taken: list[str] = []
    left = max(lines, 1)
    paragraphs = text.split("\n")
    for nth, paragraph in enumerate(paragraphs):
        broken = wrapped(paragraph, across)
        if len(broken) > left:
            if left:
                taken.append("".join(broken[:left]))
            return tuple(taken), "\n".join(["".join(broken[left:]), *paragraphs[nth + 1 :]])
        taken.append(paragraph)
        left -= len(broken)
    return tuple(taken), ""
