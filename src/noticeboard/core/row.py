"""The line that all tables of notices are made of."""

from typing import ClassVar

from msgspec import Struct


class Row(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line that can be asked about: `id` is its address for ever.

    `NAMES` lists the fields that name a person. They are committed apart from the figures, so that
    one person can be erased and the sums stay; read back without them they are None.
    """

    NAMES: ClassVar[tuple[str, ...]] = ()
    # Fields that came later: where one says nothing it is not written, so that a row keeps the
    # bytes it had before there was such a field.
    LATER: ClassVar[tuple[str, ...]] = ()

    id: int
