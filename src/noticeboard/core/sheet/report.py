"""Everything that is wrong with a sheet or only the clerk knows, collected at once, by cell."""

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from noticeboard.core.money import yuan
from noticeboard.core.privacy import masked
from noticeboard.core.problems import Finding, NotValid
from noticeboard.core.sheet.cells import address, letters
from noticeboard.core.sheet.choices import SheetChoice
from noticeboard.core.sheet.headers import Fate
from noticeboard.core.sheet.left_out import LeftOut

# So many cells are named in one warning; the rest are counted.
_NAMED = 8
# So many are coloured in the workbook that is given back.
_MARKED = 2000

Level = Literal["error", "warning"]
Asked = Literal["flow", "date", "kind"]


class SheetProblem(Struct, frozen=True):
    """One thing to mend (`error`: nothing is imported) or to look at (`warning`).

    `cell` is as Excel shows it (`E17`), empty when the whole sheet is meant. The finding holds the
    message ids and their arguments for a page that translates; `problem` and `fix` are filled in.
    `gap` is a difference of sums in fen; an `explainable` error becomes a warning once the clerk
    has explained it in writing for that cell, which is then published. `others` are further cells
    of which it is true, as far as anybody marks them.
    """

    level: Level
    sheet: str
    cell: str
    finding: Finding
    gap: int | None = None
    explainable: bool = False
    others: tuple[str, ...] = ()

    @property
    def problem(self) -> str:
        """Say in Chinese what is wrong, with the value that is meant."""
        value = f"：“{self.finding.value}”" if self.finding.value else ""
        return self.finding.text.format(**self.finding.args) + value

    @property
    def fix(self) -> str:
        """Say in Chinese what to do next."""
        return self.finding.fix.format(**self.finding.args)


