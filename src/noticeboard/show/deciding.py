"""What adds up of a decision, in words: each step's counts against its rule, and where money went.

The page says the arithmetic and what it rests on, or 未见记录. It never says what follows from it.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.core import quorum
from noticeboard.core.flow import Flow, flow, names
from noticeboard.core.money import yuan
from noticeboard.core.particulars import Content, Decision
from noticeboard.core.parts import join
from noticeboard.core.quorum import (
    Backwards,
    Bare,
    Check,
    Counted,
    Merged,
    Share,
    Spaced,
    Unstated,
)
from noticeboard.core.rules import Rules
from noticeboard.core.sourced import Sourced
from noticeboard.core.visible import visible
from noticeboard.show.basis import words as basis
from noticeboard.show.facts import Place
from noticeboard.show.texts import Text, Words, day, text
from noticeboard.store import blobs, notices, search

_DIGITS: Final = "零一二三四五六七八九"
# More notices about one decision than any village writes.
_MOST: Final = 200
_UNSTATED: Final = {
    "due": text("应到多少：未见记录。"),
    "present": text("实到多少：未见记录。"),
    "in_favour": text("赞成多少：未见记录。"),
    "meeting": text("开的是什么会：未见记录。"),
}


class Says(Struct, frozen=True, kw_only=True):
    """A sentence about a step (0: about all of it), and what it rests on.

    `short` says that a number is below what it is held against.
    """

    step: int
    words: Words
    rests_on: Words = ""
    short: bool = False


class Weighed(Struct, frozen=True, kw_only=True):
    """A decision held against the rules of its day.

    `public` is what its page says, `hints` what only its writers and reviewers are told; `meeting`
    names what met for the fourth step. `flow` is where its money went.
    """

    public: tuple[Says, ...] = ()
    hints: tuple[Says, ...] = ()
    meeting: Words = ""
    merged: bool = False
    flow: Flow | None = None

    def of(self, step: int) -> tuple[Says, ...]:
        """Give what the page says of a step, each source once."""
        found, told = list[Says](), list[Words]()
        for one in self.public:
            if one.step == step:
                found.append(replace(one, rests_on="") if one.rests_on in told else one)
                told.append(one.rests_on)
        return tuple(found)


def weigh(rules: Rules, pack: str, decision: Decision, money: Flow | None = None) -> Weighed:
    """Hold a decision against what a place says, and say it."""
    public, hints = list[Says](), list[Says]()
    checks = quorum.checks(rules, pack, decision)
    for check in checks:
        (public if _public(check) else hints).append(_say(rules, check))
    met = quorum.meetings(rules, pack).get(decision.meeting or "")
    return Weighed(
        public=tuple(public),
        hints=tuple(hints),
        meeting=Text(met.name, {}, met.english) if met else "",
        merged=any(isinstance(one, Merged) and one.rule for one in checks),
        flow=money if money and money.projects else None,
    )


def money_of(tx: Connection, where: Place, code: str, decision: Decision, at: int) -> Flow:
    """Follow a decision's money through the notices that name it and are public now."""
    found = dict(_linked(tx, where, code, at))
    for project in tuple(found):
        found.update(_linked(tx, where, project, at))
    return flow(code, decision, found.items())


def _linked(tx: Connection, where: Place, code: str, at: int) -> Iterator[tuple[str, Content]]:
    for other in search.find(tx, where.code, code, _MOST):
        notice = notices.get(tx, where.code, other) if other != code else None
        current = notice.current if notice else None
        if notice is None or current is None:
            continue
        if visible(notice, current, "page", at, where.rules) not in ("full", "figures"):
            continue
        stated = join(blobs.bodies_of(tx, where.code, current.parts)[0], names=False)
        if stated is not None and names(stated.content, code):
            yield other, stated.content


def money_words(money: Flow) -> tuple[tuple[Words, str], ...]:
    """Give the sums of a decision's money, each under its label, as far as somebody states one."""
    sums: tuple[tuple[Words, int | None], ...] = (
        (text("决议定的"), money.decided),
        (text("合同"), money.contracted),
        (text("项目上写的已付"), money.paid),
        (text("账上写的已付"), money.booked),
    )
    return tuple((label, yuan(sum_)) for label, sum_ in sums if sum_ is not None)


