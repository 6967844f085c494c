"""Space kept back on the disk, so that a notice can be taken down even when the disk is full."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE = 4 * 1024 * 1024
STEP = 64 * 1024


class Reserve:
    """A file of real bytes in the home folder: spent for one act, then laid by again."""

    def __init__(self, home: Path) -> None:
        """Lay the reserve by if it is not there."""
        self.path = home / "reserve"
        self.lay_by()

    def lay_by(self) -> bool:
        """Write the reserve with real bytes; False when the disk has no room for all of it.

        What fits is kept all the same: on a full disk what one act did not use serves the next.
        """
        try:
            with self.path.open("ab", buffering=0) as file:
                while (lacking := SIZE - file.tell()) > 0:
                    # Zeros could be kept as a hole by the file system; random bytes cannot.
                    file.write(os.urandom(min(lacking, STEP)))
                os.fsync(file.fileno())
        except OSError:
            return False
        return True

    @contextmanager
    def spent(self) -> Iterator[None]:
        """Give the space back to the disk for one act."""
        self.path.unlink(missing_ok=True)
        try:
            yield
        finally:
            self.lay_by()
