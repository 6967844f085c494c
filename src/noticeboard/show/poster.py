"""A notice on A4 paper, cut into sheets here: page sums are exact and heads repeat."""

from typing import ClassVar, Final

from markupsafe import Markup
from msgspec import Struct

from noticeboard.core.codes import qr_url
from noticeboard.core.days import day_of
from noticeboard.core.particulars import Content
from noticeboard.core.parts import Stated
from noticeboard.core.people import Phone
from noticeboard.core.problems import NotValid
from noticeboard.formats import qr
from noticeboard.show.corrections import changed, why
from noticeboard.show.facts import Facts, Place
from noticeboard.show.foot import Signer, publisher
from noticeboard.show.paper import Column, paper
from noticeboard.show.printing import Sheet, sheets
from noticeboard.show.render import View
from noticeboard.show.sentences import told
from noticeboard.show.texts import Text, Words, day, text
from noticeboard.show.texts import said as in_words

_LEAD: Final = 3


class Slip(Struct, frozen=True, kw_only=True):
    """The foot of a page. Without a QR there is no address either; `signed` has a body and date.

    `signers` are who wrote and who approved, under their offices: paper is all that some see.
    """

    qr: Markup
    address: str
    code: str
    period: Words
    phones: tuple[Phone, ...]
    date: Words
    signed: bool
    signers: tuple[Signer, ...] = ()


class PosterView(View, frozen=True, kw_only=True):
    """A notice on paper. `sample` prints 样张 across every page, `large` a call to all.

    `lead` is how many columns the words 本页小计 may take before the first sum.
    """

    template: ClassVar[str] = "poster/poster.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "poster")

    title: str
    body: Words
    number: Words
    sentence: Words
    correction: str
    mark: str
    sample: bool
    large: bool
    columns: tuple[Column, ...]
    lead: int
    pages: tuple[Sheet, ...]
    slip: Slip


def poster(
    facts: Facts,
    stated: Stated,
    public_url: str | None,
    leaf_hash: bytes,
    former: Content | None = None,
    signers: tuple[Signer, ...] = (),
) -> PosterView:
    """Give the paper of a published edition; without a public address it is a sample.

    `leaf_hash` is of its publish leaf, `former` what the edition before said if it can be read.
    Instants of the period are printed as village days.
    """
    up = facts.up
    if up is None:
        raise ValueError("an edition that never went up is printed by poster_draft")
    code = facts.notice.code
    picture, address = Markup(), ""
    if public_url:
        try:
            address = qr_url(public_url, code, leaf_hash)
            picture = Markup(qr.svg(address, title="二维码"))  # noqa: S704 - our own SVG
        except NotValid:
            # An address with a path works for pages but not for a slip; then it is a sample.
            address = ""
    slip = Slip(
        qr=picture,
        address=f"{public_url}/n/{code}" if address else "",
        code=code if address else "",
        period=_period(facts),
        phones=facts.place.profile.phones,
        date=day(up.at),
        signed=facts.place.profile.signed,
        signers=signers[:2] if facts.place.profile.signed else (),
    )
    again = facts.edition.prev is not None
    correction = _correction(former, stated.content, facts.edition.ed) if again else ""
    number = text("{number}号", number=up.no)
    return _laid_out(facts.place, stated, facts.at, number, correction, slip)


def poster_draft(
    place: Place, content: Content, at: int, former: Content | None = None
) -> PosterView:
    """Give the paper a draft would become: a sample, without number, code and QR.

    `former` is what the edition before said, of a draft that corrects one.
    """
    slip = Slip(
        qr=Markup(),
        address="",
        code="",
        period=text("还没有公开"),
        phones=place.profile.phones,
        date=day(at),
        signed=place.profile.signed,
    )
    correction = _correction(former, content, 0) if former else ""
    return _laid_out(place, Stated(content), at, text("还没有登记号"), correction, slip)


def _correction(former: Content | None, content: Content, ed: int) -> str:
    return f"更正：{in_words(changed(former, content, ed))}{in_words(why(content))}"


def _body(place: Place, content: Content) -> Words:
    return publisher(place, content) if place.profile.signed else place.profile.name


def _period(facts: Facts) -> Text:
    up = facts.up
    assert up is not None  # `poster` has looked
    word = text(facts.item.mode if facts.item else "公开")
    start = day(up.at)
    if up.period.until is None:
        return text("{start} 起{mode}", start=start, mode=word)
    end = day(up.period.until - 1)
    if day_of(up.at).year == day_of(up.period.until - 1).year:
        end = day(up.period.until - 1, up.at)
    return text("{mode} {start} 至 {end}", mode=word, start=start, end=end)


def _laid_out(
    place: Place, stated: Stated, at: int, number: Words, correction: str, slip: Slip
) -> PosterView:
    said = paper(stated, at)
    content = stated.content
    sentence = told(content, place.profile.households, at).sentence if said.sentence else ""
    return PosterView(
        title=content.title,
        body=_body(place, content),
        number=number,
        sentence=sentence,
        correction=correction,
        mark=place.profile.mark,
        sample=not slip.address,
        large=said.large,
        columns=said.columns,
        lead=min([_LEAD, *(nth for nth, column in enumerate(said.columns) if column.summed)]),
        pages=tuple(
            sheets(
                said,
                content.title,
                in_words(sentence),
                correction,
                marked=bool(place.profile.mark),
            )
        ),
        slip=slip,
    )
