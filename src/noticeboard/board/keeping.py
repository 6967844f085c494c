"""Keeping house: forget what is over, drop bytes nobody refers to, leave nothing erased behind."""

from noticeboard.board.board import Board
from noticeboard.core.days import DAY
from noticeboard.store import blobs, drafts, people


def sweep(board: Board) -> None:
    """Forget old sessions and forms, drop pictures of broken uploads, lay the reserve by."""
    at = board.now()
    with board.database.write() as tx:
        people.sweep(tx, at)
        held: dict[str, set[str]] = {}
        for village, c in blobs.loose(tx, at - DAY):
            if village not in held:
                held[village] = {
                    file.c for draft in drafts.of_village(tx, village) for file in draft.files
                }
            if c not in held[village]:
                blobs.erase_files(tx, village, [c])
    if board.reserve is not None:
        board.reserve.lay_by()
    board.scrub()
