"""A notice on the desk: where it stands, what it says, what happened, and what may be done now."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board import Board, accounts, drafting, history
from noticeboard.board.history import Remembered
from noticeboard.core import actions
from noticeboard.core.days import local
from noticeboard.core.lifecycle import choices
from noticeboard.core.notice import (
    Ended,
    Notice,
    Published,
    Returned,
    Scheduled,
    Submitted,
    expired,
    published,
)
from noticeboard.core.particulars import KINDS, Attachment
from noticeboard.core.people import CLOCK, Wall
from noticeboard.core.problems import Finding, NotFound
from noticeboard.core.rules import GroundedAct
from noticeboard.show.facts import Place, place
from noticeboard.show.foot import File
from noticeboard.show.poster import poster_draft
from noticeboard.show.render import View
from noticeboard.show.sentences import KIND_WORDS
from noticeboard.show.texts import Text, Words, day, moment, text
from noticeboard.show.views_notice import draft_view
from noticeboard.store import drafts, notices
from noticeboard.store.people import Account
from noticeboard.web.answers import DeskView, desk, script
from noticeboard.web.inbox import title_of
from noticeboard.web.stated import Version, version

ACTS: Mapping[str, Text] = {
    "submit": text("送审"),
    "return": text("退回"),
    "approve": text("同意公开"),
    "publish": text("公开"),
    "withdraw": text("撤下"),
    "confirm": text("确认撤下"),
    "redact": text("隐去"),
    "extend": text("延长"),
    "erase": text("删除"),
    "post": text("张贴"),
}


class Past(Struct, frozen=True, kw_only=True):
    """One thing that happened: when, who under which office, what, and what belongs to it."""

    index: int
    at: int
    who: Words
    office: str
    act: Words
    more: tuple[Words, ...] = ()


class Down(Struct, frozen=True):
    """A taking down that waits for a second person; `mine` says whether it may be this one."""

    index: int
    line: Words
    mine: bool


class Line(Struct, frozen=True):
    """A row that may be blacked out: its id and what tells it from others."""

    id: int
    words: str


class Paper(DeskView, frozen=True, kw_only=True):
    """A notice's page on the desk. `may` are the verbs the rulebook allows this person now.

    `act` is the verb whose form was refused, `typed` what stood in it. `shown` is the publish leaf
    that a paper on a wall shows.
    """

    template: ClassVar[str] = "desk/notice.html"

    code: str
    kind: Words
    title: Words
    mark: Words
    still: bool
    line: Words
    may: frozenset[str]
    of: int
    shown: int | None
    up: bool
    draft: bool
    returned: bool
    versions: tuple[Version, ...]
    past: tuple[Past, ...]
    downs: tuple[Down, ...]
    grounds: Mapping[GroundedAct, tuple[tuple[str, str], ...]]
    walls: tuple[Wall, ...]
    lines: tuple[Line, ...]
    files: tuple[Attachment, ...]
    until: str
    done: Words = ""
    act: str = ""
    typed: Mapping[str, str] = {}


def paper(
    board: Board,
    me: Account,
    village: str,
    code: str,
    *,
    done: int | None = None,
    act: str = "",
    typed: Mapping[str, str] | None = None,
    findings: Sequence[Finding] = (),
) -> Paper:
    """Read a notice for one person; raises NotFound, and NotAllowed for somebody without office."""
    number = accounts.seat(board, me.id, village)
    at = board.now()
    with board.database.read() as tx:
        where = place(tx, village)
        notice = notices.get(tx, village, code)
        if notice is None:
            raise NotFound("没有这份公示。", value=code)
        past = tuple(_past(where, found, at) for found in history.of_notice(tx, village, code))
        may = frozenset(choices(where.village, notice, number, at, where.rules))
        shown = published(notice.current) if notice.current else None
        up = notice.current is not None and isinstance(notice.current.state, Published)
        versions = tuple(_versions(tx, where, notice))
        mark, still = _mark(where, notice, at)
        return Paper(
            desk=desk(board, tx, me, title_of(tx, village, notice.latest), village),
            findings=tuple(findings),
            code=code,
            kind=_kind(notice),
            title=title_of(tx, village, notice.latest),
            mark=mark,
            still=still,
            line=_line(where, notice, at),
            may=may,
            of=notice.latest.of,
            shown=shown.publish if shown and up else None,
            up=up,
            draft=drafts.find(tx, village, code) is not None,
            returned=isinstance(notice.latest.state, Returned),
            versions=versions,
            past=past,
            downs=tuple(_downs(where, notice, number, may, at)),
            grounds=_grounds(where),
            walls=where.profile.walls,
            lines=_lines(versions, notice),
            files=_files(versions, notice),
            until=f"{local(shown.period.until - 1):%Y-%m-%d}"
            if shown and shown.period.until
            else "",
            done=next((event.act for event in past if event.index == done), ""),
            act=act,
            typed=typed or {},
        )


class Review(DeskView, frozen=True, kw_only=True):
    """What waits for a second person. `of` is the submit leaf that is shown, and agreed to.

    `own` says that this person wrote it, `days` is what the rules suggest for its `mode`, `grow`
    where the script is that shows the page in its whole length.
    """

    template: ClassVar[str] = "desk/review.html"

    code: str
    kind: Words
    of: int
    line: Words
    may: frozenset[str]
    own: bool
    grow: str
    versions: tuple[Version, ...]
    files: tuple[Attachment, ...]
    mode: Words
    days: int
    today: str
    act: str = ""
    typed: Mapping[str, str] = {}


def review(
    board: Board,
    me: Account,
    village: str,
    code: str,
    *,
    act: str = "",
    typed: Mapping[str, str] | None = None,
    findings: Sequence[Finding] = (),
) -> Review:
    """Read what was submitted of a notice; raises NotFound."""
    number = accounts.seat(board, me.id, village)
    at = board.now()
    with board.database.read() as tx:
        where = place(tx, village)
        notice = notices.get(tx, village, code)
        if notice is None:
            raise NotFound("没有这份公示。", value=code)
        latest = notice.latest
        item = where.rules.catalogue.get(latest.item or "")
        mode = item.mode if item else "公开"
        versions = tuple(_versions(tx, where, notice))
        return Review(
            desk=desk(board, tx, me, title_of(tx, village, latest), village),
            findings=tuple(findings),
            code=code,
            kind=_kind(notice),
            of=latest.of,
            line=_line(where, notice, at),
            may=frozenset(choices(where.village, notice, number, at, where.rules)),
            own=number in latest.writers,
            grow=script("grow"),
            versions=versions,
            files=versions[0].files,
            mode=text(mode),
            days=where.rules.suggestions[mode].n,
            today=f"{local(at):%Y-%m-%d}",
            act=act,
            typed=typed or {},
        )


def as_shown(board: Board, me: Account, village: str, code: str, surface: str) -> View:
    """Give the latest edition as its page (phone) or its paper will show it; raises NotFound."""
    accounts.seat(board, me.id, village)
    at = board.now()
    with board.database.read() as tx:
        where = place(tx, village)
        notice = notices.get(tx, village, code)
        if notice is None:
            raise NotFound("没有这份公示。", value=code)
        content = drafting.content_of(tx, village, notice.latest)
        mark, _still = _mark(where, notice, at)
    if surface == "paper":
        return poster_draft(where, content, at)
    if surface != "phone":
        raise NotFound("没有这种预览。", value=surface)
    pictures = f"/desk/{village}/files"
    files = tuple(
        File(
            href=f"{pictures}/{file.c}",
            thumb=f"{pictures}/{file.c}",
            caption=file.caption,
            width=file.width,
            height=file.height,
            kilobytes=-(-file.len // 1024),
        )
        for file in content.files
    )
    return draft_view(where, content, at, files=files, state=mark)


def _kind(notice: Notice) -> Words:
    return next((KIND_WORDS[kind] for kind in KINDS if kind == notice.latest.kind), "")


def _versions(tx: Connection, where: Place, notice: Notice) -> Iterator[Version]:
    """Give the latest edition, and the one on the board where that is another."""
    current = notice.current
    before = current if current and current.ed != notice.latest.ed else None
    yield version(tx, where, notice.latest, before)
    if before:
        yield version(tx, where, before)


def _mark(where: Place, notice: Notice, at: int) -> tuple[Words, bool]:
    latest = notice.latest
    match latest.state:
        case Returned():
            return text("退回"), True
        case Submitted():
            return text("待审"), True
        case Scheduled():
            return text("待公开"), True
        case Ended():
            return text("已撤下"), True
    if expired(latest, at):
        return text("期满"), True
    item = where.rules.catalogue.get(latest.item or "")
    return text("公示中" if item and item.mode == "公示" else "已公开"), False


def _line(where: Place, notice: Notice, at: int) -> Words:
    latest = notice.latest

    def name(number: int) -> str:
        return where.people.get(number, "")

    match latest.state:
        case Returned(at=since):
            return text("{day}退回给{who}改。", day=day(since, at), who=name(latest.writers[0]))
        case Submitted():
            return text(
                "{who} {moment} 送审，等另一个人看。",
                who=name(latest.by),
                moment=moment(latest.at, at),
            )
        case Scheduled(period=period, by=by):
            return text(
                "{who}同意了，{moment} 自动公开。", who=name(by), moment=moment(period.start, at)
            )
        case Ended(at=since):
            return text("{day}撤下。", day=day(since, at))
        case Published() as state if state.period.until is None:
            return text("第 {no} 号，{day}公开，一直挂着。", no=state.no, day=day(state.at, at))
        case Published() as state:
            return text(
                "第 {no} 号，{day}公开，到{until}为止。",
                no=state.no,
                day=day(state.at, at),
                until=day((state.period.until or 0) - 1, at),
            )
    return ""


def _past(where: Place, found: Remembered, at: int) -> Past:
    entry = found.entry
    office = where.rules.offices.get(entry.role)
    return Past(
        index=found.index,
        at=entry.at,
        who=text("到时间自动") if entry.by == CLOCK else where.people.get(entry.by, ""),
        office="" if entry.by == CLOCK or office is None else office.printed,
        act=ACTS.get(found.act, found.act),
        more=tuple(_more(where, found, at)),
    )


def _more(where: Place, found: Remembered, at: int) -> Iterator[Words]:
    action = found.entry.action
    if found.reason:
        yield text("原因：{reason}", reason=found.reason)
    match action:
        case actions.Submit(ed=ed) if ed > 1:
            yield text("第{ed}版", ed=ed)
        case actions.Approve(start=start, until=until) | actions.Publish(start=start, until=until):
            if isinstance(action, actions.Publish):
                yield text("第 {no} 号", no=action.no)
            yield text("从 {moment} 起", moment=moment(start, at))
            yield text("不定期限") if until is None else text("到{day}", day=day(until - 1, at))
        case (
            actions.Withdraw(ground=ground)
            | actions.Redact(ground=ground)
            | actions.Erase(ground=ground)
            | actions.Extend(ground=ground)
        ):
            listed = where.rules.grounds.get(found.act, {}).get(ground)  # type: ignore[call-overload]  # the acts with grounds are exactly its keys
            yield listed.text if listed else ground
            if isinstance(action, actions.Extend):
                yield text("到{day}", day=day(action.until - 1, at))
        case actions.Post(wall=code):
            yield next((wall.name for wall in where.profile.walls if wall.code == code), code)


def _downs(
    where: Place, notice: Notice, number: int, may: frozenset[str], at: int
) -> Iterator[Down]:
    for down in notice.taken_down:
        if down.confirmed_by is not None:
            continue
        by = history.confirm_by(down, where.rules)
        who, act = where.people.get(down.by, ""), ACTS[down.act]
        line = text("{who}{act}的，还没有第二个人确认。", who=who, act=act)
        if by is not None:
            word = "{who}{act}的，{day}前要有第二个人确认。"
            if at >= by:
                word = "{who}{act}的，{day}前就该有第二个人确认，已经过了期限。"
            line = text(word, who=who, act=act, day=day(by - 1, at))
        yield Down(down.index, line, "confirm" in may and down.by != number)


def _grounds(where: Place) -> Mapping[GroundedAct, tuple[tuple[str, str], ...]]:
    return {
        act: tuple((code, ground.text) for code, ground in grounds.items())
        for act, grounds in where.rules.grounds.items()
    }


def _shown_version(versions: Sequence[Version], notice: Notice) -> Version | None:
    current = notice.current
    return next((v for v in versions if current and v.ed == current.ed), None)


def _lines(versions: Sequence[Version], notice: Notice) -> tuple[Line, ...]:
    shown = _shown_version(versions, notice)
    if shown is None or shown.table is None:
        return ()
    return tuple(
        Line(int(id_), " · ".join(cell for cell in cells if cell)[:60])
        for id_, cells in shown.table.rows
    )


def _files(versions: Sequence[Version], notice: Notice) -> tuple[Attachment, ...]:
    shown = _shown_version(versions, notice)
    return shown.files if shown else ()
