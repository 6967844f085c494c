"""Drafting: private paper becomes official. Everything slow happens before the village's lock."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.board import hinting, history
from noticeboard.board.assessing import unassessed
from noticeboard.board.attaching import referenced
from noticeboard.board.board import Board, Done, Sent, already, in_force
from noticeboard.board.scanning import Alarm, looked_over
from noticeboard.core import drafting
from noticeboard.core.actions import Submit
from noticeboard.core.changes import change_of, differences
from noticeboard.core.codes import code_from
from noticeboard.core.notice import (
    Doubt,
    Edition,
    FileRef,
    Notice,
    Published,
    Returned,
    published,
)
from noticeboard.core.particulars import Content, Kind
from noticeboard.core.parts import Kept, commit, join, split
from noticeboard.core.people import Profile
from noticeboard.core.problems import Finding, NotFound, NotNow, NotValid
from noticeboard.core.sound import unsound
from noticeboard.store import blobs, drafts, marks, notices
from noticeboard.store.drafts import Draft, joined


def new_code(board: Board) -> str:
    """Make a notice code that no notice has: 8 random Crockford characters."""
    with board.database.read() as tx:
        while True:
            code = code_from(board.random(5))
            if notices.find(tx, code) is None:
                return code


def start(
    board: Board, village: str, kind: Kind, number: int, typed: Mapping[str, Any] | None = None
) -> Draft:
    """Begin a draft of a new notice, its first writer being `number`."""
    draft = Draft(
        village=village,
        code=new_code(board),
        ed=1,
        kind=kind,
        typed=dict(typed or {}),
        writers=(number,),
        at=board.now(),
    )
    with board.database.write() as tx:
        drafts.put_new(tx, draft)
    return draft


def save(
    board: Board, village: str, code: str, number: int, typed: Mapping[str, Any], seen: int
) -> Draft:
    """Save a draft as typed, complete or not, if nobody saved over version `seen`.

    Who saves is a writer from then on. Raises NotNow when somebody else was faster.
    """
    with board.database.write() as tx:
        draft = drafts.get(tx, village, code)
        changed = replace(
            draft, typed=dict(typed), writers=joined(draft.writers, number), at=board.now()
        )
        saved = drafts.save(tx, changed, seen)
        if gone := _renamed(draft, saved):
            marks.erase(tx, village, code, gone)
        return saved


def _renamed(before: Draft, after: Draft) -> set[int]:
    """Give the rows of a draft that went, or are somebody else's now: their marks go with them."""
    named = {str(row.get("id", "")): row.get("name") for row in after.typed.get("rows", ())}
    rows = ((str(row.get("id", "")), row.get("name")) for row in before.typed.get("rows", ()))
    return {int(id_) for id_, name in rows if id_.isdecimal() and named.get(id_) != name}


def discard(board: Board, village: str, code: str) -> None:
    """Throw a draft away, with pictures that no edition refers to."""
    with board.database.write() as tx:
        draft = drafts.get(tx, village, code)
        used = referenced(notices.get(tx, village, code))
        blobs.erase_files(tx, village, [file.c for file in draft.files if file.c not in used])
        drafts.drop(tx, village, code)
        if notices.get(tx, village, code) is None:
            marks.erase(tx, village, code)
    board.scrub()


def reopen(board: Board, village: str, code: str, number: int) -> Draft:
    """Open a draft on a notice: the edition sent back, or a correction of the one on the board.

    A draft that is open already is given as it is. Raises NotNow while an edition is in review.
    """
    with board.database.write() as tx:
        notices.lock(tx, village)  # two people who open it at once get one draft
        held = drafts.find(tx, village, code)
        if held is not None:
            return held
        notice = history.named(tx, village, code)
        draft = reopened(tx, village, notice, number, board.now())
        drafts.put_new(tx, draft)
        return draft


def reopened(tx: Connection, village: str, notice: Notice, number: int, at: int) -> Draft:
    """Give the draft that goes on with a notice; raises NotNow while an edition is in review."""
    latest, current = notice.latest, notice.current
    if isinstance(latest.state, Returned):
        based, ed, writers = latest, latest.ed, joined(latest.writers, number)
    elif current is not None and latest.ed == current.ed:
        based, ed, writers = current, latest.ed + 1, (number,)
    else:
        raise NotNow("这一版正在审，不能改。", fix="请等审完，或请审的人退回。")
    content = content_of(tx, village, based)
    shown = published(current) if current else None
    typed = drafting.typed_of(content)
    said = hinting.said_of(tx, village, notice.code, content)
    typed |= {"explained": said} if said else {}
    if ed != based.ed:
        typed["reason"] = ""
    return Draft(
        village=village,
        code=notice.code,
        ed=ed,
        kind=based.kind,
        typed=typed,
        writers=writers,
        files=content.files,
        prev=shown.publish if shown else None,
        last_row=content.last_row,
        source=content.source,
        at=at,
    )


def content_of(tx: Connection, village: str, edition: Edition) -> Content:
    """Give an edition's content with everything that is still there; raises NotFound if erased."""
    bodies, _held = blobs.bodies_of(tx, village, edition.parts)
    stated = join(bodies)
    if stated is None:
        raise NotFound("这一版的内容已经删除。")
    return stated.content


