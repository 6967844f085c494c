"""The code on a QR slip and the fingerprint beside it, in Crockford's base32.

The alphabet has no I, L, O and U, so that a person can read a slip aloud. Randomness and hashes
come from the caller.
"""

import re
import unicodedata
from typing import Final

from noticeboard.core.problems import NotValid

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH: Final = 8
FINGERPRINT_BITS: Final = 128  # a poster chooses both texts, so less falls to a birthday search

_CODE = re.compile(f"[{ALPHABET}]{{{CODE_LENGTH}}}")
_MISREAD = str.maketrans("ILO", "110", " -")
# What a QR's alphanumeric mode can hold of an address: a path keeps its case, so none may follow.
_PUBLIC_URL = re.compile(r"(https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]{1,5})?)/?")


def is_code(text: str) -> bool:
    """Say whether `text` is a notice's code exactly as it is printed."""
    return _CODE.fullmatch(text) is not None


def normal(text: str) -> str:
    """Give what a person typed or scanned as it would be printed; it may still not be a code.

    Full-width letters become plain, small ones large, I and L become 1, O becomes 0, and spaces
    and hyphens go: Crockford's rules for reading.
    """
    return unicodedata.normalize("NFKC", text).upper().translate(_MISREAD)


def code_from(random_bytes: bytes) -> str:
    """Make a code of the first 40 bits of the caller's randomness.

    Raises ValueError when there are fewer than 5 bytes.
    """
    if len(random_bytes) < 5:  # noqa: PLR2004 - 8 characters of 5 bits
        raise ValueError("A code needs 5 random bytes")
    return _base32(int.from_bytes(random_bytes[:5]), CODE_LENGTH)


def number_of(code: str) -> int:
    """Give the 40 bits of a code as a number, for an index that finds by number only."""
    return sum(ALPHABET.index(sign) << 5 * place for place, sign in enumerate(reversed(code)))


def fingerprint(leaf_hash: bytes) -> str:
    """Give the first 128 bits of a leaf's SHA-256 hash as 26 characters.

    The bits are one big-endian number, zeros in front, so the first character is never above 7.
    Raises ValueError when it is not 32 bytes.
    """
    if len(leaf_hash) != 32:  # noqa: PLR2004 - SHA-256
        raise ValueError("A leaf's hash has 32 bytes")
    return _base32(int.from_bytes(leaf_hash[: FINGERPRINT_BITS // 8]), 26)


def qr_url(public_url: str, code: str, leaf_hash: bytes) -> str:
    """Give the address a slip's QR holds: `<PUBLIC URL>/N/<CODE>/<26 characters>`, all upper case.

    Raises NotValid when the public address is more than scheme, host and port, or has characters
    that the small QR mode lacks; ValueError when the code or the hash is not one.
    """
    address = _PUBLIC_URL.fullmatch(public_url)
    if address is None:
        raise NotValid(
            "公开网址不能印进二维码",
            value=public_url,
            fix="请写成 https://board.example.cn 这样，只有域名，可以带端口，后面不带路径。",
        )
    if not is_code(code):
        raise ValueError(f"Not a code: {code}")
    return f"{address[1].upper()}/N/{code}/{fingerprint(leaf_hash)}"


def _base32(number: int, length: int) -> str:
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))
