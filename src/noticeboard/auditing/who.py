"""Who stands behind the numbers in leaves: accounts and names, against what the logs committed.

Names of signers are printed on every page, and only a table joins them to their numbers.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from noticeboard.auditing.report import Where
from noticeboard.core.actions import Account, Appoint, Entry, Unknown
from noticeboard.core.parts import canonical
from noticeboard.store import blobs, people

Entries = Sequence[Entry | Unknown]


def names(tx: Connection, code: str, entries: Entries) -> Iterator[Where]:
    """Compare the name each number has here with the one committed when it was last appointed.

    Of a name that is not there any more nothing is said: that is another audit's.
    """
    said: dict[int, tuple[int, str]] = {}
    for index, entry in enumerate(entries):
        if isinstance(entry, Entry) and isinstance(entry.action, Appoint):
            for part in entry.action.parts:
                said[entry.action.who] = (index, part.c)
    known = people.names_in(tx, code)
    bodies = blobs.bodies_by(tx, code, [c for _index, c in said.values()])
    for number, (index, c) in said.items():
        where = f"第 {index} 条记录任命的人"
        if c not in bodies:
            continue
        if number not in known:
            yield where, "账号里找不到了，公示上看不到是谁签的。"
        elif canonical(known[number]) != bodies[c].body:
            yield where, f"账号里叫{known[number]}，和任命时记下的名字不一样。"


def accounts(tx: Connection, entries: Entries) -> Iterator[Where]:
    """Compare the accounts with those that the instance log says were opened and closed."""
    said: dict[int, bool] = {}
    for entry in entries:
        if isinstance(entry, Entry) and isinstance(entry.action, Account):
            closed = entry.action.change == "closed"
            said[entry.action.account] = closed or said.get(entry.action.account, False)
    here = {one.id: one for one in people.every(tx)}
    for id_ in sorted(said.keys() | here.keys()):
        login = here[id_].login if id_ in here else str(id_)
        if id_ not in said:
            yield f"账号 {login}", "总日志里没有开过这个账号。"
        elif id_ not in here:
            yield f"账号 {login}", "总日志里开过，现在不见了。"
        elif here[id_].closed != said[id_]:
            yield f"账号 {login}", "关没关，和总日志说的不一样。"
