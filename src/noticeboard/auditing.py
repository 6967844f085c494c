"""Both audits: the leaves replayed through the rulebook, and every body against its commitment.

What this cannot see: somebody who recomputed leaves, subtrees and bodies consistently. Signed
checkpoints in other people's hands close that; without them an audit shows agreement, not age.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct, field
from sqlalchemy import Connection

from noticeboard.board import Board
from noticeboard.board.taking_down import commitments
from noticeboard.core.actions import (
    Appoint,
    Entry,
    Erase,
    Establish,
    Post,
    Redact,
    Return,
    Submit,
    Unknown,
    read,
)
from noticeboard.core.merkle import Frontier, leaf_hash
from noticeboard.core.notice import FileRef, Part
from noticeboard.core.particulars import Content
from noticeboard.core.parts import Kept, commitment, join, split, table_commitment
from noticeboard.core.problems import NotValid
from noticeboard.core.replay import Replay, replay
from noticeboard.core.rules import bundle_hash
from noticeboard.core.sound import unsound
from noticeboard.store import blobs, log, notices
from noticeboard.store import rules as bundles

Audit = Literal["log", "lifecycle", "content"]


class Found(Struct, frozen=True):
    """Something that is not as it was: in which village and audit, where, what, and what to do."""

    village: str
    audit: Audit
    where: str
    what: str
    fix: str = ""


class Report(Struct, kw_only=True):
    """A whole check. `root` is the tree's root over all leaves as hex, per village."""

    entries: int = 0
    roots: dict[str, str] = field(default_factory=dict)
    problems: list[Found] = field(default_factory=list)
    unknown: int = 0

    @property
    def ok(self) -> bool:
        """Say whether nothing was found."""
        return not self.problems


def verify(board: Board, village: str | None = None) -> Report:
    """Run both audits on one village, or on the instance and all of them."""
    report = Report()
    with board.database.read() as tx:
        codes = [village] if village is not None else ["", *_codes(tx)]
        for code in codes:
            _village(tx, code, report)
    return report


def _codes(tx: Connection) -> list[str]:
    return [head.village.code for head in notices.villages(tx)]


def _village(tx: Connection, code: str, report: Report) -> None:
    head = notices.head_of(tx, code)

    def found(audit: Audit, where: str, what: str, fix: str = "") -> None:
        report.problems.append(Found(code, audit, where, what, fix))

    entries = list(_entries(tx, code, report))
    for problem in _tree(tx, code, report):
        found("log", *problem)
    rules = {hash_: held for hash_, (held, _bytes) in bundles.every(tx).items()}
    for hash_, (_rules, raw) in bundles.every(tx).items():
        if bundle_hash(raw) != hash_:
            found("log", f"规则 {hash_[:8]}", "规则的内容和编号对不上。")
    replayed = replay(head.village.origin, entries, rules)
    report.unknown += len(replayed.unknown)
    for finding in replayed.findings:
        found("lifecycle", f"第 {finding.index} 条记录", finding.what)
    if replayed.village != head.village:
        found("lifecycle", "村的状态", "和记录推出来的不一样。")
    for where, what in _notices(tx, code, replayed):
        found("lifecycle", where, what)
    for where, what in _contents(tx, code, entries):
        found("content", where, what, "请从别的副本取回，或查是谁改的。")


def _entries(tx: Connection, code: str, report: Report) -> Iterator[Entry | Unknown]:
    for index, raw in log.leaves(tx, code):
        try:
            yield read(raw)
        except NotValid as problem:
            report.problems.append(Found(code, "log", f"第 {index} 条记录", str(problem)))
            yield Unknown("", 0, "?")


def _tree(tx: Connection, code: str, report: Report) -> Iterator[tuple[str, str]]:
    """Fold every leaf again and compare each subtree that is stored."""
    frontier = Frontier()
    stored = {(level, index): hash_ for level, index, hash_ in log.nodes(tx, code)}
    for expected, (index, raw) in enumerate(log.leaves(tx, code)):
        if index != expected:
            yield f"第 {expected} 条记录", "不见了。"
            return
        for level, position, hash_ in frontier.append(leaf_hash(raw)):
            if stored.pop((level, position), None) != hash_:
                yield f"第 {index} 条记录", "和当时记下的不一样。"
    if stored:
        yield "记录树", f"多出 {len(stored)} 个没有来历的节点。"
    report.entries += frontier.size
    report.roots[code] = frontier.root().hex()


