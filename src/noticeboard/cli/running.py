"""demo, init, serve, tick: a board begins and runs."""

import argparse
import os
import secrets
import shutil
import socket
import time
from typing import Any

from noticeboard import __version__
from noticeboard.board import Board
from noticeboard.cli.saying import as_json, home_option, signer_option, village_code
from noticeboard.compose import (
    begin_watch,
    open_board,
    open_database,
    remember_signer,
    serve,
    signer_of,
    take_policy,
)
from noticeboard.core.problems import NotNow, NotValid
from noticeboard.settings import Settings, read_settings, web_address
from noticeboard.signing.signer import Signer, Signs


def add(names: Any) -> None:
    """Declare the commands of this room."""
    demo = names.add_parser("demo", help="造一个演示村并打开")
    home_option(demo, as_json=False)
    demo.add_argument("--port", type=int, default=8000, metavar="端口")
    demo.add_argument("--lan", action="store_true", help="让同一个网里的手机也能打开")
    demo.set_defaults(run=_demo)
    init = names.add_parser("init", help="开一块空的公开板")
    home_option(init)
    init.add_argument("--village", required=True, metavar="村代码")
    init.add_argument("--name", required=True, metavar="村名")
    init.add_argument(
        "--origin", metavar="日志名", help="定了就不能改，例如 board.example/v/330106001"
    )
    init.add_argument("--public-url", metavar="网址", help="二维码打开的地址")
    init.add_argument("--as", dest="login", default="admin", metavar="登录名")
    signer_option(init)
    init.set_defaults(run=_init)
    serving = names.add_parser("serve", help="打开公开板")
    home_option(serving, as_json=False)
    serving.add_argument("--host", default="127.0.0.1", metavar="地址")
    serving.add_argument("--port", type=int, default=8000, metavar="端口")
    serving.add_argument("--no-clock", action="store_true", help="不管到点公开，由别的进程管")
    serving.add_argument("--no-signer", action="store_true", help="不签名，由别的进程管")
    signer_option(serving)
    serving.set_defaults(run=_serve)
    tick = names.add_parser("tick", help="把到点的公开一次")
    home_option(tick)
    tick.set_defaults(run=_tick)


def _demo(options: argparse.Namespace) -> None:
    settings = read_settings(home=options.home)
    from noticeboard.cli import demo

    if not (settings.home / "demo").exists():
        print("正在造演示村，要几秒钟……", flush=True)
        _build(settings, int(time.time()))
    host = "0.0.0.0" if options.lan else "127.0.0.1"  # noqa: S104 - asked for by name
    base = f"http://{_own_address() if options.lan else '127.0.0.1'}:{options.port}"
    _free(host, options.port)
    from noticeboard.board import founding
    from noticeboard.cli.welcome import welcome
    from noticeboard.formats.rules import load

    board = open_board(settings)
    take_policy(settings, board)
    founding.renew(board, bundle=load(), software=__version__)
    serve(
        board,
        host=host,
        port=options.port,
        public_url=base,
        signer=Signer(settings.home / "signer"),
        ready=lambda: welcome(board, base, demo.people(), lan=options.lan),
    )


def _build(settings: Settings, at: int) -> None:
    """Build the demo beside its place, then move it there whole: a stop leaves no half one."""
    from noticeboard.cli import demo

    home = settings.home
    if home.exists() and any(home.iterdir()):
        raise NotNow(
            "这个文件夹里有别的东西，不是演示。",
            value=str(home),
            fix="请换一个：noticeboard demo --home 别的文件夹",
        )
    beside = home.parent / f"{home.name}.building"
    shutil.rmtree(beside, ignore_errors=True)
    building = read_settings({**os.environ, "NOTICEBOARD_HOME": str(beside)})
    database = open_database(building)
    demo.build(database, beside, at)
    database.scrub()
    database.close()
    (beside / "demo").write_text(f"{at}\n")
    if home.exists():
        home.rmdir()
    beside.rename(home)


def _founded(settings: Settings) -> bool:
    from noticeboard.store import screens

    database = open_database(settings)
    with database.read() as tx:
        return screens.told(tx, "rules") is not None


