"""What a draft's form asks, field by field and row by row, filled with what is typed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from noticeboard.core.columns import MOST_COLUMNS
from noticeboard.core.drafting import Typed, fields_of
from noticeboard.core.forms import COMMON, FORMS, Field
from noticeboard.core.particulars import Kind
from noticeboard.core.problems import Finding
from noticeboard.show.texts import Words, text

Choices = Mapping[str, tuple[tuple[str, str], ...]]

_PICKERS: Final = {
    "date": (re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"), "date"),
    "moment": (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d"), "datetime-local"),
}
# Enough to begin with; more can be asked for.
_EMPTY_AT_FIRST: Final = 8
_EMPTY_AFTER: Final = 3
_MOST_EMPTY: Final = 200
_COLUMNS_AT_FIRST: Final = 6
_ROWS: Final[dict[str, Words]] = {
    "spending": text("一笔一笔"),
    "subsidy": text("一户一户"),
    "project": text("一步一步"),
    "decision": text("六个步骤"),
    "asset": text("一项一项"),
    "contract": text("一份一份"),
    "labour": text("一笔一笔"),
    "table": text("一行一行"),
}
_COLUMNS: Final = text("表头：每一列叫什么，里面是什么")
_FACTS: Final = text("别的数字，不是本公开栏的钱")
_SELDOM: Final = ("case", "short", "short_reason")
# What most lines leave empty stands folded under its line: side by side no old screen has room.
_FOLDED: Final[Mapping[str, frozenset[str]]] = {
    "spending": frozenset(
        "account method payee_as handler witness approver project decision".split()
    ),
    "decision": frozenset("called counted papers".split()),
    "asset": frozenset("spec acquired place use note keeper".split()),
    "contract": frozenset(
        "number place quantity unit total pays signed tender note party_as".split()
    ),
}


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
    """One row of a form's table: its number on the page, its id if it has one, its fields.

    `more` are those that stand folded under it.
    """

    number: int
    id: str
    inputs: tuple[Input, ...]
    more: tuple[Input, ...] = ()

    @property
    def opened(self) -> bool:
        """Say whether something folded has to be seen, because it is wrong."""
        return any(one.errors for one in self.more)


class Table(Struct, frozen=True, kw_only=True):
    """The rows of a form: `name` is rows, facts or columns; `grows` where there can be more."""

    name: str
    title: Words
    columns: tuple[Field, ...]
    lines: tuple[Line, ...]
    grows: bool


def heads(
    kind: Kind,
    typed: Typed,
    choices: Choices,
    findings: Sequence[Finding],
    *,
    corrects: bool,
    timed: bool = False,
) -> tuple[Input, ...]:
    """Give the fields above the rows; only a correction has to say why.

    What is seldom asked comes last: which of several notices it is only where there are some, and
    why it is short only of an item whose notices have a least time (`timed`).
    """
    several = bool(choices.get("case") or typed.get("case"))
    shorter = timed or bool(typed.get("short") or typed.get("short_reason"))
    wanted = {"reason": corrects, "case": several, "short": shorter, "short_reason": shorter}
    seldom = [field for field in COMMON if field.name in _SELDOM]
    usual = [field for field in COMMON if field not in seldom]
    return tuple(
        _input(field, field.name, typed, choices, findings)
        for field in (*usual, *FORMS[kind].head, *seldom)
        if wanted.get(field.name, True)
    )


def tables(
    kind: Kind, typed: Typed, empty: int | None, findings: Sequence[Finding]
) -> Iterator[Table]:
    """Give a form's tables with empty rows below: `empty` of them, or as many as usual."""
    form, folded = FORMS[kind], _FOLDED.get(kind, frozenset())
    titles = {"columns": _COLUMNS, "rows": _ROWS.get(kind, ""), "facts": _FACTS}
    asked = (
        ("columns", form.columns),
        ("rows", fields_of(kind, typed)),
        ("facts", form.facts),
    )
    for name, fields in asked:
        if not fields:
            continue
        rows = list(typed.get(name, ()))
        spare = _spare(kind, name, len(rows))
        if empty is not None and name == "rows":
            spare = min(empty, _MOST_EMPTY)
        lines = tuple(
            _line(name, index, fields, folded, row, findings)
            for index, row in enumerate([*rows, *({} for _ in range(spare))])
        )
        grows = name == "rows" and kind != "decision"
        columns = tuple(field for field in fields if field.name not in folded)
        yield Table(name=name, title=titles[name], columns=columns, lines=lines, grows=grows)


def _spare(kind: Kind, name: str, rows: int) -> int:
    if name == "facts":
        return 2
    if name == "columns":
        return min(_EMPTY_AFTER if rows else _COLUMNS_AT_FIRST, MOST_COLUMNS - rows)
    if kind == "decision":
        return 0 if rows else 6
    return _EMPTY_AFTER if rows else _EMPTY_AT_FIRST


def _line(
    table: str,
    index: int,
    fields: Sequence[Field],
    folded: frozenset[str],
    row: Typed,
    findings: Sequence[Finding],
) -> Line:
    inputs = [_input(field, f"{table}.{index}.{field.name}", row, {}, findings) for field in fields]
    return Line(
        index + 1,
        str(row.get("id", "")),
        tuple(one for one in inputs if one.field.name not in folded),
        tuple(one for one in inputs if one.field.name in folded),
    )


def _input(
    field: Field,
    name: str,
    typed: Typed,
    choices: Choices,
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
