"""请核实: rules by which figures ask for a second look; what they find accuses nobody."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from noticeboard.core.sourced import Code, ItemId, Sourced, Text

# Keys are names of form fields and of rows in a table.
_LONGEST = 80

Unit = Literal["fen", "day", "month", "year", "second", "permille", "count"]


class Said(Struct, frozen=True, kw_only=True):
    """A sentence in both languages, with the same places `{amount}` in each."""

    text: Text
    english: Text


class Limit(Sourced, frozen=True, kw_only=True):
    """A number of a rule, with what it is called and what it counts: fen, days, per mille, …"""

    name: Text
    english: Text
    n: Annotated[int, Meta(ge=0)]
    unit: Unit


class HintRule(Sourced, frozen=True, kw_only=True):
    """One rule: what it asks, what it needs, its numbers, and who may read the answer.

    `asks` is what a writer is told, one sentence for each case that the rule knows. `answers` is
    `published` where the explanation goes up with the notice, `kept` where it stays with reviewer
    and township, as all that speaks of persons does. `lacks` is what the rule would need beyond
    what notices carry; a rule without `asks` needs nothing else and is never asked. `packs` are
    limits of the place that it goes by, `programmes` those it is about, `exclusive` sets of
    programmes of which nobody has two. What is `soft` is a remark on figures and proves nothing.
    """

    name: Text
    english: Text
    asks: dict[Code, Said] = field(default_factory=dict)
    needs: Said
    lacks: Said | None = None
    answers: Literal["published", "kept"]
    soft: bool = False
    thresholds: dict[Code, Limit] = field(default_factory=dict)
    packs: tuple[Code, ...] = ()
    words: dict[Code, tuple[Text, ...]] = field(default_factory=dict)
    programmes: tuple[Code, ...] = ()
    exclusive: dict[Code, tuple[Code, ...]] = field(default_factory=dict)


class Applied(Sourced, frozen=True, kw_only=True):
    """A number that was held against figures, with its source: of the rule or of the place."""

    name: str
    english: str
    n: int
    unit: Unit


class Explained(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a writer says to a hint, published with the notice: about which case, which rows."""

    hint: str
    rows: tuple[int, ...] = ()
    text: str

    @property
    def key(self) -> str:
        """Give the key of the hint that it answers."""
        return key_of(self.hint, self.rows)


def key_of(about: str, rows: Sequence[int]) -> str:
    """Name a hint as long as it is about the same rows: `F03-voucher.4-9`.

    Very many rows are named by the first of them and a short hash.
    """
    listed = "-".join(map(str, rows))
    if len(listed) > _LONGEST:
        listed = f"{rows[0]}x{sha256(listed.encode()).hexdigest()[:16]}"
    return f"{about}.{listed}"


class Hint(Struct, frozen=True, kw_only=True):
    """Something to look at again: which rule and case, which rows, by which numbers.

    `said` fills the places of the case's sentence. `elsewhere` are rows of other notices that it
    is about as well, each by the notice's code; row 0 is the whole of it.
    """

    rule: ItemId
    case: Code
    rows: tuple[int, ...] = ()
    said: Mapping[str, str | int] = field(default_factory=dict)
    limits: tuple[Applied, ...] = ()
    elsewhere: tuple[tuple[str, int], ...] = ()

    @property
    def key(self) -> str:
        """Name it, as `key_of` does."""
        return key_of(self.about, self.rows)

    @property
    def about(self) -> str:
        """Name its rule and case: `F03-voucher`."""
        return f"{self.rule}-{self.case}"
