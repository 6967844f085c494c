"""log recover, thaw, successor: a log that stands still comes back, or another one follows it."""

import argparse
from collections.abc import Iterator
from typing import Any

from noticeboard import __version__
from noticeboard.board import Board, freezing
from noticeboard.board.restoring import Recovered
from noticeboard.board.second_path import LOST
from noticeboard.board.thawing import Undone
from noticeboard.board.way_out import way_out
from noticeboard.cli.people import account_of, command, open_board_of, say
from noticeboard.cli.saying import signer_option
from noticeboard.compose import signer_of
from noticeboard.core.actions import verb
from noticeboard.core.problems import NotValid
from noticeboard.settings import read_settings
from noticeboard.signing.signer import Signs
from noticeboard.store import checkpoints, notices, people

_NOT_LOGGED = "✗ 停住的时候办的这些记不进日志，现在又是原来的样子了，请有权的人马上再办一次："
_NOT_DONE_HERE = "✗ 这些公示现在照日志里的来；真有人撤下、遮去过的，请有权的人马上再办一次："


def add(log: Any) -> None:
    """Declare the commands of this room among those about a log."""
    recover = command(log, "recover", "从副本取回少了的记录和公开的内容", _recover)
    recover.add_argument(
        "--from",
        dest="where",
        required=True,
        metavar="网址或文件夹",
        help="副本，里面有 checkpoint",
    )
    recover.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="公钥",
        help="备份以后换过钥匙的：墙上印的新公钥",
    )
    thaw = command(log, "thaw", "让停住的日志接着记", _thaw)
    thaw.add_argument(
        "--head",
        metavar="记录头",
        help="墙上印的：条数、空格、前十六位，例如 '1042 9f86d081884c7d65'",
    )
    successor = command(log, "successor", "哪里都取不回来：另开一个接着的日志", _successor)
    grounds = "entries-lost、does-not-add-up、key-lost、key-stolen、clock-ahead，选一个"
    successor.add_argument("--ground", required=True, metavar="理由", help=grounds)
    successor.add_argument("--as", dest="by", required=True, metavar="登录名", help="管理员")
    for one in (recover, thaw, successor):
        one.add_argument("--village", required=True, metavar="村代码")
        signer_option(one)


def _signs(board: Board, options: argparse.Namespace) -> Signs:
    return signer_of(read_settings(home=options.home, signer=options.signer), board)


def _recover(options: argparse.Namespace) -> None:
    from noticeboard.board import coming_back
    from noticeboard.cli.log import Progress
    from noticeboard.net.sources import source_of
    from noticeboard.signing.ed25519 import read_trusted

    board = open_board_of(options)
    progress = Progress(quiet=options.json)
    source = source_of(options.where)
    vouched = [read_trusted(key) for key in options.key]
    done = coming_back.recover(
        board, _signs(board, options), options.village, source, progress.tell, vouched
    )
    progress.over()
    drafts = [{"index": one.index, "code": one.code, "ed": one.ed} for one in done.drafts]
    say(
        options,
        "\n".join(_recovered(board, options.village, done)),
        size=done.size,
        entries=done.came,
        bodies=done.bodies,
        files=done.files,
        lost=done.lost,
        lost_drafts=drafts,
        strangers=list(done.strangers),
        undone=_undone(done.undone),
        frozen=done.frozen,
    )
    if done.undone or done.frozen not in ("", freezing.STOPPED):
        raise SystemExit(1)


def _recovered(board: Board, village: str, done: Recovered) -> Iterator[str]:
    yield (
        f"✓ 取回了 {done.came} 条记录、{done.bodies} 份内容、{done.files} 个附件。"
        f"现在一共 {done.size} 条，和签过名的对得上。"
    )
    if done.drafts:
        yield "! 这些送审的内容哪里都没有了，请退回，请起草的人重写："
        yield from (f"    {line}" for line in _drafts(board, village, done))
    if done.lost:
        yield f"! 没有公开过的内容，副本里没有：少了 {done.lost} 份，日志里记了一笔。"
    if done.strangers:
        numbers = "、".join(str(number) for number in done.strangers)
        yield f"! 这些编号的人在这里没有账号，请重新开账号、任命：{numbers}"
    yield from _said(done.undone)
    yield from _next(board, village, done.frozen)


