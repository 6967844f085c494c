"""Reviewing: a second person, exactly what was shown, a period of whole days."""

import pytest
from sqlalchemy import func, select

from noticeboard.board import drafting, reviewing
from noticeboard.core.days import DAY, instant
from noticeboard.core.notice import Published, Scheduled, published
from noticeboard.core.problems import NotAllowed, NotFound, NotNow, NotValid
from noticeboard.store import blobs
from noticeboard.store.tables import file
from tests.cast import START, VILLAGE, Cast


def test_the_writer_does_not_approve(cast: Cast) -> None:
    """Cleo may do both, but not on the same paper; Ben approves hers, she approves Anna's."""
    hers = cast.submitted(by=cast.cleo)
    at = cast.clock.now
    with pytest.raises(NotAllowed, match="另一个人审"):
        reviewing.approve(
            cast.board,
            VILLAGE,
            hers.notice.code,
            cast.cleo,
            of=hers.index,
            start=at,
            until=None,  # type: ignore[union-attr]
        )
    cast.approve(hers)
    annas = cast.submitted()
    reviewing.approve(
        cast.board,
        VILLAGE,
        annas.notice.code,
        cast.cleo,
        of=annas.index,
        start=at,
        until=None,  # type: ignore[union-attr]
    )


def test_a_writer_stays_a_writer_over_return_and_another_hand(cast: Cast) -> None:
    """Cleo wrote, Ben returned, Anna sent it again: Cleo still has not seen it with fresh eyes."""
    sent = cast.submitted(by=cast.cleo)
    code = sent.notice.code  # type: ignore[union-attr]
    reviewing.send_back(cast.board, VILLAGE, code, cast.ben, of=sent.index, reason="请改")
    draft = drafting.reopen(cast.board, VILLAGE, code, cast.anna)
    drafting.discard(cast.board, VILLAGE, code)
    draft = drafting.reopen(cast.board, VILLAGE, code, cast.anna)
    again = drafting.submit(cast.board, VILLAGE, code, cast.anna, seen=draft.version)
    with pytest.raises(NotAllowed, match="另一个人审"):
        reviewing.approve(
            cast.board, VILLAGE, code, cast.cleo, of=again.index, start=START, until=None
        )


def test_a_draft_touched_by_two_is_written_by_two(cast: Cast) -> None:
    """Who changed one word before it was sent does not approve it."""
    draft = cast.draft()
    draft = drafting.save(cast.board, VILLAGE, draft.code, cast.cleo, draft.typed, draft.version)
    sent = drafting.submit(cast.board, VILLAGE, draft.code, cast.anna, seen=draft.version)
    with pytest.raises(NotAllowed, match="另一个人审"):
        reviewing.approve(
            cast.board, VILLAGE, draft.code, cast.cleo, of=sent.index, start=START, until=None
        )


def test_what_changed_meanwhile_is_not_approved(cast: Cast) -> None:
    """Ben had the page open while Mei returned it and Anna sent it anew."""
    sent = cast.submitted()
    code = sent.notice.code  # type: ignore[union-attr]
    reviewing.send_back(cast.board, VILLAGE, code, cast.mei, of=sent.index, reason="请改")
    draft = drafting.reopen(cast.board, VILLAGE, code, cast.anna)
    drafting.submit(cast.board, VILLAGE, code, cast.anna, seen=draft.version)
    with pytest.raises(NotNow, match="您看过之后又改了"):
        cast.approve(sent)
    with pytest.raises(NotNow, match="您看过之后又改了"):
        reviewing.send_back(cast.board, VILLAGE, code, cast.ben, of=sent.index, reason="x")


def test_the_second_approval_finds_nothing_to_do(cast: Cast) -> None:
    """Once is enough, also after it went up."""
    sent = cast.submitted()
    cast.approve(sent)
    for _ in range(2):
        with pytest.raises(NotNow, match="没有等您审"):
            cast.approve(sent)
        cast.board.tick()


def test_a_return_says_why_and_leaks_nothing(cast: Cast) -> None:
    """An empty reason is none; one with a phone number is not taken."""
    sent = cast.submitted()
    code = sent.notice.code  # type: ignore[union-attr]
    for reason, says in (("  ", "为什么退回"), ("打 13912345678", "手机号")):
        with pytest.raises(NotValid, match=says):
            reviewing.send_back(cast.board, VILLAGE, code, cast.ben, of=sent.index, reason=reason)
    with pytest.raises(NotFound):
        reviewing.send_back(cast.board, VILLAGE, "ZZZZZZZZ", cast.ben, of=1, reason="x")
    reviewing.send_back(cast.board, VILLAGE, code, cast.ben, of=sent.index, reason="数字不清")


