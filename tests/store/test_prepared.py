"""What the driver runs itself: the same answers, and refusals told like any other."""

import pytest
from sqlalchemy import select

from noticeboard.core.people import Profile, Village
from noticeboard.core.problems import Unavailable
from noticeboard.store import notices, screens
from noticeboard.store.database import Database
from noticeboard.store.desk_tables import setting
from noticeboard.store.prepared import Prepared

VILLAGE = Village(code="v1", origin="board.example/v/1")


def test_rows_are_what_sqlalchemy_would_read(database: Database) -> None:
    """A prepared statement runs within the transaction and sees what stands in it so far."""
    with database.write() as tx:
        screens.tell(tx, "a", "一")
        screens.tell(tx, "b", "100%")
        prepared = Prepared(select(setting.c.key, setting.c.value).order_by(setting.c.key))
        assert [("a", "一"), ("b", "100%")] == prepared.run(tx, {}).fetchall()
        assert ("一", "100%", None) == tuple(screens.told(tx, key) for key in ("a", "b", "c"))


def test_a_database_that_goes_away_is_told_like_any_other(database: Database) -> None:
    """Refused or cut off by the database in the middle: Unavailable, nothing kept, then on."""
    with database.write() as tx:
        notices.found(tx, VILLAGE, Profile(name="村"))
    with pytest.raises(Unavailable, match="写不进去"):
        _stopped(database)
    if database.sqlite:
        with database.read() as tx:
            tx.exec_driver_sql("PRAGMA query_only=0")
    with database.write() as tx:
        notices.advance(tx, VILLAGE, visible=True)
        assert (1, None) == (notices.lock(tx, "v1").revision, screens.told(tx, "a"))


def _stopped(database: Database) -> None:
    with database.write() as tx:
        screens.tell(tx, "a", "1")
        if database.sqlite:
            tx.exec_driver_sql("PRAGMA query_only=1")
        else:
            mine = tx.exec_driver_sql("select pg_backend_pid()").scalar()
            with database.engine.connect() as other:
                other.exec_driver_sql("select pg_terminate_backend(%s)", (mine,))
        notices.advance(tx, VILLAGE, visible=True)
