"""An empty board's tables, on both databases."""

from collections.abc import Iterator

import pytest

from noticeboard.store.database import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Give a migrated database without rows; the test runs once on each kind."""
    database = Database(database_url)
    database.upgrade()
    yield database
    database.close()
