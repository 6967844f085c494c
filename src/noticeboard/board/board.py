"""Board: takes a village's lock, reads the clock, asks the rulebook, keeps an act or nothing."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board import duties, freezing
from noticeboard.board.covering import whole
from noticeboard.board.finding import index_text
from noticeboard.board.judging import judge
from noticeboard.board.reserve import Reserve
from noticeboard.board.watch import Watch, told_to_pause
from noticeboard.core.actions import (
    Action,
    Confirm,
    Erase,
    Extend,
    Key,
    Post,
    Publish,
    Redact,
    Submit,
    Withdraw,
    verb,
)
from noticeboard.core.days import local
from noticeboard.core.lifecycle import publishing
from noticeboard.core.notice import Notice
from noticeboard.core.parts import Bodies, Committed
from noticeboard.core.people import CLOCK, Village
from noticeboard.core.problems import NotFound, NotNow, Unavailable
from noticeboard.core.rules import Rules
from noticeboard.store import blobs, heads, held, log, notices, people, screens
from noticeboard.store import rules as bundles
from noticeboard.store.database import Database

# Acts that change what somebody outside the desk can see; they raise the public revision.
VISIBLE = (Publish, Withdraw, Redact, Erase, Extend, Confirm, Post, Key)
# What is never blocked: neither by a wrong clock nor by a full disk.
TAKING_DOWN = (Withdraw, Redact, Confirm)
# A clock this little behind the last leaf is jitter between machines; more is a clock gone wrong.
JITTER = 2
# The setting that says: something was erased, and its last bytes may still stand in the file.
ERASED = "erased"


class Done(Struct, frozen=True):
    """What an act did: its leaf's index and instant, the village and the notice after it."""

    village: Village
    notice: Notice | None
    index: int
    at: int


class Sent(Struct, frozen=True):
    """A form that carries its own number, so that sending it twice does it once."""

    id: str
    account: int


Also = Callable[[Connection, Done], None]


