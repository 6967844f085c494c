"""An Entry of the log as bytes out and bytes in; its verbs stand in `core/acts`.

The leaf is the stored JSON bytes, made once by `leaf` and never re-serialised to verify. Fields:
docs/log-format.md. No name and no free text is ever a field.
"""

from typing import Any, get_args

import msgspec
from msgspec import Struct

from noticeboard.core.acts import (
    Account,
    Act,
    Adopt,
    Appoint,
    Approve,
    Assess,
    Assign,
    Clear,
    Confirm,
    Dismiss,
    Erase,
    Establish,
    Extend,
    Genesis,
    Happen,
    Install,
    Key,
    Lose,
    Post,
    Publish,
    Redact,
    Return,
    Submit,
    Withdraw,
)
from noticeboard.core.parts import canonical
from noticeboard.core.problems import UNREADABLE, NotValid
from noticeboard.core.shapes import Shape

VERSION = 1


Action = (
    Genesis
    | Appoint
    | Dismiss
    | Key
    | Lose
    | Submit
    | Return
    | Approve
    | Publish
    | Withdraw
    | Redact
    | Extend
    | Erase
    | Confirm
    | Post
    | Install
    | Adopt
    | Establish
    | Account
    | Assign
    | Clear
    | Assess
    | Happen
)
NoticeAction = (
    Submit
    | Clear
    | Return
    | Approve
    | Publish
    | Withdraw
    | Redact
    | Extend
    | Erase
    | Confirm
    | Post
)
ACTS: dict[str, type[Act]] = {str(act.__struct_config__.tag): act for act in get_args(Action)}


def verb(action: Act) -> str:
    """Give the word of the log for an action: `submit`, `approve`, …"""
    return str(action.__struct_config__.tag)


class Entry(Struct, frozen=True, kw_only=True):
    """An action remembered: in which log, when, by whom, under which office and which rules.

    `at` is Unix seconds; `by` a person's number in this village, 0 for the clock; `rules` the hash
    (hex) of the stored bundle it was judged by.
    """

    log: str
    at: int
    by: int
    role: str
    rules: str
    action: Action


class Unknown(Struct, frozen=True):
    """An entry whose act this version does not know: it is skipped, and that is said."""

    log: str
    at: int
    act: str


_FIELDS = Shape(dict[str, Any])
_ENTRY = Shape(Entry)
_UNKNOWN = Shape(Unknown)
_ALWAYS = ("v", "log", "at", "by", "role", "rules")


def leaf(entry: Entry) -> bytes:
    """Write an entry as its leaf: the only place where leaf bytes are made."""
    fields: dict[str, Any] = msgspec.to_builtins(entry.action)
    fields.update(
        v=VERSION, log=entry.log, at=entry.at, by=entry.by, role=entry.role, rules=entry.rules
    )
    return canonical(fields)


def read(data: bytes) -> Entry | Unknown:
    """Read a leaf; raises NotValid for bytes that `leaf` would not have written."""
    try:
        fields = _FIELDS.of_json(data)
        head = {key: fields.pop(key) for key in _ALWAYS}
        if head.pop("v") != VERSION or fields["act"] not in ACTS:
            return _UNKNOWN.of_plain({**head, "act": fields["act"]})
        entry = _ENTRY.of_plain({**head, "action": fields})
    except (KeyError, TypeError, *UNREADABLE) as error:
        raise NotValid("这条记录读不懂。", value=str(error)) from None
    if leaf(entry) != data:
        raise NotValid("这条记录不是原样的字节。", value=data[:60].decode(errors="replace"))
    return entry


__all__ = [
    "ACTS",
    "VERSION",
    "Account",
    "Act",
    "Action",
    "Adopt",
    "Appoint",
    "Approve",
    "Assess",
    "Assign",
    "Clear",
    "Confirm",
    "Dismiss",
    "Entry",
    "Erase",
    "Establish",
    "Extend",
    "Genesis",
    "Happen",
    "Install",
    "Key",
    "Lose",
    "NoticeAction",
    "Post",
    "Publish",
    "Redact",
    "Return",
    "Submit",
    "Unknown",
    "Withdraw",
    "leaf",
    "read",
    "verb",
]
