"""What hints look into besides notices: registers of the desk, marks of rows, explanations."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the tables, all of them empty."""
    op.create_table(
        "kin",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tie", sa.Text(), nullable=False),
        sa.Column("grp", sa.Text(), nullable=False, server_default=""),
        sa.Column("identity", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("village", "id", name=op.f("pk_kin")),
    )
    op.create_table(
        "supplier",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("village", "id", name=op.f("pk_supplier")),
    )
    op.create_table(
        "mark",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("row", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("card", sa.String(length=64), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("village", "code", "row", name=op.f("pk_mark")),
    )
    op.create_table(
        "explanation",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("hint", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("village", "code", "hint", name=op.f("pk_explanation")),
    )
