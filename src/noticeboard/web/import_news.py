"""What is to come of a workbook, and what is new about a notice that is there already."""

from typing import Final

from msgspec import Struct

from noticeboard.core.particulars import kind_of
from noticeboard.importing import Plan, counted, news
from noticeboard.show.sentences import KIND_WORDS
from noticeboard.show.texts import Words

_MOST_NEWS: Final = 200
# So many stand open of a list longer than this; the rest is folded below them.
_FIRST: Final = 6
_SHORT: Final = 9


class Coming(Struct, frozen=True):
    """A notice that is to come: what it goes on with, at `href`, and what is new about it.

    `counted` says how much is new, `news` what, `open` how many of those lines are shown at once;
    `more` is how many are not among them.
    """

    nth: int
    title: str
    kind: Words
    rows: int
    into: str
    before: str
    href: str
    counted: tuple[Words, ...]
    news: tuple[Words, ...]
    open: int
    more: int
    nothing_new: bool
    chosen: bool


def shown_open(lines: int) -> int:
    """Say how many lines of a list stand open; the rest is folded below them."""
    return lines if lines <= _SHORT else _FIRST


def coming(village: str, nth: int, plan: Plan, *, chosen: bool) -> Coming:
    """Say what a plan comes to, the `nth` of a village's workbook."""
    told = tuple(news(plan)) if plan.before else ()
    place = "drafts" if plan.into == "draft" else "notices"
    return Coming(
        nth=nth,
        title=plan.content.title,
        kind=KIND_WORDS[kind_of(plan.content)],
        rows=len(plan.content.particulars.rows),
        into=plan.into,
        before=plan.title,
        href=f"/desk/{village}/{place}/{plan.code}" if plan.code else "",
        counted=counted(plan),
        news=told[:_MOST_NEWS],
        open=shown_open(len(told)),
        more=max(len(told) - _MOST_NEWS, 0),
        nothing_new=plan.nothing_new,
        chosen=chosen,
    )
