"""people: who may sign in, and who holds which office where."""

import argparse
from typing import Any

from noticeboard.board import Board
from noticeboard.cli.saying import as_json, home_option
from noticeboard.compose import open_board
from noticeboard.core.problems import NotFound
from noticeboard.settings import read_settings
from noticeboard.store import notices
from noticeboard.store import people as accounts_of
from noticeboard.store.people import Account


def add(names: Any) -> None:
    """Declare the commands of this room."""
    people = names.add_parser("people", help="账号和职务").add_subparsers(required=True)
    listed = command(people, "list", "列出账号", _people_list)
    listed.add_argument("--village", metavar="村代码")
    opened = command(people, "add", "开账号", _people_add)
    opened.add_argument("login", metavar="登录名")
    opened.add_argument("name", metavar="姓名")
    reset = command(people, "reset", "重设密码", _people_reset)
    reset.add_argument("login", metavar="登录名")
    for verb, said in (("appoint", "任命"), ("dismiss", "免去")):
        office = command(people, verb, said, _people_office)
        office.set_defaults(verb=verb)
        office.add_argument("login", metavar="登录名")
        office.add_argument("office", metavar="职务")
        office.add_argument("--village", required=True, metavar="村代码")
        office.add_argument("--as", dest="by", required=True, metavar="登录名")


def command(names: Any, name: str, said: str, run: Any) -> argparse.ArgumentParser:
    """Declare one command with its `--home` and `--json`."""
    parser: argparse.ArgumentParser = names.add_parser(name, help=said)
    home_option(parser)
    parser.set_defaults(run=run)
    return parser


def open_board_of(options: argparse.Namespace) -> Board:
    """Open the board a command is about."""
    return open_board(read_settings(home=options.home, signer=getattr(options, "signer", None)))


def account_of(board: Board, login: str) -> Account:
    """Give the account of a login; raises NotFound."""
    with board.database.read() as tx:
        account = accounts_of.by_login(tx, login)
    if account is None:
        raise NotFound("没有这个人。", value=login, fix="请看 noticeboard people list。")
    return account


def say(options: argparse.Namespace, said: str, **values: Any) -> None:
    """Say what was done: a sentence, or one JSON object."""
    print(as_json({"ok": True, **values}) if options.json else said)


def _people_list(options: argparse.Namespace) -> None:
    board = open_board_of(options)
    with board.database.read() as tx:
        everyone = accounts_of.every(tx)
        heads = notices.villages(tx)
        held: dict[int, list[str]] = {}
        for head in heads:
            if options.village in (None, head.village.code):
                for number, account in accounts_of.logins_in(tx, head.village.code).items():
                    offices = head.village.offices.get(number, ())
                    held.setdefault(account.id, []).extend(
                        f"{head.village.code}:{office}" for office in offices
                    )
    rows = [
        {"login": a.login, "name": a.name, "closed": a.closed, "offices": held.get(a.id, [])}
        for a in everyone
    ]
    lines = (f"{a.login}\t{a.name}\t{' '.join(held.get(a.id, []))}" for a in everyone)
    say(options, "\n".join(lines) or "还没有人。", people=rows)


def _people_add(options: argparse.Namespace) -> None:
    from noticeboard.board import accounts, founding

    board = open_board_of(options)
    code = accounts.first_code(board, founding.open_account(board, options.login, options.name))
    said = f"✓ 开了账号 {options.login}，一次性码 {code}，48 小时内有效。下一步：任命。"
    say(options, said, login=options.login, code=code)


def _people_reset(options: argparse.Namespace) -> None:
    from noticeboard.board import accounts

    board = open_board_of(options)
    code = accounts.first_code(board, account_of(board, options.login).id)
    said = f"✓ {options.login} 的密码作废了，一次性码 {code}，48 小时内有效。"
    say(options, said, login=options.login, code=code)


def _people_office(options: argparse.Namespace) -> None:
    from noticeboard.board import founding

    board = open_board_of(options)
    account, by = account_of(board, options.login).id, account_of(board, options.by).id
    act = founding.appoint if options.verb == "appoint" else founding.dismiss
    done = act(board, options.village, account, options.office, by)
    act_word = "任命" if options.verb == "appoint" else "免去"
    said = f"✓ 第 {done.index} 条记录：{act_word} {options.login} {options.office}"
    say(options, said, index=done.index)
