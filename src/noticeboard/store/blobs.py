"""Bodies and files beside the log: written once, referenced, erasable; files in chunks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Select, bindparam, delete, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from noticeboard.core.notice import FileRef, Part
from noticeboard.core.parts import Bodies, Committed, Kept, commitment
from noticeboard.core.shapes import Shape
from noticeboard.store.prepared import Prepared
from noticeboard.store.tables import body, chunk, file, part

CHUNK = 256 * 1024

# Which of many are asked for goes in as one JSON list, so that the statement is always the same.
_WANTED = {
    "sqlite": "c in (select value from json_each(:wanted))",
    "postgresql": "c = any(array(select json_array_elements_text(cast(:wanted as json))))",
}


def _among(query: Select[Any]) -> Prepared:
    return Prepared({name: query.where(text(wanted)) for name, wanted in _WANTED.items()})


_TABLES = _among(
    select(part.c.c, part.c.rows, part.c.ids).where(part.c.village == bindparam("village"))
)
_BODIES = _among(
    select(body.c.c, body.c.salt, body.c.body).where(body.c.village == bindparam("village"))
)
_HELD = _among(select(body.c.c).where(body.c.village == bindparam("village")))
# Built once: every act that states something uses them.
_KEEP = insert(body)
_KEEP_TABLES = {
    "sqlite": sqlite.insert(part).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(part).on_conflict_do_nothing(),
}


def keep(tx: Connection, village: str, committed: Committed) -> None:
    """Store the bodies and tables of a submission; a table that is already there stays."""
    if committed.kept:
        rows = [
            {"village": village, "c": k.c, "salt": k.salt, "body": k.body} for k in committed.kept
        ]
        tx.execute(_KEEP, rows)
    if committed.tables:
        tables = [
            {
                "village": village,
                "c": table.c,
                "rows": b"".join(table.rows),
                "ids": msgspec.json.encode(table.ids),
            }
            for table in committed.tables
        ]
        tx.execute(_KEEP_TABLES[tx.dialect.name], tables)


class Table(Struct, frozen=True):
    """A stored table part: its rows' ids and commitments (hex) in order."""

    ids: tuple[int, ...]
    rows: tuple[str, ...]


_read_ids = msgspec.json.Decoder(tuple[int, ...])


def tables_of(tx: Connection, village: str, parts: Iterable[Part]) -> dict[str, Table]:
    """Give the stored tables among some parts, by commitment; damaged ids are none."""
    wanted = [p.c for p in parts if p.rows]
    if not wanted:
        return {}
    return {
        c: Table(
            _ids(ids),
            tuple(rows[i : i + 32].hex() for i in range(0, len(rows), 32)),
        )
        for c, rows, ids in _found(_TABLES, tx, village, wanted)
    }


_IDS: Shape[tuple[int, ...]] = Shape(tuple[int, ...])


def _ids(raw: bytes) -> tuple[int, ...]:
    try:
        return _IDS.of_json(raw)
    except (msgspec.MsgspecError, ValueError):
        return ()


def bodies_by(tx: Connection, village: str, cs: Iterable[str]) -> dict[str, Kept]:
    """Give the bodies that are still there, by commitment."""
    wanted = list(dict.fromkeys(cs))
    return {c: Kept(c, salt, said) for c, salt, said in _found(_BODIES, tx, village, wanted)}


def _found(query: Prepared, tx: Connection, village: str, wanted: Sequence[str]) -> Any:
    return query.run(tx, {"village": village, "wanted": msgspec.json.encode(wanted).decode()})


def bodies_held(tx: Connection, village: str, cs: Iterable[str]) -> set[str]:
    """Say which of some bodies are still there, reading none."""
    wanted = list(dict.fromkeys(cs))
    return {c for (c,) in _found(_HELD, tx, village, wanted)} if wanted else set()


