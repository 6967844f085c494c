"""Fetching: a log's entries and contents from a copy, each held against what it must be.

Nothing that a copy says is believed: entries must fold into the root that the log's own key signed,
bodies must open the commitments in the entries, rules must have the hash that entries name.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from noticeboard.core.actions import (
    Appoint,
    Assess,
    Entry,
    Establish,
    Happen,
    Post,
    Return,
    Submit,
    Unknown,
)
from noticeboard.core.checkpoints import Checkpoint, Opened, opened, read_checkpoint
from noticeboard.core.merkle import Frontier, leaf_hash
from noticeboard.core.notes import Key, read_note
from noticeboard.core.notice import FileRef, Part
from noticeboard.core.parts import SALT, Kept, Rows, commitment, table_commitment
from noticeboard.core.problems import UNREADABLE, NotNow, NotValid
from noticeboard.core.rules import bundle_hash
from noticeboard.core.shapes import Shape
from noticeboard.core.tiles import LONGEST_LEAF, WIDTH, Tile, bundles, unpack
from noticeboard.net.sources import Source
from noticeboard.signing.ed25519 import verify

# A full bundle of entries of full length; a picture with its salt; everything else is smaller.
MOST = WIDTH * (LONGEST_LEAF + 2)

Tell = Callable[[int, int], None]
"""Told how much of how much is fetched."""


class Contents(Struct, kw_only=True):
    """What a copy still holds of some entries: bodies and tables by commitment, files as paths."""

    bodies: dict[str, Kept] = msgspec.field(default_factory=dict)
    tables: dict[str, Rows] = msgspec.field(default_factory=dict)
    files: dict[str, Path] = msgspec.field(default_factory=dict)


def head(source: Source, origin: str, keys: Iterable[Key]) -> Opened:
    """Fetch the head a copy serves; raises NotNow for none, NotValid for one we did not sign."""
    data = source.get("checkpoint")
    if data is None:
        raise NotNow("这个副本没有记录头。", fix="请看地址对不对：里面要有 checkpoint 这个文件。")
    note = read_note(data)
    if read_checkpoint(note.text).origin != origin:
        raise NotValid("这是别的日志的副本。", value=read_checkpoint(note.text).origin)
    return opened(note, keys, (), verify)


def leaves(source: Source, size: int, start: int, tell: Tell) -> Iterator[tuple[int, bytes]]:
    """Give (index, bytes) of the entries of a copy of `size`, from the bundle that holds `start`.

    Raises NotNow for a bundle that is not there, NotValid for one that is cut.
    """
    for tile in bundles(size):
        first = tile.number * WIDTH
        if first + tile.width <= start:
            continue
        for place, leaf in enumerate(_bundle(source, tile)):
            yield first + place, leaf
        tell(first + tile.width, size)


def _bundle(source: Source, tile: Tile) -> Sequence[bytes]:
    data = source.get(tile.path, limit=MOST)
    if data is not None:
        return unpack(data, tile.width)
    # A copy that has grown since may keep the full one only.
    full = source.get(Tile(None, tile.number).path, limit=MOST)
    if full is None:
        raise NotNow("这个副本里缺记录。", value=tile.path, fix="请换一个副本。")
    return unpack(full, WIDTH)[: tile.width]


def roots(leaves: Iterable[bytes], sizes: Iterable[int]) -> dict[int, bytes]:
    """Fold leaves and give the root at each of some sizes; those beyond the end are missing."""
    grown, wanted = Frontier(), set(sizes)
    found = {0: grown.root()} if 0 in wanted else {}
    for leaf in leaves:
        grown.append(leaf_hash(leaf))
        if grown.size in wanted:
            found[grown.size] = grown.root()
    return found


def rules(source: Source, hash_: str) -> bytes:
    """Fetch a rules bundle by its hash; raises NotNow for none, NotValid for another one."""
    data = source.get(f"rules/{hash_}")
    if data is None:
        raise NotNow("这个副本里缺规则。", value=hash_, fix="请换一个副本。")
    if bundle_hash(data) != hash_:
        raise NotValid("副本里的规则被改过。", value=hash_)
    return data


def parts_of(entries: Iterable[Entry | Unknown]) -> dict[str, Part]:
    """Give every part that some entries commit to, by commitment."""
    return {
        part.c: part
        for entry in entries
        if isinstance(entry, Entry)
        and isinstance(entry.action, Submit | Return | Appoint | Establish | Assess | Happen)
        for part in entry.action.parts
    }


def files_of(entries: Iterable[Entry | Unknown]) -> dict[str, FileRef]:
    """Give every file that some entries commit to, by commitment."""
    return {
        ref.c: ref
        for entry in entries
        if isinstance(entry, Entry) and isinstance(entry.action, Submit | Post)
        for ref in entry.action.files
    }


def contents(
    source: Source,
    parts: Iterable[Part],
    files: Iterable[FileRef],
    folder: Path,
    tell: Tell,
) -> Contents:
    """Fetch what a copy holds of parts and files; files are laid into `folder`.

    Raises NotValid for whatever does not open its commitment.
    """
    found = Contents()
    parts, files = list(parts), list(files)
    for done, part in enumerate(parts):
        tell(done, len(parts) + len(files))
        if not part.rows:
            _body(source, part.c, found)
        elif (table := _table(source, part)) is not None:
            found.tables[part.c] = table
            for c, id_ in zip(table.rows, table.ids, strict=True):
                _body(source, c.hex(), found, id_)
    for done, ref in enumerate(files, len(parts)):
        tell(done, len(parts) + len(files))
        data = source.get(f"file/{ref.c}", limit=ref.len + SALT)
        if data is None:
            continue
        _opens(data, ref.c)
        if len(data) != ref.len + SALT:
            raise _changed(ref.c)
        found.files[ref.c] = folder / ref.c
        found.files[ref.c].write_bytes(data)
    return found


def _table(source: Source, part: Part) -> Rows | None:
    data = source.get(f"table/{part.c}")
    if data is None:
        return None
    try:
        said = _SAID.of_json(data)
        rows = tuple(bytes.fromhex(c) for c in said.rows)
    except UNREADABLE:
        raise _changed(part.c) from None
    sound = len(rows) == len(said.ids) == part.rows and len(set(said.ids)) == part.rows
    if not sound or table_commitment(rows).hex() != part.c:
        raise _changed(part.c)
    return Rows(part.c, said.ids, rows)


class _Said(Struct, frozen=True):
    ids: tuple[int, ...]
    rows: tuple[str, ...]


_SAID = Shape(_Said)


def _body(source: Source, c: str, found: Contents, row: int | None = None) -> None:
    data = source.get(f"body/{c}")
    if data is None:
        return
    _opens(data, c)
    body = data[SALT:]
    if row is not None and _ROW.of_json(body).id != row:
        raise _changed(c)
    found.bodies[c] = Kept(c, data[:SALT], body)


class _Row(Struct, frozen=True):
    id: int


_ROW = Shape(_Row)


def _opens(data: bytes, c: str) -> None:
    if len(data) < SALT or commitment(data[:SALT], data[SALT:]).hex() != c:
        raise _changed(c)


def _changed(c: str) -> NotValid:
    return NotValid("副本里的内容被改过，什么也没有动。", value=c, fix="请换一个副本。")


def consistent(found: dict[int, bytes], *heads: Checkpoint) -> None:
    """See that the folded entries have the roots of some heads; raises NotValid with the first."""
    for one in heads:
        if found.get(one.size) != one.root:
            raise NotValid(
                "这个副本的记录和签过名的不一样，什么也没有动。",
                value=f"{one.size} {one.root.hex()[:16]}",
                fix="请换一个副本；哪个都这样，请看 noticeboard doctor。",
            )
