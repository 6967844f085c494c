"""请核实: rules by which figures ask for a second look; what they find accuses nobody."""

from typing import Literal

from msgspec import field

from noticeboard.core.sourced import Code, Sourced, Text


class HintRule(Sourced, frozen=True, kw_only=True):
    """One rule: its question, what it needs, its thresholds, and who may read the answer.

    `answers` is `published` where the explanation goes up with the notice, `kept` where it stays
    with reviewer and township, as all that speaks of persons does. Thresholds are integers: days,
    fen, per mille, or counts, as their name ends.
    """

    name: Text
    english: Text
    asks: Text
    needs: Text
    answers: Literal["published", "kept"]
    soft: bool = False
    thresholds: dict[Code, int] = field(default_factory=dict)
