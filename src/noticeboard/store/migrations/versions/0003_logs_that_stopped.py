"""A log that stopped may stand under another village code; nothing else about it may change."""

from alembic import op

revision = "0003"
down_revision = "0002"

_COLUMNS = {"entry": ("idx", "leaf", "act", "code", "at"), "node": ("level", "idx", "hash")}


def upgrade() -> None:
    """Let entries and subtrees move from `<village>` to `<village>.<n>` as they are, only so."""
    for table, columns in _COLUMNS.items():
        if op.get_bind().dialect.name == "sqlite":
            same = " and ".join(f"new.{name} is old.{name}" for name in columns)
            op.execute(f"drop trigger {table}_update")
            op.execute(
                f"create trigger {table}_update before update on {table} when not "
                "(substr(new.village, 1, length(old.village) + 1) = old.village || '.'"
                f" and {same}) begin select raise(abort, 'append-only'); end"
            )
            continue
        new, old = (", ".join(f"{row}.{name}" for name in columns) for row in ("new", "old"))
        op.execute(
            f"create or replace function {table}_append_only() returns trigger language plpgsql as "
            "$$ begin if tg_op = 'UPDATE' then"
            " if left(new.village, length(old.village) + 1) = old.village || '.'"
            f" and row({new}) is not distinct from row({old}) then return new; end if;"
            " end if; raise exception 'append-only'; end $$"
        )
