"""A log's signed head and its public list, read so that they are of the same size."""

from collections.abc import Callable

from msgspec import Struct

from noticeboard.auditing.reading import Reader
from noticeboard.auditing.seen import opened
from noticeboard.board.public import FORMAT, Listing
from noticeboard.core.checkpoints import Checkpoint, Opened
from noticeboard.core.notes import Key
from noticeboard.core.problems import UNREADABLE, NotFound, NotValid
from noticeboard.core.shapes import Shape

_LISTING = Shape(Listing)
# Entries are signed in batches: so many seconds the signed head may lag behind the list.
PATIENCE = 30


class Machine(Struct, frozen=True):
    """What a check needs of the machine: its clock (Unix seconds), a pause, an ear for progress.

    `say` is told of what so many are done, and of how many.
    """

    clock: Callable[[], int]
    pause: Callable[[float], None]
    say: Callable[[str, int, int], None] = lambda _what, _done, _of: None


class Settled:
    """Reads head and list again as the log goes on; `heads` are all the heads it was shown."""

    def __init__(self, reader: Reader, keys: tuple[Key, ...], machine: Machine) -> None:
        """Read by the keys that are trusted, the first of which names the log."""
        self.reader, self.keys, self.machine = reader, keys, machine
        self.heads: list[Checkpoint] = []

    def both(self) -> tuple[Opened, Listing | None]:
        """Give a head, and the list that follows from as many entries where there is one.

        Where they do not meet within `PATIENCE` seconds they are given as they are. Raises NotValid
        for a head that no trusted key signed and for a list that cannot be read, NotFound where the
        head is gone.
        """
        head, listing = self.head(), self.listing()
        if not self.reader.place.pages:
            return head, listing
        for _second in range(PATIENCE):
            if listing is None or listing.frozen or listing.size <= head.checkpoint.size:
                break
            self.machine.pause(1)
            head = self.head()
            if listing.size < head.checkpoint.size:
                listing = self.listing()
        return head, listing

    def head(self) -> Opened:
        """Read the signed head; raises NotValid and NotFound as `both` does."""
        data = self.reader.get("checkpoint")
        if data is None:
            raise NotFound("签名的记录头不见了。", value=self.reader.place.log)
        found = opened(data, self.keys)
        self.heads.append(found.checkpoint)
        return found

    def listing(self) -> Listing | None:
        """Read the list, or None where there is none; raises NotValid."""
        raw = self.reader.get("public.json")
        if raw is None:
            return None
        try:
            found = _LISTING.of_json(raw)
        except UNREADABLE as error:
            raise NotValid("公开的目录读不懂。", value=str(error)) from None
        if found.format != FORMAT or found.origin != self.keys[0].name:
            raise NotValid("公开的目录不是这个日志的。", value=f"{found.format} {found.origin}")
        return found
