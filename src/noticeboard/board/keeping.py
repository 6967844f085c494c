"""Keeping house: forget what is over, drop bytes nobody refers to, leave nothing erased behind."""

from noticeboard.board.board import Board
from noticeboard.core.days import DAY
from noticeboard.store import blobs, drafts, notices, people


def sweep(board: Board) -> None:
    """Forget old sessions and forms, drop pictures of broken uploads, lay the reserve by."""
    at = board.now()
    with board.database.write() as tx:
        people.sweep(tx, at)
        for village in sorted({village for village, _c in blobs.loose(tx, at - DAY)}):
            # A submission moves files from a draft to its leaf under this lock.
            notices.lock(tx, village)
            held = {file.c for draft in drafts.of_village(tx, village) for file in draft.files}
            loose = (c for where, c in blobs.loose(tx, at - DAY) if where == village)
            blobs.erase_files(tx, village, [c for c in loose if c not in held])
    if board.reserve is not None:
        board.reserve.lay_by()
    board.scrub()
