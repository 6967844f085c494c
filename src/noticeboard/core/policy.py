"""A policy: which log, which witnesses, and how many of them make a quorum (C2SP tlog-policy)."""

from collections.abc import Collection, Mapping
from typing import Final

import msgspec
from msgspec import Struct

from noticeboard.core.checkpoints import read_size
from noticeboard.core.notes import COSIGNATURE, ED25519, Key, read_key
from noticeboard.core.problems import NotValid

NONE: Final = "none"


class Witness(Struct, frozen=True):
    """A witness by the policy's own word for it; `url` is its submission prefix, "" for none.

    One without an address comes by itself (it may be behind NAT).
    """

    name: str
    key: Key
    url: str = ""


class Group(Struct, frozen=True):
    """Some members (witnesses or groups) of which `least` must agree."""

    name: str
    least: int
    members: tuple[str, ...]


class Policy(Struct, kw_only=True):
    """Logs with their addresses, witnesses, groups, and the name of what makes the quorum."""

    logs: list[tuple[Key, str]] = msgspec.field(default_factory=list)
    witnesses: dict[str, Witness] = msgspec.field(default_factory=dict)
    groups: dict[str, Group] = msgspec.field(default_factory=dict)
    quorum: str = NONE

    @property
    def keys(self) -> list[Key]:
        """Give the witnesses' keys."""
        return [witness.key for witness in self.witnesses.values()]

    def met(self, agreed: Collection[Key]) -> bool:
        """Say whether those who cosigned make the quorum; with `none` nobody is needed."""
        return self.quorum == NONE or self._met(self.quorum, agreed)

    def _met(self, name: str, agreed: Collection[Key]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name].key in agreed
        group = self.groups[name]
        return sum(self._met(member, agreed) for member in group.members) >= group.least


def read_policy(text: str) -> Policy:
    """Read a policy file; raises NotValid with the line that cannot be taken.

    Lines: `log <vkey> [url]`, `witness <name> <vkey> [url]`, `group <name> all|any|<k> <member>…`,
    `quorum <name>|none`; `#` begins a comment; what is named must stand above.
    """
    policy, members, said = Policy(), set[str](), False
    for number, line in enumerate(text.split("\n"), 1):
        words = line.partition("#")[0].replace("\t", " ").split(" ")
        words = [word for word in words if word]
        try:
            match words:
                case []:
                    continue
                case ["log", key, *url] if len(url) <= 1:
                    policy.logs.append((_key(key, ED25519), "".join(url)))
                case ["witness", name, key, *url] if len(url) <= 1:
                    _new(policy, name)
                    policy.witnesses[name] = Witness(name, _key(key, COSIGNATURE), "".join(url))
                case ["group", name, least, *inside] if inside:
                    _new(policy, name)
                    policy.groups[name] = _group(policy, name, least, inside, members)
                case ["quorum", name] if not said:
                    said, policy.quorum = True, name
                    if name != NONE and not _known(policy, name):
                        _refuse("前面没有这个名字。", name)
                case _:
                    _refuse("这一行看不懂。", " ".join(words))
        except NotValid as problem:
            first = problem.findings[0]
            where = f"第 {number} 行"
            raise NotValid(first.text, where=where, value=first.value, fix=first.fix) from None
    if not said:
        raise NotValid("没有写要几家核对。", fix="请加一行，例如 quorum none。")
    return policy


def _refuse(text: str, value: str) -> None:
    raise NotValid(text, value=value[:120])


def _key(text: str, kind: int) -> Key:
    key = read_key(text)
    if key.kind != kind:
        _refuse("这把公钥不是这个用处的。", text)
    return key


def _known(policy: Policy, name: str) -> bool:
    return name in policy.witnesses or name in policy.groups


def _new(policy: Policy, name: str) -> None:
    if name == NONE or _known(policy, name):
        _refuse("这个名字用过了。", name)


def _group(policy: Policy, name: str, least: str, inside: list[str], members: set[str]) -> Group:
    needed: Mapping[str, int] = {"all": len(inside), "any": 1}
    count = needed[least] if least in needed else read_size(least)
    if not 1 <= count <= len(inside):
        _refuse("要几家，写得不对。", least)
    for member in inside:
        if not _known(policy, member) or member in members:
            _refuse("成员要在前面写过，并且只属于一组。", member)
        members.add(member)
    return Group(name, count, tuple(inside))
