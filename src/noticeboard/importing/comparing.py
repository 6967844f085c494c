"""What a workbook says anew of a notice that is there: the same rows keep their ids."""

from collections import defaultdict, deque
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from noticeboard.core.changes import Difference, differences
from noticeboard.core.particulars import Content, Kind, kind_of

# By what a row is known again, the surest first: what is the same in all of one of these is the
# same row, whatever else changed.
_KNOWN_BY: Final[dict[Kind, tuple[tuple[str, ...], ...]]] = {
    "spending": (
        ("date", "voucher", "summary", "payee"),
        ("date", "summary", "payee"),
        ("voucher", "summary"),
        ("date", "voucher", "income", "expense"),
        ("date", "summary"),
        ("date", "voucher"),
    ),
    "subsidy": (("group", "name", "tail"), ("group", "name"), ("name", "amount")),
    "project": (("step", "date", "text"), ("step", "text"), ("step", "date"), ("step",)),
    "asset": (("name", "spec", "place"), ("name", "category"), ("name",)),
    "contract": (("number", "subject"), ("subject", "party"), ("subject",)),
    "labour": (("date", "name", "work"), ("date", "name"), ("name", "work")),
    "table": (),
}
_FEW: Final = 2
# What no workbook says and somebody typed: it stays with its row.
_TYPED: Final = ("project", "decision", "notice")
_HEAD_TYPED: Final = ("account", "basis", "standard", "lead", "story", "facts", "work")


def aligned(new: Content, old: Content) -> Content:
    """Give what a workbook says as the next state of a notice: rows keep ids, typing stays.

    Rows that are not known again get ids that the notice has never given. The title and what was
    chosen at the desk stay as they are there.
    """
    pairs = _pairs(kind_of(new), new.particulars.rows, old.particulars.rows)
    last = old.last_row
    rows = []
    for row, before in pairs:
        if before is None:
            last += 1
            rows.append(replace(row, id=last))
        else:
            kept = _kept(row, before, _TYPED)
            rows.append(replace(row, id=before.id, **kept))
    head = _kept(new.particulars, old.particulars, _HEAD_TYPED)
    particulars = replace(new.particulars, rows=tuple(rows), **head)
    return replace(
        new,
        title=old.title,
        particulars=particulars,
        item=old.item or new.item,
        covers=old.covers or new.covers,
        publisher=old.publisher,
        group=old.group,
        files=old.files,
        reason="",
        last_row=last,
    )


def news(new: Content, old: Content) -> tuple[Difference, ...]:
    """Give what differs between a notice and its next state, the head first."""
    return differences(old, new)


def _kept(now: Any, before: Any, names: Sequence[str]) -> dict[str, Any]:
    """Give the fields of `before` that `now` does not state."""
    return {
        name: getattr(before, name)
        for name in names
        if hasattr(now, name) and hasattr(before, name) and not getattr(now, name)
    }


def _pairs(kind: Kind, rows: Sequence[Any], before: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Give each row with the one it was, or None; none of those before is given twice."""
    found: dict[int, Any] = {}
    rest = _paired(list(enumerate(rows)), list(before), found, whole)
    for names in _KNOWN_BY.get(kind, ()):

        def known(row: Any, names: tuple[str, ...] = names) -> Any:
            said = tuple(getattr(row, name, None) for name in names)
            # By two things alone a row is known only where it states both.
            return said if (any if len(said) > _FEW else all)(said) else None

        rest = _paired(*rest, found, known)
    return [(row, found.get(nth)) for nth, row in enumerate(rows)]


def whole(row: Any) -> bytes:
    """Give all that a workbook says of a row; what was typed at the desk makes it no other one."""
    blank = {name: None for name in _TYPED if hasattr(row, name)}
    return msgspec.msgpack.encode(replace(row, id=0, **blank))


def _paired(
    rows: list[tuple[int, Any]], before: list[Any], found: dict[int, Any], known: Any
) -> tuple[list[tuple[int, Any]], list[Any]]:
    """Pair what is known as the same, in order; gives what is left of both."""
    waiting: defaultdict[Any, deque[Any]] = defaultdict(deque)
    for row in before:
        waiting[known(row)].append(row)
    taken, rest = set[int](), []
    for nth, row in rows:
        same = known(row)
        if same is not None and waiting[same]:
            found[nth] = waiting[same].popleft()
            taken.add(id(found[nth]))
        else:
            rest.append((nth, row))
    return rest, [row for row in before if id(row) not in taken]
