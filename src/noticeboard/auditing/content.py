"""The content audit: every body and file a leaf commits to, as stored, lawfully erased, or lost."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from noticeboard.auditing.report import Where
from noticeboard.board.covering import erased_by
from noticeboard.core.actions import (
    Adopt,
    Appoint,
    Approve,
    Assess,
    Assign,
    Entry,
    Establish,
    Happen,
    Lose,
    Post,
    Publish,
    Return,
    Submit,
    Unknown,
)
from noticeboard.core.changes import change_of
from noticeboard.core.notice import Edition, FileRef, Part
from noticeboard.core.particulars import Content
from noticeboard.core.parts import (
    Kept,
    Stated,
    canonical,
    commitment,
    join,
    split,
    table_commitment,
)
from noticeboard.core.sound import unsound
from noticeboard.store import assignments, blobs, notices
from noticeboard.store import rules as bundles

Entries = Sequence[Entry | Unknown]


class _Gone(NamedTuple):
    """What need not be there, as commitments: erased, then it must be gone; lost, then it may.

    `lost` gives the index of the entry that says so. It excuses only what was never public: a
    board that could lose by an entry what it once showed could take it away without a ground.
    """

    erased: set[str]
    lost: Mapping[str, int]
    public: bool = False

    def covers(self, c: str) -> bool:
        return c in self.erased or (c in self.lost and not self.public)

    def said(self, what: str, c: str) -> str:
        """Say that something is gone, and which entry tells of it."""
        return missing(what, self.lost.get(c))


def missing(what: str, lost: int | None) -> str:
    """Say that something once public is gone; `lost` is an entry that says it was lost."""
    if lost is None:
        return f"{what}不见了，也没有删除的记录。"
    return f"{what}公开过，现在丢了（第 {lost} 条记录说丢了，没有人决定删除它）。"


def contents(tx: Connection, code: str, entries: Entries) -> Iterator[Where]:
    """Check every body a leaf commits to: editions, names, reasons, profiles, photographs."""
    gone = _Gone(set(erased_by(tx, code, entries)), dict(_lost(entries)))
    public = set(_published(entries))
    for index, entry in enumerate(entries):
        action = entry.action if isinstance(entry, Entry) else None
        where, gone = f"第 {index} 条记录", gone._replace(public=isinstance(action, Post))
        if isinstance(action, Submit):
            gone = gone._replace(public=(action.code, action.ed) in public)
            where = f"公示 {action.code} 第 {action.ed} 版"
        if isinstance(action, Submit | Appoint | Return | Establish | Assess | Happen):
            wrong = list(_parts(tx, code, where, action.parts, gone))
            if isinstance(action, Submit) and not wrong:
                wrong = list(_stated(tx, code, where, action))
                before = entries[action.prev] if action.prev is not None else None
                wrong += _changed(tx, code, where, entry, before)
            yield from wrong
        if isinstance(action, Submit | Post):
            yield from _files(tx, code, where, action.files, gone)


def _lost(entries: Entries) -> Iterator[tuple[str, int]]:
    for index, entry in enumerate(entries):
        if isinstance(entry, Entry) and isinstance(entry.action, Lose):
            yield from ((c, index) for c in (*entry.action.bodies, *entry.action.files))


def _published(entries: Entries) -> Iterator[tuple[str, int]]:
    for entry in entries:
        if isinstance(entry, Entry) and isinstance(entry.action, Publish):
            yield entry.action.code, entry.action.ed


def losses(entries: Entries) -> Iterator[str]:
    """Remark what the log says was lost, which is no finding as far as it was never public."""
    for index, entry in enumerate(entries):
        if isinstance(entry, Entry) and isinstance(entry.action, Lose):
            yield lost_remark(index, entry.action)


def lost_remark(index: int, action: Lose) -> str:
    """Say of an entry what it says was lost."""
    count = len(action.bodies) + len(action.files)
    return f"第 {index} 条记录说：恢复时丢了 {count} 份内容。没有公开过的可以丢，公开过的要在。"


def _parts(
    tx: Connection, code: str, where: str, parts: Iterable[Part], gone: _Gone
) -> Iterator[Where]:
    parts = tuple(parts)
    tables = blobs.tables_of(tx, code, parts)
    singles = {part.c: part.name for part in parts if not part.rows}
    ids: dict[str, int] = {}
    for part in parts:
        if not part.rows:
            continue
        table = tables.get(part.c)
        if table is None:
            if not gone.covers(part.c):
                yield f"{where} {part.name}", gone.said("表", part.c)
        elif len(table.rows) != part.rows or len(table.ids) != part.rows:
            yield f"{where} {part.name}", "表的行数不对。"
        elif table_commitment([bytes.fromhex(c) for c in table.rows]).hex() != part.c:
            yield f"{where} {part.name}", "表的行和当时承诺的不一样。"
        else:
            names = (f"{part.name} 第 {id_} 行" for id_ in table.ids)
            singles.update(zip(table.rows, names, strict=True))
            ids.update(zip(table.rows, table.ids, strict=True))
    held = blobs.bodies_by(tx, code, singles)
    for c, name in singles.items():
        wrong = list(_body(f"{where} {name}", held.get(c), c, gone))
        if not wrong and c in held and c in ids and id_in(held[c].body) != ids[c]:
            # By these ids a row is found to be erased: another one would go in its place.
            wrong = [(f"{where} {name}", "行号和内容对不上。")]
        yield from wrong


def id_in(row: bytes) -> Any:
    """Give the id that a row's body says it has."""
    return msgspec.json.decode(row).get("id")


