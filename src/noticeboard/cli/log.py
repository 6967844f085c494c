"""log: a village's open log as files; with the rooms beside it, its coming back and its mirrors."""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from noticeboard.board import Board, checkpoints, openlog
from noticeboard.cli import coming_back
from noticeboard.cli.people import command, open_board_of, say
from noticeboard.cli.saying import signer_option
from noticeboard.cli.witness import add_mirrors
from noticeboard.compose import signer_of
from noticeboard.settings import read_settings
from noticeboard.store import notices

# So long a command waits for the last entries to be signed, here or by the board that runs.
PATIENCE = 2 * checkpoints.EVERY


def add(names: Any) -> None:
    """Declare the commands of this room."""
    log = names.add_parser("log", help="公开的记录").add_subparsers(required=True)
    export = command(log, "export", "把一个村的记录导出成文件，谁都能放到网上", _export)
    export.add_argument("folder", metavar="文件夹")
    export.add_argument("--village", required=True, metavar="村代码")
    signer_option(export)
    coming_back.add(log)
    add_mirrors(log)


def _export(options: argparse.Namespace) -> None:
    from noticeboard.exporting.log import export

    board = open_board_of(options)
    _signed(board, options)
    progress = Progress(quiet=options.json)
    done = export(board, options.village, Path(options.folder), progress.tell)
    progress.over()
    said = (
        f"✓ 导出了 {done.size} 条记录，{done.files} 个文件：{options.folder}\n"
        f"  记录头 {done.root.hex()[:16]}\n"
        "下一步：放到任何网站上，别人就能核对：noticeboard verify --url 网址 --key 公钥"
    )
    say(options, said, size=done.size, root=done.root.hex(), files=done.files)


def _signed(board: Board, options: argparse.Namespace) -> None:
    """Let the last entries be signed, by this signer or the board's own, if they can be."""
    signer = signer_of(read_settings(home=options.home, signer=options.signer), board)
    until = time.monotonic() + PATIENCE
    while _waits(board, options.village) and time.monotonic() < until:
        if not checkpoints.sign_due(board, signer):
            time.sleep(0.2)


def _waits(board: Board, village: str) -> bool:
    with board.database.read() as tx:
        return openlog.published(tx, village) < notices.head_of(tx, village).village.size


class Progress:
    """Says how far a long errand is, once it takes longer than two seconds."""

    def __init__(self, *, quiet: bool) -> None:
        """Say nothing at all if `quiet`."""
        self.quiet = quiet
        self.next = time.monotonic() + 2
        self.said = False

    def tell(self, done: int, whole: int) -> None:
        """Say how much of the whole is done, at most each half second."""
        if self.quiet or time.monotonic() < self.next:
            return
        self.next = time.monotonic() + 0.5
        self.said = True
        print(f"\r  {done:,} / {whole:,}", end="", file=sys.stderr, flush=True)

    def over(self) -> None:
        """End the line, if there is one."""
        if self.said:
            print(file=sys.stderr)
