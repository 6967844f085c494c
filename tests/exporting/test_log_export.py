"""A log exported as files is the log as it is served, whole and of one size, or not at all."""

import json
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text

from noticeboard.board import checkpoints, taking_down
from noticeboard.board.public import Window
from noticeboard.cli import main
from noticeboard.core.checkpoints import open_checkpoint
from noticeboard.core.merkle import leaf_hash, root_of
from noticeboard.core.problems import NotFound, NotNow, Unavailable
from noticeboard.core.tiles import bundles, hash_tiles, hashes_in, unpack
from noticeboard.exporting.log import export
from noticeboard.signing.ed25519 import verify
from noticeboard.web import openlog, openlog_bodies
from tests.cast import KEY, VILLAGE, cast_in, signer_in
from tests.logs import behind_its_back


class Home:
    """A home with a published ledger, and a folder to export to."""

    def __init__(self, home: Path) -> None:
        self.home, self.cast = home, cast_in(home)
        self.signer = signer_in(home / "signer")
        self.ledger = self.cast.published("spending")
        self.folder = home.parent / "www" / "log"
        self.folder.parent.mkdir()

    def sign(self) -> None:
        """Let time pass and sign what has grown."""
        self.cast.clock.on(checkpoints.EVERY)
        checkpoints.sign_due(self.cast.board, self.signer)

    def export(self) -> dict[str, bytes]:
        """Export, and give every file by its path."""
        export(self.cast.board, VILLAGE, self.folder)
        return self.files()

    def files(self) -> dict[str, bytes]:
        """Give every file of the folder by its path."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file()
        }


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """Give a home whose log is signed."""
    home = Home(tmp_path / "home")
    home.sign()
    yield home
    home.cast.board.database.close()


def test_a_stranger_rebuilds_the_log_from_the_files(home: Home) -> None:
    """Head, every named bundle and tile, every body behind its commitment; and no file besides."""
    files = home.export()
    head = open_checkpoint(files.pop("checkpoint"), [KEY], (), verify).checkpoint
    leaves = [
        leaf
        for bundle in bundles(head.size)
        for leaf in unpack(files.pop(bundle.path), bundle.width)
    ]
    hashes = [leaf_hash(leaf) for leaf in leaves]
    assert head.root == root_of(hashes)
    for tile in hash_tiles(head.size):
        assert hashes == list(hashes_in(files.pop(tile.path), tile.width))
    public = json.loads(files.pop("public.json"))
    assert (head.size, head.origin) == (public["size"], public["origin"])
    for c in public["bodies"]:
        assert c == sha256(b"vnb-commit-v1\0" + files.pop(f"body/{c}")).hexdigest()
    for c in public["tables"]:
        assert {"ids", "rows"} == json.loads(files.pop(f"table/{c}")).keys()
    for hash_ in {json.loads(leaf)["rules"] for leaf in leaves} | {public["rules"]}:
        assert hash_ == sha256(files.pop(f"rules/{hash_}")).hexdigest()
    assert {} == files


def test_each_file_is_what_is_served_at_its_path(home: Home) -> None:
    """Byte for byte, so that whoever serves the folder serves the log."""
    board, window = home.cast.board, Window(home.cast.board)
    for path, data in home.export().items():
        address, at = f"/log/{VILLAGE}/{path}", board.now()
        answer = openlog_bodies.answer(window, address, at)
        if answer is None:
            with board.database.read() as tx:
                answer = openlog.answer(tx, address, at)
        assert (200, data) == (answer.status, answer.body), path


def test_a_later_export_takes_the_place_of_an_earlier(home: Home) -> None:
    """Whole: what was erased meanwhile is in no file any more, and nothing is left beside it."""
    name = "王建军".encode()
    assert any(name in data for data in home.export().values())
    taking_down.redact(
        home.cast.board,
        VILLAGE,
        home.ledger.code,
        home.cast.anna,
        ground="personal-data",
        parts=("names",),
        rows=(2,),
    )
    home.sign()
    files = home.export()
    assert not any(name in data for data in files.values())
    assert str(home.cast.entries()) == files["checkpoint"].decode().split("\n")[1]
    assert [home.folder] == list(home.folder.parent.iterdir())


def test_nothing_half_takes_a_place(home: Home) -> None:
    """Where a tile is missing the export is refused, and what was there stays as it was."""
    before = home.export()
    home.cast.submitted()
    home.sign()
    with home.cast.board.database.write() as tx:
        behind_its_back(tx)
        tx.execute(text("delete from entry where idx = 3"))
    with pytest.raises(Unavailable):
        home.export()
    assert before == home.files()
    assert [home.folder] == list(home.folder.parent.iterdir())


def test_what_somebody_else_put_there_is_not_touched(home: Home) -> None:
    """A folder with something else in it, or another log's export, is refused."""
    home.folder.mkdir()
    (home.folder / "letters.txt").write_text("dear Ben")
    with pytest.raises(NotNow):
        home.export()
    assert {"letters.txt": b"dear Ben"} == home.files()


def test_an_export_that_the_log_does_not_go_on_from_stays(tmp_path: Path, home: Home) -> None:
    """It may be the proof of what was: of a rolled back, a rewritten or another village's log."""
    home.cast.board.database.scrub()
    shutil.copy(home.home / "board.db", tmp_path / "backup")
    home.cast.submitted()
    home.sign()
    before = home.export()
    home.cast.board.database.close()
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(tmp_path / "backup", other / "board.db")
    restored = cast_in(other)
    with pytest.raises(NotNow):
        export(restored.board, VILLAGE, home.folder)
    restored.board.database.close()
    assert before == home.files()


def test_entries_that_nobody_signed_are_waited_for(home: Home) -> None:
    """The list of what is public must not be ahead of the head."""
    home.cast.submitted()
    with pytest.raises(NotNow):
        home.export()
    assert not home.folder.exists()


def test_a_village_without_a_checkpoint_has_nothing_to_export(tmp_path: Path) -> None:
    """Neither has one that is not there."""
    cast = cast_in(tmp_path / "home")
    for village in (VILLAGE, "nobody", ""):
        with pytest.raises(NotFound):
            export(cast.board, village, tmp_path / "www")
    assert not (tmp_path / "www").exists()
    cast.board.database.close()


def test_a_place_that_cannot_be_written_is_said(home: Home) -> None:
    """In words, not as an error of Python."""
    home.folder = home.folder.parent / "missing" / "log"
    home.folder.parent.write_text("a file")
    with pytest.raises(Unavailable):
        home.export()


def test_the_command_signs_what_waits_and_exports(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    """One call: the last entries signed by the home's own signer, then everything in files."""
    home.cast.submitted()
    words = ["log", "export", str(home.folder), "--village", VILLAGE]
    assert 0 == main([*words, "--home", str(home.home), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert home.cast.entries() == told["size"]
    assert len(home.files()) == told["files"]
    head = open_checkpoint(home.files()["checkpoint"], [KEY], (), verify).checkpoint
    assert head.root.hex() == told["root"]
    assert 1 == main(
        ["log", "export", str(home.home), "--village", VILLAGE, "--home", str(home.home)]
    )
    assert 1 == main(
        ["log", "export", str(home.folder), "--village", "nobody", "--home", str(home.home)]
    )
