"""四议两公开 counted: who was to come, who came, who agreed, and the days between the steps.

Every number of a rule comes from the pack that the village went by. Nothing is judged here but
arithmetic: what does not reach a share is told as it is, what a step does not say has no record.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Final, Literal

from msgspec import Struct

from noticeboard.core import packs
from noticeboard.core.packs import Days, Figure, Quorum
from noticeboard.core.particulars import Decision, DecisionRow
from noticeboard.core.rules import Rules

# The meetings of the steps that are the same everywhere; of the fourth the decision itself says
# which it was, since who decides depends on the matter.
MEETINGS: Final[Mapping[int, str]] = {1: "branch", 2: "committees", 3: "party"}
DECIDED: Final = 4
# What a pack says of how the steps go together.
MERGED, BETWEEN, ALTOGETHER = "merged-steps", "between-steps", "deliberation"
_SHARE: Final = re.compile(r"(>=?)(\d)/(\d) (members|adults|households|due|present)")
_NUMBERS: Final = re.compile(r"\d+", re.ASCII)

Count = Literal["due", "present", "in_favour"]


class Share(Struct, frozen=True):
    """A share of a denominator: at least `part` of `whole`, or `more` than that."""

    more: bool
    part: int
    whole: int
    of: str

    def least(self, of: int) -> int:
        """Give the smallest count that reaches the share of so many."""
        return of * self.part // self.whole + 1 if self.more else -(-of * self.part // self.whole)

    def reached(self, count: int, of: int) -> bool:
        """Say whether a count reaches the share of so many; in whole numbers, so exactly."""
        ours, needed = count * self.whole, of * self.part
        return ours > needed if self.more else ours >= needed


def share(text: str) -> Share:
    """Read a share as packs write it: `>=2/3 members`; raises ValueError for anything else."""
    match = _SHARE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return Share(match[1] == ">", int(match[2]), int(match[3]), match[4])


class Counted(Struct, frozen=True, kw_only=True):
    """A count held against a share: `count` of `of` came, or agreed. `households` counts those."""

    step: int
    what: Literal["attended", "passed"]
    count: int
    of: int
    share: Share
    households: bool
    holds: bool
    rule: Quorum


class Unstated(Struct, frozen=True, kw_only=True):
    """Something that a rule asks about and the step does not say."""

    step: int
    what: Count | Literal["meeting"]
    rule: Quorum | None = None


class Spaced(Struct, frozen=True, kw_only=True):
    """Days between two things, held against a rule: a step and the one before, a call and its step.

    `span` is from the first step to the last, which should take no more than so many days.
    """

    step: int
    what: Literal["between", "called", "span"]
    days: int
    holds: bool
    rule: Days


class Backwards(Struct, frozen=True, kw_only=True):
    """A step that is dated before the one before it."""

    step: int
    before: int
    day: str
    earlier: str


class Merged(Struct, frozen=True, kw_only=True):
    """The second step was taken with the first, as the place lets one person do who leads both.

    Without a rule the place does not say so, and then it simply has no record.
    """

    step: int
    rule: Figure | None


class Bare(Struct, frozen=True, kw_only=True):
    """A step that is recorded, without a file that shows it."""

    step: int


Check = Counted | Unstated | Spaced | Backwards | Merged | Bare


def checks(rules: Rules, pack: str, decision: Decision) -> tuple[Check, ...]:
    """Hold a decision against what a place says of its meetings, step by step.

    A rule that the place does not have is not asked about.
    """
    rows: dict[int, DecisionRow] = {row.step: row for row in decision.rows if row.recorded}
    found: list[Check] = []
    if decision.merged and 2 not in rows:  # noqa: PLR2004 - the second step
        found.append(Merged(step=2, rule=packs.figure(rules, pack, MERGED)))
    for step, row in sorted(rows.items()):
        meeting = decision.meeting if step == DECIDED else MEETINGS.get(step)
        rule = packs.quorum(rules, pack, meeting or "")
        if rule is not None:
            found += _attended(row, rule)
            found += _passed(row, rule)
        elif step == DECIDED and meetings(rules, pack):
            found.append(Unstated(step=step, what="meeting"))
        if step == DECIDED:
            found += _called(rules, pack, row, decision.meeting or "")
        if not numbers_of(row.papers):
            found.append(Bare(step=step))
    return (*found, *_in_time(rules, pack, decision, rows))


def meetings(rules: Rules, pack: str) -> dict[str, Quorum]:
    """Give the meetings that may decide the fourth step, as the place knows them."""
    fixed = set(MEETINGS.values())
    found: dict[str, Quorum] = {}
    for place in packs.chain(rules.packs, pack):
        for code, rule in place.quorums.items():
            if code not in fixed:
                found.setdefault(code, rule)
    return found


def numbers_of(papers: str | None) -> tuple[int, ...]:
    """Read which attachments a step names: `1、2`, `附件 3`."""
    return tuple(dict.fromkeys(int(number) for number in _NUMBERS.findall(papers or "")))


def binding(rule: Days) -> bool:
    """Say whether so many days bind in the place; what is only usual is a hint to its writers."""
    return rule.force != "practice"


def _attended(row: DecisionRow, rule: Quorum) -> Iterator[Check]:
    shares = [one for one in map(share, rule.attended) if _fits(one, row)]
    if not rule.attended:
        return
    if row.due is None or row.present is None or not shares:
        missing: Count = "present" if row.due is not None and shares else "due"
        yield Unstated(step=row.step, what=missing, rule=rule)
        return
    # A meeting is valid by any one of them; where by none, the first tells how far it is.
    met = next((one for one in shares if one.reached(row.present, row.due)), None)
    yield Counted(
        step=row.step,
        what="attended",
        count=row.present,
        of=row.due,
        share=met or shares[0],
        households=row.counted == "households",
        holds=met is not None,
        rule=rule,
    )


def _passed(row: DecisionRow, rule: Quorum) -> Iterator[Check]:
    needed = share(rule.passed)
    of = row.present if needed.of == "present" else row.due
    if row.in_favour is None or of is None or not _fits(needed, row):
        missing: Count = "in_favour" if row.in_favour is None else "due"
        if row.in_favour is not None and needed.of == "present":
            missing = "present"
        yield Unstated(step=row.step, what=missing, rule=rule)
        return
    yield Counted(
        step=row.step,
        what="passed",
        count=row.in_favour,
        of=of,
        share=needed,
        households=row.counted == "households",
        holds=needed.reached(row.in_favour, of),
        rule=rule,
    )


def _fits(needed: Share, row: DecisionRow) -> bool:
    """Say whether a share is of what the step counted: a share of households needs households."""
    if needed.of in ("due", "present"):
        return True
    return (needed.of == "households") == (row.counted == "households")


def _called(rules: Rules, pack: str, row: DecisionRow, meeting: str) -> Iterator[Check]:
    rule = packs.meeting_days(rules, pack, meeting)
    if rule is None or row.date is None or row.called is None:
        return
    days = _days(row.called, row.date)
    yield Spaced(step=row.step, what="called", days=days, holds=days >= rule.n, rule=rule)


def _in_time(
    rules: Rules, pack: str, decision: Decision, rows: Mapping[int, DecisionRow]
) -> Iterator[Check]:
    dated = [(step, row.date) for step, row in sorted(rows.items()) if row.date]
    between = packs.meeting_days(rules, pack, BETWEEN)
    for (last, before), (step, day) in pairwise(dated):
        days = _days(before, day)
        together = decision.merged is not None and (last, step) == (1, 2)
        if days < 0:
            yield Backwards(step=step, before=last, day=day, earlier=before)
        elif between is not None and step <= DECIDED and not together:
            yield Spaced(
                step=step, what="between", days=days, holds=days >= between.n, rule=between
            )
    whole = packs.meeting_days(rules, pack, ALTOGETHER)
    days_of = dict(dated)
    if whole is not None and {1, DECIDED} <= days_of.keys():
        days = _days(days_of[1], days_of[DECIDED])
        if days >= 0:
            yield Spaced(step=DECIDED, what="span", days=days, holds=days <= whole.n, rule=whole)


def _days(before: str, after: str) -> int:
    return (date.fromisoformat(after) - date.fromisoformat(before)).days
