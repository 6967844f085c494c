"""The second person's page: the very page that will be shown, each picture in full, two buttons."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from sqlalchemy import Connection

from noticeboard.board import Board, accounts, drafting, freezing, history
from noticeboard.core.days import day_of, local
from noticeboard.core.lifecycle import choices
from noticeboard.core.money import yuan
from noticeboard.core.notice import Edition, Notice, published
from noticeboard.core.particulars import Attachment, Content
from noticeboard.core.problems import Finding, NotFound
from noticeboard.show.facts import Place, former, place
from noticeboard.show.foot import File, pictured
from noticeboard.show.judged import judged_draft
from noticeboard.show.poster import poster_draft
from noticeboard.show.render import View
from noticeboard.show.texts import Words, said, text
from noticeboard.show.views_notice import draft_view
from noticeboard.store import concealed
from noticeboard.store.concealed import Concealed
from noticeboard.store.people import Account
from noticeboard.web import hinting
from noticeboard.web.answers import DeskView, desk, script
from noticeboard.web.clearing import Doubted, doubted
from noticeboard.web.draft_pages import PREVIEWS
from noticeboard.web.hinting import Panel
from noticeboard.web.inbox import title_of
from noticeboard.web.previews import hangs_upright, slides_page, unseen
from noticeboard.web.stated import Version, versions_of
from noticeboard.web.telling import kind_word, line_of, mark_of
from noticeboard.web.weighing import Weighing, offer, weighings


class Review(DeskView, frozen=True, kw_only=True):
    """What waits for a second person. `of` is the submit leaf that is shown, and agreed to.

    `own` says that this person wrote it, `days` is what the rules suggest for its `mode` and never
    less than what a corrected one has left, `today` the next day on which eight o'clock is still to
    come, `doubts` are places that look like somebody's data and are none, as its writer says, and
    `cleared` that a second person said so too; `concealed` are rows that were hidden in the
    workbook it came of, and how many more its sums hold; `grow` where the script is that shows the
    page in its whole length; `hints` what is asked of it, `weighed` what was counted of a decision,
    `least` how long the rules have it stay at least.
    """

    template: ClassVar[str] = "desk/review.html"

    code: str
    kind: Words
    of: int
    line: Words
    may: frozenset[str]
    own: bool
    grow: str
    versions: tuple[Version, ...]
    files: tuple[Attachment, ...]
    doubts: tuple[Doubted, ...]
    cleared: bool
    hints: Panel
    weighed: tuple[Weighing, ...]
    least: tuple[Words, ...]
    mode: Words
    days: int
    today: str
    concealed: tuple[Words, ...]
    concealed_in_sums: int
    previews: tuple[tuple[str, Words], ...] = PREVIEWS
    typed: Mapping[str, str] = {}


def review(
    board: Board,
    me: Account,
    village: str,
    code: str,
    *,
    typed: Mapping[str, str] | None = None,
    findings: Sequence[Finding] = (),
) -> Review:
    """Read what was submitted of a notice; raises NotFound."""
    number = accounts.seat(board, me.id, village)
    at = board.now()
    with board.database.read() as tx:
        where = place(tx, village)
        notice = history.named(tx, village, code)
        latest = notice.latest
        item = where.rules.catalogue.get(latest.item or "")
        mode = item.mode if item else "公开"
        versions = tuple(versions_of(tx, where, notice))
        hidden = concealed.of_notice(tx, village, code)
        least = offer(tx, where, notice, at)
        return Review(
            desk=desk(board, tx, me, title_of(tx, village, latest), village),
            findings=tuple(findings),
            code=code,
            kind=kind_word(notice),
            of=latest.of,
            line=line_of(where, notice, at),
            may=freezing.allowed(
                where.frozen, choices(where.village, notice, number, at, where.rules)
            ),
            own=number in latest.writers,
            grow=script("grow"),
            versions=versions,
            files=versions[0].files,
            doubts=tuple(_doubted(tx, village, latest)),
            cleared=latest.cleared is not None,
            hints=_hints(tx, village, code, latest, at),
            weighed=_weighed(tx, where, code, latest, at),
            least=least.says if least else (),
            concealed=tuple(_concealed(tx, village, latest, hidden)),
            concealed_in_sums=hidden.in_sums,
            mode=text(mode),
            days=max(least.days if least else where.rules.suggestions[mode].n, _still(notice, at)),
            today=f"{local(at + 16 * 3600):%Y-%m-%d}",
            typed=typed or {},
        )


def _doubted(tx: Connection, village: str, edition: Edition) -> Iterator[Doubted]:
    if edition.doubts:
        yield from doubted(drafting.content_of(tx, village, edition), edition.doubts)


def _concealed(
    tx: Connection, village: str, edition: Edition, hidden: Concealed
) -> Iterator[Words]:
    if not hidden.rows:
        return
    try:
        rows = drafting.content_of(tx, village, edition).particulars.rows
    except NotFound:
        # It was erased since.
        return
    for number, row in enumerate(rows, 1):
        if row.id in hidden.rows:
            named = (getattr(row, name, "") for name in ("summary", "subject", "work", "name"))
            paid = (getattr(row, name, 0) for name in ("amount", "expense", "income", "original"))
            what = next((words for words in named if words), "")
            amount = next((f"{yuan(fen)} 元" for fen in paid if fen), "")
            yield text("第{n}行 {what}", n=number, what="，".join(filter(None, (what, amount))))


def _hints(tx: Connection, village: str, code: str, edition: Edition, at: int) -> Panel:
    """Give what is asked of an edition; of one whose text is erased nothing can be."""
    try:
        content = drafting.content_of(tx, village, edition)
    except NotFound:
        return Panel()
    return hinting.of_edition(tx, village, code, content, at)


def _weighed(
    tx: Connection, where: Place, code: str, edition: Edition, at: int
) -> tuple[Weighing, ...]:
    try:
        content = drafting.content_of(tx, where.code, edition)
    except NotFound:
        return ()
    return weighings(judged_draft(tx, where, code, content, at))


def _still(notice: Notice, at: int) -> int:
    """Count the whole days that the edition on the board has left: a correction takes none away."""
    shown = published(notice.current) if notice.current else None
    until = shown.period.until if shown else None
    return 0 if until is None else (day_of(until - 1) - day_of(at)).days


def as_shown(board: Board, me: Account, village: str, code: str, surface: str) -> View:
    """Give the latest edition as phone, screen or paper will show it; raises NotFound."""
    accounts.seat(board, me.id, village)
    at = board.now()
    with board.database.read() as tx:
        where = place(tx, village)
        notice = history.named(tx, village, code)
        content = drafting.content_of(tx, village, notice.latest)
        old = former(tx, where, notice, notice.latest.prev, at)
        upright = hangs_upright(tx, village)
        judged = judged_draft(tx, where, code, content, at)
    mark, _runs = mark_of(where, notice, at)
    before = old.stated.content if old and old.stated else None
    match surface:
        case "phone":
            files = _files(village, content)
            return draft_view(where, content, at, files=files, state=mark, judged=judged)
        case "screen":
            return slides_page(unseen(where, notice, content, at), before, upright, said(mark))
        case "paper":
            return poster_draft(where, content, at, before)
    raise NotFound("没有这种预览。", value=surface)


def _files(village: str, content: Content) -> tuple[File, ...]:
    pictures = f"/desk/{village}/files"
    return tuple(
        pictured(file, f"{pictures}/{file.c}", f"{pictures}/{file.c}") for file in content.files
    )
