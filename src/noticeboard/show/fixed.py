"""The small fixed files of a site: what robots may read, a tab's mark, the check in a browser."""

from functools import cache
from typing import Final, Literal

from noticeboard import shipped
from noticeboard.show.render import Rendered

Name = Literal["robots.txt", "favicon.svg", "check.js"]

_SNIFF: Final = (b"x-content-type-options", b"nosniff")
_HEADERS: Final = (_SNIFF, (b"cache-control", b"max-age=86400"))

# Everything public may be found, but nobody needs a villager's row or a search in a search engine.
ROBOTS: Final = b"""User-agent: *
Disallow: /desk/
Disallow: /kiosk/
Disallow: /v/*/search
Disallow: /n/*/r/
"""
# The double rule of the masthead and three lines of a ledger.
ICON: Final = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">\
<path fill="#FAF6EC" d="M0 0h32v32H0z"/><path fill="#A8201A" d="M4 6h24v4H4zM4 11.5h24v1.5H4z"/>\
<path fill="#221D18" d="M4 17h16v2H4zM22 17h6v2h-6zM4 21.5h13v2H4zM22 21.5h6v2h-6z\
M4 26h10v2H4zM22 26h6v2h-6z"/></svg>
"""


@cache
def file(name: Name) -> Rendered:
    """Give one of the fixed files."""
    match name:
        case "robots.txt":
            return Rendered(ROBOTS, "text/plain; charset=utf-8", _HEADERS)
        case "favicon.svg":
            return Rendered(ICON, "image/svg+xml", _HEADERS)
        case "check.js":
            parts = (shipped("kiosk") / part for part in ("tree.js", "check.js"))
            script = b"".join(part.read_bytes() for part in parts)
            return Rendered(script, "text/javascript; charset=utf-8", (_SNIFF,))
