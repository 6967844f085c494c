"""The rulebook: who may do what when, and why not."""

from typing import Any

import pytest
from msgspec.structs import replace

from noticeboard.core.actions import (
    Account,
    Act,
    Appoint,
    Approve,
    Confirm,
    Dismiss,
    Erase,
    Extend,
    Genesis,
    Post,
    Publish,
    Redact,
    Return,
    Submit,
    Withdraw,
    verb,
)
from noticeboard.core.days import DAY, instant
from noticeboard.core.lifecycle import acting, choices, next_number, owed, publishing, step
from noticeboard.core.notice import (
    Ended,
    FileRef,
    Notice,
    Part,
    Published,
    Returned,
    Scheduled,
    Submitted,
    published,
)
from noticeboard.core.people import THE_CLOCK, Actor, Village
from noticeboard.core.problems import NotAllowed, NotFound, NotNow, NotValid, Problem
from noticeboard.core.rules import Rules, decode
from tests.cast import bundle

ANNA, BEN, CLEO, DAN, MEI, KEEPER = range(1, 7)
OFFICES = {
    ANNA: ("clerk",),
    BEN: ("supervision-head",),
    CLEO: ("clerk", "supervision-member"),
    MEI: ("overseer",),
    KEEPER: ("admin",),
}
CODE = "7Q4M9W2E"
NOON = instant("2026-01-05", "12:00")
PARTS = (Part("text", "ab" * 32, 0), Part("names", "cd" * 32, 2))
FILES = (FileRef("ef" * 32, 9, "image/jpeg"),)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return decode(bundle())


class World:
    """A village and one notice, gone through act by act; refusals leave both as they were."""

    def __init__(self, rules: Rules) -> None:
        self.rules, self.at = rules, NOON
        self.village = Village(code="", origin="board.example/v/1", offices=OFFICES)
        self.notice: Notice | None = None
        self.village, _ = step(
            self.village, None, Genesis(village="v1", keys=()), THE_CLOCK, NOON, rules
        )

    def do(self, action: Any, number: int, role: str = "") -> Notice:
        """Do an act under the office that may, or under the one said."""
        who = Actor(number, role) if role else acting(self.village, number, action, self.rules)
        after = step(self.village, self.notice, action, who, self.at, self.rules)
        self.village, self.notice = after
        assert self.notice is not None
        return self.notice

    def submit(self, by: int = ANNA, **fields: Any) -> Notice:
        """Send the next edition; `fields` replace what is right."""
        shown = self.notice.current if self.notice else None
        up = published(shown) if shown else None
        action = Submit(
            **{
                "code": CODE,
                "ed": self.ed,
                "kind": "announcement",
                "item": None,
                "publisher": "committee",
                "covers": None,
                "group": None,
                "writers": (by,),
                "parts": PARTS,
                "files": FILES,
                "prev": up.publish if up else None,
                "change": "substance" if up else None,
                **fields,
            }
        )
        return self.do(action, by)

    @property
    def ed(self) -> int:
        """Give the number the next submission takes."""
        if self.notice is None:
            return 1
        latest = self.notice.latest
        return latest.ed if isinstance(latest.state, Returned) else latest.ed + 1

    @property
    def of(self) -> int:
        """Give the submit leaf of the latest edition."""
        assert self.notice is not None
        return self.notice.latest.of

    def send_back(self, by: int = BEN, **fields: Any) -> Notice:
        """Return the latest edition."""
        ed = self.notice.latest.ed if self.notice else 1
        return self.do(Return(**{"code": CODE, "ed": ed, "of": self.of, "parts": (), **fields}), by)

    def approve(self, by: int = BEN, until: int | None = None, **fields: Any) -> Notice:
        """Agree to the latest edition, from now if not said otherwise."""
        ed = self.notice.latest.ed if self.notice else 1
        of = fields.pop("of", None)
        action = Approve(
            code=CODE,
            ed=ed,
            of=self.of if of is None else of,
            start=fields.pop("start", self.at),
            until=until,
        )
        return self.do(action, by)

    def publish(self) -> Notice:
        """Let the clock do what it owes."""
        assert self.notice is not None
        due = publishing(self.village, self.notice, self.at)
        assert due is not None
        self.notice = self.do(due, 0, "clock")
        return self.notice

    def up(self, until: int | None = None) -> Notice:
        """Go all the way to the board."""
        self.submit()
        self.approve(until=until)
        return self.publish()


