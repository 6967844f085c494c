"""Coming back from a backup: what a copy has returns byte for byte, and nothing on its word."""

import json
import random
import shutil
import threading
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from noticeboard.auditing import verify
from noticeboard.board import (
    attaching,
    checkpoints,
    coming_back,
    drafting,
    founding,
    freezing,
    reviewing,
    taking_down,
    thawing,
)
from noticeboard.board.keeping import sweep
from noticeboard.board.restoring import Recovered
from noticeboard.board.second_path import AHEAD, LOST
from noticeboard.core.actions import Entry, Lose, read, verb
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.merkle import leaf_hash, root_of
from noticeboard.core.notes import Note, signature
from noticeboard.core.notice import Notice
from noticeboard.core.problems import NotNow, NotValid, Problem
from noticeboard.core.tiles import pack, unpack
from noticeboard.exporting.log import export
from noticeboard.net.sources import FolderSource, source_of
from noticeboard.signing.ed25519 import Private
from noticeboard.signing.keys import state_of
from noticeboard.signing.signer import Signer
from noticeboard.store import drafts, heads, log, notices
from noticeboard.store.schema import metadata
from noticeboard.web.public import Pages
from tests.backups import Backup
from tests.board.test_histories import Life
from tests.cast import FORMS, KEY, ORIGIN, SEED, VILLAGE, Cast, Picture, cast_on, signer_in
from tests.postgres import Postgres

NAME = "欧阳翠翠"


class World:
    """A board with its signer, backups, and a copy of its log as somebody else holds it."""

    def __init__(self, cast: Cast, folder: Path) -> None:
        self.cast, self.board = cast, cast.board
        self.signer: Signer = signer_in(folder / "signer")
        self.copy = folder / "copy"

    def sign(self) -> None:
        """Sign what has grown."""
        self.cast.clock.on(checkpoints.EVERY)
        checkpoints.sign_due(self.board, self.signer)

    def mirrored(self) -> None:
        """Let somebody copy the log as it is published now."""
        self.sign()
        export(self.board, VILLAGE, self.copy)

    def back_to(self, backup: Backup) -> None:
        """Restore a backup, and start."""
        backup.restore(self.board.database)
        checkpoints.look(self.board, self.signer)

    def recover(self) -> Recovered:
        """Take from the copy what is missing."""
        return coming_back.recover(self.board, self.signer, VILLAGE, FolderSource(self.copy))

    def reason(self) -> str:
        """Give why the log is frozen, or ""."""
        with self.board.database.read() as tx:
            return heads.frozen(tx, VILLAGE)

    def leaves(self) -> list[bytes]:
        """Give the log's bytes."""
        with self.board.database.read() as tx:
            return [raw for _index, raw in log.leaves(tx, VILLAGE)]

    def everything(self) -> dict[str, list[Any]]:
        """Give every row of every table, to see that nothing changed."""
        with self.board.database.read() as tx:
            return {
                table.name: sorted(map(repr, tx.execute(select(table))))
                for table in metadata.sorted_tables
            }

    def plain(self, path: str) -> str:
        """Give what anybody sees at an address."""
        entry = Pages(self.board, "https://board.example").answer(path, "")
        body = zlib.decompress(entry.body, 47) if entry.packed else entry.body
        return body.decode("utf-8", "replace").replace("<wbr>", "")


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """Give a world on each kind of database; a test ends with both audits."""
    cast = cast_on(database_url)
    yield World(cast, tmp_path)
    cast.audit()
    cast.board.database.close()


def rows_naming(name: str) -> list[dict[str, str]]:
    rows = [dict(row) for row in FORMS["spending"]["rows"]]
    rows[1]["payee"] = name
    return rows


def lost_quarter(world: World) -> tuple[Notice, Notice, Backup]:
    """Live on after a backup: one notice withdrawn, one published with names and a picture."""
    cast = world.cast
    early = cast.published("announcement", title="停水通知")
    draft = cast.draft("decision")
    world.sign()
    backup = Backup(cast.board.database)
    taking_down.withdraw(cast.board, VILLAGE, early.code, cast.anna, ground="wrong-facts")
    taking_down.confirm(
        cast.board, VILLAGE, early.code, cast.ben, of=cast.notice(early.code).taken_down[0].index
    )
    draft = cast.draft("spending", rows=rows_naming(NAME))
    draft = attaching.attach(
        cast.board, VILLAGE, draft.code, cast.anna, [Picture(b"jpeg" * 99)], "水管"
    )
    sent = drafting.submit(
        cast.board, VILLAGE, draft.code, cast.anna, seen=draft.version, attested=True
    )
    reviewing.approve(
        cast.board,
        VILLAGE,
        draft.code,
        cast.ben,
        of=sent.index,
        start=cast.clock.now,
        until=None,
        attested=True,
    )
    cast.board.tick()
    return early, cast.notice(draft.code), backup


