"""Board.act: one way in, all or nothing, and the clock under the lock."""

import pytest

from noticeboard.board.board import Sent
from noticeboard.core.actions import Approve, Redact, Submit, Withdraw, read
from noticeboard.core.merkle import root_of
from noticeboard.core.notice import Part, Scheduled
from noticeboard.core.people import Village
from noticeboard.core.problems import NotAllowed, NotFound, NotNow, NotValid, Problem, Unavailable
from noticeboard.store import log, notices, tree
from tests.cast import FORMS, ORIGIN, VILLAGE, Cast


def submit(cast: Cast, **fields: object) -> Submit:
    whole = {
        "code": "7Q4M9W2E",
        "ed": 1,
        "kind": "announcement",
        "item": None,
        "publisher": "committee",
        "covers": None,
        "group": None,
        "writers": (cast.anna,),
        "parts": (),
        "files": (),
        "prev": None,
        "change": None,
        **fields,
    }
    return Submit(**whole)  # type: ignore[arg-type]


def trace(cast: Cast) -> tuple[Village, int, list[object], bytes]:
    """Give what any act would change."""
    with cast.board.database.read() as tx:
        village = notices.head_of(tx, VILLAGE).village
        rows = [*notices.rows(tx, VILLAGE)]
        return village, log.count(tx, VILLAGE), rows, tree.root(tx, VILLAGE, village.size)


def test_every_kind_goes_all_the_way(cast: Cast) -> None:
    """Drafted, submitted, approved, put up by the clock: numbers in order, one entry per act."""
    cast.assess("耕地地力保护补贴")
    before = cast.entries()
    numbers = [cast.published(kind).number for kind in FORMS]
    assert [f"2026-{n:03}" for n in range(1, len(FORMS) + 1)] == numbers
    assert before + 3 * len(FORMS) == cast.entries()
    with cast.board.database.read() as tx:
        leaves = [leaf for _index, leaf in log.leaves(tx, VILLAGE)]
        village = notices.head_of(tx, VILLAGE).village
        hashes = [log.node_at(tx, VILLAGE, 0, index) for index in range(village.size)]
        assert root_of(hashes) == tree.root(tx, VILLAGE, village.size)
    assert {ORIGIN} == {read(leaf).log for leaf in leaves}


def test_a_refused_act_leaves_no_trace(cast: Cast) -> None:
    """Whatever the reason: not allowed, not now, not valid, not there."""
    notice = cast.published()
    sent = cast.submitted()
    assert sent.notice is not None
    before = trace(cast)
    tries: list[tuple[type[Problem], object, int]] = [
        (NotAllowed, Withdraw(code=notice.code, ed=1, ground="minor"), 12345),
        (NotAllowed, submit(cast, writers=(cast.ben,)), cast.ben),
        (NotNow, Withdraw(code=sent.notice.code, ed=1, ground="minor"), cast.anna),
        (NotValid, Withdraw(code=notice.code, ed=1, ground="mood"), cast.anna),
        (NotFound, Withdraw(code="ZZZZZZZZ", ed=1, ground="minor"), cast.anna),
        (NotValid, submit(cast, item="Z99"), cast.anna),
    ]
    for refusal, action, number in tries:
        with pytest.raises(refusal):
            cast.board.act(VILLAGE, action, number)  # type: ignore[arg-type]
    assert before == trace(cast)


def test_an_errand_that_fails_takes_the_entry_with_it(cast: Cast) -> None:
    """What runs in the same transaction fails for both."""
    before = trace(cast)

    def fails(*_given: object) -> None:
        raise NotNow("不行。")

    with pytest.raises(NotNow, match="不行"):
        cast.board.act(VILLAGE, submit(cast), cast.anna, also=fails)
    assert before == trace(cast)


