"""What anybody may read: an address becomes an answer that is remembered while it holds."""

from collections.abc import Mapping
from typing import Final

from noticeboard.board import Board
from noticeboard.core.problems import NotFound, Problem
from noticeboard.show import memo, routes
from noticeboard.show.memo import Entry, Memo
from noticeboard.show.show import missing, show
from noticeboard.store import screens
from noticeboard.web import kiosk

_READ_ONLY: Final = b"GET, HEAD"


class Pages:
    """The public pages of a board, remembered within a budget of bytes.

    `revisions` is what the watcher last saw; a page of an older revision is not sent.
    """

    def __init__(self, board: Board, public_url: str) -> None:
        """Serve a board's pages; `public_url` is where printed QR codes lead, "" for none."""
        self.board = board
        self.public_url = public_url or None
        self.memo = Memo()
        self.screens = kiosk.Screens(board.database, self.public_url)
        self.revisions: Mapping[str, int] = {}

    def holds(self, kept: Entry) -> bool:
        """Say whether an answer may be sent now."""
        return memo.holds(kept, self.board.now(), self.revisions)

    def answer(self, path: str, query: str) -> Entry:
        """Answer an address; a page that is not there is a page too."""
        try:
            if path.startswith("/kiosk/"):
                return self.screens.answer(path, self.board.now())
            return self._page(path, query)
        except Problem as problem:
            return self._refused(problem, query)

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

    def _refused(self, problem: Problem, query: str) -> Entry:
        with self.board.database.read() as tx:
            return memo.entry(missing(tx, problem, self.board.now(), routes.lang_of(query)))

    def forget(self, village: str) -> None:
        """Drop what is remembered of a village."""
        self.memo.forget(village)
        self.screens.forget(village)

    def village_of(self, path: str) -> str | None:
        """Give the village whose changes a screen's stream tells (`/kiosk/<screen>/live`)."""
        screen = path.split("/")[2]
        try:
            with self.board.database.read() as tx:
                return screens.get(tx, screen).village
        except NotFound:
            return None


def changed_message(number: int) -> bytes:
    """Say, as one server-sent event, that a village's playlist has a new number."""
    return b'event: playlist\nid: %d\ndata: {"number":%d}\n\n' % (number, number)


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
