"""A backup as bad luck brings it back: every row of a database as it was at one moment."""

from typing import Any

from sqlalchemy import Connection, delete, insert, select, text

from noticeboard.store.database import Database
from noticeboard.store.schema import metadata

_SEARCH = "village, code, text"


class Backup:
    """All rows of a board's database at one moment, for either kind of database."""

    def __init__(self, database: Database) -> None:
        with database.read() as tx:
            self.rows: dict[str, list[dict[str, Any]]] = {
                table.name: [dict(row._mapping) for row in tx.execute(select(table))]
                for table in metadata.sorted_tables
            }
            self.search = [dict(row._mapping) for row in tx.execute(_search(tx))]

    def restore(self, database: Database) -> None:
        """Put the rows back in the place of whatever is there, as restoring a backup does."""
        with database.write() as tx:
            guards = _without_guards(tx)
            tx.execute(text("delete from search"))
            for table in metadata.sorted_tables:
                tx.execute(delete(table))
                if self.rows[table.name]:
                    tx.execute(insert(table), self.rows[table.name])
            for row in self.search:
                names = ", ".join(row)
                values = ", ".join(f":{name}" for name in row)
                tx.execute(text(f"insert into search ({names}) values ({values})"), row)
            for guard in guards:
                tx.execute(text(guard))


def _search(tx: Connection) -> Any:
    key = "rowid, " if tx.dialect.name == "sqlite" else ""
    return text(f"select {key}{_SEARCH} from search")


def _without_guards(tx: Connection) -> list[str]:
    """Take away what keeps the log append-only; gives the statements that bring it back."""
    if tx.dialect.name == "sqlite":
        rows = tx.execute(text("select name, sql from sqlite_master where type = 'trigger'")).all()
        for name, _sql in rows:
            tx.execute(text(f"drop trigger {name}"))
        return [sql for _name, sql in rows]
    guarded = ("entry", "node", "rules")
    for table in guarded:
        tx.execute(text(f"alter table {table} disable trigger user"))
    return [f"alter table {table} enable trigger user" for table in guarded]
