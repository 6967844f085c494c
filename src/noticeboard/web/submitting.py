"""Submitting a draft: everything wrong at once beside its field, then each picture looked at."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody

from noticeboard.board import Board, drafting, hinting
from noticeboard.board.assessing import unassessed
from noticeboard.board.board import Sent
from noticeboard.board.scanning import looked_over
from noticeboard.core.notice import Doubt
from noticeboard.core.problems import Finding, NotNow, NotValid
from noticeboard.core.sound import unsound
from noticeboard.show.texts import text
from noticeboard.store import people
from noticeboard.store.drafts import Draft
from noticeboard.store.people import Account
from noticeboard.web import forms
from noticeboard.web.answers import onward, page, typed_once
from noticeboard.web.clearing import Open, doubts_in, name_of
from noticeboard.web.clearing import opened as opened_alarms
from noticeboard.web.draft_pages import CheckPage, address_of, form_page
from noticeboard.web.drafts import (
    DRAFT,
    Answer,
    Opened,
    Typing,
    clashing,
    opened,
    saved,
    to,
    typing_of,
    writer,
)


@post(f"{DRAFT}/submit", sync_to_thread=True)
def submit(
    village: FromPath[str],
    code: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    body: RawBody,
) -> Answer:
    """Save and submit; a draft with pictures goes by the page where each is looked at.

    That page comes here again, with the ticks and without the fields. What is wrong is shown at the
    form, which comes back filled. A form sent twice submits once.
    """
    writer(board, village, me)
    once = typed_once(forms.sent_fields(body), me, "submit")
    if once and _was_sent(board, once):
        return onward(f"/desk/{village}/notices/{code}")
    typing = typing_of(opened(village, code, board, me), body)
    looked = "looked" in typing.sent
    try:
        draft = _unchanged(typing) if looked else saved(typing)
    except NotNow as problem:
        return page(clashing(typing, problem), problem.status)
    cleared = doubts_in(typing.sent)
    findings, alarms = judged(board, draft, cleared)
    if findings:
        return _at_form(board, me, draft, findings, NotValid.status, alarms)
    ticked = frozenset(file.c for file in draft.files if f"seen.{file.c}" in typing.sent)
    if not looked and draft.files:
        named = urlencode({name_of(doubt): "yes" for doubt in cleared})
        return to(draft, f"/check?{named}" if named else "/check")
    if len(ticked) < len(draft.files):
        missing = (Finding("请逐张看过原图，勾上确认。", "附件", field="pictures"),)
        return page(_check_page(typing.opened, cleared, ticked, missing), NotValid.status)
    return _submitted(typing, draft, once, cleared)


def _was_sent(board: Board, once: Sent) -> bool:
    with board.database.read() as tx:
        return people.first_result(tx, once.id, once.account) is not None


def _unchanged(typing: Typing) -> Draft:
    """Give the draft if nothing was saved since it was looked at; raises NotNow."""
    if typing.draft.version != typing.seen:
        raise NotNow("别人刚刚改过这份草稿。", fix="请看一遍再送审。")
    return typing.draft


def _at_form(
    board: Board,
    me: Account,
    draft: Draft,
    findings: Iterable[Finding],
    status: int,
    alarms: Sequence[Open] = (),
) -> Answer:
    placed = forms.placed(forms.kind_named(draft.kind), findings, draft.typed)
    return page(form_page(board, me, draft, findings=placed, alarms=alarms), status)


def _submitted(
    typing: Typing, draft: Draft, once: Sent | None, cleared: frozenset[Doubt]
) -> Answer:
    by = typing.opened
    try:
        drafting.submit(
            by.board,
            draft.village,
            draft.code,
            by.number,
            seen=draft.version,
            attested=bool(draft.files),
            cleared=cleared,
            sent=once,
        )
    except (NotValid, NotNow) as problem:
        return _at_form(by.board, by.me, draft, problem.findings, problem.status)
    return onward(f"/desk/{draft.village}/notices/{draft.code}")


def judged(
    board: Board, draft: Draft, cleared: frozenset[Doubt] = frozenset()
) -> tuple[tuple[Finding, ...], tuple[Open, ...]]:
    """Give everything in a draft's form that keeps it from being submitted, and its false alarms.

    `cleared` are the alarms that the writer ticked as false.
    """
    try:
        with board.database.read() as tx:
            content, kept = drafting.explained(tx, draft, board.now())
    except NotValid as problem:
        return problem.findings, ()
    with board.database.read() as tx:
        alarms = looked_over(tx, draft.village, content)
        missing = tuple(unassessed(tx, draft.village, content))
    found = (*unsound(content), *drafting.open_alarms(alarms, cleared), *missing)
    found += tuple(hinting.wrong(kept, content))
    return found, opened_alarms(alarms, cleared)


@get(f"{DRAFT}/check", sync_to_thread=True)
def check(opened: NamedDependency[Opened], request: Request[Any, Any, Any]) -> Answer:
    """Show every picture at full size with its tick."""
    return page(_check_page(opened, doubts_in(request.query_params)))


def _check_page(
    opened: Opened,
    cleared: frozenset[Doubt],
    ticked: frozenset[str] = frozenset(),
    findings: tuple[Finding, ...] = (),
) -> CheckPage:
    return CheckPage(
        desk=opened.around(text("送审前看一遍附件")),
        address=address_of(opened.draft),
        version=opened.draft.version,
        pictures=opened.draft.files,
        ticked=ticked,
        cleared=tuple(sorted(map(name_of, cleared))),
        findings=findings,
    )


HANDLERS: Sequence[HTTPRouteHandler] = (submit, check)
