"""The engine: read and write transactions, and the durability every connection must prove."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from noticeboard.core.problems import Unavailable
from noticeboard.store import soundness

LATEST = "0007"
_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "secure_delete": 1,
    "foreign_keys": 1,
    "busy_timeout": 30_000,
}
# Where an erasing act deletes or replaces rows: on PostgreSQL their old versions stay behind.
_ERASED_FROM = (
    *("body", "file", "chunk", "draft", "search"),
    *("kin", "supplier", "mark", "explanation"),
)


class Database:
    """One database: SQLite in a folder or PostgreSQL. All or nothing, and durable on commit."""

    def __init__(self, url: str) -> None:
        """Open `sqlite:///path` or `postgresql://…`; nothing is connected before first use."""
        self.engine: Engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
        self.sqlite = self.engine.dialect.name == "sqlite"
        if self.sqlite:
            event.listen(self.engine, "do_connect", self._connecting)
            event.listen(self.engine, "connect", self._connected)
        self._errors = (DBAPIError, self.engine.dialect.loaded_dbapi.Error)
        self._opened: tuple[int, int] | None = None

    @property
    def path(self) -> Path | None:
        """Give the SQLite file, or None on PostgreSQL."""
        name = self.engine.url.database
        return Path(name) if self.sqlite and name else None

    def _connecting(self, *_connection: Any) -> None:
        """Refuse to open another file than the first: what of the old one lies beside it is left.

        SQLite would take the old file's write-ahead log for the new one's.
        """
        if why := self.replaced:
            raise why

    def _connected(self, raw: Any, _record: Any) -> None:
        _prepare_sqlite(raw)
        if self._opened is None and self.path is not None:
            self._opened = soundness.identity(self.path)

    @property
    def replaced(self) -> Unavailable | None:
        """Say that another file was put in the place of the one that is open, or None.

        What would be written into the old one would be nowhere; what is read is of yesterday.
        """
        if self._opened is None or self.path is None:
            return None
        if soundness.identity(self.path) == self._opened:
            return None
        return Unavailable(
            "数据库文件在开着的时候被换掉了，先不写。",
            value=str(self.path),
            fix="请把 noticeboard serve 停下再打开，再 noticeboard doctor。",
        )

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Turn what the driver says of a damaged file into Unavailable."""
        try:
            yield
        except self._errors as error:
            if why := soundness.explained(error, self.path):
                raise why from error
            raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read one consistent moment; never waits for a writer on SQLite (WAL).

        Raises Unavailable where the file is damaged.
        """
        with self._in_words(), self.engine.connect() as tx:
            if not self.sqlite:
                tx.execution_options(isolation_level="REPEATABLE READ")
            with tx.begin():
                if self.sqlite:
                    _driver(tx).execute("BEGIN")
                yield tx

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Write all or nothing. On SQLite the write lock is taken at once (`BEGIN IMMEDIATE`).

        Raises Unavailable when the disk is full, the lock cannot be had, or the file is damaged or
        no longer the one in its place.
        """
        if why := self.replaced:
            raise why
        try:
            with self._in_words(), self.engine.connect() as tx, tx.begin():
                if self.sqlite:
                    _driver(tx).execute("BEGIN IMMEDIATE")
                yield tx
        except OperationalError as error:
            raise _unavailable(str(error.orig)) from error
        except self.engine.dialect.loaded_dbapi.OperationalError as error:
            # A prepared statement meets the driver itself.
            raise _unavailable(str(error)) from error

    def upgrade(self) -> None:
        """Bring the tables to this version; does nothing, quickly, when they are."""
        if self.version() != LATEST:
            from noticeboard.store.migrations import upgrade

            with self.write() as tx:
                upgrade(tx)

    def version(self) -> str | None:
        """Give the migration the tables stand at, or None for an empty database."""
        try:
            with self.engine.connect() as connection:
                return connection.execute(text("select version_num from alembic_version")).scalar()
        except self._errors as error:
            missing = isinstance(error, OperationalError | ProgrammingError)
            if not missing or "unable to open" in str(error):
                raise soundness.explained(error, self.path) or error from error
            return None

    def quick_check(self, seconds: float | None = None) -> str | None:
        """Let SQLite read its whole file: see `soundness.quick_check`; PostgreSQL sees to itself.

        Raises Unavailable for a file that cannot even be opened.
        """
        if not self.sqlite:
            return ""
        with self._in_words(), self.engine.connect() as connection:
            return soundness.quick_check(_driver(connection), seconds)

    def scrub(self) -> bool:
        """Drop what SQLite's write-ahead log holds of erased bytes; False if readers hinder it."""
        return not self.sqlite or self._outside("PRAGMA wal_checkpoint(TRUNCATE)")

    def rewrite(self) -> bool:
        """Write the file or the tables anew, without what was erased; False if hindered.

        SQLite: `secure_delete` clears the place a row had last. Where it had moved the row from,
        when it balanced pages, a copy may have stayed (measured: about one erased row in a
        thousand). PostgreSQL keeps deleted rows until they are vacuumed, and clears no page; its
        write-ahead log, archives and backups are beyond the reach of a client.
        """
        if self.sqlite:
            return self._outside("VACUUM") and self.scrub()
        return self._vacuum_full()

    def _outside(self, statement: str) -> bool:
        # Neither can run within a transaction; what they answer is whether somebody was in the way.
        try:
            with self.engine.connect().execution_options(scrubbing=True) as connection:
                result = connection.exec_driver_sql(statement)
                return not (result.returns_rows and result.scalar())
        except DBAPIError:
            return False

    def _vacuum_full(self) -> bool:
        said: list[str] = []

        def hear(notice: Any) -> None:
            if notice.message_detail:
                said.append(notice.message_detail)

        outside = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            with outside as connection:
                driver: Any = connection.connection.driver_connection
                driver.add_notice_handler(hear)
                # Whoever waits for a table holds up all who come after: better try again later.
                connection.exec_driver_sql("SET lock_timeout = '5s'")
                try:
                    for table in _ERASED_FROM:
                        connection.exec_driver_sql(f"VACUUM (FULL, VERBOSE) {table}")
                finally:
                    driver.remove_notice_handler(hear)
                    connection.exec_driver_sql("RESET lock_timeout")
        except OperationalError:
            return False
        # Of each table it says how many dead rows it had to take along, for readers who began
        # before they died; of one that it may not touch it says nothing.
        return ["0"] * len(_ERASED_FROM) == [detail.split()[0] for detail in said]

    def data_version(self, connection: Connection) -> int:
        """Give a number that changes when another connection commits (SQLite)."""
        return int(connection.exec_driver_sql("PRAGMA data_version").scalar_one())

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _driver(tx: Connection) -> Any:
    return tx.connection.driver_connection


def _prepare_sqlite(raw: Any) -> None:
    # The driver must not begin transactions of its own: ours say IMMEDIATE where they write.
    raw.isolation_level = None
    cursor = raw.cursor()
    for name, value in _PRAGMAS.items():
        cursor.execute(f"PRAGMA {name}={value}")
        held = cursor.execute(f"PRAGMA {name}").fetchone()[0]
        if held != value:
            raise Unavailable("数据库不能保证断电不丢数据。", value=f"{name}={held}")
    cursor.close()


def _unavailable(said: str) -> Unavailable:
    if "full" in said or "disk I/O" in said:
        return Unavailable("磁盘满了，没有存下。", fix="请清理磁盘；撤下公示仍然可以。")
    return Unavailable("数据库现在写不进去。", value=said, fix="请稍后再试。")
