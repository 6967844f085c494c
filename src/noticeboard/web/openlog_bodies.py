"""What of a log is public besides its leaves: the list, bodies, tables, files and rule bundles.

A body may be erased tomorrow: no cache on the way may keep it and go on giving it out.
"""

import re
from typing import Final

from noticeboard.board.public import Window
from noticeboard.core.problems import NotFound
from noticeboard.show.memo import Entry
from noticeboard.web import openlog

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_JSON: Final = b"application/json"


def answer(window: Window, path: str, at: int) -> Entry | None:
    """Answer an address of the open log if it is one of this room's, else give None."""
    try:
        return _found(window, path, at)
    except NotFound:
        return openlog.said(404, b"not here\n", openlog.TEXT, openlog.GONE, at)


def _found(window: Window, path: str, at: int) -> Entry | None:
    match path.removeprefix(openlog.PREFIX).split("/"):
        case [village, "public.json"]:
            return openlog.said(200, window.listing(village), _JSON, openlog.GONE, at)
        case [village, "body", c] if _HASH.fullmatch(c):
            return openlog.said(200, window.body(village, c), openlog.BYTES, openlog.GONE, at)
        case [village, "table", c] if _HASH.fullmatch(c):
            return openlog.said(200, window.table(village, c), _JSON, openlog.GONE, at)
        case [village, "file", c] if _HASH.fullmatch(c):
            return openlog.said(200, window.file(village, c), openlog.BYTES, openlog.GONE, at)
        case [_, "rules", hash_] if _HASH.fullmatch(hash_):
            return openlog.said(200, window.rules(hash_), _JSON, openlog.FOR_EVER, at)
    return None
