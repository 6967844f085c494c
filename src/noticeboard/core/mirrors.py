"""What a mirror confirms: it holds every entry up to a size, and has erased what they order."""

from typing import Final

from msgspec import Struct

from noticeboard.core.checkpoints import read_size
from noticeboard.core.problems import NotValid

# No log can have this name (key names have no spaces), so no checkpoint ever reads like it.
FIRST_LINE: Final = "noticeboard mirror v1"
_LINES: Final = 5


class Mirrored(Struct, frozen=True):
    """A mirror's word for the log `origin` up to `size`, given at Unix second `at`."""

    origin: str
    size: int
    at: int

    @property
    def text(self) -> bytes:
        """Give the text that the mirror signs."""
        return f"{FIRST_LINE}\n{self.origin}\n{self.size}\n{self.at}\n".encode()


def read_mirrored(text: bytes) -> Mirrored:
    """Read the text of such a word; raises NotValid."""
    lines = text.decode("utf-8", "replace").split("\n")
    if len(lines) != _LINES or lines[0] != FIRST_LINE or lines[-1]:
        raise NotValid("这不是副本的确认。", fix=f"第一行要是 {FIRST_LINE}。")
    return Mirrored(lines[1], read_size(lines[2]), read_size(lines[3]))
