"""Accusing: which witness stopped a log, with how many entries; and which answer what cannot be.

A witness that showed our own signature stopped the log with it. One that answered anything else
that cannot be true is named until it agrees again. Both are kept for every process to say.
"""

from hashlib import sha256

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.board.board import Board
from noticeboard.board.checkpoints import policy_of
from noticeboard.core.notes import Note, signed_by
from noticeboard.core.people import Village
from noticeboard.core.policy import Witness
from noticeboard.core.problems import UNREADABLE
from noticeboard.core.shapes import Shape
from noticeboard.signing.ed25519 import verify
from noticeboard.store import screens

# The settings that say who stopped a log, and what a witness answered of it. The keys of settings
# are short, the names of witnesses are not.
_STOPPED_BY = "stopped by {}"
_WRONG = "wrong witness {}"


class Stopper(Struct, frozen=True):
    """Who showed a head that this log signed and does not hold; of how many entries; and had here.

    `names` are the policy's words for witnesses, none where it was somebody else.
    """

    origin: str
    names: tuple[str, ...]
    size: int
    here: int

    @property
    def sentence(self) -> str:
        """Say it in Chinese, for whoever reads the reason of a log that stands still."""
        who = f"见证“{'、'.join(self.names)}”" if self.names else "有人"
        return f"{who}拿出了签过名的 {self.size} 条，这里有 {self.here} 条。"


_STOPPER = Shape(Stopper)


def stopped(tx: Connection, village: Village, note: Note, size: int, by: str = "") -> None:
    """Remember who stopped a log: the witness `by` that was asked, else those who cosigned it."""
    policy = policy_of(tx)
    signed = {one.key for one in signed_by(note, policy.keys, verify)}
    cosigned = tuple(one.name for one in policy.witnesses.values() if one.key in signed)
    told = Stopper(village.origin, (by,) if by else cosigned, size, village.size)
    screens.tell(tx, _STOPPED_BY.format(village.code), msgspec.json.encode(told).decode())


def stopper(tx: Connection, village: Village) -> Stopper | None:
    """Give who last stopped a village's log, None where nobody outside did."""
    said = screens.told(tx, _STOPPED_BY.format(village.code))
    try:
        found = _STOPPER.of_json(said.encode()) if said else None
    except UNREADABLE:
        return None
    return found if found and found.origin == village.origin else None


def wrong(tx: Connection, village: str) -> dict[str, str]:
    """Give the witnesses of the policy that answered wrongly of a village's log, and what."""
    witnesses = policy_of(tx).witnesses.values()
    said = {one.name: screens.told(tx, _key(village, one)) for one in witnesses}
    return {name: why for name, why in said.items() if why}


def answered(board: Board, village: str, witness: Witness, why: str) -> None:
    """Remember what a witness answered that cannot be, "" once it has agreed."""
    key = _key(village, witness)
    with board.database.read() as tx:
        before = screens.told(tx, key) or ""
    if before == why:
        return
    with board.database.write() as tx:
        screens.forget(tx, key, before)
        if why:
            screens.tell(tx, key, why)


def _key(village: str, witness: Witness) -> str:
    return _WRONG.format(sha256(f"{village} {witness.key.text}".encode()).hexdigest()[:32])
