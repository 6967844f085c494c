"""keys, signer: the keys that sign the logs, and the process that holds them."""

import argparse
import signal
import sys
from pathlib import Path
from typing import Any

from noticeboard.board import Board, accounts, keyring, matching
from noticeboard.cli.people import account_of, command, open_board_of, say
from noticeboard.cli.saying import home_option, signer_option
from noticeboard.compose import signer_of
from noticeboard.core.people import Village
from noticeboard.core.problems import NotValid, Unavailable
from noticeboard.settings import read_settings
from noticeboard.signing.signer import Signs
from noticeboard.store import notices
from noticeboard.store import people as accounts_of


def add(names: Any) -> None:
    """Declare the commands of this room."""
    keys = names.add_parser("keys", help="日志的签名钥匙").add_subparsers(required=True)
    shown = command(keys, "show", "打印公钥和二维码", _show)
    rotated = command(keys, "rotate", "加一把新钥匙，新旧一起签", _rotate)
    retired = command(keys, "retire", "旧钥匙不再签", _retire)
    retired.add_argument("--key", metavar="公钥", help="公钥或它的 8 位短号，默认最早的那把")
    for one in (shown, rotated, retired):
        one.add_argument("--village", required=True, metavar="村代码")
        signer_option(one)
    for one in (rotated, retired):
        one.add_argument("--as", dest="by", metavar="登录名", help="管理员；只有一位可以不写")
    matched = command(keys, "matching", "核对名单用的钥匙丢了，换一把新的", _matching)
    matched.add_argument("--new", action="store_true", required=True, help="以前的暗记都作废")
    alone = names.add_parser("signer", help="单独一个程序，只管签名")
    home_option(alone, as_json=False)
    alone.add_argument("--socket", required=True, metavar="套接字", help="在这里等着被问")
    alone.add_argument("--group", default="", metavar="组", help="这个组的账户也可以来问")
    alone.set_defaults(run=_signer)


def _matching(options: argparse.Namespace) -> None:
    gone = matching.begin_anew(open_board_of(options))
    told = f"换好了新的核对钥匙，以前的 {gone} 个暗记都作废了。以后导入的名单再算。"
    say(options, told, gone=gone)


def _signs(board: Board, options: argparse.Namespace) -> Signs:
    return signer_of(read_settings(home=options.home, signer=options.signer), board)


def _village(board: Board, code: str) -> Village:
    with board.database.read() as tx:
        return notices.head_of(tx, code).village


def _show(options: argparse.Namespace) -> None:
    board = open_board_of(options)
    village = _village(board, options.village)
    try:
        signing: tuple[str, ...] | None = _signs(board, options).keys(village.origin)
    except Unavailable:
        signing = None  # whoever may read the board need not be who may ask the signer
    rows = [
        {"vkey": key, "signs": None if signing is None else key in signing} for key in village.keys
    ]
    say(options, f"日志名 {village.origin}", origin=village.origin, keys=rows)
    if not options.json:
        for key, row in zip(village.keys, rows, strict=True):
            _print_key(key, away=row["signs"] is False)
        if not village.keys:
            print("日志里还没有钥匙。下一步：noticeboard keys rotate。")


def _print_key(key: str, *, away: bool) -> None:
    print(f"公钥 {key}{'　（这台机器现在不用它签）' if away else ''}")
    if sys.stdout.isatty():
        from noticeboard.formats import qr

        print(qr.terminal(key))


def _keeper(board: Board, options: argparse.Namespace) -> int:
    """Give the number of whoever changes keys: the one named, or the only one who may."""
    if options.by:
        account = account_of(board, options.by).id
        return accounts.seat(board, account, options.village, "key")
    with board.database.read() as tx:
        logins = accounts_of.logins_in(tx, options.village)
    held = _village(board, options.village).offices
    keepers = [number for number in logins if "admin" in held.get(number, ())]
    if len(keepers) != 1:
        raise NotValid("请说是谁换的。", fix="加上 --as 登录名。")
    return keepers[0]


def _rotate(options: argparse.Namespace) -> None:
    board = open_board_of(options)
    signs = _signs(board, options)
    changed = keyring.rotate(board, signs, options.village, _keeper(board, options))
    village = changed.done.village
    older = [key for key in village.keys if key != changed.key]
    if set(older) & set(signs.keys(village.origin)):
        how = "从现在起新旧钥匙一起签"
        then = "都换好了再 noticeboard keys retire。"
    else:
        how = "从现在起只有新钥匙签，旧的不在这里了"
        then = f"紧接着 noticeboard keys retire --village {village.code}，让日志说旧的停用了。"
    said = (
        f"✓ 第 {changed.done.index} 条记录：{how}。\n公钥 {changed.key}\n"
        f"下一步：把新公钥告诉核对的人和见证人，换掉墙上印的；{then}"
    )
    say(options, said, index=changed.done.index, vkey=changed.key)


def _retire(options: argparse.Namespace) -> None:
    board = open_board_of(options)
    signs = _signs(board, options)
    keeper = _keeper(board, options)
    changed = keyring.retire(board, signs, options.village, keeper, options.key)
    kept = "它的文件本来就不在了。"
    if changed.file:
        kept = f"它的文件改名为 {changed.file}，没有别的用处就删掉。"
    said = f"✓ 第 {changed.done.index} 条记录：这把钥匙不再签。\n公钥 {changed.key}\n{kept}"
    say(options, said, index=changed.done.index, vkey=changed.key, file=changed.file)


def _signer(options: argparse.Namespace) -> None:
    from noticeboard.signing.listening import listening
    from noticeboard.signing.remote import Door
    from noticeboard.signing.signer import Signer

    folder, path = read_settings(home=options.home).home / "signer", Path(options.socket)
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    with listening(path, options.group) as line:
        print(f"✓ 在 {path} 等着签名，钥匙在 {folder}　（Ctrl-C 停）", flush=True)
        Door(Signer(folder), line).answer()
