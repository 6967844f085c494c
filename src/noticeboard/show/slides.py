"""The slides of a hall screen: notices as HTML fragments for its size, named by their SHA-256.

What changes while the content does not (clock, days left, playlist number, log head, position) is
written by the player into places marked `data-put`, so a slide's bytes change only with its words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from markupsafe import Markup
from msgspec import Struct

from noticeboard.core.codes import qr_url
from noticeboard.core.days import day_of
from noticeboard.core.notice import Notice, Published
from noticeboard.core.particulars import Content, Particulars, kind_of
from noticeboard.core.playlist import (
    WELCOME,
    Class,
    Playlist,
    Slide,
    changes_at,
    dwell_ms,
    over,
    revoked,
    rounds,
    turn,
)
from noticeboard.formats import qr
from noticeboard.show.corrections import LABEL, banded, changed, why
from noticeboard.show.due import Standing
from noticeboard.show.due_slide import ID as DUE
from noticeboard.show.due_slide import DueSlide, due_slide
from noticeboard.show.facts import Facts, Place
from noticeboard.show.fitting import Frame, ems, frame
from noticeboard.show.paging import BAND_SIDES, SMALL, Page, breadth, paged, room, titled
from noticeboard.show.render import environment
from noticeboard.show.sentences import Number
from noticeboard.show.sheets import sheet
from noticeboard.show.texts import said
from noticeboard.store.screens import Screen


class Made(Struct, frozen=True):
    """A screen's playlist, and its slides' bytes by their SHA-256 in lower-case hex."""

    playlist: Playlist
    bodies: Mapping[str, bytes]


def slides(
    facts: Sequence[Facts],
    where: Place,
    screen: Screen,
    at: int,
    public_url: str | None,
    leaf_of: Mapping[int, bytes],
    held: Iterable[Notice],
    former: Mapping[str, Content],
    calendar: Standing | None = None,
    shell: str = "",
) -> Made:
    """Make a screen's playlist and slides at an instant.

    `facts` are read for the surface `playlist`; only what stands up is shown. `leaf_of` gives the
    32-byte leaf hash of each publish entry, for the QR; without it or a public address the code
    stands in large type. `held` are the notices screens may still hold something of; `former` is
    what the edition before said, by the code of a corrected notice, as far as it can be read.
    `calendar` is how the village's duties stand at that instant.
    """
    bodies: dict[str, bytes] = {}
    up = [known for known in facts if known.standing == "up" and known.stated is not None]
    made = [
        slide
        for known in sorted(up, key=lambda known: turn(_particulars(known), at))
        for slide in _of_notice(
            known,
            frame(screen.width, screen.height),
            public_url,
            leaf_of,
            former.get(known.notice.code),
            bodies,
        )
    ]
    made.append(_welcome(where, frame(screen.width, screen.height), bodies))
    if owed := due_slide(where, calendar, frame(screen.width, screen.height)):
        made.append(_of_calendar(owed, bodies))
    gone = revoked(held, at)
    playlist = Playlist(
        screen=screen.id,
        village=where.code,
        number=where.revision,
        made_at=max([slide.start for slide in made] + [item.at for item in gone]),
        until=changes_at(made, [over(_particulars(known)) for known in up], at),
        revoked=gone,
        slides=tuple(made),
        rounds=rounds(made),
        shell=shell,
    )
    return Made(playlist, bodies)


def _particulars(known: Facts) -> Particulars:
    assert known.stated is not None
    return known.stated.content.particulars


def fragments(
    known: Facts,
    screen_frame: Frame,
    address: str | None = None,
    mark: str = "",
    former: Content | None = None,
) -> list[tuple[str, Page]]:
    """Render one edition as slides. `address` is what its QR holds; `mark` overrides the state's.

    An edition that has not been published has neither QR nor end: a preview passes 草稿 or 待审.
    `former` is what the edition before said, for the sentence of a correction.
    """
    assert known.stated is not None
    content, up = known.stated.content, known.up
    sheet_ = sheet(known.stated, known.place.profile.households, up.at if up else known.at)
    correction = _correction(known, content, former, screen_frame)
    title, small = titled(content.title, screen_frame)
    code = known.notice.code
    shared = {
        "upright": screen_frame.upright,
        "folded": screen_frame.folded,
        "kind": kind_of(content),
        "village": known.place.profile.name,
        "demo": known.place.profile.mark,
        "mark": mark or _mark(known, up),
        "title": title,
        "small": small,
        "sheet": sheet_,
        "number_size": _number_size(sheet_.number, screen_frame.upright) if sheet_.number else "",
        "correction": correction,
        "label": LABEL,
        "code": f"{code[:4]} {code[4:]}",
        "qr": _qr(address),
        "until": up.period.until if up else None,
        "end": _end(up),
    }
    given = room(
        screen_frame,
        number=bool(sheet_.number),
        correction=len(correction),
        band=bool(known.place.profile.mark),
    )
    pages = paged(sheet_, screen_frame, given)
    template = environment("zh").get_template("kiosk/notice.html")
    return [
        (template.render(shared, page=page, nth=nth, pages=len(pages)), page)
        for nth, page in enumerate(pages, 1)
    ]


def _of_notice(
    known: Facts,
    screen_frame: Frame,
    public_url: str | None,
    leaf_of: Mapping[int, bytes],
    former: Content | None,
    bodies: dict[str, bytes],
) -> Iterator[Slide]:
    assert known.stated is not None
    up = known.up
    assert up is not None
    content = known.stated.content
    sheet_ = sheet(known.stated, known.place.profile.households, up.at)
    leaf, address = leaf_of.get(up.publish), None
    if public_url and leaf is not None:
        address = qr_url(public_url, known.notice.code, leaf)
    made = fragments(known, screen_frame, address, former=former)
    for nth, (html, page) in enumerate(made, 1):
        yield Slide(
            id=f"{known.notice.code}-{known.edition.ed}-{nth}",
            notice=known.notice.code,
            ed=known.edition.ed,
            cls=_class(known),
            hash=_keep(html, bodies),
            start=up.at,
            until=up.period.until,
            dwell_ms=dwell_ms(_plain(html), table=bool(page.rows)),
            names=page.names,
            title=content.title,
            summary=sheet_.summary,
            page=nth,
            pages=len(made),
        )


def _correction(
    known: Facts, content: Content, former: Content | None, screen_frame: Frame
) -> tuple[str, ...]:
    if known.edition.prev is None:
        return ()
    sentence = changed(former, content, known.edition.ed)
    return banded(sentence, why(content), (breadth(screen_frame) - BAND_SIDES) / SMALL)


def _plain(html: str) -> str:
    return Markup(html).striptags()  # noqa: S704 - only to read its length


def _keep(html: str, bodies: dict[str, bytes]) -> str:
    body = html.encode()
    name = sha256(body).hexdigest()
    bodies[name] = body
    return name


def _welcome(where: Place, screen_frame: Frame, bodies: dict[str, bytes]) -> Slide:
    profile = where.profile
    html = (
        environment("zh")
        .get_template("kiosk/welcome.html")
        .render(
            upright=screen_frame.upright,
            folded=screen_frame.folded,
            village=profile.name,
            town=profile.town,
            demo=profile.mark,
            phones=profile.phones[:3] if profile.signed else (),
        )
    )
    return Slide(
        id=WELCOME,
        notice="",
        ed=0,
        cls="ordinary",
        hash=_keep(html, bodies),
        start=0,
        until=None,
        dwell_ms=dwell_ms(""),
        names=False,
        title=profile.name,
        summary="现在没有正在公示的内容",
    )


def _of_calendar(owed: DueSlide, bodies: dict[str, bytes]) -> Slide:
    return Slide(
        id=DUE,
        notice="",
        ed=0,
        cls="ordinary",
        hash=_keep(owed.html, bodies),
        start=0,
        until=owed.until,
        dwell_ms=dwell_ms(_plain(owed.html), table=True),
        names=False,
        title="公开日历",
        summary=owed.summary,
    )


def _class(known: Facts) -> Class:
    return "ordinary" if known.item is None else "statutory"


def _mark(known: Facts, up: Published | None) -> str:
    if known.edition.prev is not None:
        return "已更正"
    running = known.item is not None and known.item.mode == "公示"
    return "公示中" if running and up is not None else "已公开"


def _end(up: Published | None) -> str:
    if up is None or up.period.until is None:
        return ""
    last = day_of(up.period.until - 1)
    return f"到{last.month}月{last.day}日"


def _qr(address: str | None) -> Markup | None:
    # Nine units a module: the player's root size turns them into pixels of any screen.
    return None if address is None else Markup(qr.svg(address, title="二维码"))  # noqa: S704 - our own SVG


def _number_size(number: Number, upright: bool) -> str:
    """Choose the size of the number by its length, so that no amount is ever cut."""
    space = 640 / 140 if upright else 410 / 76
    needed = ems(said(number.value)) + ems(number.fen) / 2
    if needed <= space:
        return ""
    return "long" if needed <= space * 1.4 else "longest"
