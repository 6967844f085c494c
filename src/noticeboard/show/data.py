"""A notice as data: the same facts as its page, for programs; amounts are whole fen and say so."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from noticeboard.core.columns import held, row_fields
from noticeboard.core.days import local
from noticeboard.core.forms import FORMS, Field
from noticeboard.core.notice import Edition, Ended, Notice, published
from noticeboard.core.particulars import Row, kind_of
from noticeboard.core.parts import Stated
from noticeboard.formats.exports import Cell, Quantity, Yuan, csv_file, xlsx_file
from noticeboard.show import addresses
from noticeboard.show.facts import Facts, Place

FORMAT: Final = "noticeboard-notice-1"
# Linked pictures are listed by address; these say nothing to a reader.
_INTERNAL: Final = ("last_row", "source", "files")


class Document(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What `/n/<code>.json` and `/n/<code>/e/<edition>.json` hold.

    Instants are ISO 8601 with the village's offset. `shown` says how much: full, figures (without
    villagers' names) or tombstone; with tombstone `title` may be missing and there is no `content`.
    """

    format: str
    units: dict[str, str]
    code: str
    address: str
    village: dict[str, str]
    demo: str = ""
    number: str | None
    kind: str
    item: dict[str, str] | None = None
    group: str | None = None
    covers: str | None = None
    title: str | None = None
    state: str
    shown: str
    edition: int
    published: str | None
    until: str | None
    withdrawn: dict[str, Any] | None = None
    editions: list[dict[str, Any]]
    posted: list[dict[str, Any]] = []
    redacted: list[dict[str, Any]] = []
    content: dict[str, Any] | None = None
    nameless_rows: list[int] = []
    lost_rows: list[int] = []


def document(
    facts: Facts, title: str | None, photos: frozenset[str], public_url: str | None = None
) -> Document:
    """Give a notice as a document; `title` is what may be said of it even as a tombstone.

    `photos` are the pictures of its paper on walls that may be seen, by commitment.
    """
    place, notice, edition, up = facts.place, facts.notice, facts.edition, facts.up
    stated = facts.stated if facts.showing in ("full", "figures") else None
    content = _content(facts, public_url) if stated else None
    return Document(
        format=FORMAT,
        units={"amount": "fen (0.01 CNY)", "quantity": "thousandths of the unit"},
        code=notice.code,
        address=(public_url or "") + addresses.notice(notice.code),
        village={"code": place.code, "name": place.profile.name},
        demo=place.profile.mark,
        number=up.no if up else None,
        kind=edition.kind,
        item={"id": edition.item or "", "name": facts.item.name} if facts.item else None,
        group=edition.group,
        covers=edition.covers,
        title=stated.content.title if stated else title,
        state=facts.standing,
        shown=facts.showing,
        edition=edition.ed,
        published=iso(up.at if up else None),
        until=iso(up.period.until if up else None),
        withdrawn=_withdrawn(facts),
        editions=[_edition(notice, one, public_url) for one in notice.editions if published(one)],
        posted=_posted(facts, photos, public_url or ""),
        redacted=_redacted(place, notice),
        content=content,
        nameless_rows=list(stated.nameless) if stated else [],
        lost_rows=list(stated.lost) if stated else [],
    )


def iso(at: int | None) -> str | None:
    """Write an instant as village time, `2026-04-09T08:00:00+08:00`."""
    return None if at is None else local(at).isoformat()


def _edition(notice: Notice, edition: Edition, public_url: str | None) -> dict[str, Any]:
    up = published(edition)
    return {
        "edition": edition.ed,
        "address": (public_url or "") + addresses.edition(notice.code, edition.ed),
        "number": up.no if up else None,
        "published": iso(up.at if up else None),
        "change": edition.change,
        "ended": edition.state.how if isinstance(edition.state, Ended) else None,
    }


def _withdrawn(facts: Facts) -> dict[str, Any] | None:
    # An old edition goes with its notice: what is said is how that was withdrawn.
    current = facts.notice.current
    state = current.state if current else None
    if facts.standing != "withdrawn" or not isinstance(state, Ended):
        return None
    ground = facts.place.rules.grounds["withdraw"].get(state.ground)
    return {"at": iso(state.at), "ground": state.ground, "text": ground.text if ground else ""}


def _posted(facts: Facts, photos: frozenset[str], base: str) -> list[dict[str, Any]]:
    walls = {wall.code: wall.name for wall in facts.place.profile.walls}
    return [
        {
            "wall": walls.get(one.wall, one.wall),
            "at": iso(one.at),
            "photos": [
                base + addresses.file(facts.notice.code, file.c)
                for file in one.files
                if file.c in photos
            ],
        }
        for one in facts.notice.posted
        if facts.up is not None and one.of == facts.up.publish
    ]


