"""Hinting: what to ask of a draft or an edition, with all that the village's own data say of it.

Everything is found anew whenever somebody looks, in the village's published notices, its registers
and the marks of rows; only what people say to it is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from noticeboard.board.board import in_force
from noticeboard.core import hinting
from noticeboard.core.days import day_of
from noticeboard.core.hinting import Kin, Look, Other, Supplier
from noticeboard.core.hints import Explained, Hint, HintRule
from noticeboard.core.notice import Ended
from noticeboard.core.particulars import Content, Kind, kind_of
from noticeboard.core.parts import join
from noticeboard.core.privacy import scan
from noticeboard.core.problems import Finding
from noticeboard.store import assignments, blobs, explanations, marks, notices, registers

# Which other notices a kind is held against; so many of them, the newest, are read.
_BESIDE: Final[Mapping[Kind, frozenset[str]]] = {
    "spending": frozenset({"spending", "project", "decision"}),
    "project": frozenset({"project", "decision"}),
    "subsidy": frozenset({"subsidy"}),
    "labour": frozenset({"labour"}),
}
_COMPARED: Final = frozenset[str]().union(*_BESIDE.values())
_LOOKED_BACK: Final = 400
_READ: Final = 80
# A hint that was answered in so many signs was answered at length.
MOST_TEXT: Final = 300


class Asked(Struct, frozen=True):
    """A hint with its rule, and what was said to it so far, "" of nothing."""

    hint: Hint
    rule: HintRule
    said: str = ""

    @property
    def published(self) -> bool:
        """Say whether what is said to it goes up with the notice."""
        return self.rule.answers == "published"


class Asks(Struct, frozen=True):
    """What is asked of a content, and the rules by which nothing could be: no limit is set."""

    asked: tuple[Asked, ...] = ()
    unset: tuple[HintRule, ...] = ()


def asks(
    tx: Connection, village: str, code: str, content: Content, at: int, said: Mapping[str, str]
) -> Asks:
    """Give what to ask of a content of the notice `code`; `said` is by the keys of hints."""
    where = look(tx, village, code, content, at)
    rules = where.rules.hints
    return Asks(asked(where, said), tuple(rules[id_] for id_ in hinting.unset(where)))


def asked(where: Look, said: Mapping[str, str]) -> tuple[Asked, ...]:
    """Give what to ask in a look, with what was said to it by the keys of hints."""
    rules = where.rules.hints
    found = hinting.hints(where)
    return tuple(Asked(hint, rules[hint.rule], said.get(hint.key, "")) for hint in found)


def look(
    tx: Connection,
    village: str,
    code: str,
    content: Content,
    at: int,
    read: Sequence[Other] | None = None,
) -> Look:
    """Gather everything that hints on a content are found in; `read` are notices read already."""
    _hash, rules = in_force(tx)
    kinds = _BESIDE.get(kind_of(content), frozenset())
    there = held(tx, village, kinds) if read is None else read
    others = tuple(one for one in there if one.code != code and kind_of(one.content) in kinds)
    return Look(
        rules=rules,
        pack=assignments.at(tx, village, at).pack,
        day=day_of(at).isoformat(),
        code=code,
        content=content,
        others=others,
        kin=[
            Kin(name=one.name, tie=one.tie, group=one.grp, identity=one.identity)
            for one in registers.kin_of(tx, village)
        ],
        suppliers=[
            Supplier(name=one.name, owner=one.owner) for one in registers.suppliers_of(tx, village)
        ],
        marks=marks.of_village(tx, village, {code, *(one.code for one in others)}),
    )


def held(tx: Connection, village: str, kinds: frozenset[str] = _COMPARED) -> list[Other]:
    """Give the newest notices of some kinds that were on the board and were not withdrawn."""
    found: list[Other] = []
    for notice in notices.shown(tx, village, _LOOKED_BACK) if kinds else ():
        edition = notice.current
        if edition is None or edition.kind not in kinds:
            continue
        if isinstance(edition.state, Ended) and edition.state.how == "withdrawn":
            continue
        bodies, _held = blobs.bodies_of(tx, village, edition.parts)
        stated = join(bodies)
        if stated is not None:
            found.append(Other(notice.code, stated.content))
        if len(found) == _READ:
            break
    return found


def said_in(typed: Mapping[str, Any]) -> dict[str, str]:
    """Give what a typed form says to hints, by their keys."""
    held = typed.get("explained")
    return {str(key): str(text) for key, text in held.items()} if isinstance(held, dict) else {}


def said_of(tx: Connection, village: str, code: str, content: Content | None) -> dict[str, str]:
    """Give what was said to the hints of a notice: with its content, and apart from it."""
    apart = {key: one.text for key, one in explanations.of_notice(tx, village, code).items()}
    return apart | {one.key: one.text for one in (content.explained or () if content else ())}


def explained(content: Content, asked: tuple[Asked, ...]) -> tuple[Content, dict[str, str]]:
    """Give a content with what is said to its hints, and what is said that is not for the public.

    What was said to a hint that is asked no more goes nowhere.
    """
    public = tuple(
        Explained(hint=one.hint.about, rows=one.hint.rows, text=one.said)
        for one in asked
        if one.said and one.published
    )
    kept = {one.hint.key: one.said for one in asked if not one.published}
    return replace(content, explained=public or None), kept


def keep(
    tx: Connection, village: str, code: str, kept: Mapping[str, str], at: int, by: int
) -> None:
    """Keep what was said apart of an edition's content in place of what was said of it before."""
    before = explanations.of_notice(tx, village, code)
    gone = {key: "" for key in before if key.partition("-")[0] in hinting.CHECKS}
    explanations.put(tx, village, code, {**gone, **kept}, at, by)


def wrong(kept: Mapping[str, str], content: Content) -> Iterator[Finding]:
    """Tell of explanations that are too long, and of numbers in those that nobody will see."""
    texts = {**kept, **{one.key: one.text for one in content.explained or ()}}
    for key, text in texts.items():
        if len(text) > MOST_TEXT:
            most: dict[str, str | int] = {"most": MOST_TEXT}
            yield Finding(
                "太长了，最多 {most} 个字。", "请核实的说明", args=most, field=f"explain.{key}"
            )
    yield from scan(("请核实的说明", text) for text in kept.values())
