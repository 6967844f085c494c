"""A notice on the desk: where it stands, what it says, what happened, and what may be done now."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Final

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board import Board, accounts, freezing, history, mirroring
from noticeboard.core.days import local
from noticeboard.core.lifecycle import choices
from noticeboard.core.notice import (
    Notice,
    Published,
    Returned,
    published,
)
from noticeboard.core.particulars import Attachment
from noticeboard.core.people import Wall
from noticeboard.core.problems import Finding
from noticeboard.core.rules import Ground, GroundedAct
from noticeboard.show.facts import Place, place
from noticeboard.show.texts import Text, Words
from noticeboard.store import blobs, drafts
from noticeboard.store.people import Account
from noticeboard.web.answers import DeskView, desk
from noticeboard.web.inbox import like, title_of
from noticeboard.web.stated import Version, versions_of
from noticeboard.web.telling import Past, kind_word, line_of, mark_of, past_of, unconfirmed_line

# Of the grounds of a sort, what is chosen most.
_USUAL: Final = frozenset({"personal-data", "wrong-facts"})


class Down(Struct, frozen=True):
    """A taking down that waits for a second person; `mine` says whether it may be this one."""

    index: int
    line: Words
    mine: bool


class Line(Struct, frozen=True):
    """A row that may be blacked out: its id and what tells it from others."""

    id: int
    words: str


class Paper(DeskView, frozen=True, kw_only=True):
    """A notice's page on the desk. `may` are the verbs the rulebook allows this person now.

    `act` is the verb whose form was refused, or is being filled in, `typed` what stood in it.
    `shown` is the publish leaf that a paper on a wall shows, `like` where the next one like it is
    begun. Of `rows` that may be blacked out `lines` are those that were looked for.
    """

    template: ClassVar[str] = "desk/notice.html"

    code: str
    kind: Words
    title: Words
    mark: Words
    still: bool
    line: Words
    may: frozenset[str]
    of: int
    shown: int | None
    draft: bool
    like: str
    returned: bool
    versions: tuple[Version, ...]
    past: tuple[Past, ...]
    downs: tuple[Down, ...]
    grounds: Mapping[GroundedAct, tuple[tuple[str, Words], ...]]
    walls: tuple[Wall, ...]
    rows: int
    lines: tuple[Line, ...]
    files: tuple[Attachment, ...]
    until: str
    done: Words = ""
    act: str = ""
    typed: Mapping[str, str] = {}


def paper(
    board: Board,
    me: Account,
    village: str,
    code: str,
    *,
    done: int | None = None,
    act: str = "",
    typed: Mapping[str, str] | None = None,
    findings: Sequence[Finding] = (),
) -> Paper:
    """Read a notice for one person; raises NotFound, and NotAllowed for somebody without office."""
    number = accounts.seat(board, me.id, village)
    at = board.now()
    with board.database.read() as tx:
        where = place(tx, village)
        notice = history.named(tx, village, code)
        past = tuple(_past(tx, where, notice, at))
        may = freezing.allowed(
            where.frozen, choices(where.village, notice, number, at, where.rules)
        )
        verbs = where.verbs(number)
        shown = published(notice.current) if notice.current else None
        up = notice.current is not None and isinstance(notice.current.state, Published)
        versions = tuple(versions_of(tx, where, notice))
        lines = _lines(versions, notice)
        mark, still = mark_of(where, notice, at)
        return Paper(
            desk=desk(board, tx, me, title_of(tx, village, notice.latest), village),
            findings=tuple(findings),
            code=code,
            kind=kind_word(notice),
            title=title_of(tx, village, notice.latest),
            mark=mark,
            still=still,
            line=line_of(where, notice, at),
            may=may,
            of=notice.latest.of,
            shown=shown.publish if shown and up else None,
            draft="submit" in verbs and drafts.find(tx, village, code) is not None,
            like=like(village, notice, verbs) if up else "",
            returned=isinstance(notice.latest.state, Returned),
            versions=versions,
            past=past,
            downs=tuple(_downs(where, notice, number, may, at)),
            grounds=_grounds(where),
            walls=where.profile.walls,
            rows=len(lines),
            lines=tuple(_wanted(lines, typed or {})),
            files=_files(tx, where, versions, notice),
            until=f"{local(shown.period.until - 1):%Y-%m-%d}"
            if shown and shown.period.until
            else "",
            done=next((event.act for event in past if event.index == done), ""),
            act=act,
            typed=typed or {},
        )


def _past(tx: Connection, where: Place, notice: Notice, at: int) -> Iterator[Past]:
    village = where.village.code
    for found in history.of_notice(tx, village, notice.code):
        erasing = found.act in ("redact", "erase")
        told = mirroring.told(tx, village, found.index) if erasing else None
        yield past_of(where, found, at, told)


def _downs(
    where: Place, notice: Notice, number: int, may: frozenset[str], at: int
) -> Iterator[Down]:
    for down in notice.taken_down:
        if down.confirmed_by is not None:
            continue
        line = unconfirmed_line(where, down, history.confirm_by(down, where.rules), at)
        yield Down(down.index, line, "confirm" in may and down.by != number)


def _grounds(where: Place) -> Mapping[GroundedAct, tuple[tuple[str, Words], ...]]:
    return {
        act: tuple((code, Text(ground.text, english=ground.english)) for code, ground in in_order)
        for act, grounds in where.rules.grounds.items()
        for in_order in [sorted(grounds.items(), key=_usual_first)]
    }


def _usual_first(listed: tuple[str, Ground]) -> tuple[bool, bool, bool, str]:
    """Order grounds: what harms a person, then what is wrong, then what others ordered."""
    code, ground = listed
    return "authority-order" in code, not ground.self_leaking, code not in _USUAL, code


def _shown_version(versions: Sequence[Version], notice: Notice) -> Version | None:
    """Give what may be blacked out: what is on the board, or what was sent back before it was."""
    current = notice.current or notice.latest
    return next((v for v in versions if v.ed == current.ed), None)


def _lines(versions: Sequence[Version], notice: Notice) -> tuple[Line, ...]:
    shown = _shown_version(versions, notice)
    if shown is None or shown.table is None:
        return ()
    return tuple(
        Line(int(id_), " · ".join(cell for cell in cells if cell))
        for id_, cells in shown.table.rows
    )


def _wanted(lines: Sequence[Line], typed: Mapping[str, str]) -> Iterator[Line]:
    """Give the rows in which what is looked for stands, or that are ticked already."""
    words = typed.get("find", "").split()
    for line in lines:
        found = all(word in line.words or word == str(line.id) for word in words)
        if found or f"row.{line.id}" in typed:
            yield line


def _files(
    tx: Connection, where: Place, versions: Sequence[Version], notice: Notice
) -> tuple[Attachment, ...]:
    """Give the files that can be erased: of the edition and of walls, while they are there."""
    shown = _shown_version(versions, notice)
    walls = {wall.code: wall.name for wall in where.profile.walls}
    photos = tuple(
        Attachment(c=ref.c, len=ref.len, type=ref.type, caption=walls.get(posted.wall, posted.wall))
        for posted in notice.posted
        for ref in posted.files
    )
    files = (*(shown.files if shown else ()), *photos)
    held = blobs.files_held(tx, where.village.code, [file.c for file in files])
    return tuple(file for file in files if file.c in held)
