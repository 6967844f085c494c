"""People and screens of a village: who holds which office, new accounts, what hangs in halls."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody
from msgspec import Struct

from noticeboard.board import Board, accounts, founding, halls
from noticeboard.board.accounts import Opened
from noticeboard.core.people import CLOCK_OFFICE
from noticeboard.core.problems import Finding, Problem
from noticeboard.show.facts import place
from noticeboard.show.texts import text
from noticeboard.store import people, screens
from noticeboard.store.people import Account
from noticeboard.store.screens import Screen
from noticeboard.web.answers import DeskView, desk, onward, page, typed_once, wants_json, whole
from noticeboard.web.forms import sent_fields

PEOPLE: Final = "/desk/{village:str}/people"
SCREENS: Final = "/desk/{village:str}/screens"
Pairs = tuple[tuple[str, str], ...]


class Person(Struct, frozen=True, kw_only=True):
    """Somebody of the village: account, login, name, offices as (code, printed)."""

    account: int
    login: str
    name: str
    offices: Pairs
    closed: bool
    waits: bool


class People(DeskView, frozen=True, kw_only=True):
    """Who holds which office. `keeps` says whether this person may change that.

    `code` is a one-time code to be handed to `code_for`, shown this once.
    """

    template: ClassVar[str] = "desk/people.html"

    people: tuple[Person, ...]
    offices: Pairs
    keeps: bool
    code: str = ""
    code_for: str = ""
    act: str = ""
    typed: Mapping[str, str] = {}


def _people(
    board: Board,
    me: Account,
    village: str,
    *,
    opened: Opened | None = None,
    act: str = "",
    typed: Mapping[str, str] | None = None,
    findings: Sequence[Finding] = (),
) -> People:
    number = accounts.seat(board, me.id, village)
    with board.database.read() as tx:
        where = place(tx, village)
        listed = where.rules.offices
        held = where.village.offices
        known = people.logins_in(tx, village)
        return People(
            desk=desk(board, tx, me, text("人员和职务"), village),
            findings=tuple(findings),
            people=tuple(
                Person(
                    account=account.id,
                    login=account.login,
                    name=account.name,
                    offices=tuple(
                        (role, listed[role].printed) for role in held.get(n, ()) if role in listed
                    ),
                    closed=account.closed,
                    waits=account.password is None,
                )
                for n, account in sorted(known.items(), key=lambda item: item[1].login)
            ),
            offices=tuple(
                (role, office.printed) for role, office in listed.items() if role != CLOCK_OFFICE
            ),
            keeps=any("appoint" in listed[role].may for role in held.get(number, ())),
            code=opened.code if opened else "",
            code_for=people.by_id(tx, opened.account).name if opened else "",
            act=act,
            typed=typed or {},
        )


@get(PEOPLE, sync_to_thread=True)
def show_people(
    village: FromPath[str], board: NamedDependency[Board], me: NamedDependency[Account]
) -> Response[bytes]:
    """Show a village's people and their offices."""
    return page(_people(board, me, village))


def open_account(board: Board, me: Account, village: str, sent: Mapping[str, str]) -> Opened | None:
    """Open an account, with its first office if one was chosen."""
    once = typed_once(sent, me, "open")
    login, name, role = (sent.get(field, "") for field in ("login", "name", "role"))
    opened = accounts.open_account(board, village, me.id, login, name, once)
    if role:
        founding.appoint(board, village, opened.account, role, me.id)
    return opened


def reset(board: Board, me: Account, village: str, sent: Mapping[str, str]) -> Opened | None:
    """Give somebody a new one-time code."""
    return accounts.reset(
        board, village, me.id, whole(sent, "account", "请选一个人。"), typed_once(sent, me, "reset")
    )


def close(board: Board, me: Account, village: str, sent: Mapping[str, str]) -> Opened | None:
    """Close an account."""
    accounts.close(board, village, me.id, whole(sent, "account", "请选一个人。"))
    return None


