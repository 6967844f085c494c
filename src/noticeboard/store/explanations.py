"""What was said to hints that speak of persons or of how notices were handled: never public."""

from collections.abc import Mapping

from msgspec import Struct
from sqlalchemy import Connection, Delete, delete, insert, select

from noticeboard.store.desk_tables import explanation


class Explained(Struct, frozen=True):
    """An explanation: its text, when and by whom it was written."""

    text: str
    at: int
    by: int


def of_notice(tx: Connection, village: str, code: str) -> dict[str, Explained]:
    """Give what was said of a notice's hints, by the key of the hint; code "" is of no notice."""
    query = select(explanation).where(explanation.c.village == village, explanation.c.code == code)
    return {row.hint: Explained(row.text, row.at, row.by) for row in tx.execute(query)}


def put(tx: Connection, village: str, code: str, said: Mapping[str, str], at: int, by: int) -> None:
    """Keep what is said of some hints; an empty text takes back what was said."""
    for hint, text in said.items():
        tx.execute(_where(village, code).where(explanation.c.hint == hint))
        if text:
            row = {"village": village, "code": code, "hint": hint, "text": text}
            tx.execute(insert(explanation), {**row, "at": at, "by": by})


def erase(tx: Connection, village: str, code: str) -> None:
    """Forget everything said of a notice's hints: it speaks of the people who are erased."""
    tx.execute(_where(village, code))


def _where(village: str, code: str) -> Delete:
    return delete(explanation).where(explanation.c.village == village, explanation.c.code == code)
