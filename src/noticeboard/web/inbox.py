"""The inbox of a desk: what waits for somebody, what is in other hands, what has just gone up."""

from collections.abc import Container, Iterable, Iterator
from typing import ClassVar

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board import Board, accounts, covering, freezing, history
from noticeboard.board.history import Unconfirmed
from noticeboard.core.days import day_of
from noticeboard.core.lifecycle import choices
from noticeboard.core.notice import Edition, Notice, Published, Returned, Scheduled, Submitted
from noticeboard.core.particulars import KINDS
from noticeboard.formats.workbook import ENDINGS
from noticeboard.show.facts import Place, place
from noticeboard.show.sentences import KIND_WORDS
from noticeboard.show.texts import Text, Words, day, moment, text
from noticeboard.store import blobs, drafts, notices
from noticeboard.store.drafts import Draft
from noticeboard.store.people import Account
from noticeboard.web.alike import COMES_AGAIN, sort_of
from noticeboard.web.answers import DeskView, desk, script
from noticeboard.web.telling import unconfirmed_line
from noticeboard.web.week import Week, week

JUST_UP = 12


class Row(Struct, frozen=True, kw_only=True):
    """One line of a desk: since when, what, one plain sentence, one button named for its act.

    `post` are the fields that the button sends; without any it is a link to `href`.
    `due` is what has a deadline of days: a taking down that nobody has confirmed.
    `like` is where the next one like it is begun.
    """

    since: int
    title: Words
    line: Words
    button: Words
    href: str
    post: tuple[tuple[str, str], ...] = ()
    late: bool = False
    due: bool = False
    days: int = 0
    like: str = ""


class Inbox(DeskView, frozen=True, kw_only=True):
    """A village's desk for one person. `kinds` are what they may begin, by name and word.

    `week` is what falls due and nobody has begun.
    `endings` are those of the files that can be imported, `run` the scripts that help.
    """

    template: ClassVar[str] = "desk/inbox.html"

    mine: tuple[Row, ...]
    others: tuple[Row, ...]
    fresh: tuple[Row, ...]
    week: Week
    kinds: tuple[tuple[str, Words], ...]
    endings: str
    run: tuple[str, ...] = ()


def inbox(board: Board, me: Account, village: str) -> Inbox:
    """Read a village's desk as one person sees it; raises NotAllowed without an office there."""
    number = accounts.seat(board, me.id, village)
    at = board.now()
    with board.database.read() as tx:
        where = place(tx, village)
        reading = _Reading(board, tx, where, number, at)
        mine, others = reading.sorted()
        return Inbox(
            desk=desk(board, tx, me, text("{name}的办公桌", name=where.profile.name), village),
            mine=mine,
            others=others,
            fresh=tuple(reading.fresh()),
            week=reading.week(),
            kinds=reading.kinds(),
            endings=",".join(ENDINGS),
            run=(script("drop"),),
        )


def title_of(tx: Connection, village: str, edition: Edition) -> Words:
    """Give an edition's title, or what remains to say when its text has been erased."""
    for body in blobs.texts(tx, village, edition.parts, "text").values():
        return str(msgspec.json.decode(body)["title"])
    return text("标题已隐去")


def like(village: str, notice: Notice, verbs: Container[str]) -> str:
    """Give where somebody may begin the next one like a notice, of a kind that comes again."""
    again = notice.latest.kind in COMES_AGAIN and "submit" in verbs
    return f"/desk/{village}/drafts/like/{notice.code}" if again else ""


