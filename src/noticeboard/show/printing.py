"""A notice's paper cut into sheets: what fits on each, and the sums of exactly its own rows."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from noticeboard.core.money import yuan
from noticeboard.show.fitting import wrapped
from noticeboard.show.paper import Column, Paper, Written
from noticeboard.show.texts import Words

# Millimetres. A4 within 18 mm sides is 174 × 261; a millimetre is kept for rounding.
WIDE: Final = 174.0
TALL: Final = 258.0
TWELVE: Final = 4.233
FIFTEEN: Final = 5.292
TWENTY_THREE: Final = 8.114  # what a character takes
TABLE_LINE: Final = 5.9
ROW_PADDING: Final = 2.2
HEAD_AND_SUMS: Final = 18.0
TEXT_LINE: Final = 8.5
CALL_LINE: Final = 12.5
CALL: Final = 7.761
TITLE_LINE: Final = 11.0
BAND: Final = 169.0
BAND_LINE: Final = 6.2
TOP_FIRST: Final = 39.0
TOP_NEXT: Final = 14.0  # what stands above the title, and above a later table
FOOT_LAST: Final = 60.0
FOOT: Final = 9.0  # the slip with the QR and the seal's place, and a page number
MARK: Final = 12.0
TOTALS: Final = 18.0
GO_OVER: Final = 3  # rows that keep the slip company on a last page


class Line(Struct, frozen=True):
    """A printed row: its cells, what it adds to each column's sum, how many lines it takes."""

    cells: tuple[str, ...]
    amounts: tuple[int, ...]
    lines: int


class Sheet(Struct, frozen=True, kw_only=True):
    """One page: its number, running text, rows with their sums; the last has the slip."""

    number: int
    texts: tuple[str, ...] = ()
    rows: tuple[Line, ...] = ()
    sums: tuple[str, ...] = ()
    totals: tuple[tuple[Words, str], ...] = ()


def sheets(
    said: Paper, title: str, sentence: str, correction: str, *, marked: bool
) -> Iterator[Sheet]:
    """Deal texts and rows out to pages; the foot of the last page always has its place.

    The sentence stands below the title, and below it what a correction changed.
    Every page with rows ends in the sums of exactly its own rows.
    """
    taken = TOP_FIRST + MARK * marked + TITLE_LINE * len(wrapped(title, WIDE / TWENTY_THREE))
    taken += _height(sentence) if sentence else 0
    taken += _band(correction) if correction else 0
    room = TALL - taken - FOOT
    fresh = TALL - TOP_NEXT - MARK * marked - FOOT
    blocks: list[str | Line] = [
        *_paragraphs(said),
        *(_line(said.columns, row) for row in said.rows),
    ]
    heights = [_height(block, large=said.large) for block in blocks]
    tail = FOOT_LAST - FOOT + TOTALS * bool(said.totals)
    fixed = HEAD_AND_SUMS if said.rows else 0
    number, first = 1, 0
    while True:
        last = _filled(heights, first, room - fixed)
        if last == len(blocks) and sum(heights[first:last]) > room - fixed - tail:
            # The slip does not fit below the last rows: a few of them go over with it.
            last = max(first, last - GO_OVER)
        if last == first and number > 1:
            last += 1  # taller than a page: it stands alone rather than nowhere
        page = blocks[first:last]
        done = last == len(blocks)
        yield _sheet(said, number, page, done)
        if done:
            return
        number, first, room = number + 1, last, fresh


def _filled(heights: Sequence[float], first: int, room: float) -> int:
    last = first
    while last < len(heights) and heights[last] <= room:
        room -= heights[last]
        last += 1
    return last


def _across(*, large: bool) -> float:
    # Two characters are the indent, which only the first line has: better too little than too much.
    return WIDE / (CALL if large else FIFTEEN) - 2


def _paragraphs(said: Paper) -> Iterator[str]:
    """Cut running text into pieces that fit any page: a paragraph of very many lines is divided."""
    for paragraph in said.texts:
        lines = wrapped(paragraph, _across(large=said.large))
        for start in range(0, len(lines), 12):
            yield "".join(lines[start : start + 12])


def _line(columns: Sequence[Column], row: Written) -> Line:
    most = 1
    for column, cell in zip(columns, row.cells, strict=True):
        most = max(most, len(wrapped(cell, (column.width - 2.5) / TWELVE)))
    return Line(row.cells, row.amounts, most)


def _height(block: str | Line, *, large: bool = False) -> float:
    if isinstance(block, Line):
        return block.lines * TABLE_LINE + ROW_PADDING
    return len(wrapped(block, _across(large=large))) * (CALL_LINE if large else TEXT_LINE) + 1


def _band(correction: str) -> float:
    return len(wrapped(correction, BAND / TWELVE)) * BAND_LINE + 2


def _sheet(said: Paper, number: int, page: Sequence[str | Line], done: bool) -> Sheet:
    rows = tuple(block for block in page if isinstance(block, Line))
    return Sheet(
        number=number,
        texts=tuple(block for block in page if isinstance(block, str)),
        rows=rows,
        sums=_sums(said, rows),
        totals=said.totals if done else (),
    )


def _sums(said: Paper, rows: Sequence[Line]) -> tuple[str, ...]:
    """Give the row of page sums, one cell a column, "" where nothing is added up."""
    if not rows or not any(column.summed for column in said.columns):
        return ()
    return tuple(
        yuan(sum(line.amounts[place] for line in rows)) if column.summed else ""
        for place, column in enumerate(said.columns)
    )