def _redacted(place: Place, notice: Notice) -> list[dict[str, Any]]:
    found = []
    for down in notice.taken_down:
        if down.act == "withdraw":
            continue
        known = next((g for act, g in place.rules.grounds.items() if act == down.act), {})
        ground = known.get(down.ground)
        found.append(
            {
                "at": iso(down.at),
                "ground": down.ground,
                "text": ground.text if ground else "",
                "parts": list(down.parts),
                "rows": list(down.rows),
            }
        )
    return found


def _content(facts: Facts, public_url: str | None) -> dict[str, Any]:
    assert facts.stated is not None  # the caller has looked
    content = facts.stated.content
    plain: dict[str, Any] = msgspec.to_builtins(content)
    for name in _INTERNAL:
        plain.pop(name)
    if not facts.place.profile.signed:
        plain.pop("publisher")  # what is told from a newspaper is nobody's official notice
    if content.explained is None or facts.showing != "full":
        plain.pop("explained")
    if facts.showing == "full":
        base = public_url or ""
        plain["files"] = [
            {
                "address": base + addresses.file(facts.notice.code, file.c),
                "type": file.type,
                "bytes": file.len,
                "caption": file.caption,
            }
            for file in content.files
        ]
    else:
        hidden = type(content.particulars).ROW.NAMES
        rows = plain["particulars"]["rows"]
        plain["particulars"]["rows"] = [
            {key: value for key, value in row.items() if key not in hidden} for row in rows
        ]
    return plain


def table(facts: Facts, title: str | None) -> bytes:
    """Give a notice as CSV: its rows under Chinese heads, or what there is to say in two columns.

    Names have no column where they may not be shown; a tombstone is one line that says so.
    """
    return csv_file(*_lines(facts, title))


def workbook(facts: Facts, title: str | None, public_url: str | None = None) -> bytes:
    """Give the same table as .xlsx, with what it is and where it stands on a second sheet."""
    stated, up = _shown(facts), facts.up
    said = {
        "编号": facts.notice.code,
        "登记号": up.no if up else "",
        "标题": (stated.content.title if stated else title) or "",
        "村": facts.place.profile.name,
        "第几版": str(facts.edition.ed),
        "公开时间": iso(up.at) if up else "",
        "网址": public_url + addresses.edition(facts.notice.code, facts.edition.ed)
        if public_url
        else "",
        "说明": facts.place.profile.mark,
    }
    about = [(label, text) for label, text in said.items() if text]
    made = local(up.at if up else facts.at).replace(tzinfo=None)
    return xlsx_file(*_lines(facts, title), about, made)


def _shown(facts: Facts) -> Stated | None:
    return facts.stated if facts.showing in ("full", "figures") else None


def _lines(facts: Facts, title: str | None) -> tuple[Sequence[str], Sequence[Sequence[Cell]]]:
    """Give the heads and the lines under them."""
    stated, number = _shown(facts), facts.up.no if facts.up else ""
    if stated is None:
        withdrawn = _withdrawn(facts) or {}
        said = (withdrawn.get("at"), withdrawn.get("text"))
        tombstone = ("编号", "登记号", "标题", "状态", "时间", "原因")
        return tombstone, ((facts.notice.code, number, title, "已撤下", *said),)
    content = stated.content
    form = FORMS[kind_of(content)]
    rows = content.particulars.rows
    columns = [
        field
        for field in row_fields(content)
        if (facts.showing == "full" or not field.person) and _is_told(field, rows)
    ]
    if rows:
        heads = ("行号", *(field.label for field in columns))
        return heads, tuple((row.id, *_cells(columns, row)) for row in rows)
    told: list[tuple[str, Cell]] = [("编号", facts.notice.code), ("登记号", number)]
    told += [("标题", content.title)]
    told += [(field.label, _cell(field, content.particulars)) for field in form.head]
    told += [
        (fact.label, f"{fact.value}{fact.unit}")
        for fact in getattr(content.particulars, "facts", ())
    ]
    return ("名目", "内容"), tuple((label, cell) for label, cell in told if cell is not None)


def _is_told(field: Field, rows: Sequence[Row]) -> bool:
    """Say whether a column has a place in the table: one that came later, where a row needs it."""
    return not rows or field.name not in rows[0].LATER or any(held(field, row) for row in rows)


def _cells(columns: list[Field], row: Row) -> list[Cell]:
    return [_cell(field, row) for field in columns]


def _cell(field: Field, holder: Any) -> Cell:
    value = held(field, holder)
    if value is None or value == "":
        return None
    if field.choices:
        labels = dict(field.choices)
        return labels.get(str(value), str(value))
    match field.read, value:
        case "money", int():
            return Yuan(value) if value or field.required else None
        case "quantity", int():
            return Quantity(value)
        case "moment", int():
            return local(value).strftime("%Y-%m-%d %H:%M")
        case "flag", bool():
            return "有" if value else "未见记录"
        case "count", int():
            return value
    return str(value)
