"""Space kept back on the disk, so that a notice can be taken down even when the disk is full."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE = 4 * 1024 * 1024


class Reserve:
    """A file of real bytes in the home folder; spent for one act, laid by again when there is room."""

    def __init__(self, home: Path) -> None:
        """Lay the reserve by if it is not there."""
        self.path = home / "reserve"
        self.lay_by()

    def lay_by(self) -> bool:
        """Write the reserve with real bytes; False when the disk has no room for it."""
        if self.path.exists() and self.path.stat().st_size == SIZE:
            return True
        try:
            with self.path.open("wb") as file:
                # Zeros could be kept as a hole by the file system; random bytes cannot.
                file.write(os.urandom(SIZE))
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self.path.unlink(missing_ok=True)
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
