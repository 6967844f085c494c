"""Recording that something happened which has to be published: from its day the time is counted."""

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board.board import Board, Done, Sent
from noticeboard.board.duties import events, regimes_of
from noticeboard.board.scanning import refuse
from noticeboard.core import duties
from noticeboard.core.actions import Entry, Happen, read
from noticeboard.core.duties import Event
from noticeboard.core.parts import Single, canonical, commit
from noticeboard.core.privacy import scan
from noticeboard.core.problems import NotValid
from noticeboard.core.shapes import Shape
from noticeboard.store import blobs, log

MOST_TEXT = 200
_TEXT = Shape(str)


class Happened(Struct, frozen=True):
    """What was recorded, in whose words; the text is empty where it was lost."""

    event: Event
    text: str
    by: int


def record(
    board: Board,
    village: str,
    number: int,
    *,
    item: str,
    day: str | None,
    text: str,
    of: int | None = None,
    sent: Sent | None = None,
) -> Done:
    """Say that something happened on a day that an item waits for; or with `of`, put that right.

    With `day` None what entry `of` says never happened. Raises NotValid for an item that waits for
    no day, words that are missing or too many, and numbers of persons in them.
    """
    text = " ".join(text.split())
    if not text or len(text) > MOST_TEXT:
        fix = "写一句话，最多 {most} 个字。"
        raise NotValid("请写是什么事。", fix=fix, field="text", most=MOST_TEXT)
    refuse(scan([("什么事", text)]))
    with board.database.read() as tx:
        known = {one.index: one for one in events(tx, village)}
        waits = items_of(tx, village)
    if of is not None and (of not in known or known[of].item != item):
        raise NotValid("没有记过这件事，或者已经改过了。", fix="请刷新再看。")
    if of is None and item not in waits:
        raise NotValid("这一项不用等哪一天。", value=item, field="item")
    committed = commit([Single("text", canonical(text))], lambda: board.random(32))
    action = Happen(item=item, day=day, of=of, parts=committed.parts)
    return board.act(village, action, number, committed=committed, sent=sent)


def items_of(tx: Connection, village: str) -> tuple[str, ...]:
    """Give the items of a village whose time is counted from a day that somebody records."""
    regimes = regimes_of(tx, village)
    return duties.of_events(regimes[-1]) if regimes else ()


def of_village(tx: Connection, village: str) -> list[Happened]:
    """Give what was recorded and neither taken back nor put right, the latest entry first."""
    return [_told(tx, village, event) for event in events(tx, village)]


def _told(tx: Connection, village: str, event: Event) -> Happened:
    raw = log.leaf_at(tx, village, event.index)
    entry = read(raw) if raw is not None else None
    assert isinstance(entry, Entry)
    assert isinstance(entry.action, Happen)
    held = blobs.texts(tx, village, entry.action.parts, "text")
    said = "".join(_TEXT.of_json(body) for body in held.values())
    return Happened(event, said, entry.by)
