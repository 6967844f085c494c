"""A workbook into drafts, all of them or none; the file itself is read once and never kept."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import PurePath
from typing import Any, Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from noticeboard.board import Board, drafting, scanning
from noticeboard.core import privacy
from noticeboard.core.drafting import MOST_ROWS
from noticeboard.core.money import yuan
from noticeboard.core.particulars import Content
from noticeboard.core.people import Profile
from noticeboard.core.problems import Finding, NotValid
from noticeboard.core.sheet import About, Book, Choices, Question, Reading, SheetProblem, understand
from noticeboard.core.sheet.cells import address, words
from noticeboard.core.sheet.headers import SheetKind
from noticeboard.formats import workbook
from noticeboard.show.sentences import KIND_WORDS
from noticeboard.show.texts import Text, said
from noticeboard.store import notices
from noticeboard.store.drafts import Draft

# What a sheet of each kind becomes.
KIND_OF: Final[dict[SheetKind, str]] = {
    "ledger": "spending",
    "roster": "subsidy",
    "project": "project",
    "asset": "asset",
    "contract": "contract",
    "labour": "labour",
    "table": "table",
}
_ANSWER_AT_DESK: Final = "请到办公桌上传，回答以后再存。"
_LEVELS: Final[dict[Literal["error", "warning"], str]] = {"error": "✗", "warning": "!"}


class Checked(Struct, frozen=True, kw_only=True):
    """A workbook as it was understood for a village: each sheet, what stayed behind, every problem.

    `contents` is what would become drafts; it is empty as soon as anything is an error.
    """

    village: str
    file_sha256: str
    sheets: tuple[Reading, ...] = ()
    dropped: tuple[str, ...] = ()
    problems: tuple[SheetProblem, ...] = ()
    contents: tuple[Content, ...] = ()

    @property
    def ok(self) -> bool:
        """Say whether it can be imported."""
        return bool(self.contents)

    @property
    def errors(self) -> tuple[SheetProblem, ...]:
        """Give the problems that have to be mended first."""
        return tuple(problem for problem in self.problems if problem.level == "error")


def check(
    board: Board, village: str, data: bytes, name: str, kind: SheetKind | None = None
) -> Checked:
    """Read a workbook's bytes and say what it states, or everything that is wrong; keeps nothing.

    `name` tells a text file from a workbook and is repeated in refusals. With `kind` only sheets of
    that kind are taken. A file that cannot be opened is one error without a cell. Raises NotFound
    for a village that is not there.
    """
    with board.database.read() as tx:
        profile = notices.head_of(tx, village).profile
    digest = sha256(data).hexdigest()
    try:
        book = replace(workbook.read(data, name), name=PurePath(name).stem)
    except NotValid as problem:
        found = tuple(SheetProblem("error", "", "", finding) for finding in problem.findings)
        return Checked(village=village, file_sha256=digest, problems=found)
    groups = tuple(group.name for group in profile.groups)
    about = About(village=profile.name, groups=groups)
    understood = understand(book, workbook.headers(), about, Choices(kind=kind))
    sheets = tuple(s for s in understood.sheets if kind is None or s.kind in (kind, None))
    problems = [p for p in understood.problems if p.sheet in {"", *(s.name for s in sheets)}]
    contents = [replace(content, source=digest) for sheet in sheets for content in sheet.contents]
    if kind is not None and not any(sheet.kind for sheet in sheets):
        problems.append(_error("", Finding("没有这一种表", value=said(word_of(kind)))))
    problems += _unfit(book, sheets, profile)
    problems += [_asked(question) for sheet in sheets for question in sheet.questions]
    refused = any(problem.level == "error" for problem in problems)
    return Checked(
        village=village,
        file_sha256=digest,
        sheets=sheets,
        dropped=understood.dropped,
        problems=tuple(problems),
        contents=() if refused else tuple(contents),
    )


def _asked(question: Question) -> SheetProblem:
    """Say for those who cannot answer here what is asked, and where it can be answered."""
    said = Finding(question.text, f"{question.sheet}!{question.cell}", fix=_ANSWER_AT_DESK)
    return _error(question.sheet, said, question.cell)


def _error(sheet: str, finding: Finding, cell: str = "") -> SheetProblem:
    return SheetProblem("error", sheet, cell, finding)


def _unfit(book: Book, sheets: Sequence[Reading], profile: Profile) -> Iterator[SheetProblem]:
    """Find what a sheet may say and a notice may not: a person's numbers, too many rows."""
    for reading in sheets:
        if reading.rows > MOST_ROWS:
            text = "行数太多，一份公示最多 {most} 行。"
            finding = Finding(text, reading.name, fix="请分成几张表。", args={"most": MOST_ROWS})
            yield _error(reading.name, finding)
        leaks = [leak for content in reading.contents for leak in scanning.leaks(content, profile)]
        cells = _cells_of(book, reading) if leaks else {}
        for leak in leaks:
            # The same number may stand in several cells: each finding takes the next of them.
            at = cells.get((leak.text, leak.value), [])
            cell = at.pop(0) if at else ""
            where = f"{reading.name}!{cell}" if cell else f"{reading.name} {leak.where}"
            yield _error(reading.name, replace(leak, where=where), cell)


