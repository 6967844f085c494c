"""Both audits: the leaves replayed through the rulebook, and every body against its commitment.

What this cannot see: somebody who recomputed leaves, subtrees and bodies consistently. Signed
checkpoints in other people's hands close that; without them an audit shows agreement, not age.
Whatever is damaged is named and the audit goes on.
"""

from collections.abc import Iterator

from sqlalchemy import Connection

from noticeboard.auditing.content import contents, profiles
from noticeboard.auditing.report import Found, Report, Where
from noticeboard.board import Board
from noticeboard.core.actions import Entry, Unknown, read, verb
from noticeboard.core.merkle import Frontier, leaf_hash
from noticeboard.core.problems import NotValid
from noticeboard.core.replay import Replay, replay
from noticeboard.core.rules import Rules, bundle_hash, decode
from noticeboard.store import log, notices
from noticeboard.store import rules as bundles


def verify(board: Board, village: str | None = None) -> Report:
    """Run both audits on one village, or on the instance and all of them."""
    report = Report()
    with board.database.read() as tx:
        rules = _rules(tx, report)
        for code in [village] if village is not None else sorted(notices.revisions(tx)):
            _village(tx, code, rules, report)
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


def _village(tx: Connection, code: str, rules: dict[str, Rules], report: Report) -> None:
    entries = list(_entries(tx, code, report))
    report.found(code, "log", _tree(tx, code, report))
    stored = notices.village_of(tx, code)
    origin = stored.origin if stored else next((entry.log for entry in entries if entry.log), "")
    replayed = replay(origin, entries, rules)
    report.unknown += len(replayed.unknown)
    unlawful = ((f"第 {held.index} 条记录", held.what) for held in replayed.findings)
    report.found(code, "lifecycle", unlawful)
    if stored != replayed.village:
        report.found(code, "lifecycle", [("村的状态", "和记录推出来的不一样。")])
    report.found(code, "lifecycle", _notices(tx, code, replayed))
    fix = "请从别的副本取回，或查是谁改的。"
    report.found(code, "content", contents(tx, code, entries), fix)
    report.found(code, "content", profiles(tx, entries), fix)


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


def _tree(tx: Connection, code: str, report: Report) -> Iterator[Where]:
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
