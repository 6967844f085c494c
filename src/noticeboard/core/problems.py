"""Refusals a person can act on: what, where, the value, the next step.

The text is a Chinese gettext message id with `{name}` places; whoever shows it translates first and
fills in afterwards, so that one sentence serves the page, the JSON answer and the command line.
"""

from collections.abc import Iterable
from typing import ClassVar, Final, Self

from msgspec import MsgspecError, Struct

# What a decoder raises at bytes from outside: no JSON, no UTF-8, no number, or nested to break it.
UNREADABLE: Final = (MsgspecError, ValueError, RecursionError)


class Finding(Struct, frozen=True):
    """One thing that is wrong: `text` says what, `where` the place, `fix` what to do next.

    `field` is the form field it stands at (`title`, `rows.3.expense`), for a link on a page.
    """

    text: str
    where: str = ""
    value: str = ""
    fix: str = ""
    args: dict[str, str | int] = {}
    field: str = ""

    def __str__(self) -> str:
        """Give the plain Chinese sentence, for the command line and for tests."""
        place = f"{self.where}：" if self.where else ""
        what = self.text.format(**self.args)
        value = f"（{self.value}）" if self.value else ""
        next_step = self.fix.format(**self.args) if self.fix else ""
        return f"{place}{what}{value}{next_step}"


class Problem(Exception):  # noqa: N818 - the glossary's word for a refusal is "problem"
    """A refusal with one or more findings. `status` is the HTTP status a door answers with."""

    status: ClassVar[int] = 400

    def __init__(
        self,
        text: str,
        *,
        where: str = "",
        value: str = "",
        fix: str = "",
        field: str = "",
        **args: str | int,
    ) -> None:
        """Refuse for one reason."""
        self.findings: tuple[Finding, ...] = (Finding(text, where, value, fix, args, field),)
        super().__init__(str(self.findings[0]))

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Self:
        """Refuse for several reasons at once, so that a person mends them in one go."""
        problem = cls("")
        problem.findings = tuple(findings)
        problem.args = ("\n".join(str(finding) for finding in problem.findings),)
        return problem


class NotFound(Problem):
    """There is no such thing here."""

    status = 404


class NotAllowed(Problem):
    """This person may not do this; somebody else may."""

    status = 403


class NotNow(Problem):
    """It may be done, but not in the present state; look again."""

    status = 409


class NotValid(Problem):
    """What was given cannot be taken as it is."""

    status = 422


class Unavailable(Problem):
    """The board cannot write at the moment (clock, disk, frozen); reading goes on."""

    status = 503
