"""A workbook's zip, read with bounds."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from noticeboard.formats.bounds import (
    MOST_PARTS,
    MOST_RATIO,
    MOST_UNPACKED,
    SMALL_PART,
    Bomb,
    Damaged,
    Locked,
)
from noticeboard.formats.sheetxml import elements

_BLOCK = 1 << 16


class Archive:
    """A workbook's zip, read with bounds: a directory may lie about sizes.

    Names are found as Excel finds them, whatever their case. Raises Bomb, Locked, Damaged and what
    zipfile and zlib raise.
    """

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        parts = self._zip.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise Bomb
        for part in parts:
            if part.file_size > max(SMALL_PART, MOST_RATIO * part.compress_size):
                raise Bomb
            if part.flag_bits & 1:
                raise Locked
        self._parts = {_folded(part.filename): part for part in parts}
        if len(self._parts) < len(parts):
            # Of two parts with one name every reader takes another one.
            raise Damaged

    def __contains__(self, name: str) -> bool:
        """Say whether there is such a part."""
        return _folded(name) in self._parts

    def names(self) -> list[str]:
        """List the parts, in lower case."""
        return list(self._parts)

    def blocks(self, name: str) -> Iterator[bytes]:
        """Give a part's bytes in order; its checksum is compared at the end."""
        if name not in self:
            raise Damaged
        left = MOST_UNPACKED
        with self._zip.open(self._parts[_folded(name)]) as stream:
            while block := stream.read(_BLOCK):
                left -= len(block)
                if left < 0:
                    raise Bomb
                yield block

    def related(self, name: str, kind: str) -> dict[str, str]:
        """Give what a part leads to of one kind (`worksheet`, `drawing`): part by identifier."""
        folder = PurePosixPath(name).parent
        found: dict[str, str] = {}

        def begin(tag: str, given: dict[str, str]) -> None:
            if tag == "Relationship" and given.get("Type", "").endswith("/" + kind):
                target = given["Target"]
                inside = target[1:] if target.startswith("/") else str(folder / target)
                found[given["Id"]] = _straight(inside)

        relations = f"{folder}/_rels/{PurePosixPath(name).name}.rels"
        if relations in self:
            elements(self.blocks(relations), begin)
        return found


def _folded(name: str) -> str:
    return name.replace("\\", "/").lower()


def _straight(path: str) -> str:
    """Take the steps up out of a path: xl/worksheets/../drawings/a.xml."""
    steps: list[str] = []
    for step in PurePosixPath(path).parts:
        if step != "..":
            steps.append(step)
        elif steps:
            steps.pop()
    return "/".join(steps)
