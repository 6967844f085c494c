"""What the board knows already of what a workbook says: the draft or notice it goes on with.

A workbook that is brought again, changed, must not double a notice: of what is there only the
differences count, and what was paid once is not paid again.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Final, Literal

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board import drafting, history
from noticeboard.core.changes import Difference
from noticeboard.core.notice import Edition, Notice, Published, Returned, expired
from noticeboard.core.particulars import Content, Kind, Spending, Subsidy, kind_of
from noticeboard.core.problems import Finding, NotFound, NotValid
from noticeboard.core.sheet import SheetProblem
from noticeboard.core.sheet.report import Level
from noticeboard.importing.comparing import aligned, news
from noticeboard.store import drafts, notices
from noticeboard.store.drafts import Draft

Into = Literal["new", "draft", "returned", "published", "review"]
# Kinds of which a body has one for each period, whatever it is called; of the others the title
# tells which is which.
_ONE_A_PERIOD: Final[frozenset[Kind]] = frozenset(
    {"spending", "subsidy", "asset", "contract", "labour"}
)
# So many notices are looked through, and so many of them read.
_LOOKED_BACK: Final = 400
_READ: Final = 40
_NAMED: Final = 5
_TWICE: Final = "请核对是不是重复。"
_LATER: Final = "请等审完，或请审的人退回；也可以另存成一份新的。"


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

    `seen` is the version of the draft it was compared with. `differences` is what is new about it;
    without any nothing has to be kept. `title` is what is there called; `whole` says that it could
    be read and compared.
    """

    content: Content
    into: Into = "new"
    code: str = ""
    seen: int | None = None
    title: str = ""
    differences: tuple[Difference, ...] = ()
    before: Content | None = None

    @property
    def nothing_new(self) -> bool:
        """Say whether what is there says the same already."""
        return self.before is not None and not self.differences


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
            made.append(Plan(content=content))
            continue
        taken.add(found.code)
        made.append(_plan(content, found))
    return made


def _plan(content: Content, found: There) -> Plan:
    now = aligned(content, found.content) if found.content else content
    return Plan(
        content=now,
        into=found.into,
        code=found.code,
        seen=found.seen,
        title=found.title,
        differences=news(now, found.content) if found.content else (),
        before=found.content,
    )


def _sort(content: Content) -> tuple[str, ...]:
    return kind_of(content), content.covers or "", content.publisher, _programme(content)


def _programme(content: Content) -> str:
    """Give what a body may have several of in one period: programmes, accounts."""
    match content.particulars:
        case Subsidy(programme=programme):
            return programme
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
    if kind not in _ONE_A_PERIOD or not content.covers or not alone:
        return None
    named = _programme(content)
    likely = [
        one
        for one in fitting
        if one.content is None or not named or _programme(one.content) in {"", named}
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


# What to look at.


def warnings(there: Sequence[There], made: Sequence[Plan]) -> Iterator[SheetProblem]:
    """Say what the board has of this already: the same file, the same time, the same payments.

    What goes on with an edition in review is an error: that one must come back first.
    """
    codes = {plan.code for plan in made}
    others = [one for one in there if one.code not in codes and one.content is not None]
    for one in others:
        if one.source and one.source == made[0].content.source:
            text = "这个文件已经导入过，成了“{title}”"
            yield _problem("warning", Finding(text, fix=_TWICE, args={"title": one.title}))
    for plan in made:
        if plan.into == "review" and plan.differences:
            text = "“{title}”正在审，不能改"
            yield _problem("error", Finding(text, fix=_LATER, args={"title": plan.title}))
        for one in others:
            yield from _overlapping(plan, one)


def _problem(level: Level, finding: Finding) -> SheetProblem:
    return SheetProblem(level, "", "", finding)


def _overlapping(plan: Plan, one: There) -> Iterator[SheetProblem]:
    content = plan.content
    if one.content is None or _other_book(one.content, content):
        return
    args: dict[str, str | int] = {"title": one.title}
    again = _again(content, one.content)
    if again:
        args |= {"n": len(again), "rows": "、".join(again[:_NAMED])}
        text = "“{title}”里已经有这些，共 {n} 行：{rows}"
        yield _problem("warning", Finding(text, fix=_TWICE, args=args))
    elif plan.into == "new" and _overlap(one.covers, content.covers or ""):
        text = "“{title}”也是这个时期的"
        yield _problem("warning", Finding(text, fix=_TWICE, args=args))


def _other_book(one: Content, other: Content) -> bool:
    """Say whether two have nothing to do with each other: other bodies, accounts, programmes."""
    if (kind_of(one), one.publisher) != (kind_of(other), other.publisher):
        return True
    names = {_programme(one), _programme(other)}
    return kind_of(one) not in _ONE_A_PERIOD or (len(names) > 1 and "" not in names)


def _overlap(one: str, other: str) -> bool:
    if not one or not other:
        return False
    return bool(_months(one) & _months(other))


def _months(covers: str) -> frozenset[str]:
    year, _, part = covers.partition("-")
    if part.startswith("Q"):
        first = 3 * int(part[1:]) - 2
        return frozenset(f"{year}-{month:02d}" for month in range(first, first + 3))
    return frozenset({covers} if part else (f"{year}-{month:02d}" for month in range(1, 13)))


def _again(content: Content, before: Content) -> list[str]:
    """Name the payments that another notice states too, to the last detail."""
    match content.particulars, before.particulars:
        case Spending(rows=rows), Spending(rows=earlier):
            old = {(r.date, r.voucher, r.summary, r.payee, r.income, r.expense) for r in earlier}
            return [
                f"{r.date} {r.summary}"
                for r in rows
                if (r.date, r.voucher, r.summary, r.payee, r.income, r.expense) in old
            ]
        case Subsidy(rows=paid), Subsidy(rows=earlier) if content.covers == before.covers:
            had = {(r.group, r.name, r.tail, r.amount) for r in earlier if r.name}
            return [
                f"{r.group}{r.name}" for r in paid if (r.group, r.name, r.tail, r.amount) in had
            ]
    return []
