"""The screens of a village's halls: added and retired by whoever keeps its people."""

import re

from noticeboard.board import accounts
from noticeboard.board.board import Board
from noticeboard.board.scanning import refuse
from noticeboard.core.privacy import scan
from noticeboard.core.problems import NotNow, NotValid
from noticeboard.store import screens
from noticeboard.store.screens import Screen

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
SMALLEST, LARGEST = 320, 7680


def add(
    board: Board, village: str, by: int, *, id_: str, name: str, width: int, height: int
) -> None:
    """Add a screen as it hangs, `width` × `height` pixels. Raises NotValid, NotAllowed, NotNow."""
    accounts.seat(board, by, village, "appoint")
    if _ID.fullmatch(id_) is None:
        raise NotValid("屏的代号只用小写字母、数字和横线。", value=id_, field="id")
    if not name.strip():
        raise NotValid("请写明屏在哪里。", field="name")
    # Both stand on the screen and in its address.
    refuse(scan([("屏的代号", id_), ("屏的名称", name)]))
    for field, size in (("width", width), ("height", height)):
        if not SMALLEST <= size <= LARGEST:
            raise NotValid(
                "尺寸要在 {smallest} 到 {largest} 像素之间。",
                smallest=SMALLEST,
                largest=LARGEST,
                value=str(size),
                field=field,
            )
    with board.database.write() as tx:
        if screens.exists(tx, id_):
            raise NotNow("这个代号已经有屏在用了。", value=id_, fix="请换一个。", field="id")
        screens.add(tx, Screen(village, id_, name.strip(), width, height, board.now(), False))


def retire(board: Board, village: str, by: int, id_: str) -> None:
    """Take a screen out of use; what it shows ends at its next question."""
    accounts.seat(board, by, village, "appoint")
    with board.database.write() as tx:
        if screens.get(tx, id_).village == village:
            screens.retire(tx, id_)
