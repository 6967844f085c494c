"""A board whose files are damaged, gone or exchanged: every command says so, and what next.

Each test does what a bad disk, a hasty copy or an empty folder does, and asks a real command.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from noticeboard.cli import main
from noticeboard.core.problems import Unavailable
from noticeboard.signing.keys import state_of
from noticeboard.store import serving
from noticeboard.store.database import Database
from tests.cast import ORIGIN, VILLAGE, cast_in
from tests.cli.test_serving_log import ROOT, free_port, get
from tests.cli.test_serving_log import serving as served


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a home with a ledger on the board, its head signed, nobody at it."""
    cast = cast_in(tmp_path / "home")
    cast.published("spending")
    cast.sign()
    cast.board.database.scrub()
    cast.board.database.close()
    for beside in ("board.db-wal", "board.db-shm"):
        (tmp_path / "home" / beside).unlink(missing_ok=True)
    return tmp_path / "home"


def garbled(path: Path) -> None:
    """Overwrite a stretch in the middle, as a dying disk does."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 4)
        file.write(os.urandom(path.stat().st_size // 4))


def made_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut off": lambda path: os.truncate(path, path.stat().st_size // 2),
    "empty": lambda path: os.truncate(path, 0),
    "no database": lambda path: path.write_bytes(os.urandom(64_000)),
    "garbled": garbled,
    "gone": lambda path: path.unlink(),
    "a folder": made_a_folder,
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("command", ["doctor", "verify", "tick", "people list"])
def test_a_damaged_database_is_said_in_words(
    home: Path, capsys: pytest.CaptureFixture[str], damage: str, command: str
) -> None:
    """What is broken, where, and the way back; status 1, no trace, and no new board is begun."""
    DAMAGES[damage](home / "board.db")
    before = (home / "board.db").exists()
    assert 1 == main([*command.split(), "--home", str(home)])
    heard = capsys.readouterr()
    said = heard.out + heard.err
    assert "数据库" in said
    assert str(home / "board.db") in said
    assert "最近的备份" in said
    assert "log recover" in said
    assert before == (home / "board.db").exists()


def test_a_row_that_nobody_can_read_is_said_in_words(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file is whole, a village's state in it is not."""
    with sqlite3.connect(home / "board.db") as raw:
        raw.execute("update head set state = x'78' where village = ?", (VILLAGE,))
    for command in ("doctor", "verify"):
        assert 1 == main([command, "--home", str(home)])
        heard = capsys.readouterr()
        assert "读不懂" in heard.out + heard.err or "村的状态" in heard.out


@pytest.mark.parametrize("state", [b"\x00\xff\n" * 9, b"", b"\xff" * 5000])
def test_a_garbled_memory_of_the_signer_is_said_in_words(
    home: Path, capsys: pytest.CaptureFixture[str], state: bytes
) -> None:
    """The log stands still, the audit says so, and both name the command that leads out."""
    state_of(home / "signer", ORIGIN).write_bytes(state)
    for command in ("doctor", "verify"):
        assert 1 == main([command, "--home", str(home)])
        said = capsys.readouterr().out
        assert "签名程序忘了它签到哪里" in said
        assert f"noticeboard log thaw --village {VILLAGE}" in said


def test_a_wrong_home_is_left_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Empty, missing, or somebody else's database: refused in words, and nothing is made there."""
    empty, other = tmp_path / "empty", tmp_path / "other"
    empty.mkdir()
    other.mkdir()
    with sqlite3.connect(other / "board.db") as raw:
        raw.execute("create table theirs (a)")
    theirs = (other / "board.db").read_bytes()
    for home in (empty, other, tmp_path / "missing"):
        for command in (["verify"], ["people", "list"], ["tick"], ["serve"], ["doctor"]):
            assert 1 == main([*command, "--home", str(home)])
            heard = capsys.readouterr()
            assert "这里还没有公开板" in heard.out + heard.err
    assert [] == list(empty.iterdir())
    assert theirs == (other / "board.db").read_bytes()
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize("policy", ["", "\n\n", "# nobody yet\n", "quorum none\n"])
def test_a_policy_that_says_nothing_means_no_witnesses(
    home: Path, capsys: pytest.CaptureFixture[str], policy: str
) -> None:
    """To doctor, to a board that serves and to the audit alike."""
    (home / "policy").write_text(policy)
    with served(home) as port:
        assert 200 == get(port, f"/v/{VILLAGE}")[0]
    assert 0 == main(["verify", "--home", str(home)])
    main(["doctor", "--home", str(home)])
    said = capsys.readouterr().out
    assert "· policy：里面没有写见证" in said
    assert "✗ policy" not in said


def test_a_file_put_in_the_place_of_the_open_one_is_noticed(home: Path) -> None:
    """Nothing more is written by who has the old one open, neither there nor into the new one."""
    path = home / "board.db"
    cast = cast_in(home)
    cast.submitted()
    copy = home / "copy.db"
    shutil.copy(path, copy)
    copy.replace(path)
    before = path.read_bytes()
    with pytest.raises(Unavailable, match="换掉"):
        cast.draft()
    cast.board.database.close()
    with pytest.raises(Unavailable, match="换掉"), cast.board.database.read():
        pass
    assert before == path.read_bytes()


def test_doctor_names_a_server_on_a_file_that_was_replaced(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It goes on to be read, says why it writes nothing, and is well when it was started anew."""
    path = home / "board.db"
    with served(home) as port:
        assert [] == serving.elsewhere(path)
        shutil.copy(path, home / "copy.db")
        (home / "copy.db").replace(path)
        for beside in ("board.db-wal", "board.db-shm"):
            (home / beside).unlink(missing_ok=True)
        assert 1 == len(serving.elsewhere(path))
        assert 200 == get(port, f"/v/{VILLAGE}")[0]
        assert 1 == main(["doctor", "--home", str(home)])
        assert "用的还是被换掉的文件" in capsys.readouterr().out
    with served(home):
        assert [] == serving.elsewhere(path)
        assert 1 == len(list(home.glob("board.db.serving-*")))
    assert [] == serving.elsewhere(path)
    assert [] == list(home.glob("board.db.serving-*"))


def of_another_table(path: Path) -> None:
    """Let an index lie over another table's page: no page that is asked for meets it."""
    with sqlite3.connect(path) as raw:
        raw.execute("pragma writable_schema = on")
        raw.execute("update sqlite_master set rootpage = 2 where name = 'ix_notice_changed'")


@pytest.mark.parametrize("damage", ["cut off", "garbled", "a folder", "unseen"])
def test_nobody_serves_a_damaged_file(home: Path, damage: str) -> None:
    """The start reads all of it, also where no page would look."""
    DAMAGES.get(damage, of_another_table)(home / "board.db")
    command = [sys.executable, "-m", "noticeboard", "serve", "--home", str(home)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [*command, "--port", str(free_port())],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert 1 == done.returncode
    assert "数据库文件" in done.stderr
    assert "最近的备份" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_check_that_takes_too_long_says_nothing(tmp_path: Path) -> None:
    """It is given up in time, and knows neither."""
    database = Database(f"sqlite:///{tmp_path / 'large.db'}")
    with database.write() as tx:
        tx.exec_driver_sql("create table t (a integer primary key, b blob)")
        tx.exec_driver_sql(
            "with recursive n(x) as (select 1 union all select x + 1 from n where x < 400000)"
            " insert into t select x, randomblob(100) from n"
        )
    began = time.monotonic()
    assert "" == database.quick_check(60)
    whole = time.monotonic() - began
    assert None in [database.quick_check(whole / part) for part in (2, 3, 4, 6, 9)]
    database.close()