class Question(Struct, frozen=True, kw_only=True):
    """What only the clerk knows; until it is answered nothing is imported.

    The answer goes into the table's `SheetChoice`: `flow` to `flows[column]`, `date` to
    `dates[cell]`, `kind` to `kind`. Each of `answers` is the value that goes there and its words, a
    message id as those of `finding` are. `beside` are the dates next to an unclear one, as written.
    """

    sheet: str
    table: int
    cell: str
    about: Asked
    column: str
    finding: Finding
    answers: tuple[tuple[str, str], ...]
    beside: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Ask in Chinese."""
        return self.finding.text.format(**self.finding.args)


class Report:
    """Collects the problems and questions of one table while it is read."""

    def __init__(
        self, sheet: str, choice: SheetChoice | None = None, left_out: Sequence[int] = ()
    ) -> None:
        """Begin with nothing wrong; `choice` holds what the clerk has explained already.

        `left_out` are the rows, from 0, that go no further by it.
        """
        self.sheet = sheet
        self.choice = choice or SheetChoice(sheet=sheet)
        reasons = {row: self.choice.hidden_rows[str(row + 1)] for row in left_out}
        self.left_out = LeftOut({row: _sentence(said) for row, said in reasons.items()})
        self.problems: list[SheetProblem] = []
        self.questions: list[Question] = []
        # What is published beside the figures, and what stays behind, in words.
        self.explanations: list[str] = []
        self.dropped: list[str] = []
        # The sheet's row, from 0, behind each row of the notice.
        self.behind: list[int] = []
        # Columns that turned out not to be taken, by letter: private, or as nobody has decided yet.
        self.withheld: dict[str, Fate] = {}

    def error(
        self, at: tuple[int, int] | None, text: str, fix: str, value: str = "", **args: str | int
    ) -> None:
        """Note what keeps the sheet from being imported; `at` is (row, column) from 0."""
        self._add("error", at, Finding(text, value=value, fix=fix, args=args))

    def warn(
        self, at: tuple[int, int] | None, text: str, fix: str, value: str = "", **args: str | int
    ) -> None:
        """Note what somebody should look at; the sheet can be imported all the same."""
        self._add("warning", at, Finding(text, value=value, fix=fix, args=args))

    def warn_of(
        self, cells: Sequence[tuple[int, int]], text: str, fix: str, **args: str | int
    ) -> None:
        """Note one thing that is so at several cells, once; `{cells}` in the text names them."""
        self._add_of("warning", cells, text, fix, args)

    def error_of(
        self, cells: Sequence[tuple[int, int]], text: str, fix: str, **args: str | int
    ) -> None:
        """Note one thing that is wrong at several cells, as `warn_of` does."""
        self._add_of("error", cells, text, fix, args)

    def _add_of(
        self,
        level: Level,
        cells: Sequence[tuple[int, int]],
        text: str,
        fix: str,
        args: Mapping[str, str | int],
    ) -> None:
        if not cells:
            return
        named = "、".join(address(*at) for at in cells[:_NAMED])
        if len(cells) > _NAMED:
            named += f" 等 {len(cells)} 处"
        finding = Finding(text, fix=fix, args={"cells": named, **args})
        others = tuple(address(*at) for at in cells[1:_MARKED])
        self._add(level, cells[0], finding, others=others)

    def differs(
        self,
        at: tuple[int, int],
        gap: int | str,
        text: str,
        fix: str,
        /,
        *,
        label: str,
        said: str,
        expected: str,
        line: str = "",
        column: str = "",
        level: Level = "error",
        **args: str | int,
    ) -> None:
        """Note a sum that is not what it must be: an error, or a warning where it was explained.

        `gap` is what stands there less what must, in fen, or in words where it is no money. The
        text may say `{gap}`, `{label}`, `{said}` and `{expected}`. What the clerk explained at this
        cell is published as a sentence that tells a villager, who has not the workbook, what it is
        (the `column`, else the `label`, of a `line`), what it says and what it must be.
        """
        cell = address(*at)
        shown = gap if isinstance(gap, str) else f"{yuan(gap)} 元"
        args |= {"gap": shown, "label": label, "said": said, "expected": expected}
        why = _sentence(self.choice.explained.get(cell, ""))
        if why:
            place = f"{line}的" if line else "表上的"
            by = f"少 {shown[1:]}" if shown.startswith("-") else f"多 {shown}"
            told = (
                f"{place}“{column or label}”写的是 {said}，算出来是 {expected}，{by}。原因：{why}。"
            )
            self.explanations.append(told)
        in_fen = gap if isinstance(gap, int) else None
        finding = Finding(text, fix=fix, args=args)
        self._add("warning" if why else level, at, finding, in_fen, explainable=True)

    def ask(
        self,
        at: tuple[int, int] | None,
        about: Asked,
        text: str,
        answers: Sequence[tuple[str, str]],
        beside: Sequence[str] = (),
        **args: str | int,
    ) -> None:
        """Ask what only the clerk knows; see `Question` for where the answer will stand."""
        self.questions.append(
            Question(
                sheet=self.sheet,
                table=self.choice.table,
                cell=address(*at) if at else "",
                about=about,
                column=letters(at[1]) if at else "",
                finding=Finding(text, args=_masked(args)),
                answers=tuple(answers),
                beside=tuple(beside),
            )
        )

    def leave(self, said: str) -> None:
        """Note in words what stays behind."""
        self.dropped.append(said)

    def refused(self, at: tuple[int, int], problem: NotValid) -> None:
        """Note that a cell could not be read."""
        for finding in problem.findings:
            self._add("error", at, finding)

    def is_wrong(self, at: tuple[int, int]) -> bool:
        """Say whether an error stands at a cell already."""
        cell = address(*at)
        return any(p.level == "error" and p.cell == cell for p in self.problems)

    @property
    def failed(self) -> bool:
        """Say whether anything found so far is an error."""
        return any(problem.level == "error" for problem in self.problems)

    def _add(
        self,
        level: Level,
        at: tuple[int, int] | None,
        finding: Finding,
        gap: int | None = None,
        *,
        explainable: bool = False,
        others: tuple[str, ...] = (),
    ) -> None:
        cell = address(*at) if at else ""
        where = f"{self.sheet}!{cell}" if cell else self.sheet
        value, args = masked(finding.value), _masked(finding.args)
        placed = Finding(finding.text, where, value, finding.fix, args)
        problem = SheetProblem(level, self.sheet, cell, placed, gap, explainable, others)
        self.problems.append(problem)


def _sentence(text: str) -> str:
    """Give what somebody wrote so that a full stop can follow."""
    return text.strip().rstrip("。.；;，,").strip()


def _masked(args: Mapping[str, str | int]) -> dict[str, str | int]:
    """Never repeat somebody's number, in whatever place of the sheet it was found."""
    return {name: masked(said) if isinstance(said, str) else said for name, said in args.items()}
