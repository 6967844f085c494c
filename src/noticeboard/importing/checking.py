"""Checking: what a workbook states for a village, or everything that is wrong with it at once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.board import Board, matching, scanning
from noticeboard.board.board import in_force
from noticeboard.core.matching import Marks
from noticeboard.core.particulars import Content
from noticeboard.core.people import Profile
from noticeboard.core.problems import Finding, NotValid
from noticeboard.core.sheet import About, Choices, Question, Reading, SheetProblem, Understood
from noticeboard.core.sheet.cells import address
from noticeboard.core.sheet.headers import SheetKind
from noticeboard.formats import understanding
from noticeboard.formats.apart import Apart
from noticeboard.formats.bounds import Tell
from noticeboard.formats.understanding import File
from noticeboard.importing import already, carried, known, splitting, telling
from noticeboard.importing.comparing import whole
from noticeboard.importing.known import Plan
from noticeboard.importing.wording import word_of
from noticeboard.show.texts import said
from noticeboard.store import layouts, notices
from noticeboard.store.concealed import Concealed

_NOTHING_CHOSEN: Final = Choices()
_ANSWER_AT_DESK: Final = "请到办公桌上传，回答以后再存。"
# A command reads one file and ends: no child needs to wait for the next one.
_ONCE: Final = Apart(understanding.UNDERSTAND, ready=False)


class Checked(Struct, frozen=True, kw_only=True):
    """A workbook as it was understood for a village: each sheet, what stayed behind, every problem.

    `plans` is what would become drafts, in the sheets' order; it is empty as soon as anything is an
    error or only the clerk knows it (`questions`). `choices` are the decisions it was read by.
    """

    village: str
    file_sha256: str
    sheets: tuple[Reading, ...] = ()
    dropped: tuple[str, ...] = ()
    problems: tuple[SheetProblem, ...] = ()
    questions: tuple[Question, ...] = ()
    plans: tuple[Plan, ...] = ()
    choices: Choices = _NOTHING_CHOSEN

    @property
    def ok(self) -> bool:
        """Say whether it can be imported."""
        return bool(self.plans)

    @property
    def contents(self) -> tuple[Content, ...]:
        """Give what would become drafts."""
        return tuple(plan.content for plan in self.plans)

    @property
    def errors(self) -> tuple[SheetProblem, ...]:
        """Give the problems that have to be mended first, without the questions."""
        return tuple(problem for problem in self.problems if problem.level == "error")

    @property
    def warnings(self) -> tuple[SheetProblem, ...]:
        """Give what somebody should look at."""
        return tuple(problem for problem in self.problems if problem.level == "warning")

    @property
    def listed(self) -> tuple[SheetProblem, ...]:
        """Give every problem for those who have no page before them.

        Questions are among the errors, and what there is already among the warnings.
        """
        asked = (_asked(question) for question in self.questions)
        return (*self.problems, *asked, *telling.there_already(self.plans))


def reader() -> Apart:
    """Give what a server reads its workbooks with: a child waits for the next one."""
    return Apart(understanding.UNDERSTAND)


def check(
    board: Board,
    village: str,
    data: bytes,
    name: str,
    kind: SheetKind | None = None,
    *,
    choices: Choices = _NOTHING_CHOSEN,
    anew: frozenset[int] = frozenset(),
    tell: Tell = lambda _: None,
    reader: Apart = _ONCE,
) -> Checked:
    """Read a workbook's bytes and say what it states, or everything that is wrong; keeps nothing.

    `name` tells a text file from a workbook and is repeated in refusals. With `kind` only sheets of
    that kind are taken. `choices` are what a clerk decided; how a layout is read is known from the
    last time. What comes of the sheets, counted from 0, goes on with what the board has of it
    already, but what stands in `anew`. `tell` hears of rows read. A file that cannot be opened is
    one error without a cell. Raises NotFound for a village that is not there.
    """
    with board.database.read() as tx:
        profile = notices.head_of(tx, village).profile
        about = _about(tx, village, profile, board.now())
    about = replace(about, matching=matching.village_key(board, village))
    digest = sha256(data).hexdigest()
    file = File(data, name)
    choices = replace(choices, kind=kind or choices.kind)
    try:
        understood = understanding.understood(reader, file, about, choices, tell)
    except NotValid as problem:
        found = tuple(SheetProblem("error", "", "", finding) for finding in problem.findings)
        return Checked(village=village, file_sha256=digest, problems=found, choices=choices)
    sheets = tuple(s for s in understood.sheets if kind is None or s.kind in (kind, None))
    parted = [part for sheet in sheets for part in _parts(sheet)]
    contents = [replace(part.content, source=digest) for part in parted]
    problems = [*_problems(understood, sheets, kind), *_leaks(file, sheets, profile)]
    questions = tuple(question for sheet in sheets for question in sheet.questions)
    refused = bool(questions) or any(problem.level == "error" for problem in problems)
    plans: list[Plan] = []
    if not refused:
        with board.database.read() as tx:
            there = known.look(tx, village, contents)
            problems += carried.warnings(tx, village, contents)
        planned = zip(known.plans(there, contents, anew), parted, strict=True)
        plans = [
            replace(plan, concealed=_by_id(plan, part.concealed), marks=part.marks)
            for plan, part in planned
        ]
        problems += already.warnings(there, plans)
    return Checked(
        village=village,
        file_sha256=digest,
        sheets=sheets,
        dropped=understood.dropped,
        problems=tuple(problems),
        questions=questions,
        plans=() if any(p.level == "error" for p in problems) else tuple(plans),
        choices=choices,
    )


def _about(tx: Connection, village: str, profile: Profile, at: int) -> About:
    return About(
        village=profile.name,
        groups=tuple(group.name for group in profile.groups),
        at=at,
        remembered=layouts.of_village(tx, village),
        masking=in_force(tx)[1].masking,
    )


class _Part(Struct, frozen=True):
    """What a sheet becomes: with the places of its hidden rows, and the marks of all its rows."""

    content: Content
    concealed: Concealed
    marks: tuple[Marks, ...]


def _parts(sheet: Reading) -> Iterator[_Part]:
    for content, marks in zip(sheet.contents, sheet.marks, strict=True):
        rows = content.particulars.rows
        hidden = {whole(rows[place]) for place in sheet.concealed}
        begin = 0
        for part in splitting.parts(content):
            own = enumerate(part.particulars.rows) if hidden else ()
            places = tuple(place for place, row in own if whole(row) in hidden)
            # Rows of people keep their order when a list is cut.
            end = begin + len(part.particulars.rows)
            yield _Part(part, Concealed(places, sheet.concealed_in_sums), marks[begin:end])
            begin = end


def _by_id(plan: Plan, concealed: Concealed) -> Concealed:
    rows = plan.content.particulars.rows
    return replace(concealed, rows=tuple(rows[place].id for place in concealed.rows))


def _problems(
    understood: Understood, sheets: Sequence[Reading], kind: SheetKind | None
) -> Iterator[SheetProblem]:
    names = {"", *(sheet.name for sheet in sheets)}
    yield from (problem for problem in understood.problems if problem.sheet in names)
    if kind is not None and not any(sheet.kind for sheet in sheets):
        there = dict.fromkeys(said(word_of(s.kind)) for s in understood.sheets if s.kind)
        fix = "这份表格里是：{kinds}。命令里 --kind 写的是要找的种类。"
        if not there:
            fix = "也没有认出别的表。请核对表头，或者去掉命令里的 --kind。"
        args: dict[str, str | int] = {"kinds": "、".join(there)}
        missing = Finding("没有这一种表", value=said(word_of(kind)), fix=fix, args=args)
        yield SheetProblem("error", "", "", missing)


def _asked(question: Question) -> SheetProblem:
    """Say for those who cannot answer here what is asked, and where it can be answered."""
    finding = replace(
        question.finding, where=f"{question.sheet}!{question.cell}", fix=_ANSWER_AT_DESK
    )
    return SheetProblem("error", question.sheet, question.cell, finding)


def _leaks(file: File, sheets: Sequence[Reading], profile: Profile) -> Iterator[SheetProblem]:
    """Find what a sheet may say and a notice may not: a person's numbers, each at its cell."""
    found = [(s, [leak for c in s.contents for leak in scanning.leaks(c, profile)]) for s in sheets]
    if not any(leaks for _sheet, leaks in found):
        return
    leaking = understanding.leaking(file)
    for sheet, leaks in found:
        # The same number may stand in several cells: each finding takes the next of them.
        behind = {column.index for column in sheet.columns if column.fate != "taken"}
        cells: defaultdict[understanding.Leak, list[str]] = defaultdict(list)
        for leak, row, column in leaking.get(sheet.name, ()):
            if column not in behind:
                cells[leak].append(address(row, column))
        for one in leaks:
            at = cells[one.text, one.value]
            cell = at.pop(0) if at else ""
            where = f"{sheet.name}!{cell}" if cell else f"{sheet.name} {one.where}"
            yield SheetProblem("error", sheet.name, cell, replace(one, where=where))
