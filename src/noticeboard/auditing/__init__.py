"""Both audits: the leaves replayed through the rulebook, and every body against its commitment.

What this cannot see: somebody who recomputed leaves, subtrees and bodies consistently. Signed
checkpoints in other people's hands close that; without them an audit shows agreement, not age.
Whatever is damaged is named and the audit goes on. What was taken down while a log is frozen counts
as its next entries, for notices and bodies; the tree is that of the entries alone.
"""

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.auditing.content import contents, losses, profiles
from noticeboard.auditing.heads import heads as heads_found
from noticeboard.auditing.heads import remembered, sizes
from noticeboard.auditing.report import Found, Report, Where
from noticeboard.board import Board, freezing
from noticeboard.core.actions import Entry, Genesis, Unknown, read, verb
from noticeboard.core.checkpoints import Checkpoint, read_checkpoint
from noticeboard.core.merkle import Frontier, leaf_hash
from noticeboard.core.people import Village
from noticeboard.core.problems import NotValid
from noticeboard.core.replay import Replay, replay
from noticeboard.core.rules import Rules, bundle_hash, decode
from noticeboard.signing.signer import Signs
from noticeboard.store import heads, held, log, notices, tree
from noticeboard.store import rules as bundles


def verify(board: Board, village: str | None = None, signer: Signs | None = None) -> Report:
    """Run both audits on one village, or on the instance and all of them.

    The signed heads are checked with them, and what the `signer` of this home remembers.
    """
    report, states = Report(), remembered(board, signer)
    with board.database.read() as tx:
        rules = _rules(tx, report)
        for code in [village] if village is not None else sorted(notices.revisions(tx)):
            _village(tx, code, rules, report, states.get(code))
    return report


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
    tx: Connection, code: str, rules: dict[str, Rules], report: Report, state: Checkpoint | None
) -> None:
    entries = list(_entries(tx, code, report))
    stored = notices.village_of(tx, code)
    origin = stored.origin if stored else next((entry.log for entry in entries if entry.log), "")
    roots = dict.fromkeys(sizes(tx, code, state), b"")
    report.found(code, "log", _tree(tx, code, report, roots))
    report.found(code, "head", heads_found(tx, code, entries, roots, state))
    replayed = replay(origin, entries, rules)
    report.unknown += len(replayed.unknown)
    unlawful = ((f"第 {one.index} 条记录", one.what) for one in replayed.findings)
    report.found(code, "lifecycle", unlawful)
    if stored != _kept_as(code, replayed.village):
        report.found(code, "lifecycle", [("村的状态", "和记录推出来的不一样。")])
    report.found(code, "log", _predecessor(tx, entries))
    waiting = list(_held(tx, code, report))
    report.found(code, "lifecycle", _followed(replayed, waiting, rules))
    report.found(code, "lifecycle", _notices(tx, code, replayed))
    fix = "请从别的副本取回，或查是谁改的。"
    report.remarks += losses([*entries, *waiting])
    report.found(code, "content", contents(tx, code, [*entries, *waiting]), fix)
    report.found(code, "content", profiles(tx, entries), fix)


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
        report.found(code, "lifecycle", [("等着记的撤下", "日志没有停住，它们却没有记上。")])
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


def _notices(tx: Connection, code: str, replayed: Replay) -> Iterator[Where]:
    stored = {row.code: row for row in notices.rows(tx, code)}
    for name in sorted(stored.keys() | replayed.notices.keys()):
        row, notice = stored.get(name), replayed.notices.get(name)
        if row is None or notice is None or row.notice != notice:
            yield f"公示 {name}", "状态和记录推出来的不一样。"
        elif row.columns != notices.columns(notice):
            # By these the clock finds what is due, and a page what is up.
            yield f"公示 {name}", "索引和它的状态对不上。"


__all__ = ["Found", "Report", "verify"]
