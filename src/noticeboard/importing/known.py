"""What the board knows already of what a workbook says: the draft or notice it goes on with.

A workbook that is brought again, changed, must not double a notice: of what is there only the
differences count, and what was paid once is not paid again.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.board import drafting, history
from noticeboard.core.changes import Difference
from noticeboard.core.matching import Marks
from noticeboard.core.notice import Edition, Notice, Published, Returned, expired
from noticeboard.core.particulars import Content, Kind, Spending, Subsidy, kind_of
from noticeboard.core.problems import NotFound, NotValid
from noticeboard.importing.comparing import aligned, news
from noticeboard.store import drafts, notices
from noticeboard.store.concealed import Concealed
from noticeboard.store.drafts import Draft

Into = Literal["new", "draft", "returned", "published", "review"]
# Kinds of which a body has one for each period, whatever it is called; of the others the title
# tells which is which.
ONE_A_PERIOD: Final[frozenset[Kind]] = frozenset(
    {"spending", "subsidy", "asset", "contract", "labour"}
)
# So many notices are looked through, and so many of them read.
_LOOKED_BACK: Final = 400
_READ: Final = 40


class There(Struct, frozen=True, kw_only=True):
    """A draft or notice of a village as far as it can be read.

    `content` is what it says now, None of a draft that is not whole. `seen` is a draft's version.
    """

    code: str
    into: Into
    kind: str
    title: str
    covers: str
    publisher: str
    content: Content | None
    seen: int | None = None
    source: str = ""


class Plan(Struct, frozen=True, kw_only=True):
    """What one content becomes: a new draft, or the next state of what is there under `code`.

    What is in review cannot be changed: `into` says so, and a draft of its own is made of it.
    `seen` is the version of the draft it was compared with. `differences` is what is new about it;
    without any nothing has to be kept. `title` is what is there called; `before` is what
    it says now, as far as it could be read; `first` that a new draft is the only one of its name.
    `concealed` are the rows that were hidden in the workbook, `marks` those of its rows in order.
    """

    content: Content
    into: Into = "new"
    code: str = ""
    seen: int | None = None
    title: str = ""
    differences: tuple[Difference, ...] = ()
    before: Content | None = None
    first: bool = True
    concealed: Concealed = Concealed()
    marks: tuple[Marks, ...] = ()

    @property
    def nothing_new(self) -> bool:
        """Say whether what is there says the same already."""
        return self.before is not None and not self.differences

    @property
    def goes_on(self) -> str:
        """Give the code of the draft or notice that a draft of this goes on with, "" of none."""
        return "" if self.into == "review" else self.code


def look(tx: Connection, village: str, contents: Sequence[Content]) -> list[There]:
    """Read what a village has of the kinds of some contents: drafts first, then what is newest."""
    sorts = {(kind_of(content), content.publisher) for content in contents}
    return list(_there(tx, village, sorts)) if sorts else []


def plans(there: Sequence[There], contents: Sequence[Content], anew: Collection[int]) -> list[Plan]:
    """Find for each content what it goes on with; those at the places in `anew` are new ones."""
    sorts = Counter(map(_sort, contents))
    taken: set[str] = set()
    made = []
    for nth, content in enumerate(contents):
        free = [one for one in there if one.code not in taken]
        found = None if nth in anew else _same(content, free, alone=sorts[_sort(content)] == 1)
        if found is None:
            made.append(Plan(content=content, first=nth not in anew))
            continue
        taken.add(found.code)
        made.append(_plan(content, found))
    return made


def _plan(content: Content, found: There) -> Plan:
    now = aligned(content, found.content) if found.content else content
    return Plan(
        content=replace(now, files=content.files) if found.into == "review" else now,
        into=found.into,
        code=found.code,
        seen=found.seen,
        title=found.title,
        differences=news(now, found.content) if found.content else (),
        before=found.content,
    )


def _sort(content: Content) -> tuple[str, ...]:
    return kind_of(content), content.covers or "", content.publisher, programme(content)


def programme(content: Content) -> str:
    """Give what a body may have several of in one period: programmes, accounts."""
    match content.particulars:
        case Subsidy(programme=named):
            return named
        case Spending(account=account):
            return account
    return ""


def _same(content: Content, there: Sequence[There], *, alone: bool) -> There | None:
    kind = kind_of(content)
    fitting = [
        one
        for one in there
        if (one.kind, one.covers, one.publisher) == (kind, content.covers or "", content.publisher)
    ]
    titled = [one for one in fitting if one.title == content.title]
    if titled:
        return titled[0]
    if kind not in ONE_A_PERIOD or not content.covers or not alone:
        return None
    named = programme(content)
    likely = [
        one
        for one in fitting
        if one.content is None or not named or programme(one.content) in {"", named}
    ]
    return likely[0] if len(likely) == 1 else None


# What is there.


def _there(tx: Connection, village: str, sorts: Collection[tuple[str, str]]) -> Iterator[There]:
    drawer = {draft.code: draft for draft in drafts.of_village(tx, village)}
    for draft in drawer.values():
        if (draft.kind, draft.typed.get("publisher") or "committee") in sorts:
            yield _drafted(tx, draft)
    at = notices.head_of(tx, village).village.last_at
    going = (
        (notice, *_going(notice, at))
        for notice in _notices(tx, village)
        if notice.code not in drawer and (notice.latest.kind, notice.latest.publisher) in sorts
    )
    for notice, edition, into in islice(going, _READ):
        content = _content(tx, village, edition) if edition else None
        if edition is not None and content is not None:
            yield _noticed(notice, edition, into, content)


def _notices(tx: Connection, village: str) -> Iterator[Notice]:
    waiting = notices.waiting(tx, village)
    yield from waiting
    codes = {notice.code for notice in waiting}
    for notice in notices.shown(tx, village, _LOOKED_BACK):
        if notice.code not in codes:
            yield notice


def _going(notice: Notice, at: int) -> tuple[Edition | None, Into]:
    """Give the edition one would go on from, and what that means; none of what has ended."""
    latest, current = notice.latest, notice.current
    if isinstance(latest.state, Returned):
        return latest, "returned"
    if current is None or latest.ed != current.ed:
        return latest, "review"
    if isinstance(current.state, Published) and not expired(current, at):
        return current, "published"
    return None, "new"


def _content(tx: Connection, village: str, edition: Edition) -> Content | None:
    try:
        return drafting.content_of(tx, village, edition)
    except NotFound:
        return None


def _drafted(tx: Connection, draft: Draft) -> There:
    content: Content | None
    try:
        content = drafting.read_draft(draft)
    except NotValid:
        content = None
        if draft.ed > 1:
            # Half a correction: what it corrects is whole.
            current = history.named(tx, draft.village, draft.code).current
            content = _content(tx, draft.village, current) if current else None
    return There(
        code=draft.code,
        into="draft",
        kind=draft.kind,
        title=str(draft.typed.get("title", "")),
        covers=str(draft.typed.get("covers", "")),
        publisher=str(draft.typed.get("publisher") or "committee"),
        content=content,
        seen=draft.version,
        source=draft.source,
    )


def _noticed(notice: Notice, edition: Edition, into: Into, content: Content) -> There:
    return There(
        code=notice.code,
        into=into,
        kind=edition.kind,
        title=content.title,
        covers=content.covers or "",
        publisher=content.publisher,
        content=content,
        source=content.source,
    )