class _Reading:
    """One look at a village: every row is made of the same moment."""

    def __init__(self, board: Board, tx: Connection, where: Place, number: int, at: int) -> None:
        self.board, self.tx, self.where, self.number, self.at = board, tx, where, number, at
        self.base = f"/desk/{where.code}"
        self.waiting = notices.waiting(tx, where.code)
        self.verbs = where.verbs(number)
        # Private paper, its title too, is for those who could submit it.
        found = drafts.of_village(tx, where.code) if "submit" in self.verbs else ()
        self.drafts = {draft.code: draft for draft in found}

    def sorted(self) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
        """Give what waits for this person and what for others: due first, late, the longest."""
        mine: list[Row] = []
        others: list[Row] = []
        for row, is_mine in self._rows():
            (mine if is_mine else others).append(row)

        def order(row: Row) -> tuple[bool, bool, int]:
            return not row.due, not row.late, row.since

        return tuple(sorted(mine, key=order)), tuple(sorted(others, key=order))

    def _rows(self) -> Iterator[tuple[Row, bool]]:
        for found in history.unconfirmed(self.tx, self.where.code, self.where.rules):
            yield self._unconfirmed(found)
        for notice in self.waiting:
            match notice.latest.state:
                case Submitted():
                    yield self._submitted(notice)
                case Returned() if notice.code not in self.drafts:
                    yield self._returned(notice)
                case Scheduled() as state:
                    yield self._scheduled(notice, state)
        for draft in self.drafts.values():
            yield self._draft(draft)

    def _may(self, notice: Notice, verb: str) -> bool:
        where = self.where
        found = choices(where.village, notice, self.number, self.at, where.rules)
        return verb in freezing.allowed(where.frozen, found)

    def _row(
        self,
        notice: Notice,
        since: int,
        line: Words,
        button: Words,
        at: str = "",
        *,
        late: bool = False,
        due: bool = False,
        post: tuple[tuple[str, str], ...] = (),
    ) -> Row:
        edition = notice.latest
        return Row(
            since=since,
            days=self._days(since),
            title=title_of(self.tx, self.where.code, edition),
            line=line,
            button=button,
            href=f"{self.base}/notices/{notice.code}{at}",
            late=late,
            due=due,
            post=post,
        )

    def _days(self, since: int) -> int:
        return (day_of(self.at) - day_of(since)).days

    def _name(self, number: int) -> str:
        return self.where.people.get(number, "")

    def _unconfirmed(self, found: Unconfirmed) -> tuple[Row, bool]:
        down, notice = found.down, found.notice
        line = unconfirmed_line(self.where, down, found.by, self.at)
        late = found.late(self.at)
        mine = self._may(notice, "confirm") and down.by != self.number
        button = text("去确认") if mine else text("看看")
        at = f"#down-{down.index}"
        return self._row(notice, down.at, line, button, at, late=late, due=True), mine

    def _submitted(self, notice: Notice) -> tuple[Row, bool]:
        edition = notice.latest
        who = self._name(edition.by)
        if covering.lost(self.tx, self.where.code, notice.code, edition):
            return self._lost(notice)
        if self._may(notice, "approve") or self._may(notice, "clear"):
            line = text("{who}送审的，等您看过再定。", who=who)
            return self._row(notice, edition.at, line, text("去看"), "/review"), True
        line = text("{who}送审的，等另一个人看。", who=who)
        return self._row(notice, edition.at, line, text("看看")), False

    def _returned(self, notice: Notice) -> tuple[Row, bool]:
        edition = notice.latest
        assert isinstance(edition.state, Returned)
        reason = history.last_reason(self.tx, self.where.code, notice.code)
        since = edition.state.at
        if self.number in edition.writers and "submit" in self.verbs:
            line = text("退回来了：{reason}", reason=reason)
            post = (("act", "edit"),)
            return self._row(notice, since, line, text("照意见改"), "/edit", post=post), True
        who = self._name(edition.writers[0])
        line = text("退给{who}改：{reason}", who=who, reason=reason)
        return self._row(notice, since, line, text("看看")), False

    def _scheduled(self, notice: Notice, state: Scheduled) -> tuple[Row, bool]:
        start = state.period.start
        if covering.lost(self.tx, self.where.code, notice.code, notice.latest):
            return self._lost(notice)
        if start <= self.at and self._failure(notice.code):
            line = text("到时间没能公开：{why}", why=self._failure(notice.code))
            return self._row(notice, start, line, text("看看"), late=True), True
        line = text(
            "{who}同意了，{moment} 自动公开。",
            who=self._name(state.by),
            moment=moment(start, self.at),
        )
        return self._row(notice, state.at, line, text("看看")), False

    def _lost(self, notice: Notice) -> tuple[Row, bool]:
        line = text("内容丢了，找不回来。请退回，请起草的人重写。")
        return self._row(notice, notice.latest.at, line, text("看看"), late=True), True

    def _failure(self, code: str) -> str:
        return self.board.watch.failures.get((self.where.code, code), "")

    def _draft(self, draft: Draft) -> tuple[Row, bool]:
        mine = self.number in draft.writers
        kind = next((KIND_WORDS[kind] for kind in KINDS if kind == draft.kind), "")
        typed = str(draft.typed.get("title", "")).strip()
        line = text("{kind}草稿，还没有送审。", kind=kind)
        if draft.prev is not None:
            line = text("更正的草稿，还没有送审。")
        if not mine:
            line = text("{who}在写。", who=self._name(draft.writers[0]))
        row = Row(
            since=draft.at,
            days=self._days(draft.at),
            title=typed or text("还没有标题"),
            line=line,
            button=text("接着写") if mine else text("看看"),
            href=f"{self.base}/drafts/{draft.code}",
        )
        return row, mine

    def fresh(self) -> Iterable[Row]:
        """Give what has gone up lately and is still up; the newest of a sort may be copied."""
        seen: set[tuple[str, str | None, str]] = set()
        for notice in notices.shown(self.tx, self.where.code, JUST_UP):
            current = notice.current
            if current is None or not isinstance(current.state, Published):
                continue
            state, until = current.state, current.state.period.until
            if until is not None and until <= self.at:
                continue
            end = text("一直公开") if until is None else self._until(until)
            posted = any(post.of == state.publish for post in notice.posted)
            todo = bool(self.where.profile.walls) and not posted and self._may(notice, "post")
            line = text("第 {no} 号 · {end}", no=state.no, end=end)
            button, at = (text("记张贴"), "#post") if todo else (text("看看"), "")
            yield Row(
                since=state.at,
                days=self._days(state.at),
                title=title_of(self.tx, self.where.code, current),
                line=line,
                button=button,
                href=f"{self.base}/notices/{notice.code}{at}",
                like="" if sort_of(current) in seen else like(self.where.code, notice, self.verbs),
            )
            seen.add(sort_of(current))

    def _until(self, until: int) -> Text:
        return text("公开到{day}", day=day(until - 1, self.at))

    def week(self) -> Week:
        """Give what falls due this week, without what somebody has in hand already."""
        typed = [draft.typed for draft in self.drafts.values()]
        held = {(str(said.get("item", "")), str(said.get("covers", ""))) for said in typed}
        held |= {(one.latest.item or "", one.latest.covers or "") for one in self.waiting}
        over = freezing.for_good(self.where.code, self.where.frozen)
        return week(self.tx, self.where, self.at, held, frozenset() if over else self.verbs)

    def kinds(self) -> tuple[tuple[str, Words], ...]:
        """Give the kinds this person may begin a draft of: none without an office that submits."""
        where = self.where
        begins = "submit" in self.verbs and not freezing.for_good(where.code, where.frozen)
        return tuple((kind, KIND_WORDS[kind]) for kind in KINDS) if begins else ()
