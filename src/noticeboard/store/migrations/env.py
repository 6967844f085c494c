"""Alembic's door into the board's own transaction."""

from alembic import context

# Importing the rooms is what fills the metadata.
from noticeboard.store import desk_tables as _desk
from noticeboard.store import duties as _duties
from noticeboard.store import tables as _tables
from noticeboard.store.schema import metadata

assert all(room.metadata is metadata for room in (_desk, _duties, _tables))
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