def test_days_are_whole_and_bounded(home: Cast) -> None:
    """Seven days from Monday nine o'clock end next Monday at 24:00; none or eleven years do not."""
    assert instant("2026-01-13") == reviewing.whole_days(home.board, VILLAGE, START, 7)
    for days in (0, -1, 3_661):
        with pytest.raises(NotValid, match="天数"):
            reviewing.whole_days(home.board, VILLAGE, START, days)


def test_a_period_is_as_approved(cast: Cast) -> None:
    """Start and end of the approval are the schedule."""
    sent = cast.submitted()
    done = cast.approve(sent, start=START + DAY, until=START + 9 * DAY)
    assert done.notice is not None
    state = done.notice.latest.state
    assert isinstance(state, Scheduled)
    assert (START + DAY, START + 9 * DAY, cast.ben) == (
        state.period.start,
        state.period.until,
        state.by,
    )
    with pytest.raises(NotFound):
        reviewing.approve(cast.board, VILLAGE, "ZZZZZZZZ", cast.ben, of=1, start=START, until=None)


def test_paper_hangs_on_a_wall_of_the_village(cast: Cast) -> None:
    """With who and when, with a photograph; not on a wall nobody knows, not of an old edition."""
    notice = cast.published()
    of = notice.latest.state.publish  # type: ignore[union-attr]
    photo = (b"photo" * 100, "image/jpeg", b"small")
    done = reviewing.post(
        cast.board, VILLAGE, notice.code, cast.anna, wall="w1", of=of, photo=photo
    )
    assert done.notice is not None
    (posted,) = done.notice.posted
    assert ("w1", of, cast.anna) == (posted.wall, posted.of, posted.by)
    with cast.board.database.read() as tx:
        held = blobs.file_of(tx, VILLAGE, posted.files[0].c)
        assert held is not None
        assert photo[0] == held.data
    with pytest.raises(NotValid, match="没有这块公开栏"):
        reviewing.post(cast.board, VILLAGE, notice.code, cast.anna, wall="w9", of=of)
    with pytest.raises(NotFound):
        reviewing.post(cast.board, VILLAGE, "ZZZZZZZZ", cast.anna, wall="w1", of=of)
    cast.up(cast.correct(notice.code, text="周日检修"))
    with pytest.raises(NotNow, match="打印新的"):
        reviewing.post(cast.board, VILLAGE, notice.code, cast.anna, wall="w1", of=of)


def test_agreeing_to_a_start_that_is_past_makes_nobody_late(cast: Cast) -> None:
    """A start before the agreement counts from the agreement: no late mark, no longer period."""
    sent = cast.submitted("spending")
    until = cast.clock.now + 5 * DAY
    cast.approve(sent, start=cast.clock.now - 3 * DAY, until=until)
    cast.clock.on(2)
    cast.board.tick()
    assert sent.notice is not None
    state = cast.notice(sent.notice.code).latest.state
    assert isinstance(state, Published)
    assert cast.clock.now - 2 == state.planned
    assert until == state.period.until
    cast.audit()


def test_a_refused_posting_leaves_no_picture(cast: Cast) -> None:
    """A photo comes with the entry or not at all."""
    notice = cast.published("spending")
    photo = (b"jpeg bytes of a wall", "image/jpeg", None)
    with pytest.raises(NotNow):
        reviewing.post(
            cast.board, VILLAGE, notice.code, cast.anna, wall="w1", of=99_999, photo=photo
        )
    with cast.board.database.read() as tx:
        assert [] == blobs.loose(tx, cast.clock.now + 10)
        assert 0 == tx.execute(select(func.count()).select_from(file)).scalar()
    current = notice.current
    shown = published(current) if current else None
    assert shown is not None
    posted = reviewing.post(
        cast.board, VILLAGE, notice.code, cast.anna, wall="w1", of=shown.publish, photo=photo
    )
    assert posted.notice is not None
    with cast.board.database.read() as tx:
        held = blobs.file_of(tx, VILLAGE, posted.notice.posted[0].files[0].c)
    assert held is not None
    assert photo[0] == held.data
    cast.audit()
