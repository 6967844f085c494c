"""Ed25519 (RFC 8032): signatures checked and made, and public keys that no one should trust."""

from collections.abc import Iterable
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from noticeboard.core.notes import Key, read_key
from noticeboard.core.problems import NotValid

SEED: Final = 32
_P: Final = 2**255 - 19
_D: Final = -121665 * pow(121666, -1, _P) % _P
# The y of the points of order 1, 2, 4 and 8. Under such a key one signature fits many messages.
_EIGHTH: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL: Final = frozenset({0, 1, _P - 1, _EIGHTH, _P - _EIGHTH})


class Private:
    """A private key: 32 bytes of seed that only its file and this object hold."""

    def __init__(self, seed: bytes) -> None:
        """Take a seed of 32 bytes; raises ValueError for another length."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, message: bytes) -> bytes:
        """Give the 64 bytes of the signature: always the same ones for the same message."""
        return self._key.sign(message)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether a signature of 64 bytes is by the holder of a public key of 32 bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_sound(public: bytes) -> bool:
    """Say whether a public key is a point of the curve, written in its one way, of large order."""
    y = int.from_bytes(public, "little") & ((1 << 255) - 1)
    if len(public) != SEED or y >= _P or y in _SMALL:
        return False
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    return pow(square, (_P - 1) // 2, _P) == 1


def refuse_weak(keys: Iterable[Key]) -> None:
    """Refuse keys under which anybody could sign; call it wherever a person configures keys.

    Raises NotValid naming the first such key.
    """
    for key in keys:
        if not is_sound(key.public):
            raise NotValid(
                "这把公钥不能用，谁都能冒充它。", value=key.text, fix="请向对方另要一把。"
            )


def read_trusted(text: str) -> Key:
    """Read a verifier key that somebody is to be trusted by; raises NotValid."""
    key = read_key(text)
    refuse_weak([key])
    return key
