"""A flow chart as numbers for an SVG template: boxes one below the other, their lines, arrows.

A chart is drawn for several widths, in units of a twentieth of an em; the style sheet shows the one
that fits, so that its words are never smaller than the page's, on a phone or with doubled text.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from noticeboard.show.fitting import ems, wrapped
from noticeboard.show.texts import Lang, Words, said, text

EM: Final = 20
# The widths in ems: a small phone with doubled text; a phone; a page's column, a hall's screen.
WIDTHS: Final[dict[str, int]] = {"narrow": 8, "middle": 16, "broad": 25}
_LOW: Final = 0.85  # of an em: the second lines
_LINE, _GAP, _PAD = 28, 26, 10
_RISE: Final = 21  # from the top of a line to its foot


class Stage(Struct, frozen=True):
    """One step in words: who, what, how long it takes or stays, what is noted, what is posted."""

    who: Words
    does: Words
    takes: tuple[Words, ...] = ()
    notes: Words = ""
    posts: tuple[Words, ...] = ()


class Run(Struct, frozen=True):
    """One line of words from `x`, or up to it where `look` says `end`, on the foot `y`."""

    x: int
    y: int
    words: str
    look: str


class Box(Struct, frozen=True):
    """A step's frame and its lines; from `posted` down, where not 0, what is to be posted."""

    y: int
    height: int
    posted: int
    runs: tuple[Run, ...]


class Flow(Struct, frozen=True):
    """A chart of a width: its look's name, its size, the boxes, the arrows as path data."""

    look: str
    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: str


def flows(stages: Sequence[Stage], lang: Lang) -> tuple[Flow, ...]:
    """Give the chart of some steps in every width."""
    return tuple(_flow(look, width * EM, stages, lang) for look, width in WIDTHS.items())


def _flow(look: str, width: int, stages: Sequence[Stage], lang: Lang) -> Flow:
    boxes: list[Box] = []
    arrows, top = "", 1
    for number, stage in enumerate(stages, 1):
        if boxes:
            arrows += f"M{width // 2} {top}v16m-7 -6l7 9l7 -9"
            top += _GAP
        box = _box(number, stage, top, width, lang)
        boxes.append(box)
        top += box.height
    return Flow(look, width, top + 1, tuple(boxes), arrows)


class _Pen:
    """Writes lines from the top down within one box."""

    def __init__(self, top: int, width: int) -> None:
        self.runs: list[Run] = []
        self.top, self.width = top + _PAD // 2, width
        self.room = (width - 2 * _PAD) / EM

    def write(self, words: str, look: str) -> None:
        """Write words in as many lines as they take."""
        room = self.room / _LOW if look == "low" else self.room
        # A break between two words may leave the space before it a line of its own.
        for line in filter(None, map(str.strip, wrapped(words, room))):
            self.runs.append(Run(_PAD, self.top + _RISE, line, look))
            self.top += _LINE

    def beside(self, words: str) -> bool:
        """Write words at the end of the line above, if there is room for them."""
        last = self.runs[-1]
        if ems(last.words) + ems(words) + 1 > self.room:
            return False
        self.runs.append(Run(self.width - _PAD, last.y, words, "end"))
        return True


def _box(number: int, stage: Stage, top: int, width: int, lang: Lang) -> Box:
    pen, posted = _Pen(top, width), 0
    pen.write(f"{number}. {said(stage.who, lang)}", "who")
    takes = [said(one, lang) for one in stage.takes]
    if len(takes) != 1 or not pen.beside(takes[0]):
        for one in takes:
            pen.write(one, "takes")
    pen.write(said(stage.does, lang), "does")
    if stage.notes:
        pen.write(said(text("记下：{what}", what=stage.notes), lang), "low")
    if stage.posts:
        pen.top += _PAD // 2
        posted = pen.top
        pen.top += _PAD // 2
        for what in stage.posts:
            pen.write(said(text("公开：{what}", what=what), lang), "posts")
    return Box(top, pen.top + _PAD // 2 - top, posted, tuple(pen.runs))
