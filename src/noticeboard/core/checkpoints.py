"""Checkpoints: what a log says of itself at one size, as C2SP tlog-checkpoint v1 writes it."""

import re
from base64 import b64encode
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from noticeboard.core.notes import (
    ED25519,
    Key,
    Note,
    Signed,
    Verify,
    plain_base64,
    read_note,
    signed_by,
)
from noticeboard.core.problems import NotValid

HASH: Final = 32
LARGEST: Final = 1 << 63
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class Checkpoint(Struct, frozen=True):
    """A tree's size and root (32 bytes) under the name of its log."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> bytes:
        """Give the text of the note that is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n".encode()


class Opened(Struct, frozen=True):
    """A checkpoint whose log signed it. `log` are the log's signatures, `cosigned` the witnesses'.

    `note` is the note as it came, unknown signatures included.
    """

    checkpoint: Checkpoint
    note: Note
    log: tuple[Signed, ...]
    cosigned: tuple[Signed, ...]


def read_size(text: str) -> int:
    """Read a decimal number as all these formats write it: no sign, no zero in front, ASCII."""
    if not _SIZE.fullmatch(text) or int(text) >= LARGEST:
        raise NotValid("这不是一个规范的数。", value=text[:40])
    return int(text)


def read_checkpoint(text: bytes) -> Checkpoint:
    """Read the text of a checkpoint; raises NotValid.

    Lines of extension are refused: nobody who only knows the log can check what they claim, so
    neither our logs nor our witnesses sign them.
    """
    lines = text.decode("utf-8", "replace").split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:  # noqa: PLR2004 - three lines, each ended
        raise NotValid("记录头要正好三行：日志名、条数、根。")
    root = plain_base64(lines[2])
    if len(root) != HASH:
        raise NotValid("记录头的根要有 32 个字节。", value=lines[2])
    return Checkpoint(lines[0], read_size(lines[1]), root)


def open_checkpoint(
    data: bytes, log: Iterable[Key], witnesses: Iterable[Key], verify: Verify
) -> Opened:
    """Read a signed checkpoint of a log known by its keys; raises NotValid.

    At least one of the log's keys must have signed it, and its origin be that key's name.
    """
    return opened(read_note(data), log, witnesses, verify)


def opened(note: Note, log: Iterable[Key], witnesses: Iterable[Key], verify: Verify) -> Opened:
    """Check a note that was read as `open_checkpoint` does."""
    checkpoint = read_checkpoint(note.text)
    own = [key for key in log if key.kind == ED25519 and key.name == checkpoint.origin]
    signed = signed_by(note, [*own, *witnesses], verify)
    by_log = tuple(one for one in signed if one.key in own)
    if not by_log:
        raise NotValid(
            "这个记录头没有这个日志的签名，至少没有手里这把公钥的。",
            value=checkpoint.origin,
            fix="村里可能换过钥匙：请当面问现在的公钥，或者看村里墙上印的。",
        )
    return Opened(checkpoint, note, by_log, tuple(one for one in signed if one.key not in own))