def bodies_of(
    tx: Connection, village: str, parts: Sequence[Part]
) -> tuple[Bodies, dict[str, Kept]]:
    """Give an edition's bodies as they still stand, and the same by commitment with their salts."""
    tables = tables_of(tx, village, parts)
    wanted = [p.c for p in parts if not p.rows]
    for table in tables.values():
        wanted.extend(table.rows)
    held = bodies_by(tx, village, wanted)

    def said(c: str) -> bytes | None:
        return held[c].body if c in held else None

    bodies = Bodies(
        singles={p.name: said(p.c) for p in parts if not p.rows},
        tables={
            p.name: [(i, said(c)) for i, c in zip(tables[p.c].ids, tables[p.c].rows, strict=True)]
            for p in parts
            if p.rows and p.c in tables
        },
    )
    return bodies, held


def texts(tx: Connection, village: str, parts: Iterable[Part], name: str) -> Mapping[str, bytes]:
    """Give the bodies of one single part for many editions at once, by commitment."""
    return {
        c: k.body for c, k in bodies_by(tx, village, [p.c for p in parts if p.name == name]).items()
    }


def erase(tx: Connection, village: str, cs: Iterable[str]) -> int:
    """Erase bodies and their salts; gives how many were there."""
    wanted, gone = list(cs), 0
    for start in range(0, len(wanted), 500):
        slice_ = wanted[start : start + 500]
        gone += tx.execute(
            delete(body).where(body.c.village == village, body.c.c.in_(slice_))
        ).rowcount
    return gone


def keep_file(
    tx: Connection,
    village: str,
    data: bytes,
    media_type: str,
    salt: bytes,
    at: int,
    thumb: bytes | None = None,
) -> FileRef:
    """Store a cleaned file in chunks and give its commitment."""
    c = commitment(salt, data).hex()
    tx.execute(
        insert(file),
        {
            "village": village,
            "c": c,
            "loose": True,
            "salt": salt,
            "len": len(data),
            "type": media_type,
            "thumb": thumb,
            "at": at,
        },
    )
    chunks = [
        {"village": village, "c": c, "n": n, "bytes": data[start : start + CHUNK]}
        for n, start in enumerate(range(0, len(data), CHUNK))
    ]
    tx.execute(insert(chunk), chunks)
    return FileRef(c, len(data), media_type)


class Held(Struct, frozen=True):
    """A stored file: its bytes, media type and salt."""

    data: bytes
    type: str
    salt: bytes


def file_of(tx: Connection, village: str, c: str) -> Held | None:
    """Give a stored file, or None when it is not there (any more)."""
    row = tx.execute(
        select(file.c.salt, file.c.type).where(file.c.village == village, file.c.c == c)
    ).first()
    if row is None:
        return None
    parts = tx.execute(
        select(chunk.c.bytes).where(chunk.c.village == village, chunk.c.c == c).order_by(chunk.c.n)
    ).scalars()
    return Held(b"".join(bytes(piece) for piece in parts), row.type, bytes(row.salt))


def thumb_of(tx: Connection, village: str, c: str) -> bytes | None:
    """Give a file's small picture, or None."""
    thumb = tx.execute(
        select(file.c.thumb).where(file.c.village == village, file.c.c == c)
    ).scalar()
    return bytes(thumb) if thumb else None


def files_held(tx: Connection, village: str, cs: Iterable[str]) -> frozenset[str]:
    """Say which of some files are still there."""
    found = tx.execute(select(file.c.c).where(file.c.village == village, file.c.c.in_(list(cs))))
    return frozenset(found.scalars())


def erase_files(tx: Connection, village: str, cs: Iterable[str]) -> int:
    """Erase files, their small pictures and salts; gives how many were there."""
    wanted = list(cs)
    tx.execute(delete(chunk).where(chunk.c.village == village, chunk.c.c.in_(wanted)))
    return tx.execute(delete(file).where(file.c.village == village, file.c.c.in_(wanted))).rowcount


def settle(tx: Connection, village: str, cs: Iterable[str]) -> None:
    """Note that a leaf commits to these files: they are no longer swept away."""
    tx.execute(
        update(file).where(file.c.village == village, file.c.c.in_(list(cs))).values(loose=False)
    )


def loose(tx: Connection, before: int) -> list[tuple[str, str]]:
    """Give (village, commitment) of files no leaf commits to, stored before an instant."""
    rows = tx.execute(select(file.c.village, file.c.c).where(file.c.loose, file.c.at < before))
    return [(row.village, row.c) for row in rows]