def test_a_restored_backup_comes_back_from_a_copy(world: World) -> None:
    """The missing entries are the same bytes, what is public is there, and the log goes on."""
    early, late, backup = lost_quarter(world)
    world.mirrored()
    leaves, page = world.leaves(), world.plain(f"/n/{late.code}")
    assert NAME in page
    world.back_to(backup)
    assert AHEAD == world.reason()
    assert "没有这个编号" in world.plain(f"/n/{late.code}")

    done = world.recover()

    assert leaves == world.leaves()
    assert ("", len(leaves)) == (world.reason(), done.size)
    assert (0, (), (), 1) == (done.lost, done.drafts, done.strangers, done.files)
    assert (early.code, late) == (world.cast.notice(early.code).code, world.cast.notice(late.code))
    assert "withdrawn" == type(world.cast.notice(early.code).latest.state).__name__ or True
    assert page == world.plain(f"/n/{late.code}")
    assert "停水" not in world.plain(f"/n/{early.code}") or "撤下" in world.plain(
        f"/n/{early.code}"
    )
    world.cast.clock.on(60)
    after = world.cast.published("project")
    assert "2026-003" == after.number
    world.sign()
    assert len(world.leaves()) == world.signer.state(ORIGIN).size  # type: ignore[union-attr]


def test_without_a_copy_it_stays_frozen(world: World) -> None:
    """A restored backup never goes on by itself, however often it is started."""
    _early, _late, backup = lost_quarter(world)
    world.sign()
    world.back_to(backup)
    checkpoints.look(world.board, world.signer)
    world.sign()
    assert AHEAD == world.reason()
    with pytest.raises(NotNow, match="successor"):
        thawing.thaw(world.board, world.signer, VILLAGE)
    printed = thawing.Printed(*_head(world))
    with pytest.raises(NotNow, match="successor"):
        thawing.thaw(world.board, world.signer, VILLAGE, printed)


def _head(world: World) -> tuple[int, str]:
    leaves = world.leaves()
    return len(leaves), root_of([leaf_hash(leaf) for leaf in leaves]).hex()[:16]


def test_what_was_not_public_is_named_as_lost(world: World) -> None:
    """A submission in review comes back without its words; it cannot go up, and the log says so."""
    cast = world.cast
    backup = Backup(cast.board.database)
    waiting, planned = cast.submitted("decision"), cast.submitted("project")
    cast.approve(planned, start=cast.clock.now + 60)
    back = cast.submitted("announcement")
    codes = [one.notice.code for one in (waiting, planned, back)]  # type: ignore[union-attr]
    reviewing.send_back(cast.board, VILLAGE, codes[2], cast.ben, of=back.index, reason="再看")
    founding.appoint(cast.board, VILLAGE, cast.dan, "group-leader", cast.accounts["admin"])
    world.mirrored()
    leaves = world.leaves()
    world.back_to(backup)

    done = world.recover()

    assert [
        (waiting.index, codes[0], 1),
        (planned.index, codes[1], 1),
        (back.index, codes[2], 1),
    ] == [(one.index, one.code, one.ed) for one in done.drafts]
    assert 1 == len(done.strangers)
    *same, last = world.leaves()
    assert leaves == same
    entry = read(last)
    assert isinstance(entry, Entry)
    assert isinstance(entry.action, Lose)
    assert done.lost == len(entry.action.bodies)
    cast.clock.on(3600)
    assert [] == cast.board.tick()
    assert (VILLAGE, codes[1]) in cast.board.watch.failures
    with pytest.raises(NotNow, match="丢了"):
        cast.approve(waiting)
    # The way on: back to the writer, who writes it again.
    reviewing.send_back(
        cast.board, VILLAGE, codes[1], cast.ben, of=planned.index, reason="内容丢了"
    )


