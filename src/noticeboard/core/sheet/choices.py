"""What a clerk decided about a workbook, and what the board knows of the village it is for."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from noticeboard.core.masking import Masking
from noticeboard.core.sheet.headers import SheetKind

Flow = Literal["income", "expense"]
Unit = Literal["yuan", "wan"]


class SheetChoice(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Decisions about one table of a workbook, as JSON between the preview and the importer.

    `sheet` is the sheet's name as Excel shows it, `table` counts its tables from the top. Columns
    are named by letters, cells as `E17`, rows by the number that Excel shows. `columns` gives a
    field of the kind (`Headers.fields`) or `drop`; `dates` an ISO day for a cell; `explained` the
    words that are published beside a sum that does not add up; `hidden_rows` names the hidden rows
    that are left out, each with the reason that is published.
    """

    sheet: str
    table: int = 1
    kind: SheetKind | Literal["skip"] | None = None
    columns: dict[str, str] = {}
    units: dict[str, Unit] = {}
    flows: dict[str, Flow] = {}
    dates: dict[str, str] = {}
    explained: dict[str, str] = {}
    hidden_rows: dict[str, str] = {}

    @property
    def lasting(self) -> "SheetChoice":
        """Give what holds for the next sheet of the same layout: how its columns are read."""
        return replace(self, dates={}, explained={}, hidden_rows={})

    def over(self, before: "SheetChoice") -> "SheetChoice":
        """Give these decisions, and those of `before` where nothing else was decided."""
        return replace(
            self,
            kind=self.kind or before.kind,
            columns=before.columns | self.columns,
            units=before.units | self.units,
            flows=before.flows | self.flows,
        )


class Choices(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """All decisions about a workbook; `kind` is what its sheets are where none has its own."""

    sheets: tuple[SheetChoice, ...] = ()
    kind: SheetKind | None = None

    def of(self, sheet: str, table: int = 1) -> SheetChoice:
        """Give what was decided about a table of a sheet; nothing decided is a choice too."""
        found = (c for c in self.sheets if (c.sheet, c.table) == (sheet, table))
        return next(found, SheetChoice(sheet=sheet, table=table))


class About(Struct, frozen=True, kw_only=True):
    """What is known before a workbook is read: the village's name and those of its groups.

    `at` is when it is read (Unix seconds), for days that cannot have been yet. `remembered` gives
    by the fingerprint of a layout what was decided when a sheet of that layout came last.
    `masking` says what of people may be public; without it only what `Headers.programmes` names is
    taken with names.
    """

    village: str
    groups: tuple[str, ...] = ()
    at: int | None = None
    remembered: Mapping[str, SheetChoice] = {}
    masking: Masking | None = None
    # The village's key for marks of rows; it stays in memory, in the child that reads as here.
    matching: bytes = b""
