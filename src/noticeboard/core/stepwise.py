"""What goes on step by step: a project from its budget to who looks after it, 四议两公开.

The same rules as in `particulars`: integer fen, ISO strings, ids for ever.
"""

from typing import ClassVar, Literal

from msgspec import Struct

from noticeboard.core.row import Row

ProjectStep = Literal[
    "budget",
    "decision",
    "tender",
    "contract",
    "change",
    "payment",
    "acceptance",
    "final",
    "care",
]


class ProjectRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of a project on its line of time; `notice` is the code of a linked notice.

    `amount` means: of a budget line its source's share, of a contract or change its price (a change
    may be negative), of a payment what was paid, of the final account the settled cost.
    """

    NAMES: ClassVar[tuple[str, ...]] = ("person",)

    step: ProjectStep
    text: str
    date: str | None = None
    amount: int | None = None
    party: str = ""
    notice: str | None = None
    person: str | None = None


class DecisionRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the six steps of 四议两公开; `recorded` false prints 未见记录.

    Counts are heads, or households where it was `counted` by those: due, present, in favour,
    against, abstaining, recused. Voters' names are never part of it. `called` is the day on which
    the meeting was made known, `papers` say which attachments show the step: `1、2`.
    """

    LATER: ClassVar[tuple[str, ...]] = ("called", "counted", "papers")

    step: Literal[1, 2, 3, 4, 5, 6]
    recorded: bool = True
    date: str | None = None
    due: int | None = None
    present: int | None = None
    in_favour: int | None = None
    against: int | None = None
    abstained: int | None = None
    recused: int = 0
    text: str = ""
    called: str | None = None
    counted: Literal["people", "households"] | None = None
    papers: str | None = None


class Fact(Struct, frozen=True, forbid_unknown_fields=True):
    """A figure that is not the board's money: label 蓄水池, value 9, unit 口, note 大小合计."""

    label: str
    value: str
    unit: str = ""
    note: str = ""


class Project(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="project", tag_field="kind"
):
    """项目: where and what, then its steps as one line of time; `facts` for what is not money."""

    ROW: ClassVar[type[Row]] = ProjectRow

    place: str = ""
    scope: str = ""
    story: str = ""
    lead: str = ""
    facts: tuple[Fact, ...] = ()
    rows: tuple[ProjectRow, ...] = ()


class Decision(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="decision", tag_field="kind"
):
    """四议两公开: the matter, what was resolved, and the six steps with their arithmetic.

    `meeting` is what met for the fourth step, a code of the place's quorums; `merged` that one
    person leads both party branch and committee, who took the first two steps together.
    """

    ROW: ClassVar[type[Row]] = DecisionRow
    LATER: ClassVar[tuple[str, ...]] = ("meeting", "merged")

    matter: str
    resolution: str = ""
    amount: int | None = None
    meeting: str | None = None
    merged: Literal["yes"] | None = None
    rows: tuple[DecisionRow, ...] = ()
