"""Signed notes: a text and lines of signatures under it, as C2SP signed-note v1 writes them.

A note is `<text>` ending in a newline, a blank line (the last one of the file separates), then
lines `— <name> <base64(key id ‖ payload)>`. The signature covers the text with its last newline.
Checking a signature is passed in: nothing here knows a curve.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Final

from msgspec import Struct

from noticeboard.core.problems import NotValid

ED25519: Final = 0x01
COSIGNATURE: Final = 0x04  # Ed25519 with a time, tlog-cosignature v1
LONGEST: Final = 1_000_000  # bytes of a note, and so many signatures: as Go's reader allows
MOST_SIGNATURES: Final = 100
_KEY_BYTES, _SIGNATURE_BYTES, _ID, _TIME = 32, 64, 4, 8
_KEY_ID = re.compile(r"[0-9a-f]{8}")

Verify = Callable[[bytes, bytes, bytes], bool]
"""Says whether (public key, message, signature) belong together; Ed25519, RFC 8032."""


class Key(Struct, frozen=True):
    """A public key with the name it signs under: `kind` is its signature type."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """Give the first 4 bytes of SHA-256(name ‖ newline ‖ type ‖ public key)."""
        return sha256(self.name.encode() + b"\n" + self._typed).digest()[:_ID]

    @property
    def text(self) -> str:
        """Give the verifier key: `<name>+<8 hex of the id>+<base64(type ‖ public key)>`."""
        return f"{self.name}+{self.id.hex()}+{b64encode(self._typed).decode()}"

    @property
    def _typed(self) -> bytes:
        return bytes((self.kind,)) + self.public


class Signature(Struct, frozen=True):
    """One line under a note; `payload` is what follows the key id."""

    name: str
    id: bytes
    payload: bytes

    @property
    def line(self) -> str:
        """Give the line as it stands in a note, with its newline."""
        return f"— {self.name} {b64encode(self.id + self.payload).decode()}\n"


class Note(Struct, frozen=True):
    """A text and its signatures, none of them checked."""

    text: bytes
    signatures: tuple[Signature, ...]

    def write(self) -> bytes:
        """Give the bytes of the note."""
        return self.text + b"\n" + "".join(one.line for one in self.signatures).encode()


class Signed(Struct, frozen=True):
    """A signature that was checked: whose, and for a cosignature its Unix seconds."""

    key: Key
    at: int | None
    signature: Signature


def plain_base64(text: str) -> bytes:
    """Read base64 of RFC 4648 section 4 that has exactly one way to be written.

    Raises NotValid for anything else, also for bits left over behind the last byte.
    """
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        data = b""
    if not text or b64encode(data).decode() != text:
        raise NotValid("这不是规范的 base64。", value=text[:60])
    return data


def is_name(name: str) -> bool:
    """Say whether something can be a key's name: not empty, no white space, no plus sign."""
    return bool(name) and "+" not in name and not any(ch.isspace() or ch < " " for ch in name)


def read_key(text: str) -> Key:
    """Read a verifier key; raises NotValid for one that is damaged or of a kind unknown here."""
    pieces = text.split("+", 2)  # the base64 behind may hold plus signs
    if len(pieces) != 3 or not is_name(pieces[0]) or not _KEY_ID.fullmatch(pieces[1]):  # noqa: PLR2004
        raise NotValid("这不是一把公钥。", value=text[:120], fix="要像 名字+8位+base64 这样。")
    typed = plain_base64(pieces[2])
    key = Key(pieces[0], typed[0], typed[1:])
    if key.id.hex() != pieces[1]:
        raise NotValid("公钥和它的短号对不上。", value=text[:120], fix="请重新抄一遍。")
    if key.kind not in (ED25519, COSIGNATURE) or len(key.public) != _KEY_BYTES:
        raise NotValid("这种公钥这个版本不认识。", value=text[:120])
    return key


def read_note(data: bytes) -> Note:
    """Read a note, checking its form only; raises NotValid."""
    if len(data) > LONGEST:
        raise NotValid("签名文本太长。", value=str(len(data)))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotValid("签名文本不是 UTF-8。", value=str(error)) from None
    if any(ch < " " and ch != "\n" for ch in text):
        raise NotValid("签名文本里有控制字符。")
    at = text.rfind("\n\n")
    if at < 0 or not text.endswith("\n") or at + 2 == len(text):
        raise NotValid("签名文本没有签名行。")
    lines = text[at + 2 : -1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise NotValid("签名行太多。", value=str(len(lines)))
    return Note(text[: at + 1].encode(), tuple(_signature(line) for line in lines))


def read_signatures(data: bytes) -> tuple[Signature, ...]:
    """Read signature lines alone, as a witness answers them; raises NotValid."""
    if b"\n\n" in data or data.startswith(b"\n"):
        raise NotValid("签名行之间不能有空行。")
    return read_note(b"\n\n" + data).signatures


def _signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix("— ").partition(" ")
    if not line.startswith("— ") or not is_name(name):
        raise NotValid("这一行不是签名。", value=line[:120])
    data = plain_base64(encoded)
    if len(data) <= _ID:
        raise NotValid("这一行签名太短。", value=line[:120])
    return Signature(name, data[:_ID], data[_ID:])


def cosignature_message(text: bytes, at: int) -> bytes:
    """Give what a cosignature of Unix second `at` covers: two lines, then the note's text."""
    return b"cosignature/v1\ntime %d\n" % at + text


def signature(key: Key, sign: Callable[[bytes], bytes], text: bytes, at: int = 0) -> Signature:
    """Make a signature line with a private key's `sign`; `at` counts for a cosignature only."""
    if key.kind == COSIGNATURE:
        payload = at.to_bytes(_TIME) + sign(cosignature_message(text, at))
    else:
        payload = sign(text)
    return Signature(key.name, key.id, payload)


def signed_by(note: Note, keys: Iterable[Key], verify: Verify) -> tuple[Signed, ...]:
    """Give the signatures of known keys, each checked; lines of unknown keys are passed over.

    Raises NotValid when a known key's signature does not hold: such a note is refused whole,
    however many others do.
    """
    known = {(key.name, key.id): key for key in keys}
    found = []
    for one in note.signatures:
        key = known.get((one.name, one.id))
        if key is None:
            continue
        at = _checked(note.text, key, one.payload, verify)
        found.append(Signed(key, at if key.kind == COSIGNATURE else None, one))
    return tuple(found)


def _checked(text: bytes, key: Key, payload: bytes, verify: Verify) -> int:
    at, message, made = 0, text, payload
    if key.kind == COSIGNATURE:
        at, made = int.from_bytes(payload[:_TIME]), payload[_TIME:]
        message = cosignature_message(text, at)
    sound = len(made) == _SIGNATURE_BYTES and at < 1 << 63
    if not sound or not verify(key.public, message, made):
        raise NotValid("签名对不上。", value=key.name)
    return at
