"""The one way out: the board and a moment become a page, and the moment to look again."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.core.problems import NotFound, Problem, Unavailable
from noticeboard.show import fixed, ics, of_notice, routes
from noticeboard.show.asked import Asked
from noticeboard.show.facts import Place, place
from noticeboard.show.listing import look_again
from noticeboard.show.patterns import patterns_view
from noticeboard.show.render import Rendered, View, render
from noticeboard.show.route import Route
from noticeboard.show.texts import Lang
from noticeboard.show.views_corrections import corrections_view
from noticeboard.show.views_due import due_view
from noticeboard.show.views_keys import keys_view
from noticeboard.show.views_lists import index_view, projects_view
from noticeboard.show.views_message import missing_view
from noticeboard.show.views_power import power_view
from noticeboard.show.views_powers import powers_view
from noticeboard.show.views_search import search_view
from noticeboard.show.views_village import home_view, village_view
from noticeboard.store import heads, notices, rules, screens

# Within so many seconds of an entry a head is signed, if at all; witnesses come as soon.
SOON: Final = 5


class Shown(Struct, frozen=True):
    """An answer and how long it holds: at `until` (Unix seconds; None: never) look again.

    It rests on the public revision of `village` as read in the same transaction, or, with None, on
    that of the whole board. An `until` that is now means: not to be remembered.
    """

    status: int
    rendered: Rendered
    until: int | None
    village: str | None
    revision: int


def show(
    tx: Connection, route: Route, at: int, lang: Lang = "zh", public_url: str | None = None
) -> Shown:
    """Show what an address asks for at an instant; what is not there or gone is a page too.

    `public_url` is where printed QR codes lead, without a slash at the end; None for none.
    """
    public_url = public_url.rstrip("/") if public_url else None
    try:
        return _shown(tx, route, at, lang, public_url)
    except NotFound as problem:
        return missing(tx, problem, at, lang)


def _shown(tx: Connection, route: Route, at: int, lang: Lang, public_url: str | None) -> Shown:
    match route:
        case routes.OfVillage():
            return _of_village(tx, route, at, lang, public_url)
        case routes.OfNotice():
            return _of_notice(tx, route, at, lang, public_url)
        case routes.Home():
            in_force = rules.get(tx, screens.told(tx, "rules") or "")
            view, until = home_view(tx, in_force, at)
            return _whole(tx, render(view, lang), until)
        case routes.Patterns():
            return _whole(tx, render(patterns_view(at), lang), look_again((), at))
        case routes.Plain(name=name):
            return _whole(tx, fixed.file(name), None)
    raise NotFound("这里没有这一页。")


def missing(tx: Connection, problem: Problem, at: int, lang: Lang = "zh") -> Shown:
    """Show a refusal as a page, which is not remembered."""
    gone = problem.status != Unavailable.status
    view = missing_view(problem.findings[0], at, gone=gone)
    shown = _whole(tx, render(view, lang), at)
    return Shown(problem.status, shown.rendered, at, None, shown.revision)


def whole(revisions: Mapping[str, int]) -> int:
    """Give the whole board's revision: it rises with each village's and with a new village."""
    return sum(revisions.values()) + len(revisions)


def _whole(tx: Connection, rendered: Rendered, until: int | None) -> Shown:
    return Shown(rendered.status, rendered, until, None, whole(notices.revisions(tx)))


def _of_village(
    tx: Connection, route: routes.OfVillage, at: int, lang: Lang, public_url: str | None
) -> Shown:
    where = place(tx, route.village)
    view: View | Rendered
    match route:
        case routes.Keys():
            view, until = keys_view(tx, where, at, public_url), at + SOON
        case routes.Search():
            view, until = search_view(tx, where, route, at), at
        case routes.Corrections():
            view, until = corrections_view(tx, where, route, at)
        case routes.Projects():
            view, until = projects_view(tx, where, route, at)
        case routes.Due():
            view, until = due_view(tx, where, at)
        case routes.Calendar():
            view, until = ics.calendar(tx, where, at, lang, public_url)
        case routes.Powers():
            view, until = powers_view(tx, where, route, at)
        case routes.PowerPage():
            view, until = power_view(tx, where, route, at, lang)
        case routes.Index():
            view, until = index_view(tx, where, route, at)
        case _:
            view, until = village_view(tx, where, at)
    rendered = view if isinstance(view, Rendered) else render(view, lang)
    until = _until(where, until, at)
    if heads.archives(tx, where.code):
        # It tells of former logs too, which have revisions of their own.
        return _whole(tx, rendered, until)
    return Shown(rendered.status, rendered, until, where.code, where.revision)


def _of_notice(
    tx: Connection, route: routes.OfNotice, at: int, lang: Lang, public_url: str | None
) -> Shown:
    found = notices.find(tx, route.code)
    # What was never public is told from what never was by nothing at all.
    if found is None or found[1].current is None:
        raise NotFound("没有这个编号的公示。")
    village, notice = found
    where = place(tx, village)
    asked = Asked(tx, where, notice, at, public_url)
    answer = of_notice.answer(asked, route)
    rendered = answer.what if isinstance(answer.what, Rendered) else render(answer.what, lang)
    until = look_again([notice], at)
    if answer.holds is not None:
        until = min(until, at + answer.holds)
    return Shown(rendered.status, rendered, _until(where, until, at), village, where.revision)


def _until(where: Place, until: int, at: int) -> int:
    """Look again soon while entries wait to be signed: the foot of each page shows the head."""
    return min(until, at + SOON) if where.waits and not where.frozen else until
