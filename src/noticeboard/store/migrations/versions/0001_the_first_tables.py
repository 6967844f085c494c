"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """The first tables."""
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("reset", sa.String(length=64), nullable=True),
        sa.Column("reset_until", sa.BigInteger(), nullable=True),
        sa.Column("closed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )
    op.create_table(
        "body",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("c", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("village", "c", name=op.f("pk_body")),
    )
    op.create_table(
        "chunk",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("c", sa.String(length=64), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("village", "c", "n", name=op.f("pk_chunk")),
    )
    op.create_table(
        "draft",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("village", "code", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_at", "draft", ["village", "at"], unique=False)
    op.create_table(
        "entry",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("village", "idx", name=op.f("pk_entry")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_entry_code", "entry", ["village", "code", "idx"], unique=False)
    op.create_table(
        "failure",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_failure")),
    )
    op.create_table(
        "file",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("c", sa.String(length=64), nullable=False),
        sa.Column("loose", sa.Boolean(), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.Column("len", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("thumb", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("village", "c", name=op.f("pk_file")),
    )
    op.create_index(
        "ix_file_loose",
        "file",
        ["at"],
        unique=False,
        sqlite_where=sa.text("loose"),
        postgresql_where=sa.text("loose"),
    )
    op.create_table(
        "form",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "account", name=op.f("pk_form")),
    )
    op.create_index("ix_form_at", "form", ["at"], unique=False)
    op.create_table(
        "head",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("profile", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("village", name=op.f("pk_head")),
        sa.UniqueConstraint("origin", name=op.f("uq_head_origin")),
    )
    op.create_table(
        "member",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("account", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("village", "account", name=op.f("pk_member")),
        sa.UniqueConstraint("village", "number", name=op.f("uq_member_village_number")),
    )
    op.create_index("ix_member_account", "member", ["account"], unique=False)
    op.create_table(
        "node",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("village", "level", "idx", name=op.f("pk_node")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notice",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("item", sa.String(length=16), nullable=True),
        sa.Column("covers", sa.String(length=16), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("no", sa.String(length=16), nullable=True),
        sa.Column("due", sa.BigInteger(), nullable=True),
        sa.Column("shown_at", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("village", "code", name=op.f("pk_notice")),
        sa.UniqueConstraint("code", name=op.f("uq_notice_code")),
    )
    op.create_index("ix_notice_changed", "notice", ["village", "changed_at"], unique=False)
    op.create_index(
        "ix_notice_due",
        "notice",
        ["due"],
        unique=False,
        sqlite_where=sa.text("due is not null"),
        postgresql_where=sa.text("due is not null"),
    )
    op.create_index("ix_notice_shown", "notice", ["village", "shown_at"], unique=False)
    op.create_table(
        "part",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("c", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.Column("ids", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("village", "c", name=op.f("pk_part")),
    )
    op.create_table(
        "rules",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("bundle", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_rules")),
    )
    op.create_table(
        "screen",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("retired", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("village", "id", name=op.f("pk_screen")),
        sa.UniqueConstraint("id", name=op.f("uq_screen_id")),
    )
    op.create_table(
        "session",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("account", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_session")),
    )
    op.create_index("ix_session_until", "session", ["until"], unique=False)
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    append_only()
    search_index()
    unsampled()


def append_only() -> None:
    """Let the database itself refuse what the log must never do: change or lose a row."""
    for table in ("entry", "node", "rules"):
        if op.get_bind().dialect.name == "sqlite":
            for verb in ("update", "delete"):
                op.execute(
                    f"create trigger {table}_{verb} before {verb} on {table} "
                    "begin select raise(abort, 'append-only'); end"
                )
        else:
            op.execute(
                f"create function {table}_append_only() returns trigger language plpgsql as "
                "$$ begin raise exception 'append-only'; end $$"
            )
            op.execute(
                f"create trigger {table}_append_only before update or delete on {table} "
                f"for each row execute function {table}_append_only()"
            )


def search_index() -> None:
    """Make the search table in the form each database searches fast."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "create virtual table search using fts5"
            "(village unindexed, code unindexed, text, tokenize='unicode61')"
        )
        return
    op.create_table(
        "search",
        sa.Column("village", sa.String(32), primary_key=True),
        sa.Column("code", sa.String(8), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
    )
    op.execute("create index ix_search_text on search using gin (to_tsvector('simple', text))")


def unsampled() -> None:
    """Let PostgreSQL keep no samples of what may have to be erased in its statistics."""
    if op.get_bind().dialect.name == "sqlite":
        return
    held = {
        "body": ("body", "salt"),
        "file": ("salt", "thumb"),
        "chunk": ("bytes",),
        "draft": ("doc",),
        "search": ("text",),
    }
    for table, columns in held.items():
        for column in columns:
            op.execute(f"alter table {table} alter column {column} set statistics 0")