class Board:
    """A board over a database. Nothing is decided here: `core.lifecycle.step` decides."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], int] | None = None,
        random: Callable[[int], bytes] = os.urandom,
        home: Path | None = None,
    ) -> None:
        """Stand on a database; `clock` (Unix seconds) is injected only by tests and demos."""
        self.database = database
        self.clock = clock or (lambda: int(time.time()))
        self.random = random
        self.home = home
        self.reserve = Reserve(home) if home else None
        # Whoever remembers pages is told at once; other processes see it through the watcher.
        self.heard: Callable[[], None] = lambda: None
        self.watch = Watch(database)

    def now(self) -> int:
        """Read the board's clock, Unix seconds."""
        return self.clock()

    def act(
        self,
        village: str,
        action: Action,
        number: int,
        *,
        committed: Committed | None = None,
        sent: Sent | None = None,
        also: Also | None = None,
    ) -> Done:
        """Do one act and remember it, or neither.

        `number` is who acts, as in leaves (0 is the clock). `committed` is stored with it, `also`
        runs in the same transaction after it. A form already sent gives its first result. Raises
        the rulebook's Problem, or Unavailable when the clock or the disk forbids writing; taking
        down is then tried again from reserved space.
        """
        try:
            done = self._act(village, action, number, committed, sent, also)
        except Unavailable:
            if self.reserve is None or not isinstance(action, TAKING_DOWN):
                raise
            # Taking down is never blocked: the reserve exists for exactly this moment.
            with self.reserve.spent():
                done = self._act(village, action, number, committed, sent, also)
        if isinstance(action, VISIBLE):
            self.heard()
        return done

    def _act(
        self,
        village: str,
        action: Action,
        number: int,
        committed: Committed | None,
        sent: Sent | None,
        also: Also | None,
    ) -> Done:
        with self.database.write() as tx:
            head = notices.lock(tx, village)
            first = already(tx, village, getattr(action, "code", ""), sent)
            if first is not None:
                return first
            done = self.append(tx, head.village, action, number, committed or Committed())
            if sent is not None:
                people.remember(tx, sent.id, sent.account, str(done.index), done.at)
            if also is not None:
                also(tx, done)
            return done

    def append(
        self,
        tx: Connection,
        village: Village,
        action: Action,
        number: int,
        committed: Committed,
        before: Notice | None = None,
        bodies: Bodies | None = None,
    ) -> Done:
        """Judge and append within a transaction that already holds the village's head row.

        `before` is the notice, and `bodies` those of the edition that will be its current one,
        where the caller has read them in this transaction. Of a frozen log only taking down is
        done, and held; raises Unavailable for everything else.
        """
        reason = heads.frozen(tx, village.code)
        if reason:
            if not isinstance(action, freezing.HELD):
                raise freezing.refusal(village.code, reason)
            return self._hold(tx, village, action, number)
        at = self._instant(village, action)
        judged = judge(tx, village, action, number, at, in_force(tx), before)
        notice, code = judged.notice, getattr(action, "code", None)
        blobs.keep(tx, village.code, committed)
        if isinstance(action, Submit | Post) and action.files:
            blobs.settle(tx, village.code, [file.c for file in action.files])
        log.append(tx, village.code, village.size, judged.leaf, verb(action), code, at)
        seen = isinstance(action, VISIBLE)
        notices.advance(tx, judged.village, visible=seen)
        if notice is not None:
            notices.put(tx, village.code, notice, at)
            if seen:
                index_text(tx, village.code, notice, at, judged.rules, bodies)
        duties.follow(tx, village.code, action, notice)
        return Done(judged.village, notice, village.size, at)

    def _hold(self, tx: Connection, village: Village, action: Action, number: int) -> Done:
        # Everything follows the act at once but the log, which is to say it when it goes on.
        moved = freezing.moved(tx, village)
        at = self._instant(moved, action)
        judged = judge(tx, moved, action, number, at, in_force(tx))
        held.keep(tx, village.code, moved.size - village.size, judged.leaf)
        heads.reveal(tx, village.code)
        if judged.notice is not None:
            notices.put(tx, village.code, judged.notice, at)
            index_text(tx, village.code, judged.notice, at, judged.rules)
        duties.follow(tx, village.code, action, judged.notice)
        return Done(judged.village, judged.notice, moved.size, at)

    def late(self, village: Village) -> int:
        """Give by how many seconds the clock is behind a village's last entry; 0 if it is not."""
        return max(0, village.last_at - self.clock())

    def _instant(self, village: Village, action: Action | None = None) -> int:
        late = self.late(village)
        if not late:
            return self.clock()
        # Taking down is never blocked, so not by a wrong clock either. Nor is the instance's own
        # log, which nobody reads the time from: without it no account could be opened.
        if late <= JITTER or isinstance(action, TAKING_DOWN) or not village.code:
            return village.last_at
        raise Unavailable(
            "最后一条记录写的是 {moment}，这台机器的时钟慢了 {behind} 秒，到那时候以前不能写。",
            moment=f"{local(village.last_at):%Y-%m-%d %H:%M}",
            behind=late,
            fix="看和撤下照样能办。请看时钟对不对；没有错，请管机器的人运行 noticeboard doctor。",
        )

    def writable(self, code: str) -> None:
        """Raise Unavailable where a village's log takes no ordinary act now, whoever did it."""
        with self.database.read() as tx:
            village, reason = notices.head_of(tx, code).village, heads.frozen(tx, code)
        if reason:
            raise freezing.refusal(code, reason)
        self._instant(village)

    def tick(self) -> list[Done]:
        """Do what the clock owes by now; safe to run twice at once. Gives what went up.

        One that cannot go up does not hold back the others. Calendars of duties are kept too.
        """
        with self.database.read() as tx:
            if told_to_pause(tx):
                return []
            due = notices.due(tx, self.clock())
        went_up = [done for one in due if (done := self._publish(*one)) is not None]
        if duties.roll(self.database, self.clock()) or went_up:
            self.heard()
        return went_up

    def _publish(self, village: str, code: str) -> Done | None:
        try:
            with self.database.write() as tx:
                head = notices.lock(tx, village)
                notice = notices.get(tx, village, code)
                # Another clock may have been first: then nothing is owed any more.
                at = self._instant(head.village)
                action = publishing(head.village, notice, at) if notice else None
                if action is None or notice is None:
                    return None
                bodies = whole(tx, village, notice)
                done = self.append(tx, head.village, action, CLOCK, Committed(), notice, bodies)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others go up
            self.watch.failed(village, code, str(error))
            return None
        self.watch.went_up(village, code)
        return done

    def number_of(self, account: int, village: str) -> int:
        """Give a person's number in a village; raises NotFound when they have none."""
        with self.database.read() as tx:
            number = people.number_in(tx, village, account)
        if number is None:
            raise NotFound("您在这个村没有职务。", value=village, fix="请管理员先任命。")
        return number

    def scrub(self) -> bool:
        """Leave no erased byte behind; False means: readers or a full disk hinder it, try again.

        After an erasing act the whole database file is written anew.
        """
        with self.database.read() as tx:
            erased = screens.told(tx, ERASED)
        if erased is None:
            return self.database.scrub()
        if not self.database.rewrite():
            return False
        try:
            with self.database.write() as tx:
                screens.forget(tx, ERASED, erased)
        except Unavailable:
            return False
        return True

    def confirm_clock(self) -> None:
        """Go on after the watch paused the clock: a person has looked and says it is right."""
        self.watch.confirm()


def already(tx: Connection, village: str, code: str, sent: Sent | None) -> Done | None:
    """Give what a form did when it was sent the first time, or None when this is the first."""
    first = people.first_result(tx, sent.id, sent.account) if sent else None
    if first is None:
        return None
    now = notices.head_of(tx, village).village
    return Done(now, notices.get(tx, village, code), int(first), now.last_at)


def in_force(tx: Connection) -> tuple[str, Rules]:
    """Give the hash and the rules that are judged by now."""
    hash_ = screens.told(tx, "rules")
    if hash_ is None:
        raise NotNow("这块板还没有开。", fix="请先运行 noticeboard init。")
    return hash_, bundles.get(tx, hash_)