def _body(where: str, kept: Kept | None, c: str, gone: _Gone) -> Iterator[Where]:
    if kept is None:
        if not gone.covers(c):
            yield where, gone.said("内容", c)
    elif c in gone.erased:
        yield where, "记录说已经删除，内容却还在。"
    elif not commits(kept.salt, kept.body, c):
        yield where, "内容被改过。"


def commits(salt: bytes, body: bytes, c: str) -> bool:
    """Say whether salt and bytes open a commitment (hex)."""
    try:
        return commitment(salt, body).hex() == c
    except ValueError:  # a salt of another length
        return False


def _files(
    tx: Connection, code: str, where: str, files: Iterable[FileRef], gone: _Gone
) -> Iterator[Where]:
    for number, ref in enumerate(files, 1):
        place = f"{where} 附件{number}"
        held = blobs.file_of(tx, code, ref.c)
        if held is None:
            if not gone.covers(ref.c):
                yield place, gone.said("附件", ref.c)
        elif ref.c in gone.erased:
            yield place, "记录说已经删除，附件却还在。"
        elif not commits(held.salt, held.data, ref.c) or held.type != ref.type:
            yield place, "附件被换过。"


def _stated(tx: Connection, code: str, where: str, action: Submit) -> Iterator[Where]:
    bodies, _held = blobs.bodies_of(tx, code, action.parts)
    yield from adds_up(where, action, join(bodies))


def adds_up(where: str, said: Submit | Edition, stated: Stated | None) -> Iterator[Where]:
    """Ask a content, if nothing of it is erased, whether it adds up and is what its entry says."""
    if stated is None or not _whole(stated):
        return
    content = stated.content
    yield from ((where, str(finding)) for finding in unsound(content))
    if _cut(content) != [(part.name, part.rows) for part in said.parts]:
        yield where, "内容和承诺的各部分对不上。"
    if (content.case, content.short) != (said.case or None, said.short or None):
        yield where, "公示期写的和记录里的不一样。"


def _changed(
    tx: Connection, code: str, where: str, entry: Entry | Unknown, before: Entry | Unknown | None
) -> Iterator[Where]:
    """Ask whether a correction is of the kind that its fields say, by the rules of its entry."""
    if not isinstance(entry, Entry) or not isinstance(before, Entry):
        return
    new, old = entry.action, before.action
    if not isinstance(new, Submit) or not isinstance(old, Publish):
        return
    now, then = (join(blobs.bodies_of(tx, code, one.parts)[0]) for one in (new, old))
    # What is damaged or erased is told where it stands; of it nothing can be compared.
    if now is None or then is None or not (_whole(now) and _whole(then)):
        return
    if bundles.bundle(tx, entry.rules) is None:
        return
    table = bundles.get(tx, entry.rules).changes
    if change_of(then.content, now.content, table) != new.change:
        yield where, "改的是什么，和内容对不上。"


def _whole(stated: Stated) -> bool:
    return not (stated.missing or stated.nameless or stated.lost)


def went_by(tx: Connection, code: str, entries: Entries) -> Iterator[Where]:
    """Check that every approval went by the rule pack that its village had then.

    An assignment in the very second of an approval may stand before or behind it.
    """
    village = code.partition(".")[0]
    for index, entry in enumerate(entries):
        match entry:
            case Entry(at=at, action=Approve(pack=str(pack))):
                if pack not in {assignments.at(tx, village, at - n).pack for n in (0, 1)}:
                    yield f"第 {index} 条记录", "写的规则包不是这个村当时的。"


def _cut(content: Content) -> list[tuple[str, int]]:
    return [(part.name, len(getattr(part, "rows", ()))) for part in split(content)]


def profiles(tx: Connection, entries: Entries) -> Iterator[Where]:
    """Check that every village of the instance log is there and tells of itself what is logged."""
    told: dict[str, Establish] = {}
    for entry in entries:
        if isinstance(entry, Entry) and isinstance(entry.action, Establish):
            told[entry.action.village] = entry.action
    for village, action in told.items():
        profile = notices.profile_of(tx, village)
        held = blobs.bodies_by(tx, "", [part.c for part in action.parts])
        if profile is None or [canonical(profile)] != [kept.body for kept in held.values()]:
            yield f"村 {village}", "它的介绍和记录里的不一样。"


def adopted(tx: Connection, entries: Entries) -> Iterator[Where]:
    """Check that the rules of every day, and each village's pack, are those the log names.

    Else what was due could be judged by numbers that nobody adopted.
    """
    said: set[tuple[object, ...]] = set()
    for index, entry in enumerate(entries):
        match entry:
            case Entry(at=at, action=Adopt(bundle=bundle, document=document)):
                said.add((index, at, bundle, document or ""))
            case Entry(at=at, action=Assign() as one):
                said.add((index, at, one.village, one.pack, one.joined, one.document or ""))
    kept: set[tuple[object, ...]] = {
        (one.idx, one.at, one.bundle, one.document) for one in assignments.adoptions(tx)
    }
    for history in assignments.everywhere(tx).values():
        kept |= {(it.idx, it.at, it.village, it.pack, it.joined, it.document) for it in history}
    for one_sided in sorted(said ^ kept, key=str):
        yield f"总日志第 {one_sided[0]} 条", "规则或规则包和记录里的不一样。"
