"""The tables of the desk: people and their sign-ins, drafts' helpers, screens, settings, registers.

What they hold is nobody's but the desk's; no leaf is made of it.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from noticeboard.store.schema import metadata, village

account = Table(
    "account",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password", Text),
    Column("reset", String(64)),
    Column("reset_until", BigInteger),
    Column("closed", Boolean, nullable=False, server_default=text("false")),
)

# The number stands in leaves instead of the person; only this table joins the two.
member = Table(
    "member",
    metadata,
    village(),
    Column("account", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    UniqueConstraint("village", "number"),
    Index("ix_member_account", "account"),
)

session = Table(
    "session",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("account", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Index("ix_session_until", "until"),
)

failure = Table(
    "failure",
    metadata,
    Column("key", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
)

# A form that was sent twice finds its first result here.
form = Table(
    "form",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("account", BigInteger, primary_key=True, autoincrement=False),
    Column("result", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_form_at", "at"),
)

screen = Table(
    "screen",
    metadata,
    village(),
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("retired", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("id"),
)

# How sheets are read whose header has this fingerprint; `choice` is core's SheetChoice as JSON.
layout = Table(
    "layout",
    metadata,
    village(),
    Column("layout", String(64), primary_key=True),
    Column("choice", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", BigInteger, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

# Who stays out of whose decisions, and who stands behind a supplier: registers of the desk, never
# public. A person's number is there only as a mark, as in `mark`.
kin = Table(
    "kin",
    metadata,
    village(),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("tie", Text, nullable=False),
    Column("grp", Text, nullable=False, server_default=""),
    Column("identity", String(64), nullable=False, server_default=""),
    Column("at", BigInteger, nullable=False),
    Column("by", BigInteger, nullable=False),
)

supplier = Table(
    "supplier",
    metadata,
    village(),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", BigInteger, nullable=False),
)

# HMACs of what a sheet said of a row's person, made at import; they go when the row's name does.
mark = Table(
    "mark",
    metadata,
    village(),
    Column("code", String(8), primary_key=True),
    Column("row", BigInteger, primary_key=True, autoincrement=False),
    Column("identity", String(64), nullable=False, server_default=""),
    Column("card", String(64), nullable=False, server_default=""),
)

# What was said to a hint that speaks of a person, for reviewer and township alone; `hint` is its
# key, `code` "" where it is about no notice.
explanation = Table(
    "explanation",
    metadata,
    village(),
    Column("code", String(8), primary_key=True),
    Column("hint", String(200), primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", BigInteger, nullable=False),
)
