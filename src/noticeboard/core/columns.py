"""The columns of a notice's rows: those of its kind, or those that a table declares itself."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from msgspec import Struct

from noticeboard.core.forms import FORMS, Field, Reader
from noticeboard.core.particulars import Content, TableRow, Titled, kind_of

MOST_COLUMNS = 12
_READERS: dict[str, Reader] = {"money": "money", "quantity": "quantity", "date": "when"}


def declared(columns: Iterable[tuple[str, str]]) -> tuple[Field, ...]:
    """Give the fields of a table's rows from its columns' (label, read), in their order.

    They are called c0, c1 and so on; columns beyond the most there may be have none.
    """
    return tuple(
        Field(
            f"c{nth}",
            label,
            _READERS.get(read, "text"),
            person=read == "person",
        )
        for nth, (label, read) in zip(range(MOST_COLUMNS), columns, strict=False)
    )


def row_fields(content: Content) -> tuple[Field, ...]:
    """Give the columns of a content's rows: those of its kind, or those it declares itself."""
    if isinstance(content.particulars, Titled):
        return declared((column.label, column.read) for column in content.particulars.columns)
    return FORMS[kind_of(content)].rows


def held(field: Field, holder: object) -> Any:
    """Give what a row or a head states in a field; None where it states nothing."""
    if not isinstance(holder, TableRow):
        return getattr(holder, field.name, None)
    cells = (holder.people or ()) if field.person else holder.cells
    place = int(field.name[1:])
    return cells[place] if place < len(cells) else None


def held_by_all(field: Field, rows: Sequence[Struct]) -> list[Any]:
    """Give what `held` gives of each row, quickly for very many of them."""
    if rows and not isinstance(rows[0], TableRow) and hasattr(rows[0], field.name):
        return list(map(attrgetter(field.name), rows))
    return [held(field, row) for row in rows]
