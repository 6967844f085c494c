"""The list of powers: what a village may do to its people's affairs, step by step, and by whom."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from noticeboard.core.sourced import ItemId, Sourced, Text


class Step(Struct, frozen=True, kw_only=True):
    """One step: who does what, what must be written down, within how many days, what is posted.

    `publish` names catalogue items; `days` is 0 where no limit is known.
    """

    actor: tuple[Text, ...]
    action: Text
    english: Text
    record: str = ""
    days: Annotated[int, Meta(ge=0)] = 0
    unit: Literal["day", "working-day"] = "day"
    publish: tuple[ItemId, ...] = ()


class Power(Sourced, frozen=True, kw_only=True):
    """A power with its steps. `thresholds` and `hints` name those of the packs and the hint list.

    `items` are the catalogue items by which its use becomes public: a notice on one exercises it.
    """

    name: Text
    english: Text
    category: Literal["重大决策", "项目采购", "三资", "财务", "惠民", "服务组织"]
    trigger: str = ""
    actors: dict[
        Literal["propose", "review", "decide", "execute", "supervise", "township"], Text
    ] = field(default_factory=dict)
    steps: Annotated[tuple[Step, ...], Meta(min_length=1)]
    items: Annotated[tuple[ItemId, ...], Meta(min_length=1)]
    thresholds: tuple[Text, ...] = ()
    risks: tuple[Text, ...] = ()
    hints: tuple[ItemId, ...] = ()


class Reading(Sourced, frozen=True, kw_only=True):
    """A list as a place reads it: lines that put several powers together, `label` says by whom."""

    name: Text
    english: Text
    label: str = ""
    lines: dict[Text, tuple[ItemId, ...]]
