"""A proof in one file (C2SP tlog-proof): the leaf's place, the path to the root, the checkpoint."""

from base64 import b64encode
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from noticeboard.core.checkpoints import HASH, Opened, opened, read_size
from noticeboard.core.merkle import included, leaf_hash
from noticeboard.core.notes import Key, Note, Verify, plain_base64, read_note
from noticeboard.core.problems import NotValid

FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"
MOST_STEPS: Final = 63


class Proof(Struct, frozen=True):
    """That the leaf at `index` is in the tree of the checkpoint `note`.

    `path` has the leaf's sibling first. `extra` is beside the proof: nothing vouches for it.
    """

    index: int
    path: tuple[bytes, ...]
    note: Note
    extra: bytes | None = None

    def write(self) -> bytes:
        """Give the bytes of a `.tlog-proof` file."""
        extra = "" if self.extra is None else f"extra {b64encode(self.extra).decode()}\n"
        path = write_path(self.path)
        return f"{FIRST_LINE}\n{extra}index {self.index}\n{path}\n".encode() + self.note.write()


def write_path(path: Iterable[bytes]) -> str:
    """Write hashes a line each, in base64."""
    return "".join(f"{b64encode(step).decode()}\n" for step in path)


def read_steps(lines: Iterable[str]) -> tuple[bytes, ...]:
    """Read hashes a line each; raises NotValid for one of another length, or more than 63."""
    path = tuple(plain_base64(line) for line in lines)
    if len(path) > MOST_STEPS or any(len(step) != HASH for step in path):
        raise NotValid("证明里的哈希不对。", value=str(len(path)))
    return path


def read_proof(data: bytes) -> Proof:
    """Read a `.tlog-proof` file, checking its form only; raises NotValid."""
    head, blank, note = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise NotValid("这不是一份核对文件。") from None
    if not blank or lines.pop(0) != FIRST_LINE or not lines:
        raise NotValid("这不是一份核对文件。", fix=f"第一行要是 {FIRST_LINE}。")
    extra = None
    if lines[0].startswith("extra "):
        extra = plain_base64(lines.pop(0).removeprefix("extra "))
    if not lines or not lines[0].startswith("index "):
        raise NotValid("核对文件里没有位置。")
    index = read_size(lines.pop(0).removeprefix("index "))
    return Proof(index, read_steps(lines), read_note(note), extra)


def check(
    proof: Proof, leaf: bytes, log: Iterable[Key], witnesses: Iterable[Key], verify: Verify
) -> Opened:
    """Check that a leaf's bytes are in the tree a log has signed; raises NotValid."""
    found = opened(proof.note, log, witnesses, verify)
    head = found.checkpoint
    if not included(leaf_hash(leaf), proof.index, head.size, proof.path, head.root):
        raise NotValid("这条记录不在这个记录头里。", value=f"{proof.index} / {head.size}")
    return found
