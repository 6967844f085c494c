"""Every page under a notice's code: each asks for its own surface, at the moment."""

from typing import Final

from msgspec import Struct

from noticeboard.board import history, openlog
from noticeboard.core.codes import fingerprint
from noticeboard.core.notice import Edition, published
from noticeboard.core.particulars import Project, Spending
from noticeboard.core.parts import Stated
from noticeboard.core.problems import NotFound
from noticeboard.core.visible import visible
from noticeboard.formats import exports
from noticeboard.formats.printed import pdf_writer
from noticeboard.show import routes
from noticeboard.show.asked import Asked
from noticeboard.show.facts import Facts, former
from noticeboard.show.files import HEADERS, attached, data_file, wall_photos
from noticeboard.show.foot import Links, Signer, signatures
from noticeboard.show.judged import judged
from noticeboard.show.listing import of, titles
from noticeboard.show.paper_check import edition_of, with_verdict
from noticeboard.show.poster import PosterView, poster
from noticeboard.show.render import Rendered, View, render
from noticeboard.show.texts import text
from noticeboard.show.views_message import by_browser_view, gone_view
from noticeboard.show.views_notice import edition_view, notice_view, row_view
from noticeboard.show.views_verify import verify_view
from noticeboard.store import notices

# A new head, or another witness, is told within so many seconds.
SECONDS: Final = 5


class Answer(Struct, frozen=True):
    """A view or finished bytes; `holds` is for how many seconds, None for until something changes.

    It is 0 for what strangers could ask for without end.
    """

    what: View | Rendered
    holds: int | None = None


def answer(asked: Asked, route: routes.OfNotice) -> Answer:
    """Answer an address under a notice's code; raises NotFound for a part it does not have.

    Raises Unavailable for a notice that is not in its village's log as it is stored here: only the
    page that tells what was checked still says so itself.
    """
    if not isinstance(route, routes.Verify):
        _hash(asked, asked.current)
    match route:
        case routes.NoticePage(section=section):
            return Answer(_page(asked, section))
        case routes.PaperCheck(fingerprint=printed):
            edition = edition_of(asked, printed)
            view = with_verdict(asked, _page(asked, ""), edition)
            return Answer(view, holds=0 if edition is None else None)
        case routes.RowPage(row=row):
            read, links = asked.seen("page"), _links(asked, asked.current)
            return Answer(row_view(read, row, links=links, judged=judged(asked.tx, read)))
        case routes.EditionPage(ed=ed):
            return Answer(_edition(asked, ed))
        case routes.Verify():
            checked, holds = verify_view(asked)
            return Answer(checked, min(holds, SECONDS))
        case routes.Data(form="tlog-proof"):
            return Answer(_proof(asked, asked.current, asked.notice.code), SECONDS)
        case routes.EditionData(ed=ed, form="tlog-proof"):
            return Answer(_proof(asked, _that_was_up(asked, ed), f"{route.code}-{ed}"), SECONDS)
        case routes.Poster():
            poster_ = _poster(asked)
            # What hangs in the village hall is Chinese, whoever prints it.
            return Answer(render(poster_) if isinstance(poster_, PosterView) else poster_)
        case routes.Data(form="pdf"):
            return Answer(_pdf(asked))
        case routes.Data(form=form):
            return Answer(data_file(asked, asked.current, form, asked.notice.code))
        case routes.EditionData(ed=ed, form=form):
            return Answer(data_file(asked, _that_was_up(asked, ed), form, f"{route.code}-{ed}"))
        case routes.Attached(c=c):
            small = isinstance(route, routes.AttachedSmall)
            return Answer(attached(asked, c, small=small))
    raise NotFound("这里没有这一页。")


def _page(asked: Asked, section: str) -> View:
    read = asked.seen("page")
    return notice_view(
        read,
        _former(asked, asked.current),
        signers=_signers(asked, read),
        links=_links(asked, asked.current),
        month=section or None,
        judged=judged(asked.tx, read),
    )


def _hash(asked: Asked, edition: Edition) -> bytes:
    up = published(edition)
    assert up is not None  # only editions that went up are shown
    return openlog.published_hash(asked.tx, asked.where.code, asked.notice.code, up.publish)


