"""Marks of rows: kept by notice and row from the import on, gone when the row's name goes."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, delete, insert, select

from noticeboard.core.matching import Marks
from noticeboard.store.desk_tables import mark


def put(tx: Connection, village: str, code: str, found: Mapping[int, Marks]) -> None:
    """Keep the marks of a notice's rows in place of those that were there."""
    erase(tx, village, code)
    rows = [
        {"village": village, "code": code, "row": row, "identity": it.identity, "card": it.card}
        for row, it in found.items()
        if it.identity or it.card
    ]
    if rows:
        tx.execute(insert(mark), rows)


def of_village(
    tx: Connection, village: str, codes: Collection[str]
) -> dict[tuple[str, int], Marks]:
    """Give the marks of some notices by code and row."""
    query = select(mark).where(mark.c.village == village, mark.c.code.in_(sorted(codes)))
    return {(row.code, row.row): Marks(row.identity, row.card) for row in tx.execute(query)}


def erase(tx: Connection, village: str, code: str, rows: Collection[int] = ()) -> None:
    """Forget the marks of some rows of a notice, of all where none are named."""
    query = delete(mark).where(mark.c.village == village, mark.c.code == code)
    tx.execute(query.where(mark.c.row.in_(sorted(rows))) if rows else query)


def keep_only(tx: Connection, village: str, code: str, rows: Collection[int]) -> None:
    """Forget the marks of rows that a notice does not have any more."""
    held = {row for _code, row in of_village(tx, village, [code])}
    if gone := held - set(rows):
        erase(tx, village, code, gone)


def erase_all(tx: Connection) -> int:
    """Forget every mark there is; gives how many."""
    return tx.execute(delete(mark)).rowcount