def _own_address() -> str:
    # No packet is sent: a UDP socket that is connected only looks up the way out.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def _free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise NotNow(
                "这个端口已经有程序在用。",
                value=str(port),
                fix="请换一个，例如 --port 8001（或 make run PORT=8001）。",
            ) from None


def _init(options: argparse.Namespace) -> None:
    from noticeboard.board import accounts, founding
    from noticeboard.core.people import Profile
    from noticeboard.formats.rules import load

    settings = read_settings(home=options.home, signer=options.signer)
    village_code(options.village)
    public_url = options.public_url and web_address(options.public_url)
    if _founded(settings):
        raise NotNow("这里已经有一块公开板了。", value=str(settings.home))
    base = f"noticeboard.invalid/{secrets.token_hex(6)}"
    origin = options.origin or f"{base}/v/{options.village}"
    if "://" in origin or "+" in origin or any(ch.isspace() for ch in origin):
        raise NotValid("日志名不带 http://，也不能有空格和加号。", value=origin)
    key = signer_of(settings).begin(origin)
    board = Board(open_database(settings), home=settings.home)
    founding.found(board, origin=f"{origin}/instance", bundle=load(), software=__version__)
    remember_signer(settings, board)
    profile = Profile(name=options.name)
    founding.establish(board, code=options.village, origin=origin, profile=profile, keys=(key,))
    account = founding.open_account(board, options.login, "管理员")
    founding.appoint(board, options.village, account, "admin", account)
    code = accounts.first_code(board, account)
    if public_url:
        _keep_public_url(board, public_url)
    if options.json:
        print(as_json({"ok": True, "origin": origin, "login": options.login, "code": code}))
        return
    print(f"✓ {options.name}的公开板开好了：{settings.home}")
    print(f"  日志名 {origin}（定了就不能改）")
    print(f"  第一位管理员 {options.login}，一次性码 {code}（48 小时内用它登录并设密码）")
    desk = f"{public_url or 'http://127.0.0.1:8000'}/desk"
    print(f"下一步：noticeboard serve --home {settings.home}，打开 {desk}")


def _keep_public_url(board: Any, url: str) -> None:
    from noticeboard.store import screens

    with board.database.write() as tx:
        screens.tell(tx, "public_url", url)


def _serve(options: argparse.Namespace) -> None:
    settings = read_settings(home=options.home, signer=options.signer)
    from noticeboard.board import founding
    from noticeboard.formats.rules import load
    from noticeboard.store import screens

    board = open_board(settings)
    with board.database.read() as tx:
        public_url = settings.public_url or screens.told(tx, "public_url") or ""
    remember_signer(settings, board)
    take_policy(settings, board)
    founding.renew(board, bundle=load(), software=__version__)
    _free(options.host, options.port)
    address = f"http://{options.host}:{options.port}"
    serve(
        board,
        host=options.host,
        port=options.port,
        public_url=public_url,
        clock=not options.no_clock,
        signer=None if options.no_signer else _signer(settings, board),
        ready=lambda: print(
            f"✓ 打开了：{address}　办公桌：{address}/desk　（Ctrl-C 停）", flush=True
        ),
    )


def _signer(settings: Settings, board: Board) -> Signs:
    """Give who signs. In a county it is another process: one that was forgotten freezes nothing."""
    signer, here = signer_of(settings, board), (settings.home / "signer").exists()
    in_county = not settings.database.startswith("sqlite")
    if isinstance(signer, Signer) and not here and in_county:
        raise NotNow(
            "这台机器上没有签名的钥匙。",
            value=str(settings.home / "signer"),
            fix="签名的程序在别处，请加 --signer 套接字；别的进程管签名，请加 --no-signer。",
        )
    return signer


def _tick(options: argparse.Namespace) -> None:
    board = open_board(read_settings(home=options.home))
    begin_watch(board)
    if paused := board.watch.paused:
        raise NotNow(paused, fix="看过时钟没有错，请到办公桌上按「时钟是对的」。")
    went_up = [done.notice for done in board.tick() if done.notice]
    if options.json:
        print(as_json({"ok": True, "published": [notice.code for notice in went_up]}))
        return
    for notice in went_up:
        print(f"✓ 公开了 {notice.code}，编号 {notice.number}")
    if not went_up:
        print("没有到点的。")
