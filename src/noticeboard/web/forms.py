"""A sent form becomes typed text: names of fields, rows, what it adds up to, what two people typed.

The fields come from `core.forms.FORMS` alone. A row's field is called `rows.<index>.<field>`, a
figure's `facts.<index>.<field>`, a declared column's `columns.<index>.<field>`, in the form, in
findings and in links to them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final
from urllib.parse import parse_qsl

from msgspec import Struct

from noticeboard.core.columns import MOST_COLUMNS
from noticeboard.core.drafting import MOST_ROWS, Typed, fields_of
from noticeboard.core.forms import COMMON, FORMS, SIX, Field
from noticeboard.core.particulars import KINDS, Kind
from noticeboard.core.problems import Finding, NotValid

# What the fields are called in which a writer explains a hint: this and the key of the hint.
EXPLAIN: Final = "explain."
_LONGEST_NAME: Final = 200
TABLES: Final = ("rows", "facts", "columns")
# A full form has fewer: the most rows there may be, each with every field and its number.
_MOST_FIELDS: Final = 20 * MOST_ROWS
_PLACE = re.compile(r"(rows|facts|columns)\.(\d{1,5})\.([a-z_]+|c\d\d?)")
# A tab or a new line is typing; other control characters come from broken pastes and no database
# keeps them.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def sent_fields(body: bytes) -> dict[str, str]:
    """Read a form as browsers send it, URL-encoded; the last of a repeated field counts.

    Raises NotValid for more fields than any form of ours has.
    """
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise NotValid("这张表单读不出来。", fix="请刷新页面再试。") from None
    return {name: _UNSEEN.sub("", value.replace("\r\n", "\n")) for name, value in pairs}


def kind_named(name: str) -> Kind:
    """Give the kind of a name; raises NotValid."""
    for kind in KINDS:
        if kind == name:
            return kind
    raise NotValid("没有这一种公示。", value=name, fix="请从列出的里面选。", field="kind")


def typed_of(kind: Kind, sent: Mapping[str, str]) -> dict[str, Any]:
    """Take a form's fields as typed, complete or not.

    Rows in which nothing is typed, or that were ticked to be deleted, are left out, so that a row
    is at the same place in what is stored, on the next page and in every finding.
    """
    form = FORMS[kind]
    typed: dict[str, Any] = {
        field.name: sent[field.name] for field in (*COMMON, *form.head) if field.name in sent
    }
    columns = _all(form.columns, "columns", sent)
    places = _declared(columns)
    if form.columns:
        typed["columns"] = [columns[place] for place in places][:MOST_COLUMNS]
        sent = _moved(sent, places)
    for name, fields in (("rows", fields_of(kind, typed)), ("facts", form.facts)):
        if fields or (name == "rows" and form.columns):
            typed[name] = [_recorded(kind, row) for row in _rows(name, fields, sent)]
    if said := _explained(sent):
        typed["explained"] = said
    return typed


def _explained(sent: Mapping[str, str]) -> dict[str, str]:
    """Take what is said to hints, by their keys."""
    return {
        name.removeprefix(EXPLAIN): value.strip()
        for name, value in sent.items()
        if name.startswith(EXPLAIN) and len(name) < _LONGEST_NAME and value.strip()
    }


def _declared(columns: Mapping[int, Mapping[str, str]]) -> list[int]:
    """Give the places of columns that are named and not ticked to be deleted."""
    return [
        place
        for place, column in sorted(columns.items())
        if column.get("label", "").strip() and not column.get("gone")
    ]


def _moved(sent: Mapping[str, str], places: Sequence[int]) -> dict[str, str]:
    """Move cells of a declared table to where their columns stand without those that went."""
    now = {f"c{place}": f"c{nth}" for nth, place in enumerate(places)}
    moved = {}
    for name, value in sent.items():
        table, _, rest = name.partition(".")
        index, _, field = rest.partition(".")
        if table != "rows" or not field.startswith("c"):
            moved[name] = value
        elif field in now:
            moved[f"rows.{index}.{now[field]}"] = value
    return moved


def _all(fields: Sequence[Field], table: str, sent: Mapping[str, str]) -> dict[int, dict[str, str]]:
    known = {"id", "gone", *(field.name for field in fields)}
    found: dict[int, dict[str, str]] = {}
    for name, value in sent.items():
        match = _PLACE.fullmatch(name)
        if match and match[1] == table and match[3] in known:
            found.setdefault(int(match[2]), {})[match[3]] = value
    return found


def _rows(table: str, fields: Sequence[Field], sent: Mapping[str, str]) -> list[dict[str, str]]:
    found = _all(fields, table, sent)
    return [
        found[index]
        for index in sorted(found)
        if not (found[index].pop("gone", "") or blank(fields, found[index]))
    ]


def blank(fields: Sequence[Field], row: Mapping[str, str]) -> bool:
    """Say whether nothing is typed in a row; a flag alone is nothing."""
    return not any(row.get(field.name, "").strip() for field in fields if field.read != "flag")


def _recorded(kind: Kind, row: dict[str, str]) -> dict[str, str]:
    """Take a step of a decision as recorded where something is written of it and nobody said no."""
    if kind == "decision" and not row.get("recorded"):
        told = any(v.strip() for k, v in row.items() if k not in ("id", "step", "recorded"))
        row["recorded"] = "yes" if told else "no"
    return row


def new(kind: Kind) -> dict[str, Any]:
    """Give what stands in a new form: nothing, but the six steps of a decision."""
    typed: dict[str, Any] = {"publisher": "committee"}
    if kind == "decision":
        typed["rows"] = [{"step": step, "recorded": "no"} for step, _name in SIX]
    return typed


class Clash(Struct, frozen=True):
    """One field that two people typed differently: where it is, what is stored, what came now."""

    where: str
    stored: str
    typed: str


def clashes(kind: Kind, stored: Typed, typed: Typed) -> tuple[Clash, ...]:
    """Compare a stored form with one that was typed meanwhile, field by field."""
    form = FORMS[kind]
    found = list(_clashes((*COMMON, *form.head), "", stored, typed))
    tables = (fields_of(kind, typed), form.facts, form.columns)
    for name, fields in zip(TABLES, tables, strict=True):
        nothing: Typed = {}
        pairs = zip_longest(stored.get(name, ()), typed.get(name, ()), fillvalue=nothing)
        for index, (old, now) in enumerate(pairs, 1):
            found.extend(_clashes(fields, f"第{index}行 ", old, now))
    return tuple(found)


def _clashes(fields: Iterable[Field], where: str, stored: Typed, typed: Typed) -> Iterable[Clash]:
    for field in fields:
        old, now = str(stored.get(field.name, "")), str(typed.get(field.name, ""))
        if old != now:
            yield Clash(f"{where}{field.label}", old, now)


def placed(
    kind: Kind, findings: Iterable[Finding], typed: Typed | None = None
) -> tuple[Finding, ...]:
    """Give findings a form field each, by the place they name, so that a page can link to it.

    `typed` is the form they were found in, of a kind whose tables say themselves what they hold.
    """
    form = FORMS[kind]
    heads = {field.label: field.name for field in (*COMMON, *form.head)}
    columns = {field.label: field.name for field in fields_of(kind, typed or {})}

    def field_of(where: str) -> str:
        if where in heads:
            return heads[where]
        if match := re.match(r"第(\d+)行(?: (.+))?", where):
            place = f"rows.{int(match[1]) - 1}"
            return f"{place}.{columns[match[2]]}" if match[2] in columns else place
        if match := re.match(r"第(\d+)列", where):
            return f"columns.{int(match[1]) - 1}.label"
        if match := re.match(r"数字(\d+)", where):
            return f"facts.{int(match[1]) - 1}.label"
        return "files" if where.startswith("附件") else ""

    return tuple(
        finding
        if finding.field
        else Finding(
            finding.text,
            finding.where,
            finding.value,
            finding.fix,
            finding.args,
            field_of(finding.where),
        )
        for finding in findings
    )
