"""The clock: what is due goes up, once, at once, in order, whatever else is wrong."""

from sqlalchemy import update

from noticeboard.core.days import DAY, instant
from noticeboard.core.notice import Published, published
from noticeboard.store import blobs, notices
from noticeboard.store.tables import body
from tests.cast import START, VILLAGE, Cast


def test_nothing_goes_up_before_its_time(cast: Cast) -> None:
    """Not a second earlier; then once; then no more."""
    cast.approve(cast.submitted(), start=START + 60)
    cast.clock.on(59)
    assert [] == cast.board.tick()
    cast.clock.on(1)
    assert ["2026-001"] == [done.notice.number for done in cast.board.tick() if done.notice]
    assert [] == cast.board.tick()


def test_due_while_asleep_goes_up_at_once_and_is_not_shortened(cast: Cast) -> None:
    """Five days late: both times are kept, and the end moves by whole days."""
    until = instant("2026-01-13")
    sent = cast.submitted()
    cast.approve(sent, start=START + 60, until=until)
    cast.clock.on(5 * DAY)
    cast.board.tick()
    assert sent.notice is not None
    state = cast.notice(sent.notice.code).latest.state
    assert isinstance(state, Published)
    assert (START + 60, cast.clock.now) == (state.planned, state.at)
    assert (cast.clock.now, until + 5 * DAY) == (state.period.start, state.period.until)


def test_late_within_the_day_moves_no_end(cast: Cast) -> None:
    """Whole local days are what counts, so an hour changes nothing."""
    until = instant("2026-01-13")
    sent = cast.submitted()
    cast.approve(sent, start=START + 60, until=until)
    cast.clock.on(3600)
    cast.board.tick()
    assert sent.notice is not None
    shown = published(cast.notice(sent.notice.code).latest)
    assert shown is not None
    assert until == shown.period.until


def test_the_longest_owed_goes_first(cast: Cast) -> None:
    """Register numbers follow the planned times."""
    late, soon = cast.submitted(title="后"), cast.submitted(title="先")
    cast.approve(late, start=START + 120)
    cast.approve(soon, start=START + 60)
    cast.clock.on(600)
    assert [soon.notice.code, late.notice.code] == [  # type: ignore[union-attr]
        done.notice.code for done in cast.board.tick() if done.notice
    ]


def test_one_that_cannot_go_up_holds_back_no_other(home: Cast) -> None:
    """A damaged body is named for the desk to say; the next notice goes up all the same."""
    bad, good = home.submitted("spending"), home.submitted()
    home.approve(bad, start=START)
    home.approve(good, start=START + 1)
    assert bad.notice is not None
    assert good.notice is not None
    text = bad.notice.latest.parts[0].c
    damaged = update(body).where(body.c.c == text)
    with home.board.database.write() as tx:
        whole = blobs.bodies_by(tx, VILLAGE, [text])[text].body
        tx.execute(damaged.values(body=b"{damaged"))
    home.clock.on(5)
    assert [good.notice.code] == [done.notice.code for done in home.board.tick() if done.notice]
    assert [(VILLAGE, bad.notice.code)] == list(home.board.watch.failures)
    with home.board.database.write() as tx:
        tx.execute(damaged.values(body=whole))
    assert ["2026-002"] == [done.notice.number for done in home.board.tick() if done.notice]
    assert {} == home.board.watch.failures
    home.audit()


def test_what_time_ends_needs_no_tick(cast: Cast) -> None:
    """Expiry is asked at read time: nothing is owed for it, and no entry is made."""
    notice = cast.published(until=START + DAY)
    before = cast.entries()
    cast.clock.on(2 * DAY)
    assert [] == cast.board.tick()
    assert before == cast.entries()
    with cast.board.database.read() as tx:
        assert [] == notices.due(tx, cast.clock.now)
    assert published(notice.latest) is not None
