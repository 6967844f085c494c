"""What types do not say of rules: days that exist, shares of a whole, codes that are there."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from yaml.nodes import MappingNode, Node, SequenceNode

from noticeboard.core.packs import DEFAULT, Deadline, Quorum
from noticeboard.core.periods import RHYTHMS
from noticeboard.core.rules import CatalogueItem

# A fault of a field: which field, what it is, which word, what to write.
Fault = tuple[str, str, str, str]
# A fault at a node: where, what it is, which word, what to write, and what stands in that sentence.
Stray = tuple[Node, str, str, str, dict[str, str]]

_RHYTHMS: Final = (*RHYTHMS, "event", "term", "long-term")
_LISTED: Final = "只能写：{allowed}。"
_ITEM: Final = "写公开目录里的编号，例如 D17；或者 {allowed}。"
_SHARE: Final = re.compile(r"(>=?)([0-9])/([0-9])")
# The pack that every other one stands on in the end.
_ROOT: Final = "national"
# A leap year: the 29th of February is a day.
_LEAP: Final = 2024


def within(of: type, values: Mapping[str, Any]) -> Iterator[Fault]:
    """Tell what is wrong inside one record, by its fields; what could not be read is None."""
    if of is Deadline:
        yield from _deadline(values)
    elif of is Quorum:
        shares = [("attended", it) for it in values.get("attended") or ()]
        for field, share in [*shares, ("passed", values.get("passed"))]:
            if share and _more_than_all(share):
                yield field, "这个份数比全部还多。", share, "例如 >=2/3 members。"
    elif of is CatalogueItem:
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            yield "until", "停用的年份早于开始的年份。", str(until), ""


def _deadline(values: Mapping[str, Any]) -> Iterator[Fault]:
    on = values.get("on")
    if on and not _exists(on):
        yield "on", "没有这一天。", on, "写月和日，例如 04-08。"
    if on and values.get("days"):
        yield "days", "写了 on（哪一天），就不能再写 days（几天）。", "", "请删掉一个。"
    if values.get("before") and not values.get("event"):
        yield "before", "写了 before，还要写 event：在什么事以前。", "", "例如 event: assembly。"


def _exists(month_day: str) -> bool:
    try:
        date.fromisoformat(f"{_LEAP}-{month_day}")
    except ValueError:
        return False
    return True


def _more_than_all(share: str) -> bool:
    """Say whether nobody could ever reach a share: more than all, or 5/4 of them."""
    sign, part, whole = _SHARE.match(share).groups()  # type: ignore[union-attr]  # the type has it
    return int(part) > int(whole) or (sign == ">" and part == whole)


def across(found: Mapping[str, Any], nodes: Mapping[str, Any]) -> Iterator[Stray]:
    """Tell which codes that packs, powers and hints name are nowhere."""
    packs: Mapping[str, tuple[Node, Node]] = nodes.get("packs", {})
    parents = {code: (pack or {}).get("parent", "") for code, pack in found["packs"].items()}
    for code, (key, pack) in packs.items():
        yield from _parent(code, parents, key, pack)
        yield from _pack(found["catalogue"], pack)
    limits = {
        code for pack in found["packs"].values() for code in (pack or {}).get("thresholds", ())
    }
    for section, table in (("powers", "thresholds"), ("hints", "packs")):
        for _key, rule in nodes.get(section, {}).values():
            for _same, named in _under(rule, table):
                if named.value not in limits and packs:
                    listed = {"allowed": "、".join(sorted(limits))}
                    yield named, "没有哪个规则包写了这个限额。", named.value, _LISTED, listed


def _parent(code: str, parents: Mapping[str, str], key: Node, pack: Node) -> Iterator[Stray]:
    """Check that a pack stands on another, and so on down to that of the country."""
    stated = next((value for name, value in _pairs(pack) if name.value == "parent"), None)
    above = parents[code]
    if stated is None:
        if code != _ROOT:
            yield key, "没有写上一级。", "", "例如 parent: national。", {}
        return
    if above not in parents:
        yield stated, "没有这个规则包。", stated.value, _LISTED, {"allowed": "、".join(parents)}
        return
    seen = {code}
    while above:
        if above in seen:
            yield stated, "规则包的上一级绕成了一圈。", "", "上一级要一直通到 national。", {}
            return
        seen.add(above)
        above = parents.get(above, "")


def _pack(catalogue: Mapping[str, Any], pack: Node) -> Iterator[Stray]:
    """Check the keys of a pack's tables against the catalogue."""

    def item(key: str) -> bool:
        return key in catalogue

    def of_one(key: str) -> bool:
        return key.partition("-")[0] in catalogue

    def due(key: str) -> bool:
        of, _, rhythm = key.partition("-")
        return item(key) or key in _RHYTHMS or (item(of) and rhythm in _RHYTHMS)

    def or_default(fits: Callable[[str], bool]) -> Callable[[str], bool]:
        return lambda key: key == DEFAULT or fits(key)

    tables = {
        "cadences": (item, ""),
        "deadlines": (due, "、".join(_RHYTHMS)),
        "notices": (or_default(of_one), DEFAULT),
        "stays": (or_default(item), DEFAULT),
        "retention": (or_default(item), DEFAULT),
    }
    for table, (fits, besides) in tables.items():
        for key, _value in _under(pack, table):
            if not fits(key.value):
                fix = _ITEM if besides else "写公开目录里的编号，例如 D17。"
                yield key, "目录里没有这一项。", key.value, fix, {"allowed": besides}


def _pairs(node: Node) -> list[tuple[Node, Node]]:
    return node.value if isinstance(node, MappingNode) else []


def _under(node: Node, name: str) -> Iterator[tuple[Node, Node]]:
    """Give the pairs of a table that stands under a name; of a list each word, twice."""
    for key, value in _pairs(node):
        if key.value == name:
            if isinstance(value, SequenceNode):
                yield from ((one, one) for one in value.value)
            else:
                yield from _pairs(value)
