"""What notices are found by: the columns that lists sort and filter on, and the search index.

Whoever changes them hides a notice, or moves it, though its document and its log are whole.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from noticeboard.auditing.report import Where
from noticeboard.board.finding import text_of
from noticeboard.core.actions import Entry, Unknown
from noticeboard.core.notice import Notice
from noticeboard.core.problems import UNREADABLE
from noticeboard.core.rules import Rules
from noticeboard.core.visible import standing, visible
from noticeboard.store import notices, search


def stored_as_said(
    tx: Connection,
    code: str,
    said: Mapping[str, Notice],
    entries: Sequence[Entry | Unknown],
) -> Iterator[Where]:
    """Compare every stored notice and its columns with what the entries make of it (`said`)."""
    stored = {row.code: row for row in notices.rows(tx, code)}
    changed = {
        entry.action.code: entry.at
        for entry in entries
        if isinstance(entry, Entry) and hasattr(entry.action, "code")
    }
    for name in sorted(stored.keys() | said.keys()):
        row, notice = stored.get(name), said.get(name)
        if row is None or notice is None or row.notice != notice:
            yield f"公示 {name}", "状态和记录推出来的不一样。"
        elif row.columns != notices.columns(notice):
            # By these the clock finds what is due, and a page what is up.
            yield f"公示 {name}", "索引和它的状态对不上。"
        elif row.changed_at != changed.get(name):
            yield f"公示 {name}", "最后一次变动的时间和记录对不上。"


def searched_as_said(
    tx: Connection, code: str, said: Mapping[str, Notice], rules: Rules, at: int
) -> Iterator[Where]:
    """Compare what search knows of each notice with its words, as far as they are public.

    What ran out may still be found or not: it was indexed when it was up.
    """
    known = search.stored(tx, code)
    for name in sorted(known.keys() | said.keys()):
        notice = said.get(name)
        edition = notice.current if notice else None
        if notice is None or edition is None:
            may, must = False, False
        else:
            must = visible(notice, edition, "search", at, rules) != "nothing"
            may = must or standing(notice, edition, at) == "expired"
        if not may and name in known:
            yield f"公示 {name}", "没有公开的，搜索里却有。"
        elif notice is not None and edition is not None and may:
            yield from _worded(tx, code, notice, known.get(name), must=must)


def _worded(
    tx: Connection, code: str, notice: Notice, known: str | None, *, must: bool
) -> Iterator[Where]:
    try:
        words = search.characters(text_of(tx, code, notice))
    except (*UNREADABLE, TypeError, KeyError, AttributeError):
        return  # a body that cannot be read is named with the contents
    if known is None and must and words:
        yield f"公示 {notice.code}", "公开着，搜索里却找不到。"
    elif known is not None and known != words:
        yield f"公示 {notice.code}", "搜索里的字和内容不一样。"
