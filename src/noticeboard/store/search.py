"""Search in Chinese: text as single characters with spaces, asked by phrase, on both databases."""

import re
from collections.abc import Sequence

from sqlalchemy import Connection, text

from noticeboard.core.codes import number_of
from noticeboard.store.prepared import Prepared

_WORD = re.compile(r"[a-z0-9]+|[^\W_]")


def characters(plain: str) -> str:
    """Write text as its characters with spaces; a Latin word or a number stays whole.

    Punctuation is no word: nobody looks for it, and the two databases read it differently.
    """
    return " ".join(_WORD.findall(plain.lower()))


# FTS5 finds a row fast by its number only, so on SQLite the code is the number.
_DROP = Prepared(
    {
        "sqlite": text("delete from search where rowid = :n"),
        "postgresql": text("delete from search where village = :village and code = :code"),
    }
)
_PUT = Prepared(
    {
        "sqlite": text(
            "replace into search (rowid, village, code, text) values (:n, :village, :code, :text)"
        ),
        "postgresql": text(
            "insert into search (village, code, text) values (:village, :code, :text)"
            " on conflict (village, code) do update set text = excluded.text"
        ),
    }
)


def put(tx: Connection, village: str, code: str, plain: str) -> None:
    """Index a notice's public text; an empty text takes it out."""
    row = {"n": number_of(code), "village": village, "code": code, "text": characters(plain)}
    (_PUT if plain else _DROP).run(tx, row)


def stored(tx: Connection, village: str) -> dict[str, str]:
    """Give what is indexed of a village, by the notices' codes, for an audit; it reads it all."""
    rows = tx.execute(
        text("select code, text from search where village = :village"), {"village": village}
    )
    return {row.code: row.text for row in rows}


def compact(tx: Connection) -> None:
    """Rewrite the SQLite index as one segment: without this deleted words stay in old segments."""
    if tx.dialect.name == "sqlite":
        tx.execute(text("insert into search(search) values ('optimize')"))


def find(tx: Connection, village: str, words: str, limit: int = 50) -> Sequence[str]:
    """Give the codes of notices in which every word stands, best first."""
    phrases = [phrase for word in words.split() if (phrase := characters(word))][:8]
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
            "select code from search where village = :village and"  # noqa: S608 - words of ours
            f" to_tsvector('simple', text) @@ ({' && '.join(asked)}) order by code limit :limit"
        )
        named = {f"w{i}": phrase for i, phrase in enumerate(phrases)}
        rows = tx.execute(text(statement), {**values, **named})
    return [row.code for row in rows]
