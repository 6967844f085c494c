"""Alembic's door into the board's own transaction."""

from alembic import context

from noticeboard.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