@pytest.fixture
def world(rules: Rules) -> World:
    return World(rules)


def on(act: type[Act], **fields: Any) -> Any:
    return act(**{"code": CODE, "ed": 1, **fields})


def test_the_usual_way_of_a_notice(world: World) -> None:
    """Submitted by Anna, approved by Ben for a period, put up by the clock under a number."""
    assert isinstance(world.submit().latest.state, Submitted)
    scheduled = world.approve(start=NOON + 60, until=NOON + DAY)
    assert isinstance(scheduled.latest.state, Scheduled)
    assert NOON + 60 == owed(scheduled)
    world.at += 60
    state = world.publish().latest.state
    assert isinstance(state, Published)
    assert ("2026-001", BEN, NOON + 60) == (state.no, state.by, state.period.start)
    assert None is owed(world.notice)  # type: ignore[arg-type]


@pytest.mark.parametrize("writers", [(ANNA,), (ANNA, BEN)])
def test_nobody_approves_what_they_wrote(world: World, writers: tuple[int, ...]) -> None:
    """Not as the only writer, not as one of several, whatever their office."""
    world.submit(CLEO, writers=(*writers, CLEO))
    with pytest.raises(NotAllowed, match="另一个人审"):
        world.approve(CLEO)
    if BEN in writers:
        with pytest.raises(NotAllowed, match="另一个人审"):
            world.approve(BEN)


def test_sending_back_washes_no_writer_off(world: World) -> None:
    """Cleo wrote, Ben returned, Anna sends it again: without Cleo's name it is not taken."""
    world.submit(CLEO)
    world.send_back()
    with pytest.raises(NotValid, match="退回之前的起草人"):
        world.submit(ANNA)
    world.submit(ANNA, writers=(CLEO, ANNA))
    with pytest.raises(NotAllowed, match="另一个人审"):
        world.approve(CLEO)


def test_who_sends_is_a_writer(world: World) -> None:
    """Nobody puts a paper forward that bears only other people's names."""
    with pytest.raises(NotValid, match="列在起草人里"):
        world.submit(ANNA, writers=(CLEO,))


def test_only_what_was_shown_is_approved(world: World) -> None:
    """After a return and a new submission the old leaf cannot be agreed to any more."""
    world.submit()
    seen = world.of
    world.send_back()
    world.submit()
    for answer in (world.approve, world.send_back):
        with pytest.raises(NotNow, match="您看过之后又改了"):
            answer(of=seen)  # type: ignore[operator]


def test_the_second_approval_is_too_late(world: World) -> None:
    """Once is enough; the second person is told to look again."""
    world.submit()
    world.approve()
    with pytest.raises(NotNow, match="没有等您审"):
        world.approve(MEI)


def test_what_is_scheduled_can_still_be_returned(world: World) -> None:
    """A mistake seen before the clock comes is sent back, and the clock has nothing to do."""
    world.submit()
    world.approve(start=NOON + 600)
    assert isinstance(world.send_back().latest.state, Returned)
    world.at += 900
    assert None is publishing(world.village, world.notice, world.at)  # type: ignore[arg-type]


def test_the_clock_publishes_exactly_what_was_approved(world: World) -> None:
    """Neither earlier, nor other parts, nor under a number it chose, nor for another period."""
    world.submit()
    world.approve(start=NOON + 60, until=NOON + DAY)
    due = publishing(world.village, world.notice, NOON + 60)  # type: ignore[arg-type]
    assert due is not None
    with pytest.raises(NotNow, match="还没有到"):
        world.do(due, 0, "clock")
    world.at += 60
    for wrong in (
        replace(due, no="2026-002"),
        replace(due, parts=PARTS[:1]),
        replace(due, files=()),
        replace(due, until=None),
        replace(due, start=NOON),
        replace(due, of=due.of + 1),
    ):
        with pytest.raises(NotValid, match="同意的一样"):
            world.do(wrong, 0, "clock")
    world.do(due, 0, "clock")


def test_a_late_clock_keeps_the_period_whole(world: World) -> None:
    """Three days asleep: up at once, both times kept, the end three days later."""
    world.submit()
    until = instant("2026-01-13")
    world.approve(start=NOON, until=until)
    world.at += 3 * DAY + 5
    state = world.publish().latest.state
    assert isinstance(state, Published)
    assert (NOON, world.at) == (state.planned, state.at)
    assert (world.at, until + 3 * DAY) == (state.period.start, state.period.until)


