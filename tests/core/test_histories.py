"""Random histories: whatever people try, the rulebook holds and the leaves tell all."""

import random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noticeboard.core.actions import (
    Act,
    Appoint,
    Approve,
    Confirm,
    Dismiss,
    Entry,
    Erase,
    Extend,
    Genesis,
    Post,
    Publish,
    Redact,
    Return,
    Submit,
    Withdraw,
    leaf,
    read,
)
from noticeboard.core.days import DAY, instant
from noticeboard.core.lifecycle import acting, publishing, step
from noticeboard.core.notice import (
    FileRef,
    Notice,
    Part,
    Published,
    Returned,
    Scheduled,
    Submitted,
    published,
)
from noticeboard.core.people import CLOCK, THE_CLOCK, Actor, Village
from noticeboard.core.problems import Problem
from noticeboard.core.replay import replay
from noticeboard.core.rules import Rules, bundle_hash, decode
from tests.cast import bundle

ORIGIN = "board.example/v/1"
CODES = ("7Q4M9W2E", "ABCDEFGH")
OFFICES = ("clerk", "supervision-head", "supervision-member", "overseer", "admin", "director")
# Each person with the office they begin with; 7 is nobody.
PEOPLE = {1: "clerk", 2: "supervision-head", 3: "director", 4: "overseer", 5: "admin", 6: "clerk"}
VERBS: tuple[type[Act], ...] = (
    *(Submit, Return, Approve, Publish, Withdraw, Redact, Extend, Erase, Confirm, Post),
    *(Submit, Approve, Publish, Submit, Approve, Publish, Appoint, Dismiss),
)


class Try(msgspec.Struct, frozen=True):
    """One thing somebody tries: `late` seconds later, with what is plausible or slightly off."""

    late: int
    who: int
    verb: int
    code: str
    off: int
    dice: int


TRIES = st.lists(
    st.builds(
        Try,
        late=st.sampled_from([0, 0, 1, 60, DAY, 40 * DAY]),
        who=st.sampled_from([*PEOPLE, 7, CLOCK]),
        verb=st.integers(0, len(VERBS) - 1),
        code=st.sampled_from(CODES),
        # Mostly right, sometimes wrong by one.
        off=st.sampled_from([0, 0, 0, 0, 0, 0, 1, -1]),
        dice=st.integers(0, 7),
    ),
    max_size=60,
)


