"""A village's head row while its log stands still: why, what shows meanwhile, and going on."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, bindparam, func, select, true, update

from noticeboard.core.people import Village
from noticeboard.store import duties
from noticeboard.store.notices import CHANNEL
from noticeboard.store.prepared import Prepared
from noticeboard.store.tables import head

_FROZEN = Prepared(select(head.c.frozen).where(head.c.village == bindparam("code")))
_OF = update(head).where(head.c.village == bindparam("code"))
# So far a log that goes on again raises its public revision: a backup that was put back has a lower
# one than screens have seen, and no village publishes as often since its last backup.
LEAP = 1000


def frozen(tx: Connection, code: str) -> str:
    """Give why nothing may be appended to a village's log, or ""."""
    row = _FROZEN.run(tx, {"code": code}).fetchone()
    return row[0] if row else ""


def freeze(tx: Connection, code: str, reason: str, *, anew: bool = False) -> None:
    """Say why nothing may be appended any more; the first reason stays, unless `anew`."""
    if anew or not frozen(tx, code):
        tx.execute(_OF.values(frozen=bindparam("why")), {"code": code, "why": reason})
        reveal(tx, code)


def thaw(tx: Connection, code: str) -> None:
    """Let a village's log be appended to again; its head waits to be signed.

    Its public revision leaps beyond any that was shown before a backup was put back.
    """
    tx.execute(_OF.values(frozen="", unsigned=true()), {"code": code})
    duties.mark(tx, code)
    reveal(tx, code, LEAP)


def restore(tx: Connection, village: Village) -> None:
    """Store what a village is by entries that came back; its head waits to be signed."""
    now = msgspec.json.encode(village)
    tx.execute(
        _OF.values(state=bindparam("now"), unsigned=true()), {"code": village.code, "now": now}
    )
    duties.mark(tx, village.code)
    reveal(tx, village.code)


def reveal(tx: Connection, code: str, by: int = 1) -> None:
    """Raise a village's public revision: something can be seen that no entry tells of."""
    tx.execute(_OF.values(revision=head.c.revision + by), {"code": code})
    if tx.dialect.name == "postgresql":
        tx.execute(select(func.pg_notify(CHANNEL, code)))


def archives(tx: Connection, code: str) -> Sequence[str]:
    """Give the codes under which a village's former logs stand, the latest first."""
    rows = tx.execute(
        select(head.c.village)
        .where(head.c.village.startswith(f"{code}.", autoescape=True))
        .order_by(func.length(head.c.village).desc(), head.c.village.desc())
    )
    return list(rows.scalars())


def surpass(tx: Connection, code: str, revision: int) -> None:
    """Let a village's public revision go on behind one that its code had before."""
    tx.execute(_OF.values(revision=revision + 1), {"code": code})


def origin(tx: Connection, code: str) -> str:
    """Give the log's name by which a village is looked up, "" where there is no such village."""
    return tx.execute(select(head.c.origin).where(head.c.village == code)).scalar() or ""


def origins(tx: Connection) -> dict[str, str]:
    """Give the village code of every log on this board by its name, also of those that stopped."""
    return {row.origin: row.village for row in tx.execute(select(head.c.origin, head.c.village))}
