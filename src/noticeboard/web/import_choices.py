"""A sent form of the preview becomes choices: only what somebody changed is a decision."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from msgspec.structs import replace

from noticeboard.core.problems import NotValid
from noticeboard.core.sheet import Choices, Reading, SheetChoice
from noticeboard.core.sheet.choices import Flow, Unit
from noticeboard.core.sheet.headers import KINDS, Column
from noticeboard.core.sheet.looking import MONEY

_LETTER: Final = re.compile(r"[A-Z]{1,3}")
_CELL: Final = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
_ROW: Final = re.compile(r"[1-9]\d{0,6}")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_WAN: Final = 1_000_000
# Words that are published beside a sum or a line.
_MOST: Final = 300
_PLACES: Final = {
    "column": _LETTER,
    "unit": _LETTER,
    "flow": _LETTER,
    "date": _CELL,
    "explain": _CELL,
    "hidden": _ROW,
}
_INTO: Final = {"explain": "explained", "hidden": "hidden_rows"}


def field_of(column: Column) -> str:
    """Give what a column is taken for, as the preview's list of meanings has it."""
    return column.field if column.fate == "taken" else "drop"


def unit_of(column: Column) -> str:
    """Give the unit of a column of money as the list of units has it; "" is the sheet's."""
    if column.field not in MONEY or column.unit is None:
        return ""
    return "wan" if column.unit == _WAN else "yuan"


def changed(choices: Choices, sent: Mapping[str, str], sheets: Sequence[Reading]) -> Choices:
    """Give the choices with what a form of one table decides; raises NotValid.

    The form names its table by `sheet` and `table`; its fields are `kind`, and `column.D`,
    `unit.D`, `flow.D`, `date.A5`, `explain.E17`, `hidden.12`. An empty field takes a decision back.
    `rest.A` says that of every other day of a column that was asked about the first one is meant.
    """
    name, number = sent.get("sheet", ""), sent.get("table", "1")
    table = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 1  # noqa: PLR2004 - below 1,000
    shown = next((s for s in sheets if (s.name, s.table) == (name, table)), None)
    choice = _decided(choices.of(name, table), sent, shown)
    others = tuple(c for c in choices.sheets if (c.sheet, c.table) != (name, table))
    return replace(choices, sheets=(*others, choice))


def _decided(choice: SheetChoice, sent: Mapping[str, str], shown: Reading | None) -> SheetChoice:
    kind, was = sent.get("kind"), shown.kind if shown else choice.kind
    if kind is not None and kind != (was or ""):
        # What columns mean is said in the words of a kind.
        return replace(choice, kind=_kind(kind), columns={}, flows={})
    made: dict[str, dict[str, Any]] = {}
    for field, value in sent.items():
        what, _, place = field.partition(".")
        if what not in _PLACES or not _PLACES[what].fullmatch(place):
            continue
        if not _is_shown(what, place, value, shown):
            into = _INTO.get(what, f"{what}s")
            kept = made.setdefault(into, dict(getattr(choice, into)))
            kept.pop(place, None)
            if value.strip():
                kept[place] = _valid(what, value.strip())
    rest = {column for field in sent if (column := field.removeprefix("rest.")) != field}
    for asked in shown.questions if shown and rest else ():
        if asked.about == "date" and asked.column in rest:
            made.setdefault("dates", dict(choice.dates)).setdefault(asked.cell, asked.answers[0][0])
    # What somebody now says of a column counts, and not what was answered about it before.
    for letter in made.get("columns", {}).keys() - choice.columns.keys():
        made.setdefault("flows", dict(choice.flows)).pop(letter, None)
    return replace(choice, **made)


def _is_shown(what: str, place: str, value: str, shown: Reading | None) -> bool:
    """Say whether a list was left as it stood."""
    if shown is None or what not in {"column", "unit"}:
        return False
    column = next((c for c in shown.columns if c.letter == place), None)
    return column is None or value == (field_of(column) if what == "column" else unit_of(column))


def _kind(value: str) -> Any:
    if value and value != "skip" and value not in KINDS:
        raise _unknown(value)
    return value or None


def _valid(what: str, value: str) -> str:
    known = {"unit": get_args(Unit), "flow": get_args(Flow)}.get(what)
    if (known and value not in known) or (what == "date" and not _DAY.fullmatch(value)):
        raise _unknown(value)
    if len(value) > _MOST:
        raise NotValid("这里写得太长，最多 {most} 个字。", fix="请写短一些。", most=_MOST)
    return value


def _unknown(value: str) -> NotValid:
    return NotValid("没有这个选择。", value=value[:20], fix="请从列出的里面选。")
