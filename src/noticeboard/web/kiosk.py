"""What a hall screen is answered: its player page, playlist and slides, the message of a change.

Pure functions of the board and the moment; the front calls them and sends the bytes. Making slides
is the costly part, so what was made is remembered until the village's public revision rises or the
playlist's own `until` comes, and never more than a few screens' worth.
"""

import json
from base64 import b64encode
from collections import OrderedDict
from functools import cache
from hashlib import sha256
from threading import Lock
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard import shipped
from noticeboard.board.checkpoints import policy_of, witnessed
from noticeboard.core.notice import Published
from noticeboard.core.playlist import Playlist, document, etag, revoked
from noticeboard.core.problems import NotFound
from noticeboard.show import due
from noticeboard.show.facts import former, listed, place
from noticeboard.show.render import HTML, tight
from noticeboard.show.slides import slides
from noticeboard.store import checkpoints, heads, notices, screens

JSON: Final = "application/json; charset=utf-8"
TEN_YEARS: Final = b"max-age=315360000, private"
# A screen may still hold anything that went up within 400 days; no village publishes this often.
EVERY: Final = 10_000
MOST_REMEMBERED: Final = 64  # screens; each some dozens of slides of a few kilobytes
POLL_SECONDS: Final = 60
# The message of a change of which nothing can be told: no playlist has this (missing) number.
ASK_ANEW: Final = b"event: playlist\ndata: {}\n\n"

Headers = tuple[tuple[bytes, bytes], ...]


class Answer(Struct, frozen=True):
    """Bytes with their media type and headers; `until` is when to ask again, None for never.

    `unchanged` are the headers of a 304: they still tell the time and how the log stands.
    """

    body: bytes
    media_type: str
    headers: Headers
    etag: str = ""
    until: int | None = None
    unchanged: Headers = ()


class _Ready(Struct, frozen=True):
    revision: int
    made_for: tuple[int, int, str]
    playlist: Playlist
    document: bytes
    bodies: dict[str, bytes]


# By database, village and screen: tests and tools open several boards in one process.
_ready: OrderedDict[tuple[str, str, str], _Ready] = OrderedDict()
_lock = Lock()


