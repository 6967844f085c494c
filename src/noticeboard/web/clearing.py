"""False alarms in forms: the writer ticks them, the reviewer looks at each place and agrees."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, get_args, get_type_hints

from msgspec import Struct

from noticeboard.board.scanning import Alarm
from noticeboard.core.columns import held, row_fields
from noticeboard.core.forms import COMMON, FORMS
from noticeboard.core.notice import Doubt
from noticeboard.core.particulars import Content, kind_of
from noticeboard.core.problems import Finding
from noticeboard.show.texts import Words, text

_PREFIX: Final = "clear."
_SORTS: Final = get_args(get_type_hints(Doubt)["sort"])
# What a writer says of a place, and a reviewer agrees to.
SAYS: Final[Mapping[str, Words]] = {
    "address": text("这不是哪一家的住址"),
    "person": text("这里没有写受助人的姓名"),
    "condition": text("这里没有说谁的病情或困难"),
    "identity": text("这不是身份证号"),
}


class Open(Struct, frozen=True):
    """An alarm that may be cleared: the name of its tick, what was found, what is said of it."""

    name: str
    finding: Finding
    says: Words
    ticked: bool


class Doubted(Struct, frozen=True):
    """A place for the reviewer: its tick, where it is, what stands there, what the writer says."""

    name: str
    where: Words
    said: str
    says: Words


def name_of(doubt: Doubt) -> str:
    """Name the tick of a place."""
    return f"{_PREFIX}{doubt.part}.{doubt.row}.{doubt.field}.{doubt.sort}"


def doubts_in(sent: Mapping[str, str]) -> frozenset[Doubt]:
    """Read the ticks of a sent form; what is none of ours is passed over."""
    return frozenset(_doubts(sent))


def _doubts(sent: Iterable[str]) -> Iterator[Doubt]:
    for name in sent:
        part, *rest = name.removeprefix(_PREFIX).split(".") if name.startswith(_PREFIX) else ("",)
        if len(rest) > 2 and rest[0].isdecimal() and rest[-1] in _SORTS:  # noqa: PLR2004 - row, field, sort
            yield Doubt(part, int(rest[0]), ".".join(rest[1:-1]), rest[-1])  # type: ignore[arg-type]  # one of the sorts


def opened(alarms: Iterable[Alarm], cleared: frozenset[Doubt]) -> tuple[Open, ...]:
    """Give the alarms that two may clear, as ticks."""
    return tuple(
        Open(name_of(one.doubt), one.finding, SAYS[one.doubt.sort], one.doubt in cleared)
        for one in alarms
        if one.doubt is not None
    )


def doubted(content: Content, doubts: Iterable[Doubt]) -> Iterator[Doubted]:
    """Give the places that a writer doubts of what was submitted, with what stands there."""
    rows = {row.id: (nth, row) for nth, row in enumerate(content.particulars.rows, 1)}
    heads = {field.name: field.label for field in (*COMMON, *FORMS[kind_of(content)].head)}
    for doubt in doubts:
        if doubt.row in rows:
            nth, row = rows[doubt.row]
            field = next((one for one in row_fields(content) if one.name == doubt.field), None)
            said = str(held(field, row) or "") if field else ""
            label = field.label if field else doubt.field
            where: Words = text("第{row}行 {label}", row=nth, label=label)
        else:
            where, said = heads.get(doubt.field, doubt.field), _in_head(content, doubt.field)
        yield Doubted(name_of(doubt), where, said, SAYS[doubt.sort])


def _in_head(content: Content, field: str) -> str:
    match field.split("."):
        case ["facts", nth, name]:
            return str(getattr(_nth(getattr(content.particulars, "facts", ()), nth), name, ""))
        case ["columns", nth, _]:
            return str(getattr(_nth(getattr(content.particulars, "columns", ()), nth), "label", ""))
        case ["explained", nth, _]:
            return str(getattr(_nth(content.explained or (), nth), "text", ""))
        case ["files", nth, _]:
            return str(getattr(_nth(content.files, nth), "caption", ""))
    found = getattr(content, field, None) or getattr(content.particulars, field, None)
    return str(found or "")


def _nth(listed: tuple[object, ...], nth: str) -> object:
    place = int(nth) - 1
    return listed[place] if 0 <= place < len(listed) else None
