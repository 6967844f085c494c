"""One edition as one surface may show it at one moment: read once, handed to views."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.board import accusing, covering, freezing
from noticeboard.board.cosigning import ANOTHER, MORE
from noticeboard.board.former import former as log_before
from noticeboard.core.notice import Edition, Notice, Published, published
from noticeboard.core.parts import Bodies, Stated, join
from noticeboard.core.people import Profile, Village
from noticeboard.core.problems import NotFound
from noticeboard.core.rules import CatalogueItem, Rules, Verb
from noticeboard.core.visible import Showing, Standing, Surface, standing, visible
from noticeboard.store import blobs, checkpoints, heads, notices, people, rules, screens


class Place(Struct, frozen=True):
    """A village at the moment of reading: who it is, how its log stands, who is who.

    `people` gives the name behind each number. `root` is the root of its log's signed head as hex,
    "" before the first; `waits` says that entries wait for the next one, `frozen` why nothing is
    written any more, or "", `since` since when and `stopper` who outside showed it, where known.
    """

    code: str
    profile: Profile
    village: Village
    revision: int
    people: Mapping[int, str]
    rules: Rules
    root: str
    waits: bool = False
    frozen: str = ""
    since: int | None = None
    stopper: accusing.Stopper | None = None

    def verbs(self, number: int) -> frozenset[Verb]:
        """Give everything that somebody's offices here may ever do."""
        held, listed = self.village.offices.get(number, ()), self.rules.offices
        return frozenset(verb for role in held if role in listed for verb in listed[role].may)


class Facts(Struct, frozen=True):
    """An edition as far as a surface may show it at `at`. `stated` is None when nothing is left.

    With `showing` figures the names are already gone; with tombstone `stated` may only be used for
    the title, and only where the ground allows it. `lost` says that something of it is gone which
    nobody decided to take away.
    """

    place: Place
    notice: Notice
    edition: Edition
    showing: Showing
    standing: Standing
    stated: Stated | None
    item: CatalogueItem | None
    at: int
    lost: bool = False

    @property
    def up(self) -> Published | None:
        """Give how this edition went up, also when it has ended since."""
        return published(self.edition)


def place(tx: Connection, code: str) -> Place:
    """Read a village for showing; raises NotFound."""
    head, signed = notices.head_of(tx, code), checkpoints.latest(tx, code)
    size, still = signed.size if signed else 0, heads.frozen(tx, code)
    return Place(
        code=code,
        profile=head.profile,
        village=head.village,
        revision=head.revision,
        people=people.names_in(tx, code),
        rules=rules.get(tx, screens.told(tx, "rules") or ""),
        root=signed.root.hex() if signed else "",
        waits=bool(head.village.keys) and size < head.village.size,
        frozen=still,
        since=stopped_at(tx, code) if still else None,
        stopper=accusing.stopper(tx, head.village) if still in (MORE, ANOTHER) else None,
    )


def stopped_at(tx: Connection, code: str) -> int | None:
    """Give since when a log stands still: of one that another goes on for, since that began."""
    living = code.partition(".")[0]
    for other in (living, *heads.archives(tx, living)) if living != code else ():
        begun = log_before(tx, other)
        if begun is not None and begun.head.origin == heads.origin(tx, code):
            return begun.since
    return freezing.since(tx, code)


def facts(
    tx: Connection, where: Place, notice: Notice, edition: Edition, surface: Surface, at: int
) -> Facts:
    """Read an edition for a surface; what may not be shown is not even read."""
    showing = visible(notice, edition, surface, at, where.rules)
    stated, lost = None, False
    if showing != "nothing":
        bodies, _held = blobs.bodies_of(tx, where.code, edition.parts)
        stated = join(bodies, names=showing == "full")
        if showing != "tombstone" and not _whole(tx, where.code, edition, bodies):
            gone = covering.vanished(tx, where.code, notice.code, edition)
            lost = bool(gone.parts or gone.files)
            stated = _marked(tx, where.code, edition, stated, gone) if stated else None
    return Facts(
        place=where,
        notice=notice,
        edition=edition,
        showing=showing,
        standing=standing(notice, edition, at),
        stated=stated,
        item=where.rules.catalogue.get(edition.item or ""),
        at=at,
        lost=lost,
    )


def _whole(tx: Connection, code: str, edition: Edition, bodies: Bodies) -> bool:
    """Say whether all of an edition is there, which it is but for erasures and accidents."""
    tables = bodies.tables
    return (
        None not in bodies.singles.values()
        and all(part.name in tables for part in edition.parts if part.rows)
        and not any(body is None for rows in tables.values() for _id, body in rows)
        and (not edition.files or {ref.c for ref in edition.files} == _files(tx, code, edition))
    )


def _files(tx: Connection, code: str, edition: Edition) -> frozenset[str]:
    return blobs.files_held(tx, code, {ref.c for ref in edition.files})


def _marked(
    tx: Connection, code: str, edition: Edition, stated: Stated, gone: covering.Missing
) -> Stated:
    """Mark the rows of which something is gone that no act erased."""
    tables = blobs.tables_of(tx, code, [part for part in edition.parts if part.c in gone.parts])
    ids = (
        row
        for table in tables.values()
        for row, c in zip(table.ids, table.rows, strict=True)
        if c in gone.bodies
    )
    return replace(stated, vanished=frozenset(ids))


def current(tx: Connection, where: Place, notice: Notice, surface: Surface, at: int) -> Facts:
    """Read what a notice shows now on a surface; raises NotFound before its first publication."""
    edition = notice.current
    if edition is None:
        raise NotFound("这份公示还没有公开。", value=notice.code)
    return facts(tx, where, notice, edition, surface, at)


def former(tx: Connection, where: Place, notice: Notice, prev: int | None, at: int) -> Facts | None:
    """Read the edition with publish entry `prev`, which another one replaced, as far as it goes."""
    for old in notice.editions:
        up = published(old)
        if up is not None and up.publish == prev:
            return facts(tx, where, notice, old, "edition", at)
    return None


def listed(
    tx: Connection, where: Place, surface: Surface, at: int, limit: int = 200
) -> list[Facts]:
    """Read the notices a list surface may show now, the newest first."""
    found = (
        current(tx, where, notice, surface, at) for notice in notices.shown(tx, where.code, limit)
    )
    return [item for item in found if item.showing != "nothing"]
