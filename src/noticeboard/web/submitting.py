"""Submitting a draft: everything wrong at once beside its field, then each picture looked at."""

from collections.abc import Iterable, Sequence

from litestar import get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody

from noticeboard.board import Board, drafting, scanning
from noticeboard.board.board import Sent
from noticeboard.core.problems import Finding, NotNow, NotValid
from noticeboard.core.sound import unsound
from noticeboard.show.texts import text
from noticeboard.store import notices, people
from noticeboard.store.drafts import Draft
from noticeboard.store.people import Account
from noticeboard.web import forms
from noticeboard.web.answers import onward, page, typed_once
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
    findings = wrong(board, draft)
    if findings:
        return _at_form(board, me, draft, findings, NotValid.status)
    ticked = frozenset(file.c for file in draft.files if f"seen.{file.c}" in typing.sent)
    if not looked and draft.files:
        return to(draft, "/check")
    if len(ticked) < len(draft.files):
        missing = (Finding("请逐张看过原图，勾上确认。", "附件", field="pictures"),)
        return page(_check_page(typing.opened, ticked, missing), NotValid.status)
    return _submitted(typing, draft, once)


def _was_sent(board: Board, once: Sent) -> bool:
    with board.database.read() as tx:
        return people.first_result(tx, once.id, once.account) is not None


def _unchanged(typing: Typing) -> Draft:
    """Give the draft if nothing was saved since it was looked at; raises NotNow."""
    if typing.draft.version != typing.seen:
        raise NotNow("别人刚刚改过这份草稿。", fix="请看一遍再送审。")
    return typing.draft


def _at_form(
    board: Board, me: Account, draft: Draft, findings: Iterable[Finding], status: int
) -> Answer:
    placed = forms.placed(forms.kind_named(draft.kind), findings, draft.typed)
    return page(form_page(board, me, draft, findings=placed), status)


def _submitted(typing: Typing, draft: Draft, once: Sent | None) -> Answer:
    by = typing.opened
    try:
        drafting.submit(
            by.board,
            draft.village,
            draft.code,
            by.number,
            seen=draft.version,
            attested=bool(draft.files),
            sent=once,
        )
    except (NotValid, NotNow) as problem:
        return _at_form(by.board, by.me, draft, problem.findings, problem.status)
    return onward(f"/desk/{draft.village}/notices/{draft.code}")


def wrong(board: Board, draft: Draft) -> tuple[Finding, ...]:
    """Give everything in a draft's form that keeps it from being submitted."""
    try:
        content = drafting.read_draft(draft)
    except NotValid as problem:
        return problem.findings
    with board.database.read() as tx:
        profile = notices.head_of(tx, draft.village).profile
    return (*unsound(content), *scanning.leaks(content, profile))


@get(f"{DRAFT}/check", sync_to_thread=True)
def check(opened: NamedDependency[Opened]) -> Answer:
    """Show every picture at full size with its tick."""
    return page(_check_page(opened))


def _check_page(
    opened: Opened, ticked: frozenset[str] = frozenset(), findings: tuple[Finding, ...] = ()
) -> CheckPage:
    return CheckPage(
        desk=opened.around(text("送审前看一遍附件")),
        address=address_of(opened.draft),
        version=opened.draft.version,
        pictures=opened.draft.files,
        ticked=ticked,
        findings=findings,
    )


HANDLERS: Sequence[HTTPRouteHandler] = (submit, check)
