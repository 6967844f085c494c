"""A log nobody can complete is followed by another one, and stays served as far as it is here."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from noticeboard.auditing import verify
from noticeboard.board import (
    attaching,
    checkpoints,
    drafting,
    freezing,
    openlog,
    succeeding,
    taking_down,
)
from noticeboard.core.actions import Entry, Genesis, read
from noticeboard.core.checkpoints import open_checkpoint
from noticeboard.core.codes import fingerprint
from noticeboard.core.merkle import leaf_hash
from noticeboard.core.notes import read_key
from noticeboard.core.notice import Published
from noticeboard.core.problems import NotAllowed, NotNow, NotValid, Unavailable
from noticeboard.core.tiles import Tile, unpack
from noticeboard.signing.ed25519 import verify as signed
from noticeboard.store import drafts, heads, log, notices, people, screens
from noticeboard.store.tables import entry, head, node
from noticeboard.web.public import Pages
from tests.backups import Backup
from tests.board.test_coming_back import World
from tests.cast import KEY, ORIGIN, VILLAGE, Cast, Picture, cast_on

ARCHIVE = f"{VILLAGE}.1"
NAME = "欧阳翠翠"


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """Give a world on each kind of database; a test ends with both audits of both logs."""
    cast = cast_on(database_url)
    yield World(cast, tmp_path)
    cast.audit()
    cast.board.database.close()


def stopped(world: World) -> tuple[str, str, int]:
    """Lose what came after a backup for good; gives an old notice, a lost one, what was signed."""
    cast = world.cast
    old = cast.published("announcement", title=f"{NAME}的通知")
    with cast.board.database.write() as tx:
        screens.add(tx, screens.Screen(VILLAGE, "hall", "村部", 1080, 1920, at=1, retired=False))
    world.sign()
    backup = Backup(cast.board.database)
    lost = cast.published("decision")
    world.sign()
    size = len(world.leaves())
    world.back_to(backup)
    return old.code, lost.code, size


def follow(world: World, ground: str = "entries-lost") -> succeeding.Succeeded:
    """Let the keeper open the next log."""
    keeper = world.cast.accounts["admin"]
    return succeeding.succeed(world.board, world.signer, VILLAGE, ground=ground, keeper=keeper)


def test_a_new_log_goes_on_and_the_old_one_stays(world: World) -> None:
    """The genesis names the last signed head and why; everybody can work; old codes answer."""
    old, lost, size = stopped(world)
    before = world.leaves()
    page = world.plain(f"/n/{old}")
    signed_last = world.signer.state(ORIGIN)

    done = follow(world)

    assert (f"{ORIGIN}/2", ARCHIVE) == (done.origin, done.archive)
    assert (signed_last, size) == (done.predecessor, done.predecessor.size)
    first = read(world.leaves()[0])
    assert isinstance(first, Entry)
    assert isinstance(first.action, Genesis)
    assert (done.predecessor.text.decode(), "entries-lost") == (
        first.action.predecessor,
        first.action.ground,
    )
    assert (done.keys, done.origin) == (first.action.keys, first.log)
    # The old log: the same bytes, the same checkpoint, frozen for ever.
    with world.board.database.read() as tx:
        assert before == [raw for _index, raw in log.leaves(tx, ARCHIVE)]
        note = checkpoints.served(tx, ARCHIVE)
        assert note is not None
        served = open_checkpoint(note, [KEY], (), signed).checkpoint
        bundle = openlog.tile(tx, ARCHIVE, Tile(None, 0, served.size))
        assert bundle is not None
        assert before == unpack(bundle, served.size)
        assert freezing.STOPPED == heads.frozen(tx, ARCHIVE)
        assert [ARCHIVE] == heads.archives(tx, VILLAGE)
        assert [VILLAGE] == [one.village.code for one in notices.villages(tx)]
        assert [VILLAGE] == [
            one.village for one in people.villages_of(tx, world.cast.accounts["anna"])
        ]
        assert VILLAGE == screens.get(tx, "hall").village
    assert (
        page.split("<main>")[1].split("<footer>")[0]
        == (world.plain(f"/n/{old}").split("<main>")[1].split("<footer>")[0])
    )
    assert "没有这个编号" in world.plain(f"/n/{lost}")
    # Life goes on with the same people.
    world.cast.audit()
    again = Cast(world.board, world.cast.clock, world.cast.accounts)
    new = again.published("decision")
    assert "2026-001" == new.number
    world.cast.clock.on(checkpoints.EVERY)
    assert [VILLAGE] == checkpoints.sign_due(world.board, world.signer)
    with world.board.database.read() as tx:
        note = checkpoints.served(tx, VILLAGE)
    assert note is not None
    keys = [read_key(key) for key in done.keys]
    assert done.origin == open_checkpoint(note, keys, (), signed).checkpoint.origin
    checkpoints.look(world.board, world.signer)
    assert "" == world.reason()
    report = verify(world.board)
    assert {"", VILLAGE, ARCHIVE} == report.roots.keys()


def test_every_old_address_still_answers(world: World) -> None:
    """The printed code, the proof, the check, the keys, the open log, lists and search."""
    old, _lost, _size = stopped(world)
    notice = world.cast.notice(old)
    up = notice.latest.state
    assert isinstance(up, Published)
    with world.board.database.read() as tx:
        leaf = log.leaf_at(tx, VILLAGE, up.publish)
    assert leaf is not None
    printed = f"/N/{old}/{fingerprint(leaf_hash(leaf))}"
    follow(world)
    pages = Pages(world.board, "https://board.example")
    for path in (
        printed,
        f"/n/{old}.tlog-proof",
        f"/n/{old}/verify",
        f"/n/{old}/poster",
        f"/n/{old}.csv",
        f"/v/{ARCHIVE}",
        f"/v/{ARCHIVE}/keys",
        f"/v/{ARCHIVE}/notices",
        f"/v/{ARCHIVE}/corrections",
        f"/log/{ARCHIVE}/checkpoint",
        f"/log/{ARCHIVE}/public.json",
        "/kiosk/hall/playlist.json",
    ):
        assert 200 == pages.answer(path, "").status, path
    assert NAME in world.plain(f"/v/{ARCHIVE}/notices")
    assert "无法核对" not in world.plain(printed)
    found = pages.answer(f"/v/{ARCHIVE}/search", f"q={quote(NAME)}")
    body = zlib.decompress(found.body, 47) if found.packed else found.body
    assert old in body.decode()
    assert f'href="/v/{ARCHIVE}"' in world.plain(f"/v/{VILLAGE}")
    assert f'href="/v/{VILLAGE}"' in world.plain(f"/v/{ARCHIVE}")


def test_the_pages_say_which_log_this_one_goes_on_from(world: World) -> None:
    """On the wall's paper and by each check: since when, why, and how far the old one went."""
    old, _lost, _size = stopped(world)
    done = follow(world)
    again = Cast(world.board, world.cast.clock, world.cast.accounts)
    code = again.published("decision").code
    size = done.predecessor.size
    said = f"这个日志接着以前的一个：机器坏了，后面的记录找不回来。以前的记到第 {size} 条"
    for path in (f"/v/{VILLAGE}/keys", f"/n/{code}/verify"):
        assert said in world.plain(path), path
    for path in (f"/v/{ARCHIVE}/keys", f"/n/{old}/verify"):
        assert "接着以前的一个" not in world.plain(path), path


