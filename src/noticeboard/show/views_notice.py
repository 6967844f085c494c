"""A notice as a page: as it stands, an old edition, one row, a tombstone, a draft's preview."""

from msgspec.structs import replace

from noticeboard.core.particulars import Content, kind_of
from noticeboard.core.parts import Stated
from noticeboard.core.problems import NotFound
from noticeboard.show import addresses, routes
from noticeboard.show.basis import words as basis
from noticeboard.show.facts import Facts, Place
from noticeboard.show.foot import File, Foot, Links, Signer, explanations, publisher
from noticeboard.show.foot import foot as foot_of
from noticeboard.show.head import LOST, LOST_SAYS, draft_head, ground_words, old_edition, termed
from noticeboard.show.head import head as head_of
from noticeboard.show.judged import Judged
from noticeboard.show.kinds import by_kind
from noticeboard.show.listing import page_of as around
from noticeboard.show.render import Page, View
from noticeboard.show.rows import row_of
from noticeboard.show.sentences import KIND_WORDS
from noticeboard.show.texts import Words, moment, text
from noticeboard.show.views import NoticeView, RowView, TombstoneView


def notice_view(
    facts: Facts,
    prev: Facts | None = None,
    *,
    signers: tuple[Signer, ...] = (),
    links: Links | None = None,
    month: str | None = None,
    judged: Judged | None = None,
) -> View:
    """Give the page of a notice as it may be seen now; a tombstone where nothing may.

    `prev` is the edition it replaced, `judged` what the rules of its day say of it. `month` is the
    part asked for (`?m=`), heeded only where the whole would be larger than a first view may be.
    """
    stated = facts.stated
    if stated is None or facts.showing not in ("full", "figures"):
        return tombstone_view(facts)
    links, judged = links or Links(), judged or Judged()
    return by_kind(
        stated,
        page_of(facts, stated.content),
        termed(head_of(facts, stated, prev), judged.term),
        foot_of(facts, stated.content, signers, links),
        code=facts.notice.code,
        at=facts.at,
        names=facts.showing == "full",
        month=month,
        accounts=facts.place.rules.accounts,
        weighed=judged.weighed,
    )


def edition_view(
    facts: Facts,
    current: Facts | None,
    prev: Facts | None = None,
    *,
    signers: tuple[Signer, ...] = (),
    links: Links | None = None,
    judged: Judged | None = None,
) -> View:
    """Give an old edition, its files its own, under a banner that says what changed since."""
    view = notice_view(facts, prev, signers=signers, links=links, judged=judged)
    if not isinstance(view, NoticeView) or facts.stated is None or not _replaced(facts):
        return view
    banner = old_edition(facts, facts.stated, current)
    data = addresses.edition(facts.notice.code, facts.edition.ed)
    head, foot = replace(view.head, bands=(banner, *view.head.bands)), replace(view.foot, data=data)
    return replace(view, head=head, foot=foot)


def _replaced(facts: Facts) -> bool:
    return facts.standing.startswith("superseded")


def draft_view(
    place: Place,
    content: Content,
    at: int,
    *,
    files: tuple[File, ...] = (),
    state: Words = "",
    judged: Judged | None = None,
) -> View:
    """Give a draft as the page it would become: marked, banded as a sample, without a code."""
    stated, judged = Stated(content), judged or Judged()
    below = Foot(
        publisher=publisher(place, content) if place.profile.signed else "",
        phones=place.profile.phones,
        files=files,
        explained=explanations(content),
    )
    return by_kind(
        stated,
        Page(
            title=content.title,
            at=at,
            section=KIND_WORDS[kind_of(content)],
            village=place.profile.name,
            home=addresses.village(place.code),
            mark=place.profile.mark,
            languages=False,
        ),
        termed(draft_head(stated, place.profile, at, state or text("草稿")), judged.term),
        below,
        code="",
        at=at,
        names=True,
        month=None,
        accounts=place.rules.accounts,
        weighed=judged.weighed,
    )


def page_of(facts: Facts, content: Content) -> Page:
    """Give what stands around a page of this notice."""
    return around(facts.place, facts.at, content.title, KIND_WORDS[kind_of(content)])


def row_view(
    facts: Facts, row_id: int, *, links: Links | None = None, judged: Judged | None = None
) -> View:
    """Give one row at its own address, with its neighbours; raises NotFound if there is none."""
    stated = facts.stated
    if stated is None or facts.showing not in ("full", "figures"):
        return tombstone_view(facts)
    row = row_of(
        stated,
        facts.notice.code,
        row_id,
        names=facts.showing == "full",
        at=facts.at,
        accounts=facts.place.rules.accounts,
        weighed=judged.weighed if judged else None,
    )
    if row is None:
        raise NotFound(
            "这份公示里没有这一行。",
            value=str(row_id),
            fix="它可能在更正时去掉了。请打开整份公示看看。",
        )
    return RowView(
        page=page_of(facts, stated.content),
        head=head_of(facts, stated, None),
        foot=foot_of(facts, stated.content, (), links or Links()),
        row=row,
        back=f"{addresses.notice(facts.notice.code)}#r{row_id}",
    )


def tombstone_view(facts: Facts) -> TombstoneView:
    """Give what remains of a notice that was withdrawn, or whose text has been erased."""
    place, kind = facts.place, KIND_WORDS[facts.edition.kind]  # type: ignore[index]
    withdrawn = facts.showing == "tombstone"
    downs = [d for d in facts.notice.taken_down if (d.act == "withdraw") == withdrawn]
    down = downs[-1] if downs else None
    ground = place.rules.grounds.get(down.act, {}).get(down.ground) if down else None  # type: ignore[call-overload]
    says: list[Words] = []
    if down is not None:
        when = moment(down.at, facts.at)
        says.append(
            text("{when} 撤下：", when=when) if withdrawn else text("{when} 隐去：", when=when)
        )
        says.append(ground_words(ground))
    leaking = ground is None or ground.self_leaking
    title = facts.stated.content.title if facts.stated and not leaking else ""
    confirmed: Words = ""
    if down is not None and down.confirmed_at is not None:
        confirmed = text("第二个人 {when} 确认。", when=moment(down.confirmed_at, facts.at))
    elif down is not None:
        confirmed = text("还在等第二个人确认。")
    mark = text("已撤下") if withdrawn else text("已隐去")
    if facts.lost and facts.stated is None:
        mark, says, confirmed = LOST, [LOST_SAYS], ""
    return TombstoneView(
        page=around(place, facts.at, title or text("{kind}公示", kind=kind), kind),
        state=mark,
        title=title or text("{kind}公示", kind=kind),
        says=tuple(says),
        confirmed=confirmed,
        code=facts.notice.code,
        number=facts.up.no if facts.up else "",
        phones=place.profile.phones,
        rests_on=basis(place.rules, ground.source, ground.verified) if ground else "",
        verify=routes.Verify(facts.notice.code).path,
    )
