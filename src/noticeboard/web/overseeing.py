"""请核实 for reviewers and the township: what is asked of a village's notices, answered or not."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody
from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board import Board, overseeing
from noticeboard.board.board import in_force
from noticeboard.board.overseeing import Noted
from noticeboard.core.notice import Published
from noticeboard.core.problems import Finding, NotValid, Problem
from noticeboard.core.rules import Rules
from noticeboard.show import addresses
from noticeboard.show.facts import place
from noticeboard.show.texts import Text, Words, text
from noticeboard.store.people import Account
from noticeboard.web.answers import DeskView, desk, onward, page, wants_json
from noticeboard.web.forms import sent_fields
from noticeboard.web.hinting import NOWHERE, Question, question
from noticeboard.web.registers import seat

HINTS: Final = "/desk/{village:str}/hints"
_WRITE: Final = frozenset({"submit", "approve"})
_READ: Final = _WRITE | {"assess"}
# Who approves, and who oversees those who do, may see what is asked about reviewers.
_OF_REVIEWERS: Final = frozenset({"approve", "assess"})


class About(Struct, frozen=True, kw_only=True):
    """What is asked about one notice, or about a reviewer, whose `code` is "".

    `handled` can be answered here, what is asked of the content was answered with the draft.
    """

    code: str
    title: str
    content: tuple[Question, ...] = ()
    handled: tuple[tuple[str, Question], ...] = ()


class Unlooked(Struct, frozen=True):
    """What a rule does not see, because notices do not carry it."""

    name: Words
    lacks: Words


class Overseen(DeskView, frozen=True, kw_only=True):
    """What is asked of a village's notices; `may` says whether this person answers for them."""

    template: ClassVar[str] = "desk/hints.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "desk", "form")

    may: bool
    notices: tuple[About, ...]
    reviewers: tuple[About, ...]
    unlooked: tuple[Unlooked, ...]


def _overseen(
    board: Board, me: Account, village: str, findings: Sequence[Finding] = ()
) -> Overseen:
    number, may = seat(board, me, village, _READ)
    with board.database.read() as tx:
        where = place(tx, village)
        of_reviewers = _OF_REVIEWERS & set(where.verbs(number))
        _hash, rules = in_force(tx)
        return Overseen(
            desk=desk(board, tx, me, text("请核实"), village),
            findings=tuple(findings),
            may=may,
            notices=tuple(
                _about(rules, one) for one in overseeing.of_notices(tx, village, board.now())
            ),
            reviewers=tuple(_reviewers(tx, rules, village, where.people)) if of_reviewers else (),
            unlooked=tuple(
                Unlooked(
                    Text(rule.name, {}, rule.english),
                    Text(rule.lacks.text, {}, rule.lacks.english),
                )
                for _id, rule in sorted(rules.hints.items())
                if rule.lacks
            ),
        )


def _about(rules: Rules, one: Noted) -> About:
    code = one.notice.code
    up = isinstance(one.notice.latest.state, Published)
    there = addresses.notice(code) if up else NOWHERE
    return About(
        code=code,
        title=one.title,
        content=tuple(question(rules, asked, one.order, there) for asked in one.content),
        handled=tuple((it.hint.key, question(rules, it, {}, there)) for it in one.handled),
    )


def _reviewers(
    tx: Connection, rules: Rules, village: str, people: Mapping[int, str]
) -> Iterator[About]:
    for one in overseeing.of_reviewers(tx, village):
        key = overseeing.reviewer_key(one.asked.hint, one.number)
        asked = question(rules, one.asked, {})
        yield About(code="", title=people.get(one.number, ""), handled=((key, asked),))


@get(HINTS, sync_to_thread=True)
def show_hints(
    village: FromPath[str], board: NamedDependency[Board], me: NamedDependency[Account]
) -> Response[bytes]:
    """Show what is asked of the village's notices and of how they were handled."""
    return page(_overseen(board, me, village))


@post(HINTS, sync_to_thread=True)
def explain(
    village: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    body: RawBody,
    request: Request[Any, Any, Any],
) -> Response[bytes]:
    """Keep what somebody says to a hint about handling; an empty answer takes it back."""
    sent = sent_fields(body)
    try:
        number, _may = seat(board, me, village, _WRITE)
        code, key, said = (sent.get(name, "") for name in ("code", "key", "said"))
        overseeing.explain(board, village, number, code, key, said)
    except Problem as problem:
        if wants_json(request) or not isinstance(problem, NotValid):
            raise
        return page(_overseen(board, me, village, problem.findings), problem.status)
    return onward(f"/desk/{village}/hints")


HANDLERS: Sequence[HTTPRouteHandler] = (show_hints, explain)
