"""A witness and a mirror beside a screen: they fetch from a real board and hand back to it."""

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from random import Random

import pytest

from noticeboard.agent.bodies import LIST
from noticeboard.agent.mirror import Mirror
from noticeboard.agent.pulling import AGAIN, FRESH, Pull, folder_of
from noticeboard.board import (
    attaching,
    checkpoints,
    coming_back,
    cosigning,
    drafting,
    mirroring,
    reviewing,
)
from noticeboard.core.checkpoints import open_checkpoint
from noticeboard.core.days import DAY
from noticeboard.core.merkle import leaf_hash, root_of
from noticeboard.core.mirrors import Mirrored
from noticeboard.core.notes import read_note, signed_by
from noticeboard.core.parts import commitment
from noticeboard.core.problems import NotAllowed, NotNow, NotValid, Unavailable
from noticeboard.core.tiles import Tile, bundles, hash_tiles, pack, unpack
from noticeboard.exporting.log import export
from noticeboard.net.client import fetch
from noticeboard.net.sources import FolderSource
from noticeboard.signing.ed25519 import verify
from noticeboard.signing.witness import Witness, make
from noticeboard.store import notices
from tests.agent.hall import HASH, Altered, Hall, board_at, mirrored
from tests.agent.serving import serving
from tests.cast import KEY, ORIGIN, VILLAGE, Picture, cast_in, signer_in
from tests.signing.logs import greased


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    cast = cast_in(tmp_path / "home")
    with board_at(cast) as url:
        yield Hall(tmp_path, cast, url)
    cast.board.database.close()


def test_it_pulls_cosigns_and_hands_back(hall: Hall) -> None:
    """After each contact the board serves the line; the mirror has confirmed every entry."""
    for _ in range(3):
        hall.cast.published()
        hall.done()
        size = hall.cast.entries()
        assert (size, 1, True) == hall.standing()
        assert size == hall.confirmed()
    note = fetch(f"{hall.url}/checkpoint").body
    assert len(open_checkpoint(note, [KEY], [hall.witness.key], verify).cosigned) == 1


def test_nothing_new_is_nothing_to_say_until_it_is_old(hall: Hall) -> None:
    """No line is made twice within ten minutes; then it is dated anew."""
    hall.sign()
    assert hall.pull.once().handed
    assert not hall.pull.once().handed
    hall.cast.clock.on(FRESH)
    assert hall.pull.once().handed


