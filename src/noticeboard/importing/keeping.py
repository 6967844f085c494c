"""Keeping: the drafts of a checked workbook, all of them or none, and how it was read."""

from sqlalchemy import Connection

from noticeboard.board import Board, bringing
from noticeboard.board.bringing import Brought
from noticeboard.core.problems import NotValid
from noticeboard.core.sheet.headers import SheetKind
from noticeboard.importing.checking import Checked, check
from noticeboard.store import drafts, layouts
from noticeboard.store.drafts import Draft


def keep(board: Board, checked: Checked, number: int) -> list[Draft]:
    """Make the drafts of a checked workbook in one transaction: all of them or none.

    `number` is who imports, a writer of them all. What goes on with a draft or a notice that is
    there is brought to it; a draft that says it all already is given as it is. How the clerk had
    the sheets read is remembered for the next of their layout. Raises NotValid with every error
    where there is one, and NotNow when somebody else has changed a draft since it was compared.
    """
    if not checked.ok:
        raise NotValid.of(p.finding for p in checked.listed if p.level == "error")
    fresh = [plan for plan in checked.plans if not plan.nothing_new]
    made = bringing.bring(
        board,
        checked.village,
        [
            Brought(
                content=p.content,
                code=p.goes_on,
                seen=p.seen,
                first=p.first,
                concealed=p.concealed,
                marks=p.marks,
            )
            for p in fresh
        ],
        number,
        lambda tx: _remember(tx, checked, board.now(), number),
    )
    with board.database.read() as tx:
        same = {
            plan.code: drafts.find(tx, checked.village, plan.code)
            for plan in checked.plans
            if plan.nothing_new
        }
    rest = iter(made)
    found = (same[p.code] if p.nothing_new else next(rest) for p in checked.plans)
    return [draft for draft in found if draft is not None]


def _remember(tx: Connection, checked: Checked, at: int, number: int) -> None:
    for sheet in checked.sheets:
        choice = checked.choices.of(sheet.name, sheet.table)
        decided = choice.columns or choice.units or choice.flows or choice.kind
        if sheet.kind is not None and sheet.layout and decided:
            before = layouts.of_village(tx, checked.village).get(sheet.layout)
            choice = choice.over(before) if before else choice
            layouts.remember(tx, checked.village, sheet.layout, choice, at, number)


def take(
    board: Board,
    village: str,
    data: bytes,
    name: str,
    number: int,
    kind: SheetKind | None = None,
) -> list[Draft]:
    """Check a workbook and make its drafts; raises NotValid with every error at once."""
    return keep(board, check(board, village, data, name, kind), number)
