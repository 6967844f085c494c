"""Reviewing: send back with a reason, or agree to exactly what was shown, for a period."""

from msgspec import UNSET
from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.board import history
from noticeboard.board.board import Board, Done, Sent, in_force
from noticeboard.board.covering import whole
from noticeboard.board.scanning import refuse
from noticeboard.core import packs
from noticeboard.core.actions import Approve, Clear, Post, Return
from noticeboard.core.days import day_of
from noticeboard.core.notice import FileRef, Submitted
from noticeboard.core.parts import Single, canonical, commit, commitment
from noticeboard.core.privacy import scan
from noticeboard.core.problems import NotFound, NotNow, NotValid
from noticeboard.core.working import counted
from noticeboard.store import assignments, blobs, notices

MOST_DAYS = 3_660


def send_back(
    board: Board,
    village: str,
    code: str,
    number: int,
    *,
    of: int,
    reason: str,
    sent: Sent | None = None,
) -> Done:
    """Return an edition to its writers; `of` is the submit leaf that was looked at."""
    if not reason.strip():
        raise NotValid("请写明为什么退回。", field="reason")
    refuse(scan([("退回的原因", reason)]))
    committed = commit([Single("reason", canonical(reason.strip()))], lambda: board.random(32))
    action = Return(code=code, ed=_latest(board, village, code), of=of, parts=committed.parts)
    return board.act(village, action, number, committed=committed, sent=sent)


def _latest(board: Board, village: str, code: str) -> int:
    with board.database.read() as tx:
        return history.named(tx, village, code).latest.ed


def approve(
    board: Board,
    village: str,
    code: str,
    number: int,
    *,
    of: int,
    start: int,
    until: int | None,
    attested: bool = False,
    sent: Sent | None = None,
) -> Done:
    """Agree to the submit leaf `of` for a period (Unix seconds, end not included, None: no end).

    `attested` says that every picture was looked at at full size; it is asked for where there are
    pictures.
    """
    with board.database.read() as tx:
        notice = history.named(tx, village, code)
        if isinstance(notice.latest.state, Submitted):
            whole(tx, village, notice)
        # By what the place says the period is long enough; of no item nothing is said.
        pack = pack_of(tx, village, board.now()) if notice.latest.item else UNSET
    if notice.latest.files and not attested:
        raise NotValid("请逐张看过原图，勾上确认。", where="附件", field="attested")
    action = Approve(code=code, ed=notice.latest.ed, of=of, start=start, until=until, pack=pack)

    def same(tx: Connection, done: Done) -> None:
        if pack and pack != pack_of(tx, village, done.at):
            raise NotNow("这个村刚换了规则包。", fix="请刷新再看。")

    return board.act(village, action, number, sent=sent, also=same)


def pack_of(tx: Connection, village: str, at: int) -> str:
    """Give the rule pack a village goes by at an instant."""
    return assignments.at(tx, village, at).pack


def clear(
    board: Board, village: str, code: str, number: int, *, of: int, sent: Sent | None = None
) -> Done:
    """Say, as a second person, that every place the writer doubted in leaf `of` is no leak."""
    with board.database.read() as tx:
        latest = history.named(tx, village, code).latest
    action = Clear(code=code, ed=latest.ed, of=of, doubts=latest.doubts)
    return board.act(village, action, number, sent=sent)


def whole_days(board: Board, village: str, start: int, days: int) -> int:
    """Give the end of so many whole local days from `start`, counted as the place does."""
    if not 0 < days <= MOST_DAYS:
        raise NotValid("天数要在 1 到 3660 之间。", value=str(days), field="days")
    with board.database.read() as tx:
        _hash, rules = in_force(tx)
        place = packs.counting(rules, pack_of(tx, village, board.now()))
    return counted(rules, place, day_of(start), days, "day").until


def post(
    board: Board,
    village: str,
    code: str,
    number: int,
    *,
    wall: str,
    of: int,
    photo: tuple[bytes, str, bytes | None] | None = None,
    sent: Sent | None = None,
) -> Done:
    """Note that paper hangs on a wall; `of` is the publish leaf the paper shows.

    `photo` is a cleaned picture as (bytes, media type, small picture).
    """
    with board.database.read() as tx:
        walls = {known.code for known in notices.head_of(tx, village).profile.walls}
        notice = notices.get(tx, village, code)
    if wall not in walls:
        raise NotValid("村里没有这块公开栏。", value=wall, field="wall")
    current = notice.current if notice else None
    if notice is None or current is None:
        raise NotFound("这份公示还没有公开。", value=code)
    action = Post(code=code, ed=current.ed, wall=wall, of=of, files=())
    if photo is None:
        return board.act(village, action, number, sent=sent)
    data, media_type, thumb = photo
    salt = board.random(32)
    ref = FileRef(commitment(salt, data).hex(), len(data), media_type)

    def keep(tx: Connection, done: Done) -> None:
        # In the act's own transaction: a refused posting must leave no picture behind.
        blobs.keep_file(tx, village, data, media_type, salt, done.at, thumb)
        blobs.settle(tx, village, [ref.c])

    return board.act(village, replace(action, files=(ref,)), number, sent=sent, also=keep)
