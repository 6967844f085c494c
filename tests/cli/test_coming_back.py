"""A board comes back at the command line, as the operator's page says it step by step."""

import json
import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from noticeboard.cli import main
from noticeboard.core.rules import decode
from noticeboard.formats.rules import load
from noticeboard.signing.signer import Signer

V = "430000101"
ORIGIN = f"board.example/v/{V}"


class Operator:
    """Somebody at the command line of a home, with backups and a copy of the log beside it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.copy, self.kept = folder / "var", folder / "copy", folder / "kept.db"
        self.capsys = capsys

    def run(self, *words: str) -> tuple[int, str]:
        """Run a command; gives its status and what it said."""
        status = main([*words, "--home", str(self.home)])
        said = self.capsys.readouterr()
        return status, said.out + said.err

    def json(self, *words: str) -> Any:
        """Run a command that answers one JSON object."""
        _status, said = self.run(*words, "--json")
        return json.loads(said)

    def about(self, *words: str) -> tuple[int, str]:
        """Run a command about the log of the village."""
        return self.run("log", *words, "--village", V)

    def backup(self) -> None:
        """Copy the database as the operator's page says."""
        with sqlite3.connect(self.home / "board.db") as board, sqlite3.connect(self.kept) as kept:
            board.backup(kept)

    def restore(self) -> None:
        """Put the copy back as the operator's page says."""
        for beside in ("board.db", "board.db-wal", "board.db-shm"):
            (self.home / beside).unlink(missing_ok=True)
        shutil.copyfile(self.kept, self.home / "board.db")

    def state(self) -> Path:
        """Give the file in which the signer remembers the village's log."""
        (path,) = [
            path
            for path in (self.home / "signer").glob("*.state")
            if path.read_text().startswith(f"{ORIGIN}\n")
        ]
        return path

    def appoint(self, login: str) -> None:
        """Let the log grow by one entry."""
        assert 0 == self.run("people", "add", login, login)[0]
        words = ("people", "appoint", login, "clerk", "--village", V, "--as", "admin")
        assert 0 == self.run(*words)[0]

    def exported(self) -> None:
        """Sign and export the log, as somebody who mirrors it has it."""
        assert 0 == self.about("export", str(self.copy))[0]