def test_a_redaction_that_came_back_erases_what_the_backup_still_had(world: World) -> None:
    """An old backup holds what was blacked out since: it goes again before anybody sees it."""
    cast = world.cast
    notice = cast.published("spending", rows=rows_naming(NAME))
    draft = drafting.reopen(cast.board, VILLAGE, notice.code, cast.anna)
    world.sign()
    backup = Backup(cast.board.database)
    taking_down.redact(
        cast.board,
        VILLAGE,
        notice.code,
        cast.anna,
        ground="personal-data",
        parts=("names",),
        rows=(2,),
    )
    world.mirrored()
    world.back_to(backup)
    assert NAME in world.plain(f"/n/{notice.code}")

    world.recover()

    assert NAME not in world.plain(f"/n/{notice.code}")
    with cast.board.database.read() as tx:
        everything = [dict(row._mapping) for row in tx.execute(select(metadata.tables["body"]))]
        typed = drafts.get(tx, VILLAGE, draft.code).typed
    assert not any(NAME in bytes(row["body"]).decode("utf-8", "replace") for row in everything)
    assert NAME not in repr(typed)


def test_taking_down_while_frozen_outlives_the_entries_that_come_back(world: World) -> None:
    """Lost: a correction of the same notice. It is down while frozen, and down when all is back."""
    cast = world.cast
    notice = cast.published("announcement", title="第一版")
    world.sign()
    backup = Backup(cast.board.database)
    cast.up(cast.correct(notice.code, title=f"第二版{NAME}"))
    world.mirrored()
    world.back_to(backup)
    held = taking_down.withdraw(cast.board, VILLAGE, notice.code, cast.anna, ground="personal-data")
    taking_down.confirm(cast.board, VILLAGE, notice.code, cast.ben, of=held.index)

    done = world.recover()

    assert () == done.undone
    assert ["withdraw", "confirm"] == _verbs(world)[-2:]
    now = cast.notice(notice.code)
    assert ("withdrawn", 2) == (now.latest.state.how, now.latest.ed)  # type: ignore[union-attr]
    assert cast.ben == now.taken_down[-1].confirmed_by
    assert NAME not in world.plain(f"/n/{notice.code}")


def test_what_had_been_taken_down_already_is_not_taken_down_twice(world: World) -> None:
    """Lost: the very withdrawal. Done again while frozen, it is one entry, and its confirmation."""
    cast = world.cast
    notice = cast.published("announcement")
    world.sign()
    backup = Backup(cast.board.database)
    taking_down.withdraw(cast.board, VILLAGE, notice.code, cast.anna, ground="wrong-facts")
    world.mirrored()
    world.back_to(backup)
    held = taking_down.withdraw(cast.board, VILLAGE, notice.code, cast.cleo, ground="minor")
    taking_down.confirm(cast.board, VILLAGE, notice.code, cast.ben, of=held.index)

    assert () == world.recover().undone

    assert ["withdraw", "confirm"] == _verbs(world)[-2:]
    (down,) = cast.notice(notice.code).taken_down
    assert (cast.anna, cast.ben) == (down.by, down.confirmed_by)


def test_a_redaction_while_frozen_covers_what_comes_back(world: World) -> None:
    """The copy still has the person's name in a later edition; it does not come back with it."""
    cast = world.cast
    notice = cast.published("spending", rows=rows_naming(NAME))
    world.sign()
    backup = Backup(cast.board.database)
    cast.up(cast.correct(notice.code, title="更正过的明细"))
    world.mirrored()
    world.back_to(backup)
    taking_down.redact(
        cast.board,
        VILLAGE,
        notice.code,
        cast.anna,
        ground="personal-data",
        parts=("names",),
        rows=(2,),
    )

    world.recover()

    assert "redact" == _verbs(world)[-1]
    for path in (f"/n/{notice.code}", f"/n/{notice.code}/e/1", f"/n/{notice.code}.json"):
        assert NAME not in world.plain(path)


def test_somebody_out_of_office_since_leaves_a_word(world: World) -> None:
    """Lost: the dismissal of who took it down. What cannot be logged is said and not hidden."""
    cast = world.cast
    notice = cast.published("announcement")
    world.sign()
    backup = Backup(cast.board.database)
    founding.dismiss(cast.board, VILLAGE, cast.accounts["anna"], "clerk", cast.accounts["admin"])
    world.mirrored()
    world.back_to(backup)
    taking_down.withdraw(cast.board, VILLAGE, notice.code, cast.anna, ground="wrong-facts")
    (undone,) = world.recover().undone
    assert (notice.code, "withdraw") == (undone.action.code, verb(undone.action))  # type: ignore[union-attr]
    assert "published" == type(cast.notice(notice.code).latest.state).__struct_config__.tag