def over_words(money: Flow) -> tuple[Words, ...]:
    """Say by how much contracts are above the decision, and payments above the contracts."""
    said: list[Words] = []
    if money.over_contract:
        said.append(text("合同比决议定的多 {amount} 元。", amount=yuan(money.over_contract)))
    if money.over_payment and money.contracted is not None:
        said.append(text("已付的比合同多 {amount} 元。", amount=yuan(money.over_payment)))
    elif money.over_payment:
        said.append(text("已付的比决议定的多 {amount} 元。", amount=yuan(money.over_payment)))
    return tuple(said)


def _public(check: Check) -> bool:
    match check:
        case Spaced(rule=rule):
            return quorum.binding(rule)
        case Merged(rule=rule):
            return rule is not None
        case Bare():
            return False
    return True


def _say(rules: Rules, check: Check) -> Says:
    match check:
        case Counted(step=step, rule=rule, holds=holds):
            return Says(
                step=step, words=_count(check), rests_on=_basis(rules, rule), short=not holds
            )
        case Unstated(step=step, what=what, rule=needed):
            rests_on = _basis(rules, needed) if needed else ""
            return Says(step=step, words=_UNSTATED[what], rests_on=rests_on, short=True)
        case Spaced(step=step, rule=limit, holds=holds):
            rests_on = _basis(rules, limit)
            return Says(step=step, words=_spaced(check), rests_on=rests_on, short=not holds)
        case Backwards(step=step, before=before, earlier=earlier):
            said = text("日期在第 {before} 步（{day}）的前面。", before=before, day=day(earlier))
            return Says(step=step, words=said, short=True)
        case Merged(step=step, rule=figure) if figure is not None:
            said = text("书记、主任是一个人，和第 1 步一起开的。")
            return Says(step=step, words=said, rests_on=_basis(rules, figure))
        case Merged(step=step):
            said = text("当地的规则没有说前两步可以一起开，页面上写未见记录。")
            return Says(step=step, words=said, short=True)
        case Bare(step=step):
            return Says(step=step, words=text("没有附会议记录、照片。"), short=True)


def _basis(rules: Rules, rule: Sourced) -> Words:
    return basis(rules, rule.source, rule.verified)


def _count(check: Counted) -> Text:
    args: dict[str, Text | str | int] = {"of": check.of, "count": check.count}
    match check.what, check.share.of == "present", check.households:
        case "attended", _, False:
            counted = text("应到 {of} 人，实到 {count} 人", **args)
        case "attended", _, True:
            counted = text("应到 {of} 户，实到 {count} 户", **args)
        case _, True, False:
            counted = text("到会 {of} 人，赞成 {count} 人", **args)
        case _, True, True:
            counted = text("到会 {of} 户，赞成 {count} 户", **args)
        case _, False, False:
            counted = text("应到 {of} 人，赞成 {count} 人", **args)
        case _:
            counted = text("应到 {of} 户，赞成 {count} 户", **args)
    share = share_words(check.share)
    match check.share.more, check.holds:
        case False, True:
            return text("{counted}，达到{share}。", counted=counted, share=share)
        case False, False:
            return text("{counted}，未达{share}。", counted=counted, share=share)
        case True, True:
            return text("{counted}，超过{share}。", counted=counted, share=share)
    return text("{counted}，没有超过{share}。", counted=counted, share=share)


def share_words(share: Share) -> Text:
    """Say a share without what it is of: 三分之二, 一半."""
    if (share.part, share.whole) == (1, 2):
        return text("一半")
    said = f"{_DIGITS[share.whole]}分之{_DIGITS[share.part]}"
    return Text(said, english=f"{share.part}/{share.whole}")


def _spaced(check: Spaced) -> Text:
    args: dict[str, Text | str | int] = {"days": check.days, "least": check.rule.n}
    match check.what, check.holds:
        case "called", True:
            return text("提前 {days} 天通知，够 {least} 天。", **args)
        case "called", False:
            return text("提前 {days} 天通知，不到 {least} 天。", **args)
        case "between", True:
            return text("和上一步隔 {days} 天，够 {least} 天。", **args)
        case "between", False:
            return text("和上一步隔 {days} 天，不到 {least} 天。", **args)
        case _, True:
            return text("前四步一共 {days} 天，在 {least} 天以内。", **args)
    return text("前四步一共 {days} 天，超过 {least} 天。", **args)