@pytest.fixture
def operator(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Operator:
    """Give a board of one village whose log was signed, backed up, and grew."""
    operator = Operator(tmp_path, capsys)
    words = ("init", "--village", V, "--name", "示例村", "--origin", ORIGIN)
    assert 0 == operator.run(*words)[0]
    operator.appoint("anna")
    operator.exported()
    operator.backup()
    return operator


def wrong(said: Any) -> list[str]:
    """Give what the doctor finds wrong with the logs."""
    return [
        f"{one['said']}{one['fix']}"
        for one in said["checks"]
        if one["state"] == "wrong" and one["area"].startswith("日志")
    ]


def test_the_help_names_every_ground_for_another_log(capsys: pytest.CaptureFixture[str]) -> None:
    """As the rules list them: nobody has to be refused once to learn which there are."""
    with pytest.raises(SystemExit):
        main(["log", "successor", "--help"])
    said = "".join(capsys.readouterr().out.split())
    grounds = decode(load()).grounds["genesis"]
    assert [] == [ground for ground in grounds if ground not in said]


def test_a_sound_home_has_nothing_wrong_with_its_log(operator: Operator) -> None:
    """The doctor names each thing it looked at; what is fine is said too."""
    said = operator.json("doctor")
    assert [] == wrong(said)
    assert {"文件夹", "磁盘", "数据库", f"日志 {V}", "备份"} <= {
        one["area"] for one in said["checks"]
    }
    for command in ("thaw", "successor"):
        more = ("--ground", "entries-lost", "--as", "admin") if command == "successor" else ()
        status, words = operator.about(command, *more)
        assert (1, True) == (status, "没有停住" in words)


def test_a_restored_backup_comes_back_from_a_copy(operator: Operator) -> None:
    """The doctor says recover, recover brings it, verify agrees, and it can go on."""
    operator.appoint("cleo")
    shutil.rmtree(operator.copy)
    operator.exported()
    operator.restore()
    status, said = operator.run("doctor")
    assert 1 == status
    assert f"log recover --village {V}" in said
    status, said = operator.run(
        "people", "appoint", "anna", "scribe", "--village", V, "--as", "admin"
    )
    assert (1, True) == (status, "doctor" in said)
    status, said = operator.about("recover", "--from", str(operator.copy / "nowhere"))
    assert 1 == status
    status, said = operator.about("recover", "--from", str(operator.copy))
    assert (0, True) == (status, "取回了 1 条记录" in said)
    # Whose account came after the backup is unknown here, and nobody has the name any more.
    assert "没有账号" in said
    assert [] == wrong(operator.json("doctor"))
    assert 0 == operator.run("verify")[0]
    operator.appoint("cleo")


def test_with_the_memory_gone_the_head_on_the_wall_counts(operator: Operator) -> None:
    """The doctor says so, a wrong head is refused with the right words, the right one thaws."""
    state = operator.state()
    size, root = operator.json("log", "export", str(operator.copy), "--village", V)["size"], ""
    root = operator.json("verify", "--village", V)["root"]
    state.unlink()
    (said,) = wrong(operator.json("doctor"))
    assert "log thaw" in said
    assert "--head" in said
    status, words = operator.about("thaw")
    assert (1, True) == (status, "--head" in words)
    assert 1 == operator.about("thaw", "--head", "nonsense")[0]
    status, words = operator.about("thaw", "--head", f"{size} {'0' * 16}")
    assert (1, True) == (status, "对不上" in words)
    status, words = operator.about("thaw", "--head", f"{size} {root[:16].upper()}")
    assert (0, True) == (status, "接着记了" in words)
    assert [] == wrong(operator.json("doctor"))
    assert 0 == operator.run("verify")[0]


def test_where_nobody_has_it_a_new_log_follows(operator: Operator) -> None:
    """An unlisted ground is answered with the list; then both logs are verified."""
    operator.appoint("cleo")
    shutil.rmtree(operator.copy)
    operator.exported()
    operator.restore()
    status, said = operator.about("successor", "--ground", "bored", "--as", "admin")
    assert (1, True) == (status, "entries-lost" in said)
    status, said = operator.about("successor", "--ground", "entries-lost", "--as", "admin")
    assert 0 == status
    assert f"{ORIGIN}/2" in said
    assert f"/v/{V}.1" in said
    assert [] == wrong(operator.json("doctor"))
    assert {"", V, f"{V}.1"} == operator.json("verify")["roots"].keys()
    assert 0 == operator.run("verify")[0]
    assert "示例村" in operator.run("village", "list")[1]
    assert f"{V}.1" not in operator.run("village", "list")[1]
    operator.appoint("dora")
    assert 0 == operator.about("export", str(operator.copy / "new"))[0]
    # What the old log lost may still be brought; it stays stopped, and nobody is sent to thaw it.
    words = ("log", "recover", "--village", f"{V}.1", "--from", str(operator.copy))
    status, said = operator.run(*words)
    assert (0, True, False) == (status, "停了" in said, "log thaw" in said)
    # A backup from before is no way back into it.
    operator.restore()
    (said,) = wrong(operator.json("doctor"))
    assert "log successor" in said
    assert "log recover" not in said
    status, said = operator.about("recover", "--from", str(operator.copy))
    assert (1, True, False) == (status, "还停着" in said, "log thaw" in said)
    assert 0 == operator.about("successor", "--ground", "entries-lost", "--as", "admin")[0]
    assert [] == wrong(operator.json("doctor"))


def test_a_backup_from_before_the_keys_were_exchanged_comes_back(operator: Operator) -> None:
    """All but an old backup and an old key is lost: the wall has the new key and the head.

    The old key signs no more, and never again; a third one takes its place.
    """
    (old,) = (key["vkey"] for key in operator.json("keys", "show", "--village", V)["keys"])
    kept = {path: path.read_bytes() for path in (operator.home / "signer").glob("*.key")}
    new = operator.json("keys", "rotate", "--village", V)["vkey"]
    assert old == operator.json("keys", "retire", "--village", V)["vkey"]
    shutil.rmtree(operator.copy)
    operator.exported()
    printed = operator.json("verify", "--village", V)
    operator.restore()
    shutil.rmtree(operator.home / "signer")
    (operator.home / "signer").mkdir(mode=0o700)
    for path, data in kept.items():
        path.write_bytes(data)
        path.chmod(0o600)
    status, said = operator.about("recover", "--from", str(operator.copy))
    assert (1, True) == (status, "换过钥匙" in said)
    status, said = operator.about("recover", "--from", str(operator.copy), "--key", new)
    assert (1, True) == (status, "log thaw" in said), said
    head = f"{printed['entries']} {printed['root'][:16]}"
    assert 0 == operator.about("thaw", "--head", head)[0]
    found = wrong(operator.json("doctor"))
    assert any("noticeboard keys rotate" in one for one in found)
    third = operator.json("keys", "rotate", "--village", V)["vkey"]
    assert third not in (old, new)
    assert new == operator.json("keys", "retire", "--village", V)["vkey"]
    (stale,) = wrong(operator.json("doctor"))
    assert "拿走" in stale
    for path in kept:
        path.unlink()
    assert [] == wrong(operator.json("doctor"))
    assert [{"vkey": third, "signs": True}] == operator.json("keys", "show", "--village", V)["keys"]
    operator.exported()
    assert 0 == operator.run("verify")[0]


def test_of_a_log_that_lost_entries_newer_keys_are_no_news(operator: Operator) -> None:
    """The backup is from before they were exchanged: the way back is the copy, and nothing else."""
    assert operator.json("keys", "rotate", "--village", V)["ok"]
    assert operator.json("keys", "retire", "--village", V)["ok"]
    shutil.rmtree(operator.copy)
    operator.exported()
    operator.restore()
    (said,) = wrong(operator.json("doctor"))
    assert "log recover" in said
    assert "keys rotate" not in said
    assert 0 == operator.about("recover", "--from", str(operator.copy))[0]
    assert [] == wrong(operator.json("doctor"))


def test_an_exchange_that_broke_off_is_said(operator: Operator) -> None:
    """A key was made and the log not told: the doctor says how it is gone on with."""
    Signer(operator.home / "signer").add_key(ORIGIN)
    (said,) = wrong(operator.json("doctor"))
    assert "再来一次：noticeboard keys rotate" in said
    assert operator.json("keys", "rotate", "--village", V)["ok"]
    assert [] == wrong(operator.json("doctor"))


@pytest.mark.parametrize("cause", ["away", "open", "running"])
def test_the_doctor_says_what_waits_to_be_signed(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, cause: str
) -> None:
    """From a process of its own: how many, how long, and what the signer says to it."""
    operator.appoint("cleo")
    assert [] == wrong(operator.json("doctor"))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 180)
    more: tuple[str, ...] = ()
    if cause == "open":
        (operator.home / "signer").chmod(0o755)
    if cause == "away":
        more = ("--signer", str(operator.home / "nobody"))
    (said,) = wrong(operator.json("doctor", *more))
    expected = {"away": "没有回答", "open": "chmod 700", "running": "noticeboard serve"}
    assert expected[cause] in said
    assert "有 1 条记录还没有签名，最早的等了 3 分钟" in said


def test_the_doctor_names_what_is_wrong_with_the_home(operator: Operator) -> None:
    """A folder that others may enter, a policy that cannot be read, no board at all."""
    operator.home.chmod(0o755)
    (operator.home / "policy").write_text("quorum everybody\n")
    said = {one["area"]: one for one in operator.json("doctor")["checks"]}
    assert ("wrong", "wrong") == (said["文件夹"]["state"], said["policy"]["state"])
    assert "chmod 700" in said["文件夹"]["fix"]
    operator.home.chmod(0o700)
    (operator.home / "policy").unlink()
    (operator.home / "signer").chmod(0o755)
    said = {one["area"]: one for one in operator.json("doctor")["checks"]}
    assert ("wrong", True) == (said["签名"]["state"], "chmod 700" in said["签名"]["said"])
    (operator.home / "signer").chmod(0o700)
    operator.home = operator.home / "nowhere"
    status, words = operator.run("doctor")
    assert (1, True) == (status, "noticeboard init" in words)
