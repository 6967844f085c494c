"""What the pages of an import are given: the workbook as it was understood, all that is wrong."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import ClassVar, Final

from msgspec import Struct

from noticeboard import importing
from noticeboard.board import Board
from noticeboard.core.money import yuan
from noticeboard.core.periods import in_words
from noticeboard.core.problems import Finding
from noticeboard.core.sheet import Headers, Question, Reading, SheetProblem
from noticeboard.core.sheet.headers import KINDS, Column
from noticeboard.core.sheet.looking import MONEY
from noticeboard.formats import workbook
from noticeboard.formats.marking import keeps_looks
from noticeboard.formats.understanding import File
from noticeboard.formats.workbook import ENDINGS
from noticeboard.importing import Checked
from noticeboard.show.texts import Words, text
from noticeboard.store import drafts
from noticeboard.store.people import Account
from noticeboard.web.answers import DeskView, desk, script
from noticeboard.web.draft_pages import PREVIEWS, SHEETS, address_of
from noticeboard.web.held import Workbook
from noticeboard.web.import_choices import field_of, unit_of
from noticeboard.web.import_news import Coming, coming, shown_open

# So many are shown of what could be thousands: whoever sees these knows what to do.
_MOST_SHOWN: Final = 60
_UNITS: Final[tuple[tuple[str, Words], ...]] = (("yuan", text("元")), ("wan", text("万元")))


class Meaning(Struct, frozen=True):
    """A column: what it is taken for, all it could be, and its unit where it is money."""

    column: Column
    value: str
    choices: tuple[tuple[str, Words], ...]
    unit: str
    units: tuple[tuple[str, Words], ...]


class Seen(Struct, frozen=True):
    """A table as it was understood, with its kind, its period and what it comes to in words.

    `kinds` are those it could be taken for; `reasons` are why hidden rows are left out, by
    number; `odd` says that some columns were not recognised.
    """

    sheet: Reading
    kind: Words
    kinds: tuple[tuple[str, Words], ...]
    period: str
    money: str
    meanings: tuple[Meaning, ...]
    reasons: dict[str, str]
    odd: bool


class Trouble(Struct, frozen=True):
    """One problem with what a clerk can do about it here: `said` is how they explained it."""

    problem: SheetProblem
    where: str
    table: int
    gap: str
    said: str
    explainable: bool


class Asking(Struct, frozen=True):
    """Questions that one form answers: all about the days of a column, or a single other one."""

    about: str
    sheet: str
    table: int
    column: str
    questions: tuple[Question, ...]


class Made(Struct, frozen=True):
    """What came of a workbook: a draft's or a notice's address and title."""

    href: str
    title: str


class ImportPage(DeskView, frozen=True, kw_only=True):
    """A workbook before anything of it is kept: what is wrong, what is asked, what would come.

    `nth` is the notice that is shown in `previews`, -1 where there is none to show. `corrects` are
    those of what it `saves` that go on with a published one. `whole_copy` says that the marked copy
    is the clerk's workbook with all its looks, and not the bare values.
    """

    template: ClassVar[str] = "desk/import.html"
    sheets: ClassVar[tuple[str, ...]] = (*SHEETS, "import")

    name: str
    address: str
    version: int
    ok: bool
    endings: str
    seen: tuple[Seen, ...]
    skipped: tuple[tuple[str, int], ...]
    dropped: tuple[str, ...]
    questions: tuple[Asking, ...]
    asked: int
    errors: tuple[Trouble, ...]
    warnings: tuple[Trouble, ...]
    more: int
    more_warnings: int
    coming: tuple[Coming, ...]
    first: int
    saves: int
    corrects: int
    nth: int
    previews: tuple[tuple[str, Words], ...]
    marked: bool
    whole_copy: bool
    run: tuple[str, ...]


class ReadingPage(DeskView, frozen=True, kw_only=True):
    """A large workbook while it is read; the page looks again by itself."""

    template: ClassVar[str] = "desk/import_reading.html"
    sheets: ClassVar[tuple[str, ...]] = SHEETS

    name: str
    address: str
    lines: int


class DonePage(DeskView, frozen=True, kw_only=True):
    """The drafts that came of a workbook, and what was there already as it says."""

    template: ClassVar[str] = "desk/import_done.html"
    sheets: ClassVar[tuple[str, ...]] = (*SHEETS, "import")

    made: tuple[Made, ...]


def address_of_held(book: Workbook) -> str:
    """Give where the preview of a held workbook is."""
    return f"/desk/{book.village}/import/{book.token}"


def reading_page(board: Board, me: Account, book: Workbook) -> ReadingPage:
    """Say how far a workbook is read."""
    with board.database.read() as tx:
        around = desk(board, tx, me, text("正在读表格"), book.village)
    return ReadingPage(desk=around, name=book.name, address=address_of_held(book), lines=book.lines)


def done_page(board: Board, me: Account, book: Workbook) -> DonePage:
    """Show what a workbook became; what was sent for review since is not there any more."""
    with board.database.read() as tx:
        around = desk(board, tx, me, text("已存成草稿"), book.village)
        found = [drafts.find(tx, book.village, code) for code in book.codes or ()]
    made = (Made(address_of(d), str(d.typed.get("title", ""))) for d in found if d is not None)
    return DonePage(desk=around, made=tuple(made))


def import_page(
    board: Board, me: Account, book: Workbook, nth: int, findings: Sequence[Finding] = ()
) -> ImportPage:
    """Show what a workbook was understood to say and everything that is wrong with it."""
    checked = book.checked
    assert checked is not None
    with board.database.read() as tx:
        around = desk(board, tx, me, text("看一遍表格"), book.village)
    errors, warnings = _troubles(checked.errors, checked), _troubles(checked.warnings, checked)
    copied = bool(checked.sheets) and any(p.cell for p in checked.problems)
    shown = nth if 0 <= nth < len(checked.plans) else 0 if checked.plans else -1
    return ImportPage(
        desk=around,
        findings=tuple(findings),
        name=book.name,
        address=address_of_held(book),
        version=book.version,
        ok=checked.ok,
        endings=",".join(ENDINGS),
        seen=tuple(_seen(sheet, checked) for sheet in checked.sheets if sheet.columns),
        skipped=tuple((c.sheet, c.table) for c in checked.choices.sheets if c.kind == "skip"),
        dropped=checked.dropped,
        questions=tuple(_asking(checked.questions[:_MOST_SHOWN])),
        asked=len(checked.questions),
        errors=errors[:_MOST_SHOWN],
        warnings=warnings[:_MOST_SHOWN],
        more=max(len(errors) - _MOST_SHOWN, 0),
        more_warnings=max(len(warnings) - _MOST_SHOWN, 0),
        coming=tuple(
            coming(book.village, place, plan, chosen=place == shown)
            for place, plan in enumerate(checked.plans)
        ),
        first=shown_open(len(checked.plans)),
        saves=sum(not plan.nothing_new for plan in checked.plans),
        corrects=sum(p.into == "published" and not p.nothing_new for p in checked.plans),
        nth=shown,
        previews=PREVIEWS,
        marked=copied,
        whole_copy=copied and keeps_looks(File(book.data, book.name)),
        run=(script("changes"),),
    )


@cache
def _headers() -> Headers:
    return workbook.headers()


def _asking(questions: Sequence[Question]) -> Iterator[Asking]:
    """Put the days of a column into one form, in the order of their first."""
    forms: dict[tuple[str, ...], list[Question]] = {}
    for one in questions:
        where = one.column if one.about == "date" else one.cell
        forms.setdefault((one.about, one.sheet, str(one.table), where), []).append(one)
    for asked in forms.values():
        first = asked[0]
        yield Asking(first.about, first.sheet, first.table, first.column, tuple(asked))


def _troubles(found: Sequence[SheetProblem], checked: Checked) -> tuple[Trouble, ...]:
    """Give each problem with its table, so that what is explained reaches the right one."""
    tables = {_place(p): sheet for sheet in checked.sheets for p in sheet.problems}
    return tuple(_trouble(problem, tables.get(_place(problem)), checked) for problem in found)


def _place(problem: SheetProblem) -> tuple[str, str, str]:
    return problem.sheet, problem.cell, problem.finding.text


def _trouble(problem: SheetProblem, sheet: Reading | None, checked: Checked) -> Trouble:
    table = sheet.table if sheet else 1
    explained = checked.choices.of(problem.sheet, table).explained
    place = f"{problem.sheet}!{problem.cell}" if problem.cell else problem.sheet
    return Trouble(
        problem=problem,
        where=place,
        table=table,
        gap="" if problem.gap is None else yuan(problem.gap),
        said=explained.get(problem.cell, ""),
        explainable=problem.explainable and bool(problem.cell),
    )


def _seen(sheet: Reading, checked: Checked) -> Seen:
    offered = sheet.offers or KINDS
    return Seen(
        sheet=sheet,
        kind=importing.word_of(sheet.kind) if sheet.kind else "",
        kinds=tuple((kind, importing.word_of(kind)) for kind in offered),
        period=in_words(sheet.covers) if sheet.covers else "",
        money=importing.money_of(sheet) if sheet.kind else "",
        meanings=tuple(_meaning(column, sheet) for column in sheet.columns),
        reasons=checked.choices.of(sheet.name, sheet.table).hidden_rows,
        odd=any(column.fate == "unknown" for column in sheet.columns),
    )


def _meaning(column: Column, sheet: Reading) -> Meaning:
    """Give what a column could be; what is private or hidden can be nothing else."""
    fixed = column.fate in {"private", "hidden"} or sheet.kind is None
    fields = {} if fixed or sheet.kind is None else _headers().fields(sheet.kind)
    return Meaning(
        column=column,
        value=field_of(column),
        choices=tuple(fields.items()),
        unit=unit_of(column),
        units=_UNITS if column.fate == "taken" and column.field in MONEY else (),
    )