def _cells_of(book: Book, reading: Reading) -> dict[tuple[str, str], list[str]]:
    """Find the cells that a sheet's leaks stand in; columns that stay behind are not looked at."""
    behind = {column.index for column in reading.columns if column.fate != "taken"}
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for sheet in book.sheets:
        if words(sheet.name) != reading.name:
            continue
        for row, line in enumerate(sheet.rows):
            for column, cell in enumerate(line):
                if column not in behind:
                    for leak in privacy.scan([("", words(cell))]):
                        found[leak.text, leak.value].append(address(row, column))
    return found


def keep(board: Board, checked: Checked, number: int) -> list[Draft]:
    """Make the drafts of a checked workbook in one transaction: all of them or none.

    `number` is who imports, their first writer. Brought again, a draft that is still there is
    given instead of another one. Raises NotValid with every error where there is one.
    """
    if not checked.ok:
        raise NotValid.of(problem.finding for problem in checked.errors)
    return drafting.start_all(board, checked.village, checked.contents, number)


def take(
    board: Board,
    village: str,
    data: bytes,
    name: str,
    number: int,
    kind: SheetKind | None = None,
) -> list[Draft]:
    """Check a workbook and make its drafts; raises NotValid with every error at once."""
    return keep(board, check(board, village, data, name, kind), number)


def as_json(checked: Checked, drafts: Sequence[Draft] = ()) -> dict[str, Any]:
    """Give what the command line prints as one JSON object; sums are in fen."""
    return {
        "ok": checked.ok,
        "file_sha256": checked.file_sha256,
        "sheets": [
            {
                "name": sheet.name,
                "kind": sheet.kind,
                "rows": sheet.rows,
                "income_fen": sheet.income_fen,
                "expense_fen": sheet.expense_fen,
                "amount_fen": sheet.amount_fen,
            }
            for sheet in checked.sheets
        ],
        "problems": [
            {
                "level": problem.level,
                "sheet": problem.sheet,
                "cell": problem.cell,
                "problem": problem.problem,
                "fix": problem.fix,
            }
            for problem in checked.problems
        ],
        "drafts": [draft.code for draft in drafts],
    }


def in_words(checked: Checked, drafts: Sequence[Draft] = ()) -> Iterator[str]:
    """Say for a terminal what was found in each sheet, what to mend, and what was saved."""
    for sheet in checked.sheets:
        if sheet.kind is not None:
            kind = said(word_of(sheet.kind))
            yield f"  {sheet.name}：{kind}，{sheet.rows} 行，{money_of(sheet)}"
        for behind in sheet.dropped:
            yield f"    没有带入 {behind}"
    for problem in checked.problems:
        where = f"{problem.sheet}!{problem.cell}" if problem.cell else problem.sheet
        where = where or problem.finding.where
        place = f"{where}：" if where else ""
        yield f"{_LEVELS[problem.level]} {place}{problem.problem} {problem.fix}".rstrip()
    if drafts:
        codes = "、".join(draft.code for draft in drafts)
        yield f"✓ 存成 {len(drafts)} 份草稿：{codes}。请到办公桌上看一遍，再送审。"
    elif checked.ok:
        yield f"✓ 可以存成 {len(checked.contents)} 份草稿；这次只看，没有存。"
    else:
        yield f"✗ 有 {len(checked.errors)} 处要先改好，什么都没有存。"


def word_of(kind: SheetKind) -> Text:
    """Give the name of the notices that sheets of a kind become."""
    return next(word for each, word in KIND_WORDS.items() if each == KIND_OF[kind])


def money_of(sheet: Reading) -> str:
    """Say what a sheet comes to: 收入 1.00 元，支出 2.00 元; 合计 3.00 元."""
    if sheet.kind == "ledger":
        return f"收入 {yuan(sheet.income_fen)} 元，支出 {yuan(sheet.expense_fen)} 元"
    return f"合计 {yuan(sheet.amount_fen)} 元"
