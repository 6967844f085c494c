"""What passes between the rooms: what a reader is given and gives, and what comes of a workbook."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from noticeboard.core.matching import Marks
from noticeboard.core.particulars import Content, Particulars
from noticeboard.core.sheet.choices import About
from noticeboard.core.sheet.headers import Column, Headers, SheetKind
from noticeboard.core.sheet.heading import Heading
from noticeboard.core.sheet.lexicon import Lexicon
from noticeboard.core.sheet.report import Question, Report, SheetProblem
from noticeboard.core.sheet.tables import Table


class Given(Struct, frozen=True, kw_only=True):
    """Everything a reader needs: the table, what stands above it, and where to note what is wrong.

    `title` is what the notice will be called. The clerk's decisions are in `table.choice`; columns,
    units and flows are applied already, and lines that were left out are gone. `known` says that
    the table's kind was recognised or chosen.
    """

    table: Table
    heading: Heading
    title: str
    headers: Headers
    about: About
    report: Report
    lexicon: Lexicon
    known: bool = True


class Stated(Struct, frozen=True, kw_only=True):
    """What a table states: one notice's particulars, and their sums in fen.

    `lines` is how many lines of the table it stands for where that is not its number of rows;
    `marks` are the marks of its rows in their order, none where rows are no persons; `opened` says
    whether an account's opening balance is known.
    """

    title: str
    particulars: Particulars
    item: str | None = None
    income: int = 0
    expense: int = 0
    amount: int = 0
    lines: int | None = None
    marks: tuple[Marks, ...] = ()
    opened: bool = True


class Read(Struct, frozen=True):
    """A table that was read, with all that it states."""

    given: Given
    stated: tuple[Stated, ...]


# Reads all lines of a table and notes what is wrong in `given.report`.
Reader = Callable[[Given], Sequence[Stated]]


class Reading(Struct, frozen=True, kw_only=True):
    """What one table of a sheet was understood to be.

    `contents` are there only when it has no error and no open question; the sums in fen and the
    number of rows are of the lines that could be read. `dropped` says in words what stayed behind.
    `table` counts the tables of a sheet from the top; `header` is the header's last row, from 0.
    `layout` is the fingerprint under which the village's decisions are remembered, and `remembered`
    says that some were. `unit` is fen per unit of the columns that name none. `signed` is what
    stands under the table, label and words. `offers` are the kinds that a table without a kind
    could be taken for, if the clerk says so; `sums_up` says that it was only compared with others.
    `marks` are those of the rows of each content. `hidden` are the hidden rows by the number that
    Excel shows, each with what is taken of it; `concealed` are those of them that are taken in, by
    their place among the content's rows, from 0, and `concealed_in_sums` how many became part of a
    sum.
    """

    name: str
    table: int = 1
    kind: SheetKind | None = None
    title: str = ""
    covers: str | None = None
    unit: int | None = None
    header: int | None = None
    contents: tuple[Content, ...] = ()
    marks: tuple[tuple[Marks, ...], ...] = ()
    rows: int = 0
    income_fen: int = 0
    expense_fen: int = 0
    amount_fen: int = 0
    columns: tuple[Column, ...] = ()
    dropped: tuple[str, ...] = ()
    problems: tuple[SheetProblem, ...] = ()
    questions: tuple[Question, ...] = ()
    layout: str = ""
    remembered: bool = False
    signed: tuple[tuple[str, str], ...] = ()
    offers: tuple[SheetKind, ...] = ()
    sums_up: bool = False
    hidden: tuple[tuple[int, str], ...] = ()
    concealed: tuple[int, ...] = ()
    concealed_in_sums: int = 0


class Understood(Struct, frozen=True):
    """A whole workbook: its tables, what stayed behind, and every problem in sheet order."""

    sheets: tuple[Reading, ...]
    dropped: tuple[str, ...]
    problems: tuple[SheetProblem, ...]

    @property
    def ok(self) -> bool:
        """Say whether it can be imported: something to import, no error, and nothing to ask."""
        failed = any(problem.level == "error" for problem in self.problems)
        return bool(self.contents) and not failed and not self.questions

    @property
    def contents(self) -> tuple[Content, ...]:
        """Give what would become drafts, in the order of the sheets."""
        return tuple(content for sheet in self.sheets for content in sheet.contents)

    @property
    def questions(self) -> tuple[Question, ...]:
        """Give what only the clerk knows, in the order of the sheets."""
        return tuple(question for sheet in self.sheets for question in sheet.questions)
