"""A server that says when it committed: `python -m bench.serving HOME PORT`.

The board's own server in every respect; only its database prints the instant of each commit.
"""

import sys
from pathlib import Path

from bench.boards import Timed
from bench.running import HOST, many_files
from noticeboard.board import Board
from noticeboard.compose import serve


def main(home: Path, port: int) -> None:
    """Serve a home until ended; prints the monotonic seconds of each commit, one a line."""
    many_files()
    database = Timed(f"sqlite:///{home / 'board.db'}", lambda at: print(at, flush=True))
    serve(Board(database, home=home), host=HOST, port=port, public_url="")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
