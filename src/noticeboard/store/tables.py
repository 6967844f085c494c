"""The tables: what is kept, and the indexes on the next moment something can happen.

Every table carries the village, so that a province can partition by it. Instants are Unix seconds,
commitments lower-case hex, documents JSON bytes written by msgspec. The village code "" is the
instance itself.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _village() -> Column[str]:
    return Column("village", String(32), primary_key=True)


def _only(condition: str) -> dict[str, Any]:
    """Give what makes an index hold only the rows of which a condition is so."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


# The head row is what a writer locks: one village, one writer at a time. `state` is core's Village.
# `unsigned` says that leaves wait for a checkpoint; `frozen` why nothing may be appended, or "".
head = Table(
    "head",
    metadata,
    _village(),
    Column("origin", Text, nullable=False, unique=True),
    Column("state", LargeBinary, nullable=False),
    Column("revision", BigInteger, nullable=False, server_default="0"),
    Column("name", Text, nullable=False, server_default=""),
    Column("profile", LargeBinary, nullable=False),
    Column("unsigned", Boolean, nullable=False, server_default=text("true")),
    Column("frozen", Text, nullable=False, server_default=""),
    Index("ix_head_unsigned", "village", **_only("unsigned")),
)

# On SQLite entries and nodes lie in the order of their keys: an act writes two pages less. A board
# from before keeps them by row number and beside it an index; nothing else depends on it.
entry = Table(
    "entry",
    metadata,
    _village(),
    Column("idx", BigInteger, primary_key=True, autoincrement=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("act", String(16), nullable=False),
    Column("code", String(8)),
    Column("at", BigInteger, nullable=False),
    Index("ix_entry_code", "village", "code", "idx"),
    sqlite_with_rowid=False,
)

node = Table(
    "node",
    metadata,
    _village(),
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("idx", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)

# The signed checkpoints: the newest, and older ones as long as a witness's word rests on them.
# `note` carries the log's own signatures only, the witnesses' stand beside.
checkpoint = Table(
    "checkpoint",
    metadata,
    _village(),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("note", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)

cosignature = Table(
    "cosignature",
    metadata,
    _village(),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(255), primary_key=True),
    Column("line", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

# What was taken down while the log is frozen, as the leaf it would be; logged when it thaws.
held = Table(
    "held",
    metadata,
    _village(),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("leaf", LargeBinary, nullable=False),
)

# A mirror that an operator listed: its verifier key, and the size up to which it has confirmed to
# hold every leaf and to have erased what they order.
mirror = Table(
    "mirror",
    metadata,
    _village(),
    Column("name", String(255), primary_key=True),
    Column("key", Text, nullable=False),
    Column("size", BigInteger, nullable=False, server_default="0"),
    Column("at", BigInteger),
)

rules = Table(
    "rules",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("bundle", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)

# Which bundle was in force since when, and which rule pack a village goes by: both as entries of
# the instance log say, by their index there. What was due is judged by those of its day.
adoption = Table(
    "adoption",
    metadata,
    Column("idx", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("bundle", String(64), nullable=False),
    Column("document", Text, nullable=False, server_default=""),
)

assignment = Table(
    "assignment",
    metadata,
    _village(),
    Column("idx", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("pack", Text, nullable=False),
    Column("joined", String(10), nullable=False),
    Column("document", Text, nullable=False, server_default=""),
)

# `doc` is core's Notice; the other columns repeat what is searched by. `due` is the next instant at
# which the clock owes something, `until` the next at which time alone changes what may be seen.
notice = Table(
    "notice",
    metadata,
    _village(),
    Column("code", String(8), primary_key=True),
    Column("doc", LargeBinary, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("item", String(16)),
    Column("covers", String(16)),
    Column("state", String(16), nullable=False),
    Column("no", String(16)),
    Column("due", BigInteger),
    Column("shown_at", BigInteger),
    Column("until", BigInteger),
    Column("changed_at", BigInteger, nullable=False),
    UniqueConstraint("code"),
    Index("ix_notice_due", "due", **_only("due is not null")),
    Index("ix_notice_shown", "village", "shown_at"),
    Index("ix_notice_changed", "village", "changed_at"),
)

# A table part's rows in order, as their 32-byte commitments end to end; they outlive the bodies.
part = Table(
    "part",
    metadata,
    _village(),
    Column("c", String(64), primary_key=True),
    Column("rows", LargeBinary, nullable=False),
    Column("ids", LargeBinary, nullable=False),
)

body = Table(
    "body",
    metadata,
    _village(),
    Column("c", String(64), primary_key=True),
    Column("salt", LargeBinary(32), nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# A file is loose until a leaf commits to it; loose ones that no draft holds are swept away.
file = Table(
    "file",
    metadata,
    _village(),
    Column("c", String(64), primary_key=True),
    Column("loose", Boolean, nullable=False),
    Column("salt", LargeBinary(32), nullable=False),
    Column("len", BigInteger, nullable=False),
    Column("type", String(64), nullable=False),
    Column("thumb", LargeBinary),
    Column("at", BigInteger, nullable=False),
    Index("ix_file_loose", "at", **_only("loose")),
)

chunk = Table(
    "chunk",
    metadata,
    _village(),
    Column("c", String(64), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("bytes", LargeBinary, nullable=False),
)

draft = Table(
    "draft",
    metadata,
    _village(),
    Column("code", String(8), primary_key=True),
    Column("doc", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_draft_at", "village", "at"),
)

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
    _village(),
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
    _village(),
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
    _village(),
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
    _village(),
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
    _village(),
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
    _village(),
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
    _village(),
    Column("code", String(8), primary_key=True),
    Column("hint", String(200), primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", BigInteger, nullable=False),
)

# The table `search` has no common form: migrations make it as FTS5 or with a GIN index.