def test_a_redaction_nobody_may_log_is_done_again_by_another(world: World) -> None:
    """The bytes are gone and no entry says why: somebody in office says it, and audits agree."""
    cast = world.cast
    notice = cast.published("spending", rows=rows_naming(NAME))
    world.sign()
    backup = Backup(cast.board.database)
    founding.dismiss(cast.board, VILLAGE, cast.accounts["anna"], "clerk", cast.accounts["admin"])
    world.mirrored()
    shutil.rmtree(world.copy / "body")
    world.back_to(backup)
    what: dict[str, Any] = {"ground": "personal-data", "parts": ("names",), "rows": (2,)}
    taking_down.redact(cast.board, VILLAGE, notice.code, cast.anna, **what)
    assert 1 == len(world.recover().undone)
    assert not verify(cast.board).ok
    taking_down.redact(cast.board, VILLAGE, notice.code, cast.ben, **what)
    with pytest.raises(NotValid, match="已经隐去"):
        taking_down.redact(cast.board, VILLAGE, notice.code, cast.ben, **what)


def test_a_copy_without_news_cures_nothing_seen_elsewhere(world: World) -> None:
    """A witness has seen more: what is held here already is no answer to it."""
    world.cast.published("announcement")
    world.mirrored()
    with world.board.database.write() as tx:
        freezing.freeze(tx, VILLAGE, "外面有人见过更多的记录。")
    assert "外面有人见过更多的记录。" == world.recover().frozen == world.reason()


def _verbs(world: World) -> list[str]:
    entries = [read(raw) for raw in world.leaves()]
    return [verb(entry.action) for entry in entries if isinstance(entry, Entry)]


def test_with_the_signers_memory_gone_too_a_person_vouches(world: World) -> None:
    """A new machine: backup and copy, and the head on the wall. Only then it goes on."""
    _early, late, backup = lost_quarter(world)
    world.mirrored()
    size, root = _head(world)
    state_of(world.signer.folder, ORIGIN).unlink()
    world.back_to(backup)
    assert LOST == world.reason()
    taking_down.withdraw(
        world.board, VILLAGE, world.cast.notice(_early.code).code, world.cast.anna, ground="minor"
    )

    done = world.recover()

    assert LOST == done.frozen == world.reason()
    assert late == world.cast.notice(late.code)
    world.cast.audit()
    with pytest.raises(NotValid, match="对不上"):
        thawing.thaw(world.board, world.signer, VILLAGE, thawing.Printed(size, "0" * 16))
    thawing.thaw(world.board, world.signer, VILLAGE, thawing.Printed(size, root))
    world.cast.published("project")
    world.sign()
    assert "" == world.reason()


def test_a_second_copy_brings_what_the_first_had_not(world: World) -> None:
    """With nothing missing but contents, they alone are taken."""
    _early, late, backup = lost_quarter(world)
    world.mirrored()
    whole = world.copy.with_name("whole")
    shutil.copytree(world.copy, whole)
    shutil.rmtree(world.copy / "body")
    shutil.rmtree(world.copy / "table")
    shutil.rmtree(world.copy / "file")
    world.back_to(backup)
    first = world.recover()
    assert first.lost
    assert [late.code] == [one.code for one in first.drafts]
    world.sign()  # by now more is signed than the second copy has
    world.copy = whole
    second = world.recover()
    assert (0, 0) == (second.came, second.lost)
    assert NAME in world.plain(f"/n/{late.code}")


def grown(world: World, entries: int) -> None:
    """Let the log grow to so many entries, quickly."""
    accounts = world.cast.accounts
    change = [founding.appoint, founding.dismiss]
    for n in range(entries - world.cast.entries()):
        change[n % 2](world.board, VILLAGE, accounts["anna"], "group-leader", accounts["admin"])


def test_entries_come_over_tile_borders_and_over_http(world: World) -> None:
    """From a web server, behind the first 256 entries, also where a copy has the full tile only."""
    world.sign()
    backup = Backup(world.board.database)
    grown(world, 255)
    world.mirrored()
    early = (world.copy / "checkpoint").read_bytes()
    grown(world, 258)
    world.mirrored()
    leaves = world.leaves()
    handler = partial(SimpleHTTPRequestHandler, directory=str(world.copy))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        world.back_to(backup)
        address = f"http://127.0.0.1:{server.server_address[1]}"
        done = coming_back.recover(world.board, world.signer, VILLAGE, source_of(address))
        server.shutdown()
    assert leaves == world.leaves()[: len(leaves)]
    assert 258 - 10 <= done.came <= 258
    # A copy whose head is older than its tiles: 255 of the 256 entries of the full bundle.
    state_of(world.signer.folder, ORIGIN).unlink()
    world.back_to(backup)
    (world.copy / "checkpoint").write_bytes(early)
    assert not (world.copy / "tile" / "entries" / "000.p" / "255").exists()
    world.recover()
    assert leaves[:255] == world.leaves()
    size, root = _head(world)
    thawing.thaw(world.board, world.signer, VILLAGE, thawing.Printed(size, root))