def _that_was_up(asked: Asked, ed: int) -> Edition:
    edition = next((e for e in asked.notice.editions if e.ed == ed and published(e)), None)
    if edition is None:
        raise NotFound("这份公示没有公开过这一版。")
    return edition


def _edition(asked: Asked, ed: int) -> View:
    edition = _that_was_up(asked, ed)
    read = asked.seen("edition", edition)
    current = asked.seen("page")
    return edition_view(
        read,
        current,
        _former(asked, edition),
        signers=_signers(asked, read),
        links=_links(asked, edition),
        judged=judged(asked.tx, read),
    )


def _former(asked: Asked, edition: Edition) -> Facts | None:
    return former(asked.tx, asked.where, asked.notice, edition.prev, asked.at)


def _signers(asked: Asked, read: Facts) -> tuple[Signer, ...]:
    if not asked.where.profile.signed:
        return ()
    entries = history.of_notice(asked.tx, asked.where.code, asked.notice.code)
    roles = {one.index: one.entry.role for one in entries}
    return signatures(read, roles, wall_photos(asked, read.edition))


def _links(asked: Asked, edition: Edition) -> Links:
    on_paper = visible(asked.notice, edition, "poster", asked.at, asked.where.rules)
    return Links(
        titles=_titles(asked, edition),
        poster=routes.Poster(asked.notice.code).path if on_paper == "full" else "",
        verify=routes.Verify(asked.notice.code).path,
        fingerprint=fingerprint(_hash(asked, edition)),
    )


def _titles(asked: Asked, edition: Edition) -> dict[str, str]:
    """Read the titles of the notices that an edition's rows name, where they may be titled."""
    read = asked.seen("edition", edition)
    named: set[str] = set()
    match read.stated.content.particulars if read.stated else None:
        case Spending(rows=rows):
            named = {code for row in rows for code in (row.project, row.decision) if code}
        case Project(rows=steps):
            named = {step.notice for step in steps if step.notice}
    found = []
    for code in sorted(named):
        notice = notices.get(asked.tx, asked.where.code, code)
        current = notice.current if notice else None
        if notice is not None and current is not None:
            showing = visible(notice, current, "page", asked.at, asked.where.rules)
            if showing != "nothing":
                found.append(of(asked.where, notice, current, showing, asked.at))
    return titles(asked.tx, asked.where, found)


def _proof(asked: Asked, edition: Edition, name: str) -> Rendered:
    """Give the proof that an edition's publish leaf is in the log: hashes, which name nobody."""
    up = published(edition)
    assert up is not None  # only editions that went up are asked for
    saved_as = f'attachment; filename="{name}.tlog-proof"'.encode()
    headers = (
        *HEADERS,
        (b"access-control-allow-origin", b"*"),
        (b"content-disposition", saved_as),
    )
    body = openlog.proof_file(asked.tx, asked.where.code, up.publish)
    return Rendered(body, "text/plain; charset=utf-8", headers)


def _poster(asked: Asked) -> View:
    read = asked.seen("poster")
    if read.stated is None or read.showing != "full":
        if read.standing == "withdrawn":
            why = text("这份公示撤下了，墙上的纸请取下来。")
        else:
            why = text("公示期已经满了，纸可以取下来；内容还可以在手机上看。")
        return gone_view(asked.where, asked.notice.code, asked.at, text("这张纸不用再贴了"), why)
    return _printed(asked, read, read.stated)


def _printed(asked: Asked, read: Facts, stated: Stated) -> PosterView:
    up = read.up
    assert up is not None  # only editions that went up are shown
    leaf = _hash(asked, read.edition)
    old = _former(asked, read.edition)
    before = old.stated.content if old and old.stated else None
    return poster(read, stated, asked.public_url, leaf, before, _signers(asked, read))


def _pdf(asked: Asked) -> View | Rendered:
    view, write = _poster(asked), pdf_writer()
    if not isinstance(view, PosterView):
        return view
    if write is None:
        return by_browser_view(asked.where, asked.notice.code, asked.at)
    return Rendered(write(render(view).body.decode()), exports.PDF, HEADERS)