def test_register_numbers_count_per_shanghai_year(world: World) -> None:
    """The first of January in the village, not at Greenwich, begins a new count."""
    assert "2026-001" == next_number(world.village, NOON)
    village = replace(world.village, register={"2026": 17})
    new_year = instant("2027-01-01")
    assert "2026-018" == next_number(village, new_year - 1)
    assert "2027-001" == next_number(village, new_year)
    assert "2026-1000" == next_number(replace(village, register={"2026": 999}), NOON)


def test_a_correction_supersedes(world: World) -> None:
    """The new edition goes up, the old one ends in the same act and stays readable as itself."""
    first = published(world.up().latest)
    world.submit()
    world.approve()
    notice = world.publish()
    old, new = notice.editions
    assert isinstance(old.state, Ended)
    assert ("superseded", first) == (old.state.how, old.state.was)
    assert ("2026-002", new) == (notice.number, notice.current)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"prev": None, "change": None}, "已经变了"),
        ({"prev": 99}, "已经变了"),
        ({"kind": "decision"}, "不能换种类"),
        ({"change": None}, "改的是什么"),
        ({"ed": 3}, "版次不对"),
        ({"item": "Z99"}, "没有这一项"),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(
    world: World, fields: dict[str, Any], refusal: str
) -> None:
    """It names the edition it replaces, keeps the kind, counts on by one."""
    world.up()
    with pytest.raises(Problem, match=refusal):
        world.submit(**fields)


def test_one_edition_at_a_time_is_in_review(world: World) -> None:
    """A second one waits until the first is decided."""
    world.up()
    world.submit()
    with pytest.raises(NotNow, match="已经有一版在审"):
        world.submit(CLEO)


def test_taking_down_is_one_person_at_once_and_another_confirms(world: World) -> None:
    """Anna withdraws alone; she cannot confirm herself; Ben can, once."""
    world.up()
    notice = world.do(on(Withdraw, ground="wrong-facts"), ANNA)
    state = notice.latest.state
    assert isinstance(state, Ended)
    assert ("withdrawn", "wrong-facts") == (state.how, state.ground)
    down = notice.taken_down[0]
    assert (None, ANNA) == (down.confirmed_by, down.by)
    with pytest.raises(NotAllowed):
        world.do(on(Confirm, of=down.index), ANNA)
    notice = world.do(on(Confirm, of=down.index), BEN)
    assert (BEN, NOON) == (notice.taken_down[0].confirmed_by, notice.taken_down[0].confirmed_at)
    with pytest.raises(NotNow, match="没有等确认"):
        world.do(on(Confirm, of=down.index), MEI)


def test_whoever_took_it_down_does_not_confirm_it(world: World) -> None:
    """Ben may confirm, but not his own taking down."""
    world.up()
    down = world.do(on(Withdraw, ground="duplicate"), BEN).taken_down[0]
    with pytest.raises(NotAllowed, match="另一个人确认"):
        world.do(on(Confirm, of=down.index), BEN)


def test_an_approval_does_not_outlive_a_withdrawal(world: World) -> None:
    """A correction that was scheduled when the notice came down is looked at once more."""
    world.up()
    world.submit()
    world.approve(start=NOON + 60)
    notice = world.do(on(Withdraw, ground="personal-data"), CLEO)
    assert isinstance(notice.latest.state, Submitted)
    world.at += 600
    assert None is publishing(world.village, notice, world.at)
    world.approve()
    assert "2026-002" == world.publish().number


@pytest.mark.parametrize("pending", [False, True])
def test_withdrawing_hits_what_people_see(world: World, pending: bool) -> None:
    """Also while a correction waits: the edition on the board comes down."""
    world.up()
    if pending:
        world.submit()
    notice = world.do(on(Withdraw, ground="minor"), ANNA)
    assert isinstance(notice.editions[0].state, Ended)


