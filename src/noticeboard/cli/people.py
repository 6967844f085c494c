"""people, village, screen: who may do what where, and which screens hang."""

import argparse
from typing import Any

from noticeboard.board import Board
from noticeboard.cli.saying import as_json, home_option
from noticeboard.compose import open_board
from noticeboard.core.people import Profile
from noticeboard.core.problems import NotFound, NotNow, NotValid
from noticeboard.settings import read_settings
from noticeboard.store import notices, screens
from noticeboard.store import people as accounts_of
from noticeboard.store.people import Account
from noticeboard.store.screens import Screen


def add(names: Any) -> None:
    """Declare the commands of this room."""
    people = names.add_parser("people", help="账号和职务").add_subparsers(required=True)
    listed = _command(people, "list", "列出账号", _people_list)
    listed.add_argument("--village", metavar="村代码")
    opened = _command(people, "add", "开账号", _people_add)
    opened.add_argument("login", metavar="登录名")
    opened.add_argument("name", metavar="姓名")
    reset = _command(people, "reset", "重设密码", _people_reset)
    reset.add_argument("login", metavar="登录名")
    for verb, said in (("appoint", "任命"), ("dismiss", "免去")):
        office = _command(people, verb, said, _people_office)
        office.set_defaults(verb=verb)
        office.add_argument("login", metavar="登录名")
        office.add_argument("office", metavar="职务")
        office.add_argument("--village", required=True, metavar="村代码")
        office.add_argument("--as", dest="by", required=True, metavar="登录名")
    village = names.add_parser("village", help="村").add_subparsers(required=True)
    _command(village, "list", "列出村", _village_list)
    more = _command(village, "add", "加一个村", _village_add)
    more.add_argument("code", metavar="村代码")
    more.add_argument("name", metavar="村名")
    more.add_argument("--origin", required=True, metavar="日志名")
    more.add_argument("--as", dest="by", required=True, metavar="登录名", help="第一位管理员")
    screen = names.add_parser("screen", help="大屏").add_subparsers(required=True)
    _command(screen, "list", "列出大屏", _screen_list)
    hung = _command(screen, "add", "加一块屏", _screen_add)
    hung.add_argument("id", metavar="屏号")
    hung.add_argument("name", metavar="名字")
    hung.add_argument("--village", required=True, metavar="村代码")
    hung.add_argument("--size", default="1080x1920", metavar="宽x高")
    gone = _command(screen, "retire", "停用一块屏", _screen_retire)
    gone.add_argument("id", metavar="屏号")


def _command(names: Any, name: str, said: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = names.add_parser(name, help=said)
    home_option(parser)
    parser.set_defaults(run=run)
    return parser


def _board(options: argparse.Namespace) -> Board:
    return open_board(read_settings(home=options.home))


def _account(board: Board, login: str) -> Account:
    with board.database.read() as tx:
        account = accounts_of.by_login(tx, login)
    if account is None:
        raise NotFound("没有这个人。", value=login, fix="请看 noticeboard people list。")
    return account


def _say(options: argparse.Namespace, said: str, **values: Any) -> None:
    print(as_json({"ok": True, **values}) if options.json else said)


def _people_list(options: argparse.Namespace) -> None:
    board = _board(options)
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
    _say(options, "\n".join(lines) or "还没有人。", people=rows)


def _people_add(options: argparse.Namespace) -> None:
    from noticeboard.board import accounts, founding

    board = _board(options)
    code = accounts.first_code(board, founding.open_account(board, options.login, options.name))
    said = f"✓ 开了账号 {options.login}，一次性码 {code}，48 小时内有效。下一步：任命。"
    _say(options, said, login=options.login, code=code)


def _people_reset(options: argparse.Namespace) -> None:
    from noticeboard.board import accounts

    board = _board(options)
    code = accounts.first_code(board, _account(board, options.login).id)
    said = f"✓ {options.login} 的密码作废了，一次性码 {code}，48 小时内有效。"
    _say(options, said, login=options.login, code=code)


def _people_office(options: argparse.Namespace) -> None:
    from noticeboard.board import founding

    board = _board(options)
    account, by = _account(board, options.login).id, _account(board, options.by).id
    act = founding.appoint if options.verb == "appoint" else founding.dismiss
    done = act(board, options.village, account, options.office, by)
    said = f"✓ 第 {done.index} 条记录：{options.verb} {options.login} {options.office}"
    _say(options, said, index=done.index)


def _village_list(options: argparse.Namespace) -> None:
    board = _board(options)
    with board.database.read() as tx:
        heads = notices.villages(tx)
    rows = [
        {"code": h.village.code, "name": h.profile.name, "origin": h.village.origin} for h in heads
    ]
    _say(options, "\n".join("\t".join(row.values()) for row in rows), villages=rows)


def _village_add(options: argparse.Namespace) -> None:
    from noticeboard.board import founding
    from noticeboard.signing.keys import new_key

    settings = read_settings(home=options.home)
    board = _board(options)
    keeper = _account(board, options.by).id
    key = new_key(settings.home / "signer", options.origin)
    profile = Profile(name=options.name)
    founding.establish(
        board, code=options.code, origin=options.origin, profile=profile, keys=(key,)
    )
    founding.appoint(board, options.code, keeper, "admin", keeper)
    _say(options, f"✓ 加了{options.name}，管理员 {options.by}。", code=options.code)


def _screen_list(options: argparse.Namespace) -> None:
    board = _board(options)
    with board.database.read() as tx:
        hung = [
            screen
            for head in notices.villages(tx)
            for screen in screens.of_village(tx, head.village.code)
        ]
    lines = (f"{s.id}\t{s.village}\t{s.name}\t{s.width}x{s.height}" for s in hung)
    rows = [{"id": s.id, "village": s.village, "name": s.name} for s in hung]
    _say(options, "\n".join(lines) or "还没有大屏。", screens=rows)


def _screen_add(options: argparse.Namespace) -> None:
    width, _, height = options.size.partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) and int(height)):
        raise NotValid("尺寸写成 1080x1920。", value=options.size)
    board = _board(options)
    new = Screen(
        village=options.village,
        id=options.id,
        name=options.name,
        width=int(width),
        height=int(height),
        at=board.now(),
        retired=False,
    )
    with board.database.write() as tx:
        notices.head_of(tx, options.village)
        if screens.exists(tx, options.id):
            raise NotNow("这个代号已经有屏在用了。", value=options.id, fix="请换一个。")
        screens.add(tx, new)
    _say(options, f"✓ 加了{options.name}，在屏上打开 /kiosk/{options.id}", id=options.id)


def _screen_retire(options: argparse.Namespace) -> None:
    board = _board(options)
    with board.database.write() as tx:
        screens.get(tx, options.id)
        screens.retire(tx, options.id)
    _say(options, f"✓ 停用了 {options.id}", id=options.id)
