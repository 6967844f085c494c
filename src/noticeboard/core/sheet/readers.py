"""Which room reads which kind of sheet; a kind that stands here is a kind that is recognised."""

from collections.abc import Sequence
from typing import Final

from noticeboard.core.sheet.assets import assets
from noticeboard.core.sheet.contracts import contracts
from noticeboard.core.sheet.headers import SheetKind
from noticeboard.core.sheet.labour import labour
from noticeboard.core.sheet.ledger import Ledger
from noticeboard.core.sheet.projects import projects
from noticeboard.core.sheet.reading import Given, Reader, Stated
from noticeboard.core.sheet.roster import Roster
from noticeboard.core.sheet.titled import titled


def ledger(given: Given) -> Sequence[Stated]:
    """Read 财务收支: receipts and payments of an account."""
    reader = Ledger(given.table, given.heading, given.headers, given.report)
    stated = reader.read()
    if stated is None:
        return ()
    return (
        Stated(
            title=given.title,
            particulars=stated,
            item=given.headers.items["ledger"],
            income=sum(row.income for row in stated.rows),
            expense=sum(row.expense for row in stated.rows),
            opened=reader.opened,
        ),
    )


def roster(given: Given) -> Sequence[Stated]:
    """Read 惠民补贴: people and what each of them was given."""
    reader = Roster(
        given.table, given.heading, given.headers, given.report, given.title, given.about
    )
    stated = reader.read()
    if reader.kept_back:
        given.report.leave(f"备注里的 {reader.kept_back} 处个人情况")
    if stated is None:
        return ()
    # Sheets of one roster, a group on each, would all be called the same.
    alone = {row.group for row in stated.rows} == {reader.of_sheet}
    marked = f"（{reader.of_sheet}）" if alone and reader.of_sheet else ""
    title = given.title if reader.of_sheet in given.title else f"{given.title}{marked}"
    return (
        Stated(
            title=title,
            particulars=stated,
            item=reader.item,
            amount=stated.total,
            lines=reader.summed_up,
            marks=reader.marks(),
        ),
    )


READERS: Final[dict[SheetKind, Reader]] = {
    "roster": roster,
    "ledger": ledger,
    "project": projects,
    "asset": assets,
    "contract": contracts,
    "labour": labour,
    "table": titled,
}
