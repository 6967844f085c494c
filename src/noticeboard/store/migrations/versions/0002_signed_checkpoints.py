"""Signed checkpoints, cosignatures, the frozen state and mirrors."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what a signed and witnessed log needs; every log waits for its first checkpoint."""
    op.add_column(
        "head", sa.Column("unsigned", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    op.add_column("head", sa.Column("frozen", sa.Text(), server_default="", nullable=False))
    op.create_index(
        "ix_head_unsigned",
        "head",
        ["village"],
        unique=False,
        sqlite_where=sa.text("unsigned"),
        postgresql_where=sa.text("unsigned"),
    )
    op.create_table(
        "checkpoint",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("village", "size", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "cosignature",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("village", "size", "name", name=op.f("pk_cosignature")),
    )
    op.create_table(
        "held",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("village", "n", name=op.f("pk_held")),
    )
    op.create_table(
        "mirror",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("village", "name", name=op.f("pk_mirror")),
    )
    # A board that ran before logs were signed has keys, and no memory yet of what it signed.
    op.execute(
        "insert into setting (key, value)"
        " select 'never-signed', 'yes' where exists (select 1 from head)"
    )
    _tell_keys()


def _tell_keys() -> None:
    """Let every head know the keys of its log, as a replay finds them in leaf 0."""
    head = sa.table("head", sa.column("village"), sa.column("state", sa.LargeBinary()))
    entry = sa.table(
        "entry", sa.column("village"), sa.column("idx"), sa.column("leaf", sa.LargeBinary())
    )
    first = sa.select(head, entry.c.leaf).join(
        entry, sa.and_(entry.c.village == head.c.village, entry.c.idx == 0)
    )
    connection = op.get_bind()
    for row in connection.execute(first).all():
        state = json.loads(row.state) | {"keys": json.loads(row.leaf)["keys"]}
        connection.execute(
            sa.update(head)
            .where(head.c.village == row.village)
            .values(state=json.dumps(state).encode())
        )
