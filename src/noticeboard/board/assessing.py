"""Assessing: what naming a programme's people in public does to them, before it is done.

The law wants it assessed and recorded before anything of a person is published (个人信息保护法, as
`masking.yaml` cites it). The township does so once for each programme; the assessment is a body
that nobody but the desk sees, and nothing erases it while it has to be kept.
"""

from collections.abc import Iterator

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board.board import Board, Done, Sent, in_force
from noticeboard.board.scanning import refuse
from noticeboard.core.actions import Assess, Entry, read
from noticeboard.core.masking import Masking, names_people, programme_of
from noticeboard.core.particulars import Content
from noticeboard.core.parts import Single, canonical, commit
from noticeboard.core.privacy import scan
from noticeboard.core.problems import Finding, NotFound, NotValid
from noticeboard.store import blobs, log, notices

MOST_TEXT = 1_000
# What has to be written, with how the form calls it.
QUESTIONS = {
    "purpose": "为什么要公开",
    "risk": "对当事人有什么影响",
    "measures": "怎么保护",
}


class Assessment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was assessed of a programme: why, what it does to people, how they are protected.

    `names` is how the rules let them be named on the day it was written.
    """

    programme: str
    names: str
    purpose: str
    risk: str
    measures: str


_ASSESSMENT = msgspec.json.Decoder(Assessment)


class Assessed(Struct, frozen=True):
    """An assessment as it is kept: the index of its leaf, when, by whom."""

    said: Assessment
    index: int
    at: int
    by: int


def assess(
    board: Board,
    village: str,
    number: int,
    programme: str,
    answers: dict[str, str],
    *,
    sent: Sent | None = None,
) -> Done:
    """Keep the assessment of a programme of a village, with its entry.

    Raises NotValid for what is not answered, and for numbers of persons in an answer.
    """
    with board.database.read() as tx:
        masking = in_force(tx)[1].masking
    found = masking.programmes.get(programme) if masking else None
    if found is None:
        raise NotValid("没有登记这个项目。", value=programme, field="programme")
    told = {name: answers.get(name, "").strip() for name in QUESTIONS}
    refuse(tuple(_wrong(told)))
    said = Assessment(programme=programme, names=found.names, **told)
    committed = commit([Single("assessment", canonical(said))], lambda: board.random(32))
    action = Assess(programme=programme, parts=committed.parts)
    return board.act(village, action, number, committed=committed, sent=sent)


def _wrong(told: dict[str, str]) -> Iterator[Finding]:
    for name, text in told.items():
        if not text:
            yield Finding("还没有填。", QUESTIONS[name], field=name)
        elif len(text) > MOST_TEXT:
            args: dict[str, str | int] = {"most": MOST_TEXT}
            yield Finding("太长了，最多 {most} 个字。", QUESTIONS[name], args=args, field=name)
    yield from scan((QUESTIONS[name], text) for name, text in told.items())


def unassessed(tx: Connection, village: str, content: Content) -> Iterator[Finding]:
    """Say that a list with names has no assessment of its programme yet, and what to do."""
    masking = in_force(tx)[1].masking
    found = programme_of(content, masking) if masking else None
    if found is None or not names_people(content):
        return
    code, programme = found
    if code not in notices.head_of(tx, village).village.assessed:
        yield Finding(
            "“{programme}”要列出姓名，还没有做过影响评估",
            fix="请乡镇的人在办公桌的“影响评估”里填一次，再送审；也可以改成各组合计。",
            args={"programme": programme.name},
        )


def of_village(tx: Connection, village: str) -> dict[str, Assessed]:
    """Give the assessments of a village by programme."""
    found: dict[str, Assessed] = {}
    for index, raw in log.of_acts(tx, village, ("assess",)):
        entry = read(raw)
        if isinstance(entry, Entry) and isinstance(entry.action, Assess):
            held = blobs.texts(tx, village, entry.action.parts, "assessment")
            for body in held.values():
                said = _ASSESSMENT.decode(body)
                found[said.programme] = Assessed(said, index, entry.at, entry.by)
    return found


def policy(tx: Connection) -> Masking:
    """Give the masking policy in force; raises NotFound where the rules have none."""
    masking = in_force(tx)[1].masking
    if masking is None:
        raise NotFound("现在的规则里没有公开口径。")
    return masking
