"""A notice's paper cut into sheets: what fits on each, and the sums of exactly its own rows."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from noticeboard.core.money import yuan
from noticeboard.show.fitting import ems, wrapped
from noticeboard.show.paper import Column, Paper, Written
from noticeboard.show.texts import Words
from noticeboard.show.texts import said as in_words

# Millimetres. A4 within 18 mm sides is 174 × 261; a millimetre is kept for rounding.
WIDE: Final = 174.0
TALL: Final = 258.0
TWELVE: Final = 4.233
FIFTEEN: Final = 5.292
TWENTY_THREE: Final = 8.114  # what a character takes
TABLE_LINE: Final = 5.9
ROW_PADDING: Final = 2.2
HEAD: Final = 10.6
SUMS: Final = 8.4
TEXT_LINE: Final = 8.5
CALL_LINE: Final = 12.5
CALL: Final = 7.761
TITLE_LINE: Final = 11.0
BAND: Final = 169.0
BAND_LINE: Final = 6.2
TOP_FIRST: Final = 39.0
TOP_NEXT: Final = 14.0  # what stands above the title, and above a later table
SLIP: Final = 51.0
FOOT: Final = 9.0  # the slip with the QR and the seal's place, and a page number
MARK: Final = 12.0
TOTALS_TOP: Final = 4.0
TOTALS_LINE: Final = 5.8
TOTALS_GAP: Final = 8.0  # beside a total
GO_OVER: Final = 3  # rows that keep the slip company on a last page


class Line(Struct, frozen=True):
    """A printed row: its cells, what it adds to each column's sum, how many lines it takes."""

    cells: tuple[str, ...]
    amounts: tuple[int, ...]
    lines: int


class Paragraph(Struct, frozen=True):
    """Running text on one page; `begun` when its beginning stands on the page before."""

    text: str
    begun: bool


class Sheet(Struct, frozen=True, kw_only=True):
    """One page: its number, running text, rows with their sums."""

    number: int
    texts: tuple[Paragraph, ...] = ()
    rows: tuple[Line, ...] = ()
    sums: tuple[str, ...] = ()
    totals: tuple[tuple[Words, str], ...] = ()


def sheets(
    said: Paper, title: str, sentence: str, correction: str, *, marked: bool
) -> Iterator[Sheet]:
    """Deal texts and rows out to pages by their heights.

    The sentence stands below the title, and below it what a correction changed. Every page with
    rows ends in the sums of exactly its own rows. The slip has its place on the first page, which
    is what hangs in front, and on the last, which has the totals above it.
    """
    taken = TOP_FIRST + MARK * marked + TITLE_LINE * len(wrapped(title, WIDE / TWENTY_THREE))
    taken += _text(sentence, large=False) if sentence else 0
    taken += _band(correction) if correction else 0
    room, ends = TALL - taken - FOOT - SLIP, _totals(said)
    table = (HEAD + SUMS * any(column.summed for column in said.columns)) if said.rows else 0
    blocks: list[Piece | Line] = [
        *_pieces(said),
        *(_line(said.columns, row) for row in said.rows),
    ]
    heights = [_height(block, large=said.large) for block in blocks]
    number, first = 1, 0
    while True:
        last = _filled(heights, first, room - table)
        if last == len(blocks) and sum(heights[first:last]) > room - table - ends:
            # What ends the paper does not fit below the last rows: a few of them go over with it.
            last = max(first, last - GO_OVER)
        if last == first and number > 1:
            last += 1  # taller than a page: it stands alone rather than nowhere
        done = last == len(blocks)
        yield _sheet(said, number, blocks[first:last], done)
        if done:
            return
        number, first = number + 1, last
        room, ends = TALL - TOP_NEXT - MARK * marked - FOOT, _totals(said) + SLIP


def _filled(heights: Sequence[float], first: int, room: float) -> int:
    last = first
    while last < len(heights) and heights[last] <= room:
        room -= heights[last]
        last += 1
    return last


class Piece(Struct, frozen=True):
    """A line of running text as it is counted; `opens` when a paragraph begins with it."""

    text: str
    opens: bool


def _across(*, large: bool) -> float:
    # Two characters are the indent, which only the first line has: better too little than too much.
    return WIDE / (CALL if large else FIFTEEN) - 2


def _pieces(said: Paper) -> Iterator[Piece]:
    for paragraph in said.texts:
        for nth, line in enumerate(wrapped(paragraph, _across(large=said.large))):
            yield Piece(line, nth == 0)


def _line(columns: Sequence[Column], row: Written) -> Line:
    most = 1
    for column, cell in zip(columns, row.cells, strict=True):
        if not column.whole:
            most = max(most, len(wrapped(cell, (column.width - 2.5) / TWELVE)))
    return Line(row.cells, row.amounts, most)


def _height(block: Piece | Line, *, large: bool) -> float:
    if isinstance(block, Line):
        return block.lines * TABLE_LINE + ROW_PADDING
    return (CALL_LINE if large else TEXT_LINE) + block.opens


def _text(words: str, *, large: bool) -> float:
    return len(wrapped(words, _across(large=large))) * (CALL_LINE if large else TEXT_LINE) + 1


def _totals(said: Paper) -> float:
    """Measure the totals, each as wide as its words, set one after the other."""
    lines, used = 0, WIDE
    for label, amount in said.totals:
        wide = ems(in_words(label) + amount) * TWELVE + TOTALS_GAP
        if used + wide > WIDE:
            lines, used = lines + 1, 0.0
            lines += int(wide // WIDE)
        used += wide
    return TOTALS_TOP + lines * TOTALS_LINE if lines else 0


def _band(correction: str) -> float:
    return len(wrapped(correction, BAND / TWELVE)) * BAND_LINE + 2


def _sheet(said: Paper, number: int, page: Sequence[Piece | Line], done: bool) -> Sheet:
    rows = tuple(block for block in page if isinstance(block, Line))
    return Sheet(
        number=number,
        texts=_paragraphs([block for block in page if isinstance(block, Piece)]),
        rows=rows,
        sums=_sums(said, rows),
        totals=said.totals if done else (),
    )


def _paragraphs(lines: Sequence[Piece]) -> tuple[Paragraph, ...]:
    """Put the lines of a page together again, so that the reader's own font breaks them."""
    found: list[Paragraph] = []
    for line in lines:
        if line.opens or not found:
            found.append(Paragraph(line.text, begun=not line.opens))
        else:
            found[-1] = Paragraph(found[-1].text + line.text, found[-1].begun)
    return tuple(found)


def _sums(said: Paper, rows: Sequence[Line]) -> tuple[str, ...]:
    """Give the row of page sums, one cell a column, "" where nothing is added up."""
    if not rows or not any(column.summed for column in said.columns):
        return ()
    return tuple(
        yuan(sum(line.amounts[place] for line in rows)) if column.summed else ""
        for place, column in enumerate(said.columns)
    )
