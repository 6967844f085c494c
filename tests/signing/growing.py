"""A signer and a log that grows under it, for tests that go on from what the signer remembers."""

from pathlib import Path

from noticeboard.core.checkpoints import Checkpoint, open_checkpoint
from noticeboard.core.merkle import consistency
from noticeboard.core.notes import read_key
from noticeboard.signing.ed25519 import verify
from noticeboard.signing.signer import Signer, Signs
from tests.signing.logs import ORIGIN, Log, leaves

HONEST = Log(leaves(64))
# The same log up to leaf 10, then another history: what a rolled back board would write.
FORK = Log(leaves(10) + leaves(64, "forged")[10:])
# Of a log that nobody began here.
STRANGE = Log(leaves(8), "board.example/v/elsewhere")


def begun(folder: Path) -> tuple[Signer, str]:
    """Give a signer that has just begun the log, and its vkey."""
    signer = Signer(folder)
    return signer, signer.begin(ORIGIN)


def proof(old: int, new: int, log: Log = HONEST) -> tuple[bytes, ...]:
    """Prove that a log of `old` leaves is the beginning of the one of `new`."""
    return tuple(consistency(log.node, old, new))


def sign(signs: Signs, new: int, log: Log = HONEST) -> bytes:
    """Sign a size of a log from whatever the signer remembers."""
    state = signs.state(log.origin)
    old = state.size if state else 0
    path = proof(old, new, log) if old <= new else ()
    return signs.sign(log.origin, old, path, log.head(new))


def checked(note: bytes, *vkeys: str) -> Checkpoint:
    """Open a note as a reader who knows these keys does, each of which must have signed."""
    opened = open_checkpoint(note, [read_key(key) for key in vkeys], [], verify)
    assert set(vkeys) == {one.key.text for one in opened.log}
    return opened.checkpoint
