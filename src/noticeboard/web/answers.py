"""Answers of the desk: a view as a page, a refusal as a page or as JSON, a way onward, a script."""

import json
import logging
import re
import secrets
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from typing import Any, ClassVar, Final
from urllib.parse import quote

from litestar import Request, Response
from litestar.exceptions import HTTPException
from msgspec import Struct
from sqlalchemy import Connection

from noticeboard import shipped
from noticeboard.board import Board, accusing
from noticeboard.board.board import JITTER, Sent
from noticeboard.board.checkpoints import Waiting, overdue
from noticeboard.core.problems import Finding, NotFound, NotValid, Problem
from noticeboard.show.facts import place
from noticeboard.show.render import HTML, View, render
from noticeboard.show.standing_still import in_short
from noticeboard.show.texts import Words, text
from noticeboard.store import heads, people
from noticeboard.store.people import Account

LOG: Final = logging.getLogger("noticeboard.web")
_MOST_DIGITS: Final = 15
PROBLEM_JSON: Final = "application/problem+json"
# What a desk page may do beyond a public one: run our own files, look at pictures not yet sent,
# show a preview beside the form, and save while somebody types.
_MORE: Final = {
    "img-src": "'self' data: blob:",
    "script-src": "'self'",
    "frame-src": "'self'",
    "connect-src": "'self'",
}
_BARE: Final = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'self'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}


class Desk(Struct, frozen=True, kw_only=True):
    """What `desk/base.html` prints around a page.

    `form` is a fresh random number for the forms of the page: sent twice, they are done once.
    `paused` says why the clock is stopped, `keeps` whether this person keeps people and screens,
    `assesses` whether they assess what naming people does to them, `asks` whether they see 请核实.
    `frozen` says why the log is, `archives` where its former logs are, `living` where, for a log
    that stopped, the village's log goes on. `unsigned`, for those who keep people, is what should
    long be signed, `unsigned_why` what the signer said where this process asks it. `ahead` is the
    instant of the last entry where the clock is still before it: nothing is written until then.
    `lying` are witnesses that answered what cannot be, each with what. `stuck` says why this
    process writes nothing at all any more.
    """

    title: Words
    at: int
    form: str
    village: str = ""
    name: str = ""
    mark: str = ""
    me: str = ""
    several: bool = False
    keeps: bool = False
    assesses: bool = False
    asks: bool = False
    paused: str = ""
    frozen: Words = ""
    archives: tuple[str, ...] = ()
    living: str = ""
    unsigned: Waiting | None = None
    unsigned_why: str = ""
    ahead: int | None = None
    lying: tuple[tuple[str, str], ...] = ()
    stuck: str = ""


class DeskView(View, frozen=True, kw_only=True):
    """A view on the desk; `findings` is what was refused."""

    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "desk")

    desk: Desk
    findings: tuple[Finding, ...] = ()


def desk(board: Board, tx: Connection, me: Account | None, title: Words, village: str = "") -> Desk:
    """Say where somebody stands on the desk; raises NotFound for a village that is not there."""
    where = place(tx, village) if village else None
    number = people.number_in(tx, village, me.id) if me and where else None
    verbs = where.verbs(number) if where and number else frozenset()
    keeps = "appoint" in verbs
    return Desk(
        title=title,
        at=board.now(),
        form=secrets.token_hex(16),
        village=village,
        name=where.profile.name if where else "",
        mark=where.profile.mark if where else "",
        me=me.name if me else "",
        keeps=keeps,
        assesses="assess" in verbs,
        asks=bool(verbs & {"submit", "approve", "assess"}),
        several=me is not None and len(people.villages_of(tx, me.id)) > 1,
        paused=board.watch.paused if me else "",
        frozen=in_short(where, board.now()) if where else "",
        archives=tuple(heads.archives(tx, village)) if where else (),
        living=village.partition(".")[0] if "." in village else "",
        unsigned=overdue(tx, where.village, board.now()) if where and keeps else None,
        unsigned_why=board.watch.failures.get((village, ""), ""),
        stuck=board.watch.stuck if me else "",
        lying=tuple(accusing.wrong(tx, village).items()) if where else (),
        ahead=where.village.last_at if where and board.late(where.village) > JITTER else None,
    )


def page(view: View, status: int = 200, *, again: bool | None = None) -> Response[bytes]:
    """Render a view, never to be kept by a cache on the way.

    The answer to a form cannot be asked for anew. What is to be seen `again`, as a refusal is, the
    browser itself may keep for going back to; signing out clears it.
    """
    rendered = render(view)
    headers = {name.decode(): value.decode() for name, value in rendered.headers}
    policy = headers.get("content-security-policy", _BARE["content-security-policy"])
    headers["content-security-policy"] = _widened(policy)
    if status >= HTTPStatus.BAD_REQUEST if again is None else again:
        headers["cache-control"] = "private, no-cache"
    return answer(rendered.body, rendered.media_type, status, headers)


def _widened(policy: str) -> str:
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    return "; ".join(f"{name} {value}" for name, value in (rules | _MORE).items())


