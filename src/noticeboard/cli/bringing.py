"""import: a workbook into drafts, all of them or none, or only looked at."""

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noticeboard.cli.saying import as_json, home_option
from noticeboard.compose import open_board
from noticeboard.core.problems import NotFound, NotValid
from noticeboard.core.sheet.headers import KINDS
from noticeboard.settings import read_settings

if TYPE_CHECKING:
    from noticeboard.importing.explaining import Explanation


def add(names: Any) -> None:
    """Declare the command of this room."""
    importing = names.add_parser("import", help="把表格变成草稿，要么全部要么不动")
    home_option(importing)
    importing.add_argument("file", metavar="表格")
    importing.add_argument("--village", required=True, metavar="村代码")
    importing.add_argument("--as", dest="login", required=True, metavar="登录名")
    importing.add_argument("--kind", choices=KINDS, metavar="种类", help="、".join(KINDS))
    importing.add_argument("--check", action="store_true", help="只看，不存")
    importing.add_argument(
        "--explain",
        action="append",
        default=[],
        type=_explanation,
        metavar="格=原因",
        help="合计对不上的原因，和差额一起公开；E17=… 或 收入!E17=…，可以给几个",
    )
    importing.set_defaults(run=_import)


def _explanation(said: str) -> "Explanation":
    from noticeboard.importing.explaining import explanation

    try:
        return explanation(said)
    except NotValid as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def _import(options: argparse.Namespace) -> None:
    from noticeboard import importing
    from noticeboard.board import accounts
    from noticeboard.importing.explaining import explained
    from noticeboard.store import people

    board = open_board(read_settings(home=options.home))
    path = Path(options.file)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NotFound("这个文件打不开。", value=options.file, fix=error.strerror or "") from None
    with board.database.read() as tx:
        account = people.by_login(tx, options.login)
    if account is None:
        raise NotFound("没有这个人。", value=options.login, fix="请看 noticeboard people list。")
    number = accounts.seat(board, account.id, options.village, "submit")
    told = _Told()
    checked = importing.check(board, options.village, data, path.name, options.kind, tell=told)
    if options.explain:
        choices = explained(checked, options.explain)
        checked = importing.check(
            board, options.village, data, path.name, options.kind, choices=choices, tell=told
        )
    drafts = [] if options.check or not checked.ok else importing.keep(board, checked, number)
    if options.json:
        print(as_json(importing.as_json(checked, drafts)))
    else:
        for line in importing.in_words(checked, drafts):
            print(line)
    if not checked.ok:
        raise SystemExit(1)


class _Told:
    """Says on the error output how far a long workbook is read, from the third second on."""

    def __init__(self) -> None:
        self._next = time.monotonic() + 2

    def __call__(self, rows: int) -> None:
        """Say it, at most every two seconds."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + 2
            print(f"  正在读表：{rows:,} 行", file=sys.stderr, flush=True)
