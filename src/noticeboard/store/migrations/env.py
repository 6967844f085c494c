"""Alembic's door into the board's own engine."""

from alembic import context

from noticeboard.store.tables import metadata

engine = context.config.attributes["engine"]
with engine.connect().execution_options(writing=True) as connection:
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
