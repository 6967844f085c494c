"""A log replayed: the leaves alone, each judged again under the rules it names."""

from collections.abc import Iterable, Mapping
from typing import NoReturn

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from noticeboard.core.actions import (
    Entry,
    Unknown,
)
from noticeboard.core.lifecycle import step
from noticeboard.core.notice import (
    Notice,
)
from noticeboard.core.people import Actor, Village
from noticeboard.core.problems import NotValid, Problem
from noticeboard.core.rules import Rules


class Finding(Struct, frozen=True):
    """Something an audit found: at which leaf, and what."""

    index: int
    what: str


class Replay(Struct, kw_only=True):
    """A log replayed: the village and its notices as the leaves alone say."""

    village: Village
    notices: dict[str, Notice] = msgspec.field(default_factory=dict)
    findings: list[Finding] = msgspec.field(default_factory=list)
    unknown: list[Unknown] = msgspec.field(default_factory=list)

    def take(self, entry: Entry | Unknown, bundles: Mapping[str, Rules]) -> None:
        """Go on by the next entry; what was not lawful is found and changes nothing."""
        before = self.village
        size, last_at = before.size + 1, max(before.last_at, entry.at)
        if isinstance(entry, Unknown):
            self.unknown.append(entry)
            self.village = replace(before, size=size, last_at=last_at)
            return
        code = getattr(entry.action, "code", None)
        try:
            if entry.log != before.origin:
                _refuse_transplant(entry.log)
            rules = bundles.get(entry.rules)
            if rules is None:
                _refuse_rules(entry.rules)
            self.village, notice = step(
                before,
                self.notices.get(code) if code else None,
                entry.action,
                Actor(entry.by, entry.role),
                entry.at,
                rules,
            )
        except Problem as problem:
            self.findings.append(Finding(before.size, str(problem)))
            self.village = replace(before, size=size, last_at=last_at)
            return
        if code and notice:
            self.notices[code] = notice


def begun(origin: str) -> Replay:
    """Give the replay of a log before its first entry."""
    return Replay(village=Village(code="", origin=origin))


def replay(origin: str, entries: Iterable[Entry | Unknown], bundles: Mapping[str, Rules]) -> Replay:
    """Pass every entry through `step` under its own rules bundle; collect what was not lawful."""
    seen = begun(origin)
    for entry in entries:
        seen.take(entry, bundles)
    return seen


def _refuse_transplant(log: str) -> NoReturn:
    raise NotValid("这条记录属于别的日志。", value=log)


def _refuse_rules(rules: str) -> NoReturn:
    raise NotValid("找不到判断它的那套规则。", value=rules)
