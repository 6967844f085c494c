"""What a checked workbook says on a terminal and to programs."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from noticeboard.core.money import yuan
from noticeboard.core.sheet import Reading
from noticeboard.core.sheet.costs import SOURCES
from noticeboard.core.sheet.headers import SheetKind
from noticeboard.show.sentences import KIND_WORDS
from noticeboard.show.texts import Text, said
from noticeboard.store.drafts import Draft

if TYPE_CHECKING:
    from noticeboard.importing.checking import Checked

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
# What the sum of a sheet's money is, by the first of these columns that it has.
_COMES_TO: Final[dict[SheetKind | None, tuple[tuple[str, str], ...]]] = {
    "roster": (("amount", "补贴合计"),),
    "labour": (("amount", "工钱合计"),),
    "asset": (("original", "原值合计"), ("net", "净值合计")),
    "contract": (("rent", "每年租金合计"),),
    "project": tuple((field, "投资合计") for field in ("budget", *SOURCES)),
}
_LEVELS: Final[dict[Literal["error", "warning"], str]] = {"error": "✗", "warning": "!"}


def as_json(checked: "Checked", drafts: Sequence[Draft] = ()) -> dict[str, Any]:
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
            for problem in checked.listed
        ],
        "drafts": [draft.code for draft in drafts],
    }


def in_words(checked: "Checked", drafts: Sequence[Draft] = ()) -> Iterator[str]:
    """Say for a terminal what was found in each sheet, what to mend, and what was saved."""
    for sheet in checked.sheets:
        if sheet.kind is not None:
            told = (said(word_of(sheet.kind)), f"{sheet.rows} 行", money_of(sheet))
            yield f"  {sheet.name}：{'，'.join(filter(None, told))}"
        for behind in sheet.dropped:
            yield f"    没有带入 {behind}"
    for problem in checked.listed:
        where = f"{problem.sheet}!{problem.cell}" if problem.cell else problem.sheet
        where = where or problem.finding.where
        place = f"{where}：" if where else ""
        yield f"{_LEVELS[problem.level]} {place}{problem.problem} {problem.fix}".rstrip()
    fresh = [plan for plan in checked.plans if not plan.nothing_new]
    if checked.ok and not fresh:
        yield "✓ 和已经有的一样，不用再存，什么都没有动。"
    elif drafts:
        # What is said already was kept before.
        same = {plan.code for plan in checked.plans if plan.nothing_new}
        codes = "、".join(draft.code for draft in drafts if draft.code not in same)
        yield f"✓ 存成 {len(fresh)} 份草稿：{codes}。请到办公桌上看一遍，再送审。"
    elif checked.ok:
        yield f"✓ 可以存成 {len(fresh)} 份草稿；这次只看，没有存。"
    else:
        errors = sum(problem.level == "error" for problem in checked.listed)
        yield f"✗ 有 {errors} 处要先改好，什么都没有存。"


def word_of(kind: SheetKind) -> Text:
    """Give the name of the notices that sheets of a kind become."""
    return next(word for each, word in KIND_WORDS.items() if each == KIND_OF[kind])


def money_of(sheet: Reading) -> str:
    """Say what a sheet's money comes to, and what it is; empty where the sheet states none."""
    if sheet.kind == "ledger":
        return f"收入 {yuan(sheet.income_fen)} 元，支出 {yuan(sheet.expense_fen)} 元"
    fields = {column.field for column in sheet.columns if column.fate == "taken"}
    word = next((word for field, word in _COMES_TO.get(sheet.kind, ()) if field in fields), "")
    return f"{word} {yuan(sheet.amount_fen)} 元" if word else ""
