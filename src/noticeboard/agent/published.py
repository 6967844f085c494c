"""A published log as a stranger reads it: its head, its tiles, its entries."""

from typing import Final

from noticeboard.core.notes import LONGEST, Note, read_note
from noticeboard.core.problems import NotFound, Unavailable
from noticeboard.core.tiles import LONGEST_LEAF, WIDTH, Tile, unpack
from noticeboard.net.sources import Source

_BUNDLE: Final = WIDTH * (LONGEST_LEAF + 2)


class Published:
    """A log behind a source; nothing it gives is believed before the head vouches for it."""

    def __init__(self, source: Source) -> None:
        """Read from a source."""
        self.source = source

    def note(self) -> Note:
        """Give the head's note, nothing of it checked; raises NotValid, and NotFound for none."""
        data = self.source.get("checkpoint", limit=LONGEST)
        if data is None:
            raise NotFound("对方这里没有记录头。", fix="请看地址对不对，例如 …/log/村代码。")
        return read_note(data)

    def tile(self, tile: Tile) -> bytes:
        """Give a tile's bytes, cut from the full one where the partial one has gone already."""
        data = self.source.get(tile.path)
        if data is None and tile.width < WIDTH:
            data = self.source.get(Tile(tile.level, tile.number).path)
            data = data[: tile.width * 32] if data else None
        return _there(data, tile)

    def leaves(self, bundle: Tile) -> list[bytes]:
        """Give the entries of a bundle, cut from the full one where the partial one has gone."""
        data = self.source.get(bundle.path, limit=_BUNDLE)
        if data is None and bundle.width < WIDTH:
            whole = Tile(None, bundle.number)
            data = self.source.get(whole.path, limit=_BUNDLE)
            return unpack(_there(data, whole), WIDTH)[: bundle.width]
        return unpack(_there(data, bundle), bundle.width)


def _there(data: bytes | None, tile: Tile) -> bytes:
    if data is None:
        raise Unavailable("对方缺一块记录。", value=tile.path)
    return data
