"""A village's board, and the list of villages: what is up now, what came in, went out, is left."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.core.money import yuan
from noticeboard.core.particulars import Spending
from noticeboard.core.people import Phone
from noticeboard.core.rules import Rules
from noticeboard.show import addresses, due
from noticeboard.show.facts import Place, facts, place
from noticeboard.show.head import Band
from noticeboard.show.lines import signed
from noticeboard.show.listing import Item, Listed, items, listed, look_again, page_of, titles
from noticeboard.show.render import Page, View
from noticeboard.show.sentences import KIND_WORDS, covers
from noticeboard.show.texts import Text, Words, day, text
from noticeboard.show.views import Figure
from noticeboard.show.views_corrections import count_of
from noticeboard.show.views_due import bands_of
from noticeboard.show.views_keys import follows
from noticeboard.store import heads, notices

RECENT: Final = 8
RUNNING: Final = 30
GLANCE: Final = 20  # how far the list of villages looks back for a title that may be shown


class Account(Struct, frozen=True):
    """What the published ledgers of one period come to: a sentence, three figures, how many."""

    sentence: Words
    figures: tuple[Figure, ...]
    count: int


class Way(Struct, frozen=True):
    """An entry of the index: where it leads and how many are there."""

    href: str
    label: Words
    count: int


class About(Struct, frozen=True, kw_only=True):
    """What a village tells of itself."""

    facts: tuple[Words, ...]
    story: str
    phones: tuple[Phone, ...]


class Archive(Struct, frozen=True):
    """What went up in a former log: its village code, the newest of it, and the index."""

    code: str
    recent: tuple[Item, ...]
    ways: tuple[Way, ...]


class VillageView(View, frozen=True, kw_only=True):
    """A village's board. `ways` is empty while nothing was ever published.

    `follows` says which log this one goes on from, and why; `former` is what stands there.
    `elsewhere` leads to where a log that stopped goes on, or to where the former ones stand.
    """

    template: ClassVar[str] = "public/village.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "days", "board")

    page: Page
    account: Account | None
    running: tuple[Item, ...]
    recent: tuple[Item, ...]
    search: str
    ways: tuple[Way, ...]
    elsewhere: tuple[tuple[str, Words], ...]
    follows: Words
    former: tuple[Archive, ...]
    about: About
    entries: int
    due: tuple[Band, ...]


class VillageLine(Struct, frozen=True):
    """A village in the list: its name, its demo's mark, its newest title and day.

    `follows` says which log its log goes on from, `before` where the notices of that one are.
    """

    href: str
    name: str
    town: str
    mark: str
    title: str
    day: Words
    follows: Words
    before: str


class HomeView(View, frozen=True, kw_only=True):
    """The villages of this board."""

    template: ClassVar[str] = "public/home.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "days", "board")

    page: Page
    villages: tuple[VillageLine, ...]


def village_view(tx: Connection, where: Place, at: int) -> tuple[VillageView, int]:
    """Give a village's board and the moment it must be looked at again."""
    found = listed(tx, where, "feed", at)
    standing = [one for one in found if one.standing != "withdrawn"]
    running = sorted((one for one in standing if one.asks), key=lambda one: one.until or 0)
    rest = [one for one in standing if not one.asks and one.standing == "up"]
    before = [(old, listed(tx, old, "feed", at)) for old in formers(tx, where.code)]
    archives = [
        Archive(old.code, items(tx, old, up[:RECENT], at), ways(old, up))
        for old, up in before
        if up
    ]
    known = [one.notice for one in (*found, *(one for _old, up in before for one in up))]
    view = VillageView(
        page=page_of(where, at, text("村务公开"), text("村务公开")),
        account=account_of(tx, where, standing, at),
        running=items(tx, where, running[:RUNNING], at),
        recent=items(tx, where, rest[:RECENT], at),
        search=f"/v/{where.code}/search",
        ways=ways(where, found),
        elsewhere=tuple(elsewhere(tx, where.code)),
        follows=follows(tx, where),
        former=tuple(archives),
        about=about(where),
        entries=where.village.size,
        due=bands_of(where, due.standing(tx, where, at)),
    )
    return view, look_again(known, at)


def formers(tx: Connection, code: str) -> list[Place]:
    """Give the places of a village's former logs, the latest first."""
    return [place(tx, old) for old in heads.archives(tx, code)]


def elsewhere(tx: Connection, code: str) -> Iterator[tuple[str, Words]]:
    """Lead from a log that stopped to the village's board now, and from there to what stopped."""
    if "." in code:
        yield addresses.village(code.partition(".")[0]), text("看现在的公开栏")
    for former in heads.archives(tx, code):
        yield addresses.village(former), text("看以前的公示，在停了的日志里")


