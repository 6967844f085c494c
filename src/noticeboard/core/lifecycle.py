"""The rulebook: `step` says what a village and a notice are after an act, or why it may not be.

Everything that changes the board passes through `step`, and an audit passes every leaf through it
again under the rules bundle that the leaf names. So a check belongs here exactly if it can be
judged from leaves alone. Who may use which verb is data: `rules.offices[role].may`.
"""

from collections.abc import Iterator

from msgspec import UNSET
from msgspec.structs import replace

from noticeboard.core.actions import (
    Account,
    Action,
    Adopt,
    Appoint,
    Approve,
    Assess,
    Assign,
    Clear,
    Confirm,
    Dismiss,
    Erase,
    Establish,
    Extend,
    Genesis,
    Happen,
    Install,
    Key,
    Lose,
    Post,
    Publish,
    Redact,
    Return,
    Submit,
    Withdraw,
    verb,
)
from noticeboard.core.days import is_day
from noticeboard.core.moves import next_number, on_notice, only, publishing
from noticeboard.core.notes import ED25519, read_key
from noticeboard.core.notice import (
    Notice,
    Returned,
    Scheduled,
    published,
)
from noticeboard.core.people import CLOCK_OFFICE, THE_CLOCK, Actor, Village
from noticeboard.core.problems import NotAllowed, NotNow, NotValid, Problem
from noticeboard.core.rules import Rules

ADMIN = "admin"


def step(
    village: Village, notice: Notice | None, action: Action, who: Actor, at: int, rules: Rules
) -> tuple[Village, Notice | None]:
    """Judge one act at an instant and give the village and the notice after it.

    The next leaf's index is `village.size`. Raises NotAllowed when somebody else might, NotNow when
    the state is another one, NotValid when what is given contradicts itself, NotFound for a notice
    that is not there.
    """
    if at < village.last_at:
        raise NotNow("时间不能往回走。", fix="请核对这台机器的时钟。")
    match action:
        case Genesis():
            only(village.size == 0, "日志已经开了头。")
            _by_clock(who)
            _follows(action, rules)
            after = replace(
                village, code=action.village, demo=action.demo is True, keys=action.keys
            )
        case Appoint() | Dismiss():
            after = _office(village, action, who, rules)
        case Key():
            _may(village, action, who, rules)
            after = _keys(village, action)
        case Assess():
            _may(village, action, who, rules)
            after = _assessed(village, action, at, rules)
        case Happen():
            _may(village, action, who, rules)
            _dated(village, action, rules)
            after = village
        case Lose():
            _by_clock(who)
            after = village
        case Install() | Adopt() | Establish() | Account() | Assign():
            only(village.code == "", "这件事只能记在总日志里。")
            _by_clock(who)
            after = village
        case _:
            _may(village, action, who, rules)
            notice = on_notice(village, notice, action, who, at, rules)
            after = _registered(village, action)
    return replace(after, size=village.size + 1, last_at=at), notice


def _follows(genesis: Genesis, rules: Rules) -> None:
    if (genesis.predecessor is None) != (genesis.ground is UNSET):
        raise NotValid("接着别的日志开头，要写明接的是哪一个、为什么。")
    if genesis.ground is not UNSET and genesis.ground not in rules.grounds.get("genesis", {}):
        raise NotValid("请从列出的理由里选一个。", value=genesis.ground, field="ground")


def _by_clock(who: Actor) -> None:
    if who != THE_CLOCK:
        raise NotAllowed("这件事只由机器自己记。")


def _may(village: Village, action: Action, who: Actor, rules: Rules) -> None:
    office = rules.offices.get(who.role)
    if office is None or not village.holds(who):
        raise NotAllowed("您在这个村没有这个职务。", value=who.role)
    if verb(action) not in office.may:
        raise NotAllowed("这个职务不能做这件事。", value=office.name, fix="请换有权的人来做。")


def _office(village: Village, action: Appoint | Dismiss, who: Actor, rules: Rules) -> Village:
    if action.office not in rules.offices or action.office == CLOCK_OFFICE:
        raise NotValid("没有这个职务。", value=action.office)
    # A village without anybody would stay without: its first keeper appoints themselves.
    first = not village.offices and action.office == ADMIN == who.role and action.who == who.number
    if not (isinstance(action, Appoint) and first):
        _may(village, action, who, rules)
    held = village.offices.get(action.who, ())
    if isinstance(action, Appoint):
        only(action.office not in held, "已经担任这个职务了。")
        return replace(village, offices={**village.offices, action.who: (*held, action.office)})
    only(action.office in held, "并没有担任这个职务。")
    left = tuple(role for role in held if role != action.office)
    if action.office == ADMIN:
        others = any(
            ADMIN in roles for who_, roles in village.offices.items() if who_ != action.who
        )
        only(others, "这是最后一位管理员。", "请先任命另一位。")
    return replace(village, offices={**village.offices, action.who: left})


