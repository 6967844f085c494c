"""What each template of a notice is given: one frozen class per template."""

from typing import ClassVar

from msgspec import Struct

from noticeboard.core.people import Phone
from noticeboard.show.charts import Bar, Seats
from noticeboard.show.deciding import Says
from noticeboard.show.foot import Foot
from noticeboard.show.head import Band, Head
from noticeboard.show.lines import Line, Lines
from noticeboard.show.plain import Term
from noticeboard.show.render import Page, View
from noticeboard.show.sentences import Number
from noticeboard.show.texts import Text, Words


class Figure(Struct, frozen=True):
    """A figure with its label, two in a line, and perhaps a grey note below."""

    label: Words
    value: Words
    note: Words = ""


class Tab(Struct, frozen=True):
    """One part of a split notice: its word, its address, whether it is the one shown."""

    label: Words
    href: str
    here: bool


class NoticeView(View, frozen=True, kw_only=True):
    """What every page of a notice has."""

    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "notice")

    page: Page
    head: Head
    foot: Foot


class SpendingView(NoticeView, frozen=True, kw_only=True):
    """A ledger: figures, rows by month, the largest purposes as bars; `tabs` when it is split."""

    template: ClassVar[str] = "public/notice/spending.html"

    figures: tuple[Figure, ...]
    lines: Lines
    count: int
    tabs: tuple[Tab, ...]
    bars: tuple[Bar, ...]
    terms: tuple[Term, ...]
    remarks: tuple[Words, ...]


class SubsidyView(NoticeView, frozen=True, kw_only=True):
    """A roster: figures, rows by group, the groups as bars; `named` false when only sums remain.

    `summed` says that there were never more than sums.
    """

    template: ClassVar[str] = "public/notice/subsidy.html"

    figures: tuple[Figure, ...]
    lines: Lines
    count: int
    tabs: tuple[Tab, ...]
    bars: tuple[Bar, ...]
    remarks: tuple[Words, ...]
    named: bool
    summed: bool


class RegisterView(NoticeView, frozen=True, kw_only=True):
    """A register of assets, contracts, labour or whatever its columns say, under what it is of.

    `listed` is the head above its rows, `drawn` that above the bars.
    """

    template: ClassVar[str] = "public/notice/register.html"

    figures: tuple[Figure, ...]
    listed: Words
    lines: Lines
    count: int
    tabs: tuple[Tab, ...]
    drawn: Words
    bars: tuple[Bar, ...]
    remarks: tuple[Words, ...]


class Step(Struct, frozen=True, kw_only=True):
    """One step on a line of time: its row id, word, day, what happened, money, linked notice."""

    id: int
    word: Words
    day: Words
    what: str
    amount: str
    pieces: tuple[Words, ...]
    href: str


class ProjectView(NoticeView, frozen=True, kw_only=True):
    """A project: figures that are not money, agreed and paid as bars, one line of time."""

    template: ClassVar[str] = "public/notice/project.html"

    figures: tuple[Figure, ...]
    bars: tuple[Bar, ...]
    steps: tuple[Step, ...]
    about: tuple[Figure, ...]
    story: tuple[str, ...]


class Paper(Struct, frozen=True):
    """An attachment that shows a step: its number in the list below, where it is to be had."""

    number: int
    href: str


class Vote(Struct, frozen=True, kw_only=True):
    """One of the six steps with its arithmetic; 未见记录 where `recorded` is false.

    `says` is what its counts come to and by which rule, `papers` lead to what shows it. `merged`
    says that it was taken with the step before.
    """

    id: int
    number: int
    word: Words
    recorded: bool
    day: Words
    what: str
    shares: tuple[Text, ...]
    pieces: tuple[Words, ...]
    says: tuple[Says, ...] = ()
    papers: tuple[Paper, ...] = ()
    merged: bool = False


class DecisionView(NoticeView, frozen=True, kw_only=True):
    """A decision: the matter, what was resolved, the vote as seats, the six steps.

    `households` says that the vote counted those. `money` are the sums that belong to it, `over`
    what is more than was agreed.
    """

    template: ClassVar[str] = "public/notice/decision.html"

    matter: str
    resolution: str
    amount: str
    seats: Seats | None
    favour: int
    households: bool
    steps: tuple[Vote, ...]
    money: tuple[tuple[Words, str], ...]
    over: tuple[Words, ...]


class AnnouncementView(NoticeView, frozen=True, kw_only=True):
    """An announcement: its text after the first sentence, in paragraphs."""

    template: ClassVar[str] = "public/notice/announcement.html"

    paragraphs: tuple[str, ...]


class OneRow(Struct, frozen=True, kw_only=True):
    """A row in full: its words, its amount as the number, its fields, the rows beside it.

    `near` has the row itself in its place; a row of a step has none beside it.
    """

    id: int
    name: Words
    what: Words
    number: Number | None
    figures: tuple[Figure, ...]
    near: tuple[Line, ...]


class RowView(NoticeView, frozen=True, kw_only=True):
    """One row at its own address, with all its fields and its neighbours; `back` is its notice."""

    template: ClassVar[str] = "public/notice/row.html"

    row: OneRow
    back: str


class TombstoneView(View, frozen=True, kw_only=True):
    """What remains of what was withdrawn: that it was, when, why, and whether a second confirmed.

    `title` is empty where it may itself be the leak. `bands` say of a paper what it is. `rests_on`
    is the rule by which the ground was one to choose.
    """

    template: ClassVar[str] = "public/notice/tombstone.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "notice")
    status: ClassVar[int] = 410

    page: Page
    state: Words
    title: Words
    says: tuple[Words, ...]
    confirmed: Words
    code: str
    number: str
    phones: tuple[Phone, ...]
    rests_on: Words = ""
    verify: str = ""
    bands: tuple[Band, ...] = ()
