"""The tables: what is kept, and the indexes on the next moment something can happen.

Every table carries the village, so that a province can partition by it. Instants are Unix seconds,
commitments lower-case hex, documents JSON bytes written by msgspec. The village code "" is the
instance itself.
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

from noticeboard.store.schema import metadata, only, village

# The head row is what a writer locks: one village, one writer at a time. `state` is core's Village.
# `unsigned` says that leaves wait for a checkpoint; `frozen` why nothing may be appended, or "".
head = Table(
    "head",
    metadata,
    village(),
    Column("origin", Text, nullable=False, unique=True),
    Column("state", LargeBinary, nullable=False),
    Column("revision", BigInteger, nullable=False, server_default="0"),
    Column("name", Text, nullable=False, server_default=""),
    Column("profile", LargeBinary, nullable=False),
    Column("unsigned", Boolean, nullable=False, server_default=text("true")),
    Column("frozen", Text, nullable=False, server_default=""),
    Index("ix_head_unsigned", "village", **only("unsigned")),
)

# On SQLite entries and nodes lie in the order of their keys: an act writes two pages less. A board
# from before keeps them by row number and beside it an index; nothing else depends on it.
entry = Table(
    "entry",
    metadata,
    village(),
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
    village(),
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
    village(),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("note", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)

cosignature = Table(
    "cosignature",
    metadata,
    village(),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(255), primary_key=True),
    Column("line", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

# What was taken down while the log is frozen, as the leaf it would be; logged when it thaws.
held = Table(
    "held",
    metadata,
    village(),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("leaf", LargeBinary, nullable=False),
)

# A mirror that an operator listed: its verifier key, and the size up to which it has confirmed to
# hold every leaf and to have erased what they order.
mirror = Table(
    "mirror",
    metadata,
    village(),
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
    village(),
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
    village(),
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
    Index("ix_notice_due", "due", **only("due is not null")),
    Index("ix_notice_shown", "village", "shown_at"),
    Index("ix_notice_changed", "village", "changed_at"),
)

# A table part's rows in order, as their 32-byte commitments end to end; they outlive the bodies.
part = Table(
    "part",
    metadata,
    village(),
    Column("c", String(64), primary_key=True),
    Column("rows", LargeBinary, nullable=False),
    Column("ids", LargeBinary, nullable=False),
)

body = Table(
    "body",
    metadata,
    village(),
    Column("c", String(64), primary_key=True),
    Column("salt", LargeBinary(32), nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# A file is loose until a leaf commits to it; loose ones that no draft holds are swept away.
file = Table(
    "file",
    metadata,
    village(),
    Column("c", String(64), primary_key=True),
    Column("loose", Boolean, nullable=False),
    Column("salt", LargeBinary(32), nullable=False),
    Column("len", BigInteger, nullable=False),
    Column("type", String(64), nullable=False),
    Column("thumb", LargeBinary),
    Column("at", BigInteger, nullable=False),
    Index("ix_file_loose", "at", **only("loose")),
)

chunk = Table(
    "chunk",
    metadata,
    village(),
    Column("c", String(64), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("bytes", LargeBinary, nullable=False),
)

draft = Table(
    "draft",
    metadata,
    village(),
    Column("code", String(8), primary_key=True),
    Column("doc", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_draft_at", "village", "at"),
)

# The table `search` has no common form: migrations make it as FTS5 or with a GIN index.
