"""A notice told in words at the desk: its mark, one line, and each thing that happened to it."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from noticeboard.board.history import Remembered
from noticeboard.board.mirroring import Told
from noticeboard.core import actions
from noticeboard.core.notice import (
    Ended,
    Notice,
    Published,
    Returned,
    Scheduled,
    Submitted,
    TakenDown,
    expired,
)
from noticeboard.core.particulars import KINDS
from noticeboard.core.people import CLOCK
from noticeboard.show.facts import Place
from noticeboard.show.sentences import KIND_WORDS
from noticeboard.show.texts import Text, Words, day, moment, text

ACTS: Mapping[str, Text] = {
    "submit": text("送审"),
    "return": text("退回"),
    "clear": text("核对"),
    "approve": text("同意公开"),
    "publish": text("公开"),
    "withdraw": text("撤下"),
    "confirm": text("确认"),
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


def unconfirmed_line(where: Place, down: TakenDown, by: int | None, at: int) -> Text:
    """Say who took something down, and when (`by` is its end) a second person must confirm it."""
    who, act = where.people.get(down.by, ""), ACTS[down.act]
    if by is None:
        return text("{who}{act}的，还没有第二个人确认。", who=who, act=act)
    last = day(by - 1, at)
    if at >= by:
        return text(
            "{who}{act}的，最晚{day}就该有第二个人确认，已经过了期限。", who=who, act=act, day=last
        )
    return text("{who}{act}的，最晚{day}要有第二个人确认。", who=who, act=act, day=last)


def kind_word(notice: Notice) -> Words:
    """Give the word for what kind of notice it is."""
    return next((KIND_WORDS[kind] for kind in KINDS if kind == notice.latest.kind), "")


def mark_of(where: Place, notice: Notice, at: int) -> tuple[Words, bool]:
    """Give the word of its mark, and whether nothing runs any more."""
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


def line_of(where: Place, notice: Notice, at: int) -> Words:
    """Say in one plain line where it stands."""
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


def past_of(where: Place, found: Remembered, at: int, told: Told | None = None) -> Past:
    """Say what one entry was: when, who under which office, what; of an erasure how far it came."""
    entry = found.entry
    office = where.rules.offices.get(entry.role)
    return Past(
        index=found.index,
        at=entry.at,
        who=text("到时间自动") if entry.by == CLOCK else where.people.get(entry.by, ""),
        office="" if entry.by == CLOCK or office is None else office.printed,
        act=ACTS.get(found.act, found.act),
        more=(*_more(where, found, at), *(_copies(told) if told else ())),
    )


def _copies(told: Told) -> Iterator[Words]:
    """Say which copies an erasure has reached, and that others are beyond reach."""
    if told.confirmed:
        yield text("已确认删除的副本：{names}", names="、".join(told.confirmed))
    if told.waiting:
        yield text("还没有确认的副本：{names}", names="、".join(told.waiting))
    yield text("别人自己存下的，收不回来。")


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
