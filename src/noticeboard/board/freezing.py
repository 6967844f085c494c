"""Freezing: a log that does not add up is read and taken down from, and nothing else.

What is taken down meanwhile is done at once on every surface and kept as the leaf it would be. The
audits take it as following the log; it is logged when the log goes on.
"""

from collections.abc import Set as AbstractSet

from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.core.actions import Confirm, Entry, Lose, Redact, Unknown, Withdraw, read
from noticeboard.core.people import Village
from noticeboard.core.problems import Unavailable
from noticeboard.store import heads, held, notices, screens

# What may be held: taking down, and what the machine says it lost while coming back.
HELD = (Withdraw, Redact, Confirm, Lose)
# The verbs of people among them.
_ALLOWED = frozenset({"withdraw", "redact", "confirm"})
# Why a log is frozen that another one goes on for: it stays so.
STOPPED = "这个日志停了，以后的记在新的日志里。"
# What is wrong where a log says so without standing under a code with a number, as `move` puts it.
UNFOUNDED = "说这个日志停了，却没有一个日志从它接下去。"
# Why a log is frozen whose signer knows the other one, while this database is from before it.
FOLLOWED = "签名程序记得这个日志已经停了，后面的记在另一个日志里；这里的数据库是那以前的。"
# The setting that says since when a log stands still.
_SINCE = "frozen {}"


def freeze(
    tx: Connection, village: str, reason: str, at: int | None = None, *, anew: bool = False
) -> None:
    """Let nothing be appended to a village's log from `at` on; `reason` is a whole sentence.

    The first reason stays, unless `anew`. The village's pages say so, so their revision rises.
    """
    if at is not None and not heads.frozen(tx, village):
        screens.tell(tx, _SINCE.format(village), str(at))
    heads.freeze(tx, village, reason, anew=anew)


def since(tx: Connection, village: str) -> int | None:
    """Give since when (Unix seconds) a log stands still; None where it does not, or none noted."""
    told = screens.told(tx, _SINCE.format(village)) if heads.frozen(tx, village) else None
    return None if told is None else int(told)


def for_good(code: str, reason: str) -> bool:
    """Say whether a log stands still for ever, and not only by the word of its row.

    One that another follows stands under a code with a number; what a row says is easily written.
    """
    return reason == STOPPED and "." in code


def refusal(code: str, reason: str) -> Unavailable:
    """Say that nothing can be appended to a village's log, why, and how it goes on."""
    if for_good(code, reason):
        return Unavailable(STOPPED, fix="看和撤下照样能办；要写新的，请到村里现在的公开栏去写。")
    fix = "先停住了：看和撤下照样能办，别的等一等。请管机器的人运行 noticeboard doctor。"
    return Unavailable(reason, fix=fix)


def allowed(reason: str, verbs: AbstractSet[str]) -> frozenset[str]:
    """Give which of some verbs may be used now: of a frozen log only those that take down."""
    return frozenset(verbs & _ALLOWED if reason else verbs)


def entries(tx: Connection, village: str) -> list[Entry | Unknown]:
    """Give what was done while a log is frozen, in order, as the entries it would be."""
    return [read(leaf) for leaf in held.leaves(tx, village)]


def moved(tx: Connection, village: Village) -> Village:
    """Give a frozen village as it stands with what is held: where the next would-be leaf goes."""
    waiting = entries(tx, village.code)
    last_at = max([village.last_at, *(entry.at for entry in waiting)])
    return replace(village, size=village.size + len(waiting), last_at=last_at)


def about(tx: Connection, village: str, code: str) -> list[tuple[int, Entry | Unknown]]:
    """Give what is held about one notice, each with the index its leaf would have."""
    waiting = entries(tx, village)
    size = notices.head_of(tx, village).village.size if waiting else 0
    return [(size + n, entry) for n, entry in enumerate(waiting) if code == _code(entry)]


def codes(tx: Connection, village: str) -> set[str]:
    """Give the codes of the notices about which something is held."""
    return {code for entry in entries(tx, village) if (code := _code(entry))}


def _code(entry: Entry | Unknown) -> str | None:
    return getattr(entry.action, "code", None) if isinstance(entry, Entry) else None
