"""Scanning: every text that would become public, with the place a person finds it at."""

from typing import Any

from noticeboard.core import privacy
from noticeboard.core.forms import COMMON, FORMS
from noticeboard.core.particulars import Content, kind_of
from noticeboard.core.people import Profile
from noticeboard.core.problems import Finding


def leaks(content: Content, profile: Profile) -> tuple[Finding, ...]:
    """Scan every text that would become public; the village's own published phones pass."""
    allowed = frozenset(
        "".join(ch for ch in phone.number if ch.isdigit()) for phone in profile.phones
    )
    return privacy.scan(places_of(content), allowed)


def places_of(content: Content) -> list[tuple[str, str]]:
    """Give every text of a content with the place a person finds it at."""
    form = FORMS[kind_of(content)]
    labels = {field.name: field.label for field in (*COMMON, *form.head)}
    columns = {field.name: field.label for field in form.rows}
    places = [(labels.get(name, name), text) for name, text in _texts(content)]
    places += [(labels.get(name, name), text) for name, text in _texts(content.particulars)]
    for index, row in enumerate(content.particulars.rows, 1):
        places += [(f"第{index}行 {columns.get(name, name)}", text) for name, text in _texts(row)]
    for index, fact in enumerate(getattr(content.particulars, "facts", ()), 1):
        places += [(f"数字{index} {name}", text) for name, text in _texts(fact)]
    places += [(f"附件{n} 说明", file.caption) for n, file in enumerate(content.files, 1)]
    return places


def _texts(holder: Any) -> list[tuple[str, str]]:
    values = ((name, getattr(holder, name)) for name in holder.__struct_fields__)
    return [(name, value) for name, value in values if isinstance(value, str) and name != "source"]
