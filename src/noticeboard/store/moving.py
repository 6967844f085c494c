"""Moving: everything of a log that stopped goes under a village code of its own."""

from collections.abc import Collection

import msgspec
from sqlalchemy import Connection, delete, false, insert, literal, select, text, update

from noticeboard.core.people import Village
from noticeboard.store import drafts
from noticeboard.store.desk_tables import member
from noticeboard.store.tables import (
    body,
    checkpoint,
    chunk,
    cosignature,
    draft,
    entry,
    file,
    head,
    held,
    mirror,
    node,
    notice,
    part,
)

# What belongs to the log and its notices. Screens stay with the village that lives on; so do
# drafts of notices that are in no log yet, with their pictures.
_MOVES = (entry, node, checkpoint, cosignature, held, notice, part, body)


def move(tx: Connection, village: Village, to: str, reason: str) -> None:
    """Move a village's log to the code `to`, frozen for `reason`; its people are known in both.

    The caller holds the head row. Nothing is left under the old code but what is nobody's yet:
    drafts of new notices, screens, people's numbers, and the mirrors' names.
    """
    code = village.code
    state = msgspec.json.encode(msgspec.structs.replace(village, code=to))
    tx.execute(
        update(head)
        .where(head.c.village == code)
        .values(village=to, state=state, frozen=reason, unsigned=false())
    )
    for table in _MOVES:
        tx.execute(update(table).where(table.c.village == code).values(village=to))
    tx.execute(
        text("update search set village = :to where village = :code"), {"to": to, "code": code}
    )
    _files(tx, code, to, _drafts(tx, code, to))
    _copied(tx, code, to)


def _drafts(tx: Connection, code: str, to: str) -> set[str]:
    """Let corrections go with their notices; gives the files of the drafts that stay."""
    moved = set(tx.execute(select(notice.c.code).where(notice.c.village == to)).scalars())
    kept: set[str] = set()
    for one in drafts.of_village(tx, code):
        if one.code not in moved:
            kept.update(ref.c for ref in one.files)
            continue
        tx.execute(delete(draft).where(draft.c.village == code, draft.c.code == one.code))
        drafts.put_new(tx, msgspec.structs.replace(one, village=to))
    return kept


def _files(tx: Connection, code: str, to: str, kept: Collection[str]) -> None:
    for table in (chunk, file):
        tx.execute(
            update(table)
            .where(table.c.village == code, table.c.c.not_in(list(kept)))
            .values(village=to)
        )


def _copied(tx: Connection, code: str, to: str) -> None:
    known = select(literal(to), member.c.account, member.c.number).where(member.c.village == code)
    tx.execute(insert(member).from_select(["village", "account", "number"], known))
    tx.execute(update(mirror).where(mirror.c.village == code).values(village=to))
    listed = select(literal(code), mirror.c.name, mirror.c.key).where(mirror.c.village == to)
    tx.execute(insert(mirror).from_select(["village", "name", "key"], listed))
