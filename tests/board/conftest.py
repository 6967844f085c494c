"""A board with its people, on both databases or in a home folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cast import Cast, cast_in, cast_on


@pytest.fixture
def cast(database_url: str) -> Iterator[Cast]:
    """Give the cast; the test runs once on each kind of database and ends with both audits."""
    cast = cast_on(database_url)
    yield cast
    cast.audit()
    cast.board.database.close()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Cast]:
    """Give the cast on SQLite in a home folder; no audit of its own at the end."""
    cast = cast_in(tmp_path / "home")
    yield cast
    cast.board.database.close()
