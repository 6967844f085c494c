"""Village heads and notices: locked, read, put, and asked for by what comes next."""

from collections.abc import Sequence
from types import ModuleType
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from sqlalchemy import (
    Connection,
    Insert,
    Row,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from noticeboard.core.lifecycle import owed
from noticeboard.core.notice import Notice, published
from noticeboard.core.people import Profile, Village
from noticeboard.core.problems import NotFound
from noticeboard.store.prepared import Prepared
from noticeboard.store.tables import head, node, notice

T = TypeVar("T")
_COLUMNS = ("kind", "item", "covers", "state", "no", "due", "shown_at", "until")


class Head(Struct, frozen=True):
    """A village as it stands: what its log says, its public revision, what it tells of itself."""

    village: Village
    revision: int
    profile: Profile


# On PostgreSQL a raised revision is told to whoever listens here.
CHANNEL = "noticeboard"

_HEAD = select(head).where(head.c.village == bindparam("code"))
_LOCK = Prepared(
    select(head.c.state, head.c.revision, head.c.profile)
    .where(head.c.village == bindparam("code"))
    .with_for_update()
)
_ADVANCE = (
    update(head)
    .where(head.c.village == bindparam("code"))
    .values(state=bindparam("now"), unsigned=true())
)
_ADVANCES = {
    False: Prepared(_ADVANCE),
    True: Prepared(_ADVANCE.values(revision=head.c.revision + 1)),
}
_GET = Prepared(
    select(notice.c.doc).where(
        notice.c.village == bindparam("village"), notice.c.code == bindparam("code")
    )
)
_DUE = Prepared(
    select(notice.c.village, notice.c.code)
    .where(
        notice.c.due <= bindparam("by_now"),
        ~exists().where(head.c.village == notice.c.village, head.c.frozen != ""),
    )
    .order_by(notice.c.due)
    .limit(bindparam("most"))
)


def _upsert(dialect: ModuleType) -> Insert:
    statement = dialect.insert(notice)
    changed = {c.name: statement.excluded[c.name] for c in notice.c if not c.primary_key}
    upsert: Insert = statement.on_conflict_do_update(
        index_elements=["village", "code"], set_=changed
    )
    return upsert


_PUT = Prepared({"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)})

_village = msgspec.json.Decoder(Village)
_profile = msgspec.json.Decoder(Profile)
_notice = msgspec.json.Decoder(Notice)


def _head(row: Row[Any]) -> Head:
    return Head(_village.decode(row.state), row.revision, _profile.decode(row.profile))


def found(tx: Connection, village: Village, profile: Profile) -> None:
    """Make the head row of a new village (or, with code "", of the instance)."""
    tx.execute(
        insert(head),
        {
            "village": village.code,
            "origin": village.origin,
            "state": msgspec.json.encode(village),
            "revision": 0,
            "name": profile.name,
            "profile": msgspec.json.encode(profile),
        },
    )


def lock(tx: Connection, code: str) -> Head:
    """Take a village's head row for writing until the transaction ends."""
    row = _LOCK.run(tx, {"code": code}).fetchone()
    if row is None:
        raise NotFound("没有这个村。", value=code)
    state, revision, profile = row
    return Head(_village.decode(state), revision, _profile.decode(profile))


def head_of(tx: Connection, code: str) -> Head:
    """Read a village's head; raises NotFound."""
    row = tx.execute(_HEAD, {"code": code}).first()
    if row is None:
        raise NotFound("没有这个村。", value=code)
    return _head(row)


def villages(tx: Connection) -> list[Head]:
    """Give every village by code, without the instance and without logs that stopped for ever."""
    living = select(head).where(head.c.village != "", head.c.village.not_like("%.%"))
    rows = tx.execute(living.order_by(head.c.village))
    return [_head(row) for row in rows]


def revisions(tx: Connection) -> dict[str, int]:
    """Give the public revision of every village."""
    return {
        row.village: row.revision for row in tx.execute(select(head.c.village, head.c.revision))
    }


def advance(tx: Connection, village: Village, *, visible: bool) -> None:
    """Store a village's new state; `visible` raises the public revision."""
    _ADVANCES[visible].run(tx, {"code": village.code, "now": msgspec.json.encode(village)})
    if visible:
        _announce(tx, village.code)


def _announce(tx: Connection, code: str) -> None:
    if tx.dialect.name == "postgresql":
        tx.execute(select(func.pg_notify(CHANNEL, code)))


def tell(tx: Connection, code: str, profile: Profile) -> None:
    """Store what a village tells of itself; it shows, so the revision rises."""
    tx.execute(
        update(head)
        .where(head.c.village == code)
        .values(
            name=profile.name,
            profile=msgspec.json.encode(profile),
            revision=head.c.revision + 1,
        )
    )
    _announce(tx, code)


def get(tx: Connection, village: str, code: str) -> Notice | None:
    """Give a notice of a village, or None."""
    row = _GET.run(tx, {"village": village, "code": code}).fetchone()
    return _notice.decode(row[0]) if row else None


def find(tx: Connection, code: str) -> tuple[str, Notice] | None:
    """Give (village, notice) of a code, whichever village it belongs to."""
    row = tx.execute(select(notice.c.village, notice.c.doc).where(notice.c.code == code)).first()
    return (row.village, _notice.decode(row.doc)) if row else None


def put(tx: Connection, village: str, changed: Notice, at: int) -> None:
    """Store a notice with the columns it is asked for by."""
    values = {
        "village": village,
        "code": changed.code,
        "doc": msgspec.json.encode(changed),
        "changed_at": at,
    }
    _PUT.run(tx, values | columns(changed))


def columns(changed: Notice) -> dict[str, str | int | None]:
    """Give what a notice is asked for by: it follows from the notice, so an audit can ask."""
    latest, current = changed.latest, changed.current
    shown = published(current) if current else None
    return {
        "kind": latest.kind,
        "item": latest.item,
        "covers": latest.covers,
        "state": str(type(latest.state).__struct_config__.tag),
        "no": shown.no if shown else None,
        "due": owed(changed),
        "shown_at": shown.at if shown else None,
        "until": shown.period.until if shown else None,
    }


def due(tx: Connection, at: int, limit: int = 100) -> Sequence[tuple[str, str]]:
    """Give (village, code) of what the clock owes by now, longest first; a frozen log owes none."""
    return [(village, code) for village, code in _DUE.run(tx, {"by_now": at, "most": limit})]


def shown(tx: Connection, village: str, limit: int = 200) -> list[Notice]:
    """Give the notices that have ever been public, the newest first."""
    rows = tx.execute(
        select(notice.c.doc)
        .where(notice.c.village == village, notice.c.shown_at.is_not(None))
        .order_by(notice.c.shown_at.desc(), notice.c.code)
        .limit(limit)
    )
    return [_notice.decode(row.doc) for row in rows]


def waiting(tx: Connection, village: str) -> list[Notice]:
    """Give the notices in somebody's hands: submitted, returned or scheduled."""
    rows = tx.execute(
        select(notice.c.doc)
        .where(
            notice.c.village == village,
            or_(
                notice.c.state.in_(("submitted", "returned", "scheduled")),
                notice.c.due.is_not(None),
            ),
        )
        .order_by(notice.c.changed_at.desc())
    )
    return [_notice.decode(row.doc) for row in rows]


class Stored(Struct, frozen=True):
    """A notice as stored: None when its document is damaged; and the columns it is found by.

    `columns` follow from the notice itself, `changed_at` from the last entry about it.
    """

    code: str
    notice: Notice | None
    columns: dict[str, Any]
    changed_at: int


def rows(tx: Connection, village: str) -> list[Stored]:
    """Give every stored notice of a village, for an audit."""
    found = tx.execute(select(notice).where(notice.c.village == village))
    return [
        Stored(
            row.code,
            _undamaged(_notice, row.doc),
            {name: row._mapping[name] for name in _COLUMNS},
            row.changed_at,
        )
        for row in found
    ]


def village_of(tx: Connection, code: str) -> Village | None:
    """Give a village's stored state, or None when it is damaged; raises NotFound."""
    row = tx.execute(_HEAD, {"code": code}).first()
    if row is None:
        raise NotFound("没有这个村。", value=code)
    return _undamaged(_village, row.state)


def profile_of(tx: Connection, code: str) -> Profile | None:
    """Give what a village tells of itself, or None when there is none or it is damaged."""
    row = tx.execute(_HEAD, {"code": code}).first()
    return _undamaged(_profile, row.profile) if row else None


def _undamaged(decoder: msgspec.json.Decoder[T], document: bytes) -> T | None:
    try:
        return decoder.decode(document)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def leaf_hashes(tx: Connection, village: str, indexes: Sequence[int]) -> dict[int, bytes]:
    """Give the leaf hashes of entries by their index, for what is printed on a slip."""
    rows = tx.execute(
        select(node.c.idx, node.c.hash).where(
            node.c.village == village, node.c.level == 0, node.c.idx.in_(indexes)
        )
    )
    return {row.idx: bytes(row.hash) for row in rows}