def _notices(tx: Connection, code: str, replayed: Replay) -> Iterator[tuple[str, str]]:
    stored = {notice.code: notice for notice in notices.every(tx, code)}
    for name in sorted(stored.keys() | replayed.notices.keys()):
        if stored.get(name) != replayed.notices.get(name):
            yield f"公示 {name}", "状态和记录推出来的不一样。"


def _contents(
    tx: Connection, code: str, entries: list[Entry | Unknown]
) -> Iterator[tuple[str, str]]:
    """Check every body a leaf commits to: editions, names, reasons, profiles, photographs."""
    erased = set(_erased(tx, code, entries))
    for index, entry in enumerate(entries):
        action = entry.action if isinstance(entry, Entry) else None
        where = f"第 {index} 条记录"
        if isinstance(action, Submit):
            where = f"公示 {action.code} 第 {action.ed} 版"
            yield from _stated(tx, code, where, action.parts)
        if isinstance(action, Submit | Appoint | Return | Establish):
            yield from _parts(tx, code, where, action.parts, erased)
        if isinstance(action, Submit | Post):
            yield from _files(tx, code, where, action.files, erased)


def _erased(tx: Connection, code: str, entries: list[Entry | Unknown]) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, Entry) and isinstance(entry.action, Redact | Erase):
            yield from commitments(tx, code, entry.action)
            yield from entry.action.files


def _parts(
    tx: Connection, code: str, where: str, parts: Iterable[Part], erased: set[str]
) -> Iterator[tuple[str, str]]:
    parts = tuple(parts)
    tables = blobs.tables_of(tx, code, parts)
    singles = {part.c: part.name for part in parts if not part.rows}
    for part in parts:
        if not part.rows:
            continue
        table = tables.get(part.c)
        if table is None or len(table.rows) != part.rows:
            yield f"{where} {part.name}", "表不见了。"
        elif table_commitment([bytes.fromhex(c) for c in table.rows]).hex() != part.c:
            yield f"{where} {part.name}", "表的行和当时承诺的不一样。"
        else:
            names = (f"{part.name} 第 {id_} 行" for id_ in table.ids)
            singles.update(zip(table.rows, names, strict=True))
    held = blobs.bodies_by(tx, code, singles)
    for c, name in singles.items():
        yield from _body(f"{where} {name}", held.get(c), c, erased)


def _body(where: str, kept: Kept | None, c: str, erased: set[str]) -> Iterator[tuple[str, str]]:
    if kept is None:
        if c not in erased:
            yield where, "内容不见了，也没有删除的记录。"
    elif c in erased:
        yield where, "记录说已经删除，内容却还在。"
    elif commitment(kept.salt, kept.body).hex() != c:
        yield where, "内容被改过。"


def _files(
    tx: Connection, code: str, where: str, files: Iterable[FileRef], erased: set[str]
) -> Iterator[tuple[str, str]]:
    for number, ref in enumerate(files, 1):
        place = f"{where} 附件{number}"
        held = blobs.file_of(tx, code, ref.c)
        if held is None:
            if ref.c not in erased:
                yield place, "附件不见了，也没有删除的记录。"
        elif ref.c in erased:
            yield place, "记录说已经删除，附件却还在。"
        elif commitment(held.salt, held.data).hex() != ref.c or held.type != ref.type:
            yield place, "附件被换过。"


def _stated(
    tx: Connection, code: str, where: str, parts: Iterable[Part]
) -> Iterator[tuple[str, str]]:
    """Ask a whole content again whether it adds up and cuts into the parts it was cut into."""
    parts = tuple(parts)
    bodies, _held = blobs.bodies_of(tx, code, parts)
    stated = join(bodies)
    if stated is None or stated.missing or stated.nameless or stated.lost:
        return
    yield from ((where, str(finding)) for finding in unsound(stated.content))
    if _cut(stated.content) != [(part.name, part.rows) for part in parts]:
        yield where, "内容和承诺的各部分对不上。"


def _cut(content: Content) -> list[tuple[str, int]]:
    return [(part.name, len(getattr(part, "rows", ()))) for part in split(content)]
