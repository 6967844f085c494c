"""Rules of one's own on a board that runs: adopted whole or not at all, and never half-loaded."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from noticeboard import auditing
from noticeboard.compose import open_board
from noticeboard.settings import read_settings
from noticeboard.store import assignments
from tests.cast import VILLAGE
from tests.cli.test_serving_log import PATIENCE, ROOT, get, serving

PAPER = "示例农发〔2026〕1号"
PACK = """own:
  name: 示例县
  english: A county
  jurisdiction: 示例县
  parent: hunan
  deadlines:
    quarter: {days: 9, force: county, document: 示例农发〔2026〕1号, source: [L11 30], verified: no}
"""


def told(*words: str, source: Path = ROOT / "src") -> subprocess.CompletedProcess[str]:
    """Run a command as a process of its own."""
    command = [sys.executable, "-m", "noticeboard", *words]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give the home of a board with one village."""
    home = tmp_path / "home"
    made = told("init", "--village", VILLAGE, "--name", "示例村", "--home", str(home))
    assert 0 == made.returncode, made.stderr
    return home


def folder(tmp_path: Path, text: str) -> str:
    (tmp_path / "county" / "packs").mkdir(parents=True, exist_ok=True)
    (tmp_path / "county" / "packs" / "own.yaml").write_text(text, "utf-8")
    return str(tmp_path / "county")


def in_force(home: Path) -> list[str]:
    """Give the rules that the log of the instance adopted, in order."""
    board = open_board(read_settings({}, str(home)))
    with board.database.read() as tx:
        found = [one.bundle for one in assignments.adoptions(tx)]
    board.database.close()
    return found


def says(port: int, path: str, words: str) -> None:
    """Wait until a page says so: the clock of the board works calendars out within seconds."""
    until = time.monotonic() + PATIENCE
    while words not in get(port, path)[1].decode():
        assert time.monotonic() < until, words
        time.sleep(0.1)


def test_a_running_board_keeps_the_last_good_rules_and_takes_the_next_good_ones(
    home: Path, tmp_path: Path
) -> None:
    """With a real process: what is wrong is told by its line and changes nothing, then it does."""
    due, words = f"/v/{VILLAGE}/due", ("--village", VILLAGE, "--home", str(home))
    told("village", "assign", "--pack", "hunan", "--joined", "2025-01-01", *words)
    with serving(home) as port:
        says(port, due, "按“湖南省")
        before = in_force(home)
        bad = folder(tmp_path, PACK.replace("days: 9", "days: nine"))
        refused = told("rules", "adopt", bad, "--document", PAPER, "--home", str(home))
        assert 1 == refused.returncode
        said = "✗ county/packs/own.yaml 第 7 行：“days”要写整数。（nine）\n"
        assert said == refused.stderr
        assert before == in_force(home)
        says(port, due, "按“湖南省")

        good = folder(tmp_path, PACK)
        assert 0 == told("rules", "check", good).returncode
        done = told("rules", "adopt", good, "--document", PAPER, "--home", str(home))
        assert (0, "") == (done.returncode, done.stderr)
        own = ("--pack", "own", "--joined", "2025-01-01", "--document", PAPER)
        done = told("village", "assign", *own, *words)
        assert (0, "") == (done.returncode, done.stderr)
        assert len(before) + 1 == len(in_force(home))
        says(port, due, f"按“示例县”算（{PAPER}）")
    # What was judged by the old rules is audited by them.
    board = open_board(read_settings({}, str(home)))
    assert [] == auditing.verify(board).problems
    board.database.close()


def test_rules_that_lack_the_pack_a_village_goes_by_are_refused(home: Path, tmp_path: Path) -> None:
    """Taking back one's own rules needs the village to go by others first."""
    good = folder(tmp_path, PACK)
    told("rules", "adopt", good, "--home", str(home))
    words = ("--village", VILLAGE, "--joined", "2026-01-01", "--home", str(home))
    told("village", "assign", "--pack", "own", *words)
    refused = told("rules", "adopt", "--home", str(home))
    assert 1 == refused.returncode
    assert "请把它加进去，或先给这个村换一个。" in refused.stderr
    told("village", "assign", "--pack", "hunan", *words)
    done = told("rules", "adopt", "--home", str(home), "--json")
    assert 0 == done.returncode
    assert '"own": false' in done.stdout


def test_a_board_does_not_start_on_half_of_its_rules(home: Path, tmp_path: Path) -> None:
    """A program whose own rule files are damaged says where, and serves nothing by them."""
    other = tmp_path / "program"
    for name in ("src", "templates", "kiosk", "data"):
        shutil.copytree(ROOT / name, other / name, ignore=shutil.ignore_patterns("__pycache__"))
    path = other / "data" / "packs" / "hunan.yaml"
    text = path.read_text("utf-8")
    line = text.split("    quarter:")[0].count("\n") + 1
    path.write_text(text.replace("    quarter: {days: 15", "    quarter: {days: ten"), "utf-8")
    before = in_force(home)
    refused = told("serve", "--home", str(home), "--port", "1", source=other / "src")
    assert 1 == refused.returncode
    assert f"✗ data/packs/hunan.yaml 第 {line} 行：“days”要写整数。（ten）\n" == refused.stderr
    assert before == in_force(home)
