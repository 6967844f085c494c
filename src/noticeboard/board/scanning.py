"""Scanning: every text that would become public, with the place a person finds it at.

What is found is a leak, or an alarm that writer and reviewer may clear together: a home, a listed
person or a condition that is none, an identity number that cannot be one.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board.board import in_force
from noticeboard.board.recipients import listed_people
from noticeboard.core import personal, privacy, serials
from noticeboard.core.columns import held, held_by_all, row_fields
from noticeboard.core.forms import COMMON, FORMS
from noticeboard.core.masking import Masking, programme_of
from noticeboard.core.notice import Doubt
from noticeboard.core.particulars import Content, Subsidy, kind_of
from noticeboard.core.people import Profile
from noticeboard.core.problems import Finding, NotValid
from noticeboard.core.unmasked import unmasked
from noticeboard.store import notices

# What these fields hold is never a text.
_TYPED: Final = frozenset({"money", "quantity"})


class Alarm(Struct, frozen=True):
    """What the scan found, and the place by which two people may clear it; None: never."""

    finding: Finding
    doubt: Doubt | None = None


class _Text(Struct, frozen=True):
    """A text with the place a person finds it at, and its place in the leaf's parts."""

    where: str
    text: str
    part: str
    row: int
    field: str
    person: bool = False
    numbered: bool = False


class _Look(Struct, frozen=True):
    """What is looked for: phones that pass, and, under a policy, people and their homes."""

    phones: frozenset[str]
    masking: Masking | None = None
    listed: frozenset[str] = frozenset()
    sensitive: bool = False

    def harmless(self, texts: Collection[str], *, person: bool) -> bool:
        found = (self.spots(text, person=person) for text in texts)
        return privacy.harmless(texts) and not any(found)

    def spots(self, text: str, *, person: bool = False) -> list[personal.Spot]:
        if self.masking is None:
            return []
        # In the field of a name a name may stand, but no home.
        listed, sensitive = (frozenset[str](), False) if person else (self.listed, self.sensitive)
        return list(personal.spots(text, self.masking, listed, sensitive=sensitive))

    def alarms(self, one: _Text) -> Iterator[Alarm]:
        told = list(privacy.told(one.where, one.text, self.phones))
        for finding, sure in told:
            doubt = None if sure else Doubt(one.part, one.row, one.field, "identity")
            yield Alarm(finding, doubt)
        if not (told or one.numbered) and (long := serials.told(one.where, one.text)):
            yield Alarm(long)
        for spot in self.spots(one.text, person=one.person):
            doubt = Doubt(one.part, one.row, one.field, spot.sort)
            yield Alarm(personal.finding(spot, one.text, one.where), doubt)


def looked_over(tx: Connection, village: str, content: Content) -> tuple[Alarm, ...]:
    """Give everything of people in a content that must not go up: leaks, alarms, what is unmasked.

    By the rules in force, the village's own phones and its lists of sensitive programmes.
    """
    profile, masking = notices.head_of(tx, village).profile, in_force(tx)[1].masking
    look = _Look(_published(profile), masking)
    if masking is None:
        return tuple(_alarms(content, look))
    found = programme_of(content, masking)
    sensitive = found is not None and found[1].sensitive
    listed = listed_people(tx, village, content, masking) | (
        _own_people(content) if sensitive else frozenset()
    )
    look = _Look(look.phones, masking, listed, sensitive)
    over = (Alarm(finding) for finding in unmasked(content, masking))
    return (*_alarms(content, look), *over)


def leaks(content: Content, profile: Profile) -> tuple[Finding, ...]:
    """Scan every text for somebody's numbers alone; the village's own published phones pass."""
    return tuple(alarm.finding for alarm in _alarms(content, _Look(_published(profile))))


def _own_people(content: Content) -> frozenset[str]:
    particulars = content.particulars
    rows = particulars.rows if isinstance(particulars, Subsidy) else ()
    return frozenset(row.name for row in rows if row.name and len(row.name) > 1)


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


def _alarms(content: Content, look: _Look) -> Iterator[Alarm]:
    for one in (*_in_head(content), *_in_rows(content, look)):
        yield from look.alarms(one)


def _in_head(content: Content) -> Iterator[_Text]:
    """Give every text outside the rows with the place a person finds it at."""
    labels = {field.name: field.label for field in (*COMMON, *FORMS[kind_of(content)].head)}
    for holder in (content, content.particulars):
        for name, text in _texts(holder):
            part = "reason" if name == "reason" else "text"
            label = labels.get(name, name)
            numbered = serials.may_be_long(name, label)
            yield _Text(label, text, part, 0, name, numbered=numbered)
    for index, column in enumerate(getattr(content.particulars, "columns", ()), 1):
        field = f"columns.{index}.label"
        yield _Text(f"第{index}列 这一列叫什么", column.label, "text", 0, field)
    for index, fact in enumerate(getattr(content.particulars, "facts", ()), 1):
        for name, text in _texts(fact):
            yield _Text(f"数字{index} {name}", text, "text", 0, f"facts.{index}.{name}")
    for index, one in enumerate(content.explained or (), 1):
        field = f"explained.{index}.text"
        yield _Text(f"请核实的说明{index}", one.text, "text", 0, field)
    for index, file in enumerate(content.files, 1):
        yield _Text(f"附件{index} 说明", file.caption, "text", 0, f"files.{index}.caption")


def _in_rows(content: Content, look: _Look) -> Iterator[_Text]:
    """Give the texts of the rows that want a closer look, row by row.

    A column of a long list has the same few texts again and again, and hardly ever a number.
    """
    rows = content.particulars.rows
    doubtful = []
    for field in row_fields(content):
        if field.read in _TYPED:
            continue
        texts = {text for text in set(held_by_all(field, rows)) if isinstance(text, str)}
        if not look.harmless(texts, person=field.person):
            odd = {text for text in texts if not look.harmless([text], person=field.person)}
            doubtful.append((field, odd))
    for index, row in enumerate(rows, 1) if doubtful else ():
        for field, texts in doubtful:
            if (text := held(field, row)) in texts:
                part = "names" if field.person else "figures"
                where = f"第{index}行 {field.label}"
                numbered = serials.may_be_long(field.name, field.label)
                yield _Text(where, text, part, row.id, field.name, field.person, numbered)


def _texts(holder: Any) -> list[tuple[str, str]]:
    values = ((name, getattr(holder, name)) for name in holder.__struct_fields__)
    return [(name, value) for name, value in values if isinstance(value, str) and name != "source"]
