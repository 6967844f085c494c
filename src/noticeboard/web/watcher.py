"""The watcher: notices that a village's public revision rose, whichever process raised it."""

import threading
from collections.abc import Callable, Mapping

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from noticeboard.core.problems import Unavailable
from noticeboard.store import notices
from noticeboard.store.database import Database

EVERY = 0.1
POLL = 1.0


class Watcher(threading.Thread):
    """Asks SQLite's data version every 100 ms, or waits for PostgreSQL's word and polls.

    `changed` is called from this thread with the revisions of all villages whenever one differs.
    After any loss of the connection the revisions are read again, so that no change stays unseen.
    """

    def __init__(self, database: Database, changed: Callable[[Mapping[str, int]], None]) -> None:
        """Prepare to watch; `start` begins."""
        super().__init__(name="watcher", daemon=True)
        self.database = database
        self.changed = changed
        self.known: dict[str, int] = {}
        self._stop_asked = threading.Event()
        self._one_at_a_time = threading.Lock()

    def run(self) -> None:
        """Watch until stopped."""
        while not self._stop_asked.is_set():
            try:
                if self.database.sqlite:
                    self._sqlite()
                else:
                    self._postgres()
            except (SQLAlchemyError, Unavailable):
                self._stop_asked.wait(POLL)

    def stop(self) -> None:
        """Stop watching."""
        self._stop_asked.set()
        self.join(timeout=5)

    def look(self) -> None:
        """Read the revisions now and report a change."""
        with self._one_at_a_time:
            with self.database.read() as tx:
                seen = notices.revisions(tx)
            if seen != self.known:
                self.known = seen
                self.changed(seen)

    def _sqlite(self) -> None:
        with self.database.engine.connect() as connection:
            seen = -1
            while not self._stop_asked.wait(EVERY):
                version = self.database.data_version(connection)
                if version != seen:
                    seen = version
                    self.look()

    def _postgres(self) -> None:
        options = {"isolation_level": "AUTOCOMMIT"}
        with self.database.engine.connect().execution_options(**options) as connection:
            connection.execute(text(f"listen {notices.CHANNEL}"))
            driver = connection.connection.driver_connection
            while not self._stop_asked.is_set():
                self.look()
                for _notification in driver.notifies(timeout=POLL, stop_after=1):  # type: ignore[union-attr]  # psycopg's own connection
                    continue