@pytest.mark.parametrize("act", [Withdraw, Redact, Extend, Erase])
def test_a_ground_comes_from_the_closed_list(world: World, act: type[Act]) -> None:
    """A word of one's own is not taken, nor one of another list."""
    world.up(until=NOON + DAY)
    more: dict[type[Act], dict[str, Any]] = {
        Redact: {"parts": ("names",), "rows": (), "files": ()},
        Erase: {"parts": ("names",), "rows": (), "files": ()},
        Extend: {"until": NOON + 2 * DAY},
    }
    world.at += 2 * DAY if act is Erase else 0
    for ground in ("", "because", "outage" if act is not Extend else "minor"):
        with pytest.raises(NotValid, match="列出的理由"):
            world.do(on(act, ground=ground, **more.get(act, {})), BEN)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"parts": ()}, "指明要隐去"),
        ({"parts": ("figures",)}, "指明要隐去"),
        ({"files": ("00" * 32,)}, "没有这个附件"),
    ],
)
def test_redacting_names_what_is_there(world: World, fields: dict[str, Any], refusal: str) -> None:
    """Nothing at all, a part that is not there, a file that is not there."""
    world.up()
    wanted = {"ground": "minor", "parts": ("names",), "rows": (), "files": (), **fields}
    with pytest.raises(NotValid, match=refusal):
        world.do(on(Redact, **wanted), ANNA)


def test_erasing_waits_for_the_end(world: World) -> None:
    """While it is up nothing is destroyed for lack of time; after the end it may be."""
    world.up(until=NOON + DAY)
    erase = on(Erase, ground="retention-ended", parts=("names",), rows=(), files=())
    with pytest.raises(NotNow, match="还在公开"):
        world.do(erase, BEN)
    world.at += DAY
    assert "erase" == world.do(erase, BEN).taken_down[0].act


def test_a_running_period_can_be_extended_only_forward(world: World) -> None:
    """Later than before, and only while it runs."""
    end = NOON + DAY
    world.up(until=end)
    for until in (end, end - 1):
        with pytest.raises(NotValid, match="更晚"):
            world.do(on(Extend, ground="outage", until=until), BEN)
    state = published(world.do(on(Extend, ground="outage", until=end + DAY), BEN).latest)
    assert state is not None
    assert end + DAY == state.period.until
    world.at = end + DAY
    with pytest.raises(NotNow, match="已经期满"):
        world.do(on(Extend, ground="outage", until=end + 5 * DAY), BEN)


def test_paper_on_a_wall_shows_what_is_up(world: World) -> None:
    """An old print cannot be posted as the present one."""
    old = published(world.up().latest)
    assert old is not None
    posted = world.do(on(Post, wall="w1", of=old.publish, files=()), ANNA).posted
    assert [("w1", old.publish, ANNA)] == [(p.wall, p.of, p.by) for p in posted]
    world.submit()
    world.approve()
    world.publish()
    with pytest.raises(NotNow, match="请打印新的"):
        world.do(on(Post, ed=2, wall="w1", of=old.publish, files=()), ANNA)


def test_an_end_is_after_the_start(world: World) -> None:
    """Neither before the start nor before now."""
    world.submit()
    for start, until in ((NOON, NOON), (NOON + 60, NOON + 60), (NOON - DAY, NOON)):
        with pytest.raises(NotValid, match="结束要在开始之后"):
            world.approve(start=start, until=until)


def test_time_does_not_go_back(world: World) -> None:
    """An act before the last one is refused, whoever it is by."""
    world.submit()
    world.at -= 1
    with pytest.raises(NotNow, match="往回走"):
        world.approve()


def test_of_a_notice_that_is_not_there_nothing_can_be_done(world: World) -> None:
    """NotFound, so that a page can say so."""
    with pytest.raises(NotFound):
        world.do(on(Withdraw, ground="minor"), ANNA)


@pytest.mark.parametrize("number", [ANNA, BEN, CLEO, DAN, MEI, KEEPER, 99])
def test_an_office_does_what_the_rules_say_and_no_more(
    world: World, rules: Rules, number: int
) -> None:
    """Every verb by everybody on a published notice: allowed are those of their offices."""
    world.up(until=NOON + DAY)
    roles = OFFICES.get(number, ())
    may = {act for role in roles for act in rules.offices[role].may}
    shown = choices(world.village, world.notice, number, NOON, rules)  # type: ignore[arg-type]
    applies = {"submit", "withdraw", "redact", "extend", "post"}
    assert may & applies == shown
    for action in (
        on(Withdraw, ground="minor"),
        on(Redact, ground="minor", parts=("text",), rows=(), files=()),
        on(Extend, ground="outage", until=NOON + 2 * DAY),
    ):
        for role in rules.offices:
            who = Actor(number, role)
            try:
                step(world.village, world.notice, action, who, NOON, rules)
            except NotAllowed:
                assert role not in roles or verb(action) not in rules.offices[role].may
            else:
                assert role in roles
                assert verb(action) in rules.offices[role].may


