"""The key by which people of lists and registers are matched: one file beside the log keys.

It stands in `<home>/matching/`, outside the database, and belongs into no backup: the database
alone then tells nobody's number. The board remembers only the key's fingerprint. A board whose key
is missing, or another one, makes no marks: two sorts of them would never match.
"""

import stat
from pathlib import Path
from typing import Final, Literal

from noticeboard.board.board import Board
from noticeboard.core import matching
from noticeboard.core.problems import NotNow
from noticeboard.signing.disk import locked
from noticeboard.signing.keys import DISK, make_folder
from noticeboard.store import marks, registers, screens

FOLDER: Final = "matching"
# The setting that remembers which key the marks of this board were made with.
_TOLD: Final = "matching"
_OTHERS: Final = 0o077
Standing = Literal["none", "ok", "missing", "other", "open"]


def path_of(home: Path) -> Path:
    """Give the file of the key."""
    return home / FOLDER / "key"


def village_key(board: Board, village: str) -> bytes:
    """Give a village's key, made on first use; nothing where marks cannot be made here.

    Nobody waits for a key: what is wrong with it doctor tells. Raises Unavailable for a disk that
    does not take the first one.
    """
    if board.home is None:
        return b""
    if standing(board) == "none":
        _make(board, board.home)
    key = _read(path_of(board.home)) if standing(board) == "ok" else None
    return matching.of_village(key or b"", village)


def standing(board: Board) -> Standing:
    """Say whether the key is there, nobody else's to read, and the one the marks were made with."""
    path = path_of(board.home) if board.home else None
    if path is not None and path.exists() and stat.S_IMODE(path.stat().st_mode) & _OTHERS:
        return "open"
    key = _read(path) if path else None
    with board.database.read() as tx:
        told = screens.told(tx, _TOLD)
    if not told:
        return "none"
    if key is None:
        return "missing"
    return "ok" if matching.fingerprint(key) == told else "other"


def _read(path: Path) -> bytes | None:
    """Read the key; None where there is none, or one of another length."""
    try:
        key = path.read_bytes()
    except OSError:
        return None
    return key if len(key) == matching.KEY else None


def _make(board: Board, home: Path) -> None:
    path = path_of(home)
    make_folder(path.parent)
    with locked(path.parent / "lock"):
        key = _read(path)
        if key is None:
            key = board.random(matching.KEY)
            DISK.put(path, key)
        with board.database.write() as tx:
            if not screens.told(tx, _TOLD):
                screens.tell(tx, _TOLD, matching.fingerprint(key))


def begin_anew(board: Board) -> int:
    """Make a new key where the old one is lost: every mark goes, and how many did is told.

    Raises NotNow where the key is there: marks that still match are not thrown away.
    """
    if board.home is None or standing(board) not in ("missing", "other"):
        raise NotNow("核对用的钥匙还在，不用换。")
    with board.database.write() as tx:
        gone = marks.erase_all(tx) + registers.forget_marks(tx)
        screens.forget(tx, _TOLD, screens.told(tx, _TOLD) or "")
    path_of(board.home).unlink(missing_ok=True)
    board.scrub()
    _make(board, board.home)
    return gone