def test_a_line_the_board_did_not_take_is_handed_in_again(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A board that does not list the witness says so; once it does, it gets the line."""
    checkpoints.set_policy(hall.board, "quorum none\n")
    hall.sign()
    with pytest.raises(Unavailable, match="没有列这个见证"):
        hall.pull.once()
    before = hall.witness.note(HASH)
    checkpoints.set_policy(hall.board, f"witness hall {hall.witness.key.text}\nquorum hall\n")
    monkeypatch.setattr("noticeboard.agent.pulling.AGAIN", 0)
    assert hall.pull.once().handed
    assert before == hall.witness.note(HASH), "it was not cosigned twice for that"
    assert AGAIN > 0


def test_a_log_nobody_told_of_is_not_witnessed(hall: Hall) -> None:
    """Without its key nothing is signed and nothing kept."""
    hall.sign()
    (hall.witness.folder / "logs").write_text("")
    with pytest.raises(NotAllowed, match="公钥"):
        hall.pull.once()
    assert hall.witness.held(ORIGIN) is None


def test_the_mirror_is_the_export(hall: Hall) -> None:
    """Its files are those of `log export`, byte for byte, but for the moment of the list."""
    hall.cast.published("subsidy")
    hall.cast.published("spending")
    hall.done()
    hall.pull.once()  # the cosignature is served by now
    export(hall.board, VILLAGE, hall.folder / "export")
    assert _files(hall.folder / "export") == _files(hall.mirror)


def _files(folder: Path) -> dict[str, bytes]:
    found = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert LIST in found
    return {**found, LIST: b""}


def test_every_entry_is_kept_over_tile_borders(hall: Hall) -> None:
    """From any size to any other the tiles are those of the tree, and nothing else lies about."""
    for size in (20, 255, 256, 257, 520):
        hall.grow(size)
        hall.done()
        leaves = hall.leaves()
        assert (size, leaves) == (len(leaves), mirrored(hall.mirror, size))
        there = {str(path.relative_to(hall.mirror)) for path in (hall.mirror / "tile").rglob("*")}
        there = {path for path in there if (hall.mirror / path).is_file()}
        assert {tile.path for tile in (*hash_tiles(size), *bundles(size))} == there
        for tile in hash_tiles(size):
            assert fetch(f"{hall.url}/{tile.path}").body == (hall.mirror / tile.path).read_bytes()


def test_a_damaged_mirror_is_made_whole_again(hall: Hall, tmp_path: Path) -> None:
    """A flipped bit or a lost file on the mirror's own disk: fetched anew, to the same head."""
    hall.grow(300)
    hall.done()
    full = hall.mirror / "tile" / "entries" / "000"
    for harm in (lambda: full.write_bytes(b"\x00" + full.read_bytes()[1:]), full.unlink):
        harm()
        hall.cast.published()
        hall.sign()
        Pull(hall.url, hall.witness, tmp_path / "mirrors").once()
        size = hall.cast.entries()
        assert hall.leaves() == mirrored(hall.mirror, size)


def test_an_erasure_reaches_the_mirror(hall: Hall) -> None:
    """One person's row goes with its salt; the others stay; the board hears of it."""
    notice = hall.cast.published("subsidy")
    hall.done()
    before = hall.files("body")
    done = hall.redact(notice.code, parts=("names",), rows=(1,))
    with hall.board.database.read() as tx:
        told = mirroring.told(tx, VILLAGE, done.index)
        assert ((), ("hall.example",)) == (told.confirmed, told.waiting)
        assert [(done.index, notice.code, told)] == list(mirroring.unconfirmed(tx, VILLAGE))
    hall.done()
    assert len(before - hall.files("body")) == 1
    assert not any("陈桂花".encode() in path.read_bytes() for path in hall.everything())
    assert any("刘满仓".encode() in path.read_bytes() for path in hall.everything())
    with hall.board.database.read() as tx:
        assert ("hall.example",) == mirroring.told(tx, VILLAGE, done.index).confirmed
        assert [] == list(mirroring.unconfirmed(tx, VILLAGE))


def test_what_a_leaf_ordered_erased_is_never_fetched_again(hall: Hall) -> None:
    """A board that lists an erased body all the same, and has it, does not get it into a mirror."""
    notice = hall.cast.published("subsidy")
    hall.done()
    copy = hall.folder / "copy"
    shutil.copytree(hall.mirror, copy)
    hall.redact(notice.code, parts=("names",), files=())
    hall.sign()
    old = {f"/log/{VILLAGE}/{path}": (copy / path).read_bytes() for path in _below(copy, "body")}
    listed = json.loads((copy / LIST).read_bytes())
    listed["size"] = hall.cast.entries()
    lies = {**old, f"/log/{VILLAGE}/{LIST}": json.dumps(listed).encode()}
    with serving(Altered(hall.board, lies)) as url:
        Pull(f"{url}/log/{VILLAGE}", hall.witness, hall.folder / "mirrors").once()
    assert not any("陈桂花".encode() in path.read_bytes() for path in hall.everything())


def _below(folder: Path, kind: str) -> list[str]:
    return [f"{kind}/{path.name}" for path in (folder / kind).iterdir()]


def test_a_file_goes_where_a_leaf_says_so(hall: Hall) -> None:
    """A photograph is mirrored with its salt, and dropped when it is redacted."""
    draft = hall.cast.draft("announcement")
    draft = attaching.attach(
        hall.board, VILLAGE, draft.code, hall.cast.anna, [Picture(b"\xff\xd8p")], "现场"
    )
    sent = drafting.submit(
        hall.board, VILLAGE, draft.code, hall.cast.anna, seen=draft.version, attested=True
    )
    code, now = draft.code, hall.cast.clock.now
    reviewing.approve(
        *(hall.board, VILLAGE, code, hall.cast.ben),
        of=sent.index, start=now, until=None, attested=True,
    )  # fmt: skip
    hall.board.tick()
    notice = hall.cast.notice(code)
    hall.done()
    (file,) = notice.editions[0].files
    assert {file.c} == hall.files("file")
    hall.redact(notice.code, files=(file.c,))
    hall.done()
    assert set() == hall.files("file")


def test_what_is_withdrawn_leaves_the_mirror(hall: Hall) -> None:
    """Leaves stay for ever, bodies only while they are public."""
    kept = hall.cast.published("announcement")
    gone = hall.cast.published("spending")
    hall.done()
    taken = {part.c for part in gone.editions[0].parts}
    assert taken & (hall.files("body") | hall.files("table"))
    hall.withdraw(gone.code)
    hall.done()
    assert not taken & (hall.files("body") | hall.files("table"))
    assert {part.c for part in kept.editions[0].parts if not part.rows} <= hall.files("body")
    assert hall.cast.entries() == len(mirrored(hall.mirror, hall.cast.entries()))


def test_what_has_run_out_leaves_the_mirror(hall: Hall) -> None:
    """The end of a period is no entry, and still names go at the next contact."""
    hall.cast.published("subsidy", until=hall.cast.clock.now + 10 * DAY)
    hall.done()
    assert any("陈桂花".encode() in path.read_bytes() for path in hall.everything())
    hall.cast.clock.on(11 * DAY)
    hall.pull.once()
    assert not any("陈桂花".encode() in path.read_bytes() for path in hall.everything())


@contextmanager
def put_back(hall: Hall) -> Iterator[Hall]:
    """Serve the board as a backup has it that was made two notices ago; its signer too is old."""
    hall.cast.published("subsidy")
    hall.done()
    home, backup = hall.folder / "home", hall.folder / "backup"
    hall.board.scrub()
    shutil.copytree(home, backup)
    hall.cast.published("spending")
    hall.cast.published("announcement")
    hall.done()
    cast = cast_in(backup)
    cast.clock.now = hall.cast.clock.now
    with board_at(cast) as url:
        old = copy(hall)
        old.cast, old.board, old.url = cast, cast.board, url
        old.pull = Pull(url, hall.witness, hall.folder / "mirrors")
        yield old
    cast.board.database.close()


def test_a_board_that_was_put_back_is_stopped_and_the_mirror_keeps_all(hall: Hall) -> None:
    """It shows the board its own later word; entries and bodies that only it has stay."""
    with put_back(hall) as old:
        before = _files(hall.mirror)
        with pytest.raises(NotNow, match="旧"):
            old.pull.once()
        assert cosigning.MORE == old.frozen()
        assert before == _files(hall.mirror)


def test_what_a_stopped_board_takes_down_leaves_the_mirror(hall: Hall) -> None:
    """Frozen after it was put back: what it redacts and withdraws goes, what it lost stays."""
    with put_back(hall) as old:
        with pytest.raises(NotNow):
            old.pull.once()
        (notice,) = _published(old)
        before = _files(hall.mirror)
        assert any("陈桂花".encode() in data for data in before.values())
        old.redact(notice, parts=("names",), rows=(1,))
        with pytest.raises(NotNow):
            old.pull.once()
        after = _files(hall.mirror)
        assert not any("陈桂花".encode() in data for data in after.values())
        assert any("刘满仓".encode() in data for data in after.values())
        assert len(before) - 1 == len(after)
        old.withdraw(notice)
        with pytest.raises(NotNow):
            old.pull.once()
        gone = before.keys() - _files(hall.mirror).keys()
        assert all(name.startswith(("body/", "table/")) for name in gone)
        assert not any("刘满仓".encode() in data for data in _files(hall.mirror).values())
        assert any("买路灯".encode() in data for data in _files(hall.mirror).values())


def _published(hall: Hall) -> list[str]:
    with hall.board.database.read() as tx:
        return [notice.code for notice in notices.shown(tx, VILLAGE, 99)]


def test_a_fork_shown_to_half_the_readers_is_caught_and_kept(hall: Hall) -> None:
    """The other half's board went on otherwise: no line, both signed faces kept, and it stops."""
    with put_back(hall) as old:
        for _ in range(4):
            old.cast.published("announcement")
        old.sign(hall.folder / "backup" / "signer")
        assert old.cast.entries() > hall.cast.entries()
        held, before = hall.witness.held(ORIGIN), _files(hall.mirror)
        with pytest.raises(NotValid, match="两个不一样的过去"):
            old.pull.once()
        assert held == hall.witness.held(ORIGIN)
        assert before == _files(hall.mirror)
        (evidence,) = hall.witness.refused(ORIGIN)
        theirs = open_checkpoint(evidence.note, [KEY], [], verify).checkpoint
        ours = open_checkpoint(evidence.held, [KEY], [hall.witness.key], verify).checkpoint
        assert (old.cast.entries(), held) == (theirs.size, ours)
        assert cosigning.ANOTHER == old.frozen()


def test_no_tile_or_entry_is_believed_that_the_head_does_not_hold(hall: Hall) -> None:
    """A flipped bit anywhere, and an entry changed together with its hash: nothing is signed."""
    hall.grow(520)
    hall.done()
    hall.grow(800)
    hall.sign()
    size, front = hall.cast.entries(), f"/log/{VILLAGE}"
    tiles = {tile.path: fetch(f"{hall.url}/{tile.path}").body for tile in _tiles(size)}
    for path, body in tiles.items():
        before = _files(hall.mirror)
        flipped = bytes((body[0] ^ 1,)) + body[1:]
        _refused(hall, {f"{front}/{path}": flipped}, before)
        _refused(hall, {f"{front}/{path}": None}, before)
        _refused(hall, {f"{front}/{path}": body[:-1]}, before)
    # The consistent forgery: an entry, its hash, and every hash above it that is a tile's.
    bundle, leaf = Tile(None, 2), Tile(0, 2)
    leaves = unpack(tiles[bundle.path], 256)
    leaves[7] = leaves[7].replace(b"appoint", b"dismiss")
    hashes = b"".join(leaf_hash(one) for one in leaves)
    forged = {f"{front}/{bundle.path}": pack(leaves), f"{front}/{leaf.path}": hashes}
    _refused(hall, forged, _files(hall.mirror))
    above = bytearray(tiles[Tile(1, 0, 3).path])
    above[64:96] = root_of([leaf_hash(one) for one in leaves])
    _refused(hall, {**forged, f"{front}/{Tile(1, 0, 3).path}": bytes(above)}, _files(hall.mirror))
    hall.pull.once()
    assert hall.leaves() == mirrored(hall.mirror, size)


def _tiles(size: int) -> list[Tile]:
    """Name what a contact from 520 to 800 entries has to read."""
    fresh = [tile for tile in bundles(size) if tile.number >= 2]
    return [*fresh, *(tile for tile in hash_tiles(size) if tile.width < 256)]


def _refused(hall: Hall, lies: dict[str, bytes | None], before: dict[str, bytes]) -> None:
    held = hall.witness.held(ORIGIN)
    with serving(Altered(hall.board, lies)) as url:
        pull = Pull(f"{url}/log/{VILLAGE}", hall.witness, hall.folder / "mirrors")
        with pytest.raises((NotValid, Unavailable)):
            pull.once()
    assert held == hall.witness.held(ORIGIN)
    assert [] == hall.witness.refused(ORIGIN), "what nobody signed is no evidence"
    assert before["checkpoint"] == (hall.mirror / "checkpoint").read_bytes()
    assert hall.leaves()[:520] == mirrored(hall.mirror, 520)


def test_a_body_that_does_not_fit_its_commitment_is_not_kept(hall: Hall) -> None:
    """What the leaves did not commit to never comes into the mirror, listed or not."""
    hall.cast.published("spending")
    notice = hall.cast.published("announcement")
    hall.sign()
    c = notice.editions[0].parts[0].c
    mirrors_ = hall.folder / "mirrors"
    lies = {f"/log/{VILLAGE}/body/{c}": b"x" * 99}
    with serving(Altered(hall.board, lies)) as url, pytest.raises(NotValid):
        Pull(f"{url}/log/{VILLAGE}", hall.witness, mirrors_).once()
    assert c not in hall.files("body")
    # One that is damaged delays no other, and no word about what was dropped.
    assert hall.files("body")
    assert hall.cast.entries() == hall.confirmed()
    listed = json.loads(fetch(f"{hall.url}/{LIST}").body)
    stray = commitment(bytes(32), b"stray").hex()
    listed["bodies"] += [stray, "../../escaped"]
    lies = {
        f"/log/{VILLAGE}/{LIST}": json.dumps(listed).encode(),
        f"/log/{VILLAGE}/body/{stray}": bytes(32) + b"stray",
    }
    with serving(Altered(hall.board, lies)) as url:
        Pull(f"{url}/log/{VILLAGE}", hall.witness, mirrors_).once()
    assert stray not in hall.files("body")
    assert c in hall.files("body")


def test_greased_checkpoints_are_read(hall: Hall) -> None:
    """Lines of keys nobody knows stand under the head; it is cosigned all the same."""
    hall.sign()
    note = read_note(fetch(f"{hall.url}/checkpoint").body)
    with serving(Altered(hall.board, {f"/log/{VILLAGE}/checkpoint": greased(note).write()})) as url:
        assert Pull(f"{url}/log/{VILLAGE}", hall.witness).once().handed


def test_an_outsider_checks_the_mirror_and_recovers_from_it(hall: Hall) -> None:
    """Its folder alone passes the whole check from outside."""
    hall.cast.published("subsidy")
    hall.done()
    hall.pull.once()
    said = subprocess.run(
        [
            *(sys.executable, "-m", "noticeboard", "verify", "--json", "--key", KEY.text),
            *("--home", str(hall.folder / "eyes"), "--url", str(hall.mirror)),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr


def test_a_board_that_lost_entries_comes_back_from_the_mirror(hall: Hall) -> None:
    """An old database beside a signer that remembers: the mirror's folder makes it whole."""
    with put_back(hall) as old:
        signer = signer_in(hall.folder / "home" / "signer")
        checkpoints.look(old.board, signer)
        assert old.frozen()
        coming_back.recover(old.board, signer, VILLAGE, FolderSource(hall.mirror))
        assert old.frozen() == ""
        assert hall.leaves() == old.leaves()[: hall.cast.entries()]
        old.cast.clock.on(checkpoints.EVERY)
        old.cast.published("announcement")
        old.sign(hall.folder / "home" / "signer")
        assert old.pull.once().handed
        assert old.leaves() == mirrored(hall.mirror, old.cast.entries())
        old.cast.audit()


def test_only_a_listed_mirror_confirms(hall: Hall) -> None:
    """Another key, another log, more than there is, or nonsense confirms nothing."""
    hall.done()
    before, at = hall.confirmed(), hall.cast.clock.now
    make(hall.folder / "other", "other.example")
    other, size = Witness(hall.folder / "other"), hall.cast.entries()
    word = Mirrored(ORIGIN, size, at)
    with pytest.raises(NotAllowed):
        mirroring.confirm(hall.board, VILLAGE, other.confirm(word.text, at).write())
    for text in (
        Mirrored("other.example", size, at).text,
        Mirrored(ORIGIN, size + 1, at).text,
        b"hello\n",
    ):
        with pytest.raises(NotValid):
            mirroring.confirm(hall.board, VILLAGE, hall.witness.confirm(text, at).write())
    older = Mirrored(ORIGIN, 1, at)
    mirroring.confirm(hall.board, VILLAGE, hall.witness.confirm(older.text, at).write())
    assert before == hall.confirmed()
    (line,) = signed_by(hall.witness.confirm(word.text, at), [hall.witness.key], verify)
    assert line.at == at
    with pytest.raises(ValueError, match="cosigned"):
        hall.witness.confirm(read_note(fetch(f"{hall.url}/checkpoint").body).text, at)


def test_a_killed_mirror_never_claims_what_it_does_not_hold(hall: Hall) -> None:
    """Killed at random moments while the log grows: its head is always covered by its files."""
    dice, home = Random(11), hall.folder / "w"
    hall.witness.close()
    # The witness in a process of its own has the machine's time; what it dates must not lie ahead.
    hall.cast.clock.now = int(time.time())
    for _ in range(6):
        hall.grow(hall.cast.entries() + dice.randrange(20, 300))
        hall.sign()
        running = subprocess.Popen(
            [
                *(sys.executable, "-m", "noticeboard", "witness", "--home", str(home)),
                *("--pull", hall.url, "--mirror", "--every", "0.05", "--json"),
            ],
            stdout=subprocess.PIPE,
        )
        assert running.stdout is not None
        running.stdout.readline()
        threading.Event().wait(dice.random() * 0.2)
        running.kill()
        running.communicate(timeout=20)
        mirror = Mirror(home / "mirror" / folder_of(ORIGIN), ORIGIN)
        head = mirror.head()
        if head is not None:
            kept = mirrored(mirror.folder, head.size)
            assert hall.leaves()[: head.size] == kept
            assert head.root == root_of([leaf_hash(leaf) for leaf in kept])
    witness = Witness(home, clock=hall.cast.clock)
    Pull(hall.url, witness, home / "mirror").once()
    size = hall.cast.entries()
    assert hall.leaves() == mirrored(home / "mirror" / folder_of(ORIGIN), size)