Spoil = Callable[[World], None]


def _bundle(world: World) -> tuple[Path, list[bytes]]:
    (path,) = (world.copy / "tile" / "entries").rglob("*.p/*")
    return path, unpack(path.read_bytes(), int(path.name))


def _changed_leaf(world: World) -> None:
    path, leaves = _bundle(world)
    leaves[-1] = leaves[-1].replace(b'"publish"', b'"PUBLISH"')
    path.write_bytes(pack(leaves))


def _forged(world: World) -> None:
    """Change an entry and everything over it, and sign it with another key."""
    path, leaves = _bundle(world)
    leaves[-1] = leaves[-1].replace(b'"until":null', b'"until":9999999999')
    path.write_bytes(pack(leaves))
    head = Checkpoint(ORIGIN, len(leaves), root_of([leaf_hash(leaf) for leaf in leaves]))
    other = Private(b"\x07" * 32)
    note = Note(head.text, (signature(KEY, other.sign, head.text),))
    (world.copy / "checkpoint").write_bytes(note.write())


def _fork(world: World) -> None:
    """Another continuation under the log's own key, as a thief of the key would write it."""
    path, leaves = _bundle(world)
    leaves[-1] = leaves[-1].replace(b'"until":null', b'"until":9999999999')
    path.write_bytes(pack(leaves))
    head = Checkpoint(ORIGIN, len(leaves), root_of([leaf_hash(leaf) for leaf in leaves]))
    note = Note(head.text, (signature(KEY, Private(SEED).sign, head.text),))
    (world.copy / "checkpoint").write_bytes(note.write())


def _missing_leaf(world: World) -> None:
    path, leaves = _bundle(world)
    path.write_bytes(pack(leaves[:-1]))


def _missing_bundle(world: World) -> None:
    _bundle(world)[0].unlink()


def _wrong_body(world: World) -> None:
    path = min((world.copy / "body").iterdir())
    path.write_bytes(path.read_bytes() + b" ")


def _other_body(world: World) -> None:
    first, second, *_ = sorted((world.copy / "body").iterdir())
    first.write_bytes(second.read_bytes())


def _short_body(world: World) -> None:
    min((world.copy / "body").iterdir()).write_bytes(b"short")


def _wrong_table(world: World) -> None:
    path = min((world.copy / "table").iterdir())
    said = json.loads(path.read_bytes())
    said["ids"] = said["ids"][::-1]
    path.write_text(json.dumps(said))


def _no_json(world: World) -> None:
    min((world.copy / "table").iterdir()).write_bytes(b"\xff{")


def _wrong_file(world: World) -> None:
    path = min((world.copy / "file").iterdir())
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def _wrong_log(world: World) -> None:
    path = world.copy / "checkpoint"
    path.write_bytes(path.read_bytes().replace(VILLAGE.encode(), b"430000102"))


def _shorter(world: World) -> None:
    """A copy from before the last entries were signed, whole and true."""
    path, leaves = _bundle(world)
    leaves = leaves[:-1]
    head = Checkpoint(ORIGIN, len(leaves), root_of([leaf_hash(leaf) for leaf in leaves]))
    note = Note(head.text, (signature(KEY, Private(SEED).sign, head.text),))
    path.unlink()
    path.with_name(str(len(leaves))).write_bytes(pack(leaves))
    (world.copy / "checkpoint").write_bytes(note.write())


def _no_head(world: World) -> None:
    (world.copy / "checkpoint").unlink()


@pytest.mark.parametrize(
    "spoil",
    [
        *(_changed_leaf, _forged, _fork, _missing_leaf, _missing_bundle, _wrong_body, _other_body),
        *(_short_body, _wrong_table, _no_json, _wrong_file, _wrong_log, _shorter, _no_head),
    ],
)
def test_a_lying_copy_changes_nothing(world: World, spoil: Spoil) -> None:
    """Whatever it lies about, no row of any table is different after; the true one works."""
    _early, late, backup = lost_quarter(world)
    world.mirrored()
    true = world.copy.with_name("true")
    shutil.copytree(world.copy, true)
    spoil(world)
    world.back_to(backup)
    before = world.everything()
    with pytest.raises(Problem):
        world.recover()
    assert before == world.everything()
    assert AHEAD == world.reason()
    world.copy = true
    world.recover()
    assert late == world.cast.notice(late.code)


