"""The files under a notice's code: its data, and its cleaned attachments while they may be seen."""

from noticeboard.core.notice import Edition, Notice, published
from noticeboard.core.problems import NotFound
from noticeboard.core.visible import visible
from noticeboard.formats import exports
from noticeboard.show import data
from noticeboard.show.asked import Asked
from noticeboard.show.listing import of, titles
from noticeboard.show.render import Rendered
from noticeboard.store import blobs

# A picture or a data file runs nothing and loads nothing, wherever it is opened.
HEADERS = (
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)


def data_file(asked: Asked, edition: Edition, form: str, name: str) -> Rendered:
    """Give an edition as JSON, or as CSV or a workbook called `name`; a tombstone too, with 410."""
    read = asked.seen("json" if form == "json" else "csv", edition)
    status = 200 if read.showing in ("full", "figures") else 410
    listed = of(asked.where, asked.notice, edition, read.showing, asked.at)
    title = titles(asked.tx, asked.where, [listed]).get(asked.notice.code)
    if form == "json":
        document = data.document(read, title, wall_photos(asked, edition), asked.public_url)
        headers = (*HEADERS, (b"access-control-allow-origin", b"*"))
        return Rendered(exports.json_file(document), exports.JSON, headers, status)
    saved_as = f'attachment; filename="{name}.{form}"'.encode()
    headers = (*HEADERS, (b"content-disposition", saved_as))
    if form == "xlsx":
        body = data.workbook(read, title, asked.public_url)
        return Rendered(body, exports.XLSX, headers, status)
    return Rendered(data.table(read, title), exports.CSV, headers, status)


def wall_photos(asked: Asked, edition: Edition) -> frozenset[str]:
    """Give the photos of an edition's paper on walls that may be seen, by their commitments."""
    up = published(edition)
    showing = visible(asked.notice, edition, "file", asked.at, asked.where.rules)
    if up is None or showing != "full":
        return frozenset()
    taken = [file.c for one in asked.notice.posted if one.of == up.publish for file in one.files]
    return blobs.files_held(asked.tx, asked.where.code, taken)


def attached(asked: Asked, c: str, *, small: bool) -> Rendered:
    """Give a cleaned file while an edition that carries it (or its paper on a wall) may show it.

    Raises NotFound when none may, or when it has been erased.
    """
    if not any(asked.seen("file", e).showing == "full" for e in _carrying(asked.notice, c)):
        raise NotFound("没有这个附件，或者已经不公开了。")
    if small:
        thumb = blobs.thumb_of(asked.tx, asked.where.code, c)
        if thumb is not None:
            return Rendered(thumb, "image/jpeg", HEADERS)
    held = blobs.file_of(asked.tx, asked.where.code, c)
    if held is None:
        raise NotFound("没有这个附件，或者已经不公开了。")
    return Rendered(held.data, held.type, HEADERS)


def _carrying(notice: Notice, c: str) -> list[Edition]:
    posted = {one.of for one in notice.posted if any(file.c == c for file in one.files)}
    found = []
    for edition in notice.editions:
        up = published(edition)
        if up and (up.publish in posted or any(file.c == c for file in edition.files)):
            found.append(edition)
    return found
