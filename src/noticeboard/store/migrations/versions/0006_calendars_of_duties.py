"""What each village has to publish and by when."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_OWED = sa.text("binding and met_at is null")
_APART = sa.text("kind = 'nil' or state in ('submitted', 'returned', 'scheduled')")


def upgrade() -> None:
    """Add the tables; every village that is here gets its calendar with the next tick."""
    op.create_table(
        "duty",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=16), nullable=False),
        sa.Column("period", sa.String(length=24), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("binding", sa.Boolean(), nullable=False),
        sa.Column("met_at", sa.BigInteger(), nullable=True),
        sa.Column("doc", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("village", "item", "period", name=op.f("pk_duty")),
    )
    for name, columns in (("late", ["due"]), ("owed", ["village", "due"])):
        op.create_index(
            f"ix_duty_{name}", "duty", columns, sqlite_where=_OWED, postgresql_where=_OWED
        )
    op.create_index("ix_duty_due", "duty", ["village", "due"])
    calendar = op.create_table(
        "calendar",
        sa.Column("village", sa.String(length=32), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("village", name=op.f("pk_calendar")),
    )
    op.create_index("ix_calendar_next", "calendar", ["next"])
    op.create_index("ix_notice_item", "notice", ["village", "item"])
    op.create_index(
        "ix_notice_apart", "notice", ["village"], sqlite_where=_APART, postgresql_where=_APART
    )
    found = op.get_bind().execute(sa.text("select village from head where village != ''")).all()
    if found:
        op.bulk_insert(calendar, [{"village": village, "next": 0} for (village,) in found])
