"""Recipients: who stands on a village's lists of sensitive programmes, by name."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from noticeboard.core.masking import Masking, programme_of
from noticeboard.core.particulars import Content, Subsidy, Titled
from noticeboard.core.parts import canonical, join
from noticeboard.store import blobs, notices

# So many notices are looked back at; a village has a few dozen such lists a year.
_MOST: Final = 200
_KINDS: Final = ("subsidy", "table")
# A name of one sign would be found in every other word.
_SHORTEST: Final = 2


def listed_people(
    tx: Connection, village: str, content: Content, masking: Masking
) -> frozenset[str]:
    """Give the names on the village's lists that a text of this content could speak of.

    Lists are read only where the content has a word of a sensitive programme at all.
    """
    words = [word for one in masking.programmes.values() if one.sensitive for word in one.words]
    said = canonical(content).decode()
    if not any(word in said for word in words):
        return frozenset()
    return frozenset(name for name in _names(tx, village, masking) if len(name) >= _SHORTEST)


def _names(tx: Connection, village: str, masking: Masking) -> Iterator[str]:
    for notice in notices.shown(tx, village, _MOST):
        edition = notice.current
        if edition is None or edition.kind not in _KINDS:
            continue
        bodies, _held = blobs.bodies_of(tx, village, edition.parts)
        stated = join(bodies)
        found = programme_of(stated.content, masking) if stated else None
        if stated is None or found is None or not found[1].sensitive:
            continue
        match stated.content.particulars:
            case Subsidy(rows=rows):
                yield from (row.name for row in rows if row.name)
            case Titled(rows=listed):
                yield from (name for row in listed for name in row.people or () if name)