def _next(board: Board, village: str, frozen: str) -> Iterator[str]:
    """Say where the log stands now: it goes on, stands still until something, or has stopped."""
    if frozen == freezing.STOPPED:
        yield f"· {frozen}取回的照样看得到，撤下照样能办。"
    elif frozen:
        yield f"! 还停着：{frozen}"
        with board.database.read() as tx:
            last = checkpoints.latest(tx, village)
        if frozen == LOST and last is not None:
            yield f"  这个副本的记录头：{last.size} {last.root.hex()[:16]}"
            yield (
                "  墙上印的、见证记着的（那边 noticeboard witness show）比它多，"
                "就换一个更全的副本；没有比它多的，照它写："
            )
            yield f"下一步：noticeboard log thaw --village {village} --head '条数 前十六位'"
        else:
            yield f"下一步：noticeboard doctor；{way_out(village, frozen)}"
    if not frozen or frozen == freezing.STOPPED:
        yield "下一步：noticeboard verify"


def _drafts(board: Board, village: str, done: Recovered) -> Iterator[str]:
    with board.database.read() as tx:
        names = people.names_in(tx, village)
        for one in done.drafts:
            notice = notices.get(tx, village, one.code)
            writers = notice.latest.writers if notice else ()
            who = "、".join(names.get(number, str(number)) for number in writers)
            yield f"第 {one.index} 条记录：公示 {one.code} 第 {one.ed} 版，{who}写的"


def _said(undone: tuple[Undone, ...], why: str = _NOT_LOGGED) -> Iterator[str]:
    if undone:
        yield why
    for one in undone:
        yield f"    公示 {getattr(one.action, 'code', '')} {verb(one.action)}：{one.why}"


def _undone(undone: tuple[Undone, ...]) -> list[dict[str, str]]:
    return [
        {"act": verb(one.action), "code": getattr(one.action, "code", ""), "why": one.why}
        for one in undone
    ]


def _thaw(options: argparse.Namespace) -> None:
    from noticeboard.board import thawing

    printed = thawing.read_printed(options.head) if options.head else None
    board = open_board_of(options)
    done = thawing.thaw(board, _signs(board, options), options.village, printed)
    said = ["✓ 日志接着记了。"]
    if done.stray:
        said = [f"✓ 日志没有停住。等着补记的 {done.stray} 件不是停住的时候办的，去掉了。"]
    if done.logged:
        said.append(f"  停住的时候办的 {len(done.logged)} 件，补记进了日志。")
    why = _NOT_DONE_HERE if done.stray else _NOT_LOGGED
    said += [*_said(done.undone, why), "下一步：noticeboard verify"]
    undone = _undone(done.undone)
    say(options, "\n".join(said), logged=list(done.logged), undone=undone, stray=done.stray)
    if done.undone:
        raise SystemExit(1)


def _successor(options: argparse.Namespace) -> None:
    from noticeboard.board import founding, succeeding
    from noticeboard.board.board import in_force
    from noticeboard.formats.rules import load

    board = open_board_of(options)
    founding.renew(board, bundle=load(), software=__version__)
    with board.database.read() as tx:
        grounds = in_force(tx)[1].grounds["genesis"]
    if options.ground not in grounds:
        listed = "；".join(f"{code} {ground.text}" for code, ground in grounds.items())
        raise NotValid("请从列出的理由里选一个。", value=options.ground, fix=listed)
    keeper = account_of(board, options.by).id
    done = succeeding.succeed(
        board, _signs(board, options), options.village, ground=options.ground, keeper=keeper
    )
    old = done.predecessor
    said = [
        f"✓ 新的日志开好了：{done.origin}",
        f"  接的是 {old.origin}，签到 {old.size} 条，记录头 {old.root.hex()[:16]}",
        f"  旧的日志停在这里，照样能看、能核对、能撤下：/v/{done.archive}",
        *(f"  公钥 {key}" for key in done.keys),
    ]
    if done.strangers:
        numbers = "、".join(str(number) for number in done.strangers)
        said.append(f"! 这些编号的人在这里没有账号，没有重新任命：{numbers}")
    said.append(
        "下一步：把新公钥打印出来贴到墙上（noticeboard keys show），并告诉见证和副本："
        "他们要另外认这个新名字。"
    )
    say(
        options,
        "\n".join(said),
        origin=done.origin,
        keys=list(done.keys),
        archive=done.archive,
        predecessor=old.text.decode(),
        strangers=list(done.strangers),
    )