def test_taking_down_works_in_a_log_that_stopped(world: World) -> None:
    """Promise 13 for ever: one person, at once, on every surface; nothing else is done there."""
    old, _lost, _size = stopped(world)
    follow(world)
    cast, board = world.cast, world.board
    with pytest.raises(NotNow, match="停"):
        succeeding.succeed(
            board, world.signer, ARCHIVE, ground="entries-lost", keeper=cast.accounts["admin"]
        )
    draft = drafting.reopen(board, ARCHIVE, old, cast.anna)
    typed = {**draft.typed, "title": "改过的通知", "reason": "看错了"}
    draft = drafting.save(board, ARCHIVE, old, cast.anna, typed, draft.version)
    with pytest.raises(Unavailable, match="现在的公开栏"):
        drafting.submit(board, ARCHIVE, old, cast.anna, seen=draft.version)
    drafting.discard(board, ARCHIVE, old)
    done = taking_down.withdraw(board, ARCHIVE, old, cast.anna, ground="personal-data")
    assert NAME not in world.plain(f"/n/{old}")
    for path in (f"/v/{ARCHIVE}", f"/v/{ARCHIVE}/notices", f"/v/{VILLAGE}", f"/n/{old}.json"):
        assert NAME not in world.plain(path), path
    taking_down.confirm(board, ARCHIVE, old, cast.ben, of=done.index)
    taking_down.redact(board, ARCHIVE, old, cast.anna, ground="personal-data", parts=("text",))


def test_what_was_held_stays_with_the_old_log(world: World) -> None:
    """Taken down while the log was frozen, and never logged: it stays down, and audits agree."""
    old, _lost, _size = stopped(world)
    taking_down.withdraw(world.board, VILLAGE, old, world.cast.anna, ground="wrong-facts")
    follow(world)
    assert "撤下" in world.plain(f"/n/{old}")
    assert NAME not in world.plain(f"/v/{ARCHIVE}")


