"""Which rules were in force since when, and which rule pack a village goes by."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the tables; what was adopted until now is in the instance log."""
    adoption = op.create_table(
        "adoption",
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("bundle", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("idx", name=op.f("pk_adoption")),
    )
    op.create_table(
        "assignment",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("joined", sa.String(length=10), nullable=False),
        sa.Column("document", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("village", "idx", name=op.f("pk_assignment")),
    )
    adopted = sa.text("select idx, at, leaf from entry where village = '' and act = 'adopt'")
    rows = op.get_bind().execute(adopted).all()
    found = [{"idx": idx, "at": at, **_said(leaf)} for idx, at, leaf in rows]
    if found:
        op.bulk_insert(adoption, found)


def _said(leaf: bytes) -> dict[str, str]:
    fields = json.loads(bytes(leaf))
    return {"bundle": fields["bundle"], "document": fields.get("document", "")}
