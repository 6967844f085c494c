"""Health: what is wrong with a board's logs, each with the next step; it changes nothing."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board import accusing, cosigning, covering, freezing, keyring
from noticeboard.board.board import JITTER, Board
from noticeboard.board.checkpoints import overdue, policy_of, witnessed
from noticeboard.board.following import follower
from noticeboard.board.quorums import unsound
from noticeboard.board.testimony import unanswered
from noticeboard.board.way_out import stray, way_out
from noticeboard.board.way_out import wrong as wrong_with
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.days import DAY, local
from noticeboard.core.notice import Scheduled, Submitted
from noticeboard.core.people import Village
from noticeboard.core.policy import Policy, Witness
from noticeboard.core.problems import Problem
from noticeboard.signing.signer import Signs
from noticeboard.store import checkpoints, heads, held, mirrors, notices, screens

_NO_KEY = (
    "请把单独收着的那把放回来；没有了：先恢复（停住了的话），再 noticeboard keys rotate、"
    "keys retire，新公钥重新告诉每个人。"
)
# As old as this a witness's word is no fresh one any more.
_FRESH = DAY


class Check(Struct, frozen=True):
    """One thing that was looked at: where, how it is, and what to do where it is wrong.

    A `remark` is nothing wrong, but should be known.
    """

    area: str
    state: Literal["ok", "remark", "wrong"]
    said: str
    fix: str = ""


def examine(board: Board, signer: Signs) -> Iterator[Check]:
    """Look at every village's log, its keys, witnesses and mirrors, and what waits in it."""
    if paused := board.watch.paused:
        yield Check("时钟", "wrong", paused, "看过没有错，请到办公桌上按「时钟是对的」。")
    with board.database.read() as tx:
        villages = [head.village for head in notices.villages(tx)]
        for village in villages:
            yield from _log(board, tx, signer, village)
            yield from _witnesses(board, tx, village)
            yield from _mirrors(tx, village)
            yield from _lost(tx, village)
            yield from _screens(tx, village)


def _log(board: Board, tx: Connection, signer: Signs, village: Village) -> Iterator[Check]:
    area = f"日志 {village.code}"
    yield from _late(board, village)
    reason = heads.frozen(tx, village.code)
    if reason == freezing.STOPPED:  # logs that did are not looked at here
        reason = freezing.UNFOUNDED
    try:
        keys, state = signer.keys(village.origin), signer.state(village.origin)
        wrong = wrong_with(tx, village.code, state)
        if follower(board, signer, village.code):
            reason = wrong = freezing.FOLLOWED
    except Problem as problem:
        waits = _waits(board, tx, village)
        yield from (Check(area, "wrong", f"{waits}{one}") for one in problem.findings)
        return
    if reason:
        waiting = len(held.leaves(tx, village.code))
        down = f"等着补记的有 {waiting} 件。" if waiting else ""
        said = f"停住了：{reason}{_shown(tx, village, reason)}{down}"
        yield Check(area, "wrong", said, way_out(village.code, wrong))
    elif wrong:
        yield Check(area, "wrong", wrong, way_out(village.code, wrong))
    elif strays := len(held.leaves(tx, village.code)):
        said = f"日志没有停住，却有 {strays} 件等着补记：不是停住的时候办的。"
        yield Check(area, "wrong", said, stray(village.code))
    if not reason and not wrong:
        yield from _unnamed(tx, village, keys)
    # Of a log that lost entries the keys may be newer than what it says here.
    away = not keys if reason or wrong else not set(keys) & set(village.keys)
    if village.keys and away:
        yield Check(area, "wrong", "签名的钥匙不在这里。", _NO_KEY)
        return
    last = checkpoints.latest(tx, village.code)
    signed = last.size if last else 0
    waits = _waits(board, tx, village)
    if waits and not wrong:
        yield Check(area, "wrong", waits, _why_unsigned(signer, state))
    elif not reason and not wrong:
        yield Check(area, "ok", f"{village.size} 条记录，签到 {signed} 条，钥匙 {len(keys)} 把。")


def _shown(tx: Connection, village: Village, reason: str) -> str:
    """Name the witness that showed why a log stands still, and of how many entries."""
    by = accusing.stopper(tx, village) if reason in (cosigning.MORE, cosigning.ANOTHER) else None
    return by.sentence if by else ""


def _late(board: Board, village: Village) -> Iterator[Check]:
    """Say of a log whose last entry is dated after now what can be done, whichever is wrong."""
    if board.late(village) <= JITTER:
        return
    last, now = (f"{local(at):%Y-%m-%d %H:%M}" for at in (village.last_at, board.now()))
    said = f"{village.code} 最后一条记录写的是 {last}，这台机器现在是 {now}：只能看、只能撤下。"
    fix = (
        f"现在不是 {now}，就校准时钟：timedatectl set-ntp true。"
        "时钟没有错，是那一条记的时候走快了："
        f"记下的时间改不了，等到 {last} 就照常；等不得，另开一个日志：noticeboard log successor "
        f"--village {village.code} --ground clock-ahead --as 登录名。"
    )
    yield Check("时钟", "wrong", said, fix)