class History:
    """A village whose every act is kept as leaf bytes beside the state that `step` gives."""

    def __init__(self, rules: Rules) -> None:
        self.rules, self.at = rules, instant("2025-12-20")
        self.village, self.notices = Village(code="", origin=ORIGIN), dict[str, Notice]()
        self.leaves: list[bytes] = []
        self.numbers: list[str] = []
        self.does(Genesis(village="v1", keys=()), THE_CLOCK)
        self.does(Appoint(who=5, office="admin", parts=()), Actor(5, "admin"))
        for number, office in PEOPLE.items():
            if office != "admin":
                self.does(Appoint(who=number, office=office, parts=()), Actor(5, "admin"))

    def does(self, action: Any, who: Actor) -> None:
        """Do an act and keep it; raises what the rulebook says and then keeps nothing."""
        code = getattr(action, "code", None)
        before = self.notices.get(code) if code else None
        after, notice = step(self.village, before, action, who, self.at, self.rules)
        entry = Entry(
            log=ORIGIN,
            at=self.at,
            by=who.number,
            role=who.role,
            rules=bundle_hash(bundle()),
            action=action,
        )
        self.leaves.append(leaf(entry))
        self.village = after
        if code and notice:
            self.notices[code] = notice
        if isinstance(action, Publish):
            self.numbers.append(action.no)

    def tries(self, what: Try) -> bool:
        """Try something; gives whether it was allowed. Refused, it leaves no trace."""
        self.at += what.late
        state = msgspec.json.encode((self.village, self.notices))
        action = self.plausible(what)
        try:
            if what.who == CLOCK:
                who = THE_CLOCK
            else:
                who = acting(self.village, what.who, action, self.rules)
            self.does(action, who)
        except Problem:
            assert state == msgspec.json.encode((self.village, self.notices))
            return False
        return True

    def plausible(self, what: Try) -> Any:
        """Give the act that fits the notice as it stands, off by a little where it says so."""
        notice, off, verb = self.notices.get(what.code), what.off, VERBS[what.verb]
        if verb in (Appoint, Dismiss):
            who, office = what.dice % 7 + 1, OFFICES[what.dice % len(OFFICES)]
            fields = {"parts": ()} if verb is Appoint else {}
            return verb(who=who, office=office, **fields)
        latest = notice.latest if notice else None
        shown = notice.current if notice else None
        live = published(shown) if shown else None
        ed = (shown.ed if shown else 1) + off
        last = latest.ed if latest else 1
        of = (latest.of if latest else 0) + off
        index = live.publish + off if live else off
        erased: dict[str, Any] = {"parts": ("names",), "rows": (), "files": ()}
        match verb.__name__:
            case "Submit":
                returned = latest is not None and isinstance(latest.state, Returned)
                return self._submit(what, last + (latest is not None and not returned) + off, live)
            case "Return":
                return Return(code=what.code, ed=last, of=of, parts=())
            case "Approve":
                start = self.at + (0, 0, 60, DAY)[what.dice % 4]
                until = (None, start + DAY, start + 40 * DAY, start - off)[what.dice // 2]
                return Approve(code=what.code, ed=last, of=of, start=start, until=until)
            case "Publish":
                due = publishing(self.village, notice, self.at) if notice else None
                no = f"2026-{len(self.numbers) + off:03d}"
                made = Publish(
                    code=what.code,
                    ed=last,
                    of=of,
                    start=self.at,
                    until=None,
                    no=no,
                    parts=(),
                    files=(),
                )
                return due if due and not off else made
            case "Withdraw":
                ground = ("wrong-facts", "minor", "")[what.dice % 3]
                return Withdraw(code=what.code, ed=ed, ground=ground)
            case "Redact":
                return Redact(code=what.code, ed=ed, ground="minor", **erased)
            case "Erase":
                return Erase(code=what.code, ed=ed, ground="retention-ended", **erased)
            case "Extend":
                until = live.period.until if live else None
                longer = (until or self.at) + (what.dice - 1) * DAY
                return Extend(code=what.code, ed=ed, ground="outage", until=longer)
            case "Confirm":
                downs = notice.taken_down if notice else ()
                down = downs[what.dice % len(downs)].index if downs else 0
                return Confirm(code=what.code, ed=ed, of=down + off)
        return Post(code=what.code, ed=ed, wall="w1", of=index, files=())

    def _submit(self, what: Try, ed: int, live: Published | None) -> Submit:
        with_him = what.dice % 7 + 1
        held = self.notices.get(what.code)
        before = held.latest.writers if held and what.dice > 1 else ()
        return Submit(
            code=what.code,
            ed=ed,
            kind="spending",
            item=None,
            publisher="committee",
            covers=None,
            group=None,
            writers=tuple(dict.fromkeys((what.who, with_him, *before))),
            parts=(Part("text", f"{what.dice:064x}", 0), Part("names", "ab" * 32, 3)),
            files=(FileRef("cd" * 32, 1, "image/jpeg"),) if what.dice % 2 else (),
            prev=live.publish if live else None,
            change="substance" if live else None,
        )

    def promises(self) -> None:
        """Ask what must hold after every act."""
        for notice in self.notices.values():
            pending = [e for e in notice.editions if isinstance(e.state, Submitted | Scheduled)]
            up = [e for e in notice.editions if isinstance(e.state, Published)]
            assert len(pending) <= 1
            assert len(up) <= 1
            assert pending in ([], [notice.latest])
            assert [*range(1, len(notice.editions) + 1)] == [e.ed for e in notice.editions]
            for edition in notice.editions:
                shown = published(edition)
                agreed = edition.state if isinstance(edition.state, Scheduled) else shown
                assert agreed is None or agreed.by not in edition.writers
                assert shown is None or shown.planned <= shown.at
            for down in notice.taken_down:
                assert down.confirmed_by != down.by

    def replayed(self) -> None:
        """Replay the bytes alone: the same village, the same notices, nothing unlawful."""
        entries = [read(data) for data in self.leaves]
        seen = replay(ORIGIN, entries, {bundle_hash(bundle()): self.rules})
        assert [] == seen.findings
        assert (self.village, self.notices) == (seen.village, seen.notices)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return decode(bundle())


@given(tries=TRIES)
@settings(max_examples=settings.default.max_examples * 3)
def test_any_history_keeps_the_promises(rules: Rules, tries: list[Try]) -> None:
    """Whoever tries what in whichever order: no trace of a refusal, nobody approves their own.

    Register numbers are gapless per year, one edition at most is pending, and a replay of the
    leaves alone gives the same board.
    """
    history = History(rules)
    for what in tries:
        if history.tries(what):
            history.promises()
    by_year: dict[str, list[int]] = {}
    for number in history.numbers:
        year, count = number.split("-")
        by_year.setdefault(year, []).append(int(count))
    for counts in by_year.values():
        assert [*range(1, len(counts) + 1)] == counts
    history.replayed()


def test_histories_reach_every_act(rules: Rules) -> None:
    """The random histories are no test if they never get far: each verb is allowed in some."""
    dice, reached = random.Random(7), set[str]()
    for _ in range(150):
        history = History(rules)
        for _ in range(60):
            history.tries(
                Try(
                    late=dice.choice([0, 0, 1, 60, DAY]),
                    who=dice.choice([*PEOPLE, CLOCK]),
                    verb=dice.randrange(len(VERBS)),
                    code=dice.choice(CODES),
                    off=0,
                    dice=dice.randrange(8),
                )
            )
        reached |= {msgspec.json.decode(data)["act"] for data in history.leaves}
    assert {str(verb.__struct_config__.tag) for verb in VERBS} | {"genesis"} == reached


def test_a_forged_leaf_is_found_at_its_index(rules: Rules) -> None:
    """An approval by a writer, put in as bytes, is named by the replay."""
    history = History(rules)
    at = history.at
    for verb, who in ((0, 1), (2, 2)):
        assert history.tries(Try(late=1, who=who, verb=verb, code=CODES[0], off=0, dice=4))
    bad = msgspec.json.decode(history.leaves[-1]) | {"by": 1, "role": "clerk"}
    history.leaves[-1] = msgspec.json.encode(bad, order="sorted")
    entries = [read(data) for data in history.leaves]
    seen = replay(ORIGIN, entries, {bundle_hash(bundle()): rules})
    assert [len(history.leaves) - 1] == [finding.index for finding in seen.findings]
    assert at + 2 == history.at
    moved = replay("board.example/v/2", entries[:1], {bundle_hash(bundle()): rules})
    assert "别的日志" in moved.findings[0].what
    unruly = replay(ORIGIN, entries[:1], {})
    assert "那套规则" in unruly.findings[0].what
