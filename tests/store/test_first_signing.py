"""A board from before logs were signed is told from one whose signer lost its memory."""

import pytest
from sqlalchemy import text

from noticeboard.store import screens
from noticeboard.store.database import LATEST, Database
from noticeboard.store.migrations import upgrade


@pytest.mark.parametrize("lived", [True, False])
def test_the_migration_says_where_a_board_never_signed(database_url: str, *, lived: bool) -> None:
    """Only where there was a board before; every log of it then waits for its first checkpoint."""
    database = Database(database_url)
    with database.write() as tx:
        upgrade(tx, "0001")
        if lived:
            tx.execute(
                text("insert into head (village, origin, state, profile) values (:v, :o, :b, :b)"),
                {"v": "v1", "o": "board.example/v1", "b": b"{}"},
            )
    database.upgrade()
    assert LATEST == database.version()
    with database.read() as tx:
        assert ("yes" if lived else None) == screens.told(tx, "never-signed")
        rows = tx.execute(text("select unsigned, frozen from head")).all()
    assert ([(True, "")] if lived else []) == [tuple(row) for row in rows]
    database.close()
