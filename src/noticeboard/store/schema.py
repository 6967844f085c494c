"""What every table is made with: the one metadata, the village's column, partial indexes."""

from typing import Any

from sqlalchemy import Column, MetaData, String, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def village() -> Column[str]:
    """Give the first column of every key: the village's code, "" for the instance."""
    return Column("village", String(32), primary_key=True)


def only(condition: str) -> dict[str, Any]:
    """Give what makes an index hold only the rows of which a condition is so."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