def _unnamed(tx: Connection, village: Village, keys: tuple[str, ...]) -> Iterator[Check]:
    """Name keys that sign and that the log does not speak of now."""
    unnamed = [key for key in keys if key not in village.keys]
    dropped = keyring.ever(tx, village.code) if unnamed else set()
    for key in unnamed:
        short = key.removeprefix(f"{village.origin}+").partition("+")[0]
        fix = f"换钥匙没有做完，再来一次：noticeboard keys rotate --village {village.code}。"
        if key in dropped:
            fix = "日志早就停用了它：请把它从签名的文件夹里拿走。"
        yield Check(f"日志 {village.code}", "wrong", f"有一把日志里没有的钥匙（{short}）。", fix)


def _waits(board: Board, tx: Connection, village: Village) -> str:
    waiting = overdue(tx, village, board.now())
    if waiting is None:
        return ""
    minutes = (board.now() - waiting.since) // 60
    return f"有 {waiting.entries} 条记录还没有签名，最早的等了 {minutes} 分钟。"


def _why_unsigned(signer: Signs, state: Checkpoint | None) -> str:
    """Ask the signer for what it signed last once more: where it cannot, it says why."""
    try:
        if state is not None:
            signer.sign(state.origin, state.size, (), state)
    except Problem as problem:
        return str(problem)
    return (
        "请让 noticeboard serve 开着（带签名的那个）。"
        "开着还是这样，就看签名的那台磁盘满了没有；它说的原因，管理员的办公桌最上面有。"
    )


def _witnesses(board: Board, tx: Connection, village: Village) -> Iterator[Check]:
    policy, area = policy_of(tx), f"见证 {village.code}"
    for signed, lines in checkpoints.by_size(tx, village.code):
        for said in unsound(signed, lines, policy):
            fix = "这是存着的被改过：请查是谁改的，再 noticeboard verify。"
            yield Check(area, "wrong", f"记录头 {signed.size} 条：{said}", fix)
    if not policy.witnesses:
        fix = "请邻村或乡镇用 noticeboard witness 来核对，写进数据文件夹里的 policy。"
        yield Check(area, "remark", "没有外面的人替它记着。", fix)
        return
    for name, said in accusing.wrong(tx, village.code).items():
        fix = "请问管那个见证的人：它被换过、坏了，还是在说谎。不再信它，就从 policy 里去掉。"
        yield Check(area, "wrong", f"{name} 答得不对：{said}", fix)
    if why := unanswered(tx, village):
        # What they cosigned before is true, and no comfort now.
        yield Check(area, "wrong", why, f"请看“日志 {village.code}”那一行。")
        return
    for witness in policy.witnesses.values():
        if minutes := screens.told(tx, cosigning.HASTY.format(witness.key.name)):
            said = f"{witness.name} 的时钟比这台快 {minutes} 分钟，它核对的不收。"
            fix = "请校准它的时钟；它没有错，就看这台的：timedatectl set-ntp true。"
            yield Check(area, "wrong", said, fix)
    standing = witnessed(tx, village.code, policy, board.now())
    if standing is None:
        return
    said = f"外部核对 {standing.agreed}/{standing.of}。"
    never = _never(tx, village, policy)
    known = [one.key for one in policy.witnesses.values() if one not in never]
    if not standing.met and not policy.met(known):
        # One policy is for all villages of a board; not everybody need look after each.
        names = "、".join(one.name for one in never)
        fix = f"要它核对的，请把公钥告诉它：noticeboard keys show --village {village.code}。"
        yield Check(area, "remark", f"{said}还不够数，{names}还没有核对过这个村。", fix)
    elif not standing.met:
        fix = "请看见证开着没有、连得上没有；换过钥匙的，请它加上新公钥（--trust）。不影响公开。"
        yield Check(area, "wrong", f"{said}还不够数。", fix)
    elif standing.age is not None and standing.age > _FRESH:
        yield Check(area, "wrong", f"{said}一天多没有人来核对了。", "请看见证开着没有。")
    else:
        yield Check(area, "ok", said)


def _never(tx: Connection, village: Village, policy: Policy) -> list[Witness]:
    """Name the witnesses that never cosigned a village's log, as far as lines are kept."""
    seen = {one.name for _signed, lines in checkpoints.by_size(tx, village.code) for one in lines}
    return [one for one in policy.witnesses.values() if one.key.name not in seen]


def _mirrors(tx: Connection, village: Village) -> Iterator[Check]:
    for one in mirrors.of_village(tx, village.code):
        area = f"副本 {one.name}"
        if one.at is None:
            yield Check(area, "remark", "还没有来过。", "请看那一头的程序开着没有。")
        elif one.size < village.size:
            yield Check(area, "remark", f"确认到 {one.size} 条，这里有 {village.size} 条。")
        else:
            yield Check(area, "ok", f"确认到 {one.size} 条。")


def _lost(tx: Connection, village: Village) -> Iterator[Check]:
    for notice in notices.waiting(tx, village.code):
        waits = isinstance(notice.latest.state, Submitted | Scheduled)
        if waits and covering.lost(tx, village.code, notice.code, notice.latest):
            said = f"公示 {notice.code} 第 {notice.latest.ed} 版的内容丢了，不能公开。"
            yield Check(f"日志 {village.code}", "wrong", said, "请退回，请起草的人重写。")


def _screens(tx: Connection, village: Village) -> Iterator[Check]:
    hung = screens.of_village(tx, village.code)
    if hung:
        names = "、".join(screen.id for screen in hung)
        said = f"{len(hung)} 块（{names}）。什么时候来过，请看屏底下那一行。"
        yield Check(f"大屏 {village.code}", "remark", said)
