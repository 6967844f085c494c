"""What besides values stands in an .xlsx: pictures and their places, comments, macros, properties.

None of it comes along; it is listed, so that nobody wonders where it went.
"""

import re
from collections.abc import Callable

from noticeboard.formats.archive import Archive
from noticeboard.formats.sheetxml import elements


def pictures(archive: Archive, part: str) -> frozenset[tuple[int, int]]:
    """Find the cells at whose corners a sheet's pictures and objects begin."""
    found: set[tuple[int, int]] = set()
    for drawing in archive.related(part, "drawing").values():
        if drawing in archive:
            elements(archive.blocks(drawing), *_corners(found))
    return frozenset(found)


def _corners(
    found: set[tuple[int, int]],
) -> tuple[Callable[[str, dict[str, str]], None], Callable[[str], None], Callable[[str], None]]:
    place: dict[str, int] = {}
    inside: list[str] = []

    def begin(tag: str, _: dict[str, str]) -> None:
        inside.append(tag)

    def end(tag: str) -> None:
        inside.pop()
        if tag == "from":
            found.add((place.get("row", 0), place.get("col", 0)))

    def text(words: str) -> None:
        if inside[-2:] in (["from", "row"], ["from", "col"]):
            place[inside[-1]] = int(words)

    return begin, end, text


_KINDS = (
    (re.compile(r"xl/(?:.*/)?(?:comments|threadedcomments)\d*(?:/.*)?\.xml"), "批注"),
    (re.compile(r"xl/(?:media/.+|cellimages\.xml)"), "图片"),
    (re.compile(r"xl/embeddings/.+"), "嵌入的文件"),
    (re.compile(r"xl/vbaproject\.bin"), "宏"),
    (re.compile(r"xl/externallinks/.+\.xml"), "到别的文件的链接"),
    (re.compile(r"docprops/.+\.xml"), "文件属性（作者、单位、时间）"),
)


def left_behind(names: list[str]) -> tuple[str, ...]:
    """Say what besides values the file carries; none of it comes along."""
    return tuple(said for kind, said in _KINDS if any(kind.fullmatch(name) for name in names))
