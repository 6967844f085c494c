"""The registers of the desk: who stays out of whose decisions, who stands behind a supplier.

They feed 请核实 and nothing else; no public page, file or screen ever shows a word of them. Who
writes or reviews here keeps them, the township with them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, RawBody

from noticeboard.board import Board, accounts, registering
from noticeboard.core.problems import Finding, NotAllowed, NotValid, Problem
from noticeboard.show.facts import place
from noticeboard.show.texts import text
from noticeboard.store import registers
from noticeboard.store.people import Account
from noticeboard.store.registers import Backed, Kept
from noticeboard.web.answers import DeskView, desk, onward, page, wants_json
from noticeboard.web.forms import sent_fields

REGISTERS: Final = "/desk/{village:str}/registers"
_KEEPERS: Final = frozenset({"submit", "approve"})
_READERS: Final = _KEEPERS | {"assess"}


class Registers(DeskView, frozen=True, kw_only=True):
    """Both registers of a village; `may` says whether this person keeps them.

    `typed` is what stood in a form that was refused.
    """

    template: ClassVar[str] = "desk/registers.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "desk", "form")

    may: bool
    kin: Sequence[Kept]
    suppliers: Sequence[Backed]
    groups: tuple[str, ...]
    typed: Mapping[str, str]


def seat(board: Board, me: Account, village: str, needed: frozenset[str]) -> tuple[int, bool]:
    """Give somebody's number here and whether they keep the registers; raises NotAllowed."""
    number = accounts.seat(board, me.id, village)
    with board.database.read() as tx:
        verbs = set(place(tx, village).verbs(number))
    if not needed & verbs:
        raise NotAllowed("您在这个村不管这一件。", fix="请找报账员或者监委会的人。")
    return number, bool(_KEEPERS & verbs)


def _registers(
    board: Board,
    me: Account,
    village: str,
    typed: Mapping[str, str] | None = None,
    findings: Sequence[Finding] = (),
) -> Registers:
    _number, may = seat(board, me, village, _READERS)
    with board.database.read() as tx:
        where = place(tx, village)
        return Registers(
            desk=desk(board, tx, me, text("回避和供应商登记"), village),
            findings=tuple(findings),
            may=may,
            kin=registers.kin_of(tx, village),
            suppliers=registers.suppliers_of(tx, village),
            groups=tuple(group.name for group in where.profile.groups),
            typed=typed or {},
        )


@get(REGISTERS, sync_to_thread=True)
def show_registers(
    village: FromPath[str], board: NamedDependency[Board], me: NamedDependency[Account]
) -> Response[bytes]:
    """Show both registers, and to whoever keeps them the forms."""
    return page(_registers(board, me, village))


@post(f"{REGISTERS}/{{what:str}}", sync_to_thread=True)
def change_register(
    village: FromPath[str],
    what: FromPath[str],
    board: NamedDependency[Board],
    me: NamedDependency[Account],
    body: RawBody,
    request: Request[Any, Any, Any],
) -> Response[bytes]:
    """Write somebody down (`kin`, `suppliers`), or forget them (`kin-gone`, `suppliers-gone`)."""
    sent = sent_fields(body)
    try:
        number, _may = seat(board, me, village, _KEEPERS)
        _change(board, village, number, what, sent)
    except Problem as problem:
        if wants_json(request) or not isinstance(problem, NotValid):
            raise
        shown = {name: value for name, value in sent.items() if name != "identity"}
        return page(_registers(board, me, village, shown, problem.findings), problem.status)
    return onward(f"/desk/{village}/registers#{what.removesuffix('-gone')}")


def _change(board: Board, village: str, number: int, what: str, sent: Mapping[str, str]) -> None:
    said = {name: sent.get(name, "").strip() for name in ("name", "tie", "group", "owner")}
    match what:
        case "kin":
            registering.add_kin(
                board,
                village,
                number,
                name=said["name"],
                tie=said["tie"],
                group=said["group"],
                identity=sent.get("identity", ""),
            )
        case "suppliers":
            registering.add_supplier(board, village, number, name=said["name"], owner=said["owner"])
        case "kin-gone" | "suppliers-gone":
            ids = list(_ids(sent.get("id", "")))
            registering.forget(board, village, what.removesuffix("-gone"), ids)
        case _:
            raise NotValid("没有这个登记。", value=what)


def _ids(typed: str) -> Iterator[int]:
    if not (typed.isascii() and typed.isdigit()):
        raise NotValid("没有说是哪一行。", value=typed)
    yield int(typed)


HANDLERS: Sequence[HTTPRouteHandler] = (show_registers, change_register)
