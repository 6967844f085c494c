"""Keys of the public vectors and notes made with them, for the tests of the log's formats."""

import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from noticeboard.core.checkpoints import Checkpoint
from noticeboard.core.merkle import Frontier, leaf_hash
from noticeboard.core.notes import COSIGNATURE, ED25519, Key, Note, signature

VECTORS = Path(__file__).parent / "vectors"
KNOWN: dict[str, Any] = json.loads((VECTORS / "vectors.json").read_text("utf-8"))
ORIGIN = "board.example/village/1"
AT = 1_767_225_600


def verify(public: bytes, message: bytes, made: bytes) -> bool:
    """Check an Ed25519 signature."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(made, message)
    except InvalidSignature:
        return False
    return True


def key(name: str, kind: int, seed: bytes) -> tuple[Key, Callable[[bytes], bytes]]:
    """Give a public key and what signs with the private one."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return Key(name, kind, private.public_key().public_bytes_raw()), private.sign


LOG, LOG_SIGNS = key(ORIGIN, ED25519, sha256(b"TEST log key").digest())
OTHER, OTHER_SIGNS = key(ORIGIN, ED25519, sha256(b"another key of the log").digest())
W1, W1_SIGNS = key("hall-kiosk.example/w1", COSIGNATURE, sha256(b"TEST witness 1").digest())
W2, W2_SIGNS = key("next-village.example/w2", COSIGNATURE, sha256(b"TEST witness 2").digest())


def noted(text: bytes, *others: Any) -> Note:
    """Sign a text as the log, with more signatures behind."""
    return Note(text, (signature(LOG, LOG_SIGNS, text), *others))


class Grown:
    """A log grown leaf by leaf: what is stored of it, and its checkpoint at each size."""

    def __init__(self, size: int, salt: bytes = b"") -> None:
        frontier, self.nodes = Frontier(), dict[tuple[int, int], bytes]()
        self.leaves = [b'{"n":%d}' % n + salt for n in range(size)]
        self.heads = [Checkpoint(ORIGIN, 0, frontier.root())]
        for leaf in self.leaves:
            made = frontier.append(leaf_hash(leaf))
            self.nodes.update(((level, at), hash_) for level, at, hash_ in made)
            self.heads.append(Checkpoint(ORIGIN, frontier.size, frontier.root()))

    def read(self, level: int, index: int) -> bytes:
        """Give a stored node, as a database would."""
        return self.nodes[level, index]


def lines(hashes: Sequence[bytes]) -> str:
    """Write hashes as they stand in proofs."""
    return "".join(f"{b64encode(one).decode()}\n" for one in hashes)
