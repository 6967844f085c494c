"""Numbered steps of the tables, forward only; run when a board opens an older database."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def upgrade(tx: Connection, revision: str = "head") -> None:
    """Bring a database to a revision within a transaction, so all steps or none."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = tx
    command.upgrade(config, revision)
