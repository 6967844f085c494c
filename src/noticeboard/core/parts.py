"""A content cut into committed parts, and parts put together again with what is still there.

Every body is canonical JSON bytes made once by `canonical`; the commitments of DESIGN section 6
are made over these bytes and never over anything re-serialised.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from noticeboard.core.merkle import leaf_hash, root_of
from noticeboard.core.money import MOST
from noticeboard.core.notice import Part
from noticeboard.core.particulars import Content, Row
from noticeboard.core.shapes import Shape

_CONTENT = Shape(Content)
DOMAIN = b"vnb-commit-v1\x00"
SALT = 32


def canonical(value: Any) -> bytes:
    """Write a value as the log's JSON: UTF-8, NFC, sorted keys, no spaces, integers only."""
    return msgspec.json.encode(_plain(msgspec.to_builtins(value)), order="sorted")


def _plain(value: Any) -> Any:
    """Give a value as JSON of the log may hold it; each text is composed before it is escaped.

    Composed afterwards, a line break with a combining sign behind it would become the letter of its
    own escape.
    """
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case float():
            raise TypeError("a float can never be part of the log")
        case int() if abs(value) > MOST:
            raise ValueError("an integer above 2**53 is not read exactly everywhere")
    return value


def commitment(salt: bytes, body: bytes) -> bytes:
    """Commit to a body: SHA-256 of the domain, a zero byte, 32 random bytes and the body."""
    if len(salt) != SALT:
        raise ValueError(f"a salt has {SALT} bytes, not {len(salt)}")
    return sha256(DOMAIN + salt + body).digest()


def table_commitment(rows: Sequence[bytes]) -> bytes:
    """Commit to a table: the RFC 6962 root with the rows' commitments as leaf data."""
    return root_of([leaf_hash(row) for row in rows])


class Single(Struct, frozen=True):
    """A part of one body: `text`, `reason`, `source`, `name`."""

    name: str
    body: bytes


class Table(Struct, frozen=True):
    """A part of rows: (row id, body) in the order they are printed."""

    name: str
    rows: tuple[tuple[int, bytes], ...]


Body = Single | Table


def split(content: Content) -> tuple[Body, ...]:
    """Cut a content into its parts: `text`, `figures`, `names` where people are named, and so on.

    Kinds without rows have no tables. `names` has a row only for rows that name somebody.
    """
    text = msgspec.to_builtins(content)
    rows = content.particulars.rows
    del text["particulars"]["rows"], text["reason"], text["source"]
    _unsaid(text, content.LATER)
    _unsaid(text["particulars"], getattr(content.particulars, "LATER", ()))
    parts: list[Body] = [Single("text", canonical(text))]
    if rows:
        parts.append(Table("figures", tuple((row.id, canonical(_figures(row))) for row in rows)))
        named = tuple(
            (row.id, canonical(_names(row))) for row in rows if _names(row).keys() > {"id"}
        )
        if named:
            parts.append(Table("names", named))
    if content.reason:
        parts.append(Single("reason", canonical(content.reason)))
    if content.source:
        parts.append(Single("source", canonical(content.source)))
    return tuple(parts)


def _unsaid(text: dict[str, Any], later: Iterable[str]) -> None:
    """Leave out what came later and says nothing, so that a text keeps the bytes it had."""
    for field in later:
        if text[field] is None:
            del text[field]


def _figures(row: Row) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(row)
    return {
        key: value
        for key, value in plain.items()
        if key not in row.NAMES and (value is not None or key not in row.LATER)
    }


def _names(row: Row) -> dict[str, Any]:
    named = {key: getattr(row, key) for key in row.NAMES if getattr(row, key)}
    return {"id": row.id, **named}


class Kept(Struct, frozen=True):
    """A body to be stored beside the log: commitment (hex), salt, bytes."""

    c: str
    salt: bytes
    body: bytes


class Rows(Struct, frozen=True):
    """A table to be stored: its commitment (hex), its rows' ids and commitments in order."""

    c: str
    ids: tuple[int, ...]
    rows: tuple[bytes, ...]


class Committed(Struct, frozen=True):
    """Parts ready for a leaf, with what must be stored so that they can be read and proved."""

    parts: tuple[Part, ...] = ()
    kept: tuple[Kept, ...] = ()
    tables: tuple[Rows, ...] = ()


def commit(
    bodies: Iterable[Body], salt: Callable[[], bytes], known: Mapping[bytes, Kept] | None = None
) -> Committed:
    """Commit to parts, each body with its own salt.

    A body that an earlier edition already keeps (`known`, by its bytes) is referenced again rather
    than stored twice, so that erasing it once erases it everywhere.
    """
    known = known or {}
    parts: list[Part] = []
    kept: dict[str, Kept] = {}
    tables: list[Rows] = []

    def keep(body: bytes) -> str:
        held = known.get(body)
        if held is None:
            fresh = salt()
            held = Kept(commitment(fresh, body).hex(), fresh, body)
            kept[held.c] = held
        return held.c

    for body in bodies:
        if isinstance(body, Single):
            parts.append(Part(body.name, keep(body.body), 0))
            continue
        rows = tuple(bytes.fromhex(keep(row)) for _id, row in body.rows)
        table = Rows(table_commitment(rows).hex(), tuple(id_ for id_, _row in body.rows), rows)
        tables.append(table)
        parts.append(Part(body.name, table.c, len(rows)))
    return Committed(tuple(parts), tuple(kept.values()), tuple(tables))


class Bodies(Struct, frozen=True):
    """What is still there of an edition: singles by name, tables as (row id, body or None)."""

    singles: Mapping[str, bytes | None]
    tables: Mapping[str, Sequence[tuple[int, bytes | None]]]

    def all_there(self, parts: int) -> bool:
        """Say whether so many parts are there with nothing missing."""
        rows = (body for table in self.tables.values() for _id, body in table)
        return parts == len(self.singles) + len(self.tables) and None not in (
            *self.singles.values(),
            *rows,
        )


class Stated(Struct, frozen=True):
    """A content as it can still be read, and what has been erased from it.

    `missing` names erased single parts; `nameless` are ids of rows whose names were erased, `lost`
    the ids of rows whose figures are gone. `vanished` are ids of rows of which something is gone
    that nobody decided to erase.
    """

    content: Content
    missing: tuple[str, ...] = ()
    nameless: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()
    vanished: frozenset[int] = frozenset()


def join(bodies: Bodies, *, names: bool = True) -> Stated | None:
    """Put an edition together from its bodies; None when its `text` has been erased.

    With `names` false the names part is left out, as after the end of a period.
    """
    head = bodies.singles.get("text")
    if head is None:
        return None
    text: dict[str, Any] = msgspec.json.decode(head)
    figures, named = bodies.tables.get("figures", ()), bodies.tables.get("names", ())
    rows = {id_: msgspec.json.decode(body) for id_, body in figures if body is not None}
    for id_, body in named if names else ():
        if body is not None and id_ in rows:
            rows[id_].update(msgspec.json.decode(body))
    text["particulars"]["rows"] = list(rows.values())
    for single in ("reason", "source"):
        held = bodies.singles.get(single)
        if held is not None:
            text[single] = msgspec.json.decode(held)
    return Stated(
        _CONTENT.of_plain(text),
        missing=tuple(name for name, body in bodies.singles.items() if body is None),
        nameless=tuple(id_ for id_, body in named if body is None),
        lost=tuple(id_ for id_, body in figures if body is None),
    )
