"""What a hall screen shows, in which order, for how long, and what it must no longer hold."""

import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import groupby
from typing import Final, Literal

import msgspec
from msgspec import Struct, field

from noticeboard.core.days import DAY, midnight_after
from noticeboard.core.notice import Ended, Notice, published
from noticeboard.core.particulars import Announcement, Particulars

Class = Literal["statutory", "ordinary", "emergency"]

WELCOME: Final = "welcome"
IN_A_ROUND: Final = 6  # slides of one table
REMEMBERED: Final = 400 * DAY  # how long a screen may lie in a cupboard and still be told
SHORTEST, LONGEST, LONGEST_TABLE = 8_000, 40_000, 25_000
PER_CHARACTER, TO_LOOK_UP = 350, 3_000  # milliseconds, for old eyes four metres away

# One Chinese character, or one figure or word between them: that is what an eye takes in at once.
_READ = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]|[^\W\u3400-\u9fff]+(?:[.,:/-]\w+)*")


class Slide(Struct, frozen=True, kw_only=True):
    """One slide: a fragment of HTML with SHA-256 `hash`, shown from `start` until `until`.

    Instants are Unix seconds, the end not included, None until replaced. `page` of `pages` is its
    place in its own notice. `names` says that villagers are named on it; `title` and `summary`
    never name one. The welcome slide and what a board says of itself have no notice.
    """

    id: str
    notice: str
    ed: int
    cls: Class = field(name="class")
    hash: str
    start: int = field(name="from")
    until: int | None
    dwell_ms: int
    names: bool
    title: str
    summary: str
    page: int = 1
    pages: int = 1


class Revoked(Struct, frozen=True, order=True):
    """An edition that changed or went at `at`: its slides not in the present list are dropped."""

    notice: str
    ed: int
    at: int


class Playlist(Struct, frozen=True, kw_only=True):
    """Everything one screen needs; `rounds` are slide ids in the order to walk, then again.

    `number` is the village's public revision, `made_at` the newest publication or take-down in it,
    `until` the next instant at which time alone changes it, `shell` the player page it expects.
    """

    v: Literal[1] = 1
    screen: str
    village: str
    number: int
    made_at: int
    until: int | None
    revoked: tuple[Revoked, ...]
    slides: tuple[Slide, ...]
    rounds: tuple[tuple[str, ...], ...]
    shell: str


def document(playlist: Playlist) -> bytes:
    """Write a playlist as the JSON that a screen is given; the same playlist, the same bytes."""
    return msgspec.json.encode(playlist)


def etag(document_: bytes) -> str:
    """Give the entity tag of a playlist's bytes."""
    return f'"{sha256(document_).hexdigest()}"'


def dwell_ms(text: str, *, table: bool = False) -> int:
    """Say how long a slide with this text stays: 0.35 s a character and 3 s, from 8 to 40 s.

    In a table one looks for a line and does not read them all: 25 s at most, so that seven notices
    have opened a round in three minutes.
    """
    reading = PER_CHARACTER * len(_READ.findall(text)) + TO_LOOK_UP
    return min(max(reading, SHORTEST), LONGEST_TABLE if table else LONGEST)


def over(particulars: Particulars) -> int | None:
    """Give the instant at which what is announced is over: its end, or its day's where it has none.

    None for what does not happen at a time.
    """
    if not isinstance(particulars, Announcement):
        return None
    if particulars.ends is not None or particulars.starts is None:
        return particulars.ends
    return midnight_after(particulars.starts)


def turn(particulars: Particulars, at: int) -> tuple[bool, int]:
    """Give a notice's turn, to sort by: what is still to happen first, the soonest before all.

    The others are alike: sorted stably they stay as they come, the newest first.
    """
    end = over(particulars)
    return (True, 0) if end is None or end <= at else (False, end)


def rounds(slides: Sequence[Slide]) -> tuple[tuple[str, ...], ...]:
    """Give the order in which a screen walks through its slides, round after round, then again.

    Each round opens with the first slide of every notice, in the order of `slides`, emergencies
    before all: who waits sees everything that hangs. Then come further pages, at most five of one
    notice and together hardly more than the openings were, so that these come again soon. Each
    notice's second to sixth pages have their turn before anybody's seventh. Over all rounds every
    slide is shown. What the board says of itself comes after the openings. Without notices all
    there is makes the round, the welcome slide among it.
    """
    notices = _notices(slides)
    if not notices:
        return (tuple(slide.id for slide in slides),)
    own = tuple(slide.id for slide in slides if not slide.notice and slide.id != WELCOME)
    firsts = (*(pages[0].id for pages in notices), *own)
    room = max(IN_A_ROUND - 1, len(notices))
    further: list[list[Slide]] = []
    for part in _parts(notices):
        last = further[-1] if further else part
        alike = last[-1].notice == part[0].notice
        if alike or len(last) + len(part) > room:
            further.append(part)
        else:
            last += part
    made = tuple(firsts + tuple(slide.id for slide in pages) for pages in further)
    return made or (firsts,)


def _notices(slides: Sequence[Slide]) -> list[list[Slide]]:
    """Give the slides of each notice, emergencies first, without the welcome."""
    groups = [list(group) for _, group in groupby(slides, key=lambda slide: slide.notice)]
    shown = [group for group in groups if group[0].notice]
    return sorted(shown, key=lambda group: group[0].cls != "emergency")


def _parts(notices: Sequence[list[Slide]]) -> Iterator[list[Slide]]:
    """Give what follows the first slides, five at most of a notice in turn."""
    most = IN_A_ROUND - 1
    longest = max(map(len, notices), default=0)
    for at in range(1, longest, most):
        yield from (pages[at : at + most] for pages in notices if pages[at:])


def changes_at(slides: Iterable[Slide], ends: Iterable[int | None], at: int) -> int | None:
    """Give the next instant after `at` at which a slide begins or ends, or None.

    `ends` are the instants at which what is announced is over: then the order is another one.
    """
    instants = [instant for slide in slides for instant in (slide.start, slide.until)]
    instants += ends
    return min((instant for instant in instants if instant and instant > at), default=None)


def revoked(notices: Iterable[Notice], at: int) -> tuple[Revoked, ...]:
    """Give what screens may still hold of what was taken down, replaced or redacted lately.

    A redaction or erasure counts for every edition that had gone up by then: their bodies may be
    shared. Ordered, so that the same board gives the same bytes.
    """
    return tuple(sorted({gone for notice in notices for gone in _gone(notice, at)}))


def _gone(notice: Notice, at: int) -> Iterator[Revoked]:
    for edition in notice.editions:
        shown = published(edition)
        if shown is None:
            continue
        instants = [down.at for down in notice.taken_down if down.act != "withdraw"]
        instants = [instant for instant in instants if instant >= shown.at]
        if isinstance(edition.state, Ended):
            instants.append(edition.state.at)
        for instant in instants:
            if at - REMEMBERED < instant <= at:
                yield Revoked(notice.code, edition.ed, instant)