def test_private_paper_stays_where_it_can_be_sent(world: World) -> None:
    """A draft of a new notice stays with its pictures; a correction goes with its notice."""
    cast = world.cast
    old = cast.published("announcement")
    correction = drafting.reopen(cast.board, VILLAGE, old.code, cast.anna)
    fresh = cast.draft("decision")
    fresh = attaching.attach(
        cast.board, VILLAGE, fresh.code, cast.anna, [Picture(b"jpeg" * 9)], "照片"
    )
    world.sign()
    backup = Backup(cast.board.database)
    cast.published("project")
    world.sign()
    world.back_to(backup)
    follow(world)
    with cast.board.database.read() as tx:
        assert [fresh.code] == [draft.code for draft in drafts.of_village(tx, VILLAGE)]
        (moved,) = drafts.of_village(tx, ARCHIVE)
    assert (correction.code, ARCHIVE) == (moved.code, moved.village)
    sent = drafting.submit(
        cast.board, VILLAGE, fresh.code, cast.anna, seen=fresh.version, attested=True
    )
    assert 1 == len(sent.notice.latest.files)  # type: ignore[union-attr]


def test_who_may_and_when(world: World) -> None:
    """Only of a log that stands still, by its administrator, on a listed ground."""
    cast = world.cast
    with pytest.raises(NotNow, match="没有停住"):
        follow(world)
    stopped(world)
    for login in ("anna", "mei", "dan"):
        with pytest.raises(NotAllowed, match="管理员"):
            succeeding.succeed(
                world.board,
                world.signer,
                VILLAGE,
                ground="entries-lost",
                keeper=cast.accounts[login],
            )
    before = world.everything()
    with pytest.raises(NotValid, match="理由"):
        follow(world, "bored")
    assert before == world.everything()
    # The key that was made in vain serves the second time.
    follow(world)


def test_a_log_whose_key_is_lost_can_be_followed(world: World) -> None:
    """Nothing is frozen then, but nothing can ever be signed again either."""
    world.cast.published("announcement")
    world.sign()
    for path in world.signer.folder.glob("*.key"):
        path.unlink()
    done = follow(world, "key-lost")
    assert done.predecessor == world.signer.state(ORIGIN)


def test_a_third_log_follows_the_second(world: World) -> None:
    """Numbers go on, of names and of archives; a name that was signed under is never used again."""
    stopped(world)
    second = follow(world)
    world.cast.clock.on(10)
    checkpoints.sign_due(world.board, world.signer)
    with world.board.database.write() as tx:
        freezing.freeze(tx, VILLAGE, "又坏了。")
    third = follow(world, "does-not-add-up")
    assert [f"{ORIGIN}/3", f"{VILLAGE}.2"] == [third.origin, third.archive]
    assert second.origin == third.predecessor.origin
    with world.board.database.read() as tx:
        assert [f"{VILLAGE}.2", ARCHIVE] == heads.archives(tx, VILLAGE)


def test_a_backup_from_before_uses_no_name_twice(world: World) -> None:
    """Restored to before the second log, the board follows the first one by a third name."""
    stopped(world)
    backup = Backup(world.board.database)
    follow(world)
    world.cast.clock.on(10)
    assert [VILLAGE] == checkpoints.sign_due(world.board, world.signer)
    world.back_to(backup)
    assert f"{ORIGIN}/3" == follow(world).origin


def test_the_tables_let_a_log_move_and_nothing_else(world: World) -> None:
    """Only to a number of its own code, only as it is: the database refuses everything besides."""
    world.cast.published("announcement")
    for change in (
        update(entry).values(village="430000102"),
        update(entry).values(village=f"{VILLAGE}x.1"),
        update(entry).values(village=ARCHIVE, leaf=b"{}"),
        update(entry).values(village=ARCHIVE, at=1),
        update(entry).values(leaf=b"{}"),
        update(node).values(village=ARCHIVE, hash=bytes(32)),
        update(node).values(village="other.1"),
    ):
        with pytest.raises(DBAPIError, match="append-only"), world.board.database.write() as tx:
            tx.execute(change)
    with pytest.raises(DBAPIError, match="append-only"), world.board.database.write() as tx:
        tx.execute(text("delete from entry"))


def test_an_audit_sees_a_predecessor_that_is_another(world: World) -> None:
    """The old log put aside, or exchanged for another one, is found."""
    stopped(world)
    follow(world)
    with world.board.database.read() as tx:
        origin = tx.execute(select(head.c.origin).where(head.c.village == ARCHIVE)).scalar_one()
    with world.board.database.write() as tx:
        tx.execute(update(head).where(head.c.village == ARCHIVE).values(origin="elsewhere"))
    assert "前一个日志" in {found.where for found in verify(world.board, VILLAGE).problems}
    with world.board.database.write() as tx:
        tx.execute(update(head).where(head.c.village == ARCHIVE).values(origin=origin))
