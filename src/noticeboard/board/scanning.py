"""Scanning: every text that would become public, with the place a person finds it at."""

from collections.abc import Sequence
from typing import Any

from noticeboard.core import privacy
from noticeboard.core.columns import held, row_fields
from noticeboard.core.forms import COMMON, FORMS
from noticeboard.core.particulars import Content, kind_of
from noticeboard.core.people import Profile
from noticeboard.core.problems import Finding, NotValid


def leaks(content: Content, profile: Profile) -> tuple[Finding, ...]:
    """Scan every text that would become public; the village's own published phones pass."""
    return privacy.scan(places_of(content), _published(profile))


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


def places_of(content: Content) -> list[tuple[str, str]]:
    """Give every text of a content with the place a person finds it at."""
    form = FORMS[kind_of(content)]
    labels = {field.name: field.label for field in (*COMMON, *form.head)}
    columns = row_fields(content)
    places = [(labels.get(name, name), text) for name, text in _texts(content)]
    places += [(labels.get(name, name), text) for name, text in _texts(content.particulars)]
    for index, row in enumerate(content.particulars.rows, 1):
        cells = ((field.label, held(field, row)) for field in columns)
        places += [(f"第{index}行 {label}", cell) for label, cell in cells if isinstance(cell, str)]
    for index, column in enumerate(getattr(content.particulars, "columns", ()), 1):
        places.append((f"第{index}列 这一列叫什么", column.label))
    for index, fact in enumerate(getattr(content.particulars, "facts", ()), 1):
        places += [(f"数字{index} {name}", text) for name, text in _texts(fact)]
    places += [(f"附件{n} 说明", file.caption) for n, file in enumerate(content.files, 1)]
    return places


def _texts(holder: Any) -> list[tuple[str, str]]:
    values = ((name, getattr(holder, name)) for name in holder.__struct_fields__)
    return [(name, value) for name, value in values if isinstance(value, str) and name != "source"]