def test_the_clock_holds_only_its_own_office(world: World) -> None:
    """It publishes; it neither approves nor withdraws, and nobody else publishes."""
    world.submit()
    for role in ("clerk", "supervision-head", "clock"):
        with pytest.raises(NotAllowed):
            world.do(on(Approve, of=world.of, start=NOON, until=None), 0, role)
    world.approve()
    due = publishing(world.village, world.notice, NOON)  # type: ignore[arg-type]
    for number, roles in OFFICES.items():
        for role in ("clock", *roles):
            with pytest.raises(NotAllowed):
                world.do(due, number, role)


def test_offices_are_given_and_taken(world: World) -> None:
    """By who may, not twice, none that was not held, never the clock's; the last keeper stays."""
    village, rules, keeper = world.village, world.rules, Actor(KEEPER, "admin")

    def office(action: Any, who: Actor = keeper) -> Village:
        return step(village, None, action, who, NOON, rules)[0]

    after = office(Appoint(who=DAN, office="clerk", parts=()))
    assert ("clerk",) == after.offices[DAN]
    assert () == office(Dismiss(who=ANNA, office="clerk")).offices[ANNA]
    for action, refusal in (
        (Appoint(who=ANNA, office="clerk", parts=()), "已经担任"),
        (Appoint(who=DAN, office="mayor", parts=()), "没有这个职务"),
        (Appoint(who=DAN, office="clock", parts=()), "没有这个职务"),
        (Dismiss(who=DAN, office="clerk"), "并没有担任"),
        (Dismiss(who=KEEPER, office="admin"), "最后一位管理员"),
    ):
        with pytest.raises(Problem, match=refusal):
            office(action)
    for number, role in ((ANNA, "clerk"), (BEN, "supervision-head"), (DAN, "admin")):
        with pytest.raises(NotAllowed):
            office(Appoint(who=number, office="director", parts=()), Actor(number, role))


def test_a_village_without_anybody_takes_its_first_keeper(rules: Rules) -> None:
    """Once: by their own word, only as keeper, only for themselves."""
    empty = Village(code="v1", origin="board.example/v/1", size=1, last_at=NOON)

    def first(who: int, office: str, by: Actor) -> Village:
        return step(empty, None, Appoint(who=who, office=office, parts=()), by, NOON, rules)[0]

    assert ("admin",) == first(DAN, "admin", Actor(DAN, "admin")).offices[DAN]
    for who, office, by in (
        (DAN, "clerk", Actor(DAN, "clerk")),
        (DAN, "admin", Actor(MEI, "admin")),
        (DAN, "admin", THE_CLOCK),
    ):
        with pytest.raises(NotAllowed):
            first(who, office, by)


def test_what_machines_note_is_noted_by_machines(world: World) -> None:
    """A genesis comes once and first; instance acts have no place in a village's log."""
    with pytest.raises(NotNow, match="已经开了头"):
        step(world.village, None, Genesis(village="v1", keys=()), THE_CLOCK, NOON, world.rules)
    with pytest.raises(NotNow, match="总日志"):
        step(world.village, None, Account(account=1, change="opened"), THE_CLOCK, NOON, world.rules)
    instance = Village(code="", origin="board.example/instance", size=3)
    with pytest.raises(NotAllowed):
        step(
            instance,
            None,
            Account(account=1, change="opened"),
            Actor(KEEPER, "admin"),
            NOON,
            world.rules,
        )


def test_people_act_under_the_office_that_may(world: World) -> None:
    """Cleo submits as clerk and approves as member of the supervision committee."""
    approve = on(Approve, of=1, start=NOON, until=None)
    assert "supervision-member" == acting(world.village, CLEO, approve, world.rules).role
    world.submit(CLEO)
    assert "clerk" == acting(world.village, CLEO, on(Withdraw, ground=""), world.rules).role
    with pytest.raises(NotAllowed, match="没有职务"):
        acting(world.village, DAN, approve, world.rules)


def test_publish_leaf_alone_binds_what_is_shown(world: World) -> None:
    """It repeats the approved parts and files."""
    world.submit()
    world.approve()
    due = publishing(world.village, world.notice, NOON)  # type: ignore[arg-type]
    assert isinstance(due, Publish)
    assert (PARTS, FILES) == (due.parts, due.files)
