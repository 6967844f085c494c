"""The way out of a log that stands still or does not add up: the same words wherever it is said."""

from sqlalchemy import Connection

from noticeboard.board import freezing
from noticeboard.board.second_path import AHEAD, BEHIND, GAP, LOST, DoesNotAddUp, next_step
from noticeboard.board.testimony import MORE
from noticeboard.core.checkpoints import Checkpoint
from noticeboard.store import heads


def wrong(tx: Connection, village: str, state: Checkpoint | None) -> str:
    """Say what of a log does not add up with what its signer remembers (`state`), or ""."""
    if heads.frozen(tx, village) == freezing.FOLLOWED:
        return freezing.FOLLOWED
    try:
        next_step(tx, village, state)
    except DoesNotAddUp as why:
        return str(why)
    return ""


def stray(code: str) -> str:
    """Name the way out where acts wait to be logged beside a log that does not stand still."""
    return (
        f"请查是谁写进数据库的。去掉它们，照日志里的来：noticeboard log thaw --village {code}；"
        "真有人撤下、遮去过的，请有权的人再办一次。"
    )


def way_out(code: str, wrong: str) -> str:
    """Name the commands that lead out, by what does not add up (`wrong`, "" for nothing)."""
    recover = f"noticeboard log recover --village {code} --from 网址或文件夹"
    thaw = f"noticeboard log thaw --village {code}"
    typed = f"{thaw} --head '条数 前十六位'"
    lost, spoilt = (
        f"noticeboard log successor --village {code} --ground {ground} --as 登录名"
        for ground in ("entries-lost", "does-not-add-up")
    )
    if not wrong:
        return f"现在对得上了：{thaw}。"
    if wrong == freezing.FOLLOWED:
        return f"恢复另开以后的备份；没有，再另开一个：{lost}。"
    if wrong in (AHEAD, MORE):
        return f"从副本取回：{recover}；哪里都没有：{lost}。"
    if wrong == LOST:
        return (
            f"记录没有少的，照最近印的记录头写：{typed}；少了的，先取回：{recover}；"
            f"哪里都没有：{lost}。"
        )
    if wrong == BEHIND:
        return (
            f"把对的那份 *.state 放回来，再 {thaw}；没有了，照最近印的记录头写：{typed}；"
            f"也没有：{lost}。"
        )
    if wrong == GAP:
        return f"停下服务，恢复备份，再从副本取回：{recover}；哪里都没有：{spoilt}。"
    # Two truths were signed, or what was signed is not what is here.
    return (
        f"有两台机器用同一把钥匙在记的，关掉抄来的那台；这里被改过的，停下服务，恢复那以前的备份，"
        f"再从副本取回：{recover}；都不行：{spoilt}。"
    )
