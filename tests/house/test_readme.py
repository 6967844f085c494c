"""What the README says is so: its table is the rulebook's, its commands and rooms exist."""

import re
from pathlib import Path

from noticeboard.core.rules import decode
from noticeboard.formats.rules import load
from tests.tools import tool

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def test_table_of_moves_is_what_the_rulebook_says() -> None:
    """Whoever changes the rulebook prints the table again."""
    moves = tool("moves")
    printed = README.split(moves.BEGIN)[1].split(moves.END)[0].strip()
    assert moves.table(decode(load())) == printed


def test_commands_of_the_readme_exist() -> None:
    """Every `make` word that is named is a target."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"make ([a-z]+)\b(?! [a-z]+ says)", README))
    assert named <= targets | {"it"}, named - targets


def test_rooms_and_files_of_the_readme_exist() -> None:
    """No sentence points at a room or a page that is not there."""
    for room in re.findall(r"`(core|store|board|show|web|formats|signing)/(\w*)`?", README):
        place = ROOT / "src" / "noticeboard" / room[0] / room[1]
        assert place.is_dir() or place.with_suffix(".py").is_file(), room
    for path in re.findall(r"\]\(([^)]+)\)", README):
        assert (ROOT / path).is_file(), path