def whole(sent: Mapping[str, str], field: str, refusal: str = "请填整数。") -> int:
    """Read a whole number of a form, at most a database's; raises NotValid at the field."""
    given = sent.get(field, "").strip()
    if not (given.isascii() and given.isdigit() and len(given) <= _MOST_DIGITS):
        raise NotValid(refusal, value=given[:20], field=field)
    return int(given)


def typed_once(sent: Mapping[str, str], me: Account, act: str) -> Sent | None:
    """Give the number a form carries, or None where it has none that we could have given it.

    The forms of a page share a number, so the act belongs to it.
    """
    number = sent.get("form", "")
    return Sent(f"{act}.{number}", me.id) if re.fullmatch(r"[0-9a-f]{32}", number) else None


def answer(
    body: bytes, media_type: str, status: int = 200, headers: dict[str, str] | None = None
) -> Response[bytes]:
    """Give bytes with the headers that every answer of the desk has."""
    # The framework adds the charset to text itself.
    plain = media_type.removesuffix("; charset=utf-8")
    return Response(
        body, media_type=plain, status_code=status, headers={**_BARE, **(headers or {})}
    )


def onward(address: str) -> Response[bytes]:
    """Send the browser on after something was done, so that reloading does not do it again.

    Whatever a path held comes out quoted: a line break in it would begin a header of its own.
    """
    return answer(b"", HTML, 303, {"location": quote(address, safe="/?=&#%")})


class Trouble(DeskView, frozen=True, kw_only=True):
    """A refusal that has no form to stand in."""

    template: ClassVar[str] = "desk/problem.html"


def wants_json(request: Request[Any, Any, Any]) -> bool:
    """Say whether a program asks rather than a browser."""
    accepted = request.headers.get("accept", "")
    return "json" in accepted and "text/html" not in accepted


def refuse(request: Request[Any, Any, Any], problem: Problem) -> Response[bytes]:
    """Answer a refusal: RFC 9457 for a program, a page with the next step for a person."""
    return _trouble(request, problem.findings, problem.status)


def refuse_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Answer what the framework refused before any of our rules saw it.

    Who opens the address of an act, where a refusal may have left them, is led to what it is about.
    """
    looked = request.method == "GET" and error.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    if looked and not wants_json(request):
        return onward(request.url.path.rpartition("/")[0])
    known = {
        404: Finding("没有这一页。", fix="请看看网址有没有写错。"),
        405: Finding("这一页不能这样打开。", fix="请从页面上的按钮来办。"),
        413: Finding("送来的东西太大了。", fix="一个附件最大 20 MB。"),
    }
    finding = known.get(error.status_code) or Finding("这个请求读不懂。", fix="请刷新页面再试。")
    return _trouble(request, (finding,), error.status_code)


def refuse_unknown(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer a mistake of our own without telling its trace; the trace goes to the server's log."""
    LOG.error("%s %s", request.method, request.url.path, exc_info=error)
    finding = Finding(
        "这里出了毛病，刚才的没有办成。", fix="请再试一次；还不行，请告诉管机器的人。"
    )
    return _trouble(request, (finding,), 500)


def _trouble(
    request: Request[Any, Any, Any], findings: tuple[Finding, ...], status: int
) -> Response[bytes]:
    if wants_json(request):
        return problem_json(findings, status)
    board: Board = request.app.state.board
    title = text("没有办成")
    me = request.scope.get("user")
    where = Desk(title=title, at=board.now(), form="", me=me.name if me else "")
    return page(Trouble(desk=where, findings=findings), status, again=request.method == "POST")


def problem_json(findings: tuple[Finding, ...], status: int) -> Response[bytes]:
    """Write findings as a problem of RFC 9457; `findings` has each with its place and next step."""
    stated = {
        "type": "about:blank",
        "title": findings[0].text.format(**findings[0].args),
        "status": status,
        "detail": "\n".join(str(finding) for finding in findings),
        "findings": [
            {
                "problem": finding.text.format(**finding.args),
                "where": finding.where,
                "value": finding.value,
                "fix": finding.fix.format(**finding.args),
                "field": finding.field,
            }
            for finding in findings
        ],
    }
    return answer(json.dumps(stated, ensure_ascii=False).encode(), PROBLEM_JSON, status)


@cache
def scripts() -> dict[str, tuple[bytes, str]]:
    """Give our own scripts by the name under which they are served: the hash makes it permanent."""
    served = {}
    for path in sorted((shipped("templates") / "assets").glob("*.js")):
        body = path.read_bytes()
        served[f"{path.stem}.{sha256(body).hexdigest()[:16]}.js"] = (body, path.stem)
    return served


def script(name: str) -> str:
    """Give the address of a script of ours."""
    return next(
        f"/desk/assets/{served}" for served, (_b, stem) in scripts().items() if stem == name
    )


def script_file(name: str) -> Response[bytes]:
    """Give a script; raises NotFound for any other name."""
    if name not in scripts():
        raise NotFound("没有这一页。", value=name)
    keep = {"cache-control": "public, max-age=31536000, immutable"}
    return answer(scripts()[name][0], "text/javascript; charset=utf-8", 200, keep)
