"""A village's log as files under the paths it is served at: any web server can serve them."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board import Board, checkpoints, openlog
from noticeboard.board.public import Listing, listing
from noticeboard.core.checkpoints import Checkpoint, read_checkpoint
from noticeboard.core.merkle import consistent
from noticeboard.core.notes import read_note
from noticeboard.core.notice import Part
from noticeboard.core.problems import NotFound, NotNow, Problem, Unavailable
from noticeboard.core.tiles import bundles, hash_tiles, unpack
from noticeboard.store import blobs
from noticeboard.store import rules as stored_rules

_SLICE = 500

Tell = Callable[[int, int], None]
"""Told how many entries of how many are written."""


class Exported(Struct, frozen=True):
    """What was written: the head it is all of, and how many files."""

    size: int
    root: bytes
    files: int


def export(
    board: Board, village: str, folder: Path, tell: Tell = lambda _done, _all: None
) -> Exported:
    """Write a village's log whole into a folder: its head, tiles, entries and all that is public.

    Everything is of one moment and one size. It is written beside the folder and then put in its
    place, so what was there before is there until the new one is complete. Raises NotNow for a
    folder that holds something else, or an export that this log does not go on from, or while
    entries wait for their checkpoint; NotFound; Unavailable when it cannot be written.
    """
    folder = folder.absolute()
    before = _there(folder)
    beside = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        with board.database.read() as tx:
            head = _head(tx, village)
            if before is not None:
                _goes_on(tx, village, before, head)
            files = _write(tx, village, head.size, beside, board.now(), tell)
        _put_in_place(beside, folder)
    except OSError as error:
        raise Unavailable("写不进这个文件夹。", value=f"{folder}：{error.strerror}") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return Exported(head.size, head.root, files)


def _there(folder: Path) -> Checkpoint | None:
    """Give the head of an export that is there already, None for a new or an empty folder."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return None
    with suppress(OSError, Problem):
        return read_checkpoint(read_note((folder / "checkpoint").read_bytes()).text)
    raise NotNow("这个文件夹里有别的东西。", value=str(folder), fix="请换一个空的文件夹。")


def _head(tx: Connection, village: str) -> Checkpoint:
    note = checkpoints.served(tx, village)
    if note is None:
        raise NotFound("这个村的记录还没有签过名。", value=village, fix="请先 noticeboard serve。")
    return read_checkpoint(read_note(note).text)


def _goes_on(tx: Connection, village: str, before: Checkpoint, head: Checkpoint) -> None:
    path = openlog.consistency(tx, village, before.size, head.size)
    whole = path is not None and before.origin == head.origin
    if not whole or not consistent(before.size, before.root, head.size, head.root, path or ()):
        raise NotNow(
            "这里原来导出的，和现在的记录接不上，没有动它。",
            value=f"{before.origin} {before.size}",
            fix="请把原来的留好，查清哪一份是对的；要导出就换一个文件夹。",
        )


def _write(tx: Connection, village: str, size: int, folder: Path, at: int, tell: Tell) -> int:
    written = 0
    for path, data in _files(tx, village, size, at, tell):
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        written += 1
    return written


def _files(
    tx: Connection, village: str, size: int, at: int, tell: Tell
) -> Iterator[tuple[str, bytes]]:
    """Give every file as (path, bytes), the head last: where it stands all else does."""
    rules = set[str]()
    for bundle in bundles(size):
        data = _whole(openlog.tile_of(tx, village, bundle))
        yield bundle.path, data
        rules |= {named for leaf in unpack(data, bundle.width) if (named := _rules_of(leaf))}
        tell(bundle.needs, size)
    for tile in hash_tiles(size):
        yield tile.path, _whole(openlog.tile_of(tx, village, tile))
    found = listing(tx, village, at)
    if found.size != size and not found.frozen:
        raise NotNow("最后几条记录还没有签名。", value=village, fix="请过几秒再试。")
    for hash_ in sorted({*rules, found.rules}):
        bundle_bytes = stored_rules.bundle(tx, hash_)
        if bundle_bytes is not None:
            yield f"rules/{hash_}", bundle_bytes
    yield from _bodies(tx, village, found)
    yield "public.json", msgspec.json.encode(found)
    yield "checkpoint", _whole(checkpoints.served(tx, village))


def _bodies(tx: Connection, village: str, found: Listing) -> Iterator[tuple[str, bytes]]:
    for some in _slices(found.bodies):
        for c, kept in blobs.bodies_by(tx, village, some).items():
            yield f"body/{c}", kept.salt + kept.body
    for some in _slices(found.tables):
        for c, table in blobs.tables_of(tx, village, [Part("", c, 1) for c in some]).items():
            yield f"table/{c}", msgspec.json.encode({"ids": table.ids, "rows": table.rows})
    for c in found.files:
        file = blobs.file_of(tx, village, c)
        if file is not None:
            yield f"file/{c}", file.salt + file.data


def _slices(cs: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    return (cs[at : at + _SLICE] for at in range(0, len(cs), _SLICE))


def _rules_of(leaf: bytes) -> str | None:
    try:
        read: Any = msgspec.json.decode(leaf)
    except msgspec.DecodeError:
        return None
    named = read.get("rules") if isinstance(read, dict) else None
    return named if isinstance(named, str) else None


def _whole(data: bytes | None) -> bytes:
    if data is None:
        raise Unavailable("记录里有缺的，导不出来。", fix="请先 noticeboard verify，看看缺什么。")
    return data


def _put_in_place(beside: Path, folder: Path) -> None:
    old = beside.with_name(f"{beside.name}.old")
    if folder.exists():
        folder.rename(old)
    beside.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
