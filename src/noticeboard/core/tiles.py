"""Tiles: the tree and its entries cut into files with fixed names, as C2SP tlog-tiles lays out."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from noticeboard.core.problems import NotValid

WIDTH: Final = 256
LONGEST_LEAF: Final = 65_535
HIGHEST: Final = 63
# A number of a log that can be signed has at most six pieces of three digits.
_LONGEST_PATH: Final = 64
_PIECE = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII
)


class Tile(Struct, frozen=True):
    """Up to 256 neighbours of one level, or (level None) a bundle of as many entries.

    `number` counts the tiles of the level; `width` is how many it holds.
    """

    level: int | None
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Give its path under the log's prefix: `tile/0/x001/234.p/112`."""
        level = "entries" if self.level is None else self.level
        part = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{_number(self.number)}{part}"

    @property
    def span(self) -> int:
        """Give how many leaves stand under one of its hashes, or 1 for a bundle."""
        return 1 << 8 * (self.level or 0)

    @property
    def needs(self) -> int:
        """Give the smallest size of a log that has this tile."""
        return (self.number * WIDTH + self.width) * self.span


def _number(number: int) -> str:
    pieces = [f"{number % 1000:03}"]
    while number := number // 1000:
        pieces.insert(0, f"x{number % 1000:03}")
    return "/".join(pieces)


def read_path(path: str) -> Tile:
    """Read a tile's path; raises NotValid unless it is the one way to write it."""
    found = _PIECE.fullmatch(path) if len(path) <= _LONGEST_PATH else None
    if found is None:
        raise NotValid("这不是一块记录的地址。", value=path[:120])
    level = None if found[1] == "entries" else int(found[1])
    number = int(found[2].replace("x", "").replace("/", ""))
    tile = Tile(level, number, int(found[3]) if found[3] else WIDTH)
    if tile.path != path or (level or 0) > HIGHEST:
        raise NotValid("这不是一块记录的地址。", value=path[:120])
    return tile


def hash_tiles(size: int) -> Iterator[Tile]:
    """Name every tile of hashes of a log of `size`, level by level; what is empty is none."""
    level = 0
    while hashes := size // WIDTH**level:
        yield from _row(level, hashes)
        level += 1


def edge(size: int) -> Iterator[Tile]:
    """Name the partial tiles of hashes of a log of `size`: one a level at most, however large."""
    level = 0
    while hashes := size // WIDTH**level:
        if hashes % WIDTH:
            yield Tile(level, hashes // WIDTH, hashes % WIDTH)
        level += 1


def bundles(size: int) -> Iterator[Tile]:
    """Name every bundle of entries of a log of `size`."""
    return _row(None, size)


def _row(level: int | None, count: int) -> Iterator[Tile]:
    full, rest = divmod(count, WIDTH)
    for number in range(full):
        yield Tile(level, number)
    if rest:
        yield Tile(level, full, rest)


def pack(leaves: Iterable[bytes]) -> bytes:
    """Write entries as a bundle: each behind its length in two bytes, big-endian."""
    return b"".join(len(leaf).to_bytes(2) + leaf for leaf in leaves)


def unpack(data: bytes, width: int) -> list[bytes]:
    """Read a bundle of exactly `width` entries; raises NotValid when it is cut or has more."""
    leaves, at, end = [], 0, len(data)
    while at < end:
        start = at + 2
        at = start + int.from_bytes(data[at:start])
        leaves.append(data[start:at])
    if at != end:
        raise NotValid("这一包记录被截断了。")
    if len(leaves) != width:
        raise NotValid("这一包记录的条数不对。", value=f"{len(leaves)} ≠ {width}")
    return leaves


def hashes_in(data: bytes, width: int) -> Sequence[bytes]:
    """Cut a tile into its hashes; raises NotValid when it has not exactly `width`."""
    if len(data) != width * 32:
        raise NotValid("这一块的长度不对。", value=f"{len(data)} ≠ {width * 32}")
    return [data[at : at + 32] for at in range(0, len(data), 32)]
