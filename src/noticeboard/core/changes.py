"""What differs between two editions: which fields, by how much, and what kind of change that is."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from noticeboard.core.notice import Change
from noticeboard.core.particulars import Announcement, Content

# Only wording may be a slip of the pen. Amounts, dates, names, beneficiaries, votes and what is
# decided are substance, whoever edits and whatever they call it.
# The text of an announcement is what it announces.
WORDING = frozenset(
    {"title", "summary", "text", "scope", "story", "lead", "note", "caption", "basis"}
)
_MONEY = frozenset({"income", "expense", "amount", "opening", "closing", "total", "standard"})
_SILENT = frozenset({"id", "last_row", "source", "reason", "kind"})


class Difference(Struct, frozen=True):
    """One field that differs: the row's id (None for the head), before, after; `delta` in fen.

    `what` is what the row was for, so that a sentence can say it. A row that is new or gone has the
    field "".
    """

    row: int | None
    field: str
    before: Any
    after: Any
    what: str = ""
    delta: int | None = None


def differences(old: Content, new: Content) -> tuple[Difference, ...]:
    """Compare two contents field by field, the head first, then rows in their order."""
    before, after = msgspec.to_builtins(old), msgspec.to_builtins(new)
    old_rows = {row["id"]: row for row in before["particulars"].pop("rows")}
    new_rows = {row["id"]: row for row in after["particulars"].pop("rows")}
    found = _fields(None, before.pop("particulars"), after.pop("particulars"), "")
    found = _fields(None, before, after, "") + found
    for id_ in [*old_rows, *(id_ for id_ in new_rows if id_ not in old_rows)]:
        was, now = old_rows.get(id_), new_rows.get(id_)
        if was is not None and now is not None:
            found += _fields(id_, was, now, _what(now))
            continue
        row = was or now or {}
        amount = _amount(row)
        delta = amount if was is None else -amount
        found.append(Difference(id_, "", was and _what(was), now and _what(now), _what(row), delta))
    return tuple(found)


def _what(row: Mapping[str, Any]) -> str:
    return str(row.get("summary") or row.get("name") or row.get("text") or "")


def _amount(row: Mapping[str, Any]) -> int:
    return int(row.get("amount") or row.get("expense") or row.get("income") or 0)


def _fields(
    row: int | None, was: Mapping[str, Any], now: Mapping[str, Any], what: str
) -> list[Difference]:
    found = []
    for field in [*was, *(key for key in now if key not in was)]:
        before, after = was.get(field), now.get(field)
        if field in _SILENT or before == after:
            continue
        delta = (after or 0) - (before or 0) if field in _MONEY else None
        found.append(Difference(row, field, before, after, what, delta))
    return found


def change_of(old: Content, new: Content) -> Change:
    """Say what kind of change a correction is; the fields decide, never the editor.

    Redaction: something of a person or a file was taken out and nothing else changed. Typo: only
    wording. Substance: everything else.
    """
    found = differences(old, new)
    names = set(type(new.particulars).ROW.NAMES)
    if found and all(_taken_out(difference, names) for difference in found):
        return "redaction"
    wording = WORDING - {"text"} if isinstance(new.particulars, Announcement) else WORDING
    if all(difference.field in wording for difference in found):
        return "typo"
    return "substance"


def _taken_out(difference: Difference, names: set[str]) -> bool:
    if difference.field == "files":
        kept = {file["c"] for file in difference.after or ()}
        return kept < {file["c"] for file in difference.before or ()}
    return difference.field in names and not difference.after
