"""The open log: head, tiles, bundles and proofs under the paths that C2SP tlog-tiles fixes."""

import re
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection

from noticeboard.board import checkpoints, openlog
from noticeboard.core.checkpoints import read_size
from noticeboard.core.problems import NotFound, Problem, Unavailable
from noticeboard.core.proofs import write_path
from noticeboard.core.tiles import read_path
from noticeboard.show.memo import Entry, Headers

_OK: Final = 200
PREFIX: Final = "/log/"
TEXT: Final = b"text/plain; charset=utf-8"
BYTES: Final = b"application/octet-stream"
# The head changes; what lies under it never does, so whoever fetched a tile may keep it for ever.
SHORTLY: Final = b"public, max-age=5"
FOR_EVER: Final = b"public, max-age=31536000, immutable"
GONE: Final = b"no-store"
# As `village add` takes them; a log that was stopped for ever has a number behind a dot.
_VILLAGE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}(\.[0-9]{1,4})?", re.ASCII)


def answer(tx: Connection, path: str, at: int) -> Entry:
    """Answer an address of the open log; what is not there is a line of text with status 404.

    Raises Unavailable for what is damaged.
    """
    try:
        return _found(tx, path.removeprefix(PREFIX), at)
    except Unavailable:
        raise
    except Problem:
        return not_here(at)


def is_of_a_village(path: str) -> bool:
    """Say whether an address is written as one below some village's log."""
    village, slash, _ = path.removeprefix(PREFIX).partition("/")
    return bool(slash) and _VILLAGE.fullmatch(village) is not None


def not_here(at: int) -> Entry:
    """Answer what is not there, as a line of text: programs read it."""
    return said(404, b"not here\n", TEXT, GONE, at)


def not_now(why: Problem, at: int) -> Entry:
    """Answer what is damaged here, as a line of text with why; nobody is to keep it."""
    return said(why.status, f"{why}\n".encode(), TEXT, GONE, at)


def _found(tx: Connection, path: str, at: int) -> Entry:
    village, _, rest = path.partition("/")
    match rest.split("/"):
        case ["checkpoint"]:
            return said(200, _there(checkpoints.served(tx, village)), TEXT, SHORTLY, at)
        case ["tile", *_]:
            body = _there(openlog.tile(tx, village, read_path(rest)))
            return said(200, body, BYTES, FOR_EVER, at)
        case ["consistency", old, new]:
            steps = openlog.consistency(tx, village, read_size(old), read_size(new))
            if steps is None:
                raise NotFound("没有这个证明。", value=path)
            return said(200, write_path(steps).encode(), TEXT, FOR_EVER, at)
    raise NotFound("没有这一页。", value=path)


def _there(body: bytes | None) -> bytes:
    if body is None:
        raise NotFound("没有这一块记录。")
    return body


def said(status: int, body: bytes, media_type: bytes, kept: bytes, at: int) -> Entry:
    """Make an answer that any program may read, in any page; it is not remembered here."""
    etag = b'"' + sha256(body).hexdigest()[:32].encode() + b'"'
    common: Headers = (
        (b"content-type", media_type),
        (b"cache-control", kept),
        (b"x-content-type-options", b"nosniff"),
        (b"access-control-allow-origin", b"*"),
    )
    if status == _OK:
        common = (*common, (b"etag", etag))
    headers = (*common, (b"content-length", b"%d" % len(body)))
    return Entry(
        status=status,
        body=body,
        packed=False,
        etag=etag if status == _OK else b"",
        headers=headers,
        plain_headers=headers,
        unchanged=common,
        until=at,
        village=None,
        revision=0,
    )
