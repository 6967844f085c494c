"""Finding: what search may find of a notice, and nothing else."""

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.core.notice import Notice
from noticeboard.core.parts import Bodies, join
from noticeboard.core.rules import Rules
from noticeboard.core.visible import visible
from noticeboard.store import blobs, search


def index_text(
    tx: Connection,
    village: str,
    notice: Notice,
    at: int,
    rules: Rules,
    bodies: Bodies | None = None,
) -> None:
    """Let search know what may be found of a notice now: never names, nothing once withdrawn.

    `bodies` are the current edition's where the caller has read them in this transaction.
    """
    edition = notice.current
    plain = ""
    if edition is not None and visible(notice, edition, "search", at, rules) != "nothing":
        plain = text_of(tx, village, notice, bodies)
    search.put(tx, village, notice.code, plain)


def text_of(tx: Connection, village: str, notice: Notice, bodies: Bodies | None = None) -> str:
    """Give the words of a notice's current edition without names, "" where nothing is left."""
    assert notice.current is not None  # only what went up is looked for
    read = bodies or blobs.bodies_of(tx, village, notice.current.parts)[0]
    stated = join(read, names=False)
    return words_of(stated.content) if stated else ""


def words_of(content: Struct) -> str:
    """Give what a content's text fields say, each text once and on its own line."""
    words: list[str] = []

    def gather(value: object) -> None:
        if isinstance(value, str):
            words.append(value)
        elif isinstance(value, Struct):
            for field in value.__struct_fields__:
                if field not in ("c", "type", "source", "read"):
                    gather(getattr(value, field))
        elif isinstance(value, tuple):
            for item in value:
                gather(item)

    gather(content)
    return "\n".join(dict.fromkeys(word for word in words if word))
