"""Marks: what tells that two rows are of one person, without saying which number they have.

A mark is an HMAC under a key that stands outside database and backups. Each village has a key of
its own made from that one, so that nobody is followed from village to village. Without the key a
mark says nothing; with it one could try all numbers, so it is as secret as the numbers.
"""

import hmac
from hashlib import sha256
from typing import Literal

from msgspec import Struct

Sort = Literal["identity", "card"]
KEY = 32
_SHOWN = 32


class Marks(Struct, frozen=True):
    """What tells of a row's person: marks of the identity number and the bank card, "" of none."""

    identity: str = ""
    card: str = ""


def of_village(key: bytes, village: str) -> bytes:
    """Give a village's own key; nothing where there is no key."""
    return hmac.digest(key, b"village\x00" + village.encode(), sha256) if key else b""


def mark(key: bytes, sort: Sort, number: str) -> str:
    """Give the mark (lower-case hex) of a number, "" without a key or a number.

    A trailing x of an identity number is the same in either case; spaces and strokes do not count.
    """
    plain = "".join(sign for sign in number.lower() if sign.isalnum())
    if not (key and plain):
        return ""
    return hmac.digest(key, f"{sort}\x00{plain}".encode(), sha256).hex()[:_SHOWN]


def fingerprint(key: bytes) -> str:
    """Give what tells one key from another and nothing else of it."""
    return hmac.digest(key, b"fingerprint", sha256).hex()[:_SHOWN]
