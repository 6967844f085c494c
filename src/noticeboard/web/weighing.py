"""What the rules say of a draft or an edition, for writers and reviewers: counts, days, how long.

Nothing of it hinders anybody but the least time of a notice, which `step` itself asks for.
"""

from typing import Final

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board import Board, drafting
from noticeboard.core import packs
from noticeboard.core.days import day_of
from noticeboard.core.forms import SIX
from noticeboard.core.notice import Notice
from noticeboard.core.noticing import Least, least, may_shorten, rule_for
from noticeboard.core.particulars import Content
from noticeboard.core.problems import NotValid
from noticeboard.core.quorum import meetings
from noticeboard.core.rules import Rules
from noticeboard.core.working import counted
from noticeboard.show.deciding import Says, over_words
from noticeboard.show.facts import Place, place
from noticeboard.show.judged import Judged, anew_words, judged_draft, least_words, of_day
from noticeboard.show.texts import Text, Words, day, text
from noticeboard.store.drafts import Draft

_STEPS: Final = {int(number): word for number, word in SIX}


class Weighing(Struct, frozen=True):
    """One thing that was counted: which step it is about, what it comes to and by which rule."""

    about: Words
    says: Words
    rests_on: Words
    short: bool


class Offer(Struct, frozen=True, kw_only=True):
    """How long a reviewer may let it stay: the least, and the fewest whole days that reach it.

    `says` is the rule with its source, what a correction does to it, and whether it may be shorter.
    """

    days: int
    says: tuple[Words, ...]


def of_draft(board: Board, draft: Draft) -> tuple[Weighing, ...]:
    """Give what is counted of a draft as it is stored; nothing while it cannot be read."""
    try:
        content = drafting.read_draft(draft)
    except NotValid:
        return ()
    with board.database.read() as tx:
        where = place(tx, draft.village)
        return weighings(judged_draft(tx, where, draft.code, content, board.now()))


def weighings(judged: Judged) -> tuple[Weighing, ...]:
    """List everything that was counted of a decision, step by step, hints among it."""
    if judged.weighed is None:
        return ()
    said = [*judged.weighed.public, *judged.weighed.hints]
    if judged.weighed.flow:
        said += [Says(step=0, words=it, short=True) for it in over_words(judged.weighed.flow)]
    return tuple(
        Weighing(_about(one.step), one.words, one.rests_on, one.short)
        for one in sorted(said, key=lambda one: one.step)
    )


def _about(step: int) -> Text:
    if not step:
        return text("钱走到哪一步")
    return text("第{n}步 {word}", n=step, word=Text(_STEPS[step]))


def offer(tx: Connection, where: Place, notice: Notice, start: int) -> Offer | None:
    """Give how long the latest edition has to stay from `start`; None where no rule says."""
    rules, pack = of_day(tx, where, start)
    asked = least(rules, pack, notice, notice.latest, start)
    if asked is None:
        return None
    said: list[Words] = [least_words(rules, asked.rule)]
    if notice.latest.prev is not None:
        said.append(anew_words(asked))
    if asked.until > start:
        said.append(text("最早到 {day}。", day=day(asked.until - 1, start)))
    said.append(_shorter(notice, asked))
    if not asked.known:
        said.append(text("这一年的节假日还不知道，按星期一到星期五算。"))
    return Offer(days=_fewest(rules, pack, start, asked.until), says=tuple(said))


def _shorter(notice: Notice, asked: Least) -> Text:
    may = may_shorten(asked.rule)
    if not may:
        return text("这个天数是当地规定的，不能缩短。")
    if notice.latest.short in may:
        return text("起草的人写了为什么要缩短，可以少几天，原因会印在页面上。")
    if may == ("urgent",):
        return text("只有急难救助可以缩短，要由起草的人写明。")
    return text("要缩短，先退回，请起草的人写明原因。")


def _fewest(rules: Rules, pack: str, start: int, until: int) -> int:
    counting, first = packs.counting(rules, pack), day_of(start)
    days = 1
    while counted(rules, counting, first, days, "day").until < until:
        days += 1
    return days


def offered(tx: Connection, where: Place, at: int) -> tuple[tuple[str, str], ...]:
    """Give the meetings that may decide, as the village's place knows them, for a form."""
    rules, pack = of_day(tx, where, at)
    return tuple((code, rule.name) for code, rule in meetings(rules, pack).items())


def cases(tx: Connection, where: Place, item: str, at: int) -> tuple[tuple[str, str], ...]:
    """Give which notices of an item have a time of their own, for a form."""
    rules, pack = of_day(tx, where, at)
    found = packs.notice_cases(rules, pack, item)
    return tuple((code, f"{rule.name or code}（{_days(rule)}）") for code, rule in found.items())


def _days(rule: packs.NoticeDays) -> str:
    return f"{rule.n}个工作日" if rule.unit == "working-day" else f"{rule.n}天"


def timed(tx: Connection, village: str, item: str, at: int) -> bool:
    """Say whether a notice of an item has a least time, so that a form has to ask about it."""
    rules, pack = of_day(tx, place(tx, village), at)
    return rule_for(rules, pack, item, None) is not None


def named(tx: Connection, where: Place, content: Content, at: int) -> dict[str, str]:
    """Give the words of the codes in a content's head that only the place can name."""
    rules, pack = of_day(tx, where, at)
    code = getattr(content.particulars, "meeting", None) or ""
    met = meetings(rules, pack).get(code)
    case = packs.notice_cases(rules, pack, content.item or "").get(content.case or "")
    words = {"meeting": met.name if met else code, "case": content.case or ""}
    return {**words, "case": case.name} if case and case.name else words
