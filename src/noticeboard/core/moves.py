"""The verbs on one notice: what each asks of the state it meets, and the state it leaves."""

from typing import assert_never

from msgspec.structs import replace

from noticeboard.core.actions import (
    Approve,
    Clear,
    Confirm,
    Erase,
    Extend,
    NoticeAction,
    Post,
    Publish,
    Redact,
    Return,
    Submit,
    Withdraw,
    verb,
)
from noticeboard.core.days import local, shifted
from noticeboard.core.erasing import erased
from noticeboard.core.notice import (
    Edition,
    Ended,
    Notice,
    Period,
    Posted,
    Published,
    Returned,
    Scheduled,
    SentBack,
    Submitted,
    TakenDown,
    published,
)
from noticeboard.core.noticing import hold
from noticeboard.core.people import Actor, Village
from noticeboard.core.problems import NotAllowed, NotFound, NotNow, NotValid
from noticeboard.core.rules import Rules

_ON_THE_LATEST = (Return, Clear, Approve, Publish)


def only(condition: bool, refusal: str, fix: str = "") -> None:
    """Refuse with NotNow unless the condition holds."""
    if not condition:
        raise NotNow(refusal, fix=fix)


def next_number(village: Village, at: int) -> str:
    """Give the register number the next publication gets: `2026-017`, gapless per Shanghai year."""
    year = str(local(at).year)
    return f"{year}-{village.register.get(year, 0) + 1:03d}"


def on_notice(
    village: Village,
    notice: Notice | None,
    action: NoticeAction,
    who: Actor,
    at: int,
    rules: Rules,
) -> Notice:
    """Judge an act on a notice; `step` has asked whether the office may use the verb."""
    if isinstance(action, Submit):
        return _submit(village, notice, action, who, at, rules)
    if notice is None:
        raise NotFound("没有这份公示。", value=action.code)
    if action.ed != notice.latest.ed and not isinstance(action, Post | Confirm):
        # A withdrawal must hit what people see, even while a correction waits for review.
        shown = notice.current
        if shown is None or action.ed != shown.ed or isinstance(action, _ON_THE_LATEST):
            raise NotNow("这一版已经不是最新的了。", fix="请刷新再看。")
    match action:
        case Return():
            return _returned(village, notice, action, at)
        case Approve():
            return _approved(village, notice, action, who, at, rules)
        case Clear():
            return _cleared(village, notice, action, who)
        case Publish():
            return _published(village, notice, action, at)
        case Withdraw():
            return _withdrawn(village, notice, action, who, at, rules)
        case Redact() | Erase():
            _ground(action, rules)
            return erased(village, notice, action, who, at)
        case Extend():
            return _extended(notice, action, at, rules)
        case Confirm():
            return _confirmed(notice, action, who, at)
        case Post():
            return _posted(village, notice, action, who, at)
        case _:
            assert_never(action)


def _with(notice: Notice, edition: Edition) -> Notice:
    editions = tuple(edition if old.ed == edition.ed else old for old in notice.editions)
    return replace(notice, editions=editions)


def _submit(
    village: Village, notice: Notice | None, action: Submit, who: Actor, at: int, rules: Rules
) -> Notice:
    if who.number not in action.writers:
        raise NotValid("送审的人必须列在起草人里。")
    if action.item is not None and action.item not in rules.catalogue:
        raise NotValid("公开目录里没有这一项。", value=action.item)
    edition = Edition(
        ed=action.ed,
        of=village.size,
        at=at,
        by=who.number,
        kind=action.kind,
        item=action.item,
        publisher=action.publisher,
        covers=action.covers,
        group=action.group,
        writers=action.writers,
        parts=action.parts,
        files=action.files,
        prev=action.prev,
        change=action.change,
        state=Submitted(),
        doubts=action.doubts or (),
        case=action.case or None,
        short=action.short or None,
    )
    if {doubt.part for doubt in edition.doubts} - {part.name for part in edition.parts}:
        raise NotValid("要核对的地方不在这一版里。")
    if notice is None:
        only(action.ed == 1 and action.prev is None, "这份公示还没有第一版。")
        return Notice(code=action.code, editions=(edition,))
    latest, current = notice.latest, notice.current
    shown = published(current) if current else None
    if action.prev != (shown.publish if shown else None):
        raise NotNow("要更正的那一版已经变了。", fix="请刷新再看。")
    if current is not None and action.kind != current.kind:
        raise NotValid("更正不能换种类。", value=action.kind)
    if (action.change is None) != (shown is None):
        raise NotValid("更正要说明改的是什么。")
    if isinstance(latest.state, Returned):
        only(action.ed == latest.ed, "请在退回的那一版上改。")
        if not set(latest.writers) <= set(action.writers):
            raise NotValid("退回之前的起草人也要列上。")
        return _with(notice, edition)
    only(isinstance(latest.state, Published | Ended), "已经有一版在审了。", "请等它审完。")
    only(action.ed == latest.ed + 1, "版次不对。", "请刷新再看。")
    return replace(notice, editions=(*notice.editions, edition))


def _returned(village: Village, notice: Notice, action: Return, at: int) -> Notice:
    latest = notice.latest
    only(isinstance(latest.state, Submitted | Scheduled), "现在不能退回。", "请刷新再看。")
    _same_submission(latest, action.of)
    back = SentBack(
        index=village.size,
        parts=tuple(part.name for part in (*latest.parts, *action.parts)),
        files=tuple(ref.c for ref in latest.files),
    )
    notice = replace(notice, sent_back=(*notice.sent_back, back))
    return _with(notice, replace(latest, state=Returned(of=village.size, at=at)))


