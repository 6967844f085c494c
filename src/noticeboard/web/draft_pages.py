"""What the pages of a draft are given: its form field by field, its pictures, its sums."""

from collections.abc import Sequence
from typing import ClassVar, Final

from sqlalchemy import Connection

from noticeboard.board import Board
from noticeboard.board.board import in_force
from noticeboard.core.days import local
from noticeboard.core.drafting import Typed
from noticeboard.core.particulars import Attachment, Kind
from noticeboard.core.people import Profile
from noticeboard.core.periods import PERIOD, following, in_words
from noticeboard.core.problems import Finding
from noticeboard.core.rules import Rules
from noticeboard.show.facts import place
from noticeboard.show.sentences import KIND_WORDS
from noticeboard.show.texts import Words, text
from noticeboard.store import notices
from noticeboard.store.drafts import Draft
from noticeboard.store.people import Account
from noticeboard.web import hinting, weighing
from noticeboard.web.answers import DeskView, desk, script
from noticeboard.web.clearing import Open
from noticeboard.web.draft_rows import Choices, Input, Table, heads, tables
from noticeboard.web.forms import Clash, kind_named
from noticeboard.web.hinting import Panel
from noticeboard.web.sums import sentence, sums
from noticeboard.web.weighing import Weighing

SHEETS: Final = ("tokens", "base", "desk", "form")
# The surfaces a draft can be looked at beside its form; `web.previews` makes them.
PREVIEWS: Final[tuple[tuple[str, Words], ...]] = (
    ("phone", text("手机")),
    ("screen", text("大屏")),
    ("paper", text("纸")),
)


class FormPage(DeskView, frozen=True, kw_only=True):
    """A draft as a form; `address` is its own, `kind` its kind in words.

    `alarms` are what its writer may say is no leak, `hints` what is asked of it; `like` says that
    it was just filled from the former one. `run` are the addresses of the scripts that help;
    everything works without them.
    """

    template: ClassVar[str] = "desk/form.html"
    sheets: ClassVar[tuple[str, ...]] = SHEETS

    address: str
    kind: Words
    edition: int
    version: int
    saved_at: int
    inputs: tuple[Input, ...]
    tables: tuple[Table, ...]
    pictures: tuple[Attachment, ...]
    added: str
    even: str
    clashes: tuple[Clash, ...] = ()
    alarms: tuple[Open, ...] = ()
    hints: Panel = Panel()
    weighed: tuple[Weighing, ...] = ()
    like: bool = False
    previews: tuple[tuple[str, Words], ...] = ()
    run: tuple[str, ...] = ()


class FilesPage(DeskView, frozen=True, kw_only=True):
    """The pictures of a draft: add, look at, cover, take off."""

    template: ClassVar[str] = "desk/attachments.html"
    sheets: ClassVar[tuple[str, ...]] = SHEETS

    address: str
    pictures: tuple[Attachment, ...]
    caption: str = ""


class BoxesPage(DeskView, frozen=True, kw_only=True):
    """One picture at full size, to draw what must be covered."""

    template: ClassVar[str] = "desk/attachments_boxes.html"
    sheets: ClassVar[tuple[str, ...]] = SHEETS

    address: str
    picture: Attachment
    number: int
    run: tuple[str, ...] = ()


class CheckPage(DeskView, frozen=True, kw_only=True):
    """Every picture at full size with its tick, the last thing before submitting."""

    template: ClassVar[str] = "desk/attachments_check.html"
    sheets: ClassVar[tuple[str, ...]] = SHEETS

    address: str
    version: int
    pictures: tuple[Attachment, ...]
    ticked: frozenset[str] = frozenset()
    cleared: tuple[str, ...] = ()


class UnfinishedPage(DeskView, frozen=True, kw_only=True):
    """What a preview shows while the form cannot be read yet: what is still missing."""

    template: ClassVar[str] = "desk/preview_unfinished.html"
    sheets: ClassVar[tuple[str, ...]] = SHEETS


def address_of(draft: Draft) -> str:
    """Give a draft's address at the desk."""
    return f"/desk/{draft.village}/drafts/{draft.code}"


def form_page(
    board: Board,
    me: Account,
    draft: Draft,
    *,
    typed: Typed | None = None,
    empty: int | None = None,
    findings: Sequence[Finding] = (),
    clashes: Sequence[Clash] = (),
    alarms: Sequence[Open] = (),
    like: bool = False,
) -> FormPage:
    """Make a draft's form, filled with `typed` where that is not what is stored."""
    kind = kind_named(draft.kind)
    filled = draft.typed if typed is None else typed
    total = sums(kind, filled)
    with board.database.read() as tx:
        profile = notices.head_of(tx, draft.village).profile
        choices = _choices(tx, draft, kind, profile, board.now(), filled)
        around = desk(board, tx, me, KIND_WORDS[kind], draft.village)
        timed = weighing.timed(tx, draft.village, str(filled.get("item") or ""), board.now())
    return FormPage(
        desk=around,
        address=address_of(draft),
        kind=KIND_WORDS[kind],
        edition=draft.ed,
        version=draft.version,
        saved_at=draft.at,
        inputs=heads(kind, filled, choices, findings, corrects=draft.prev is not None, timed=timed),
        tables=tuple(tables(kind, filled, empty, findings)),
        pictures=draft.files,
        added=sentence(total) if total else "",
        even=total.even if total else "",
        findings=tuple(findings),
        clashes=tuple(clashes),
        alarms=tuple(alarms),
        hints=hinting.of_draft(board, draft, filled),
        weighed=weighing.of_draft(board, draft) if kind == "decision" else (),
        like=like,
        previews=PREVIEWS,
        run=(script("autosave"), script("paste")),
    )


def _choices(
    tx: Connection, draft: Draft, kind: Kind, profile: Profile, at: int, typed: Typed
) -> Choices:
    _hash, rules = in_force(tx)
    where, item = place(tx, draft.village), str(typed.get("item") or "")
    return {
        "item": _items(rules, kind),
        "group": tuple((group.code, group.name) for group in profile.groups),
        "covers": _periods(at, str(typed.get("covers") or "")),
        "meeting": weighing.offered(tx, where, at),
        "case": weighing.cases(tx, where, item, at),
    }


def _items(rules: Rules, kind: Kind) -> tuple[tuple[str, str], ...]:
    return tuple((id_, item.name) for id_, item in rules.catalogue.items() if kind in item.kinds)


def _periods(at: int, about: str) -> tuple[tuple[str, str], ...]:
    """Give the periods one may write about now, the likeliest first: quarters, months, years.

    The one it is `about` now is among them, however long ago.
    """
    now = local(at)
    months = [divmod(now.year * 12 + now.month - 1 - back, 12) for back in range(12)]
    quarters = dict.fromkeys((year, month // 3 + 1) for year, month in months)
    covers = (
        *(f"{year}-Q{quarter}" for year, quarter in quarters),
        *(f"{year}-{month + 1:02d}" for year, month in months),
        *(str(year) for year in range(now.year, now.year - 3, -1)),
    )
    # What is written like the last one is about a time that has only begun, or soon will.
    soon = {following(one) for one in covers} - set(covers)
    said = {about} - {*covers, *soon} if PERIOD.fullmatch(about) else ()
    return tuple((one, in_words(one)) for one in (*covers, *sorted(soon), *said))
