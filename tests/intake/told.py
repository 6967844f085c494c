"""What the importer makes of a fixture, as plain JSON that a person can check against the sheet."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from noticeboard import importing
from noticeboard.board import founding
from noticeboard.core.particulars import Content
from noticeboard.core.people import Group
from noticeboard.core.sheet import Question
from noticeboard.formats import understanding
from noticeboard.formats.apart import Apart
from noticeboard.formats.bounds import Tell
from noticeboard.importing import Checked
from tests.cast import PROFILE, VILLAGE, Cast, cast_on
from tests.fixtures.kinds import GROUPS, Fixture
from tests.fixtures.kinds import VILLAGE as NAME

# A fixture of the second village is of this one, as the law's forms call it.
ELSEWHERE = "430000102"


class Here(Apart):
    """Reads in this process what a child would read, for a child takes a second to begin."""

    def __init__(self) -> None:
        super().__init__(understanding.UNDERSTAND, ready=False)

    def ask(self, given: bytes, tell: Tell = lambda _: None) -> bytes:
        """Give what the child would answer."""
        return understanding.understand_apart(given, tell)


def villages(home: Path) -> Cast:
    """Found the two villages that the fixtures are of, with three groups each."""
    cast = cast_on(f"sqlite:///{home / 'board.db'}")
    groups = tuple(Group(f"g{n}", name) for n, name in enumerate(GROUPS, 1))
    profile = msgspec.structs.replace(PROFILE, groups=groups)
    founding.tell(cast.board, VILLAGE, profile)
    founding.establish(
        cast.board,
        code=ELSEWHERE,
        origin=f"board.example/v/{ELSEWHERE}",
        profile=msgspec.structs.replace(profile, name="某某村", town="别处镇"),
        keys=(),
    )
    return cast


def checked(cast: Cast, fixture: Fixture) -> Checked:
    """Check a fixture for its village; nothing is kept."""
    village = VILLAGE if fixture.village == NAME else ELSEWHERE
    return importing.check(cast.board, village, fixture.data(), fixture.name, reader=Here())


def told(cast: Cast, fixture: Fixture) -> dict[str, Any]:
    """Give all that is said of a fixture: what `import --json` says, and what would be stated."""
    found = checked(cast, fixture)
    said = importing.as_json(found)
    del said["file_sha256"], said["drafts"]
    behind = [*found.dropped, *(each for sheet in found.sheets for each in sheet.dropped)]
    return {
        **said,
        "asked": [_question(question) for question in found.questions],
        "left_behind": behind,
        "states": [_content(content) for content in found.contents],
    }


def told_of_all(fixtures: Sequence[Fixture]) -> dict[str, dict[str, Any]]:
    """Give what is said of several fixtures by a board of their own."""
    with TemporaryDirectory() as home:
        cast = villages(Path(home))
        try:
            return {fixture.name: told(cast, fixture) for fixture in fixtures}
        finally:
            cast.board.database.close()


def _question(question: Question) -> dict[str, Any]:
    return {
        "cell": f"{question.sheet}!{question.cell}",
        "about": question.about,
        "answers": [f"{value} {words}" for value, words in question.answers],
        "beside": list(question.beside),
    }


def _content(content: Content) -> dict[str, Any]:
    plain = msgspec.json.decode(msgspec.json.encode(content.particulars))
    rows = plain.pop("rows")
    about = {"title": content.title, "covers": content.covers, "publisher": content.publisher}
    said = {name: value for name, value in plain.items() if value not in ("", None, [])}
    return {**about, "item": content.item, **said, "rows": [_line(row) for row in rows]}


def _line(row: dict[str, Any]) -> str:
    """Put a row into one line: each field that says anything."""
    said = {name: value for name, value in row.items() if name != "id"}
    return " · ".join(f"{n} {_plain(v)}" for n, v in said.items() if v not in ("", None, 0, []))


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return " | ".join("" if each is None else str(each) for each in value)
    return str(value)
