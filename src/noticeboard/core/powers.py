"""The list of powers: what a village may do to its people's affairs, step by step, and by whom."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from noticeboard.core.particulars import Kind
from noticeboard.core.sourced import Code, ItemId, Sourced, Span, Text

PowerCategory = Literal["重大决策", "项目采购", "三资", "财务", "惠民", "服务组织"]


class Said(Struct, frozen=True):
    """A sentence of the rules in both languages."""

    text: Text
    english: Text


class Actor(Struct, frozen=True, kw_only=True):
    """Who takes a step: a body, a meeting, an office, or somebody from outside."""

    name: Text
    english: Text


class Limit(Span, frozen=True, kw_only=True):
    """A number of days: at most (`within`), at least (`least`), or before what follows (`ahead`).

    `of` says of what, where the step alone does not. A `least` without it is how long the step's
    item stays up, of which the village's own pack has the last word.
    """

    sense: Literal["within", "least", "ahead"]
    of: Said | None = None


class Step(Struct, frozen=True, kw_only=True):
    """One step: who does what, what must be written down, in how many days, what is posted.

    `by` names actors, `publish` catalogue items. `basis` stands where the step itself rests on a
    text; any other rests on what the whole power rests on.
    """

    by: Annotated[tuple[Code, ...], Meta(min_length=1)]
    action: Said
    record: Said | None = None
    limits: tuple[Limit, ...] = ()
    publish: tuple[ItemId, ...] = ()
    basis: Sourced | None = None


class Actors(Struct, frozen=True, kw_only=True):
    """Who has which part in the use of a power; empty where nobody has it."""

    propose: tuple[Code, ...] = ()
    review: tuple[Code, ...] = ()
    decide: tuple[Code, ...] = ()
    execute: tuple[Code, ...] = ()
    supervise: tuple[Code, ...] = ()
    township: tuple[Code, ...] = ()


class Power(Sourced, frozen=True, kw_only=True):
    """A power with its steps. `thresholds` and `hints` name those of the packs and the hint list.

    Where `kinds` is not empty only notices of those kinds exercise it; a notice that names no
    catalogue item exercises it where its kind is one of `alone`.
    """

    name: Text
    english: Text
    category: PowerCategory
    trigger: Said
    actors: Actors
    steps: Annotated[tuple[Step, ...], Meta(min_length=1)]
    kinds: tuple[Kind, ...] = ()
    alone: tuple[Kind, ...] = ()
    thresholds: tuple[Code, ...] = ()
    risks: tuple[Said, ...] = ()
    hints: tuple[ItemId, ...] = ()


class Line(Struct, frozen=True, kw_only=True):
    """One line of a reading: its name and the powers it puts together."""

    name: Text
    english: Text
    powers: Annotated[tuple[ItemId, ...], Meta(min_length=1)]


class Reading(Sourced, frozen=True, kw_only=True):
    """A list as a place reads it: lines that put several powers together, `label` says by whom."""

    name: Text
    english: Text
    label: Said
    lines: Annotated[tuple[Line, ...], Meta(min_length=1)]


def items_of(power: Power) -> tuple[str, ...]:
    """Give the catalogue items by which a power's use becomes public, in the order of its steps."""
    return tuple(dict.fromkeys(item for step in power.steps for item in step.publish))


def exercised(powers: Mapping[str, Power], item: str | None, kind: str) -> tuple[str, ...]:
    """Give the codes of the powers that a notice exercises, by its catalogue item and its kind.

    A zero report exercises none.
    """
    if kind == "nil":
        return ()
    return tuple(code for code, power in powers.items() if _exercises(power, item, kind))


def _exercises(power: Power, item: str | None, kind: str) -> bool:
    if not item:
        return kind in power.alone
    return item in items_of(power) and (not power.kinds or kind in power.kinds)
