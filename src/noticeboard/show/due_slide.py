"""The slide of a hall screen that says what should be public by now and is not."""

from typing import Final

from msgspec import Struct

from noticeboard.core.days import day_of, midnight_after
from noticeboard.core.duties import Duty
from noticeboard.show import due
from noticeboard.show.due import Standing
from noticeboard.show.facts import Place
from noticeboard.show.fitting import Frame, ems
from noticeboard.show.render import environment
from noticeboard.show.texts import said
from noticeboard.show.views_due import bands_of

ID: Final = "due"
# As many lines as stand on a page under two lines of words, and how many characters have room
# beside the days.
_MOST = {True: 8, False: 4}
_ROOM = {True: 16.0, False: 34.0}


class Late(Struct, frozen=True):
    """One duty that is late: what, for when and whose, how many days; `long` takes two lines."""

    title: str
    line: str
    days: int
    long: bool


class DueSlide(Struct, frozen=True):
    """What the slide says as HTML and in a sentence, and the midnight until which it is true."""

    html: str
    summary: str
    until: int


def due_slide(where: Place, found: Standing | None, frame: Frame) -> DueSlide | None:
    """Say on a screen what a village's board says of its calendar; None where that is nothing.

    The days late grow at midnight, and what was missing may have been published: a screen that was
    not in touch since does not go on saying so.
    """
    bands = bands_of(where, found)
    if found is None or not bands:
        return None
    band, late = bands[0], found.own_late
    sentence = "".join(said(part) for part in band.says)
    html = (
        environment("zh")
        .get_template("kiosk/due.html")
        .render(
            upright=frame.upright,
            folded=frame.folded,
            village=where.profile.name,
            demo=where.profile.mark,
            title=said(band.word),
            tone=band.colour,
            sentence=sentence,
            late=[_late(where, duty, found.at, frame) for duty in late[: _MOST[frame.upright]]],
            more=max(0, len(late) - _MOST[frame.upright]),
            on=_day(found.at),
        )
    )
    return DueSlide(html, sentence, midnight_after(found.at))


def _late(where: Place, duty: Duty, at: int, frame: Frame) -> Late:
    title = said(due.item_words(where.rules, duty.item))
    parts = (
        due.period_words(duty, at),
        due.by_words(duty, at),
        due.post_words(where.rules, duty.body),
    )
    line = " · ".join(map(said, parts))
    return Late(title, line, duty.days_late(at), ems(title) > _ROOM[frame.upright])


def _day(at: int) -> str:
    today = day_of(at)
    return f"{today.month}月{today.day}日"
