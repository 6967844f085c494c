"""What a clerk types, field by field: how each is read, and a form made a Content or refused.

A draft keeps every field as text, complete or not; only `read` decides. The same table of fields
makes the desk's forms, so a form cannot ask for what the rulebook does not know.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from noticeboard.core.columns import MOST_COLUMNS, declared, held, held_by_all, row_fields
from noticeboard.core.days import SHANGHAI, local
from noticeboard.core.forms import COMMON, FORMS, Field
from noticeboard.core.money import MOST, fen, yuan
from noticeboard.core.particulars import Attachment, Content, Kind, Row, kind_of
from noticeboard.core.problems import Finding, NotValid
from noticeboard.core.shapes import Shape

_CONTENT = Shape(Content)
Typed = Mapping[str, Any]

_QUANTITY = re.compile(r"(\d+)(?:\.(\d{1,3}))?")
_COVERS = re.compile(r"[0-9]{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?")
_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{8}")
MOST_ROWS = 2_000
MOST_DIGITS = 7


def quantity(text: str) -> int:
    """Read `3.25` as thousandths; raises NotValid for more than three decimals or anything else."""
    match = _QUANTITY.fullmatch(text.strip())
    if match is None:
        raise NotValid("请填准确数字，最多三位小数。", value=text)
    thousandths = int(match[1]) * 1000 + int((match[2] or "").ljust(3, "0"))
    if thousandths > MOST:
        raise NotValid("数量太大。", value=text, fix="请核对小数点的位置。")
    return thousandths


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise NotValid("没有这一天。", value=text, fix="请写成 2026-01-15。") from None


def _when(text: str) -> str:
    """Read a day, or a month or a year where no more is known."""
    if re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", text, re.ASCII):
        return text
    try:
        return _date(text)
    except NotValid:
        fix = "请写成 2026-01-15，或者 2026-01，或者 2026。"
        raise NotValid("没有这一天。", value=text, fix=fix) from None


def _moment(text: str) -> int:
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp())
    except ValueError:
        raise NotValid("没有这个时间。", value=text, fix="请写成 2026-01-15T08:00。") from None


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise NotValid("请填整数。", value=text)
    return int(text)


def _code(text: str) -> str:
    if _CODE.fullmatch(text.upper()) is None:
        raise NotValid("公示编码是八个字母和数字。", value=text)
    return text.upper()


def value_of(field: Field, text: str) -> Any:
    """Read one field; an empty one is None. Raises NotValid saying what is wrong."""
    text = text.strip()
    if field.read == "flag":
        return text not in ("", "no")
    if not text:
        if field.required:
            raise NotValid("还没有填。")
        return None
    if len(text) > field.longest:
        raise NotValid("太长了，最多 {most} 个字。", most=field.longest)
    match field.read:
        case "money":
            return fen(text)
        case "quantity":
            return quantity(text)
        case "count":
            return _count(text)
        case "date":
            return _date(text)
        case "when":
            return _when(text)
        case "moment":
            return _moment(text)
        case "code":
            return _code(text)
        case "choice" if field.choices and text not in dict(field.choices):
            raise NotValid("请从列出的里面选。", value=text)
    return text


def read(
    kind: Kind,
    typed: Typed,
    *,
    files: Sequence[Attachment] = (),
    last_row: int = 0,
    source: str = "",
) -> Content:
    """Turn a typed form into a Content; raises NotValid with every finding, each with its field.

    Rows without an id of their own get the next one after `last_row`; rows in which nothing is
    typed are left out. Of a row that was there before the name may have been erased, so there even
    a required one may be missing.
    """
    form, findings = FORMS[kind], list[Finding]()
    head = _values(COMMON, typed, "", findings)
    particulars: dict[str, Any] = {
        k: v for k, v in _values(form.head, typed, "", findings).items() if v is not None
    }
    if form.columns:
        particulars["columns"] = _columns(form.columns, typed, findings)
    fields = fields_of(kind, typed)
    rows: list[dict[str, Any]] = []
    there = set(range(1, last_row + 1))
    for index, row in enumerate(typed.get("rows", ())):
        if not _anything(fields, row):
            continue
        columns, id_ = fields, _row_id(row)
        if id_ in there:
            # An id is one row's for ever, also where a form says it twice.
            there.discard(id_)
            columns = tuple(replace(c, required=c.required and not c.person) for c in columns)
        else:
            last_row = id_ = last_row + 1
        values = _values(columns, row, f"rows.{index}", findings, len(rows) + 1)
        stated = _in_cells(fields, values) if form.columns else _typed_right(kind, values)
        rows.append({"id": id_, **stated})
    if len(rows) > MOST_ROWS:
        findings.append(Finding("行数太多，最多 {most} 行。", args={"most": MOST_ROWS}))
    particulars |= {"kind": kind, "rows": rows}
    if form.facts:
        facts = (
            _values(form.facts, fact, f"facts.{index}", findings)
            for index, fact in enumerate(typed.get("facts", ()))
            if _anything(form.facts, fact)
        )
        particulars["facts"] = [{k: v or "" for k, v in fact.items()} for fact in facts]
    if head["covers"] and _COVERS.fullmatch(head["covers"]) is None:
        findings.append(
            Finding("时期写法不对。", "所属时期", head["covers"], "例如 2026-Q1。", field="covers")
        )
    if findings:
        raise NotValid.of(findings)
    common = {key: value for key, value in head.items() if value is not None}
    return _CONTENT.of_plain(
        {
            **common,
            "particulars": particulars,
            "files": msgspec.to_builtins(tuple(files)),
            "last_row": last_row,
            "source": source,
        }
    )


def fields_of(kind: Kind, typed: Typed) -> tuple[Field, ...]:
    """Give the columns of a typed form's rows, of which a table says itself what they are."""
    if not FORMS[kind].columns:
        return FORMS[kind].rows
    return declared(
        (str(column.get("label") or ""), str(column.get("read") or ""))
        for column in typed.get("columns", ())
    )


