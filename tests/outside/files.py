"""A log as files, written by nothing but the formats: for what a board itself would never write."""

from collections.abc import Sequence
from pathlib import Path
from shutil import copytree

from msgspec.structs import replace

from noticeboard.core.actions import Entry, leaf, read
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.notes import Note, signature
from noticeboard.core.recomputing import Recomputed
from noticeboard.core.tiles import WIDTH, bundles, pack, unpack
from noticeboard.signing.ed25519 import Private
from tests.cast import KEY, ORIGIN, SEED


def signed(head: Checkpoint) -> bytes:
    """Sign a head with the village's own key, as whoever stole it could."""
    return Note(head.text, (signature(KEY, Private(SEED).sign, head.text),)).write()


def write(folder: Path, leaves: Sequence[bytes]) -> Checkpoint:
    """Write entries as a whole log into a folder: bundles, tiles, signed head."""
    tree, files = Recomputed(), {}
    for bundle in bundles(len(leaves)):
        some = leaves[bundle.number * WIDTH : bundle.number * WIDTH + bundle.width]
        files[bundle.path] = pack(some)
        files.update((tile.path, data) for tile, data in tree.add(some))
    files.update((tile.path, data) for tile, data in tree.ends())
    head = Checkpoint(ORIGIN, len(leaves), tree.root())
    for path, data in {**files, "checkpoint": signed(head)}.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return head


def leaves_in(folder: Path, size: int) -> list[bytes]:
    """Read the entries of a log in a folder."""
    return [
        one
        for bundle in bundles(size)
        for one in unpack((folder / bundle.path).read_bytes(), bundle.width)
    ]


def rewritten(export: Path, folder: Path, leaves: Sequence[bytes]) -> Path:
    """Write an export anew with other entries, all hashes and the signature to match."""
    copytree(export, folder)
    for path in folder.glob("tile"):
        path.rename(folder / "was")
    write(folder, leaves)
    return folder


def plain(count: int) -> list[bytes]:
    """Give entries of an act that this version does not know: it passes over them and says so."""
    head = f'{{"act":"note","at":1,"by":0,"log":"{ORIGIN}","n":'
    return [f'{head}{n},"role":"clock","rules":"","v":1}}'.encode() for n in range(count)]


def changed(leaves: Sequence[bytes], index: int, **fields: object) -> list[bytes]:
    """Give entries one of which says something else, written as a board would write it."""
    entry = read(leaves[index])
    assert isinstance(entry, Entry)
    act = {name: value for name, value in fields.items() if name != "at"}
    action = replace(entry.action, **act)
    at = fields.get("at", entry.at)
    other = replace(entry, action=action, at=at)
    return [*leaves[:index], leaf(other), *leaves[index + 1 :]]
