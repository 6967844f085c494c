"""Assessments at the desk: what naming a programme's people does to them, written once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.board import Board, accounts, assessing
from noticeboard.board.assessing import QUESTIONS
from noticeboard.board.board import Sent
from noticeboard.core import masking
from noticeboard.core.days import day_of
from noticeboard.core.masking import Masking, Names
from noticeboard.core.problems import Finding, NotValid, Problem
from noticeboard.show.facts import Place, place
from noticeboard.show.texts import Text, Words, text
from noticeboard.store import people
from noticeboard.store.people import Account
from noticeboard.web.answers import DeskView, desk, onward, page, typed_once, wants_json
from noticeboard.web.forms import sent_fields

ASSESSMENTS: Final = "/desk/{village:str}/assessments"
# What a list of a programme shows of its people, in words.
_SHOWS: Final[Mapping[Names, Words]] = {
    "full": text("写姓名"),
    "surname": text("只写姓，名字用 * 代替"),
    "head": text("写户主，不写孩子"),
    "sums": text("只公开合计，不写姓名"),
}
_HELP: Final[Mapping[str, Words]] = {
    "purpose": text("依据哪条规定，不公开到人行不行。"),
    "risk": text("邻居看到以后，会知道当事人的什么；会不会让人难堪、受骗。"),
    "measures": text("哪些不写，挂多久，当事人不愿意时找谁。"),
}


class Programme(Struct, frozen=True, kw_only=True):
    """A programme whose lists name people: how, by which source, and its assessment if it has one.

    `answers` are questions with what was written; `kept` is the last day it must be kept until.
    """

    code: str
    name: Words
    shows: Words
    sensitive: bool
    at: int | None = None
    who: str = ""
    kept: str = ""
    answers: tuple[tuple[Words, str], ...] = ()


class Question(Struct, frozen=True, kw_only=True):
    """A field of the form: its name, label, help and what stood in it."""

    name: str
    label: Words
    help: Words
    value: str


class Assessments(DeskView, frozen=True, kw_only=True):
    """The assessments of a village. `may` says whether this person writes them.

    `others` are the other villages of theirs for which the same answers can be kept at once.
    """

    template: ClassVar[str] = "desk/assessments.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "desk", "form")

    may: bool
    waiting: tuple[Programme, ...]
    done: tuple[Programme, ...]
    summed: tuple[Words, ...]
    questions: tuple[Question, ...]
    chosen: str
    others: tuple[tuple[str, str], ...]


def _assessments(
    board: Board,
    me: Account,
    village: str,
    typed: Mapping[str, str] | None = None,
    findings: Sequence[Finding] = (),
) -> Assessments:
    number = accounts.seat(board, me.id, village)
    sent = typed or {}
    with board.database.read() as tx:
        where, policy = place(tx, village), assessing.policy(tx)
        listed = tuple(_programmes(tx, where, policy))
        may = "assess" in where.verbs(number)
        return Assessments(
            desk=desk(board, tx, me, text("影响评估"), village),
            findings=tuple(findings),
            may=may,
            waiting=tuple(one for one in listed if one.at is None),
            done=tuple(one for one in listed if one.at is not None),
            summed=tuple(_named(p) for p in policy.programmes.values() if p.names == "sums"),
            questions=tuple(
                Question(name=name, label=text(label), help=_HELP[name], value=sent.get(name, ""))
                for name, label in QUESTIONS.items()
            ),
            chosen=sent.get("programme", ""),
            others=tuple(_others(tx, me, village)) if may else (),
        )


def _programmes(tx: Connection, where: Place, policy: Masking) -> Iterator[Programme]:
    """Give the programmes whose lists name people, in the policy's order."""
    found = assessing.of_village(tx, where.code)
    for code, one in policy.programmes.items():
        if one.names == "sums":
            continue
        row = Programme(
            code=code, name=_named(one), shows=_SHOWS[one.names], sensitive=one.sensitive
        )
        held = found.get(code)
        if held is not None:
            answers = tuple((text(q), getattr(held.said, name)) for name, q in QUESTIONS.items())
            row = replace(
                row,
                at=held.at,
                who=where.people.get(held.by, ""),
                kept=_years_after(day_of(held.at), policy.assessment.n).isoformat(),
                answers=answers,
            )
        yield row


def _named(programme: masking.Programme) -> Words:
    return Text(programme.name, {}, programme.english)


def _years_after(day: date, years: int) -> date:
    """Give the same day so many years later; of 29 February the first of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _others(tx: Connection, me: Account, village: str) -> Iterator[tuple[str, str]]:
    for member in people.villages_of(tx, me.id):
        there = place(tx, member.village)
        if member.village != village and "assess" in there.verbs(member.number):
            yield member.village, member.village_name


@get(ASSESSMENTS, sync_to_thread=True)
def show_assessments(
    village: FromPath[str], board: NamedDependency[Board], me: NamedDependency[Account]
) -> Response[bytes]:
    """Show what was assessed, what was not, and, to whoever may, the form."""
    return page(_assessments(board, me, village))


@post(ASSESSMENTS, sync_to_thread=True)
def assess(
    village: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    body: RawBody,
    request: Request[Any, Any, Any],
) -> Response[bytes]:
    """Keep an assessment for this village, and for those of the others that are ticked."""
    sent = sent_fields(body)
    try:
        _keep(board, me, village, sent)
    except Problem as problem:
        if wants_json(request):
            raise
        return page(_assessments(board, me, village, sent, problem.findings), problem.status)
    return onward(f"/desk/{village}/assessments")


def _keep(board: Board, me: Account, village: str, sent: Mapping[str, str]) -> None:
    programme, answers = sent.get("programme", ""), {name: sent.get(name, "") for name in QUESTIONS}
    if not programme:
        raise NotValid("请选一个项目。", field="programme")
    number = accounts.seat(board, me.id, village, "assess")
    once = typed_once(sent, me, "assess")
    assessing.assess(board, village, number, programme, answers, sent=once)
    with board.database.read() as tx:
        others = [code for code, _name in _others(tx, me, village)]
        ticked = [code for code in others if f"also.{code}" in sent]
        left = [code for code in ticked if programme not in place(tx, code).village.assessed]
    for code in left:
        there = accounts.seat(board, me.id, code, "assess")
        also = Sent(f"{once.id}.{code}", once.account) if once else None
        assessing.assess(board, code, there, programme, answers, sent=also)


HANDLERS: Sequence[HTTPRouteHandler] = (show_assessments, assess)
