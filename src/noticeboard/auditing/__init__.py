"""Both audits: the leaves replayed through the rulebook, and every body against its commitment.

What this cannot see: somebody who recomputed leaves, subtrees and bodies consistently. Signed
checkpoints in other people's hands close that; without them an audit shows agreement, not age.
Whatever is damaged is named and the audit goes on. What was taken down while a log is frozen counts
as its next entries, for notices and bodies; the tree is that of the entries alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.auditing.content import adopted, contents, losses, profiles, went_by
from noticeboard.auditing.found_by import searched_as_said, stored_as_said
from noticeboard.auditing.heads import cosigned, remembered, sizes, strangers
from noticeboard.auditing.heads import heads as heads_found
from noticeboard.auditing.report import Found, Report, Where
from noticeboard.auditing.standing_still import standing_still
from noticeboard.auditing.who import accounts, names
from noticeboard.board import Board, freezing
from noticeboard.board.way_out import stray
from noticeboard.core.actions import Entry, Genesis, Unknown, read, verb
from noticeboard.core.checkpoints import Checkpoint, read_checkpoint
from noticeboard.core.merkle import Frontier, leaf_hash
from noticeboard.core.people import Village
from noticeboard.core.problems import NotValid
from noticeboard.core.replay import Replay, replay
from noticeboard.core.rules import Rules, bundle_hash, decode
from noticeboard.signing.signer import Signs
from noticeboard.store import heads, held, log, notices, screens, tree
from noticeboard.store import rules as bundles

_FIX = "请从别的副本取回，或查是谁改的。"


def verify(board: Board, village: str | None = None, signer: Signs | None = None) -> Report:
    """Run both audits on one village, or on the instance and all of them.

    The signed heads are checked with them, and what the `signer` of this home remembers.
    """
    report, states = Report(), remembered(board, signer)
    with board.database.read() as tx:
        rules = _rules(tx, report)
        now = _Now(rules.get(screens.told(tx, "rules") or ""), board.now())
        if now.rules is None:
            report.found("", "log", [("现在的规则", "设置里说的那一套不在这里。")])
        for code in [village] if village is not None else sorted(notices.revisions(tx)):
            _village(tx, code, rules, report, states.get(code), now)
            standing_still(tx, code, report, states)
    return report


class _Now(NamedTuple):
    """The rules in force and the instant, by which it is judged what may be found."""

    rules: Rules | None
    at: int


def _rules(tx: Connection, report: Report) -> dict[str, Rules]:
    """Decode every bundle that is what its name says."""
    sound = {}
    for hash_, raw in bundles.stored(tx):
        if bundle_hash(raw) == hash_:
            sound[hash_] = decode(raw)
        else:
            where = f"规则 {hash_[:8]}"
            report.problems.append(Found("", "log", where, "规则的内容和编号对不上。"))
    return sound


def _village(
    tx: Connection,
    code: str,
    rules: dict[str, Rules],
    report: Report,
    state: Checkpoint | None,
    now: _Now,
) -> None:
    entries = list(_entries(tx, code, report))
    stored = notices.village_of(tx, code)
    origin = stored.origin if stored else next((entry.log for entry in entries if entry.log), "")
    roots = dict.fromkeys(sizes(tx, code, state), b"")
    report.found(code, "log", _tree(tx, code, report, roots))
    report.found(code, "head", heads_found(tx, code, entries, roots, state))
    report.found(code, "head", cosigned(tx, code), "请删去这一行，见证会再来核对。")
    report.remarks += strangers(tx, code)
    replayed = replay(origin, entries, rules)
    report.unknown += len(replayed.unknown)
    unlawful = ((f"第 {one.index} 条记录", one.what) for one in replayed.findings)
    report.found(code, "lifecycle", unlawful)
    if stored != _kept_as(code, replayed.village) or heads.origin(tx, code) != origin:
        report.found(code, "lifecycle", [("村的状态", "和记录推出来的不一样。")])
    report.found(code, "log", _predecessor(tx, entries))
    waiting = list(_held(tx, code, report))
    report.found(code, "lifecycle", _followed(replayed, waiting, rules))
    followed = [*entries, *waiting]
    report.found(code, "lifecycle", stored_as_said(tx, code, replayed.notices, followed))
    if now.rules is not None:
        found = searched_as_said(tx, code, replayed.notices, now.rules, now.at)
        report.found(code, "lifecycle", found)
    report.remarks += losses(followed)
    report.found(code, "content", contents(tx, code, followed), _FIX)
    report.found(code, "content", names(tx, code, entries), _FIX)
    report.found(code, "lifecycle", went_by(tx, code, entries))
    report.found(code, "content", profiles(tx, entries), _FIX)
    if not code:
        report.found(code, "content", accounts(tx, entries), _FIX)
        report.found(code, "content", adopted(tx, entries), _FIX)


def _kept_as(code: str, village: Village) -> Village:
    """Give a village as its row holds it: a log that stopped stands under a code with a number."""
    return replace(village, code=code) if code.partition(".")[0] == village.code else village


def _predecessor(tx: Connection, entries: Sequence[Entry | Unknown]) -> Iterator[Where]:
    """See that the log a genesis goes on from stands here, as far as it was when it stopped."""
    action = entries[0].action if entries and isinstance(entries[0], Entry) else None
    if not isinstance(action, Genesis) or action.predecessor is None:
        return
    where = "前一个日志"
    try:
        said = read_checkpoint(action.predecessor.encode())
        archive = heads.origins(tx).get(said.origin)
        size = notices.head_of(tx, archive).village.size if archive is not None else 0
        if archive is None:
            yield where, "不在这里了。"
        elif said.size <= size and tree.root(tx, archive, said.size) != said.root:
            yield where, "和新日志开头说的不一样。"
    except (NotValid, KeyError):
        yield where, "读不出来。"


def _held(tx: Connection, code: str, report: Report) -> Iterator[Entry]:
    """Read what was taken down while the log is frozen: it is to follow the log."""
    waiting = held.leaves(tx, code)
    if waiting and not heads.frozen(tx, code):
        beside = [("等着记的撤下", "日志没有停住，它们却没有记上。")]
        report.found(code, "lifecycle", beside, stray(code))
    for number, raw in enumerate(waiting, 1):
        where = f"等着记的第 {number} 件"
        try:
            entry = read(raw)
        except NotValid as problem:
            report.found(code, "log", [(where, str(problem))])
            continue
        if isinstance(entry, Entry) and isinstance(entry.action, freezing.HELD):
            yield entry
        else:
            report.found(code, "lifecycle", [(where, "不是停住的时候能办的事。")])


def _followed(
    replayed: Replay, waiting: Sequence[Entry], rules: Mapping[str, Rules]
) -> Iterator[Where]:
    """Let a replayed log go on by what is held; gives what of it was not lawful."""
    logged = len(replayed.findings)
    for entry in waiting:
        replayed.take(entry, rules)
    for found in replayed.findings[logged:]:
        yield f"等着记的、以后的第 {found.index} 条记录", found.what


def _entries(tx: Connection, code: str, report: Report) -> Iterator[Entry | Unknown]:
    """Read every leaf; in the place of one that is gone or cannot be read stands an unknown one."""
    expected = 0
    for row in log.rows(tx, code):
        while expected < row.index:
            expected += 1
            yield Unknown("", 0, "?")
        expected += 1
        where = f"第 {row.index} 条记录"
        try:
            entry = read(row.leaf)
        except NotValid as problem:
            report.problems.append(Found(code, "log", where, str(problem)))
            entry = Unknown("", 0, "?")
        if isinstance(entry, Entry):
            named = (verb(entry.action), getattr(entry.action, "code", None), entry.at)
            if named != (row.act, row.code, row.at):
                report.problems.append(Found(code, "log", where, "索引和它的内容对不上。"))
        yield entry


def _tree(tx: Connection, code: str, report: Report, roots: dict[int, bytes]) -> Iterator[Where]:
    """Fold every leaf again and compare each subtree that is stored; fills in `roots` by size."""
    frontier = Frontier()
    if 0 in roots:
        roots[0] = frontier.root()
    stored = {(level, index): hash_ for level, index, hash_ in log.nodes(tx, code)}
    for expected, (index, raw) in enumerate(log.leaves(tx, code)):
        if index != expected:
            yield f"第 {expected} 条记录", "不见了。"
            return
        for level, position, hash_ in frontier.append(leaf_hash(raw)):
            if stored.pop((level, position), None) != hash_:
                yield f"第 {index} 条记录", "和当时记下的不一样。"
        if frontier.size in roots:
            roots[frontier.size] = frontier.root()
    if stored:
        yield "记录树", f"多出 {len(stored)} 个没有来历的节点。"
    report.entries += frontier.size
    report.roots[code] = frontier.root().hex()


__all__ = ["Found", "Report", "verify"]
