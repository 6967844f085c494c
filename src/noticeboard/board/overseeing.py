"""Overseeing: what is asked of all notices of a village, and of how they were handled.

For those who review and for the township. What the log tells of handling is answered here, by
whoever writes or reviews in the village; nothing of it ever goes up.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board import drafting, hinting
from noticeboard.board.board import Board, in_force
from noticeboard.board.hinting import MOST_TEXT, Asked
from noticeboard.board.scanning import refuse
from noticeboard.core.days import DAY
from noticeboard.core.hinting import Look, Other, Task, conduct
from noticeboard.core.hinting.conduct import HANDLED, HASTY
from noticeboard.core.hints import Hint
from noticeboard.core.notice import Notice, published
from noticeboard.core.privacy import scan
from noticeboard.core.problems import NotFound, NotValid
from noticeboard.store import duties, explanations, notices

# So many notices are looked through, the newest, and so many approvals.
_MOST: Final = 30
_KEY: Final = re.compile(rf"(?:{HANDLED}|{HASTY})-[a-z-]{{1,20}}\.[0-9-]{{0,20}}")
_APPROVALS: Final = 200


class Noted(Struct, frozen=True, kw_only=True):
    """What is asked of one notice: of its content, and of how it was handled."""

    notice: Notice
    title: str
    order: Mapping[int, int]
    content: tuple[Asked, ...] = ()
    handled: tuple[Asked, ...] = ()


class Hurried(Struct, frozen=True):
    """What is asked of a reviewer, by their number in the village."""

    number: int
    asked: Asked


def of_notices(tx: Connection, village: str, at: int) -> Iterator[Noted]:
    """Give the notices of which something is asked, what waits first, then the newest."""
    waiting = notices.waiting(tx, village)
    codes = {notice.code for notice in waiting}
    shown = [one for one in notices.shown(tx, village, _MOST) if one.code not in codes]
    held = hinting.held(tx, village)
    for notice in (*waiting, *shown)[:_MOST]:
        noted = _noted(tx, village, notice, held, at)
        if noted is not None and (noted.content or noted.handled):
            yield noted


def _noted(
    tx: Connection, village: str, notice: Notice, held: Sequence[Other], at: int
) -> Noted | None:
    try:
        content = drafting.content_of(tx, village, notice.latest)
    except NotFound:
        return None
    said = hinting.said_of(tx, village, notice.code, content)
    look = hinting.look(tx, village, notice.code, content, at, held)
    return Noted(
        notice=notice,
        title=content.title,
        order={row.id: nth for nth, row in enumerate(content.particulars.rows)},
        content=hinting.asked(look, said),
        handled=tuple(_handled(look, notice, _late(tx, village, notice), said)),
    )


def _handled(look: Look, notice: Notice, late: int, said: Mapping[str, str]) -> Iterator[Asked]:
    rule = look.rules.hints.get(HANDLED)
    if rule is not None:
        for hint in conduct.handled(Task(HANDLED, rule, look), notice, late):
            yield Asked(hint, rule, said.get(hint.key, ""))


def _late(tx: Connection, village: str, notice: Notice) -> int:
    """Give by how many days the first edition came after a duty of its that binds."""
    up = published(notice.editions[0])
    item, covers = notice.editions[0].item, notice.editions[0].covers
    duty = duties.one(tx, village, item, covers) if up and item and covers else None
    if duty is None or up is None or not duty.binding or up.at < duty.due:
        return 0
    return -(-(up.at - duty.due) // DAY)


def of_reviewers(tx: Connection, village: str) -> Iterator[Hurried]:
    """Give what is asked of reviewers, from the approvals that the newest notices tell of."""
    _hash, rules = in_force(tx)
    rule = rules.hints.get(HASTY)
    if rule is None:
        return
    given = list(conduct.approvals(notices.shown(tx, village, _APPROVALS)))
    said = explanations.of_notice(tx, village, "")
    for by in sorted({one.by for one in given}):
        for hint in conduct.hasty(rule, given, by):
            key = reviewer_key(hint, by)
            yield Hurried(by, Asked(hint, rule, said[key].text if key in said else ""))


def reviewer_key(hint: Hint, by: int) -> str:
    """Name a hint about a reviewer: it is kept under no notice."""
    return f"{hint.key}{by}"


def explain(board: Board, village: str, number: int, code: str, key: str, said: str) -> None:
    """Keep what somebody says to a hint about handling; an empty text takes it back.

    `code` is "" for one about a reviewer. Raises NotFound for a notice that is not there, NotValid
    for a key of nothing, a text too long, or numbers of persons in it.
    """
    said = said.strip()
    if not _KEY.fullmatch(key) or key.startswith(HASTY) != (not code):
        raise NotValid("没有这一处请核实。", value=key)
    if len(said) > MOST_TEXT:
        raise NotValid("太长了，最多 {most} 个字。", where="请核实的说明", most=MOST_TEXT)
    refuse(scan([("请核实的说明", said)]))
    with board.database.write() as tx:
        if code and notices.get(tx, village, code) is None:
            raise NotFound("没有这份公示。", value=code)
        explanations.put(tx, village, code, {key: said}, board.now(), number)
