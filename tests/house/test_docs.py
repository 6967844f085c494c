"""What the docs say is so: variables, commands, words of pages and links are the program's."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from noticeboard import __version__, shipped
from noticeboard.cli import _parser
from noticeboard.settings import VARIABLES

ROOT = Path(__file__).resolve().parents[2]
PAGES = tuple(sorted((ROOT / "docs").glob("*.md")))
SAID = {page.name: page.read_text("utf-8") for page in (*PAGES, ROOT / "README.md")}
# A command runs to the end of its line, or of its code words; `…` stands for any command.
COMMAND = re.compile(r"(?:^|(?<=\s)|(?<=/bin/))noticeboard ((?:[a-z]+|--)[^\n…]*)", re.MULTILINE)
QUOTED = re.compile(r"「([^」]+)」")


def code_of(text: str) -> str:
    """Give only what stands as code: fenced blocks and words between back ticks."""
    fenced = re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^```\n.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return "\n".join([*fenced, *re.findall(r"`([^`]+)`", rest)])


def commands() -> Iterator[tuple[str, str]]:
    for name, text in SAID.items():
        for line in COMMAND.findall(code_of(text)):
            yield name, line.strip()


def words_of_pages() -> str:
    """Give everything a page can say: the catalogue's texts, the templates, the player."""
    shipped_po = shipped("data") / "locale" / "zh_Hans" / "LC_MESSAGES" / "noticeboard.po"
    with shipped_po.open("rb") as file:
        texts = [str(message.id) for message in read_po(file) if message.id]
    texts += [page.read_text("utf-8") for page in sorted(shipped("templates").rglob("*.html"))]
    texts += [page.read_text("utf-8") for page in sorted(shipped("kiosk").iterdir())]
    return "\n".join(texts)


def test_operators_table_is_the_settings() -> None:
    """The operator's table has every environment variable with its own sentence, and no other."""
    row = re.compile(r"^\| `(NOTICEBOARD_\w+)` \| (.+) \|$", re.MULTILINE)
    rows = dict(row.findall(SAID["operator.md"]))
    assert rows == VARIABLES


def test_every_variable_in_the_docs_exists() -> None:
    """Nobody sets a variable that nothing reads."""
    named = {name for text in SAID.values() for name in re.findall(r"NOTICEBOARD_\w+", text)}
    assert named <= VARIABLES.keys()


def every_command(parser: argparse.ArgumentParser, before: str = "") -> Iterator[str]:
    """Give each command in full: `serve`, `people add`."""
    named = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    for action in named:
        for name, inner in action.choices.items():
            yield from every_command(inner, f"{before}{name} ")
    if not named:
        yield before


def test_the_docs_show_every_command() -> None:
    """No command is left without a line that shows it."""
    shown = [f"{line} " for _name, line in commands()]
    every = every_command(_parser())
    assert [name for name in every if not any(line.startswith(name) for line in shown)] == []


@pytest.mark.parametrize(("page", "line"), tuple(commands()))
def test_every_command_line_parses(page: str, line: str) -> None:
    """What a page tells people to type is a command with options that it has."""
    try:
        _parser().parse_args(shlex.split(line))
    except SystemExit as over:
        pytest.fail(f"{page}: noticeboard {line} exits with {over.code}")


@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_quoted_words_stand_on_a_page(page: str) -> None:
    """Words between 「」 are words a person will find on a page, to the letter."""
    known = words_of_pages()
    assert [word for word in QUOTED.findall(SAID[page]) if word not in known] == []


def test_the_docs_quote_words() -> None:
    """Each page for people quotes some: else the test above looks at nothing."""
    for page in ("clerk.md", "reviewer.md", "villager.md", "operator.md"):
        assert QUOTED.search(SAID[page]), page


@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_links_lead_to_files(page: str) -> None:
    """A link within the docs leads somewhere."""
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", SAID[page]):
        if "://" not in link:
            assert (ROOT / "docs" / link).is_file(), link


def test_changelog_begins_with_this_version() -> None:
    """The first heading of the change log is the version that runs."""
    first = (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines()[0]
    assert first == f"# {__version__}"