def read_draft(draft: Draft) -> Content:
    """Read a draft's form as a content; raises NotValid with every finding."""
    kind: Kind = draft.kind  # type: ignore[assignment]  # drafts are made with a Kind only
    return drafting.read(
        kind, draft.typed, files=draft.files, last_row=draft.last_row, source=draft.source
    )


def explained(tx: Connection, draft: Draft, at: int) -> tuple[Content, dict[str, str]]:
    """Read a draft with what its writer says to its hints; apart what is said for reviewers only.

    Raises NotValid with every finding of the form.
    """
    content, said = read_draft(draft), hinting.said_in(draft.typed)
    if not said:
        return content, {}
    found = hinting.asks(tx, draft.village, draft.code, content, at, said)
    return hinting.explained(content, found.asked)


def submit(
    board: Board,
    village: str,
    code: str,
    number: int,
    *,
    seen: int,
    attested: bool = False,
    cleared: frozenset[Doubt] = frozenset(),
    sent: Sent | None = None,
) -> Done:
    """Make a draft official: read, add up, scan for leaks, commit, append.

    `seen` is the draft version the writer looked at; `attested` that they looked at every picture
    at full size; `cleared` the alarms that the writer says are false, which a second person must
    say too. Raises NotValid with everything that is wrong at once.
    """
    with board.database.read() as tx:
        draft = drafts.find(tx, village, code)
        if draft is None:
            first = already(tx, village, code, sent)
            if first is not None:
                return first
            raise NotFound("没有这份草稿，可能已经送审或删掉了。", value=code)
        profile = notices.head_of(tx, village).profile
        notice = notices.get(tx, village, code)
        old = _replaced(tx, village, notice)
        known = _known(tx, village, notice)
        if draft.version != seen:
            raise NotNow("别人刚刚改过这份草稿。", fix="请看一遍再送审。")
        content, kept = explained(tx, draft, board.now())
        alarms = looked_over(tx, village, content)
        findings = [*open_alarms(alarms, cleared), *unassessed(tx, village, content)]
        findings += hinting.wrong(kept, content)
        _hash, rules = in_force(tx)
    _checked(content, old, profile, findings, attested=attested)
    committed = commit(split(content), lambda: board.random(32), known)
    action = Submit(
        code=code,
        ed=draft.ed,
        kind=draft.kind,
        item=content.item,
        publisher=content.publisher,
        covers=content.covers,
        group=content.group,
        writers=joined(draft.writers, number),
        parts=committed.parts,
        files=tuple(FileRef(file.c, file.len, file.type) for file in content.files),
        prev=draft.prev,
        change=change_of(old, content, rules.changes) if old is not None else None,
        doubts=doubts_of(alarms) or UNSET,
        case=content.case or UNSET,
        short=content.short or UNSET,
    )

    def drop(tx: Connection, done: Done) -> None:
        # Inside the lock: the draft must still be the one that was read and scanned.
        if drafts.get(tx, village, code).version != seen:
            raise NotNow("别人刚刚改过这份草稿。", fix="请看一遍再送审。")
        drafts.drop(tx, village, code)
        marks.keep_only(tx, village, code, {row.id for row in content.particulars.rows})
        hinting.keep(tx, village, code, kept, done.at, number)

    return board.act(village, action, number, committed=committed, sent=sent, also=drop)


def open_alarms(alarms: Sequence[Alarm], cleared: frozenset[Doubt]) -> list[Finding]:
    """Give what is still in the way of a submission: what cannot be cleared, and what was not."""
    return [alarm.finding for alarm in alarms if alarm.doubt is None or alarm.doubt not in cleared]


def doubts_of(alarms: Sequence[Alarm]) -> tuple[Doubt, ...]:
    """Give the places of alarms that were cleared by their writer, each once, in order."""
    found = {alarm.doubt for alarm in alarms if alarm.doubt is not None}
    return tuple(sorted(found, key=lambda one: (one.part, one.row, one.field, one.sort)))


def _checked(
    content: Content,
    old: Content | None,
    profile: Profile,
    found: Sequence[Finding],
    *,
    attested: bool,
) -> None:
    findings = [*unsound(content), *found]
    if content.group is not None and content.group not in {group.code for group in profile.groups}:
        findings.append(Finding("没有这个组。", "是哪个组的事", content.group, field="group"))
    if content.files and not attested:
        findings.append(Finding("请逐张看过原图，勾上确认。", "附件", field="attested"))
    if old is not None and not content.reason:
        findings.append(Finding("请写明为什么更正。", "为什么更正", field="reason"))
    if old is not None and not differences(old, content):
        findings.append(Finding("和现在公开的一样，没有改动。", field="title"))
    if findings:
        raise NotValid.of(findings)


def _replaced(tx: Connection, village: str, notice: Notice | None) -> Content | None:
    current = notice.current if notice else None
    return content_of(tx, village, current) if current else None


def _known(tx: Connection, village: str, notice: Notice | None) -> dict[bytes, Kept]:
    known: dict[bytes, Kept] = {}
    for edition in notice.editions if notice else ():
        _bodies, held = blobs.bodies_of(tx, village, edition.parts)
        known.update((kept.body, kept) for kept in held.values())
    return known


def is_up(notice: Notice) -> bool:
    """Say whether a notice has an edition on the board that a correction would replace."""
    return notice.current is not None and isinstance(notice.current.state, Published)