def appoint(board: Board, me: Account, village: str, sent: Mapping[str, str]) -> Opened | None:
    """Give an office to somebody known by their login, perhaps from another village."""
    accounts.seat(board, me.id, village)
    account = accounts.by_login(board, sent.get("login", ""))
    founding.appoint(board, village, account.id, sent.get("role", ""), me.id)
    return None


def dismiss(board: Board, me: Account, village: str, sent: Mapping[str, str]) -> Opened | None:
    """Take an office from somebody."""
    accounts.seat(board, me.id, village)
    founding.dismiss(
        board, village, whole(sent, "account", "请选一个人。"), sent.get("role", ""), me.id
    )
    return None


Does = Callable[[Board, Account, str, Mapping[str, str]], Opened | None]
_DOES: Final[Mapping[str, Does]] = {
    "open": open_account,
    "reset": reset,
    "close": close,
    "appoint": appoint,
    "dismiss": dismiss,
}


def _handler(act: str, does: Does) -> HTTPRouteHandler:
    @post(f"{PEOPLE}/{act}", sync_to_thread=True, name=f"people.{act}")
    def do(
        village: FromPath[str],
        board: NamedDependency[Board],
        me: NamedDependency[Account],
        body: RawBody,
        request: Request[Any, Any, Any],
    ) -> Response[bytes]:
        sent = sent_fields(body)
        try:
            opened = does(board, me, village, sent)
        except Problem as problem:
            if wants_json(request):
                raise
            view = _people(board, me, village, act=act, typed=sent, findings=problem.findings)
            return page(view, problem.status)
        if opened is not None:
            # Not a way onward: the code is in no address and no table, only on this page.
            return page(_people(board, me, village, opened=opened))
        return onward(f"/desk/{village}/people")

    return do


class Screens(DeskView, frozen=True, kw_only=True):
    """What hangs in the halls of a village."""

    template: ClassVar[str] = "desk/screens.html"

    screens: tuple[Screen, ...]
    keeps: bool
    typed: Mapping[str, str] = {}


def _screens(
    board: Board,
    me: Account,
    village: str,
    typed: Mapping[str, str] | None = None,
    findings: Sequence[Finding] = (),
) -> Screens:
    number = accounts.seat(board, me.id, village)
    with board.database.read() as tx:
        where = place(tx, village)
        held = where.village.offices.get(number, ())
        return Screens(
            desk=desk(board, tx, me, text("大屏"), village),
            findings=tuple(findings),
            screens=tuple(screens.of_village(tx, village)),
            keeps=any("appoint" in where.rules.offices[role].may for role in held),
            typed=typed or {},
        )


@get(SCREENS, sync_to_thread=True)
def show_screens(
    village: FromPath[str], board: NamedDependency[Board], me: NamedDependency[Account]
) -> Response[bytes]:
    """Show a village's screens."""
    return page(_screens(board, me, village))


@post(f"{SCREENS}/add", sync_to_thread=True)
def add_screen(
    village: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    body: RawBody,
    request: Request[Any, Any, Any],
) -> Response[bytes]:
    """Add a screen; its size as 1920x1080 or as two numbers."""
    sent = sent_fields(body)
    try:
        width, height = (whole(sent, field) for field in ("width", "height"))
        id_, name = sent.get("id", ""), sent.get("name", "")
        halls.add(board, village, me.id, id_=id_, name=name, width=width, height=height)
    except Problem as problem:
        if wants_json(request):
            raise
        return page(_screens(board, me, village, sent, problem.findings), problem.status)
    return onward(f"/desk/{village}/screens")


@post(f"{SCREENS}/retire", sync_to_thread=True)
def retire_screen(
    village: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    body: RawBody,
    request: Request[Any, Any, Any],
) -> Response[bytes]:
    """Take a screen out of use."""
    try:
        halls.retire(board, village, me.id, sent_fields(body).get("id", ""))
    except Problem as problem:
        if wants_json(request):
            raise
        return page(_screens(board, me, village, findings=problem.findings), problem.status)
    return onward(f"/desk/{village}/screens")


HANDLERS: Sequence[HTTPRouteHandler] = (
    show_people,
    *(_handler(act, does) for act, does in _DOES.items()),
    show_screens,
    add_screen,
    retire_screen,
)
