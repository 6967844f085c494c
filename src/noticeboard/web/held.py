"""Workbooks between preview and confirmation: in the memory of this process and nowhere else.

What a clerk drops on the desk may hold numbers of people; until it is confirmed or dropped it lies
here under a random token that is of use to that clerk in that village alone, for half an hour. It
is never written to a disk, and after a restart it is gone.
"""

import logging
import secrets
from threading import Condition, Lock, Thread
from typing import Final

from noticeboard import importing
from noticeboard.board import Board
from noticeboard.core.problems import NotFound, NotNow, Problem
from noticeboard.core.sheet import Choices
from noticeboard.formats.apart import Apart
from noticeboard.importing import Checked

SECONDS: Final = 30 * 60
# A county's clerks come in the same days of a quarter; one file is 20 MB at most and mostly 50 kB.
MOST: Final = 64
MOST_BYTES: Final = 100_000_000
# So many rows stay understood at once; of an older workbook they are read again when it is seen.
MOST_ROWS: Final = 300_000
_LOG: Final = logging.getLogger("noticeboard.web")


class Workbook:
    """One file that a clerk dropped, how they want it read, and what it was understood to say.

    `version` counts the ways it was read: who confirms says which one they saw. `lines` are those
    read so far. `codes` are the drafts it became; then the bytes are gone.
    """

    def __init__(self, account: int, village: str, name: str, data: bytes, at: int) -> None:
        """Hold a file."""
        self.token = secrets.token_urlsafe(18)
        self.account, self.village, self.name, self.at = account, village, name, at
        self.data = data
        self.choices = Choices()
        self.anew: frozenset[int] = frozenset()
        self.version = 1
        self.reading = False
        self.lines = 0
        self.checked: Checked | None = None
        self.trouble: Problem | None = None
        self.codes: tuple[str, ...] | None = None
        self.confirming = Lock()

    @property
    def rows(self) -> int:
        """Give how many rows are held as understood."""
        return sum(sheet.rows for sheet in self.checked.sheets) if self.checked else 0


class Shelf:
    """Holds workbooks for a board and has them read, one child process for each."""

    def __init__(self, board: Board) -> None:
        """Begin with an empty shelf."""
        self._board = board
        self._reader: Apart = importing.reader()
        self._held: dict[str, Workbook] = {}
        self._changed = Condition()

    def put(self, account: int, village: str, name: str, data: bytes) -> Workbook:
        """Hold a file and begin to read it; the oldest go where there is no more room."""
        book = Workbook(account, village, name, data, self._board.now())
        with self._changed:
            self._sweep()
            self._held[book.token] = book
            while len(self._held) > MOST or self._bytes() > MOST_BYTES:
                self._held.pop(next(iter(self._held)))
        self.read(book)
        return book

    def get(self, token: str, account: int, village: str) -> Workbook:
        """Give what somebody holds; raises NotFound when it is gone or somebody else's."""
        with self._changed:
            self._sweep()
            book = self._held.get(token)
            if book is None or (book.account, book.village) != (account, village):
                raise NotFound(
                    "这份表格已经不在了。",
                    fix="没有存草稿的表格只留半小时，机器重新开过也不留。请回到办公桌再拖一次。",
                )
        if book.checked is None and book.trouble is None and book.codes is None:
            self.read(book)
        return book

    def drop(self, book: Workbook) -> None:
        """Let go of a file."""
        with self._changed:
            self._held.pop(book.token, None)

    def change(self, book: Workbook, choices: Choices, anew: frozenset[int], seen: int) -> None:
        """Have a workbook read otherwise; raises NotNow when it was not `seen` as it is."""
        with self._changed:
            if book.version != seen or book.codes is not None:
                raise NotNow("这一页刚刚变过。", fix="请看一遍现在的，再改。")
            book.choices, book.anew = choices, anew
            book.version, book.reading = book.version + 1, False
        self.read(book)

    def again(self, book: Workbook) -> None:
        """Have a workbook held against the board anew: somebody was faster."""
        self.change(book, book.choices, book.anew, book.version)

    def read(self, book: Workbook) -> None:
        """Begin to read a workbook as it was chosen, unless it is being read."""
        with self._changed:
            if book.reading:
                return
            book.reading, book.checked, book.trouble, book.lines = True, None, None, 0
            version = book.version
        Thread(target=self._read, args=(book, version), daemon=True).start()

    def wait(self, book: Workbook, seconds: float) -> bool:
        """Wait until a workbook is read, so long at most; says whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not book.reading, seconds)

    def _read(self, book: Workbook, version: int) -> None:
        def tell(rows: int) -> None:
            if book.version == version:
                book.lines = rows

        checked, trouble = None, None
        try:
            checked = importing.check(
                self._board,
                book.village,
                book.data,
                book.name,
                choices=book.choices,
                anew=book.anew,
                tell=tell,
                reader=self._reader,
            )
        except Problem as problem:
            trouble = problem
        except Exception as problem:  # noqa: BLE001 - nobody waits for this thread; the page tells
            _LOG.error("a workbook could not be read", exc_info=problem)
            trouble = NotNow(
                "这里出了毛病，表格没有读完。", fix="请再试一次；还不行，请告诉管机器的人。"
            )
        with self._changed:
            if book.version == version:
                book.checked, book.trouble, book.reading = checked, trouble, False
                self._thin(book)
            self._changed.notify_all()

    def _thin(self, newest: Workbook) -> None:
        """Forget what older workbooks were understood to say where it is too much together."""
        held = sum(book.rows for book in self._held.values())
        for book in self._held.values():
            if held > MOST_ROWS and book is not newest and book.checked is not None:
                held -= book.rows
                book.checked = None

    def _bytes(self) -> int:
        return sum(len(book.data) for book in self._held.values())

    def _sweep(self) -> None:
        now = self._board.now()
        for book in list(self._held.values()):
            if not 0 <= now - book.at <= SECONDS:
                del self._held[book.token]
