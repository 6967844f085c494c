"""The commands: 0 when all of it was done, 1 with the reason and the fix, JSON for programs."""

import json
from pathlib import Path
from typing import Any

import pytest

from noticeboard.cli import main

LEDGER = Path(__file__).resolve().parents[2] / "data" / "demo" / "ledger-2026q1.xlsx"
V = "430000101"


class Desk:
    """A home and somebody at its command line."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.capsys = home, capsys

    def run(self, *words: str) -> tuple[int, str]:
        """Run a command; gives its status and what it said."""
        status = main([*words, "--home", str(self.home)])
        said = self.capsys.readouterr()
        return status, said.out + said.err

    def json(self, *words: str) -> Any:
        """Run a command that answers one JSON object."""
        _status, said = self.run(*words, "--json")
        return json.loads(said)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    desk = Desk(tmp_path / "var", capsys)
    assert 0 == desk.run("init", "--village", V, "--name", "示例村")[0]
    assert desk.json("people", "add", "anna", "安娜")["ok"]
    assert 0 == desk.run("people", "appoint", "anna", "clerk", "--village", V, "--as", "admin")[0]
    return desk


def test_a_board_begins_once(desk: Desk) -> None:
    """A second init is refused and says where; nothing of the first is touched."""
    status, said = desk.run("init", "--village", V, "--name", "别的村")
    assert 1 == status
    assert "已经有一块公开板" in said
    assert "示例村" in desk.run("village", "list")[1]


def test_a_workbook_becomes_drafts_once(desk: Desk) -> None:
    """Import keeps drafts, the same file again makes no second one, and `--check` keeps nothing."""
    asked = ("import", str(LEDGER), "--village", V, "--as", "anna")
    checked = desk.json(*asked, "--check")
    assert checked["ok"]
    assert [] == checked["drafts"]
    assert checked["sheets"][0]["rows"] > 130
    kept = desk.json(*asked)
    assert 1 == len(kept["drafts"])
    assert kept["drafts"] == desk.json(*asked)["drafts"]


def test_a_refusal_says_what_and_what_next(desk: Desk, tmp_path: Path) -> None:
    """A file that is no workbook, a person who is not there: status 1, no trace, a next step."""
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"not a workbook")
    status, said = desk.run("import", str(broken), "--village", V, "--as", "anna")
    assert 1 == status
    assert "broken.xlsx" in said
    status, said = desk.run("import", str(LEDGER), "--village", V, "--as", "nobody")
    assert 1 == status
    assert "people list" in said


def test_who_holds_no_office_imports_nothing(desk: Desk) -> None:
    """Drafts too are for those who may submit."""
    desk.run("people", "add", "dan", "丹")
    status, said = desk.run("import", str(LEDGER), "--village", V, "--as", "dan")
    assert 1 == status
    assert "没有职务" in said


def test_what_a_village_tells_is_kept_and_logged(desk: Desk) -> None:
    """Phones, walls and groups are set from the command line; the instance log commits to them."""
    before = desk.json("verify")["entries"]
    told = ("village", "set", V, "--phone", "村部=0738-0000003", "--wall", "hall=村部公开栏")
    assert {"phones", "walls"} == set(desk.json(*told, "--households", "300")["changed"]) - {
        "households"
    }
    after = desk.json("verify")
    assert after["ok"]
    assert before + 1 == after["entries"]
    assert 1 == desk.run("village", "set", V, "--wall", "hall")[0]


def test_verify_names_what_was_changed(desk: Desk) -> None:
    """A board that was written to behind its back fails, with the place."""
    import sqlite3

    with sqlite3.connect(desk.home / "board.db") as raw:
        raw.execute("update body set body = x'00'")
    report = desk.json("verify")
    assert not report["ok"]
    assert any("改过" in problem["problem"] for problem in report["problems"])


def test_screens_are_hung_and_retired(desk: Desk) -> None:
    """A screen has a size; a size that is none is refused."""
    assert 0 == desk.run("screen", "add", "hall", "大屏", "--village", V, "--size", "1920x1080")[0]
    assert 1 == desk.run("screen", "add", "bad", "大屏", "--village", V, "--size", "big")[0]
    assert ["hall"] == [screen["id"] for screen in desk.json("screen", "list")["screens"]]
    assert 0 == desk.run("screen", "retire", "hall")[0]
    assert [] == desk.json("screen", "list")["screens"]


def test_misuse_is_status_two(capsys: pytest.CaptureFixture[str]) -> None:
    """Words that are no command end with 2, as everywhere."""
    with pytest.raises(SystemExit) as over:
        main(["fly"])
    assert 2 == over.value.code
    capsys.readouterr()


def test_what_could_never_be_reached_is_refused_at_the_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A village code that no address can hold, an address that is none: nothing is made."""
    home = str(tmp_path / "var")
    assert 1 == main(["init", "--village", "a/b", "--name", "村", "--home", home])
    wrong = ["init", "--village", "a", "--name", "村", "--public-url", "board.example"]
    assert 1 == main([*wrong, "--home", home])
    assert not (tmp_path / "var").exists()
    capsys.readouterr()


def test_nobody_else_on_the_machine_reads_the_home(desk: Desk) -> None:
    """Drafts, hashes and keys are for the board's own user only."""
    for path in (desk.home, desk.home / "board.db", desk.home / "signer"):
        assert 0 == path.stat().st_mode & 0o077, path


def test_telling_nothing_is_not_an_entry(desk: Desk) -> None:
    """`village set` without anything to set is refused."""
    before = desk.json("verify")["entries"]
    assert 1 == desk.run("village", "set", V)[0]
    assert before == desk.json("verify")["entries"]


def test_a_home_that_is_not_there_is_not_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped folder is refused by every command but the two that begin a board."""
    home = tmp_path / "typo"
    for words in (["verify"], ["tick"], ["people", "list"], ["serve"]):
        assert 1 == main([*words, "--home", str(home)])
        assert "还没有公开板" in capsys.readouterr().err
        assert not home.exists()


def test_a_paused_clock_is_said(desk: Desk) -> None:
    """`tick` does nothing while the time is in doubt, and does not say it was done."""
    from noticeboard.compose import open_board
    from noticeboard.settings import read_settings

    board = open_board(read_settings({}, str(desk.home)))
    board.watch.pause("时钟突然跳了，请看看对不对。")
    status, said = desk.run("tick")
    assert 1 == status
    assert "时钟是对的" in said
    board.database.close()
