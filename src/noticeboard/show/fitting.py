"""How much fits on a hall screen: text measured in ems, cut, wrapped and dealt out to pages.

The measure is a little generous, so that what fits here fits in every font of the board; the
player checks each slide it draws and reports what did not.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from msgspec import Struct

MORE: Final = "…"
_WORD: Final = re.compile(r"[!-~]+|.")
Words = Callable[[str], Sequence[str]]
# What a line must not begin with: the character before it moves down with it.
_CLINGS: Final = "，。、；：？！）》”’…"


class Frame(Struct, frozen=True):
    """A screen in units of a 1080th of its shorter side; `upright` when it hangs as portrait."""

    wide: int
    tall: int

    @property
    def upright(self) -> bool:
        """Say whether the screen is taller than wide."""
        return self.tall > self.wide

    @property
    def folded(self) -> bool:
        """Say whether the foot takes two lines: its longest words are 43 ems of 40 units."""
        return self.wide < 1900  # noqa: PLR2004 - 43 ems, the gaps between five parts, both sides


def frame(width: int, height: int) -> Frame:
    """Give a screen's frame from its size in pixels, as it hangs."""
    short = min(width, height)
    return Frame(width * 1080 // short, height * 1080 // short)


def ems(text: str) -> float:
    """Measure a text in ems: a Chinese character is one, a figure or small letter about half."""
    return sum(_em(character) for character in text)


def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if character in " .,:;'|":
        return 0.34
    return 0.76 if character.isupper() or character in "%@+−" else 0.6


def cut(text: str, room: float, words: Words = _WORD.findall) -> str:
    """Give a text that fits into so many ems, ending in … where some is left out.

    A figure or a word is left out whole: 650.50 must not read 650.5. `words` says what is one.
    """
    if ems(text) <= room:
        return text
    kept, used = "", ems(MORE)
    for piece in _pieces(text, room - used, words):
        used += ems(piece)
        if used > room:
            break
        kept += piece
    return kept.rstrip(" ，、；：") + MORE


def wrapped(text: str, room: float, words: Words = _WORD.findall) -> list[str]:
    """Break a text into lines of at most so many ems, as a browser breaks Chinese.

    A figure or a word is never broken while it fits into a line: 400 元 must not read 40 and 0.
    `words` says what is one; to a browser every Chinese character is.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for piece in _pieces(paragraph, room, words):
            wide = ems(piece)
            if line and used + wide > room:
                down = line[-1] if piece in _CLINGS and len(line) > 1 else ""
                lines.append(line[: len(line) - len(down)])
                line, used = down, ems(down)
            line, used = line + piece, used + wide
        lines.append(line)
    return lines


def _pieces(text: str, room: float, words: Words) -> Iterator[str]:
    for piece in words(text):
        if ems(piece) <= room:
            yield piece
        else:
            yield from piece


def clipped(text: str, room: float, most: int, words: Words = _WORD.findall) -> tuple[str, int]:
    """Give a text cut to `most` lines of so many ems, and how many lines it takes."""
    lines = wrapped(" ".join(text.split()), room, words)
    if len(lines) <= most:
        return "".join(lines), len(lines)
    return "".join(lines[: most - 1]) + cut("".join(lines[most - 1 :]), room, words), most


def dealt(heights: Sequence[int], room: int) -> list[range]:
    """Deal rows to pages: each whole, in order, as many to a page as its room takes.

    A row taller than a whole page has a page of its own. Without rows there is one empty page.
    """
    pages: list[range] = []
    start = used = 0
    for at, height in enumerate(heights):
        if at > start and used + height > room:
            pages.append(range(start, at))
            start, used = at, 0
        used += height
    return [*pages, range(start, len(heights))]
