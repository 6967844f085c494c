"""Ed25519: the published vectors, and public keys under which anybody could sign."""

import json
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from noticeboard.core.notes import COSIGNATURE, ED25519, Key, read_key, read_note, signed_by
from noticeboard.core.problems import NotValid
from noticeboard.signing.ed25519 import Private, is_sound, read_trusted, verify

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P

# RFC 8032 section 7.1: seed, public key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
]
NOTE = """This is an example message.

— example.com/foo \
Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
""".encode()
NOTE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"


@pytest.mark.parametrize(("seed", "public", "message", "made"), RFC_8032)
def test_the_vectors_of_the_rfc(seed: str, public: str, message: str, made: str) -> None:
    """Sign, verify, and refuse each flipped bit of the signature and another message."""
    private = Private(bytes.fromhex(seed))
    said, signature = bytes.fromhex(message), bytes.fromhex(made)
    assert public == private.public.hex()
    assert signature == private.sign(said)
    assert verify(private.public, said, signature)
    assert not verify(private.public, said + b"!", signature)
    for bit in range(512):
        flipped = int.from_bytes(signature) ^ (1 << bit)
        assert not verify(private.public, said, flipped.to_bytes(64))


def test_the_example_of_signed_note_verifies() -> None:
    """The note of the C2SP specification under its own key."""
    (signed,) = signed_by(read_note(NOTE), [read_trusted(NOTE_KEY)], verify)
    assert "example.com/foo" == signed.key.name


@pytest.mark.parametrize(
    ("public", "signature"), [(b"", b""), (b"\1" * 31, b""), (b"", b"\1" * 64)]
)
def test_wrong_lengths_verify_nothing(public: bytes, signature: bytes) -> None:
    """They are an answer, not an error."""
    assert not verify(public, b"x", signature)
    assert not verify(Private(b"\1" * 32).public, b"x", signature)


def points_of_small_order() -> list[bytes]:
    """Compute the encodings of all points whose eightfold is the neutral one."""
    found = {0, 1, P - 1}  # orders 4, 1 and 2
    # Doubling gives y' = (y² + x²) / (1 - d x² y²), and order 8 doubles to order 4, where y' = 0.
    # With x² = -y² the curve -x² + y² = 1 + d x² y² reads d y⁴ + 2 y² - 1 = 0.
    for root in (_sqrt(4 + 4 * D), -_sqrt(4 + 4 * D)):
        square = (-2 + root) * pow(2 * D, -1, P) % P
        if pow(square, (P - 1) // 2, P) == 1:
            found |= {_sqrt(square), P - _sqrt(square)}
    return [(y | bit << 255).to_bytes(32, "little") for y in found for bit in (0, 1)]


def _sqrt(square: int) -> int:
    root = pow(square, (P + 3) // 8, P)
    if root * root % P != square % P:
        root = root * pow(2, (P - 1) // 4, P) % P
    assert root * root % P == square % P
    return root


def test_keys_of_small_order_are_refused_where_keys_are_configured() -> None:
    """All ten; under the neutral point a signature made without a key fits any message."""
    weak = points_of_small_order()
    assert 10 == len(set(weak))
    assert not any(is_sound(public) for public in weak)
    neutral = (1).to_bytes(32, "little")
    forged = neutral + bytes(32)
    assert verify(neutral, b"anything", forged)
    assert verify(neutral, b"anything else", forged)
    for kind in (ED25519, COSIGNATURE):
        text = Key("board.example/v/1", kind, neutral).text
        assert neutral == read_key(text).public
        with pytest.raises(NotValid, match="谁都能冒充"):
            read_trusted(text)


def test_keys_that_are_no_point_or_written_in_a_second_way_are_refused() -> None:
    """A y beyond the field, points off the curve, other lengths; real keys all pass."""
    for y in range(P, 2**255):
        assert not is_sound(y.to_bytes(32, "little"))
    assert not is_sound((2).to_bytes(32, "little"))
    assert not is_sound(b"")
    assert not is_sound(bytes(31))
    for n in range(200):
        assert is_sound(Private(sha256(b"%d" % n).digest()).public)


def test_the_vectors_of_the_reference_are_reproduced() -> None:
    """The test log's and the test witness's keys come from their seeds, to the letter."""
    path = Path(__file__).parents[1] / "core" / "log" / "vectors" / "vectors.json"
    text = json.dumps(json.loads(path.read_text()))
    for seed, kind, name in (
        (b"TEST log key", ED25519, "board.example/village/1"),
        (b"TEST witness 1", COSIGNATURE, "hall-kiosk.example/w1"),
    ):
        key = Key(name, kind, Private(sha256(seed).digest()).public)
        assert key.text in text
        assert b64encode(bytes((kind,)) + key.public).decode() in key.text
