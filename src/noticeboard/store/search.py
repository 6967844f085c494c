"""Search in Chinese: text as single characters with spaces, asked by phrase, on both databases."""

import re
from collections.abc import Sequence

from sqlalchemy import Connection, text

_WORD = re.compile(r"[a-zA-Z0-9]+|\S")


def characters(plain: str) -> str:
    """Write text as its characters with spaces; a Latin word or a number stays whole."""
    return " ".join(_WORD.findall(plain.lower()))


def put(tx: Connection, village: str, code: str, plain: str) -> None:
    """Index a notice's public text; an empty text takes it out.

    On SQLite the index is then rewritten as one segment, so that erased words leave no page behind.
    """
    tx.execute(
        text("delete from search where village = :village and code = :code"),
        {"village": village, "code": code},
    )
    if plain:
        tx.execute(
            text("insert into search (village, code, text) values (:village, :code, :text)"),
            {"village": village, "code": code, "text": characters(plain)},
        )


def compact(tx: Connection) -> None:
    """Rewrite the SQLite index as one segment: without this deleted words stay in old segments."""
    if tx.dialect.name == "sqlite":
        tx.execute(text("insert into search(search) values ('optimize')"))


def find(tx: Connection, village: str, words: str, limit: int = 50) -> Sequence[str]:
    """Give the codes of notices in which every word stands, best first; words need no index form."""
    phrases = [characters(word) for word in words.split()][:8]
    if not phrases:
        return []
    values = {"village": village, "limit": limit}
    if tx.dialect.name == "sqlite":
        quoted = " ".join('"' + phrase.replace('"', '""') + '"' for phrase in phrases)
        statement = (
            "select code from search where search match :words and village = :village"
            " order by rank limit :limit"
        )
        rows = tx.execute(text(statement), {**values, "words": quoted})
    else:
        asked = [f"phraseto_tsquery('simple', :w{i})" for i in range(len(phrases))]
        statement = (
            "select code from search where village = :village and"
            f" to_tsvector('simple', text) @@ ({' && '.join(asked)}) order by code limit :limit"
        )
        named = {f"w{i}": phrase for i, phrase in enumerate(phrases)}
        rows = tx.execute(text(statement), {**values, **named})
    return [row.code for row in rows]
