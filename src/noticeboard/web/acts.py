"""The acts on a notice: a form becomes one call of the board, and comes back filled if refused."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody

from noticeboard.board import Board, Done, accounts, drafting, reviewing, taking_down
from noticeboard.core.days import ends, instant
from noticeboard.core.erasing import parts_of
from noticeboard.core.problems import Finding, NotValid, Problem
from noticeboard.formats.attachments import clean, sniff
from noticeboard.store.people import Account
from noticeboard.web import uploads
from noticeboard.web.answers import DeskView, onward, page, wants_json, whole
from noticeboard.web.asking import Asked
from noticeboard.web.clearing import name_of
from noticeboard.web.forms import sent_fields
from noticeboard.web.paper import paper
from noticeboard.web.review import review

NOTICE: Final = "/desk/{village:str}/notices/{code:str}"
PHOTO_BYTES: Final = 21 * 1024 * 1024


def send_back(asked: Asked) -> Done:
    """Return it to its writers with a reason."""
    return reviewing.send_back(
        asked.board,
        asked.village,
        asked.code,
        asked.number,
        of=whole(asked.sent, "of"),
        reason=asked.sent.get("reason", ""),
        sent=asked.once,
    )


def approve(asked: Asked) -> Done:
    """Agree to what was shown, for a period of whole days or until it is replaced."""
    number, at = asked.number, asked.board.now()
    start = _moment(asked, at) if asked.sent.get("when") == "later" else at
    until = None
    if asked.sent.get("stay") != "open":
        until = reviewing.whole_days(asked.board, asked.village, start, whole(asked.sent, "days"))
    attested = asked.ticked("seen").issuperset(file.c for file in asked.notice.latest.files)
    return reviewing.approve(
        asked.board,
        asked.village,
        asked.code,
        number,
        of=whole(asked.sent, "of"),
        start=start,
        until=until,
        attested=attested,
        sent=asked.once,
    )


def clear(asked: Asked) -> Done:
    """Agree with the writer, place by place, that what looks like somebody's data is none."""
    doubts = asked.notice.latest.doubts
    missing = [name for name in map(name_of, doubts) if name not in asked.sent]
    if missing:
        raise NotValid("请逐处看过，勾上确认。", where="像是个人信息的地方", field="doubts")
    return reviewing.clear(
        asked.board,
        asked.village,
        asked.code,
        asked.number,
        of=whole(asked.sent, "of"),
        sent=asked.once,
    )


def _moment(asked: Asked, at: int) -> int:
    day, clock = asked.sent.get("date", ""), asked.sent.get("time", "")
    try:
        start = instant(day, clock)
    except ValueError:
        raise NotValid("没有这个时间。", value=f"{day} {clock}".strip(), field="date") from None
    if start < at:
        raise NotValid(
            "这个时间已经过去了。",
            value=f"{day} {clock}",
            fix="请选以后的时间，或者马上公开。",
            field="date",
        )
    return start


def withdraw(asked: Asked) -> Done:
    """Take it down at once."""
    return taking_down.withdraw(
        asked.board,
        asked.village,
        asked.code,
        asked.number,
        ground=asked.sent.get("ground", ""),
        sent=asked.once,
    )


def confirm(asked: Asked) -> Done:
    """Confirm a taking down as a second person."""
    return taking_down.confirm(
        asked.board,
        asked.village,
        asked.code,
        asked.number,
        of=whole(asked.sent, "of"),
        sent=asked.once,
    )


def extend(asked: Asked) -> Done:
    """Let it stay up to the end of a later day."""
    day = asked.sent.get("until", "")
    try:
        until = ends(date.fromisoformat(day))
    except (ValueError, OverflowError):
        raise NotValid("没有这一天。", value=day, field="until") from None
    return taking_down.extend(
        asked.board,
        asked.village,
        asked.code,
        asked.number,
        ground=asked.sent.get("ground", ""),
        until=until,
        sent=asked.once,
    )


def redact(asked: Asked) -> Done:
    """Black out names, lines or all of it, and pictures."""
    return taking_down.redact(asked.board, asked.village, asked.code, **_covered(asked))


def erase(asked: Asked) -> Done:
    """Erase what need not be kept any more."""
    return taking_down.erase(asked.board, asked.village, asked.code, **_covered(asked))


