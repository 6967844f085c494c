"""A log that another follows stays where it is; one ahead of the clock may be followed too."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from noticeboard.board import freezing, thawing
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.merkle import EMPTY
from noticeboard.core.problems import NotNow, Unavailable
from noticeboard.signing.keys import stop_of
from tests.backups import Backup
from tests.board.test_coming_back import World
from tests.board.test_ways_out import follow, said
from tests.cast import ORIGIN, VILLAGE, cast_on

DAY = 86_400


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """Give a world on each kind of database; a test ends with both audits."""
    cast = cast_on(database_url)
    yield World(cast, tmp_path)
    cast.audit()
    cast.board.database.close()


@pytest.mark.parametrize("marked", [True, False])
def test_a_log_that_was_followed_is_not_revived(world: World, marked: bool) -> None:
    """A backup from before the next log, and even a whole copy: the old one stays where it is."""
    world.cast.published("announcement")
    world.sign()
    backup = Backup(world.board.database)
    world.cast.published("decision")
    world.mirrored()
    world.back_to(backup)
    with world.board.database.write() as tx:
        freezing.freeze(tx, VILLAGE, "又坏了。")
    follow(world)
    world.sign()
    after = Backup(world.board.database)
    if not marked:
        stop_of(world.signer.folder, ORIGIN).unlink()

    world.back_to(backup)

    assert freezing.FOLLOWED == world.reason()
    (check,) = said(world)
    assert ("successor" in check.fix, "recover" in check.fix) == (True, False)
    assert freezing.FOLLOWED == world.recover().frozen == world.reason()
    with pytest.raises(NotNow, match="恢复另开以后的备份"):
        thawing.thaw(world.board, world.signer, VILLAGE)
    if marked:
        with pytest.raises(NotNow, match=f"{ORIGIN}/2"):
            world.signer.sign(ORIGIN, 0, (), Checkpoint(ORIGIN, 0, EMPTY))
    # With the right backup it goes on as it was; without one, by a name nothing was signed under.
    world.back_to(after)
    assert "" == world.reason()
    assert [] == said(world)
    world.back_to(backup)
    assert f"{ORIGIN}/3" == follow(world).origin
    world.sign()
    assert [] == said(world)


def test_a_backup_swapped_in_beneath_is_found_before_it_is_signed(world: World) -> None:
    """Nobody started anything: the next time something is to be signed, it is not."""
    world.cast.published("announcement")
    world.sign()
    backup = Backup(world.board.database)
    with world.board.database.write() as tx:
        freezing.freeze(tx, VILLAGE, "又坏了。")
    follow(world)
    world.sign()
    backup.restore(world.board.database)
    world.cast.published("decision")
    before = world.signer.state(ORIGIN)
    world.sign()
    assert freezing.FOLLOWED == world.reason()
    assert before == world.signer.state(ORIGIN)
    follow(world)


def test_a_clock_that_ran_ahead_leaves_two_ways(world: World) -> None:
    """Wait for the time that was written, or go on in another log; taking down needs neither."""
    cast = world.cast
    notice = cast.published("announcement")
    cast.clock.on(400 * DAY)
    ahead = cast.published("decision")
    cast.clock.on(-400 * DAY)
    (check,) = said(world, "时钟")
    assert "2027-02-09" in check.said
    assert "等到 2027-02-09" in check.fix
    assert "--ground clock-ahead" in check.fix
    with pytest.raises(Unavailable, match="2027-02-09"):
        cast.published("project")
    assert notice.code != ahead.code
    world.board.watch.pause("时钟突然跳了，请看看对不对。")
    with pytest.raises(NotNow, match="时钟是对的"):
        follow(world, "clock-ahead")
    world.board.confirm_clock()

    follow(world, "clock-ahead")

    cast.published("project")
    world.sign()
    assert [] == said(world, "时钟") == said(world)


def test_waiting_is_enough(world: World) -> None:
    """Once the time that was written is here, everything is as before."""
    world.cast.clock.on(DAY)
    world.cast.published("announcement")
    world.cast.clock.on(-DAY)
    with pytest.raises(Unavailable, match="慢了"):
        world.cast.published("decision")
    world.cast.clock.on(DAY)
    with pytest.raises(NotNow, match="没有停住"):
        follow(world, "clock-ahead")
    world.cast.published("decision")
