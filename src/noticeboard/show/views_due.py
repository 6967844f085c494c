"""What a village has to publish: late, coming, published, planned, and why by that day."""

from collections.abc import Iterable
from typing import ClassVar

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.core.days import day_of
from noticeboard.core.duties import Duty
from noticeboard.core.packs import Deadline
from noticeboard.core.problems import NotFound
from noticeboard.show import addresses, due
from noticeboard.show.basis import words as basis
from noticeboard.show.due import Standing
from noticeboard.show.facts import Place
from noticeboard.show.head import Band
from noticeboard.show.listing import look_again, page_of
from noticeboard.show.numbers import kept, listed, month
from noticeboard.show.render import Page, View
from noticeboard.show.texts import Text, Words, day, text
from noticeboard.store import assignments

# A list of what was published goes on under the index of notices.
MOST_MET = 40


class Due(Struct, frozen=True, kw_only=True):
    """One duty in a day list. `href` is "" before anything was published; `note` numbers its rule.

    `mark` says in a word how far the source of its day is known.
    """

    title: Words
    href: str
    line: tuple[Words, ...]
    note: int
    mark: Words
    word: Words = ""
    figure: str = ""
    unit: Words = ""
    late: bool = False


class Group(Struct, frozen=True):
    """Duties under one head."""

    name: Words
    duties: tuple[Due, ...]


class Reason(Struct, frozen=True):
    """Why a day is the last one: how it is counted, whether it binds, on what text it rests."""

    note: int
    counted: Words
    force: Words
    rests_on: Words


class DueView(View, frozen=True, kw_only=True):
    """A village's calendar of duties. Without `duties` false it has none and says so."""

    template: ClassVar[str] = "public/due.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "days", "due")

    page: Page
    lead: tuple[Words, ...]
    groups: tuple[Group, ...]
    reasons: tuple[Reason, ...]
    counting: tuple[Words, ...]
    calendar: str


def due_view(tx: Connection, where: Place, at: int) -> tuple[DueView, int]:
    """Give the page and the moment it must be looked at again; raises NotFound for no calendar.

    Every last day ends at midnight, so nothing becomes late in between.
    """
    found = due.standing(tx, where, at)
    if not where.profile.duties:
        raise NotFound("这个村没有公开日历。")
    title = text("应公开的")
    page = page_of(where, at, text("应公开的和计划公开的"), title)
    if found is None:
        lead: tuple[Words, ...] = (text("这里还没有要公开的。"),)
        view = DueView(page=page, lead=lead, groups=(), reasons=(), counting=(), calendar="")
        return view, look_again((), at)
    telling = _Telling(where, found, assignments.at(tx, where.code, at).document)
    groups = telling.groups()
    view = DueView(
        page=page,
        lead=lead_of(found),
        groups=groups,
        reasons=telling.reasons(),
        counting=(*due.counting_words(tx, where, at), *telling.unknown()),
        calendar=f"{page.home}/calendar.ics",
    )
    return view, look_again((), at)


def lead_of(found: Standing) -> tuple[Words, ...]:
    """Say in a sentence how the month stands, and in another what of before is still late."""
    name = month(f"{day_of(found.at):%Y-%m}")
    this = found.month()
    said = [_month(name, this, found.at)]
    before = len(found.own_late) - sum(duty.standing(found.at) == "late" for duty in this)
    if before:
        said.append(text("以前的还有 {n} 项迟着没公开。", n=before))
    return tuple(said)


def _month(name: Words, this: Iterable[Duty], at: int) -> Words:
    binding = [duty for duty in this if duty.binding]
    planned = [duty for duty in this if not duty.binding]
    counts = {
        word: sum(duty.standing(at) == word for duty in binding) for word in ("met", "late", "due")
    }
    if binding and counts["met"] == len(binding):
        return text("{month}应公开 {n} 项，都公开了。", month=name, n=len(binding))
    if binding:
        parts = (
            text("已公开 {n} 项", n=counts["met"]) if counts["met"] else "",
            text("迟了 {n} 项", n=counts["late"]) if counts["late"] else "",
            text("没到期 {n} 项", n=counts["due"]) if counts["due"] else "",
        )
        what = listed(kept(*parts))
        return text("{month}应公开 {n} 项：{what}。", month=name, n=len(binding), what=what)
    if planned:
        met = sum(duty.met is not None for duty in planned)
        return text(
            "{month}计划公开 {n} 项，已公开 {met} 项。", month=name, n=len(planned), met=met
        )
    return text("{month}没有要公开的。", month=name)


