"""What each kind of notice must state, as frozen values; and which of it is a person's name.

Money is integer fen, quantities are integer thousandths, dates are ISO strings, and every row has
an id that survives corrections and is never given again within its notice. Identity, phone and
card numbers have no field anywhere here, on purpose.
"""

from typing import ClassVar, Literal, get_args

from msgspec import Struct

from noticeboard.core.hints import Explained
from noticeboard.core.holdings import (
    AssetRow,
    Assets,
    ContractRow,
    Contracts,
    Labour,
    LabourRow,
    TableColumn,
    TableRow,
    Titled,
)
from noticeboard.core.notice import Shortening
from noticeboard.core.row import Row
from noticeboard.core.stepwise import (
    Decision,
    DecisionRow,
    Fact,
    Project,
    ProjectRow,
    ProjectStep,
)

Kind = Literal[
    "spending",
    "subsidy",
    "project",
    "decision",
    "announcement",
    "asset",
    "contract",
    "labour",
    "table",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
Publisher = Literal["committee", "collective"]


# A hundred thousand of these come at once. They hold words and numbers alone, so that no ring can
# begin in one, and the collector of rings need not visit them.
class SpendingRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One receipt or payment; exactly one of `income` and `expense` is not zero.

    `payee_as` is what remains of the payee when names go: 村民, 三组村民, a firm's trade.
    """

    NAMES: ClassVar[tuple[str, ...]] = ("payee", "handler", "witness", "approver")

    date: str
    summary: str
    voucher: str = ""
    account: str = ""
    income: int = 0
    expense: int = 0
    method: str = ""
    payee_as: str = ""
    project: str | None = None
    decision: str | None = None
    payee: str | None = None
    handler: str | None = None
    witness: str | None = None
    approver: str | None = None


class SubsidyRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One household's subsidy: thousandths of the unit × fen per unit = fen.

    `tail` stands only where two people of one name share a group: the shortest digits that tell
    them apart. `remark` is about a person, so it goes when the name goes. `households` is how many
    the row sums up, where it stands for more than its own.
    """

    NAMES: ClassVar[tuple[str, ...]] = ("name", "tail", "remark")
    LATER: ClassVar[tuple[str, ...]] = ("households",)

    group: str
    amount: int
    quantity: int | None = None
    standard: int | None = None
    name: str | None = None
    tail: str | None = None
    remark: str | None = None
    households: int | None = None


class Spending(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="spending", tag_field="kind"
):
    """财务收支 of an account over a period: opening + income − expense = closing, in fen."""

    ROW: ClassVar[type[Row]] = SpendingRow

    opening: int
    closing: int
    account: str = ""
    explanation: str = ""
    rows: tuple[SpendingRow, ...] = ()


class Subsidy(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="subsidy", tag_field="kind"
):
    """惠民补贴 of one programme: rows add up to `total` fen."""

    ROW: ClassVar[type[Row]] = SubsidyRow

    programme: str
    basis: str = ""
    standard: int | None = None
    unit: str = "亩"
    total: int = 0
    explanation: str = ""
    rows: tuple[SubsidyRow, ...] = ()


class Announcement(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag="announcement",
    tag_field="kind",
):
    """通知: the text, the place, and from when to when it happens (Unix seconds)."""

    ROW: ClassVar[type[Row]] = Row

    text: str
    place: str = ""
    starts: int | None = None
    ends: int | None = None
    rows: tuple[Row, ...] = ()


Particulars = (
    Spending | Subsidy | Project | Decision | Announcement | Assets | Contracts | Labour | Titled
)


class Attachment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cleaned file of an edition: its commitment, and what it shows."""

    c: str
    len: int
    type: str
    caption: str = ""
    width: int = 0
    height: int = 0


class Content(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything one edition says. `covers` is the period it is about: 2026-Q1, 2026-03, 2026.

    `reason` says why it was corrected; `source` is the SHA-256 of the workbook it came from;
    `last_row` is the highest row id ever given in this notice. `case` says which of an item's
    periods it is where the place has several; `short` on what its period is to be shorter than the
    place says, and `short_reason` why, which is published with it. `explained` is what its writer
    says to hints on its figures.
    """

    # Fields that came later: where one says nothing it is not written, as in rows.
    LATER: ClassVar[tuple[str, ...]] = ("case", "short", "short_reason", "explained")

    title: str
    particulars: Particulars
    publisher: Publisher = "committee"
    item: str | None = None
    covers: str | None = None
    group: str | None = None
    files: tuple[Attachment, ...] = ()
    reason: str = ""
    source: str = ""
    last_row: int = 0
    case: str | None = None
    short: Shortening | None = None
    short_reason: str | None = None
    explained: tuple[Explained, ...] | None = None


def kind_of(content: Content) -> Kind:
    """Give the kind a content is of."""
    kind: Kind = type(content.particulars).__struct_config__.tag  # type: ignore[assignment]  # the tags are exactly Kind's words
    return kind


__all__ = [
    "KINDS",
    "Announcement",
    "AssetRow",
    "Assets",
    "Attachment",
    "Content",
    "ContractRow",
    "Contracts",
    "Decision",
    "DecisionRow",
    "Fact",
    "Kind",
    "Labour",
    "LabourRow",
    "Particulars",
    "Project",
    "ProjectRow",
    "ProjectStep",
    "Publisher",
    "Row",
    "Spending",
    "SpendingRow",
    "Subsidy",
    "SubsidyRow",
    "TableColumn",
    "TableRow",
    "Titled",
    "kind_of",
]
