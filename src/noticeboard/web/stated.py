"""What an edition states, field by field under its form's labels: for whoever has to check it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.core.columns import row_fields
from noticeboard.core.drafting import typed_of
from noticeboard.core.forms import COMMON, FORMS, Field
from noticeboard.core.notice import Edition, Notice
from noticeboard.core.particulars import Attachment, Content, kind_of
from noticeboard.core.parts import join
from noticeboard.show.corrections import corrected
from noticeboard.show.facts import Place
from noticeboard.show.texts import Words
from noticeboard.store import blobs
from noticeboard.web import weighing

Pairs = tuple[tuple[str, str], ...]


class Table(Struct, frozen=True):
    """Rows under the labels of their columns; each row has its id. Empty columns are left out."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


class Version(Struct, frozen=True, kw_only=True):
    """One edition to be read: `correction` says what it changed of the one before, and why.

    Without `title` its text has been erased; `gone` says how many rows lack something.
    """

    ed: int
    title: str = ""
    fields: Pairs = ()
    table: Table | None = None
    facts: Pairs = ()
    files: tuple[Attachment, ...] = ()
    correction: Words = ""
    gone: int = 0


def version(
    tx: Connection, where: Place, edition: Edition, before: Edition | None = None
) -> Version:
    """Read an edition with everything that is still there of it."""
    bodies, _held = blobs.bodies_of(tx, where.code, edition.parts)
    stated = join(bodies)
    if stated is None:
        return Version(ed=edition.ed)
    content, form = stated.content, FORMS[kind_of(stated.content)]
    typed = typed_of(content)
    named = {"item": _item(where, content), "group": _group(where, content)}
    named |= weighing.named(tx, where, content, edition.at)
    old = _content(tx, where, before) if before else None
    return Version(
        ed=edition.ed,
        title=content.title,
        fields=tuple(_pairs((*COMMON, *form.head), {**typed, **named})),
        table=_table(row_fields(content), typed.get("rows", ())),
        facts=tuple(
            (fact["label"], " ".join(fact[name] for name in ("value", "unit", "note")).strip())
            for fact in typed.get("facts", ())
        ),
        files=content.files,
        correction=corrected(old, content) if old else "",
        gone=len({*stated.nameless, *stated.lost}),
    )


def _content(tx: Connection, where: Place, edition: Edition) -> Content | None:
    bodies, _held = blobs.bodies_of(tx, where.code, edition.parts)
    stated = join(bodies)
    return stated.content if stated else None


def _item(where: Place, content: Content) -> str:
    item = where.rules.catalogue.get(content.item or "")
    return item.name if item else ""


def _group(where: Place, content: Content) -> str:
    names = {group.code: group.name for group in where.profile.groups}
    return names.get(content.group or "", content.group or "")


def _pairs(fields: Sequence[Field], typed: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (field.label, _word(field, str(typed.get(field.name, ""))))
        for field in fields
        if field.name != "title" and typed.get(field.name)
    ]


def _word(field: Field, value: str) -> str:
    if field.read == "flag":
        return "有记录" if value == "yes" else "未见记录"
    if field.read == "moment":
        return value.replace("T", " ")
    return dict(field.choices).get(value, value)


def _table(fields: Sequence[Field], rows: Sequence[Mapping[str, str]]) -> Table | None:
    used = [field for field in fields if any(row.get(field.name) for row in rows)]
    if not rows:
        return None
    return Table(
        tuple(field.label for field in used),
        tuple(
            (row["id"], tuple(_word(field, row.get(field.name, "")) for field in used))
            for row in rows
        ),
    )


def versions_of(tx: Connection, where: Place, notice: Notice) -> Iterator[Version]:
    """Give the latest edition, and the one on the board where that is another."""
    current = notice.current
    before = current if current and current.ed != notice.latest.ed else None
    yield version(tx, where, notice.latest, before)
    if before:
        yield version(tx, where, before)