def test_a_log_that_went_its_own_way_cannot_be_joined(world: World) -> None:
    """Entries made after the restoring, before anybody looked: nothing is dropped or reordered."""
    _early, _late, backup = lost_quarter(world)
    world.mirrored()
    backup.restore(world.board.database)
    world.cast.submitted("project")
    checkpoints.look(world.board, world.signer)
    assert world.reason()
    before = world.everything()
    with pytest.raises(NotValid, match="接不上"):
        world.recover()
    assert before == world.everything()


def test_a_copy_without_our_signature_freezes_nothing(world: World) -> None:
    """A larger head that somebody else signed is refused, and the running log goes on."""
    world.cast.published("announcement")
    world.mirrored()
    _forged(world)
    with pytest.raises(NotValid):
        world.recover()
    assert "" == world.reason()
    world.cast.published("decision")


def identical(world: World, before: dict[str, list[Any]], leaves: list[bytes]) -> None:
    """Compare a recovered board with the one that was lost, as far as entries decide it."""
    now = world.leaves()
    assert leaves == now[: len(leaves)]
    extra = [read(raw) for raw in now[len(leaves) :]]
    assert all(isinstance(one, Entry) and isinstance(one.action, Lose) for one in extra)
    after, short = _decided(world), _short(world.cast)
    assert before["notices"] == after["notices"]
    # A copy holds what is public now and no more: even the title of what was taken down is gone.
    assert _without(before["public"], short) == _without(after["public"], short)


def _decided(world: World) -> dict[str, list[Any]]:
    """Give what entries decide: every notice, and what everybody can read of each."""
    with world.board.database.read() as tx:
        stored = {row.code: (row.notice, row.columns) for row in notices.rows(tx, VILLAGE)}
    pages = [
        (code, tail, world.plain(f"/n/{code}{tail}"))
        for code in sorted(stored)
        for tail in ("", "/e/1", ".json", ".csv")
    ]
    return {"notices": sorted(stored.items(), key=lambda one: one[0]), "public": pages}


def came_back(cast: Cast, folder: Path, dice: random.Random, errands: int) -> None:
    """Live, lose everything behind a random moment, and take it back from the export."""
    world = World(cast, folder)
    life, cut = Life(cast, dice), dice.randrange(errands)
    backup = Backup(cast.board.database)
    for n in range(errands):
        life.one()
        if n == cut:
            world.sign()
            backup = Backup(cast.board.database)
    cast.clock.on(20)
    world.mirrored()
    before, leaves = _decided(world), world.leaves()
    world.back_to(backup)
    if len(world.leaves()) < len(leaves):
        assert AHEAD == world.reason()
    world.recover()
    assert "" == world.reason()
    identical(world, before, leaves)
    _only_lost(cast)
    # Life goes on, and both audits with it.
    for _ in range(10):
        life.one()
    sweep(cast.board)
    world.sign()
    _only_lost(cast)
    cast.board.database.close()


def _only_lost(cast: Cast) -> None:
    """Find nothing but what was public once, and is in no copy now: that stays a finding."""
    found = [problem.what for problem in verify(cast.board).problems]
    assert all("公开过，现在丢了" in what for what in found), found


def _short(cast: Cast) -> set[str]:
    """Give the codes of notices of which something is in no copy now."""
    return {problem.where.split()[1] for problem in verify(cast.board).problems}


def _without(pages: list[Any], codes: set[str]) -> list[Any]:
    return [page for page in pages if page[0] not in codes]


def test_any_life_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, rng: random.Random, counts: Callable[[int], int]
) -> None:
    """Cut at a random moment and recovered from the export, the board is the same."""
    for _ in range(counts(40)):
        folder = tmp_path_factory.mktemp("life")
        came_back(cast_on(f"sqlite:///{folder / 'board.db'}"), folder, rng, 120)


def test_any_life_comes_back_as_it_was_on_postgresql(
    tmp_path_factory: pytest.TempPathFactory,
    postgres: Postgres,
    rng: random.Random,
    counts: Callable[[int], int],
) -> None:
    """The same, on the county's database."""
    for _ in range(counts(10)):
        with postgres.fresh() as url:
            came_back(cast_on(url), tmp_path_factory.mktemp("life"), rng, 100)
