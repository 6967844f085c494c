"""False alarms cleared by two, by place, and assessments: what the rulebook asks of both."""

import pytest

from noticeboard.core.actions import Approve, Assess, Clear, Submit
from noticeboard.core.lifecycle import choices
from noticeboard.core.notice import Doubt, Notice, Part, Scheduled
from noticeboard.core.problems import NotAllowed, NotNow, NotValid
from noticeboard.core.rules import Rules, decode
from tests.cast import bundle
from tests.core.test_lifecycle import ANNA, BEN, CLEO, CODE, MEI, NOON, PARTS, World

DOUBTS = (Doubt("text", 0, "summary", "address"), Doubt("names", 2, "remark", "person"))


@pytest.fixture(scope="module")
def rules() -> Rules:
    return decode(bundle())


def submitted(world: World, by: int = ANNA, doubts: tuple[Doubt, ...] = DOUBTS) -> Notice:
    action = Submit(
        code=CODE,
        ed=1,
        kind="announcement",
        item=None,
        publisher="committee",
        covers=None,
        group=None,
        writers=(by,),
        parts=PARTS,
        files=(),
        prev=None,
        change=None,
        doubts=doubts,
    )
    return world.do(action, by)


def cleared(of: int, doubts: tuple[Doubt, ...] = DOUBTS) -> Clear:
    return Clear(code=CODE, ed=1, of=of, doubts=doubts)


def approved(of: int) -> Approve:
    return Approve(code=CODE, ed=1, of=of, start=NOON, until=None)


def test_what_is_doubted_is_approved_only_once_a_second_person_cleared_it(rules: Rules) -> None:
    """The writer says so in the submission, the reviewer in an entry of their own."""
    world = World(rules)
    of = submitted(world).latest.of
    with pytest.raises(NotNow, match="还没有核对"):
        world.do(approved(of), BEN)
    assert "approve" not in choices(world.village, world.notice, BEN, NOON, rules)  # type: ignore[arg-type]
    notice = world.do(cleared(of), BEN)
    assert of + 1 == notice.latest.cleared
    assert isinstance(world.do(approved(of), BEN).latest.state, Scheduled)


def test_nobody_clears_what_they_wrote(rules: Rules) -> None:
    """Cleo may review, but not herself."""
    world = World(rules)
    of = submitted(world, CLEO).latest.of
    with pytest.raises(NotAllowed, match="另一个人核对"):
        world.do(cleared(of), CLEO)


def test_an_office_that_only_writes_clears_nothing(rules: Rules) -> None:
    """Anna's office has no such verb."""
    world = World(rules)
    of = submitted(world, CLEO).latest.of
    with pytest.raises(NotAllowed, match="不能做这件事"):
        world.do(cleared(of), ANNA)


def test_exactly_what_the_writer_said_is_cleared_and_once(rules: Rules) -> None:
    """Not less, not more, not another submission, not twice."""
    world = World(rules)
    of = submitted(world).latest.of
    with pytest.raises(NotValid, match="不一样"):
        world.do(cleared(of, DOUBTS[:1]), BEN)
    with pytest.raises(NotNow, match="又改了"):
        world.do(cleared(of - 1), BEN)
    world.do(cleared(of), BEN)
    with pytest.raises(NotNow, match="没有等您核对"):
        world.do(cleared(of), MEI)


def test_what_has_no_doubts_has_nothing_to_clear(rules: Rules) -> None:
    """It is approved as ever."""
    world = World(rules)
    of = submitted(world, doubts=()).latest.of
    with pytest.raises(NotNow, match="没有等您核对"):
        world.do(cleared(of, ()), BEN)
    assert isinstance(world.do(approved(of), BEN).latest.state, Scheduled)


def test_a_doubt_is_in_a_part_that_was_submitted(rules: Rules) -> None:
    """Else nobody could look at it."""
    with pytest.raises(NotValid, match="不在这一版里"):
        submitted(World(rules), doubts=(Doubt("figures", 1, "summary", "address"),))


# Assessments.


def assessment(programme: str) -> Assess:
    return Assess(programme=programme, parts=(Part("assessment", "ab" * 32, 0),))


def test_the_township_assesses_a_programme_once(rules: Rules) -> None:
    """The village knows since when."""
    world = World(rules)
    submitted(world)
    world.do(assessment("dibao"), MEI)
    assert {"dibao": NOON} == world.village.assessed
    with pytest.raises(NotNow, match="已经评估过"):
        world.do(assessment("dibao"), MEI)


def test_only_the_township_assesses_and_only_what_the_rules_know(rules: Rules) -> None:
    """A village does not judge its own lists, and a programme without a rule cannot be judged."""
    world = World(rules)
    submitted(world)
    with pytest.raises(NotAllowed):
        world.do(assessment("dibao"), BEN)
    with pytest.raises(NotValid, match="没有登记"):
        world.do(assessment("nobody-knows"), MEI)
