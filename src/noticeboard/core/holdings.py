"""What the registers of a village must state: what it owns, what it lets, who worked, any table.

The same rules as in `particulars`: integer fen, integer thousandths, ISO strings, ids for ever.
"""

from typing import ClassVar, Literal

from msgspec import Struct

from noticeboard.core.row import Row


class AssetRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing the collective owns: what it cost (`original`) and what it is worth now (`net`).

    `acquired` is a day, a month or a year: 2019-05-20, 2019-05, 2019.
    """

    NAMES: ClassVar[tuple[str, ...]] = ("keeper",)

    name: str
    category: str = ""
    spec: str = ""
    quantity: int | None = None
    unit: str = ""
    original: int | None = None
    net: int | None = None
    acquired: str = ""
    place: str = ""
    use: str = ""
    note: str = ""
    keeper: str | None = None


class ContractRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One contract: what is let (`subject`) from when to when, `rent` fen a year, `total` in all.

    `paid` is what has come in and `owed` what should have and has not. `tender` says whether it
    was put out to tender: 是, 否 or a sentence. `party_as` is what remains of the party when names
    go.
    """

    NAMES: ClassVar[tuple[str, ...]] = ("party",)

    subject: str
    number: str = ""
    place: str = ""
    quantity: int | None = None
    unit: str = ""
    starts: str | None = None
    ends: str | None = None
    rent: int | None = None
    total: int | None = None
    paid: int | None = None
    owed: int | None = None
    pays: str = ""
    signed: str | None = None
    tender: str = ""
    note: str = ""
    party_as: str = ""
    party: str | None = None


class LabourRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One person's days at one work: thousandths of a day × fen a day, and what was paid."""

    NAMES: ClassVar[tuple[str, ...]] = ("name",)

    work: str
    amount: int
    group: str = ""
    date: str | None = None
    days: int | None = None
    rate: int | None = None
    name: str | None = None


class TableRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a titled table, a cell for each column.

    Money is fen, quantities thousandths, days ISO strings, an empty cell None. Where a column names
    persons the cell is None and the name stands at the same place of `people`.
    """

    NAMES: ClassVar[tuple[str, ...]] = ("people",)

    cells: tuple[str | int | None, ...]
    people: tuple[str | None, ...] | None = None


ColumnRead = Literal["text", "money", "quantity", "date", "person"]


class TableColumn(Struct, frozen=True, forbid_unknown_fields=True):
    """A declared column: its head, and how its cells are read."""

    label: str
    read: ColumnRead = "text"


class Assets(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="asset", tag_field="kind"
):
    """资产台账 as of a day: rows add up to `original` and `net`, where these are stated."""

    ROW: ClassVar[type[Row]] = AssetRow

    as_of: str | None = None
    original: int | None = None
    net: int | None = None
    explanation: str = ""
    rows: tuple[AssetRow, ...] = ()


class Contracts(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="contract", tag_field="kind"
):
    """经济合同台账 as of a day."""

    ROW: ClassVar[type[Row]] = ContractRow

    as_of: str | None = None
    explanation: str = ""
    rows: tuple[ContractRow, ...] = ()


class Labour(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="labour", tag_field="kind"
):
    """零工用工明细 of one work or a period: rows add up to `total` fen."""

    ROW: ClassVar[type[Row]] = LabourRow

    total: int
    work: str = ""
    explanation: str = ""
    rows: tuple[LabourRow, ...] = ()


class Titled(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="table", tag_field="kind"
):
    """A table that says itself what its columns are: posts, certificates, a register of seals."""

    ROW: ClassVar[type[Row]] = TableRow

    columns: tuple[TableColumn, ...]
    explanation: str = ""
    rows: tuple[TableRow, ...] = ()