def test_a_form_sent_twice_does_it_once(cast: Cast) -> None:
    """The second time gives the first result, although the act itself would be refused now."""
    sent = cast.submitted()
    assert sent.notice is not None
    form = Sent("form-1", cast.accounts["ben"])
    at = cast.clock.now
    approve = Approve(code=sent.notice.code, ed=1, of=sent.index, start=at, until=None)
    first = cast.board.act(VILLAGE, approve, cast.ben, sent=form)
    cast.clock.on()
    again = cast.board.act(VILLAGE, approve, cast.ben, sent=form)
    assert (first.index, first.notice, first.village) == (again.index, again.notice, again.village)
    with pytest.raises(NotNow):
        cast.board.act(VILLAGE, approve, cast.ben, sent=Sent("form-2", cast.accounts["ben"]))


def test_a_refused_form_may_be_sent_again(cast: Cast) -> None:
    """Only what was done is remembered: mended, the same form goes through."""
    sent = cast.submitted()
    assert sent.notice is not None
    form, at = Sent("form-1", cast.accounts["ben"]), cast.clock.now
    wrong = Approve(code=sent.notice.code, ed=1, of=sent.index, start=at, until=at)
    with pytest.raises(NotValid):
        cast.board.act(VILLAGE, wrong, cast.ben, sent=form)
    right = Approve(code=sent.notice.code, ed=1, of=sent.index, start=at, until=at + 9)
    notice = cast.board.act(VILLAGE, right, cast.ben, sent=form).notice
    assert notice is not None
    assert isinstance(notice.latest.state, Scheduled)


def test_a_little_behind_is_taken_as_now(cast: Cast) -> None:
    """Up to two seconds behind the last leaf, the last leaf's time is used."""
    at = cast.submitted().at
    for behind in (1, 2):
        cast.clock.now = at - behind
        assert at == cast.submitted().at


def test_far_behind_nothing_is_written(cast: Cast) -> None:
    """Three seconds behind: refused with the number of seconds, and no trace."""
    notice = cast.published()
    draft = cast.draft()
    before = trace(cast)
    cast.clock.on(-3)
    with pytest.raises(Unavailable, match="慢了 3 秒"):
        cast.board.act(VILLAGE, submit(cast), cast.anna)
    assert [] == cast.board.tick()
    assert before == trace(cast)
    assert draft.code != notice.code


def test_taking_down_is_not_blocked_by_a_wrong_clock(cast: Cast) -> None:
    """A leak comes down also when the battery of the clock is dead; the log's time stands still."""
    notice = cast.published()
    at = cast.clock.now
    cast.clock.now = 86_400
    down = cast.board.act(
        VILLAGE, Withdraw(code=notice.code, ed=1, ground="personal-data"), cast.anna
    )
    assert at == down.at


def test_what_shows_raises_the_public_revision(cast: Cast) -> None:
    """Drafts, submissions and approvals change nothing outside; publishing and taking down do."""

    def revision() -> int:
        with cast.board.database.read() as tx:
            return notices.revisions(tx)[VILLAGE]

    seen = [revision()]
    sent = cast.submitted()
    seen.append(revision())
    cast.approve(sent)
    seen.append(revision())
    cast.board.tick()
    seen.append(revision())
    assert sent.notice is not None
    cast.board.act(VILLAGE, Withdraw(code=sent.notice.code, ed=1, ground="minor"), cast.anna)
    seen.append(revision())
    assert [0, 0, 0, 1, 2] == [now - seen[0] for now in seen]


def test_a_leaf_that_no_bundle_could_carry_is_refused(cast: Cast) -> None:
    """Two bytes tell a leaf's length to outsiders, so none is longer."""
    notice = cast.published("spending")
    before = trace(cast)
    many = Redact(
        code=notice.code,
        ed=1,
        ground="minor",
        parts=("names",),
        rows=tuple(range(1, 20_000)),
        files=(),
    )
    with pytest.raises(NotValid, match="分成几份"):
        cast.board.act(VILLAGE, many, cast.anna)
    assert before == trace(cast)


def test_parts_of_a_leaf_open_with_what_is_stored(cast: Cast) -> None:
    """The publish leaf alone names the parts, and each is there."""
    notice = cast.published("subsidy")
    with cast.board.database.read() as tx:
        leaves = log.of_notice(tx, VILLAGE, notice.code)
    published = read(leaves[-1][1])
    assert notice.latest.parts == published.action.parts  # type: ignore[union-attr]
    assert {Part} == {type(part) for part in notice.latest.parts}
