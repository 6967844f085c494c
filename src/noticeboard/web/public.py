"""What anybody may read: an address becomes an answer that is remembered while it holds."""

import logging
from collections.abc import Mapping
from typing import Final

from noticeboard.board import Board
from noticeboard.board.openlog import TELL
from noticeboard.board.public import Window
from noticeboard.core.problems import NotFound, NotValid, Problem, Unavailable
from noticeboard.show import memo, routes
from noticeboard.show.memo import Entry, Memo
from noticeboard.show.show import missing, show
from noticeboard.store import screens
from noticeboard.web import kiosk, openlog, openlog_bodies

_LOG: Final = logging.getLogger("noticeboard")
_READ_ONLY: Final = b"GET, HEAD"


def _damaged() -> Unavailable:
    return Unavailable("这一页现在显示不出来：这里存的坏了。", fix=TELL)


class Pages:
    """The public pages of a board, remembered within a budget of bytes.

    `revisions` is what the watcher last saw; a page of an older revision is not sent.
    """

    def __init__(self, board: Board, public_url: str) -> None:
        """Serve a board's pages; `public_url` is where printed QR codes lead, "" for none."""
        self.board = board
        self.public_url = public_url or None
        self.memo = Memo()
        self.window = Window(board)
        self.revisions: Mapping[str, int] = {}

    def holds(self, kept: Entry) -> bool:
        """Say whether an answer may be sent now."""
        return memo.holds(kept, self.board.now(), self.revisions)

    def answer(self, path: str, query: str) -> Entry:
        """Answer an address; a page that is not there is a page too, and so is a damaged one."""
        try:
            return self._answer(path, query)
        except NotValid:
            # Nothing that somebody reads by is refused so: it is a leaf or a head that is damaged.
            return self._refused(_damaged(), path, query)
        except Problem as problem:
            return self._refused(problem, path, query)
        except Exception:  # noqa: BLE001 - it is said in the program's log
            # Rows that somebody changed can end in anything: whoever reads is told so in words.
            _LOG.exception("%s", path)
            return self._refused(_damaged(), path, query)

    def _answer(self, path: str, query: str) -> Entry:
        if path.startswith("/kiosk/"):
            return self._screen(path)
        if path.startswith(openlog.PREFIX):
            return self._log(path)
        return self._page(path, query)

    def _page(self, path: str, query: str) -> Entry:
        route, lang = routes.parse(path, query), routes.lang_of(query)
        if route is None:
            raise NotFound("这里没有这一页。", value=path)
        at, key = self.board.now(), (route.address, lang)
        kept = self.memo.get(key, at, self.revisions)
        if kept is not None:
            return kept
        with self.board.database.read() as tx:
            shown = show(tx, route, at, lang, self.public_url)
        made = memo.entry(shown)
        if route.remembered and shown.status == 200:  # noqa: PLR2004 - OK
            self.memo.put(key, made, at, self.revisions)
        return made

    def _log(self, path: str) -> Entry:
        at = self.board.now()
        if not openlog.is_of_a_village(path):
            return openlog.not_here(at)
        beside = openlog_bodies.answer(self.window, path, at)
        if beside is not None:
            return beside
        with self.board.database.read() as tx:
            return openlog.answer(tx, path, at)

    def _screen(self, path: str) -> Entry:
        """Answer a hall screen: its player, its playlist, one slide. Never remembered here."""
        at = self.board.now()
        with self.board.database.read() as tx:
            match path.strip("/").split("/")[1:]:
                case [screen]:
                    answer = kiosk.shell(tx, screen)
                case [screen, "playlist.json"]:
                    answer = kiosk.playlist(tx, screen, at, self.public_url)
                case [screen, "slide", name]:
                    answer = kiosk.slide(tx, screen, name, at, self.public_url)
                case _:
                    raise NotFound("这里没有这一页。", value=path)
        head = (b"content-type", answer.media_type.encode())
        headers = (head, *answer.headers, (b"content-length", b"%d" % len(answer.body)))
        return Entry(
            status=200,
            body=answer.body,
            packed=False,
            etag=answer.etag.encode(),
            headers=headers,
            plain_headers=headers,
            unchanged=answer.unchanged,
            until=at,
            village=None,
            revision=0,
        )

    def _refused(self, problem: Problem, path: str, query: str) -> Entry:
        at = self.board.now()
        if path.startswith(openlog.PREFIX):
            return openlog.not_now(problem, at)
        try:
            with self.board.database.read() as tx:
                return memo.entry(missing(tx, problem, at, routes.lang_of(query)))
        except Unavailable as why:  # not even the frame of a page can be read
            return openlog.not_now(why, at)

    def forget(self, village: str) -> None:
        """Drop what is remembered of a village."""
        self.memo.forget(village)

    def village_of(self, path: str) -> str | None:
        """Give the village whose changes a screen's stream tells (`/kiosk/<screen>/live`).

        None for no such screen, and where it cannot be read: it is refused then, and comes again.
        """
        screen = path.split("/")[2]
        try:
            with self.board.database.read() as tx:
                return screens.get(tx, screen).village
        except (NotFound, Unavailable):
            return None
        except Exception:  # noqa: BLE001 - as in `answer`; or a name that no database takes
            _LOG.exception("%s", path)
            return None

    def change(self, village: str) -> bytes:
        """Give the event that tells a village's screens what changed and what to drop.

        Where that cannot be read they are only told to ask for their playlist: a stream ends over
        it as little as the thread that watches for changes.
        """
        try:
            with self.board.database.read() as tx:
                return kiosk.message(tx, village, self.board.now())
        except Exception:  # noqa: BLE001 - rows that somebody changed, as in `answer`
            _LOG.exception("/v/%s", village)
            return kiosk.ASK_ANEW


ONLY_READING = Entry(
    status=405,
    body=b"",
    packed=False,
    etag=b"",
    headers=((b"allow", _READ_ONLY), (b"content-length", b"0")),
    plain_headers=((b"allow", _READ_ONLY), (b"content-length", b"0")),
    unchanged=(),
    until=None,
    village=None,
    revision=0,
)
