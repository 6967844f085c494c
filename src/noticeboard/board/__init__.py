"""The one way in: every change of a board, whoever makes it and through whichever door."""

from noticeboard.board.board import Board, Done

__all__ = ["Board", "Done"]
