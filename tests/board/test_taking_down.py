"""Taking down: one person at once on a listed ground, confirmed by a second."""

import pytest

from noticeboard.board import taking_down
from noticeboard.core.days import DAY
from noticeboard.core.notice import Ended, published
from noticeboard.core.problems import NotAllowed, NotFound, NotNow, NotValid
from noticeboard.store import search
from tests.cast import START, VILLAGE, Cast


def found(cast: Cast, words: str) -> list[str]:
    with cast.board.database.read() as tx:
        return list(search.find(tx, VILLAGE, words))


def test_withdrawn_is_withdrawn_at_once(cast: Cast) -> None:
    """The same second: state, ground, search; a second person confirms, not the first."""
    notice = cast.published(title="修桥通知")
    assert [notice.code] == found(cast, "修桥")
    done = taking_down.withdraw(cast.board, VILLAGE, notice.code, cast.anna, ground="wrong-facts")
    assert done.notice is not None
    state = done.notice.latest.state
    assert isinstance(state, Ended)
    assert ("withdrawn", "wrong-facts", cast.clock.now) == (state.how, state.ground, state.at)
    assert [] == found(cast, "修桥")
    with pytest.raises(NotAllowed):
        taking_down.confirm(cast.board, VILLAGE, notice.code, cast.anna, of=done.index)
    confirmed = taking_down.confirm(cast.board, VILLAGE, notice.code, cast.ben, of=done.index)
    assert confirmed.notice is not None
    assert cast.ben == confirmed.notice.taken_down[0].confirmed_by
    with pytest.raises(NotNow):
        taking_down.withdraw(cast.board, VILLAGE, notice.code, cast.ben, ground="minor")


@pytest.mark.parametrize("who", ["anna", "ben", "cleo", "mei"])
def test_everybody_with_an_office_can_stop_a_leak(home: Cast, who: str) -> None:
    """Clerk, reviewer, both, township: alone and at once."""
    notice = home.published()
    number = getattr(home, who)
    taking_down.withdraw(home.board, VILLAGE, notice.code, number, ground="personal-data")
    home.audit()


def test_what_was_never_public_is_not_taken_down(cast: Cast) -> None:
    """A submission is returned, not withdrawn."""
    sent = cast.submitted()
    code = sent.notice.code  # type: ignore[union-attr]
    with pytest.raises(NotFound, match="还没有公开"):
        taking_down.withdraw(cast.board, VILLAGE, code, cast.anna, ground="minor")
    with pytest.raises(NotNow, match="先退回"):
        taking_down.redact(cast.board, VILLAGE, code, cast.anna, ground="minor", parts=("text",))
    with pytest.raises(NotNow, match="没有保存期"):
        taking_down.erase(
            cast.board, VILLAGE, code, cast.ben, ground="retention-ended", parts=("text",)
        )
    with pytest.raises(NotFound, match="没有这份公示"):
        taking_down.redact(
            cast.board, VILLAGE, "ZZZZZZZZ", cast.anna, ground="minor", parts=("text",)
        )


def test_a_scheduled_correction_does_not_go_up_after_a_withdrawal(cast: Cast) -> None:
    """Approved before the leak was seen: somebody looks again before the clock may act."""
    notice = cast.published()
    cast.approve(cast.correct(notice.code, text="周日检修"), start=START + 60)
    taking_down.withdraw(cast.board, VILLAGE, notice.code, cast.anna, ground="personal-data")
    cast.clock.on(600)
    assert [] == cast.board.tick()


def test_a_period_is_extended_on_a_ground(cast: Cast) -> None:
    """A later end; not an earlier one, not on a mood."""
    notice = cast.published(until=START + 7 * DAY)

    def extend(until: int, ground: str = "outage") -> object:
        return taking_down.extend(
            cast.board, VILLAGE, notice.code, cast.ben, ground=ground, until=until
        )

    extend(START + 9 * DAY)
    shown = published(cast.notice(notice.code).latest)
    assert shown is not None
    assert START + 9 * DAY == shown.period.until
    for until, ground in ((START + 8 * DAY, "outage"), (START + 10 * DAY, "mood")):
        with pytest.raises(NotValid):
            extend(until, ground)


def test_erasing_after_the_end(cast: Cast) -> None:
    """When the time for keeping is over bodies go; while it is up they do not."""
    notice = cast.published("subsidy", until=START + DAY)

    def erase() -> None:
        taking_down.erase(
            cast.board,
            VILLAGE,
            notice.code,
            cast.ben,
            ground="retention-ended",
            parts=("names",),
        )

    with pytest.raises(NotNow, match="还在公开"):
        erase()
    cast.clock.on(2 * DAY)
    erase()
    assert "erase" == cast.notice(notice.code).taken_down[0].act
