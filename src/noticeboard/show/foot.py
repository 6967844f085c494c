"""What stands below a notice's rows: who signed, whom to call, what belongs here, what to check."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from noticeboard.core.notice import Posted
from noticeboard.core.particulars import Attachment, Content, Project, Spending
from noticeboard.core.people import CLOCK, Phone
from noticeboard.core.powers import exercised
from noticeboard.show import addresses
from noticeboard.show.basis import words as basis
from noticeboard.show.facts import Facts, Place
from noticeboard.show.texts import Text, Words, text


class Photo(Struct, frozen=True):
    """A picture as a small one that leads to the whole."""

    href: str
    thumb: str


class Signer(Struct, frozen=True):
    """One act on the line of signatures: the office it was done under, the name, the act, when.

    Of paper on a wall there may be photos.
    """

    office: Words
    name: str
    act: Words
    at: int
    photos: tuple[Photo, ...] = ()


class Linked(Struct, frozen=True):
    """Another notice that belongs to this one."""

    label: Words
    title: str
    href: str


class Exercised(Struct, frozen=True):
    """A power that a notice exercises, and where its steps stand."""

    name: Words
    href: str


class Explained(Struct, frozen=True):
    """What a writer says to a question on figures: about which rows, none being the whole."""

    rows: Words
    said: str


class Why(Struct, frozen=True):
    """A rule that a page applies, and on what text it rests."""

    rule: Words
    rests_on: Words


class File(Struct, frozen=True):
    """An attachment as a small picture that leads to the whole one; sizes in pixels and KB."""

    href: str
    thumb: str
    caption: str
    width: int
    height: int
    kilobytes: int


class Check(Struct, frozen=True):
    """What a person compares with the paper: code, register number, fingerprint in pieces."""

    code: str
    number: str
    fingerprint: tuple[str, ...]


class Links(Struct, frozen=True, kw_only=True):
    """What only the caller knows.

    `titles` of linked notices by code, the addresses of the `poster` and of what was checked
    (`verify`), the publish leaf's `fingerprint`.
    """

    titles: Mapping[str, str] = {}
    related: tuple[Linked, ...] = ()
    poster: str = ""
    verify: str = ""
    fingerprint: str = ""


class Foot(Struct, frozen=True, kw_only=True):
    """What stands below the rows; `check` is None on paper that is not public yet."""

    publisher: Words = ""
    signers: tuple[Signer, ...] = ()
    phones: tuple[Phone, ...] = ()
    linked: tuple[Linked, ...] = ()
    powers: tuple[Exercised, ...] = ()
    why: tuple[Why, ...] = ()
    files: tuple[File, ...] = ()
    explained: tuple[Explained, ...] = ()
    check: Check | None = None
    data: str = ""
    poster: str = ""
    verify: str = ""


def foot(facts: Facts, content: Content, signers: tuple[Signer, ...], links: Links) -> Foot:
    """Give the foot of a public edition. An unsigned village has no office and no signature."""
    place, code, signed = facts.place, facts.notice.code, facts.place.profile.signed
    return Foot(
        publisher=publisher(place, content) if signed else "",
        signers=signers if signed else (),
        phones=place.profile.phones,
        linked=(*linked(content, links.titles), *links.related),
        powers=powers_of(facts),
        why=tuple(why(facts)) if signed else (),
        files=files(code, content.files) if facts.showing == "full" else (),
        explained=explanations(content) if facts.showing == "full" else (),
        check=Check(code, facts.up.no if facts.up else "", pieces(links.fingerprint)),
        data=addresses.notice(code),
        poster=links.poster,
        verify=links.verify,
    )


def explanations(content: Content) -> tuple[Explained, ...]:
    """Give what the writer says of rows, each called as people count them from the top."""
    order = {row.id: nth for nth, row in enumerate(content.particulars.rows, 1)}
    found = []
    for one in content.explained or ():
        rows = "、".join(str(order[row]) for row in one.rows if row in order)
        found.append(Explained(text("第 {rows} 行", rows=rows) if rows else text("全部"), one.text))
    return tuple(found)


def powers_of(facts: Facts) -> tuple[Exercised, ...]:
    """Give the powers that an edition exercises, by its catalogue item and its kind."""
    known, edition = facts.place.rules.powers, facts.edition
    return tuple(
        Exercised(
            Text(known[code].name, {}, known[code].english),
            addresses.power(facts.place.code, code),
        )
        for code in exercised(known, edition.item, edition.kind)
    )


def why(facts: Facts) -> Iterator[Why]:
    """Give the item of the catalogue, and the rule by which names are gone, with their texts."""
    rules, item = facts.place.rules, facts.item
    if item is not None:
        name = Text(item.name, {}, item.english)
        yield Why(name, basis(rules, item.source, item.verified))
    end = next((end for kind, end in rules.after_end.items() if kind == facts.edition.kind), None)
    if facts.showing == "figures" and end is not None:
        yield Why(text("期满以后收起姓名"), basis(rules, end.source, end.verified))


def publisher(place: Place, content: Content) -> Text:
    """Say whose notice it is by its full name, as on a seal."""
    body = place.rules.bodies[content.publisher]
    return text(
        "{village}{body}", village=place.profile.name, body=Text(body.full, {}, body.english)
    )


def signatures(
    facts: Facts, roles: Mapping[int, str], photos: frozenset[str] = frozenset()
) -> tuple[Signer, ...]:
    """Give who wrote, approved, published and posted an edition, in order.

    `roles` gives the office of each of the notice's leaves by its index, `photos` which pictures
    of walls may be seen. 监委会审核 is said only
    where the approver's office is one of supervision.
    """
    place, edition, up = facts.place, facts.edition, facts.up
    found = [_signer(place, edition.by, roles.get(edition.of, ""), text("填报，送审"), edition.at)]
    if up is not None:
        office = place.rules.offices.get(roles.get(up.approve, ""))
        act = (
            text("监委会审核，同意公开")
            if office and office.of_supervision
            else text("审核，同意公开")
        )
        found.append(_signer(place, up.by, roles.get(up.approve, ""), act, up.approved_at))
        found.append(Signer("", "", text("按时间自动公开"), up.at))
        walls = {wall.code: wall.name for wall in place.profile.walls}
        for posted in facts.notice.posted:
            if posted.of == up.publish:
                act = text("{wall}已张贴", wall=walls.get(posted.wall, posted.wall))
                signer = _signer(place, posted.by, roles.get(posted.index, ""), act, posted.at)
                found.append(replace(signer, photos=_photos(facts, posted, photos)))
    return tuple(found)


def _photos(facts: Facts, posted: Posted, seen: frozenset[str]) -> tuple[Photo, ...]:
    code = facts.notice.code
    return tuple(
        Photo(addresses.file(code, file.c), addresses.thumb(code, file.c))
        for file in posted.files
        if file.c in seen
    )


def _signer(place: Place, number: int, role: str, act: Text, at: int) -> Signer:
    office = place.rules.offices.get(role)
    printed = Text(office.printed, {}, office.english) if office else ""
    return Signer(printed, "" if number == CLOCK else place.people.get(number, ""), act, at)


def linked(content: Content, titles: Mapping[str, str]) -> tuple[Linked, ...]:
    """Give the decisions, projects and other notices that the rows name, each once."""
    found: list[tuple[Text, str]] = []
    match content.particulars:
        case Spending(rows=rows):
            found += [(text("决议"), row.decision) for row in rows if row.decision]
            found += [(text("项目"), row.project) for row in rows if row.project]
        case Project(rows=rows):
            found += [(text("相关公示"), row.notice) for row in rows if row.notice]
    once = {code: label for label, code in reversed(found)}
    return tuple(
        Linked(label, titles.get(code, code), addresses.notice(code))
        for code, label in reversed(once.items())
    )


def pictured(one: Attachment, href: str, thumb: str) -> File:
    """Give an attachment as it is shown, under the addresses of its picture and the small copy."""
    return File(href, thumb, one.caption, one.width, one.height, -(-one.len // 1024))


def files(code: str, attached: Iterable[Attachment]) -> tuple[File, ...]:
    """Give an edition's own files by their public addresses."""
    return tuple(
        pictured(one, addresses.file(code, one.c), addresses.thumb(code, one.c)) for one in attached
    )


def pieces(fingerprint: str) -> tuple[str, ...]:
    """Cut a fingerprint into fours, as a person compares it."""
    return tuple(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))
