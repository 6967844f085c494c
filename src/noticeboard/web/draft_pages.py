"""What the pages of a draft are given: its form field by field, its pictures, its sums."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Final

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board import Board
from noticeboard.board.board import in_force
from noticeboard.core.days import local
from noticeboard.core.drafting import Typed
from noticeboard.core.forms import COMMON, FORMS, Field
from noticeboard.core.particulars import Attachment, Kind
from noticeboard.core.people import Profile
from noticeboard.core.problems import Finding
from noticeboard.core.rules import Rules
from noticeboard.show.sentences import KIND_WORDS
from noticeboard.show.texts import Words, text
from noticeboard.store import notices
from noticeboard.store.drafts import Draft
from noticeboard.store.people import Account
from noticeboard.web.alike import following, period
from noticeboard.web.answers import DeskView, desk, script
from noticeboard.web.forms import Clash, kind_named
from noticeboard.web.sums import sentence, sums

SHEETS: Final = ("tokens", "base", "desk", "form")
_PICKERS: Final = {
    "date": (re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"), "date"),
    "moment": (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d"), "datetime-local"),
}
# Enough to begin with; more can be asked for.
_EMPTY_AT_FIRST: Final = 8
_EMPTY_AFTER: Final = 3
_MOST_EMPTY: Final = 200
_ROWS: Final[dict[str, Words]] = {
    "spending": text("一笔一笔"),
    "subsidy": text("一户一户"),
    "project": text("一步一步"),
    "decision": text("六个步骤"),
}
# The surfaces a draft can be looked at beside its form; `web.previews` makes them.
PREVIEWS: Final[tuple[tuple[str, Words], ...]] = (
    ("phone", text("手机")),
    ("screen", text("大屏")),
    ("paper", text("纸")),
)
_FACTS: Final = text("别的数字，不是本公开栏的钱")


class Input(Struct, frozen=True, kw_only=True):
    """One field of a form with what is typed in it; `name` is also its address on the page.

    `choices` is empty for a field that is typed, not chosen.
    """

    name: str
    field: Field
    value: str
    choices: tuple[tuple[str, str], ...] = ()
    errors: tuple[Finding, ...] = ()

    @property
    def picker(self) -> str:
        """Give the browser's own picker, but for a value that it would silently drop."""
        form, picker = _PICKERS.get(self.field.read, (None, ""))
        return picker if form and (not self.value or form.fullmatch(self.value)) else ""


class Line(Struct, frozen=True):
    """One row of a form's table: its number on the page, its id if it has one, its fields."""

    number: int
    id: str
    inputs: tuple[Input, ...]


class Table(Struct, frozen=True, kw_only=True):
    """The rows of a form: `name` is rows or facts; `grows` where more of them can be asked for."""

    name: str
    title: Words
    columns: tuple[Field, ...]
    lines: tuple[Line, ...]
    grows: bool


class FormPage(DeskView, frozen=True, kw_only=True):
    """A draft as a form; `address` is its own, `kind` its kind in words.

    `run` are the addresses of the scripts that help; everything works without them.
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
) -> FormPage:
    """Make a draft's form, filled with `typed` where that is not what is stored."""
    kind = kind_named(draft.kind)
    filled = draft.typed if typed is None else typed
    total = sums(kind, filled)
    with board.database.read() as tx:
        profile = notices.head_of(tx, draft.village).profile
        choices = _choices(tx, kind, profile, board.now())
        around = desk(board, tx, me, KIND_WORDS[kind], draft.village)
    return FormPage(
        desk=around,
        address=address_of(draft),
        kind=KIND_WORDS[kind],
        edition=draft.ed,
        version=draft.version,
        saved_at=draft.at,
        inputs=tuple(
            _input(field, field.name, filled, choices, findings)
            for field in (*COMMON, *FORMS[kind].head)
            # Only a correction has to say why.
            if field.name != "reason" or draft.prev is not None
        ),
        tables=tuple(_tables(kind, filled, empty, findings)),
        pictures=draft.files,
        added=sentence(total) if total else "",
        even=total.even if total else "",
        findings=tuple(findings),
        clashes=tuple(clashes),
        previews=PREVIEWS,
        run=(script("autosave"), script("paste")),
    )


def _choices(
    tx: Connection, kind: Kind, profile: Profile, at: int
) -> dict[str, tuple[tuple[str, str], ...]]:
    _hash, rules = in_force(tx)
    groups = tuple((group.code, group.name) for group in profile.groups)
    return {"item": _items(rules, kind), "group": groups, "covers": _periods(at)}


def _items(rules: Rules, kind: Kind) -> tuple[tuple[str, str], ...]:
    return tuple((id_, item.name) for id_, item in rules.catalogue.items() if kind in item.kinds)


def _periods(at: int) -> tuple[tuple[str, str], ...]:
    """Give the periods one may write about now, the likeliest first: quarters, months, years."""
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
    return tuple((one, period(one)) for one in (*covers, *sorted(soon)))


def _input(
    field: Field,
    name: str,
    typed: Typed,
    choices: Mapping[str, tuple[tuple[str, str], ...]],
    findings: Sequence[Finding],
) -> Input:
    value = str(typed.get(field.name) or "")
    offered = field.choices or choices.get(field.name, ())
    if field.read == "flag":
        offered = (("", "看有没有填"), ("yes", "有记录"), ("no", "未见记录"))
    if offered and value and value not in dict(offered):
        # What was typed or imported stays, even where the list no longer has it.
        offered = (*offered, (value, value))
    return Input(
        name=name,
        field=field,
        value=value,
        choices=offered,
        errors=tuple(finding for finding in findings if finding.field == name),
    )


def _tables(
    kind: Kind, typed: Typed, empty: int | None, findings: Sequence[Finding]
) -> Iterable[Table]:
    form = FORMS[kind]
    for name, fields in (("rows", form.rows), ("facts", form.facts)):
        if not fields:
            continue
        rows = list(typed.get(name, ()))
        spare = _spare(kind, name, len(rows)) if empty is None else min(empty, _MOST_EMPTY)
        lines = tuple(
            _line(name, index, fields, row, findings)
            for index, row in enumerate([*rows, *({} for _ in range(spare))])
        )
        title = _ROWS[kind] if name == "rows" else _FACTS
        grows = name == "rows" and kind != "decision"
        yield Table(name=name, title=title, columns=fields, lines=lines, grows=grows)


def _spare(kind: Kind, name: str, rows: int) -> int:
    if name == "facts":
        return 2
    if kind == "decision":
        return 0 if rows else 6
    return _EMPTY_AFTER if rows else _EMPTY_AT_FIRST


def _line(
    table: str, index: int, fields: Sequence[Field], row: Typed, findings: Sequence[Finding]
) -> Line:
    inputs = tuple(
        _input(field, f"{table}.{index}.{field.name}", row, {}, findings) for field in fields
    )
    return Line(index + 1, str(row.get("id", "")), inputs)
