"""What differs between two editions: which fields, by how much, and what kind of change that is."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from noticeboard.core.columns import held, row_fields
from noticeboard.core.notice import Change
from noticeboard.core.particulars import Announcement, Content, Contracts, Titled, kind_of
from noticeboard.core.rules import Changes

# Only wording may be a slip of the pen. Amounts, dates, names, beneficiaries, votes and what is
# decided are substance, whoever edits and whatever they call it.
# The text of an announcement is what it announces, the note of a contract may be one of its terms.
# So it was before bundles had a table of their own (`rules.changes`), and so old entries replay.
WORDING = frozenset(
    {"title", "summary", "text", "scope", "story", "lead", "note", "caption", "basis"}
)
_MONEY = frozenset(
    "income expense amount opening closing total standard original net rent paid owed rate".split()
)
_SUBSTANCE: Mapping[type, frozenset[str]] = {
    Announcement: frozenset({"text"}),
    Contracts: frozenset({"note"}),
}
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
    old_rows, new_rows = _rows(old), _rows(new)
    del before["particulars"]["rows"], after["particulars"]["rows"]
    money = _MONEY | _money_columns(old) | _money_columns(new)
    found = _fields(None, before.pop("particulars"), after.pop("particulars"), "", money)
    found = _fields(None, before, after, "", money) + found
    for id_ in [*old_rows, *(id_ for id_ in new_rows if id_ not in old_rows)]:
        was, now = old_rows.get(id_), new_rows.get(id_)
        if was is not None and now is not None:
            found += _fields(id_, was, now, _what(now), money)
            continue
        row = was or now or {}
        amount = _amount(row) or sum(int(row.get(name) or 0) for name in money - _MONEY)
        delta = amount if was is None else -amount
        found.append(Difference(id_, "", was and _what(was), now and _what(now), _what(row), delta))
    return tuple(found)


def _rows(content: Content) -> dict[int, dict[str, Any]]:
    """Give rows by their ids, those of a table with a field for each column it declares."""
    if not isinstance(content.particulars, Titled):
        rows = msgspec.to_builtins(content.particulars.rows)
        return {row["id"]: row for row in rows}
    fields = row_fields(content)
    return {
        row.id: {"id": row.id, **{field.name: held(field, row) for field in fields}}
        for row in content.particulars.rows
    }


def _money_columns(content: Content) -> frozenset[str]:
    """Name the columns of money that a table declares."""
    if not isinstance(content.particulars, Titled):
        return frozenset()
    return frozenset(field.name for field in row_fields(content) if field.read == "money")


def _what(row: Mapping[str, Any]) -> str:
    named = (row.get(name) for name in ("summary", "subject", "work", "name", "text"))
    return str(next((said for said in named if said), ""))


def _amount(row: Mapping[str, Any]) -> int:
    amounts = (row.get(name) for name in ("amount", "expense", "income", "net", "original", "rent"))
    return int(next((amount for amount in amounts if amount), 0))


def _fields(
    row: int | None,
    was: Mapping[str, Any],
    now: Mapping[str, Any],
    what: str,
    money: frozenset[str],
) -> list[Difference]:
    found = []
    for field in [*was, *(key for key in now if key not in was)]:
        before, after = was.get(field), now.get(field)
        if field in _SILENT or before == after:
            continue
        delta = (after or 0) - (before or 0) if field in money else None
        found.append(Difference(row, field, before, after, what, delta))
    return found


def change_of(old: Content, new: Content, table: Changes | None = None) -> Change:
    """Say what kind of change a correction is; the fields decide, never the editor.

    Redaction: something of a person or a file was taken out and nothing else changed. Typo: only
    wording, as the rules' `table` has it. Substance: everything else.
    """
    found = differences(old, new)
    names = names_of(new)
    if found and all(_taken_out(difference, names) for difference in found):
        return "redaction"
    wording = _wording(new, table)
    if all(difference.field in wording for difference in found):
        return "typo"
    return "substance"


def _wording(content: Content, table: Changes | None) -> frozenset[str]:
    if table is not None:
        return frozenset(table.wording.get(kind_of(content), ()))
    return WORDING - _SUBSTANCE.get(type(content.particulars), frozenset())


def names_of(content: Content) -> frozenset[str]:
    """Name the fields of a content's rows that name persons, as differences call them."""
    if isinstance(content.particulars, Titled):
        return frozenset(field.name for field in row_fields(content) if field.person)
    return frozenset(type(content.particulars).ROW.NAMES)


def _taken_out(difference: Difference, names: frozenset[str]) -> bool:
    if difference.field == "files":
        kept = {file["c"] for file in difference.after or ()}
        return kept < {file["c"] for file in difference.before or ()}
    return difference.field in names and not difference.after
