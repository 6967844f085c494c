"""Calendars of duties: what is late is found by an index, never by looking at what exists."""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Index,
    LargeBinary,
    Row,
    String,
    Table,
    bindparam,
    delete,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from noticeboard.core.duties import Duty
from noticeboard.core.notice import Notice
from noticeboard.store.prepared import Prepared
from noticeboard.store.schema import metadata
from noticeboard.store.tables import notice

_OWED = text("binding and met_at is null")
_APART = text("kind = 'nil' or state in ('submitted', 'returned', 'scheduled')")

# `doc` is core's Duty; the other columns repeat what is asked for.
duty = Table(
    "duty",
    metadata,
    Column("village", String(32), primary_key=True),
    Column("item", String(16), primary_key=True),
    Column("period", String(24), primary_key=True),
    Column("due", BigInteger, nullable=False),
    Column("binding", Boolean, nullable=False),
    Column("met_at", BigInteger),
    Column("doc", LargeBinary, nullable=False),
    Index("ix_duty_late", "due", sqlite_where=_OWED, postgresql_where=_OWED),
    Index("ix_duty_owed", "village", "due", sqlite_where=_OWED, postgresql_where=_OWED),
    Index("ix_duty_due", "village", "due"),
)

# `next` is the moment at which a village's calendar must be worked out anew; NULL for never.
calendar = Table(
    "calendar",
    metadata,
    Column("village", String(32), primary_key=True),
    Column("next", BigInteger),
    Index("ix_calendar_next", "next"),
)

# What fulfils is found by its item; apart stand those whose item is not that of what is shown.
Index("ix_notice_item", notice.c.village, notice.c.item)
Index("ix_notice_apart", notice.c.village, sqlite_where=_APART, postgresql_where=_APART)

_STALE = Prepared(
    select(calendar.c.village)
    .where(calendar.c.next <= bindparam("by_now"))
    .order_by(calendar.c.next)
    .limit(bindparam("most"))
)
_LATE = Prepared(
    select(duty.c.village, duty.c.doc)
    .where(_OWED, duty.c.due <= bindparam("by_now"))
    .order_by(duty.c.due, duty.c.village, duty.c.item, duty.c.period)
)
_LATE_OF = Prepared(
    select(duty.c.doc)
    .where(_OWED, duty.c.village == bindparam("of"), duty.c.due <= bindparam("by_now"))
    .order_by(duty.c.due, duty.c.item, duty.c.period)
)
_NOTICE = msgspec.json.Decoder(Notice)
_DUTY = msgspec.json.Decoder(Duty)


def mark(tx: Connection, village: str, at: int = 0) -> None:
    """Have a village's calendar worked out anew by the next tick from an instant on."""
    dialect = sqlite if tx.dialect.name == "sqlite" else postgresql
    upsert = dialect.insert(calendar).values(village=village, next=at)
    tx.execute(upsert.on_conflict_do_update(index_elements=["village"], set_={"next": at}))


def mark_all(tx: Connection) -> None:
    """Have every village's calendar worked out anew."""
    tx.execute(update(calendar).values(next=0))


def stale(tx: Connection, at: int, most: int) -> list[str]:
    """Give villages whose calendar must be worked out anew by now, the longest waiting first."""
    return [village for (village,) in _STALE.run(tx, {"by_now": at, "most": most})]


def settled(tx: Connection, village: str, after: int | None) -> None:
    """Say that a calendar is as it should be until an instant, or with None for good."""
    tx.execute(update(calendar).where(calendar.c.village == village).values(next=after))


def put_all(tx: Connection, village: str, found: Iterable[Duty]) -> bool:
    """Let these be a village's duties; says whether anything changed."""
    kept = {(row.item, row.period): bytes(row.doc) for row in _rows(tx, village)}
    new = {(one.item, one.period): _row(village, one) for one in found}
    gone = [key for key in kept if key not in new]
    for item, period in gone:
        tx.execute(delete(duty).where(*_key(village, item, period)))
    changed = [row for key, row in new.items() if kept.get(key) != row["doc"]]
    _upsert(tx, changed)
    return bool(gone or changed)


def put(tx: Connection, village: str, found: Iterable[Duty]) -> None:
    """Store duties as they are now, new or known."""
    _upsert(tx, [_row(village, one) for one in found])


def _upsert(tx: Connection, rows: Sequence[dict[str, object]]) -> None:
    if not rows:
        return
    statement = (sqlite if tx.dialect.name == "sqlite" else postgresql).insert(duty)
    changed = {c.name: statement.excluded[c.name] for c in duty.c if not c.primary_key}
    keys = ["village", "item", "period"]
    tx.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), rows)


def of_items(tx: Connection, village: str, items: Iterable[str]) -> list[Duty]:
    """Give a village's duties of some items."""
    asked = select(duty.c.doc).where(duty.c.village == village, duty.c.item.in_(sorted(items)))
    return [_DUTY.decode(doc) for doc in tx.execute(asked).scalars()]


def one(tx: Connection, village: str, item: str, period: str) -> Duty | None:
    """Give one duty, or None."""
    asked = select(duty.c.doc).where(*_key(village, item, period))
    doc = tx.execute(asked).scalar()
    return _DUTY.decode(doc) if doc is not None else None


def late(tx: Connection, at: int) -> list[tuple[str, Duty]]:
    """Give (village, duty) of all that is late at an instant on this board, the longest first."""
    found = _LATE.run(tx, {"by_now": at})
    return [(village, _DUTY.decode(doc)) for village, doc in found]


def late_of(tx: Connection, village: str, at: int) -> list[Duty]:
    """Give what is late in a village, the longest first."""
    return [_DUTY.decode(doc) for (doc,) in _LATE_OF.run(tx, {"of": village, "by_now": at})]


def due_between(tx: Connection, village: str, since: int, until: int) -> list[Duty]:
    """Give a village's duties whose last day ends in a span of time, the first first."""
    asked = (
        select(duty.c.doc)
        .where(duty.c.village == village, duty.c.due > since, duty.c.due <= until)
        .order_by(duty.c.due, duty.c.item, duty.c.period)
    )
    return [_DUTY.decode(doc) for doc in tx.execute(asked).scalars()]


def has_any(tx: Connection, village: str) -> bool:
    """Say whether a village has a calendar with anything in it."""
    asked = select(duty.c.item).where(duty.c.village == village).limit(1)
    return tx.execute(asked).first() is not None


def published(tx: Connection, village: str, items: Iterable[str]) -> list[Notice]:
    """Give the notices that were ever public and may be of some items."""
    ever = (notice.c.village == village, notice.c.shown_at.is_not(None))
    of = select(notice.c.doc).where(*ever, notice.c.item.in_(sorted(items)))
    apart = select(notice.c.doc).where(*ever, _APART)
    found = {bytes(doc) for asked in (of, apart) for doc in tx.execute(asked).scalars()}
    return [_NOTICE.decode(doc) for doc in sorted(found)]


def _rows(tx: Connection, village: str) -> list[Row[tuple[str, str, bytes]]]:
    asked = select(duty.c.item, duty.c.period, duty.c.doc).where(duty.c.village == village)
    return list(tx.execute(asked))


def _key(village: str, item: str, period: str) -> tuple[ColumnElement[bool], ...]:
    return duty.c.village == village, duty.c.item == item, duty.c.period == period


def _row(village: str, one: Duty) -> dict[str, object]:
    return {
        "village": village,
        "item": one.item,
        "period": one.period,
        "due": one.due,
        "binding": one.binding,
        "met_at": one.met.at if one.met else None,
        "doc": msgspec.json.encode(one),
    }