def _assessed(village: Village, action: Assess, at: int, rules: Rules) -> Village:
    if rules.masking is None or action.programme not in rules.masking.programmes:
        raise NotValid("没有登记这个项目。", value=action.programme, field="programme")
    only(action.programme not in village.assessed, "这个项目已经评估过了。")
    return replace(village, assessed={**village.assessed, action.programme: at})


def _dated(village: Village, action: Happen, rules: Rules) -> None:
    if action.item not in rules.catalogue:
        raise NotValid("公开目录里没有这一项。", value=action.item, field="item")
    if action.day is None and action.of is None:
        raise NotValid("请写是哪一天。", field="day")
    if action.day is not None and not is_day(action.day):
        raise NotValid("没有这一天。", value=action.day, fix="写成 2026-01-15。", field="day")
    if action.of is not None:
        only(0 < action.of < village.size, "没有记过这件事。", "请刷新再看。")


def _keys(village: Village, action: Key) -> Village:
    key = read_key(action.key)
    if key.kind != ED25519 or key.name != village.origin:
        raise NotValid("这不是这个村的日志钥匙。", value=action.key)
    if action.change == "add":
        only(action.key not in village.keys, "这把钥匙已经记在日志里了。")
        return replace(village, keys=(*village.keys, action.key))
    only(action.key in village.keys, "日志里没有这把钥匙。")
    only(len(village.keys) > 1, "这是最后一把钥匙。", "请先换上另一把。")
    return replace(village, keys=tuple(kept for kept in village.keys if kept != action.key))


def _registered(village: Village, action: Action) -> Village:
    if not isinstance(action, Publish):
        return village
    year, number = action.no.split("-")
    return replace(village, register={**village.register, year: int(number)})


def owed(notice: Notice) -> int | None:
    """Give the next instant at which the clock owes this notice something, or None."""
    state = notice.latest.state
    return state.period.start if isinstance(state, Scheduled) else None


def candidates(notice: Notice, who: Actor, at: int, rules: Rules) -> Iterator[Action]:
    """Give one plausible act per verb on a notice, for `choices` to try."""
    code, latest = notice.code, notice.latest
    shown = notice.current
    live = published(shown) if shown else None
    ed = shown.ed if shown else latest.ed
    first = {act: next(iter(grounds), "") for act, grounds in rules.grounds.items()}
    yield Return(code=code, ed=latest.ed, of=latest.of, parts=())
    # Whatever the place says, what stays until it is replaced stays long enough.
    anywhere = next(iter(rules.packs), UNSET) if latest.item else UNSET
    yield Approve(code=code, ed=latest.ed, of=latest.of, start=at, until=None, pack=anywhere)
    yield Clear(code=code, ed=latest.ed, of=latest.of, doubts=latest.doubts)
    yield Withdraw(code=code, ed=ed, ground=first.get("withdraw", ""))
    yield Redact(
        code=code, ed=ed, ground=first.get("redact", ""), parts=("text",), rows=(), files=()
    )
    yield Erase(code=code, ed=ed, ground=first.get("erase", ""), parts=("text",), rows=(), files=())
    until = live.period.until if live else None
    yield Extend(code=code, ed=ed, ground=first.get("extend", ""), until=(until or at) + 1)
    yield Post(code=code, ed=ed, wall="", of=live.publish if live else 0, files=())
    for down in notice.taken_down:
        yield Confirm(code=code, ed=ed, of=down.index)
    prev, change = (live.publish, "substance") if live else (None, None)
    returned = isinstance(latest.state, Returned)
    yield Submit(
        code=code,
        ed=latest.ed if returned else latest.ed + 1,
        kind=latest.kind,
        item=None,
        publisher=latest.publisher,
        covers=None,
        group=None,
        # Whoever mends what was sent back joins those who wrote it.
        writers=tuple({*(latest.writers if returned else ()), who.number}),
        parts=(),
        files=(),
        prev=prev,
        change=change,  # type: ignore[arg-type]  # the pair above narrows to Change | None
    )


def choices(village: Village, notice: Notice, number: int, at: int, rules: Rules) -> set[str]:
    """Give the verbs `step` would allow a person on a notice now; buttons are made of these."""
    allowed = set()
    for role in village.offices.get(number, ()):
        who = Actor(number, role)
        for action in candidates(notice, who, at, rules):
            try:
                step(village, notice, action, who, max(at, village.last_at), rules)
            except Problem:
                continue
            allowed.add(verb(action))
    return allowed


def acting(village: Village, number: int, action: Action, rules: Rules) -> Actor:
    """Choose the office a person acts under: the first they hold that may use the verb."""
    held = village.offices.get(number, ())
    if not village.offices and isinstance(action, Appoint):
        # Nobody holds an office yet: the first keeper acts under the one being taken.
        return Actor(number, action.office)
    for role in held:
        office = rules.offices.get(role)
        if office and verb(action) in office.may:
            return Actor(number, role)
    if held:
        return Actor(number, held[0])
    raise NotAllowed("您在这个村没有职务。", fix="请管理员先任命。")


__all__ = ["ADMIN", "acting", "candidates", "choices", "next_number", "owed", "publishing", "step"]