def _same_submission(edition: Edition, of: int) -> None:
    only(edition.of == of, "它在您看过之后又改了。", "请重新看一遍再决定。")


def _cleared(village: Village, notice: Notice, action: Clear, who: Actor) -> Notice:
    latest = notice.latest
    waits = isinstance(latest.state, Submitted) and latest.doubts and latest.cleared is None
    only(bool(waits), "没有等您核对的地方。", "请刷新再看。")
    _same_submission(latest, action.of)
    if who.number in latest.writers:
        raise NotAllowed("自己写的，要请另一个人核对。")
    if action.doubts != latest.doubts:
        raise NotValid("核对的地方和起草人说的不一样。")
    return _with(notice, replace(latest, cleared=village.size))


def _approved(
    village: Village, notice: Notice, action: Approve, who: Actor, at: int, rules: Rules
) -> Notice:
    latest = notice.latest
    only(isinstance(latest.state, Submitted), "现在没有等您审的内容。", "请刷新再看。")
    _same_submission(latest, action.of)
    if who.number in latest.writers:
        raise NotAllowed("自己写的，要请另一个人审。")
    looked = not latest.doubts or latest.cleared is not None
    only(looked, "有的地方像是个人信息，还没有核对。", "请先逐处核对，确认不是，再同意公开。")
    if action.until is not None and action.until <= max(action.start, at):
        raise NotValid("结束要在开始之后。", field="until")
    hold(rules, action.pack or "", notice, max(action.start, at), action.until)
    state = Scheduled(
        period=Period(action.start, action.until), approve=village.size, by=who.number, at=at
    )
    return _with(notice, replace(latest, state=state))


def publishing(village: Village, notice: Notice, at: int) -> Publish | None:
    """Give the publish act that the clock owes for a notice at an instant, or None."""
    latest = notice.latest
    if not isinstance(latest.state, Scheduled) or at < latest.state.period.start:
        return None
    return Publish(
        code=notice.code,
        ed=latest.ed,
        of=latest.of,
        start=at,
        until=shifted(latest.state.promised, latest.state.period.until, at),
        no=next_number(village, at),
        parts=latest.parts,
        files=latest.files,
    )


def _published(village: Village, notice: Notice, action: Publish, at: int) -> Notice:
    due = publishing(village, notice, at)
    only(due is not None, "还没有到公开的时间。")
    if due != action:
        raise NotValid("公开的内容必须和同意的一样。")
    scheduled = notice.latest.state
    assert isinstance(scheduled, Scheduled)
    state = Published(
        period=Period(action.start, action.until),
        no=action.no,
        publish=village.size,
        at=at,
        planned=scheduled.promised,
        approve=scheduled.approve,
        by=scheduled.by,
        approved_at=scheduled.at,
    )
    former = notice.current
    if former is not None and isinstance(former.state, Published):
        ended = Ended(how="superseded", at=at, was=former.state, index=village.size)
        notice = _with(notice, replace(former, state=ended))
    return _with(notice, replace(notice.latest, state=state))


def _ground(action: Withdraw | Redact | Extend | Erase, rules: Rules) -> None:
    listed = next((grounds for act, grounds in rules.grounds.items() if act == verb(action)), {})
    if action.ground not in listed:
        raise NotValid("请从列出的理由里选一个。", value=action.ground, field="ground")


def _up(notice: Notice, ed: int) -> tuple[Edition, Published]:
    for edition in notice.editions:
        if edition.ed == ed and isinstance(edition.state, Published):
            return edition, edition.state
    raise NotNow("这一版现在没有公开。", fix="请刷新再看。")


def _withdrawn(
    village: Village, notice: Notice, action: Withdraw, who: Actor, at: int, rules: Rules
) -> Notice:
    edition, state = _up(notice, action.ed)
    _ground(action, rules)
    ended = Ended(how="withdrawn", at=at, was=state, index=village.size, ground=action.ground)
    down = TakenDown(index=village.size, act="withdraw", ground=action.ground, by=who.number, at=at)
    notice = _with(notice, replace(edition, state=ended))
    if isinstance(notice.latest.state, Scheduled):
        # It was agreed to before anybody knew this: the clock must not put it up on its own.
        notice = _with(notice, replace(notice.latest, state=Submitted()))
    return replace(notice, taken_down=(*notice.taken_down, down))


def _extended(notice: Notice, action: Extend, at: int, rules: Rules) -> Notice:
    edition, state = _up(notice, action.ed)
    _ground(action, rules)
    until = state.period.until
    only(until is not None and at < until, "已经期满，不能再延长。")
    if until is None or action.until <= until:
        raise NotValid("延长要比原来的结束更晚。", field="until")
    period = Period(state.period.start, action.until)
    return _with(notice, replace(edition, state=replace(state, period=period)))


def _confirmed(notice: Notice, action: Confirm, who: Actor, at: int) -> Notice:
    found = [down for down in notice.taken_down if down.index == action.of]
    only(bool(found) and found[0].confirmed_by is None, "没有等确认的撤下。", "请刷新再看。")
    if found[0].by == who.number:
        raise NotAllowed("自己撤下的，要请另一个人确认。")
    taken_down = tuple(
        replace(down, confirmed_by=who.number, confirmed_at=at) if down is found[0] else down
        for down in notice.taken_down
    )
    return replace(notice, taken_down=taken_down)


def _posted(village: Village, notice: Notice, action: Post, who: Actor, at: int) -> Notice:
    _edition, state = _up(notice, action.ed)
    only(state.publish == action.of, "墙上的纸不是现在这一版。", "请打印新的再贴。")
    posted = Posted(
        index=village.size, wall=action.wall, of=action.of, by=who.number, at=at, files=action.files
    )
    return replace(notice, posted=(*notice.posted, posted))