def bands_of(where: Place, found: Standing | None) -> tuple[Band, ...]:
    """Give the line of a village's board about its calendar; none where there is nothing to say."""
    if found is None:
        return ()
    href, late = f"{addresses.village(where.code)}/due", found.own_late
    if late:
        days = late[0].days_late(found.at)
        says = text("{n} 项应公开的还没有公开，最久的迟了 {days} 天。", n=len(late), days=days)
        return (Band("red", text("有迟的"), (says,), href, text("看是哪些")),)
    over = [duty for duty in found.near if found.own(duty) and duty.due <= found.at]
    if any(duty.binding for duty in over):
        says = text("到今天应公开的，都公开了。")
        return (Band("pine", text("没有迟的"), (says,), href, text("看公开日历")),)
    return (Band("plain", text("公开日历"), lead_of(found), href, text("看是哪些")),)


class _Telling:
    """Tells of duties, numbering the rules they rest on as they come."""

    def __init__(self, where: Place, found: Standing, document: str) -> None:
        self.rules, self.found, self.at, self.document = where.rules, found, found.at, document
        self._notes: list[tuple[Deadline, Words, Words]] = []
        self._told: list[Duty] = []

    def groups(self) -> tuple[Group, ...]:
        """Give the lists, each with what it is called; without those that are empty."""
        own = [duty for duty in self.found.near if self.found.own(duty)]
        others = [duty for duty in self.found.near if not self.found.own(duty)]
        late_others = [duty for duty in self.found.late if not self.found.own(duty)]
        met = [duty for duty in reversed(own) if duty.met and not duty.met.nil]
        lists: list[tuple[Words, Iterable[Duty]]] = [
            (text("迟了的"), self.found.own_late),
            (text("快到期"), [duty for duty in own if duty.standing(self.at) == "due"]),
            (text("计划公开"), [duty for duty in own if self._coming(duty)]),
            (text("已公开"), met[:MOST_MET]),
            (text("本期无此项"), [duty for duty in own if duty.met and duty.met.nil]),
            (text("过了计划的日子，还没有公开"), [duty for duty in own if self._passed(duty)]),
            (text("乡镇和县里的"), (*late_others, *others)),
        ]
        return tuple(
            Group(name, tuple(self.told(duty) for duty in some)) for name, some in lists if some
        )

    def _coming(self, duty: Duty) -> bool:
        return duty.standing(self.at) == "planned" and duty.due > self.at

    def _passed(self, duty: Duty) -> bool:
        return duty.standing(self.at) == "planned" and duty.due <= self.at

    def told(self, duty: Duty) -> Due:
        """Tell one duty."""
        self._told.append(duty)
        line = [due.period_words(duty, self.at), due.by_words(duty, self.at)]
        line.append(due.post_words(self.rules, duty.body))
        word: Words = ""
        figure, unit, late = "", text("天"), False
        days = duty.days_late(self.at)
        if duty.met is not None:
            line.insert(1, text("{day}公开", day=day(duty.met.at, self.at)))
        if days:
            word, figure, late = text("迟"), str(days), duty.met is None
        elif duty.met is None and duty.due > self.at:
            left = (duty.last_day - day_of(self.at)).days + 1
            word, figure = text("还剩"), str(left)
        return Due(
            title=due.item_words(self.rules, duty.item),
            href=addresses.notice(duty.met.code) if duty.met else "",
            line=tuple(line),
            note=self._note(duty),
            mark=due.mark(duty.rule),
            word=word,
            figure=figure,
            unit=text("天", n=int(figure)) if figure else unit,
            late=late,
        )

    def _note(self, duty: Duty) -> int:
        force = due.force_words(duty, self.document)
        why = (duty.rule, due.rule_words(self.rules, duty), force)
        if why not in self._notes:
            self._notes.append(why)
        return self._notes.index(why) + 1

    def reasons(self) -> tuple[Reason, ...]:
        """Give the rules of what was told, by their numbers."""
        return tuple(
            Reason(note, counted, force, basis(self.rules, rule.source, rule.verified))
            for note, (rule, counted, force) in enumerate(self._notes, 1)
        )

    def unknown(self) -> tuple[Text, ...]:
        """Say of which years nobody knows the holidays yet, where a day told rests on them."""
        years = sorted({duty.last_day.year for duty in self._told if not duty.known})
        return tuple(
            text("{year}年的放假安排还没有，先按星期一到星期五是工作日算。", year=year)
            for year in years
        )
