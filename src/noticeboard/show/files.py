"""The files under a notice's code: its data, and its cleaned attachments while they may be seen."""

from noticeboard.core.notice import Edition, Notice, published
from noticeboard.core.problems import NotFound
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


def data_file(asked: Asked, form: str) -> Rendered:
    """Give a notice as JSON or CSV; a tombstone is a file too, answered with 410."""
    read = asked.seen("json" if form == "json" else "csv")
    status = 200 if read.showing in ("full", "figures") else 410
    listed = of(asked.where, asked.notice, asked.current, read.showing, asked.at)
    title = titles(asked.tx, asked.where, [listed]).get(asked.notice.code)
    if form == "json":
        document = data.document(read, title, asked.public_url)
        headers = (*HEADERS, (b"access-control-allow-origin", b"*"))
        return Rendered(exports.json_file(document), exports.JSON, headers, status)
    name = f'attachment; filename="{asked.notice.code}.csv"'.encode()
    headers = (*HEADERS, (b"content-disposition", name))
    return Rendered(data.table(read, title), exports.CSV, headers, status)


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
