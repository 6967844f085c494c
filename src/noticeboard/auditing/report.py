"""What an audit found: each thing that is not as it was, and what it looked at."""

from collections.abc import Iterable
from typing import Literal

import msgspec
from msgspec import Struct

# `log` is the tree, `head` its signed checkpoints, `lifecycle` the acts, `content` the bodies, and
# `list` what anybody can see of it.
Audit = Literal["log", "head", "lifecycle", "content", "list"]

# Where something is not as it was, and what.
Where = tuple[str, str]


class Found(Struct, frozen=True):
    """Something that is not as it was: in which village and audit, where, what, and what to do."""

    village: str
    audit: Audit
    where: str
    what: str
    fix: str = ""


class Report(Struct, kw_only=True):
    """A whole check. `root` is the tree's root over all leaves as hex, per village.

    `remarks` are whole sentences on what was not looked at, or should be known beside. `rules` are
    the hashes of the bundles that a log seen from outside was kept under, in order, `before` the
    entries it had when it was last found sound, `kept` the file in which its head is now kept.
    """

    entries: int = 0
    roots: dict[str, str] = msgspec.field(default_factory=dict)
    problems: list[Found] = msgspec.field(default_factory=list)
    remarks: list[str] = msgspec.field(default_factory=list)
    unknown: int = 0
    rules: tuple[str, ...] = ()
    before: int | None = None
    kept: str = ""

    @property
    def ok(self) -> bool:
        """Say whether nothing was found."""
        return not self.problems

    def found(self, village: str, audit: Audit, wrong: Iterable[Where], fix: str = "") -> None:
        """Put down what an audit of a village found."""
        self.problems.extend(Found(village, audit, where, what, fix) for where, what in wrong)