def account_of(tx: Connection, where: Place, found: Sequence[Listed], at: int) -> Account | None:
    """Add up the published ledgers of the latest period; plans are never among them."""
    ledgers = [one for one in found if one.edition.kind == "spending" and one.edition.covers]
    if not ledgers:
        return None
    period = max((one.edition.covers or "" for one in ledgers), key=ends)
    opening = income = expense = closing = count = 0
    for one in ledgers:
        if one.edition.covers != period:
            continue
        read = facts(tx, where, one.notice, one.edition, "feed", at)
        # A ledger that lost rows to a redaction no longer adds up, so nothing is said from it.
        if read.stated is None or read.stated.lost:
            return None
        ledger = read.stated.content.particulars
        assert isinstance(ledger, Spending)
        income += sum(row.income for row in ledger.rows)
        expense += sum(row.expense for row in ledger.rows)
        opening += ledger.opening
        closing += ledger.closing
        count += 1
    name: Words = covers(period)
    if not period.startswith(str(day(at).args["year"])) and "-" in period:
        name = text("{year}年{period}", year=period[:4], period=name)
    return Account(
        text(
            "{period}收入 {income} 元，支出 {expense} 元，结余 {closing} 元。",
            period=name,
            income=yuan(income),
            expense=yuan(expense),
            closing=yuan(closing),
        ),
        (
            Figure(text("上期结余"), yuan(opening).replace("-", "−")),
            Figure(text("收入"), signed(income, 0)),
            Figure(text("支出"), signed(0, expense)),
            Figure(text("本期结余"), yuan(closing).replace("-", "−")),
        ),
        count,
    )


def ends(period: str) -> tuple[str, int, int]:
    """Order periods by their end; of two that end together a quarter tells more than its month."""
    year, _, part = period.partition("-")
    if part.startswith("Q"):
        return year, int(part[1:]) * 3, 2
    return (year, int(part), 1) if part else (year, 12, 0)


def ways(where: Place, found: Sequence[Listed]) -> tuple[Way, ...]:
    """Give the index with counts: by kind, then all, the projects, what was corrected."""
    if not found:
        return ()
    home = addresses.village(where.code)
    kinds = []
    for kind, word in KIND_WORDS.items():
        count = sum(one.edition.kind == kind for one in found)
        if count:
            kinds.append(Way(f"{home}/notices?kind={kind}", word, count))
    changed = sum(count_of(one) for one in found)
    projects = sum(one.edition.kind == "project" for one in found)
    last = [
        Way(f"{home}/notices", text("全部公示"), len(found)),
        Way(f"{home}/corrections", text("更正和撤下"), changed),
    ]
    if projects:
        last.insert(1, Way(f"{home}/projects", text("项目进展"), projects))
    if where.rules.powers:
        last.append(Way(f"{home}/powers", text("权力清单"), len(where.rules.powers)))
    return (*kinds, *last)


def about(where: Place) -> About:
    """Give what a village tells of itself."""
    profile = where.profile
    told: list[Words] = [profile.town] if profile.town else []
    if profile.households:
        told.append(text("{n} 户", n=f"{profile.households:,}"))
    if profile.people:
        told.append(text("{n} 人", n=f"{profile.people:,}"))
    return About(facts=tuple(told), story=profile.about, phones=profile.phones)


def home_view(tx: Connection, rules: Rules, at: int) -> tuple[HomeView, int]:
    """Give the list of villages and the moment it must be looked at again."""
    lines, until = [], look_again((), at)
    for head in notices.villages(tx):
        where = Place(head.village.code, head.profile, head.village, head.revision, {}, rules, "")
        read, newest, before = {}, None, ""
        # What a former log shows is still the village's: the newest of all is named.
        for one in (where, *formers(tx, where.code)):
            found = listed(tx, one, "feed", at, GLANCE)
            until = min(until, look_again((each.notice for each in found), at))
            before = before or (addresses.village(one.code) if one is not where else "")
            if newest is None:
                newest = next((each for each in found if each.standing != "withdrawn"), None)
                read = titles(tx, one, [newest]) if newest else {}
        lines.append(
            VillageLine(
                href=addresses.village(where.code),
                name=where.profile.name,
                town=where.profile.town,
                mark=where.profile.mark,
                title=read.get(newest.notice.code, "") if newest else "",
                day=_said(newest, at),
                follows=follows(tx, where),
                before=before,
            )
        )
    page = Page(title=text("村务公开栏"), at=at, section=text("各村"))
    return HomeView(page=page, villages=tuple(lines)), until


def _said(newest: Listed | None, at: int) -> Text:
    if newest is None:
        return text("还没有公示。")
    return text("{day}公开", day=day(newest.up_at, at))
