"""Plain words beside every account: 管理费用 is what the village office costs."""

import re
from collections.abc import Mapping

from msgspec import Struct

from noticeboard.core.rules import PlainWords
from noticeboard.show.texts import Text, Words, text

# 管理费用-办公费 is an account below another: the last name that is known says most.
_LEVELS = re.compile(r"[-—–/\\>＞：:_·\s]+")


class Term(Struct, frozen=True):
    """An account as the books call it, and what it is in plain words."""

    name: str
    plain: Words


Accounts = Mapping[str, PlainWords]


def meaning(accounts: Accounts, account: str) -> PlainWords | None:
    """Give what an account means, by its last level that is known; None where none is."""
    levels = [level for level in _LEVELS.split(account) if level]
    exact = next((accounts[level] for level in reversed(levels) if level in accounts), None)
    if exact is not None or not levels:
        return exact
    # 其他管理费用 and 管理费用（三组） are kinds of 管理费用; the longest name inside says most.
    inside = [name for name in accounts if name in account]
    return accounts[max(inside, key=len)] if inside else None


def plain(accounts: Accounts, account: str) -> Words:
    """Give an account's plain words in both languages, or nothing."""
    found = meaning(accounts, account)
    return Text(found.plain, english=found.english) if found else ""


def beside(accounts: Accounts, account: str) -> Words:
    """Give an account with its plain words behind it: 管理费用，就是村里办公、开会花的钱."""
    said = plain(accounts, account)
    return text("{account}，就是{plain}", account=account, plain=said) if said else account


def terms(accounts: Accounts, named: list[str]) -> tuple[Term, ...]:
    """Give each account that is named once, in its order, with its plain words, where known."""
    once = dict.fromkeys(name for name in named if name)
    return tuple(Term(name, said) for name in once if (said := plain(accounts, name)))