def _columns(
    fields: Sequence[Field], typed: Typed, findings: list[Finding]
) -> list[dict[str, str]]:
    columns = typed.get("columns", ())
    if len(columns) > MOST_COLUMNS:
        most: dict[str, str | int] = {"most": MOST_COLUMNS}
        finding = Finding("列数太多，最多 {most} 列。", args=most, field="columns")
        findings.append(finding)
    said = (
        _values(fields, column, f"columns.{index}", findings, index + 1, "第{n}列 {label}")
        for index, column in enumerate(columns)
    )
    return [{"label": one["label"] or "", "read": one["read"] or "text"} for one in said]


def _in_cells(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """Give a declared row as its cells, and apart from them the persons it names."""
    people = [values[field.name] if field.person else None for field in fields]
    cells = [None if field.person else values[field.name] for field in fields]
    return {"cells": cells, "people": people if any(people) else None}


def _anything(fields: Sequence[Field], typed: Typed) -> bool:
    return any(str(typed.get(field.name, "")).strip() for field in fields if field.read != "flag")


def _row_id(row: Typed) -> int:
    typed = str(row.get("id", ""))
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS else 0


def _typed_right(kind: Kind, values: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in values.items() if value is not None}
    if kind == "decision":
        kept["step"] = int(kept.get("step", 0))
    return kept


def _values(
    fields: Sequence[Field],
    typed: Typed,
    prefix: str,
    findings: list[Finding],
    row: int = 0,
    where: str = "第{n}行 {label}",
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in fields:
        text = typed.get(field.name) or ""
        try:
            values[field.name] = value_of(field, str(text))
        except NotValid as problem:
            values[field.name] = None
            found = problem.findings[0]
            findings.append(
                Finding(
                    found.text,
                    where.format(n=row, label=field.label) if row else field.label,
                    found.value,
                    found.fix,
                    found.args,
                    f"{prefix}.{field.name}" if prefix else field.name,
                )
            )
    return values


def typed_of(content: Content) -> dict[str, Any]:
    """Write a content back as a typed form, the inverse of `read`."""
    form, columns = FORMS[kind_of(content)], row_fields(content)
    typed: dict[str, Any] = {field.name: _typed(field, held(field, content)) for field in COMMON}
    typed |= {field.name: _typed(field, held(field, content.particulars)) for field in form.head}
    typed["rows"] = _typed_rows(columns, content.particulars.rows)
    if form.columns:
        typed["columns"] = [
            msgspec.to_builtins(column) for column in getattr(content.particulars, "columns", ())
        ]
    if form.facts:
        facts = getattr(content.particulars, "facts", ())
        typed["facts"] = [
            {field.name: _typed(field, held(field, fact)) for field in form.facts} for fact in facts
        ]
    return typed


def _typed_rows(columns: Sequence[Field], rows: Sequence[Row]) -> list[dict[str, str]]:
    """Write rows back a column at a time: what stands in many of them is written once."""
    typed = [{"id": str(row.id)} for row in rows]
    for field in columns:
        name, values = field.name, held_by_all(field, rows)
        # A text is typed as it stands.
        written = {v: _typed(field, v) for v in set(values) if type(v) is not str}
        for row, value in zip(typed, values, strict=True):
            row[name] = written.get(value, value)
    return typed


def _typed(field: Field, value: Any) -> str:
    match field.read, value:
        case _, None:
            return ""
        case "money", int():
            # Of the two columns of a ledger the empty one stays empty; anywhere else 0 is a number.
            return "" if value == 0 and field.name in ("income", "expense") else yuan(value)
        case "quantity", int():
            return f"{value // 1000}.{value % 1000:03d}".rstrip("0").rstrip(".")
        case "moment", int():
            return local(value).strftime("%Y-%m-%dT%H:%M")
        case "flag", bool():
            return "yes" if value else "no"
    return str(value)