def _covered(asked: Asked) -> dict[str, Any]:
    """Read what a form wants gone; naming no row must never come to mean every row.

    Every row goes only with a second tick: one slip of a finger is not enough for what is final.
    """
    promised = parts_of(asked.notice)
    what = asked.sent.get("what", "")
    parts = {"names": {"names"}, "lines": {"figures", "names"}, "all": promised}.get(what, set())
    rows = {int(row) for row in asked.ticked("row") if row.isascii() and row.isdigit()}
    if what in ("names", "lines") and not rows and "every" not in asked.sent:
        raise NotValid("请勾出是哪几行。", field="rows")
    if what in ("names", "lines") and "every" in asked.sent and "sure" not in asked.sent:
        raise NotValid("所有的行都要去掉，请再勾一次确认。", field="rows")
    return {
        "number": asked.number,
        "ground": asked.sent.get("ground", ""),
        "parts": tuple(sorted(parts & promised if what == "lines" else parts)),
        "rows": () if what == "all" or "every" in asked.sent else tuple(sorted(rows)),
        "files": tuple(sorted(asked.ticked("file"))),
        "sent": asked.once,
    }


def hang(asked: Asked) -> Done:
    """Note that paper hangs on a wall, with a photograph if there is one."""
    number = asked.number
    photo = None
    if asked.photo is not None:
        if sniff(asked.photo.data) == "pdf":
            raise NotValid(
                "这里要一张墙上的照片，PDF 不行。",
                fix="请把墙上贴好的纸拍下来，传照片。",
                field="photo",
            )
        cleaned = clean(asked.photo.data, asked.photo.name)[0]
        photo = (cleaned.data, cleaned.type, cleaned.thumb)
    return reviewing.post(
        asked.board,
        asked.village,
        asked.code,
        number,
        wall=asked.sent.get("wall", ""),
        of=whole(asked.sent, "of"),
        photo=photo,
        sent=asked.once,
    )


# Where a refused form comes back: on the review's page or on the notice's.
_ON_REVIEW: Final = frozenset({"return", "clear", "approve"})
_DOES: Final[Mapping[str, Callable[[Asked], Done]]] = {
    "return": send_back,
    "clear": clear,
    "approve": approve,
    "withdraw": withdraw,
    "confirm": confirm,
    "extend": extend,
    "redact": redact,
    "erase": erase,
    "post": hang,
}


def _answer(request: Request[Any, Any, Any], asked: Asked) -> Response[bytes]:
    try:
        done = _DOES[asked.act](asked)
    except Problem as problem:
        if wants_json(request):
            raise
        return page(_refused(asked, problem.findings), problem.status)
    # Whoever cleared the doubts goes on with the review.
    onto = "/review" if asked.act == "clear" else f"?done={done.index}"
    return onward(f"/desk/{asked.village}/notices/{asked.code}{onto}")


def _refused(asked: Asked, findings: Sequence[Finding]) -> DeskView:
    where, typed = (asked.board, asked.me, asked.village, asked.code), asked.sent
    if asked.act in _ON_REVIEW:
        return review(*where, typed=typed, findings=findings)
    return paper(*where, act=asked.act, typed=typed, findings=findings)


def _handler(act: str) -> HTTPRouteHandler:
    """Make the handler of one act; they differ in nothing but what the board is asked to do."""

    @post(f"{NOTICE}/{act}", sync_to_thread=True, name=f"notice.{act}")
    def do(
        village: FromPath[str],
        code: FromPath[str],
        board: NamedDependency[Board],
        me: NamedDependency[Account],
        body: RawBody,
        request: Request[Any, Any, Any],
    ) -> Response[bytes]:
        return _answer(request, Asked(board, village, code, me, act, sent_fields(body)))

    return do


@post(f"{NOTICE}/post", sync_to_thread=True, request_max_body_size=PHOTO_BYTES)
def do_post(
    village: FromPath[str],
    code: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    body: RawBody,
    request: Request[Any, Any, Any],
) -> Response[bytes]:
    """Note that paper hangs on a wall; the form may carry a photograph."""
    form = uploads.read(request.headers.get("content-type", ""), body)
    photo = form.files[0] if form.files else None
    return _answer(request, Asked(board, village, code, me, "post", form.fields, photo))


@post(f"{NOTICE}/edit", sync_to_thread=True)
def edit(
    village: FromPath[str],
    code: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
) -> Response[bytes]:
    """Open the draft of a correction, or of what was sent back, and go there."""
    draft = drafting.reopen(board, village, code, accounts.seat(board, me.id, village, "submit"))
    return onward(f"/desk/{village}/drafts/{draft.code}")


HANDLERS: Sequence[HTTPRouteHandler] = (
    *(_handler(act) for act in _DOES if act != "post"),
    do_post,
    edit,
)
