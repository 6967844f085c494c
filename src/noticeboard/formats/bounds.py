"""How large a workbook may be, and what its readers say of one that cannot be read.

A reader knows nothing of a file's name; `formats.workbook` turns these into words for a clerk.
"""

from collections.abc import Callable
from typing import Final

# A county's roster of 100,000 lines is a file of 5 MB; these are bounds, not expectations.
MOST_BYTES: Final = 20_000_000
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 256
MOST_SHEETS: Final = 50
# A reader lays out every cell up to the last row and column; what it lays out fits in memory.
MOST_AREA: Final = 26 * MOST_ROWS
MOST_VALUES: Final = 2_000_000
# Characters of all cells together: few long words, repeated in every cell, unfold without end.
MOST_TEXT: Final = 200_000_000
MOST_MERGED: Final = 200_000

# Of a zip: everything unpacked, the words that cells share, and how much smaller packing made it.
# A million painted rows without a value are 130 MB and pack to a thirteenth.
MOST_PARTS: Final = 2_000
MOST_UNPACKED: Final = 400_000_000
MOST_SHARED: Final = 100_000_000
MOST_RATIO: Final = 200
SMALL_PART: Final = 1_000_000

Tell = Callable[[int], None]
TOLD_EVERY: Final = 5_000


class TooLarge(Exception):  # noqa: N818 - said by whoever knows the file's name
    """A value stands beyond what any village's sheet needs, or there are too many."""


class Bomb(Exception):  # noqa: N818 - said by whoever knows the file's name
    """A file unfolds into far more than it is."""


class Locked(Exception):  # noqa: N818 - said by whoever knows the file's name
    """A file opens only with a password."""


class NoWorkbook(Exception):  # noqa: N818 - said by whoever knows the file's name
    """The file is something else."""


class Damaged(Exception):  # noqa: N818 - said by whoever knows the file's name
    """The file is a workbook and cannot be read."""


class Counted:
    """Counts what is read of one workbook, and tells whoever waits how far it is."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._rows = self._values = 0

    def row(self, values: int) -> None:
        """Count a row and its values; raises TooLarge."""
        self._rows += 1
        self._values += values
        if self._values > MOST_VALUES:
            raise TooLarge
        if self._rows % TOLD_EVERY == 0:
            self._tell(self._rows)


def fitting(row: int, column: int) -> None:
    """Raise TooLarge for a value at a cell beyond what is read; both count from 0."""
    if row >= MOST_ROWS or column >= MOST_COLUMNS:
        raise TooLarge
