"""Scanning: every text that would become public, with the place a person finds it at."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from noticeboard.core import privacy
from noticeboard.core.columns import held, held_by_all, row_fields
from noticeboard.core.forms import COMMON, FORMS, Field
from noticeboard.core.particulars import Content, kind_of
from noticeboard.core.people import Profile
from noticeboard.core.problems import Finding, NotValid

# What these fields hold is never a text.
_TYPED: Final = frozenset({"money", "quantity"})


def leaks(content: Content, profile: Profile) -> tuple[Finding, ...]:
    """Scan every text that would become public; the village's own published phones pass."""
    return privacy.scan([*_in_head(content), *_in_rows(content)], _published(profile))


def _published(profile: Profile) -> frozenset[str]:
    return frozenset("".join(ch for ch in phone.number if ch.isdigit()) for phone in profile.phones)


def told(profile: Profile) -> tuple[Finding, ...]:
    """Scan what a village tells of itself; a comma between two texts keeps their numbers apart."""
    return privacy.scan(
        [
            ("村名", profile.name),
            ("乡镇", profile.town),
            ("简介", profile.about),
            ("标明", profile.mark),
            ("电话", _listed(profile.phones)),
            ("公开栏", _listed(profile.walls)),
            ("小组", _listed(profile.groups)),
        ],
        _published(profile),
    )


def _listed(listed: Sequence[Any]) -> str:
    return "，".join(text for one in listed for _name, text in _texts(one))


def refuse(findings: Sequence[Finding]) -> None:
    """Raise NotValid with what a scan found, if it found anything."""
    if findings:
        raise NotValid.of(findings)


def _in_head(content: Content) -> Iterator[tuple[str, str]]:
    """Give every text outside the rows with the place a person finds it at."""
    labels = {field.name: field.label for field in (*COMMON, *FORMS[kind_of(content)].head)}
    for holder in (content, content.particulars):
        yield from ((labels.get(name, name), text) for name, text in _texts(holder))
    for index, column in enumerate(getattr(content.particulars, "columns", ()), 1):
        yield f"第{index}列 这一列叫什么", column.label
    for index, fact in enumerate(getattr(content.particulars, "facts", ()), 1):
        yield from ((f"数字{index} {name}", text) for name, text in _texts(fact))
    for index, file in enumerate(content.files, 1):
        yield f"附件{index} 说明", file.caption


def _in_rows(content: Content) -> Iterator[tuple[str, str]]:
    """Give the texts of the rows that want a closer look, row by row.

    A column of a long list has the same few texts again and again, and hardly ever a number.
    """
    rows = content.particulars.rows
    doubtful: list[tuple[Field, set[str]]] = []
    for field in row_fields(content):
        if field.read in _TYPED:
            continue
        texts = {text for text in set(held_by_all(field, rows)) if isinstance(text, str)}
        if not privacy.harmless(texts):
            doubtful.append((field, {text for text in texts if not privacy.harmless([text])}))
    for index, row in enumerate(rows, 1) if doubtful else ():
        for field, texts in doubtful:
            if (text := held(field, row)) in texts:
                yield f"第{index}行 {field.label}", text


def _texts(holder: Any) -> list[tuple[str, str]]:
    values = ((name, getattr(holder, name)) for name in holder.__struct_fields__)
    return [(name, value) for name, value in values if isinstance(value, str) and name != "source"]