def shell(tx: Connection, screen_id: str) -> Answer:
    """Give the player page of a screen, cached for ten years; raises NotFound for no such screen.

    It holds nothing of the board: whose screen it is and how large stands in attributes, script
    and style are inlined and allowed by their hashes alone.
    """
    screen = screens.get(tx, screen_id)
    parts = _player()
    page = parts.page.format_map(
        {
            "screen": screen.id,
            "width": screen.width,
            "height": screen.height,
            "poll": POLL_SECONDS,
            "shell": parts.version,
            "style": parts.style,
            "script": parts.script,
        }
    )
    headers = (
        (b"cache-control", TEN_YEARS),
        (b"content-security-policy", parts.policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
    )
    return Answer(page.encode(), HTML, headers)


class _Player(Struct, frozen=True):
    page: str
    style: str
    script: str
    version: str
    policy: str


@cache
def _player() -> _Player:
    folder, assets = shipped("kiosk"), shipped("templates") / "assets"
    sheets = (assets / "tokens.css", assets / "slide.css", folder / "player.css")
    style = "".join(tight(sheet.read_text("utf-8")) for sheet in sheets)
    script = "".join((folder / name).read_text("utf-8") for name in ("tree.js", "player.js"))
    page = (folder / "shell.html").read_text("utf-8")
    policy = (
        f"default-src 'none'; script-src {_allowed(script)}; style-src {_allowed(style)}; "
        "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'"
    )
    version = sha256(f"{page}\0{style}\0{script}".encode()).hexdigest()[:16]
    return _Player(page, style, script, version, policy)


def _allowed(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def playlist(tx: Connection, screen_id: str, at: int, public_url: str | None) -> Answer:
    """Give a screen's playlist at an instant, with the time and how the log stands beside it.

    The entity tag covers the playlist alone, so that drafts and approvals change nothing on a
    screen. What stands beside it is in the headers of a 304 too, as `Noticeboard-At` and
    `Noticeboard-Log`. Never remembered by anybody on the way.
    """
    ready = _made(tx, screen_id, at, public_url)
    log = json.dumps(_log(tx, ready.playlist.village, at))
    body = b'{"playlist":%b,"at":%d,"log":%b}' % (ready.document, at, log.encode())
    tag = etag(ready.document)
    headers = (
        (b"cache-control", b"no-store"),
        (b"etag", tag.encode()),
        (b"noticeboard-at", str(at).encode()),
        (b"noticeboard-log", log.encode()),
    )
    return Answer(body, JSON, headers, tag, ready.playlist.until, headers)


def _log(tx: Connection, village: str, at: int) -> dict[str, Any]:
    """Say how a village's log stands: its signed head, who has checked it, whether it is frozen.

    `head` is the newest, which must go on from what a screen saw before. `witnessed` says which
    root the witnesses have seen and how many entries there are beyond it (`behind`): the foot
    shows that root, so that what it says of them is true of what stands beside it.
    A log goes by the beginning of its origin's SHA-256: an origin may have letters no header takes.
    """
    signed = checkpoints.latest(tx, village)
    standing = witnessed(tx, village, policy_of(tx), at)
    told: dict[str, Any] = {
        "head": None, "witnessed": None, "frozen": bool(heads.frozen(tx, village))
    }  # fmt: skip
    if signed is not None and standing is not None:
        origin = notices.head_of(tx, village).village.origin.encode()
        told["head"] = {
            "log": sha256(origin).hexdigest()[:16],
            "size": signed.size,
            "root": signed.root.hex(),
            "at": signed.at,
        }
        told["witnessed"] = {
            "root": standing.signed.root.hex(),
            "behind": standing.behind,
            "agreed": standing.agreed,
            "of": standing.of,
            "met": standing.met,
            "at": None if standing.age is None else at - standing.age,
        }
    return told


def slide(tx: Connection, screen_id: str, name: str, at: int, public_url: str | None) -> Answer:
    """Give the slide with a SHA-256 name (lower-case hex) of a screen's present playlist.

    Raises NotFound for one that is not shown now, also when it was a moment ago.
    """
    ready = _made(tx, screen_id, at, public_url)
    body = ready.bodies.get(name)
    if body is None:
        raise NotFound("这一屏已经换了。", value=name)
    # Not cached on the way: what is taken down must not live on in a cache we cannot reach.
    headers = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
    return Answer(body, HTML, headers, f'"{name}"')


def message(tx: Connection, village: str, at: int) -> bytes:
    """Give the message of a change for a village's open screens: its number and what is revoked.

    What was remembered of the village is forgotten, so that no redacted byte waits in memory.
    """
    with _lock:
        for key in [key for key in _ready if key[:2] == (str(tx.engine.url), village)]:
            del _ready[key]
    gone = revoked(notices.shown(tx, village, EVERY), at)
    told = {
        "number": notices.head_of(tx, village).revision,
        "at": at,
        "revoked": [{"notice": one.notice, "ed": one.ed, "at": one.at} for one in gone],
    }
    return b"event: playlist\ndata: " + json.dumps(told).encode() + b"\n\n"


def _made(tx: Connection, screen_id: str, at: int, public_url: str | None) -> _Ready:
    screen = screens.get(tx, screen_id)
    head = notices.head_of(tx, screen.village)
    key = (str(tx.engine.url), screen.village, screen.id)
    made_for = (screen.width, screen.height, public_url or "")
    with _lock:
        ready = _ready.get(key)
    fresh = ready is not None and ready.revision == head.revision and ready.made_for == made_for
    if ready is None or not fresh or not _holds(ready.playlist, at):
        ready = _make(tx, screen, at, public_url, made_for)
        with _lock:
            _ready[key] = ready
            _ready.move_to_end(key)
            while len(_ready) > MOST_REMEMBERED:
                _ready.popitem(last=False)
    return ready


def _holds(held: Playlist, at: int) -> bool:
    # Nor is it the same for an earlier moment than it was made at: tests and demos turn clocks.
    return held.made_at <= at and (held.until is None or at < held.until)


def _make(
    tx: Connection,
    screen: screens.Screen,
    at: int,
    public_url: str | None,
    made_for: tuple[int, int, str],
) -> _Ready:
    where = place(tx, screen.village)
    up = listed(tx, where, "playlist", at, EVERY)
    published = [known.up.publish for known in up if isinstance(known.up, Published)]
    before = {
        known.notice.code: former(tx, where, known.notice, known.edition.prev, at) for known in up
    }
    made = slides(
        up,
        where,
        screen,
        at,
        public_url,
        notices.leaf_hashes(tx, screen.village, published),
        notices.shown(tx, screen.village, EVERY),
        {code: old.stated.content for code, old in before.items() if old and old.stated},
        due.standing(tx, where, at),
        _player().version,
    )
    return _Ready(
        where.revision, made_for, made.playlist, document(made.playlist), dict(made.bodies)
    )
