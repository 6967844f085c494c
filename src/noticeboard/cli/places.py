"""village, screen: what a village tells of itself, and which screens hang in its halls."""

import argparse
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from noticeboard.cli.people import account_of, command, open_board_of, say
from noticeboard.cli.saying import signer_option, village_code
from noticeboard.compose import signer_of
from noticeboard.core.people import Group, Phone, Profile, Wall
from noticeboard.core.problems import NotNow, NotValid
from noticeboard.settings import read_settings
from noticeboard.store import notices, screens
from noticeboard.store.screens import Screen


def add(names: Any) -> None:
    """Declare the commands of this room."""
    village = names.add_parser("village", help="村").add_subparsers(required=True)
    command(village, "list", "列出村", _village_list)
    more = command(village, "add", "加一个村", _village_add)
    more.add_argument("code", metavar="村代码")
    more.add_argument("name", metavar="村名")
    more.add_argument("--origin", required=True, metavar="日志名")
    more.add_argument("--as", dest="by", required=True, metavar="登录名", help="第一位管理员")
    signer_option(more)
    told = command(village, "set", "写村情：户数、电话、公开栏、小组", _village_set)
    told.add_argument("code", metavar="村代码")
    told.add_argument("--name", metavar="村名")
    told.add_argument("--town", metavar="乡镇")
    told.add_argument("--about", metavar="一句话")
    told.add_argument("--households", type=int, metavar="户数")
    told.add_argument("--people", type=int, metavar="人数")
    told.add_argument("--phone", action="append", metavar="名目=号码", help="可以写几个")
    told.add_argument("--wall", action="append", metavar="代码=名字", help="公开栏，可以写几块")
    told.add_argument("--group", action="append", metavar="代码=名字", help="村民小组，可以写几个")
    ruled = command(village, "assign", "定一个村照哪个规则包", _village_assign)
    ruled.add_argument("--village", required=True, metavar="村代码")
    ruled.add_argument("--pack", required=True, metavar="规则包")
    ruled.add_argument(
        "--joined", required=True, metavar="日期", help="从哪天起照它算，如 2026-01-01"
    )
    ruled.add_argument("--document", default="", metavar="文号", help="定下来的文件")
    screen = names.add_parser("screen", help="大屏").add_subparsers(required=True)
    command(screen, "list", "列出大屏", _screen_list)
    hung = command(screen, "add", "加一块屏", _screen_add)
    hung.add_argument("id", metavar="屏号")
    hung.add_argument("name", metavar="名字")
    hung.add_argument("--village", required=True, metavar="村代码")
    hung.add_argument("--size", default="1080x1920", metavar="宽x高")
    gone = command(screen, "retire", "停用一块屏", _screen_retire)
    gone.add_argument("id", metavar="屏号")


def _village_list(options: argparse.Namespace) -> None:
    board = open_board_of(options)
    with board.database.read() as tx:
        heads = notices.villages(tx)
    rows = [
        {"code": h.village.code, "name": h.profile.name, "origin": h.village.origin} for h in heads
    ]
    say(options, "\n".join("\t".join(row.values()) for row in rows), villages=rows)


def _village_add(options: argparse.Namespace) -> None:
    from noticeboard.board import founding

    settings = read_settings(home=options.home, signer=options.signer)
    village_code(options.code)
    board = open_board_of(options)
    keeper = account_of(board, options.by).id
    key = signer_of(settings, board).begin(options.origin)
    profile = Profile(name=options.name)
    founding.establish(
        board, code=options.code, origin=options.origin, profile=profile, keys=(key,)
    )
    founding.appoint(board, options.code, keeper, "admin", keeper)
    say(options, f"✓ 加了{options.name}，管理员 {options.by}。", code=options.code)


def _village_set(options: argparse.Namespace) -> None:
    from noticeboard.board import founding

    board = open_board_of(options)
    with board.database.read() as tx:
        profile = notices.head_of(tx, options.code).profile
    plain = ("name", "town", "about", "households", "people")
    given: dict[str, Any] = {
        field: getattr(options, field) for field in plain if getattr(options, field) is not None
    }
    for field, option, kind in (
        ("phones", options.phone, Phone),
        ("walls", options.wall, Wall),
        ("groups", options.group, Group),
    ):
        if option is not None:
            given[field] = tuple(kind(*pair) for pair in _pairs(option))
    if not given:
        raise NotValid("没有说要改什么。", fix="例如 --households 308；看 village set --help。")
    founding.tell(board, options.code, replace(profile, **given))
    say(options, f"✓ 写好了：{'、'.join(given)}", changed=sorted(given))


def _village_assign(options: argparse.Namespace) -> None:
    from noticeboard.board import adopting

    board = open_board_of(options)
    said = adopting.assign(
        board,
        options.village,
        pack=options.pack,
        joined=options.joined,
        document=options.document,
    )
    done = f"✓ {said.village} 从 {said.joined} 起照规则包 {said.pack}，已记入总日志。"
    say(options, done, village=said.village, pack=said.pack, joined=said.joined, entry=said.idx)


def _pairs(texts: Sequence[str]) -> list[tuple[str, str]]:
    pairs = [text.partition("=") for text in texts]
    for (first, _equals, second), text in zip(pairs, texts, strict=True):
        if not (first.strip() and second.strip()):
            raise NotValid("要写成 名目=内容。", value=text, fix="例如 村部=0738-0000001")
    return [(first.strip(), second.strip()) for first, _equals, second in pairs]


def _screen_list(options: argparse.Namespace) -> None:
    board = open_board_of(options)
    with board.database.read() as tx:
        hung = [
            screen
            for head in notices.villages(tx)
            for screen in screens.of_village(tx, head.village.code)
        ]
    lines = (f"{s.id}\t{s.village}\t{s.name}\t{s.width}x{s.height}" for s in hung)
    rows = [{"id": s.id, "village": s.village, "name": s.name} for s in hung]
    say(options, "\n".join(lines) or "还没有大屏。", screens=rows)


def _screen_add(options: argparse.Namespace) -> None:
    width, _, height = options.size.partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) and int(height)):
        raise NotValid("尺寸写成 1080x1920。", value=options.size)
    board = open_board_of(options)
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
    say(options, f"✓ 加了{options.name}，在屏上打开 /kiosk/{options.id}", id=options.id)


def _screen_retire(options: argparse.Namespace) -> None:
    board = open_board_of(options)
    with board.database.write() as tx:
        screens.get(tx, options.id)
        screens.retire(tx, options.id)
    say(options, f"✓ 停用了 {options.id}", id=options.id)
